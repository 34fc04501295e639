/* Checks that stop the program at the first failure. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy_auth.h"

#define CHECK(condition)                                                         \
    do {                                                                         \
        if (!(condition)) {                                                      \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                             \
        }                                                                        \
    } while (0)

#define CHECK_STATUS(expected, call)                                             \
    do {                                                                         \
        int32_t seen_ = (call);                                                  \
        if (seen_ != (expected)) {                                               \
            fprintf(stderr, "%s:%d: %s is %d (%s), not %s\n", __FILE__, __LINE__, #call, (int)seen_, \
                    pa_status_text(seen_), #expected);                           \
            abort();                                                             \
        }                                                                        \
    } while (0)

#define NOW_MS 1445412480000u
#define KEY ((const uint8_t *)"32 bytes from a random source   ")
#define OTHER_KEY ((const uint8_t *)"32 other bytes, from there, too.")

static inline int is_text(pa_string string, const char *text)
{
    return string.len == strlen(text) && (string.len == 0 || memcmp(string.ptr, text, string.len) == 0);
}

static inline pa_field field(const char *name, const char *value)
{
    pa_field line;
    line.name = pa_str(name);
    line.value = pa_str(value);
    return line;
}

static inline pa_request request(const char *method, const char *target, const pa_field *fields, size_t fields_len)
{
    pa_request made;
    memset(&made, 0, sizeof made);
    made.method = pa_str(method);
    made.target = pa_str(target);
    made.fields = fields;
    made.fields_len = fields_len;
    made.version = PA_HTTP_1_1;
    return made;
}

static inline pa_moment moment(uint64_t now_ms)
{
    static uint64_t unique;
    pa_moment made;
    made.now_ms = now_ms;
    made.unique = ++unique;
    return made;
}

static inline pa_account account(const char *name, const char *password)
{
    pa_account made;
    memset(&made, 0, sizeof made);
    made.name = pa_str(name);
    made.kind = PA_PASSWORDS;
    made.password = pa_str(password);
    return made;
}

/* Creates a gate that accepts passwords. */
static inline void make_gate(pa_gate *gate, const uint32_t *offers, size_t offers_len, uint32_t flags)
{
    pa_gate_config config = PA_GATE_CONFIG;
    config.secrets = PA_PASSWORDS;
    config.realm = pa_str("apps");
    config.offers = offers;
    config.offers_len = offers_len;
    config.key = KEY;
    config.flags = flags;
    CHECK_STATUS(PA_OK, pa_gate_init(gate, &config));
}

static inline void make_session(pa_session *session, uint32_t policy, uint32_t flags)
{
    pa_session_config config = PA_SESSION_CONFIG;
    config.policy = policy;
    config.flags = flags;
    CHECK_STATUS(PA_OK, pa_session_init(session, &config));
}

/* No random source, so that a failure can be repeated. */
static inline const uint8_t *not_random(void)
{
    static uint8_t bytes[PA_RANDOM_LEN];
    static uint8_t count;
    size_t i;
    for (i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + count);
    count++;
    return bytes;
}

#endif
