/* Both sides of an exchange: what passes, and what is refused. */
#include "check.h"

static pa_gate gate;
static pa_session session;
static union {
    pa_window window;
    unsigned char bytes[PA_WINDOW_SIZE(64)];
} memory;
static pa_store store;
static pa_moment last_moment;
static pa_refusal refusal;
static char info_memory[1024], value_memory[1024];
static pa_buffer info, value;

static void setup(const uint32_t *offers, size_t offers_len, uint32_t flags)
{
    make_gate(&gate, offers, offers_len, flags);
    CHECK_STATUS(PA_OK, pa_window_init(&memory.window, sizeof memory, &gate, NOW_MS - 1));
    store.admit = pa_window_admit;
    store.context = &memory.window;
}

/* Passes a request with this value to the gate. */
static pa_status proxy(const char *target, const char *credentials, const pa_account *user, uint64_t now_ms)
{
    pa_field fields[2];
    pa_request head;
    fields[0] = field("Host", "example.com");
    fields[1] = field("proxy-authorization", credentials);
    head = request("CONNECT", target, fields, *credentials == 0 ? 1 : 2);
    info = pa_buf(info_memory, sizeof info_memory);
    last_moment = moment(now_ms);
    return pa_gate_check(&gate, &head, user, &store, last_moment, &info, &refusal);
}

/* Writes the answer of a client to value_memory. */
static void client(pa_turn *turn, const char *name, const char *password, const char *target)
{
    pa_request head = request("CONNECT", target, NULL, 0);
    pa_login login;
    login.name = pa_str(name);
    login.password = pa_str(password);
    value = pa_buf(value_memory, sizeof value_memory);
    CHECK_STATUS(PA_OK, pa_session_authorize(&session, turn, &head, &login, not_random(), &value));
    CHECK(value.len == strlen(value_memory));
}

/* Passes the last response of the gate to the client. */
static pa_status respond(pa_turn *turn, pa_status passed, uint32_t *is_proved)
{
    char lines[4][512];
    pa_field fields[4];
    size_t len = 0;
    if (passed == PA_OK) {
        fields[0] = field("Proxy-Authentication-Info", info_memory);
        return pa_session_receive(&session, turn, 200, fields, info.len > 0, is_proved);
    }
    for (;;) {
        pa_buffer line = pa_buf(lines[len], sizeof lines[len]);
        pa_status status = pa_refusal_challenge(&refusal, &gate, len, &line);
        if (status == PA_END)
            break;
        CHECK_STATUS(PA_OK, status);
        fields[len] = field("Proxy-Authenticate", lines[len]);
        len++;
    }
    return pa_session_receive(&session, turn, refusal.status, fields, len, is_proved);
}

