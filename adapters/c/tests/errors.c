/* Every mistake that a program can make, and every buffer size. */
#include "check.h"

static pa_gate gate;
static union {
    pa_window window;
    unsigned char bytes[PA_WINDOW_SIZE(8)];
} memory;
static const uint32_t both[] = { PA_DIGEST_SHA_256, PA_BASIC };
static const uint32_t basic[] = { PA_BASIC };
#define BASIC_VALUE "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="

static void config_errors(void)
{
    pa_gate_config right = PA_GATE_CONFIG, config;
    static const uint32_t unknown[] = { PA_BASIC, 5 };
    uint8_t zeros[PA_KEY_LEN] = { 0 };
    char long_realm[PA_MAX_REALM + 1];
    memset(long_realm, 'x', sizeof long_realm);
    right.secrets = PA_PASSWORDS;
    right.realm = pa_str("apps");
    right.offers = both;
    right.offers_len = 2;
    right.key = KEY;
#define WITH(change, status)                                    \
    do {                                                        \
        config = right;                                         \
        change;                                                 \
        CHECK_STATUS(status, pa_gate_init(&gate, &config));     \
    } while (0)
    WITH((void)0, PA_OK);
    WITH(config.abi = 0, PA_E_ABI);
    WITH(config.abi = PA_ABI_VERSION + 1, PA_E_ABI);
    WITH(config.secrets = 0, PA_E_ARGUMENT);
    WITH(config.secrets = 4, PA_E_ARGUMENT);
    WITH(config.secrets = PA_VERDICTS, PA_E_ARGUMENT);
    WITH(config.offers_len = 0, PA_E_ARGUMENT);
    WITH(config.offers = NULL, PA_E_NULL);
    WITH(config.offers = unknown, PA_E_ARGUMENT);
    WITH(config.offers_len = SIZE_MAX, PA_E_LENGTH);
    WITH(config.offers_len = SIZE_MAX / 4, PA_E_LENGTH);
    WITH(config.offers = (const uint32_t *)((const char *)both + 1), PA_E_ALIGN);
    WITH(config.offers = (const uint32_t *)&gate, PA_E_OVERLAP);
    WITH(config.key = NULL, PA_E_RANDOM);
    WITH(config.key = zeros, PA_E_RANDOM);
    WITH(config.previous_key = zeros, PA_E_RANDOM);
    WITH(config.flags = 8, PA_E_ARGUMENT);
    WITH(config.realm = pa_str("x\r\nSet-Cookie: a=b"), PA_E_TEXT);
    WITH(config.realm = pa_str("\xff"), PA_E_UTF8);
    WITH((config.realm.ptr = "a\0b", config.realm.len = 3), PA_E_TEXT);
    WITH((config.realm.ptr = long_realm, config.realm.len = sizeof long_realm), PA_E_LENGTH);
    WITH((config.realm.ptr = long_realm, config.realm.len = PA_MAX_REALM), PA_OK);
    WITH(config.realm.len = SIZE_MAX, PA_E_LENGTH);
    WITH((config.realm.ptr = NULL, config.realm.len = 1), PA_E_NULL);
    CHECK_STATUS(PA_E_NULL, pa_gate_init(NULL, &right));
    CHECK_STATUS(PA_E_NULL, pa_gate_init(&gate, NULL));
    CHECK_STATUS(PA_E_ALIGN, pa_gate_init((pa_gate *)((char *)&gate + 1), &right));
    {
        /* A gate that could not be created is none, even if there was one before. */
        pa_field line = field("Proxy-Authorization", BASIC_VALUE);
        pa_request head = request("GET", "http://a/", &line, 1);
        pa_account user = account("aladdin", "open sesame");
        pa_refusal refusal;
        make_gate(&gate, basic, 1, 0);
        CHECK_STATUS(PA_OK, pa_gate_check(&gate, &head, &user, NULL, moment(NOW_MS), NULL, &refusal));
        config = right;
        config.abi = 7;
        CHECK_STATUS(PA_E_ABI, pa_gate_init(&gate, &config));
        CHECK_STATUS(PA_E_HANDLE, pa_gate_check(&gate, &head, &user, NULL, moment(NOW_MS), NULL, &refusal));
    }
    {
        pa_session session;
        pa_session_config policy = PA_SESSION_CONFIG;
        CHECK_STATUS(PA_E_ARGUMENT, pa_session_init(&session, &policy));
        policy.policy = 4;
        CHECK_STATUS(PA_E_ARGUMENT, pa_session_init(&session, &policy));
        policy.policy = PA_DIGEST_ONLY;
        policy.flags = 1;
        CHECK_STATUS(PA_E_ARGUMENT, pa_session_init(&session, &policy));
        policy.flags = 0;
        policy.abi = 0;
        CHECK_STATUS(PA_E_ABI, pa_session_init(&session, &policy));
        CHECK_STATUS(PA_E_NULL, pa_session_init(&session, NULL));
        CHECK_STATUS(PA_E_NULL, pa_session_init(NULL, &policy));
    }
}

