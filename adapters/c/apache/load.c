/* Sends requests through a proxy with Digest on many connections, and replays each answer once on another connection:
 *
 *     load PORT ORIGIN_PORT THREADS REQUESTS NAME PASSWORD
 *
 * Prints how many requests passed, how many needed a new nonce, and how many replayed answers passed, which must be 0.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proxy_auth.h"

#define CHECK(condition) ((condition) ? (void)0 : (fprintf(stderr, "line %d: not true: %s\n", __LINE__, #condition), exit(1)))

static int port, requests;
static char target[64];
static pa_login login;
static long passed, rounds, replays, replays_passed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int connect_to_proxy(void)
{
    struct sockaddr_in address = { 0 };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

/* Sends a request and reads the response. Returns the status code, the field lines, and whether the connection remains. */
static unsigned send_once(int fd, const char *value, char *head, size_t size, pa_field *fields, size_t *fields_len)
{
    char sent[2048], *line, *end = NULL;
    size_t len = 0, body, want = 0;
    int n = snprintf(sent, sizeof sent, "GET %s HTTP/1.1\r\nHost: x\r\n%s%s%s\r\n", target, *value ? "Proxy-Authorization: " : "",
                     value, *value ? "\r\n" : "");
    CHECK(n > 0 && (size_t)n < sizeof sent && write(fd, sent, (size_t)n) == n);
    *fields_len = 0;
    while (end == NULL) {
        ssize_t got = read(fd, head + len, size - 1 - len);
        CHECK(got > 0);
        len += (size_t)got;
        head[len] = 0;
        end = strstr(head, "\r\n\r\n");
    }
    body = len - (size_t)(end + 4 - head);
    *end = 0;
    for (line = strstr(head, "\r\n"); line != NULL && *fields_len < 32;) {
        char *name = line + 2, *colon = strchr(name, ':');
        *line = 0;
        line = strstr(name, "\r\n");
        if (line != NULL)
            *line = 0;
        CHECK(colon != NULL);
        *colon = 0;
        fields[*fields_len].name = pa_str(name);
        fields[(*fields_len)++].value = pa_str(colon + 1 + strspn(colon + 1, " "));
        if (strcasecmp(name, "Content-Length") == 0)
            want = strtoul(colon + 1, NULL, 10);
        CHECK(strcasecmp(name, "Transfer-Encoding") != 0);
    }
    while (body < want) {
        char rest[4096];
        ssize_t got = read(fd, rest, sizeof rest < want - body ? sizeof rest : want - body);
        CHECK(got > 0);
        body += (size_t)got;
    }
    return (unsigned)atoi(head + 9);
}

static void *client(void *number)
{
    pa_session session;
    pa_session_config config = PA_SESSION_CONFIG;
    FILE *source = fopen("/dev/urandom", "rb");
    int fd = connect_to_proxy(), other = connect_to_proxy();
    long my_passed = 0, my_rounds = 0, my_replays = 0, my_replays_passed = 0;
    (void)number;
    config.policy = PA_DIGEST_ONLY;
    config.flags = PA_WITHOUT_MD5 | PA_PROOF_REQUIRED;
    CHECK(source != NULL && pa_session_init(&session, &config) == PA_OK);
    for (int i = 0; i < requests; i++) {
        pa_turn turn;
        pa_status status;
        char value_memory[1024], head[16384], text[256];
        pa_field fields[32];
        size_t fields_len;
        CHECK(pa_turn_init(&turn) == PA_OK);
        do {
            pa_request request = { PA_STR("GET"), pa_str(target), NULL, 0, PA_HTTP_1_1, 0 };
            pa_buffer value = pa_buf(value_memory, sizeof value_memory);
            uint8_t random[PA_RANDOM_LEN];
            unsigned code;
            CHECK(fread(random, 1, sizeof random, source) == sizeof random);
            CHECK(pa_session_authorize(&session, &turn, &request, &login, random, &value) == PA_OK);
            code = send_once(fd, value_memory, head, sizeof head, fields, &fields_len);
            CHECK(code == 200 || code == 407);
            status = pa_session_receive(&session, &turn, code, fields, fields_len, NULL);
            my_rounds++;
            if (status == PA_NEW_CONNECTION) {
                close(fd);
                fd = connect_to_proxy();
            }
        } while (status == PA_AGAIN || status == PA_NEW_CONNECTION);
        if (status != PA_OK) {
            pa_buffer buffer = pa_buf(text, sizeof text);
            CHECK(pa_turn_text(&turn, &buffer) == PA_OK);
            fprintf(stderr, "%s\n", text);
            exit(1);
        }
        my_passed++;
        /* What an eavesdropper does. */
        my_replays++;
        my_replays_passed += send_once(other, value_memory, head, sizeof head, fields, &fields_len) != 407;
    }
    close(fd);
    close(other);
    fclose(source);
    pa_session_wipe(&session);
    pthread_mutex_lock(&lock);
    passed += my_passed, rounds += my_rounds, replays += my_replays, replays_passed += my_replays_passed;
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[64];
    int count = argc == 7 ? atoi(argv[3]) : 0;
    CHECK(count > 0 && count <= 64);
    port = atoi(argv[1]);
    requests = atoi(argv[4]);
    snprintf(target, sizeof target, "http://127.0.0.1:%d/hello", atoi(argv[2]));
    login.name = pa_str(argv[5]);
    login.password = pa_str(argv[6]);
    for (int i = 0; i < count; i++)
        CHECK(pthread_create(&threads[i], NULL, client, NULL) == 0);
    for (int i = 0; i < count; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    printf("%ld passed, %ld rounds, %ld replayed, %ld of them passed\n", passed, rounds, replays, replays_passed);
    return 0;
}