static void digest(uint32_t algorithm, uint32_t flags, const char *name, const char *password)
{
    uint32_t offers[2], is_proved;
    pa_turn turn, later;
    pa_account user = account(name, password), other = account("Mufasa", password);
    char again[1024], claim_memory[PA_MAX_CREDENTIALS + 1];
    pa_status passed;
    offers[0] = algorithm;
    offers[1] = PA_BASIC;
    setup(offers, 2, flags);
    make_session(&session, PA_DIGEST_ONLY, PA_PROOF_REQUIRED);

    /* Without credentials. */
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    client(&turn, name, password, "example.com:443");
    CHECK(value.len == 0);
    passed = proxy("example.com:443", "", &user, NOW_MS);
    CHECK_STATUS(PA_REFUSED, passed);
    CHECK(refusal.reason == PA_REASON_MISSING && refusal.status == 407 && !refusal.is_guess && !refusal.closes);
    CHECK_STATUS(PA_AGAIN, respond(&turn, passed, &is_proved));

    /* With an answer. */
    client(&turn, name, password, "example.com:443");
    CHECK(strncmp(value_memory, "Digest ", 7) == 0);
    strcpy(again, value_memory);
    {
        pa_field line = field("Proxy-Authorization", again);
        pa_request head = request("CONNECT", "example.com:443", &line, 1);
        pa_buffer buffer = pa_buf(claim_memory, sizeof claim_memory);
        pa_claim claim;
        CHECK_STATUS(PA_OK, pa_gate_claim(&gate, &head, &buffer, &claim));
        CHECK(claim.scheme == algorithm && claim.password.ptr == NULL);
        CHECK(strlen(claim.user.ptr) == claim.user.len);
        if (flags & PA_USERHASH) {
            char digits[65];
            pa_buffer hash = pa_buf(digits, sizeof digits);
            CHECK_STATUS(PA_OK, pa_userhash(algorithm, pa_str(name), pa_str("apps"), &hash));
            CHECK(claim.is_userhash && is_text(claim.user, digits));
        } else {
            CHECK(!claim.is_userhash && is_text(claim.user, name));
        }
    }
    CHECK_STATUS(PA_REFUSED, proxy("example.com:443", again, &other, NOW_MS));
    CHECK(refusal.reason == PA_REASON_OTHER_USER && refusal.is_guess);
    CHECK_STATUS(PA_REFUSED, proxy("example.com:443", again, NULL, NOW_MS));
    CHECK(refusal.reason == PA_REASON_UNKNOWN_USER && refusal.is_guess);
    CHECK_STATUS(PA_REFUSED, proxy("example.com:22", again, &user, NOW_MS));
    CHECK(refusal.reason == PA_REASON_OTHER);
    CHECK(info.len == 0);
    passed = proxy("example.com:443", again, &user, NOW_MS);
    CHECK_STATUS(PA_OK, passed);
    CHECK(refusal.reason == 0 && strstr(info_memory, "rspauth=") != NULL);
    CHECK_STATUS(PA_OK, respond(&turn, passed, &is_proved));
    CHECK(is_proved == 1);

    /* The same answer. */
    CHECK_STATUS(PA_REFUSED, proxy("example.com:443", again, &user, NOW_MS + 10));
    CHECK(refusal.reason == PA_REASON_REPLAYED && !refusal.is_guess);

    /* The next request needs no challenge, until the nonce is too old. */
    CHECK_STATUS(PA_OK, pa_turn_init(&later));
    client(&later, name, password, "example.com:443");
    CHECK(strstr(value_memory, "nc=00000002") != NULL);
    passed = proxy("example.com:443", value_memory, &user, NOW_MS + PA_DEFAULT_MAX_AGE_MS + 2);
    CHECK_STATUS(PA_REFUSED, passed);
    CHECK(refusal.reason == PA_REASON_STALE && !refusal.is_guess);
    CHECK_STATUS(PA_AGAIN, respond(&later, passed, &is_proved));
    client(&later, name, password, "example.com:443");
    passed = proxy("example.com:443", value_memory, &user, NOW_MS + PA_DEFAULT_MAX_AGE_MS + 3);
    CHECK_STATUS(PA_OK, passed);

    /* A wrong proof. */
    info.len = 0;
    CHECK_STATUS(PA_GAVE_UP, respond(&later, passed, &is_proved));
    CHECK(is_proved == 0);
    value = pa_buf(value_memory, sizeof value_memory);
    CHECK_STATUS(PA_OK, pa_turn_text(&later, &value));
    CHECK(strcmp(value_memory, "the response contains no proof") == 0);
    CHECK_STATUS(PA_E_ORDER, pa_turn_text(&turn, &value));

    pa_gate_wipe(&gate);
    pa_window_wipe(&memory.window);
    CHECK_STATUS(PA_E_HANDLE, proxy("example.com:443", again, &user, NOW_MS));
}