static void check_errors(void)
{
    pa_field lines[2], bad;
    pa_request head;
    pa_account user = account("aladdin", "open sesame"), changed;
    pa_refusal refusal;
    pa_store store, none;
    pa_gate copy;
    char info_memory[512];
    pa_buffer info = pa_buf(info_memory, sizeof info_memory);
    lines[0] = field("Proxy-Authorization", BASIC_VALUE);
    lines[1] = lines[0];
    head = request("GET", "http://a/", lines, 1);
    store.admit = pa_window_admit;
    store.context = &memory.window;
    none = store;
    none.admit = NULL;
    make_gate(&gate, both, 2, 0);
    CHECK_STATUS(PA_OK, pa_window_init(&memory.window, sizeof memory, &gate, NOW_MS));
#define CHECKED(status) CHECK_STATUS(status, pa_gate_check(&gate, &head, &user, &store, moment(NOW_MS), &info, &refusal))
    CHECKED(PA_OK);
    CHECK_STATUS(PA_E_NULL, pa_gate_check(NULL, &head, &user, &store, moment(NOW_MS), &info, &refusal));
    CHECK_STATUS(PA_E_NULL, pa_gate_check(&gate, NULL, &user, &store, moment(NOW_MS), &info, &refusal));
    CHECK_STATUS(PA_E_NULL, pa_gate_check(&gate, &head, &user, NULL, moment(NOW_MS), &info, &refusal));
    CHECK_STATUS(PA_E_NULL, pa_gate_check(&gate, &head, &user, &none, moment(NOW_MS), &info, &refusal));
    CHECK_STATUS(PA_E_NULL, pa_gate_check(&gate, &head, &user, &store, moment(NOW_MS), &info, NULL));
    CHECK_STATUS(PA_OK, pa_gate_check(&gate, &head, &user, &store, moment(NOW_MS), NULL, &refusal));

    /* Handles that are none. */
    memcpy(&copy, &gate, sizeof gate);
    CHECK_STATUS(PA_E_HANDLE, pa_gate_check(&copy, &head, &user, &store, moment(NOW_MS), &info, &refusal));
    memset(&copy, 0, sizeof copy);
    CHECK_STATUS(PA_E_HANDLE, pa_gate_check(&copy, &head, &user, &store, moment(NOW_MS), &info, &refusal));
    memset(&copy, 0xa5, sizeof copy);
    CHECK_STATUS(PA_E_HANDLE, pa_gate_check(&copy, &head, &user, &store, moment(NOW_MS), &info, &refusal));
    CHECK_STATUS(PA_E_HANDLE, pa_gate_check((const pa_gate *)&memory.window, &head, &user, &store, moment(NOW_MS), &info, &refusal));
    CHECK_STATUS(PA_E_ALIGN, pa_gate_check((const pa_gate *)((char *)&gate + 4), &head, &user, &store, moment(NOW_MS), &info, &refusal));

    /* The request. */
    head.version = 0;
    CHECKED(PA_E_ARGUMENT);
    head.version = PA_HTTP_1_1;
    head.method = pa_str("");
    CHECKED(PA_E_TEXT);
    head.method = pa_str("GET\r\n");
    CHECKED(PA_E_TEXT);
    head.method = pa_str("\xff");
    CHECKED(PA_E_UTF8);
    head.method = pa_str("GET");
    head.target = pa_str("http://a/\n");
    CHECKED(PA_E_TEXT);
    head.target = pa_str("");
    CHECKED(PA_E_TEXT);
    head.target = pa_str("http://a/");
    head.fields_len = SIZE_MAX / sizeof(pa_field) + 1;
    CHECKED(PA_E_LENGTH);
    head.fields_len = SIZE_MAX / sizeof(pa_field);
    CHECKED(PA_E_LENGTH);
    head.fields = NULL;
    head.fields_len = 1;
    CHECKED(PA_E_NULL);
    head.fields_len = 0;
    CHECKED(PA_REFUSED);
    CHECK(refusal.reason == PA_REASON_MISSING);
    head.fields = lines;
    head.fields_len = 2;
    CHECKED(PA_REFUSED);
    CHECK(refusal.reason == PA_REASON_DAMAGED);
    bad = field("Proxy-Authorization", BASIC_VALUE "\r\nX: y");
    head.fields = &bad;
    head.fields_len = 1;
    CHECKED(PA_REFUSED);
    CHECK(refusal.reason == PA_REASON_DAMAGED);
    {
        char text[128];
        pa_buffer buffer = pa_buf(text, sizeof text);
        CHECK_STATUS(PA_OK, pa_refusal_text(&refusal, &buffer));
        CHECK(strcmp(text, "damaged credentials: expected the end at byte 34") == 0);
    }
    bad.value.len = SIZE_MAX;
    CHECKED(PA_E_LENGTH);
    bad.value.len = (size_t)PTRDIFF_MAX + 1;
    CHECKED(PA_E_LENGTH);
    bad.value.len = (size_t)PTRDIFF_MAX;
    bad.value.ptr = (const char *)(UINTPTR_MAX - 16);
    CHECKED(PA_E_LENGTH);
    bad.value.ptr = NULL;
    bad.value.len = 1;
    CHECKED(PA_E_NULL);
    bad.value.len = 0;
    CHECKED(PA_REFUSED);
    head.fields = lines;

    /* The account: PA_E_SECRET is no refusal, and passes nothing. */
    changed = user;
    user.kind = PA_HASHES;
    CHECKED(PA_E_SECRET);
    user.kind = 0;
    CHECKED(PA_E_SECRET);
    user.kind = PA_VERDICTS;
    CHECKED(PA_E_SECRET);
    user = changed;
    user.password = pa_str("");
    CHECKED(PA_E_SECRET);
    user = changed;
    user.name = pa_str(NULL);
    CHECKED(PA_E_TEXT);
    user = changed;
    user.name = pa_str("Aladdin");
    CHECKED(PA_REFUSED);
    CHECK(refusal.reason == PA_REASON_OTHER_USER);
    user = changed;

    /* A buffer for the info that is too small, before anything is used up. */
    info = pa_buf(info_memory, strlen(BASIC_VALUE) + 255);
    CHECKED(PA_E_SIZE);
    CHECK(info.len == strlen(BASIC_VALUE) + 256);
    info = pa_buf(info_memory, info.len);
    CHECKED(PA_OK);
    info = pa_buf(NULL, sizeof info_memory);
    CHECKED(PA_E_NULL);
    info = pa_buf(info_memory, SIZE_MAX);
    CHECKED(PA_E_LENGTH);

    /* Memory that overlaps. Nothing is written then. */
    info = pa_buf((char *)&info, sizeof info);
    CHECKED(PA_E_OVERLAP);
    info = pa_buf((char *)&refusal, sizeof refusal);
    CHECKED(PA_E_OVERLAP);
    info = pa_buf((char *)&gate, sizeof gate);
    CHECKED(PA_E_OVERLAP);
    info = pa_buf((char *)lines, sizeof lines);
    CHECKED(PA_E_OVERLAP);
    info = pa_buf(info_memory, sizeof info_memory);
    strcpy(info_memory + 300, BASIC_VALUE);
    lines[0].value = pa_str(info_memory + 300);
    CHECKED(PA_E_OVERLAP);
    lines[0] = field("Proxy-Authorization", BASIC_VALUE);
    info = pa_buf((char *)&user, sizeof user);
    CHECKED(PA_E_OVERLAP);
    info = pa_buf(info_memory, sizeof info_memory);
    strcpy(info_memory + 300, "open sesame");
    user.password = pa_str(info_memory + 300);
    CHECKED(PA_E_OVERLAP);
    user = changed;
    CHECK_STATUS(PA_E_OVERLAP, pa_gate_check(&gate, &head, &user, &store, moment(NOW_MS), &info, (pa_refusal *)&gate));
    CHECK_STATUS(PA_E_OVERLAP, pa_gate_check(&gate, &head, &user, &store, moment(NOW_MS), &info, (pa_refusal *)lines));
    CHECKED(PA_OK);

    /* A refusal that is none. */
    info = pa_buf(info_memory, sizeof info_memory);
    CHECK_STATUS(PA_E_HANDLE, pa_refusal_message(&refusal, &gate, &info));
    CHECK_STATUS(PA_E_HANDLE, pa_refusal_challenge(&refusal, &gate, 0, &info));
    CHECK_STATUS(PA_E_HANDLE, pa_refusal_text(&refusal, &info));
    CHECK_STATUS(PA_E_HANDLE, pa_refusal_close(&refusal));
    CHECK_STATUS(PA_E_NULL, pa_refusal_close(NULL));
    head.fields_len = 0;
    CHECKED(PA_REFUSED);
    {
        /* It may be copied. */
        pa_refusal other = refusal;
        memset(&refusal, 0, sizeof refusal);
        CHECK_STATUS(PA_OK, pa_refusal_message(&other, &gate, &info));
        CHECK_STATUS(PA_E_HANDLE, pa_refusal_message(&other, &copy, &info));
        CHECK_STATUS(PA_E_NULL, pa_refusal_message(&other, &gate, NULL));
        CHECK_STATUS(PA_END, pa_refusal_challenge(&other, &gate, 2, &info));
        CHECK_STATUS(PA_END, pa_refusal_challenge(&other, &gate, SIZE_MAX, &info));
    }
}

