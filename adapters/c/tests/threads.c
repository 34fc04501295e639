/* Threads share a gate. They share a window under a lock; without one, calls are refused, but no answer passes twice. */
#include <pthread.h>

#include "check.h"

#define THREADS 4
#define ANSWERS 200

static pa_gate gate;
static union {
    pa_window window;
    unsigned char bytes[PA_WINDOW_SIZE(64)];
} memory;
static char answers[ANSWERS][512];
static int passed[ANSWERS], is_locked;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, count_lock = PTHREAD_MUTEX_INITIALIZER;

static int32_t admit(void *context, const pa_use *nonce_use)
{
    int32_t answer;
    if (is_locked)
        pthread_mutex_lock(&lock);
    answer = pa_window_admit(context, nonce_use);
    if (is_locked)
        pthread_mutex_unlock(&lock);
    return answer;
}

static void *try_all(void *unused)
{
    size_t i;
    (void)unused;
    for (i = 0; i < ANSWERS; i++) {
        pa_field line = field("Proxy-Authorization", answers[i]);
        pa_request head = request("CONNECT", "a:1", &line, 1);
        pa_account user = account("aladdin", "open sesame");
        pa_store store;
        pa_refusal refusal;
        pa_moment now;
        pa_status status;
        store.admit = admit;
        store.context = &memory.window;
        now.now_ms = NOW_MS;
        now.unique = i;
        status = pa_gate_check(&gate, &head, &user, &store, now, NULL, &refusal);
        pthread_mutex_lock(&count_lock);
        if (status == PA_OK)
            passed[i]++;
        else
            CHECK(status == PA_REFUSED && refusal.reason == PA_REASON_REPLAYED);
        pthread_mutex_unlock(&count_lock);
    }
    return NULL;
}

static int run(void)
{
    static const uint32_t offers[] = { PA_DIGEST_SHA_256 };
    pthread_t threads[THREADS];
    pa_session session;
    pa_login login;
    size_t i;
    int sum = 0;
    make_gate(&gate, offers, 1, 0);
    CHECK_STATUS(PA_OK, pa_window_init(&memory.window, sizeof memory, &gate, NOW_MS - 1));
    memset(passed, 0, sizeof passed);
    login.name = pa_str("aladdin");
    login.password = pa_str("open sesame");
    make_session(&session, PA_DIGEST_ONLY, 0);
    for (i = 0; i < ANSWERS; i++) {
        pa_request head = request("CONNECT", "a:1", NULL, 0);
        pa_turn turn;
        pa_buffer value = pa_buf(answers[i], sizeof answers[i]);
        CHECK_STATUS(PA_OK, pa_turn_init(&turn));
        CHECK_STATUS(PA_OK, pa_session_authorize(&session, &turn, &head, &login, not_random(), &value));
        if (value.len == 0) {
            char challenge[512];
            pa_buffer buffer = pa_buf(challenge, sizeof challenge);
            pa_refusal refusal;
            pa_field line;
            CHECK_STATUS(PA_REFUSED, pa_gate_check(&gate, &head, NULL, &(pa_store){ admit, NULL }, moment(NOW_MS), NULL, &refusal));
            CHECK_STATUS(PA_OK, pa_refusal_challenge(&refusal, &gate, 0, &buffer));
            line = field("Proxy-Authenticate", challenge);
            CHECK_STATUS(PA_AGAIN, pa_session_receive(&session, &turn, 407, &line, 1, NULL));
            value = pa_buf(answers[i], sizeof answers[i]);
            CHECK_STATUS(PA_OK, pa_session_authorize(&session, &turn, &head, &login, not_random(), &value));
        }
        CHECK(value.len > 0);
    }
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, try_all, NULL) == 0);
    for (i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    for (i = 0; i < ANSWERS; i++) {
        CHECK(passed[i] <= 1);
        sum += passed[i];
    }
    return sum;
}

int main(void)
{
    int sum;
    is_locked = 0;
    sum = run();
    printf("threads: without a lock, %d of %d passed, none twice\n", sum, ANSWERS);
    /* With a lock, each passes once, unless another thread is more than 63 counts ahead. */
    is_locked = 1;
    sum = run();
    CHECK(sum > 0 && sum <= ANSWERS);
    printf("threads: with a lock, %d of %d passed, none twice: ok\n", sum, ANSWERS);
    return 0;
}