static void wrong_password(void)
{
    uint32_t offers[] = { PA_DIGEST_SHA_256 };
    pa_account user = account("aladdin", "open sesame");
    pa_turn turn;
    pa_login login;
    pa_request head = request("CONNECT", "a:1", NULL, 0);
    setup(offers, 1, 0);
    make_session(&session, PA_DIGEST_ONLY, PA_WITHOUT_MD5);
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    client(&turn, "aladdin", "x", "a:1");
    CHECK_STATUS(PA_AGAIN, respond(&turn, proxy("a:1", value_memory, &user, NOW_MS), NULL));
    client(&turn, "aladdin", "x", "a:1");
    CHECK_STATUS(PA_REFUSED, proxy("a:1", value_memory, &user, NOW_MS));
    CHECK(refusal.reason == PA_REASON_WRONG && refusal.is_guess);
    CHECK_STATUS(PA_GAVE_UP, respond(&turn, PA_REFUSED, NULL));

    /* The session does not try this login again, and a turn is used up. */
    login.name = pa_str("aladdin");
    login.password = pa_str("x");
    CHECK_STATUS(PA_E_ORDER, pa_session_authorize(&session, &turn, &head, &login, not_random(), &value));
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    value = pa_buf(value_memory, sizeof value_memory);
    CHECK_STATUS(PA_GAVE_UP, pa_session_authorize(&session, &turn, &head, &login, not_random(), &value));
    CHECK_STATUS(PA_OK, pa_session_forget_login(&session));
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    client(&turn, "aladdin", "open sesame", "a:1");
    CHECK_STATUS(PA_OK, proxy("a:1", value_memory, &user, NOW_MS));
    CHECK_STATUS(PA_OK, respond(&turn, PA_OK, NULL));
    pa_session_wipe(&session);
    CHECK_STATUS(PA_E_HANDLE, pa_session_forget_login(&session));
}