/* Each size of a buffer up to one that suffices. */
static void sizes(void)
{
    pa_request head = request("GET", "http://a/", NULL, 0);
    pa_refusal refusal;
    pa_buffer buffer;
    size_t size, needed = 0;
    make_gate(&gate, basic, 1, 0);
    CHECK_STATUS(PA_REFUSED, pa_gate_check(&gate, &head, NULL, NULL, moment(NOW_MS), NULL, &refusal));
    for (size = 0; size < 256; size++) {
        char *exact = malloc(size + (size == 0));
        pa_status status;
        CHECK(exact != NULL);
        buffer = pa_buf(exact, size);
        status = pa_refusal_message(&refusal, &gate, &buffer);
        if (status == PA_OK) {
            CHECK(buffer.len == strlen(exact) && buffer.len < size && (needed == 0 || needed <= size));
        } else {
            CHECK_STATUS(PA_E_SIZE, status);
            CHECK(buffer.len > size && (size == 0 || exact[0] == 0));
            CHECK(needed == 0 || needed == buffer.len);
            needed = buffer.len;
        }
        free(exact);
    }
    CHECK(needed > 100 && needed < 256);
    for (size = 0; size < 40; size++) {
        pa_field line = field("Proxy-Authorization", BASIC_VALUE);
        char *exact = malloc(size + (size == 0));
        pa_claim claim;
        pa_status status;
        CHECK(exact != NULL);
        head.fields = &line;
        head.fields_len = 1;
        buffer = pa_buf(exact, size);
        status = pa_gate_claim(&gate, &head, &buffer, &claim);
        if (size >= strlen("aladdin:open sesame"))
            CHECK_STATUS(PA_OK, status);
        else
            CHECK(status == PA_E_SIZE && buffer.len == strlen("aladdin:open sesame") + 1 && claim.user.ptr == NULL);
        free(exact);
    }
}

