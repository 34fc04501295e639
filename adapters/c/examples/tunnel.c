/* Opens a tunnel through a proxy that wants Digest, and connects it to standard input and output:
 *
 *     PROXY_PASSWORD=... tunnel PROXY_HOST PROXY_PORT USER HOST:PORT
 *     ssh -o ProxyCommand='tunnel proxy.example 3128 aladdin %h:%p' ...
 */
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proxy_auth.h"

#define MAX_FIELDS 64

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void expect(pa_status status, const char *what)
{
    if (status != PA_OK)
        give_up(what, pa_status_text(status));
}

static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints, *found, *one;
    int fd = -1, error;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if ((error = getaddrinfo(host, port, &hints, &found)) != 0)
        give_up(host, gai_strerror(error));
    for (one = found; one != NULL && fd < 0; one = one->ai_next) {
        fd = socket(one->ai_family, one->ai_socktype, one->ai_protocol);
        if (fd >= 0 && connect(fd, one->ai_addr, one->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0)
        give_up(host, "cannot connect");
    return fd;
}

static void write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, bytes, len);
        if (written <= 0)
            give_up("write", "the connection is closed");
        bytes += written;
        len -= (size_t)written;
    }
}

/* Reads the head of a response, byte by byte, since the bytes behind it belong to the tunnel. Returns the status code. */
static unsigned read_head(int fd, char *head, size_t size, pa_field *fields, size_t *fields_len)
{
    size_t len = 0;
    char *line, *next;
    *fields_len = 0;
    while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4) != 0)
        if (len == size - 1 || read(fd, head + len++, 1) != 1)
            give_up("response", "no head of at most 16 KiB");
    head[len - 2] = 0;
    if (strlen(head) != len - 2 || len < 16 || strncmp(head, "HTTP/1.", 7) != 0)
        give_up("response", "not HTTP/1.1");
    for (line = strstr(head, "\r\n") + 2; *line != 0; line = next + 2) {
        char *colon = strchr(line, ':');
        next = strstr(line, "\r\n");
        if (colon == NULL || colon > next || *fields_len == MAX_FIELDS)
            give_up("response", "a damaged field line, or too many of them");
        fields[*fields_len].name.ptr = line;
        fields[*fields_len].name.len = (size_t)(colon - line);
        fields[*fields_len].value.ptr = colon + 1;
        fields[(*fields_len)++].value.len = (size_t)(next - colon - 1);
    }
    return (unsigned)strtoul(head + 9, NULL, 10);
}

/* Copies bytes in both directions until one side ends. */
static void copy(int fd)
{
    struct pollfd ends[2] = { { STDIN_FILENO, POLLIN, 0 }, { fd, POLLIN, 0 } };
    char bytes[16384];
    for (;;) {
        if (poll(ends, 2, -1) < 0)
            return;
        if (ends[0].revents != 0) {
            ssize_t len = read(STDIN_FILENO, bytes, sizeof bytes);
            if (len > 0)
                write_all(fd, bytes, (size_t)len);
            else
                ends[0].fd = -1; /* a proxy may close a tunnel that one side has closed, so it remains open */
        }
        if (ends[1].revents != 0) {
            ssize_t len = read(fd, bytes, sizeof bytes);
            if (len <= 0)
                return;
            write_all(STDOUT_FILENO, bytes, (size_t)len);
        }
    }
}

int main(int argc, char **argv)
{
    static pa_session session; /* it stays where it is: a copy would use counts of the nonce again */
    static char head[16384];
    pa_session_config config = PA_SESSION_CONFIG;
    const char *password = getenv("PROXY_PASSWORD");
    FILE *source = fopen("/dev/urandom", "rb");
    pa_turn turn;
    pa_login login;
    pa_status status;
    int fd;
    if (argc != 5 || password == NULL || source == NULL || strpbrk(argv[4], "\r\n ") != NULL)
        give_up("usage", "PROXY_PASSWORD=... tunnel PROXY_HOST PROXY_PORT USER HOST:PORT");
    login.name = pa_str(argv[3]);
    login.password = pa_str(password);
    config.policy = PA_DIGEST_ONLY;
    expect(pa_session_init(&session, &config), "session");
    expect(pa_turn_init(&turn), "turn");
    fd = connect_to(argv[1], argv[2]);
    do {
        pa_request request = { PA_STR("CONNECT"), { argv[4], strlen(argv[4]) }, NULL, 0, PA_HTTP_1_1, 0 };
        char value_memory[2048], message[4096], text[256];
        pa_buffer value = pa_buf(value_memory, sizeof value_memory), why = pa_buf(text, sizeof text);
        pa_field fields[MAX_FIELDS];
        size_t fields_len;
        uint8_t random[PA_RANDOM_LEN];
        unsigned code;
        int len;
        if (fread(random, 1, sizeof random, source) != sizeof random)
            give_up("random bytes", "none");
        status = pa_session_authorize(&session, &turn, &request, &login, random, &value);
        if (status == PA_OK) {
            len = snprintf(message, sizeof message, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n", argv[4], argv[4],
                           value.len > 0 ? "Proxy-Authorization: " : "", value_memory, value.len > 0 ? "\r\n" : "");
            if (len < 0 || (size_t)len >= sizeof message)
                give_up("request", "too long");
            write_all(fd, message, (size_t)len);
            code = read_head(fd, head, sizeof head, fields, &fields_len);
            status = pa_session_receive(&session, &turn, code, fields, fields_len, NULL);
            if (status == PA_OK && code / 100 != 2)
                give_up("proxy", head);
        }
        if (status == PA_GAVE_UP && pa_turn_text(&turn, &why) == PA_OK)
            give_up("proxy", text);
        /* A new connection costs less than the content of the response, which nobody reads. */
        if (status == PA_AGAIN || status == PA_NEW_CONNECTION) {
            close(fd);
            fd = connect_to(argv[1], argv[2]);
        } else {
            expect(status, "proxy");
        }
    } while (status != PA_OK);
    pa_session_wipe(&session);
    copy(fd);
    return 0;
}
