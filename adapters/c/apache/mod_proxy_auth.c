/* Authentication for forward proxies of Apache httpd: Digest with SHA-256 and MD5, and Basic.
 *
 *     LoadModule proxy_auth_module modules/mod_proxy_auth.so
 *     ProxyAuthUsers /etc/apache2/proxy.users apps
 *     <Proxy "*">
 *         AuthType ProxyAuth
 *         AuthName apps
 *         Require valid-user
 *     </Proxy>
 *
 * The file of users has the lines of htdigest, "name:realm:digits", two for each user: 32 digits for MD5, 64 for SHA-256. All processes
 * share a replay window. A restart, even a graceful one, creates a new key: clients then need one more round trip.
 */
#include "httpd.h" /* before all others */

#include "apr_atomic.h"
#include "apr_shm.h"
#include "apr_strings.h"
#include "http_config.h"
#include "http_core.h"
#include "http_log.h"
#include "http_request.h"
#include "proxy_auth.h"
#include "util_mutex.h"

extern module AP_MODULE_DECLARE_DATA proxy_auth_module;
APLOG_USE_MODULE(proxy_auth);

struct user {
    pa_account account;
    pa_hash hashes[2];
};

/* The configuration, and what is made of it before the processes are forked. */
static const char *users_file, *realm;
static int slots, max_age_s, allows_basic;
static apr_hash_t *by_name, *by_userhash;
static pa_gate gate;
static pa_window *window;
static apr_size_t window_size;
static apr_global_mutex_t *mutex;
static apr_uint32_t counter;

static const char *set_users(cmd_parms *cmd, void *unused, const char *file, const char *name)
{
    (void)unused;
    users_file = ap_server_root_relative(cmd->pool, file);
    realm = name;
    return ap_check_cmd_context(cmd, GLOBAL_ONLY);
}

static const char *set_number(cmd_parms *cmd, void *unused, const char *text)
{
    int number = atoi(text);
    (void)unused;
    if (*text < '0' || *text > '9' || number < 0 || number > 10000000)
        return "expected a number from 0 to 10000000";
    *(int *)cmd->info = number;
    return ap_check_cmd_context(cmd, GLOBAL_ONLY);
}

static const command_rec commands[] = {
    AP_INIT_TAKE2("ProxyAuthUsers", set_users, NULL, RSRC_CONF, "the file of users, and the realm"),
    AP_INIT_TAKE1("ProxyAuthBasic", set_number, &allows_basic, RSRC_CONF, "1 to offer Basic after Digest, 0 by default"),
    AP_INIT_TAKE1("ProxyAuthSlots", set_number, &slots, RSRC_CONF, "nonces in the replay window; 4096 by default"),
    AP_INIT_TAKE1("ProxyAuthMaxAge", set_number, &max_age_s, RSRC_CONF, "lifetime of nonces in seconds; 300 by default"),
    { NULL },
};

static int pre_config(apr_pool_t *conf, apr_pool_t *log, apr_pool_t *temp)
{
    (void)log, (void)temp;
    users_file = NULL;
    window = NULL;
    slots = 4096, max_age_s = 300, allows_basic = 0;
    return ap_mutex_register(conf, "proxy-auth", NULL, APR_LOCK_DEFAULT, 0) == APR_SUCCESS ? OK : !OK;
}

/* Adds a line of the file of users. Returns what is wrong with it. */
static const char *add_user(apr_pool_t *conf, char *line)
{
    char *rest, *name = apr_strtok(line, ":", &rest), *of = apr_strtok(NULL, ":", &rest), *digits = apr_strtok(NULL, "", &rest);
    pa_buffer userhash = pa_buf(apr_palloc(conf, 65), 65);
    struct user *user;
    pa_hash *hash;
    if (name == NULL || of == NULL || digits == NULL || (strlen(digits) != 32 && strlen(digits) != 64))
        return "expected name:realm:digits";
    if (strcmp(of, realm) != 0)
        return NULL;
    user = apr_hash_get(by_name, name, APR_HASH_KEY_STRING);
    if (user == NULL) {
        user = apr_pcalloc(conf, sizeof *user);
        user->account = (pa_account){ .name = pa_str(name), .kind = PA_HASHES, .hashes = user->hashes };
        apr_hash_set(by_name, name, APR_HASH_KEY_STRING, user);
    }
    if (user->account.hashes_len == 2)
        return "a third hash of a user";
    hash = &user->hashes[user->account.hashes_len++];
    *hash = (pa_hash){ strlen(digits) == 32 ? PA_DIGEST_MD5 : PA_DIGEST_SHA_256, pa_str(digits) };
    if (pa_userhash(hash->algorithm, pa_str(name), pa_str(realm), &userhash) != PA_OK)
        return "a name that no client can send";
    apr_hash_set(by_userhash, userhash.ptr, APR_HASH_KEY_STRING, user);
    return NULL;
}