static void window_errors(void)
{
    pa_window copy;
    make_gate(&gate, both, 2, 0);
    CHECK_STATUS(PA_E_LENGTH, pa_window_init(&memory.window, 0, &gate, NOW_MS));
    CHECK_STATUS(PA_E_LENGTH, pa_window_init(&memory.window, sizeof memory - 1, &gate, NOW_MS));
    CHECK_STATUS(PA_E_LENGTH, pa_window_init(&memory.window, SIZE_MAX, &gate, NOW_MS));
    CHECK_STATUS(PA_E_LENGTH, pa_window_init(&memory.window, (size_t)PTRDIFF_MAX + 1, &gate, NOW_MS));
    CHECK_STATUS(PA_E_NULL, pa_window_init(NULL, sizeof memory, &gate, NOW_MS));
    CHECK_STATUS(PA_E_NULL, pa_window_init(&memory.window, sizeof memory, NULL, NOW_MS));
    CHECK_STATUS(PA_E_ALIGN, pa_window_init((pa_window *)(memory.bytes + 1), sizeof memory, &gate, NOW_MS));
    CHECK_STATUS(PA_E_OVERLAP, pa_window_init((pa_window *)&gate, sizeof memory, &gate, NOW_MS));
    CHECK_STATUS(PA_E_OVERLAP, pa_window_init(&memory.window, sizeof memory, (const pa_gate *)&memory.window, NOW_MS));
    pa_gate_wipe(&gate);
    CHECK_STATUS(PA_E_HANDLE, pa_window_init(&memory.window, sizeof memory, &gate, NOW_MS));
    make_gate(&gate, both, 2, 0);
    CHECK_STATUS(PA_OK, pa_window_init(&memory.window, sizeof memory, &gate, NOW_MS));
    CHECK(pa_window_admit(&memory.window, NULL) == PA_E_NULL);
    CHECK(pa_window_admit(NULL, (const pa_use *)&memory.window) == PA_E_HANDLE);
    copy = memory.window;
    CHECK(pa_window_admit(&copy, (const pa_use *)&memory.window) == PA_E_HANDLE);
    {
        uint8_t key[PA_USE_KEY_LEN];
        uint64_t lifetime_ms;
        pa_use none;
        memset(&none, 0, sizeof none);
        CHECK_STATUS(PA_E_HANDLE, pa_use_key(&none, key, &lifetime_ms));
        CHECK_STATUS(PA_E_NULL, pa_use_key(&none, NULL, &lifetime_ms));
        CHECK_STATUS(PA_E_NULL, pa_use_key(NULL, key, &lifetime_ms));
        CHECK_STATUS(PA_E_OVERLAP, pa_use_key(&none, (uint8_t *)&none, &lifetime_ms));
    }
    pa_window_wipe(NULL);
    pa_gate_wipe(NULL);
    pa_session_wipe(NULL);
    pa_turn_wipe(NULL);
}

