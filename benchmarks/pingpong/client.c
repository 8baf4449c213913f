/* A client that plays a script of frames on one connection or many, over and over.
 *
 *   client ADDRESS SCRIPT ONCE CONNECTIONS THREADS     prints "ready", then for each number of seconds on its standard input one line:
 *                                                      steps per second, and p50, p99 and mean of a step in microseconds
 *
 * ADDRESS is a TCP port of 127.0.0.1 or the path of a Unix socket. Every connection sends the first ONCE frames of the script once and the others
 * over and over, of which the first, a reset, does not count as a step; each is answered by one frame. The connections are dealt out among the
 * threads: one alone is waited for with a blocking read, several with epoll.
 */
#include "wire.h"
#include <sys/epoll.h>
#include <time.h>

enum { MAX_EVENTS = 64 };

struct frame {
    unsigned char *bytes;
    size_t length;
};

struct connection {
    struct stream stream;
    size_t next;
    double sent;
    int is_step;
};

struct worker {
    struct connection *connections;
    size_t connection_count;
    int epoll;
    float *times;
    size_t count, capacity;
    double started, ended;
};

static struct frame *frames;
static size_t frame_count, once;
static double run_microseconds;
static pthread_barrier_t begin, end;

static void read_script(const char *script) {
    FILE *file = fopen(script, "rb");
    if (!file)
        die("script");
    unsigned char head[4];
    while (fread(head, 1, 4, file) == 4) {
        uint32_t length;
        memcpy(&length, head, 4);
        struct frame frame = {NULL, 4 + (size_t)ntohl(length)};
        frame.bytes = malloc(frame.length);
        memcpy(frame.bytes, head, 4);
        if (fread(frame.bytes + 4, 1, frame.length - 4, file) != frame.length - 4)
            die("script");
        frames = realloc(frames, sizeof *frames * (frame_count + 1));
        frames[frame_count++] = frame;
    }
    fclose(file);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void record(struct worker *worker, double time) {
    if (worker->count == worker->capacity) {
        worker->capacity = worker->capacity ? worker->capacity * 2 : 1024;
        worker->times = realloc(worker->times, sizeof(float) * worker->capacity);
    }
    worker->times[worker->count++] = (float)time;
}

static void ask(struct connection *connection) {
    const struct frame *frame = &frames[connection->next];
    connection->is_step = connection->next != once;
    connection->next = connection->next + 1 < frame_count ? connection->next + 1 : once;
    connection->sent = now();
    write_all(connection->stream.fd, frame->bytes, frame->length);
}

static double take(struct worker *worker, struct connection *connection) {
    if (receive_frame(&connection->stream) == 0) {
        fprintf(stderr, "client: the server closed a connection\n");
        exit(1);
    }
    double time = now();
    if (connection->is_step)
        record(worker, time - connection->sent);
    return time;
}

static void play_one(struct worker *worker, double deadline) {
    do {
        ask(worker->connections);
        worker->ended = take(worker, worker->connections);
    } while (worker->ended < deadline);
}

static void play_many(struct worker *worker, double deadline) {
    struct epoll_event events[MAX_EVENTS];
    size_t due = worker->connection_count;
    for (size_t i = 0; i < worker->connection_count; i++)
        ask(&worker->connections[i]);
    while (due > 0) {
        int ready = epoll_wait(worker->epoll, events, MAX_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            worker->ended = take(worker, connection);
            if (worker->ended < deadline)
                ask(connection);
            else
                due--;
        }
    }
}

static void *play(void *argument) {
    struct worker *worker = argument;
    for (;;) {
        pthread_barrier_wait(&begin);
        worker->count = 0;
        worker->started = now();
        double deadline = worker->started + run_microseconds;
        if (worker->connection_count == 1)
            play_one(worker, deadline);
        else
            play_many(worker, deadline);
        pthread_barrier_wait(&end);
    }
    return NULL;
}

static int by_value(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static void report(const struct worker *workers, size_t count) {
    size_t total = 0;
    double sum = 0, first = workers[0].started, last = workers[0].ended;
    for (size_t i = 0; i < count; i++) {
        total += workers[i].count;
        first = workers[i].started < first ? workers[i].started : first;
        last = workers[i].ended > last ? workers[i].ended : last;
    }
    float *times = malloc(sizeof(float) * (total + 1)), *to = times;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < workers[i].count; j++)
            sum += *to++ = workers[i].times[j];
    }
    qsort(times, total, sizeof(float), by_value);
    if (total == 0)
        printf("0 0 0 0\n");
    else
        printf("%.1f %.3f %.3f %.3f\n", (double)total / (last - first) * 1e6, times[total / 2], times[total * 99 / 100], sum / (double)total);
    fflush(stdout);
    free(times);
}

static void open_connection(struct connection *connection, const char *address) {
    struct sockaddr_storage where;
    socklen_t size;
    int fd = open_socket(address, &where, &size);
    if (connect(fd, (struct sockaddr *)&where, size))
        die("connect");
    connection->stream = stream_of(fd);
    for (connection->next = 0; connection->next < once;) {
        ask(connection);
        if (receive_frame(&connection->stream) == 0)
            die("set up");
    }
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fprintf(stderr, "usage: client ADDRESS SCRIPT ONCE CONNECTIONS THREADS\n");
        return 2;
    }
    read_script(argv[2]);
    once = (size_t)atol(argv[3]);
    size_t connection_count = (size_t)atol(argv[4]), threads = (size_t)atol(argv[5]);
    struct connection *connections = calloc(connection_count, sizeof *connections), *next = connections;
    struct worker *workers = calloc(threads, sizeof *workers);
    pthread_barrier_init(&begin, NULL, (unsigned)threads + 1);
    pthread_barrier_init(&end, NULL, (unsigned)threads + 1);
    for (size_t i = 0; i < threads; i++) {
        struct worker *worker = &workers[i];
        worker->connections = next;
        worker->connection_count = connection_count / threads + (i < connection_count % threads);
        worker->epoll = epoll_create1(0);
        for (size_t j = 0; j < worker->connection_count; j++, next++) {
            open_connection(next, argv[1]);
            struct epoll_event event = {EPOLLIN, {.ptr = next}};
            epoll_ctl(worker->epoll, EPOLL_CTL_ADD, next->stream.fd, &event);
        }
        start_thread(play, worker);
    }
    puts("ready");
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        run_microseconds = atof(line) * 1e6;
        pthread_barrier_wait(&begin);
        pthread_barrier_wait(&end);
        report(workers, threads);
    }
    return 0;
}
