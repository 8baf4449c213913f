/* What both programs need: sockets, and frames of a u32 big-endian length and a payload. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BUFFER_BYTES = 16 * 1024, THREAD_STACK_BYTES = 128 * 1024 };

struct stream {
    int fd;
    unsigned char *buffer;
    size_t capacity;
};

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void write_all(int fd, const unsigned char *from, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, from, count, MSG_NOSIGNAL);
        if (sent <= 0)
            die("send");
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
            die("read");
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
        die("socket");
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
        die("thread");
}