static void session_errors(void)
{
    pa_session session, copy;
    pa_turn turn, other;
    pa_request head = request("CONNECT", "a:1", NULL, 0);
    pa_login login;
    char value_memory[512];
    uint8_t zeros[PA_RANDOM_LEN] = { 0 };
    pa_buffer value = pa_buf(value_memory, sizeof value_memory);
    pa_field lines[1];
    size_t size;
    login.name = pa_str("aladdin");
    login.password = pa_str("open sesame");
    make_session(&session, PA_DIGEST_OR_BASIC, 0);
    memset(&turn, 0, sizeof turn);
#define AUTHORIZE(status) CHECK_STATUS(status, pa_session_authorize(&session, &turn, &head, &login, not_random(), &value))
    AUTHORIZE(PA_E_HANDLE);
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    CHECK_STATUS(PA_E_NULL, pa_turn_init(NULL));
    CHECK_STATUS(PA_E_ORDER, pa_session_receive(&session, &turn, 407, NULL, 0, NULL));
    CHECK_STATUS(PA_E_RANDOM, pa_session_authorize(&session, &turn, &head, &login, zeros, &value));
    CHECK_STATUS(PA_E_NULL, pa_session_authorize(&session, &turn, &head, &login, NULL, &value));
    CHECK_STATUS(PA_E_NULL, pa_session_authorize(&session, &turn, &head, NULL, not_random(), &value));
    CHECK_STATUS(PA_E_NULL, pa_session_authorize(&session, &turn, NULL, &login, not_random(), &value));
    CHECK_STATUS(PA_E_NULL, pa_session_authorize(&session, &turn, &head, &login, not_random(), NULL));
    CHECK_STATUS(PA_E_NULL, pa_session_authorize(NULL, &turn, &head, &login, not_random(), &value));
    CHECK_STATUS(PA_E_NULL, pa_session_authorize(&session, NULL, &head, &login, not_random(), &value));
    CHECK_STATUS(PA_E_OVERLAP, pa_session_authorize(&session, (pa_turn *)&session, &head, &login, not_random(), &value));
    login.password = pa_str("\xff");
    AUTHORIZE(PA_E_UTF8);
    login.password = pa_str("open sesame");
    memcpy(&copy, &session, sizeof session);
    CHECK_STATUS(PA_E_HANDLE, pa_session_authorize(&copy, &turn, &head, &login, not_random(), &value));
    AUTHORIZE(PA_OK);
    CHECK(value.len == 0);
    memcpy(&other, &turn, sizeof turn);
    lines[0] = field("Proxy-Authenticate", "Digest realm=\"a\", nonce=\"b\", qop=\"auth\", algorithm=SHA-256");
    CHECK_STATUS(PA_E_HANDLE, pa_session_receive(&session, &other, 407, lines, 1, NULL));
    CHECK_STATUS(PA_E_ARGUMENT, pa_session_receive(&session, &turn, 0, lines, 1, NULL));
    CHECK_STATUS(PA_E_ARGUMENT, pa_session_receive(&session, &turn, 100, lines, 1, NULL));
    CHECK_STATUS(PA_E_ARGUMENT, pa_session_receive(&session, &turn, 65536 + 407, lines, 1, NULL));
    CHECK_STATUS(PA_E_NULL, pa_session_receive(&session, &turn, 407, NULL, 1, NULL));
    CHECK_STATUS(PA_E_OVERLAP, pa_session_receive(&session, &turn, 407, (pa_field *)&session, 1, NULL));
    CHECK_STATUS(PA_E_OVERLAP, pa_session_receive(&session, &turn, 407, lines, 1, (uint32_t *)lines));
    CHECK_STATUS(PA_AGAIN, pa_session_receive(&session, &turn, 407, lines, 1, NULL));
    /* One response for one request. */
    CHECK_STATUS(PA_E_ORDER, pa_session_receive(&session, &turn, 200, NULL, 0, NULL));
    /* Every size of the value; a value that was not written is not one that was sent. */
    for (size = 0; size < 300; size++) {
        pa_status status;
        value = pa_buf(value_memory, size);
        status = pa_session_authorize(&session, &turn, &head, &login, not_random(), &value);
        if (status == PA_OK)
            break;
        CHECK_STATUS(PA_E_SIZE, status);
        CHECK(value.len > size);
        CHECK_STATUS(PA_E_ORDER, pa_session_receive(&session, &turn, 200, NULL, 0, NULL));
    }
    CHECK(size > 100 && size < 300 && value.len == size - 1);
    CHECK_STATUS(PA_OK, pa_session_receive(&session, &turn, 200, NULL, 0, NULL));
    CHECK_STATUS(PA_E_ORDER, pa_session_receive(&session, &turn, 200, NULL, 0, NULL));
    value = pa_buf(value_memory, sizeof value_memory);
    AUTHORIZE(PA_E_ORDER);
    /* A turn of another session. */
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    AUTHORIZE(PA_OK);
    make_session(&copy, PA_BASIC_ONLY, 0);
    CHECK_STATUS(PA_GAVE_UP, pa_session_receive(&copy, &turn, 200, NULL, 0, NULL));
    /* A name that would begin another header field. */
    login.name = pa_str("a\r\nX: y");
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    AUTHORIZE(PA_GAVE_UP);
    CHECK(value_memory[0] == 0);
}