static void hashes(void)
{
    uint32_t offers[] = { PA_DIGEST_SHA_256, PA_DIGEST_MD5, PA_BASIC };
    pa_gate_config config = PA_GATE_CONFIG;
    pa_account user = account("aladdin", "");
    pa_hash listed[2];
    char sha[65], md5[33];
    pa_buffer buffer = pa_buf(sha, sizeof sha);
    CHECK_STATUS(PA_OK, pa_password_hash(PA_DIGEST_SHA_256, pa_str("aladdin"), pa_str("apps"), pa_str("open sesame"), &buffer));
    buffer = pa_buf(md5, sizeof md5);
    CHECK_STATUS(PA_OK, pa_password_hash(PA_DIGEST_MD5, pa_str("aladdin"), pa_str("apps"), pa_str("open sesame"), &buffer));
    listed[0].algorithm = PA_DIGEST_SHA_256;
    listed[0].digits = pa_str(sha);
    listed[1].algorithm = PA_DIGEST_MD5;
    listed[1].digits = pa_str(md5);
    setup(offers, 3, 0);
    config.secrets = PA_HASHES;
    config.realm = pa_str("apps");
    config.offers = offers;
    config.offers_len = 3;
    config.key = OTHER_KEY;
    config.previous_key = KEY;
    CHECK_STATUS(PA_OK, pa_gate_init(&gate, &config));
    user.kind = PA_HASHES;
    user.hashes = listed;
    user.hashes_len = 2;
    CHECK_STATUS(PA_OK, proxy("a:1", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==", &user, NOW_MS));
    CHECK(info.len == 0);
    CHECK_STATUS(PA_REFUSED, proxy("a:1", "Basic YWxhZGRpbjpvcGVuIHNlc2Ft", &user, NOW_MS));
    CHECK_STATUS(PA_REFUSED, proxy("a:1", "Basic YWxhZGRpbjo=", &user, NOW_MS));
    CHECK(refusal.reason == PA_REASON_WRONG);
    {
        pa_turn turn;
        make_session(&session, PA_DIGEST_OR_BASIC, 0);
        CHECK_STATUS(PA_OK, pa_turn_init(&turn));
        client(&turn, "aladdin", "open sesame", "a:1");
        CHECK_STATUS(PA_AGAIN, respond(&turn, proxy("a:1", "", NULL, NOW_MS), NULL));
        client(&turn, "aladdin", "open sesame", "a:1");
        CHECK(strstr(value_memory, "algorithm=SHA-256") != NULL);
        user.hashes_len = 1;
        listed[0] = listed[1];
        CHECK_STATUS(PA_REFUSED, proxy("a:1", value_memory, &user, NOW_MS));
        CHECK(refusal.reason == PA_REASON_UNVERIFIABLE);
    }
    listed[0].digits.len = 31;
    CHECK_STATUS(PA_E_SECRET, proxy("a:1", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==", &user, NOW_MS));
    user.hashes_len = 0;
    CHECK_STATUS(PA_E_SECRET, proxy("a:1", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==", &user, NOW_MS));
}

/* A program that checks passwords itself, with Basic. */
static void verdicts(void)
{
    uint32_t offers[] = { PA_BASIC };
    pa_gate_config config = PA_GATE_CONFIG;
    pa_account user = account("aladdin", "");
    pa_field line = field("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    pa_request head = request("GET", "http://example.com/", &line, 1);
    char memory_of_claim[64], message[512];
    pa_buffer buffer = pa_buf(memory_of_claim, sizeof memory_of_claim);
    pa_claim claim;
    config.secrets = PA_VERDICTS;
    config.realm = pa_str("apps");
    config.offers = offers;
    config.offers_len = 1;
    CHECK_STATUS(PA_OK, pa_gate_init(&gate, &config));
    CHECK_STATUS(PA_OK, pa_gate_claim(&gate, &head, &buffer, &claim));
    CHECK(claim.scheme == PA_BASIC && !claim.is_userhash);
    CHECK(is_text(claim.user, "aladdin") && is_text(claim.password, "open sesame"));
    CHECK(strcmp(claim.user.ptr, "aladdin") == 0 && strcmp(claim.password.ptr, "open sesame") == 0);
    user.kind = PA_VERDICTS;
    CHECK_STATUS(PA_OK, pa_gate_check(&gate, &head, &user, NULL, moment(NOW_MS), NULL, &refusal));
    CHECK_STATUS(PA_REFUSED, pa_gate_check(&gate, &head, NULL, NULL, moment(NOW_MS), NULL, &refusal));
    buffer = pa_buf(message, sizeof message);
    CHECK_STATUS(PA_OK, pa_refusal_message(&refusal, &gate, &buffer));
    CHECK(strcmp(message, "HTTP/1.1 407 Proxy Authentication Required\r\n"
                          "Proxy-Authenticate: Basic realm=\"apps\", charset=\"UTF-8\"\r\n"
                          "Content-Length: 0\r\n\r\n") == 0);
    CHECK_STATUS(PA_OK, pa_refusal_close(&refusal));
    CHECK(refusal.closes);
    CHECK_STATUS(PA_OK, pa_refusal_message(&refusal, &gate, &buffer));
    CHECK(strstr(message, "\r\nConnection: close\r\n") != NULL);
    /* The password is not for a program that stores passwords. */
    config.secrets = PA_PASSWORDS;
    CHECK_STATUS(PA_OK, pa_gate_init(&gate, &config));
    buffer = pa_buf(memory_of_claim, sizeof memory_of_claim);
    CHECK_STATUS(PA_OK, pa_gate_claim(&gate, &head, &buffer, &claim));
    CHECK(is_text(claim.user, "aladdin") && claim.password.ptr == NULL);
    CHECK(memory_of_claim[8] == 0 && memory_of_claim[9] == 0 && memory_of_claim[18] == 0);
    /* An origin server. */
    config.flags = PA_SERVER;
    CHECK_STATUS(PA_OK, pa_gate_init(&gate, &config));
    CHECK_STATUS(PA_REFUSED, pa_gate_check(&gate, &head, NULL, NULL, moment(NOW_MS), NULL, &refusal));
    CHECK(refusal.status == 401 && refusal.reason == PA_REASON_MISSING);
}

struct remote {
    unsigned char seen[8][PA_USE_KEY_LEN];
    size_t len;
    int32_t answer;
};

static int32_t ask(void *context, const pa_use *nonce_use)
{
    struct remote *remote = context;
    uint8_t key[PA_USE_KEY_LEN];
    uint64_t lifetime_ms = 0;
    size_t i;
    CHECK_STATUS(PA_OK, pa_use_key(nonce_use, key, &lifetime_ms));
    CHECK(lifetime_ms >= PA_DEFAULT_MAX_AGE_MS && lifetime_ms < PA_DEFAULT_MAX_AGE_MS + 10000);
    if (remote->answer != PA_FIRST_USE)
        return remote->answer;
    for (i = 0; i < remote->len; i++)
        if (memcmp(remote->seen[i], key, sizeof key) == 0)
            return PA_USED;
    CHECK(remote->len < 8);
    memcpy(remote->seen[remote->len++], key, sizeof key);
    return PA_FIRST_USE;
}

static void remote_store(void)
{
    static struct remote remote;
    static const int32_t no[] = { PA_USED, -1, 2, INT32_MIN, INT32_MAX, 257 };
    uint32_t offers[] = { PA_DIGEST_SHA_512_256 };
    pa_account user = account("aladdin", "open sesame");
    pa_turn turn;
    size_t i;
    setup(offers, 1, 0);
    store.admit = ask;
    store.context = &remote;
    make_session(&session, PA_DIGEST_ONLY, 0);
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    client(&turn, "aladdin", "open sesame", "a:1");
    CHECK_STATUS(PA_AGAIN, respond(&turn, proxy("a:1", "", NULL, NOW_MS), NULL));
    client(&turn, "aladdin", "open sesame", "a:1");
    for (i = 0; i < sizeof no / sizeof no[0]; i++) {
        remote.answer = no[i];
        CHECK_STATUS(PA_REFUSED, proxy("a:1", value_memory, &user, NOW_MS));
        CHECK(refusal.reason == PA_REASON_REPLAYED && info.len == 0);
    }
    remote.answer = PA_FIRST_USE;
    CHECK_STATUS(PA_OK, proxy("a:1", value_memory, &user, NOW_MS));
    CHECK_STATUS(PA_REFUSED, proxy("a:1", value_memory, &user, NOW_MS));
}

/* A process was killed in a call that used the window. */
static void busy_window(void)
{
    uint32_t offers[] = { PA_DIGEST_SHA_256 }, in_use = 1;
    pa_account user = account("aladdin", "open sesame");
    pa_turn turn;
    setup(offers, 1, 0);
    make_session(&session, PA_DIGEST_ONLY, 0);
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    client(&turn, "aladdin", "open sesame", "a:1");
    CHECK_STATUS(PA_AGAIN, respond(&turn, proxy("a:1", "", NULL, NOW_MS), NULL));
    client(&turn, "aladdin", "open sesame", "a:1");
    memcpy(&memory.window.private_words[1], &in_use, sizeof in_use);
    CHECK_STATUS(PA_REFUSED, proxy("a:1", value_memory, &user, NOW_MS));
    CHECK(refusal.reason == PA_REASON_REPLAYED);
    /* Created again, it accepts nothing that it may have accepted before. */
    CHECK_STATUS(PA_OK, pa_window_init(&memory.window, sizeof memory, &gate, NOW_MS + 1));
    CHECK_STATUS(PA_REFUSED, proxy("a:1", value_memory, &user, NOW_MS + 2));
    CHECK_STATUS(PA_AGAIN, respond(&turn, PA_REFUSED, NULL));
    client(&turn, "aladdin", "open sesame", "a:1");
    CHECK_STATUS(PA_OK, proxy("a:1", value_memory, &user, NOW_MS + 2));
}

static void basic_alone(void)
{
    pa_account user = account("aladdin", "open sesame");
    CHECK_STATUS(PA_OK, pa_basic_verify(pa_str("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="), &user));
    CHECK_STATUS(PA_REFUSED, pa_basic_verify(pa_str("Basic YWxhZGRpbjpvcGVuIHNlc2Ft"), &user));
    CHECK_STATUS(PA_REFUSED, pa_basic_verify(pa_str("Basic !"), &user));
    CHECK_STATUS(PA_REFUSED, pa_basic_verify(pa_str("Bearer YWxhZGRpbjpvcGVuIHNlc2FtZQ=="), &user));
    CHECK_STATUS(PA_REFUSED, pa_basic_verify(pa_str(NULL), &user));
    /* A zero byte in the name: aladdin\0:x. */
    user = account("aladdin", "x");
    CHECK_STATUS(PA_REFUSED, pa_basic_verify(pa_str("Basic YWxhZGRpbgA6eA=="), &user));
}

int main(void)
{
    digest(PA_DIGEST_MD5, 0, "aladdin", "open sesame");
    digest(PA_DIGEST_SHA_256, 0, "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?");
    digest(PA_DIGEST_SHA_512_256, PA_USERHASH, "aladdin", "open sesame");
    digest(PA_DIGEST_SHA_256, PA_USERHASH | PA_EXACT_TARGET, "aladdin", "open sesame");
    wrong_password();
    hashes();
    verdicts();
    remote_store();
    busy_window();
    basic_alone();
    puts("exchange: ok");
    return 0;
}
