/* What round trips are held against: blocking reads and writes of the same bytes over the same kind of socket; and a load of many connections.
 *
 *   pingpong server ADDRESS REPLY_BYTES                    prints "ready ADDRESS"; a thread for each connection answers every frame
 *   pingpong client ADDRESS SCRIPT ONCE CONNECTIONS        prints "ready", then for each number of seconds on its standard input one line:
 *                                                          steps per second, and p50, p99 and mean of a step in microseconds
 *
 * ADDRESS is a TCP port of 127.0.0.1 (0 lets the server choose) or the path of a Unix socket. SCRIPT is a file of frames (u32 big-endian
 * length, payload), each answered by one frame. Every connection sends the first ONCE of them once and the others over and over, of which the
 * first, a reset, does not count as a step. Each connection has a thread, here as in the server.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_BYTES = 16 * 1024, THREAD_STACK_BYTES = 128 * 1024 };

struct frame {
    unsigned char *bytes;
    size_t length;
};

struct stream {
    int fd;
    unsigned char *buffer;
    size_t capacity;
};

struct connection {
    struct stream stream;
    size_t next;
    float *times;
    size_t count, capacity;
    double started, ended;
};

static struct frame *frames;
static size_t frame_count, once, reply_bytes;
static unsigned char *reply;
static double run_microseconds;
static pthread_barrier_t begin, end;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void write_all(int fd, const unsigned char *from, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, from, count, MSG_NOSIGNAL);
        if (sent <= 0)
            die("pingpong: send");
        from += sent;
        count -= (size_t)sent;
    }
}

/* One read for header and body together, as any good program does; more only where the frame comes in parts. */
static size_t receive_frame(struct stream *stream) {
    size_t have = 0, need = 4;
    while (have < need) {
        ssize_t got = read(stream->fd, stream->buffer + have, stream->capacity - have);
        if (got < 0)
            die("pingpong: read");
        if (got == 0)
            return 0;
        have += (size_t)got;
        if (have < 4)
            continue;
        uint32_t length;
        memcpy(&length, stream->buffer, 4);
        need = 4 + (size_t)ntohl(length);
        if (need > stream->capacity) {
            stream->capacity = need;
            stream->buffer = realloc(stream->buffer, need);
        }
    }
    return have;
}

static int open_socket(const char *address, struct sockaddr_storage *where, socklen_t *size) {
    memset(where, 0, sizeof *where);
    if (strchr(address, '/')) {
        struct sockaddr_un *un = (struct sockaddr_un *)where;
        un->sun_family = AF_UNIX;
        strncpy(un->sun_path, address, sizeof un->sun_path - 1);
        *size = sizeof *un;
    } else {
        struct sockaddr_in *in = (struct sockaddr_in *)where;
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)atoi(address));
        in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        *size = sizeof *in;
    }
    int fd = socket(where->ss_family, SOCK_STREAM, 0);
    if (fd < 0)
        die("pingpong: socket");
    return fd;
}

static struct stream stream_of(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* Does not apply, and fails, on a Unix socket. */
    return (struct stream){fd, malloc(BUFFER_BYTES), BUFFER_BYTES};
}

static void start_thread(void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, body, argument))
        die("pingpong: thread");
}

static void *answer(void *argument) {
    struct stream *stream = argument;
    while (receive_frame(stream) > 0)
        write_all(stream->fd, reply, reply_bytes);
    close(stream->fd);
    free(stream->buffer);
    free(stream);
    return NULL;
}

static _Noreturn void serve(const char *address) {
    struct sockaddr_storage where;
    socklen_t size;
    int listener = open_socket(address, &where, &size);
    if (bind(listener, (struct sockaddr *)&where, size) || listen(listener, 1024))
        die("pingpong: listen");
    if (where.ss_family == AF_INET) {
        getsockname(listener, (struct sockaddr *)&where, &size);
        printf("ready %d\n", ntohs(((struct sockaddr_in *)&where)->sin_port));
    } else {
        printf("ready %s\n", address);
    }
    fflush(stdout);
    reply = calloc(1, reply_bytes);
    uint32_t length = htonl((uint32_t)(reply_bytes - 4));
    memcpy(reply, &length, 4);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            die("pingpong: accept");
        struct stream *stream = malloc(sizeof *stream);
        *stream = stream_of(fd);
        start_thread(answer, stream);
    }
}