/* A call that never ended, as in a process that was killed. The second word of a handle says that a call uses it. */
static void busy(void)
{
    pa_session session;
    pa_turn turn;
    pa_request head = request("CONNECT", "a:1", NULL, 0);
    pa_login login;
    char value_memory[64];
    pa_buffer value = pa_buf(value_memory, sizeof value_memory);
    uint32_t in_use = 1;
    login.name = pa_str("aladdin");
    login.password = pa_str("open sesame");
    make_session(&session, PA_DIGEST_ONLY, 0);
    CHECK_STATUS(PA_OK, pa_turn_init(&turn));
    AUTHORIZE(PA_OK);
    memcpy(&session.private_words[1], &in_use, sizeof in_use);
    CHECK_STATUS(PA_E_BUSY, pa_session_forget_login(&session));
    AUTHORIZE(PA_E_BUSY);
    CHECK_STATUS(PA_E_BUSY, pa_session_receive(&session, &turn, 200, NULL, 0, NULL));
    make_session(&session, PA_DIGEST_ONLY, 0);
    AUTHORIZE(PA_OK);
    memcpy(&turn.private_words[1], &in_use, sizeof in_use);
    AUTHORIZE(PA_E_BUSY);
    /* The session is not busy after a call that failed. */
    CHECK_STATUS(PA_OK, pa_session_forget_login(&session));
}