static uint64_t now_ms(void) { return (uint64_t)apr_time_as_msec(apr_time_now()); }

static int post_config(apr_pool_t *conf, apr_pool_t *log, apr_pool_t *temp, server_rec *server)
{
    static const uint32_t offers[] = { PA_DIGEST_SHA_256, PA_DIGEST_MD5, PA_BASIC };
    uint8_t key[PA_KEY_LEN];
    apr_shm_t *memory;
    ap_configfile_t *file;
    char line[1024];
    const char *wrong = NULL;
    pa_status status;
    (void)log, (void)temp;
    window_size = PA_WINDOW_SIZE(slots < 8 ? 8 : slots);
    if (users_file == NULL || ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG)
        return OK;
    by_name = apr_hash_make(conf);
    by_userhash = apr_hash_make(conf);
    if (ap_pcfg_openfile(&file, conf, users_file) != APR_SUCCESS)
        wrong = "cannot be opened";
    while (wrong == NULL && ap_cfg_getline(line, sizeof line, file) == APR_SUCCESS)
        wrong = *line == 0 ? NULL : add_user(conf, apr_pstrdup(conf, line));
    if (wrong == NULL) {
        ap_cfg_closefile(file);
        if (apr_generate_random_bytes(key, sizeof key) != APR_SUCCESS)
            wrong = "no random bytes";
        else if (apr_shm_create(&memory, window_size, NULL, conf) != APR_SUCCESS)
            wrong = "no shared memory";
        else if (ap_global_mutex_create(&mutex, NULL, "proxy-auth", NULL, server, conf, 0) != APR_SUCCESS)
            wrong = "no mutex";
    }
    if (wrong == NULL) {
        pa_gate_config config = {
            PA_ABI_VERSION, PA_HASHES, pa_str(realm), offers, allows_basic ? 3 : 2, key, NULL, (uint64_t)max_age_s * 1000, PA_USERHASH
        };
        window = apr_shm_baseaddr_get(memory);
        status = pa_gate_init(&gate, &config);
        if (status == PA_OK)
            status = pa_window_init(window, window_size, &gate, now_ms());
        wrong = status == PA_OK ? NULL : pa_status_text(status);
    }
    if (wrong != NULL)
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, server, "ProxyAuthUsers %s: %s", users_file, wrong);
    return wrong == NULL ? OK : !OK;
}

static void child_init(apr_pool_t *pool, server_rec *server)
{
    if (mutex != NULL && apr_global_mutex_child_init(&mutex, apr_global_mutex_lockfile(mutex), pool) != APR_SUCCESS)
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, server, "the mutex of the replay window");
}

/* The store of used answers: the window in shared memory, under a lock. */
static int32_t admit(void *context, const pa_use *use)
{
    int32_t answer;
    if (apr_global_mutex_lock(mutex) != APR_SUCCESS)
        return PA_USED;
    answer = pa_window_admit(window, use);
    /* A process that held the lock has died in the call. An empty window makes all known nonces stale, so nothing is accepted twice. */
    if (answer == PA_E_BUSY && pa_window_init(window, window_size, &gate, now_ms()) != PA_OK)
        ap_log_rerror(APLOG_MARK, APLOG_CRIT, 0, (request_rec *)context, "the replay window cannot be created again");
    apr_global_mutex_unlock(mutex);
    return answer;
}

static int add_field(void *context, const char *name, const char *value)
{
    *(pa_field *)apr_array_push(context) = (pa_field){ pa_str(name), pa_str(value) };
    return 1;
}