static void read_script(const char *script) {
    FILE *file = fopen(script, "rb");
    if (!file)
        die("pingpong: script");
    unsigned char head[4];
    while (fread(head, 1, 4, file) == 4) {
        uint32_t length;
        memcpy(&length, head, 4);
        struct frame frame = {NULL, 4 + (size_t)ntohl(length)};
        frame.bytes = malloc(frame.length);
        memcpy(frame.bytes, head, 4);
        if (fread(frame.bytes + 4, 1, frame.length - 4, file) != frame.length - 4)
            die("pingpong: script");
        frames = realloc(frames, sizeof *frames * (frame_count + 1));
        frames[frame_count++] = frame;
    }
    fclose(file);
}

static void exchange(struct connection *connection, const struct frame *frame) {
    write_all(connection->stream.fd, frame->bytes, frame->length);
    if (receive_frame(&connection->stream) == 0) {
        fprintf(stderr, "pingpong: the server closed a connection\n");
        exit(1);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void record(struct connection *connection, double time) {
    if (connection->count == connection->capacity) {
        connection->capacity = connection->capacity ? connection->capacity * 2 : 1024;
        connection->times = realloc(connection->times, sizeof(float) * connection->capacity);
    }
    connection->times[connection->count++] = (float)time;
}

static void *drive(void *argument) {
    struct connection *connection = argument;
    for (;;) {
        pthread_barrier_wait(&begin);
        connection->count = 0;
        double before = connection->started = now(), deadline = before + run_microseconds, after;
        do {
            const struct frame *frame = &frames[connection->next];
            int is_step = connection->next != once;
            connection->next = connection->next + 1 < frame_count ? connection->next + 1 : once;
            before = now();
            exchange(connection, frame);
            after = now();
            if (is_step)
                record(connection, after - before);
        } while (after < deadline);
        connection->ended = after;
        pthread_barrier_wait(&end);
    }
    return NULL;
}

static int by_value(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static void report(const struct connection *connections, size_t count) {
    size_t total = 0;
    double sum = 0, first = connections[0].started, last = connections[0].ended;
    for (size_t i = 0; i < count; i++) {
        total += connections[i].count;
        first = connections[i].started < first ? connections[i].started : first;
        last = connections[i].ended > last ? connections[i].ended : last;
    }
    float *times = malloc(sizeof(float) * (total + 1)), *to = times;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < connections[i].count; j++)
            sum += *to++ = connections[i].times[j];
    }
    qsort(times, total, sizeof(float), by_value);
    if (total == 0)
        printf("0 0 0 0\n");
    else
        printf("%.1f %.3f %.3f %.3f\n", (double)total / (last - first) * 1e6, times[total / 2], times[total * 99 / 100], sum / (double)total);
    fflush(stdout);
    free(times);
}

static int measure(const char *address, const char *script, size_t count) {
    read_script(script);
    struct sockaddr_storage where;
    socklen_t size;
    struct connection *connections = calloc(count, sizeof *connections);
    pthread_barrier_init(&begin, NULL, (unsigned)count + 1);
    pthread_barrier_init(&end, NULL, (unsigned)count + 1);
    for (size_t i = 0; i < count; i++) {
        int fd = open_socket(address, &where, &size);
        if (connect(fd, (struct sockaddr *)&where, size))
            die("pingpong: connect");
        connections[i].stream = stream_of(fd);
        for (size_t frame = 0; frame < once; frame++)
            exchange(&connections[i], &frames[frame]);
        connections[i].next = once;
        start_thread(drive, &connections[i]);
    }
    puts("ready");
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        run_microseconds = atof(line) * 1e6;
        pthread_barrier_wait(&begin);
        pthread_barrier_wait(&end);
        report(connections, count);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && !strcmp(argv[1], "server")) {
        reply_bytes = (size_t)atol(argv[3]);
        serve(argv[2]);
    }
    if (argc == 6 && !strcmp(argv[1], "client")) {
        once = (size_t)atol(argv[4]);
        return measure(argv[2], argv[3], (size_t)atol(argv[5]));
    }
    fprintf(stderr, "usage: pingpong server ADDRESS REPLY_BYTES | client ADDRESS SCRIPT ONCE CONNECTIONS\n");
    return 2;
}
