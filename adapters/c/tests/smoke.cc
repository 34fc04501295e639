// The header, with a C++ compiler: a gate, a session and an exception that does not reach the library.
#include <cstdlib>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "proxy_auth.h"

static void check(bool is_true, const char *what)
{
    if (!is_true) {
        std::cerr << "not true: " << what << '\n';
        std::abort();
    }
}
#define CHECK(condition) check(condition, #condition)

static pa_string view(const std::string &text) { return { text.data(), text.size() }; }

extern "C" int32_t admit(void *context, const pa_use *use)
{
    try {
        uint8_t key[PA_USE_KEY_LEN];
        uint64_t lifetime_ms;
        if (pa_use_key(use, key, &lifetime_ms) != PA_OK)
            return PA_USED;
        static_cast<std::vector<std::string> *>(context)->emplace_back(key, key + sizeof key);
        throw std::bad_alloc();
    } catch (...) {
        return PA_USED;
    }
}

int main()
{
    pa_gate gate;
    pa_gate_config config = PA_GATE_CONFIG;
    const uint32_t offers[] = { PA_BASIC };
    config.secrets = PA_PASSWORDS;
    config.realm = PA_STR("apps");
    config.offers = offers;
    config.offers_len = 1;
    CHECK(pa_gate_init(&gate, &config) == PA_OK);

    const std::string value = "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    const pa_field field = { PA_STR("Proxy-Authorization"), view(value) };
    const pa_request request = { PA_STR("GET"), PA_STR("http://example.com/"), &field, 1, PA_HTTP_1_1, 0 };
    const pa_account account = { PA_STR("aladdin"), PA_PASSWORDS, PA_STR("open sesame"), nullptr, 0 };
    std::vector<std::string> used;
    const pa_store store = { admit, &used };
    pa_refusal refusal;
    CHECK(pa_gate_check(&gate, &request, &account, &store, { 1445412480000, 1 }, nullptr, &refusal) == PA_OK);
    CHECK(pa_gate_check(&gate, &request, nullptr, &store, { 1445412480000, 2 }, nullptr, &refusal) == PA_REFUSED);
    CHECK(refusal.reason == PA_REASON_UNKNOWN_USER && used.empty());

    std::vector<char> message(1);
    pa_buffer buffer = pa_buf(message.data(), message.size());
    CHECK(pa_refusal_message(&refusal, &gate, &buffer) == PA_E_SIZE);
    message.resize(buffer.len);
    buffer = pa_buf(message.data(), message.size());
    CHECK(pa_refusal_message(&refusal, &gate, &buffer) == PA_OK);
    CHECK(std::string(message.data()).find("HTTP/1.1 407 ") == 0);
    pa_gate_wipe(&gate);
    std::cout << "smoke: ok\n";
}
