/* The floor that round trips are held against: blocking reads and writes of the same bytes over the same kind of socket.
 *
 *   pingpong server ADDRESS REQUEST_BYTES REPLY_BYTES      prints "ready ADDRESS", serves one connection after another
 *   pingpong client ADDRESS SCRIPT REPETITIONS             prints one line: p50 p99 mean (microseconds) and round trips per second
 *
 * ADDRESS is a TCP port of 127.0.0.1 (0 lets the server choose) or the path of a Unix socket. SCRIPT is a file of frames (u32 big-endian
 * length, payload): all but the last are sent once, each answered by one frame; the last is what is measured.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP = 2000, MAX_FRAME = 64 * 1024 * 1024 };

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void write_all(int fd, const unsigned char *from, size_t count) {
    while (count > 0) {
        ssize_t sent = write(fd, from, count);
        if (sent <= 0)
            die("pingpong: write");
        from += sent;
        count -= (size_t)sent;
    }
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

static void no_delay(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* Does not apply, and fails, on a Unix socket. */
}

static _Noreturn void serve(const char *address, size_t request, size_t reply) {
    struct sockaddr_storage where;
    socklen_t size;
    int listener = open_socket(address, &where, &size);
    if (bind(listener, (struct sockaddr *)&where, size) || listen(listener, 64))
        die("pingpong: listen");
    if (where.ss_family == AF_INET) {
        getsockname(listener, (struct sockaddr *)&where, &size);
        printf("ready %d\n", ntohs(((struct sockaddr_in *)&where)->sin_port));
    } else {
        printf("ready %s\n", address);
    }
    fflush(stdout);
    unsigned char *in = malloc(request), *out = calloc(1, reply);
    uint32_t length = htonl((uint32_t)(reply - 4));
    memcpy(out, &length, 4);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            die("pingpong: accept");
        no_delay(fd);
        size_t have = 0;
        ssize_t got;
        while ((got = read(fd, in + have, request - have)) > 0) {
            have += (size_t)got;
            if (have < request)
                continue;
            write_all(fd, out, reply);
            have = 0;
        }
        close(fd);
    }
}

static size_t receive_frame(int fd, unsigned char *buffer) {
    /* One read for header and body together, as any good client does; more only where the reply comes in parts. */
    size_t have = 0, need = 4;
    while (have < need) {
        ssize_t got = read(fd, buffer + have, MAX_FRAME - have);
        if (got <= 0)
            die("pingpong: read");
        have += (size_t)got;
        if (have >= 4) {
            uint32_t length;
            memcpy(&length, buffer, 4);
            need = 4 + (size_t)ntohl(length);
        }
    }
    return have;
}

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int measure(const char *address, const char *script, long repetitions) {
    FILE *file = fopen(script, "rb");
    if (!file)
        die("pingpong: script");
    struct sockaddr_storage where;
    socklen_t size;
    int fd = open_socket(address, &where, &size);
    if (connect(fd, (struct sockaddr *)&where, size))
        die("pingpong: connect");
    no_delay(fd);
    unsigned char *reply = malloc(MAX_FRAME), *request = NULL, head[4];
    size_t bytes = 0;
    while (fread(head, 1, 4, file) == 4) {
        if (request) {
            write_all(fd, request, bytes);
            receive_frame(fd, reply);
        }
        uint32_t length;
        memcpy(&length, head, 4);
        bytes = 4 + (size_t)ntohl(length);
        request = realloc(request, bytes);
        memcpy(request, head, 4);
        if (fread(request + 4, 1, bytes - 4, file) != bytes - 4)
            die("pingpong: script");
    }
    double *times = malloc(sizeof(double) * (size_t)repetitions), sum = 0;
    for (long i = -WARM_UP; i < repetitions; i++) {
        double start = now();
        write_all(fd, request, bytes);
        receive_frame(fd, reply);
        if (i >= 0)
            sum += times[i] = now() - start;
    }
    qsort(times, (size_t)repetitions, sizeof(double), by_value);
    double mean = sum / (double)repetitions;
    printf("%.3f %.3f %.3f %.0f\n", times[repetitions / 2], times[repetitions * 99 / 100], mean, 1e6 / mean);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 5 && !strcmp(argv[1], "server"))
        serve(argv[2], (size_t)atol(argv[3]), (size_t)atol(argv[4]));
    if (argc == 5 && !strcmp(argv[1], "client"))
        return measure(argv[2], argv[3], atol(argv[4]));
    fprintf(stderr, "usage: pingpong server ADDRESS REQUEST_BYTES REPLY_BYTES | client ADDRESS SCRIPT REPETITIONS\n");
    return 2;
}
