/* A blocking server: a thread for each connection answers every frame with one of so many bytes.
 *
 *   server ADDRESS REPLY_BYTES        prints "ready ADDRESS"
 *
 * ADDRESS is a TCP port of 127.0.0.1 (0 for any free one) or the path of a Unix socket.
 */
#include "wire.h"

static size_t reply_bytes;
static unsigned char *reply;

static void *answer(void *argument) {
    struct stream *stream = argument;
    while (receive_frame(stream) > 0)
        write_all(stream->fd, reply, reply_bytes);
    close(stream->fd);
    free(stream->buffer);
    free(stream);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: server ADDRESS REPLY_BYTES\n");
        return 2;
    }
    const char *address = argv[1];
    reply_bytes = (size_t)atol(argv[2]);
    struct sockaddr_storage where;
    socklen_t size;
    int listener = open_socket(address, &where, &size);
    if (bind(listener, (struct sockaddr *)&where, size) || listen(listener, 1024))
        die("listen");
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
            die("accept");
        struct stream *stream = malloc(sizeof *stream);
        *stream = stream_of(fd);
        start_thread(answer, stream);
    }
}