static void reader_errors(void)
{
    pa_reader reader;
    pa_item item;
    pa_param param;
    pa_string value = pa_str("Basic realm=\"a \\\"b\\\"\"");
    char text[64];
    pa_buffer buffer = pa_buf(text, sizeof text);
    memset(&reader, 0, sizeof reader);
    CHECK_STATUS(PA_E_HANDLE, pa_reader_next(&reader, &item));
    CHECK_STATUS(PA_E_ARGUMENT, pa_reader_init(&reader, 0, PA_STRICT, value));
    CHECK_STATUS(PA_E_ARGUMENT, pa_reader_init(&reader, PA_CHALLENGES, 2, value));
    CHECK_STATUS(PA_E_NULL, pa_reader_init(NULL, PA_CHALLENGES, PA_STRICT, value));
    CHECK_STATUS(PA_OK, pa_reader_init(&reader, PA_CHALLENGES, PA_STRICT, value));
    CHECK_STATUS(PA_E_ORDER, pa_reader_param(&reader, &param));
    CHECK_STATUS(PA_E_ORDER, pa_reader_value(&reader, &buffer));
    CHECK_STATUS(PA_E_ORDER, pa_reader_text(&reader, &buffer, NULL));
    CHECK_STATUS(PA_E_NULL, pa_reader_next(&reader, NULL));
    CHECK_STATUS(PA_E_OVERLAP, pa_reader_next(&reader, (pa_item *)&reader));
    CHECK_STATUS(PA_OK, pa_reader_next(&reader, &item));
    CHECK_STATUS(PA_E_ORDER, pa_reader_value(&reader, &buffer));
    CHECK_STATUS(PA_OK, pa_reader_param(&reader, &param));
    CHECK(is_text(param.name, "realm") && is_text(param.raw, "a \\\"b\\\"") && param.offset == 12);
    CHECK_STATUS(PA_E_OVERLAP, (buffer = pa_buf((char *)&reader, sizeof reader), pa_reader_value(&reader, &buffer)));
    CHECK_STATUS(PA_OK, (buffer = pa_buf(text, sizeof text), pa_reader_value(&reader, &buffer)));
    CHECK(strcmp(text, "a \"b\"") == 0);
    CHECK_STATUS(PA_E_LENGTH, (value.len = SIZE_MAX, pa_reader_init(&reader, PA_INFO, PA_STRICT, value)));
    CHECK_STATUS(PA_END, pa_reader_next(&reader, &item));
    CHECK_STATUS(PA_E_ARGUMENT, pa_reader_init(&reader, 4, PA_STRICT, pa_str("x")));
    CHECK_STATUS(PA_E_HANDLE, pa_reader_next(&reader, &item));
}

static void hash_errors(void)
{
    char digits[65];
    pa_buffer buffer = pa_buf(digits, sizeof digits);
    CHECK_STATUS(PA_E_ARGUMENT, pa_userhash(PA_BASIC, pa_str("a"), pa_str("b"), &buffer));
    CHECK_STATUS(PA_E_TEXT, pa_userhash(PA_DIGEST_MD5, pa_str("a\n"), pa_str("b"), &buffer));
    CHECK_STATUS(PA_E_SECRET, pa_password_hash(PA_DIGEST_MD5, pa_str("a"), pa_str("b"), pa_str(""), &buffer));
    CHECK_STATUS(PA_E_NULL, pa_userhash(PA_DIGEST_MD5, pa_str("a"), pa_str("b"), NULL));
    buffer.size = 64;
    CHECK_STATUS(PA_E_SIZE, pa_userhash(PA_DIGEST_SHA_256, pa_str("a"), pa_str("b"), &buffer));
    CHECK(buffer.len == 65);
    CHECK_STATUS(PA_E_OVERLAP, pa_userhash(PA_DIGEST_SHA_256, pa_str(digits), buffer.len ? (pa_string){ digits, 3 } : pa_str(""), &buffer));
    CHECK(pa_abi_version() == PA_ABI_VERSION);
    CHECK(strcmp(pa_status_text(PA_E_BUSY), "another call uses the handle") == 0);
    CHECK(strcmp(pa_status_text(4711), "unknown status") == 0);
}

int main(void)
{
    config_errors();
    check_errors();
    sizes();
    window_errors();
    session_errors();
    busy();
    reader_errors();
    hash_errors();
    puts("errors: ok");
    return 0;
}