/* Returns the account of the user that the client claims to be, or NULL. */
static const pa_account *find_account(request_rec *r, const pa_request *request)
{
    pa_buffer buffer = pa_buf(apr_palloc(r->pool, PA_MAX_CREDENTIALS + 1), PA_MAX_CREDENTIALS + 1);
    pa_claim claim;
    struct user *user;
    if (pa_gate_claim(&gate, request, &buffer, &claim) != PA_OK)
        return NULL;
    user = apr_hash_get(claim.is_userhash ? by_userhash : by_name, claim.user.ptr, (apr_ssize_t)claim.user.len);
    return user == NULL ? NULL : &user->account;
}

static int check_authn(request_rec *r)
{
    const char *type = ap_auth_type(r), *sent = apr_table_get(r->headers_in, "Proxy-Authorization");
    request_rec *first = r->main != NULL ? r->main : r->prev;
    apr_array_header_t *fields;
    const pa_account *account;
    pa_request request;
    pa_store store = { admit, r };
    pa_moment moment;
    pa_refusal refusal;
    size_t size = (sent == NULL ? 0 : strlen(sent)) + 257;
    pa_buffer info = pa_buf(apr_palloc(r->pool, size), size);
    pa_status status;
    char text[1024];
    if (type == NULL || strcasecmp(type, "ProxyAuth") != 0)
        return DECLINED;
    if (window == NULL || r->proxyreq != PROXYREQ_PROXY) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "AuthType ProxyAuth is for forward proxies, with ProxyAuthUsers");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    /* A part of a request that has passed. Its answer cannot be used again. */
    if (first != NULL && ap_get_module_config(first->request_config, &proxy_auth_module) != NULL) {
        r->user = ap_get_module_config(first->request_config, &proxy_auth_module);
        ap_set_module_config(r->request_config, &proxy_auth_module, r->user);
        return OK;
    }
    fields = apr_array_make(r->pool, 16, sizeof(pa_field));
    apr_table_do(add_field, fields, r->headers_in, NULL);
    request = (pa_request){ pa_str(r->method), pa_str(r->unparsed_uri), (const pa_field *)fields->elts, (size_t)fields->nelts,
                            r->proto_num >= 2000 ? PA_HTTP_2 : r->proto_num >= 1001 ? PA_HTTP_1_1 : PA_HTTP_1_0,
                            1 /* drained by ap_die, for all errors */ };
    account = find_account(r, &request);
    moment = (pa_moment){ now_ms(), ((uint64_t)getpid() << 32) | apr_atomic_inc32(&counter) };
    status = pa_gate_check(&gate, &request, account, &store, moment, &info, &refusal);
    if (status == PA_OK) {
        r->user = apr_pstrmemdup(r->pool, account->name.ptr, account->name.len);
        r->ap_auth_type = "ProxyAuth";
        ap_set_module_config(r->request_config, &proxy_auth_module, r->user);
        apr_table_unset(r->headers_in, "Proxy-Authorization");
        if (info.len > 0)
            apr_table_setn(r->err_headers_out, "Proxy-Authentication-Info", info.ptr);
        return OK;
    }
    if (status == PA_E_TEXT || status == PA_E_UTF8) /* the request line */
        return HTTP_BAD_REQUEST;
    if (status != PA_REFUSED) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "%s", pa_status_text(status));
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    for (size_t i = 0; i < 3; i++) {
        pa_buffer value = pa_buf(text, sizeof text);
        if (pa_refusal_challenge(&refusal, &gate, i, &value) == PA_OK)
            apr_table_add(r->err_headers_out, "Proxy-Authenticate", text);
    }
    info = pa_buf(text, sizeof text);
    if (refusal.reason != PA_REASON_MISSING && pa_refusal_text(&refusal, &info) == PA_OK)
        ap_log_rerror(APLOG_MARK, refusal.is_guess ? APLOG_WARNING : APLOG_INFO, 0, r, "refused: %s", text);
    return HTTP_PROXY_AUTHENTICATION_REQUIRED;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_pre_config(pre_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_authn(check_authn, NULL, NULL, APR_HOOK_MIDDLE, AP_AUTH_INTERNAL_PER_CONF);
}

module AP_MODULE_DECLARE_DATA proxy_auth_module = { STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, commands, register_hooks, 0 };
