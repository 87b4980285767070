#include "net/http_client.h"

#include "base/buf.h"
#include "base/file.h"
#include "crypto/certificate.h"
#include "net/loop.h"
#include "net/net_int.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

struct call {
  struct http_client *client;
  struct call *prev, *next;
  struct arena *arena;
  CURL *easy;
  struct curl_slist *headers;
  enum http_lax lax;
  struct buf body, head; /* head: header lines of the answer; not kept for a fetch */
  const char *url;
  int64_t timeout_ms;
  void (*done)(void *, const struct http_answer *);
  void (*progress)(void *, int64_t got, int64_t total); /* NULL: nobody looks */
  void *payload;
  bool fetch;                   /* http_fetch, not http_send */
  bool link_local;              /* its name led to such an address */
  char detail[CURL_ERROR_SIZE]; /* what libcurl adds to the code */
};

/* A socket of libcurl's that the loop watches for it. */
struct sock {
  struct http_client *client;
  struct sock *prev, *next;
  curl_socket_t fd;
  struct loop_fd *watch;
};

struct http_client {
  struct loop *loop;
  CURLM *multi;
  struct loop_timer *timer;
  struct call *calls;
  struct sock *socks;
  size_t busy;
  bool delivering; /* inside a done callback */
  bool closed;     /* closed by one: freed when it returns */
};

/* ---- one call ---- */

static void call_free(struct call *k) {
  struct http_client *c = k->client;
  *(k->prev ? &k->prev->next : &c->calls) = k->next;
  if (k->next) k->next->prev = k->prev;
  c->busy--;
  curl_multi_remove_handle(c->multi, k->easy);
  curl_easy_cleanup(k->easy);
  curl_slist_free_all(k->headers);
  buf_release(&k->body);
  buf_release(&k->head);
  arena_free(k->arena);
}

static size_t call_body(char *p, size_t size, size_t n, void *payload) {
  struct call *k = payload;
  buf_add(&k->body, (struct str){p, size * n});
  return k->body.full ? 0 : size * n;
}

/* Each answer begins anew: what an interim one (100) said is not of the last. */
static size_t call_head(char *p, size_t size, size_t n, void *payload) {
  struct call *k = payload;
  struct str line = {p, size * n};
  if (str_starts(line, STR("HTTP/"))) k->head.n = 0;
  if (!str_starts(line, STR("HTTP/"))) buf_add(&k->head, line);
  return size * n;
}

static const char *connect_failure(const struct call *k) {
  if (k->link_local)
    return arena_printf(k->arena, "%s leads to a link-local address, which is not asked from here", k->url).p;
  long number = 0;
  curl_easy_getinfo(k->easy, CURLINFO_OS_ERRNO, &number);
  if (!number) return arena_printf(k->arena, "%s: could not connect", k->url).p;
  return arena_printf(k->arena, "%s: could not connect: %s", k->url, strerror((int)number)).p;
}

/* What concerns only who fetches: redirects are not followed, and certificates not chosen, by http_send. */
static const char *fetch_failure(const struct call *k, CURLcode code) {
  const char *to = NULL;
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return arena_printf(k->arena, "%s: the certificate of the server is not trusted (%s)", k->url, k->detail).p;
  if (code == CURLE_TOO_MANY_REDIRECTS)
    return arena_printf(k->arena, "%s: more than %d redirects", k->url, HTTP_REDIRECTS_MAX).p;
  if (code != CURLE_UNSUPPORTED_PROTOCOL) return NULL;
  curl_easy_getinfo(k->easy, CURLINFO_EFFECTIVE_URL, &to);
  if (!to || !strcmp(to, k->url)) return NULL;
  return arena_printf(k->arena, "%s: is redirected to %s, and only https is followed", k->url, to).p;
}

#define OTHER_HOST                                                                                                     \
  "the certificate of the system is for another host: use its host name in the address, or give it that name"
#define UNKNOWN_AUTHORITY                                                                                              \
  "the certificate of the system leads to none of the trusted authorities: give its authority as ca, or let it send "  \
  "the whole chain"
#define WEAK_KEY "the key of the system's certificate is too weak: RSA needs 2048 bits"
#define OLD_TLS "the system speaks no TLS 1.2 or later: it has to"
#define HUNG_UP "the system hung up in the handshake: does it speak TLS on that port?"
#define NOT_ACCEPTED "the system does not accept our client certificate"

/* What libcurl and OpenSSL call it, what it means, and what to do: the first row whose word is in the reason. */
static const char *tls_advice(const char *reason) {
  static const struct {
    const char *word, *advice;
  } rows[] = {
      {"certificate has expired", "the certificate of the system has expired: it needs a new one"},
      {"certificate is not yet valid", "the certificate of the system is not valid yet: check it, and the clocks"},
      {"ostname mismatch", OTHER_HOST},
      {"IP address mismatch", OTHER_HOST},
      {"alternative certificate subject name", OTHER_HOST},
      {"does not match target host name", OTHER_HOST},
      {"unable to get local issuer certificate", UNKNOWN_AUTHORITY},
      {"unable to verify the first certificate", UNKNOWN_AUTHORITY},
      {"self-signed certificate", UNKNOWN_AUTHORITY},
      {"self signed certificate", UNKNOWN_AUTHORITY},
      {"certificate signature failure", UNKNOWN_AUTHORITY},
      {"unsuitable certificate purpose", "the certificate of the system is not meant for servers"},
      {"key too weak", WEAK_KEY},
      {"key too small", WEAK_KEY},
      {"md too weak", "the certificate of the system is signed by too weak a digest: SHA-256 is needed"},
      {"unsupported protocol", OLD_TLS},
      {"alert protocol version", OLD_TLS},
      {"no protocols available", OLD_TLS},
      {"wrong version number", "what the system speaks is not TLS on that port: is http meant?"},
      {"SSL_ERROR_SYSCALL", HUNG_UP},
      {"Connection reset by peer", HUNG_UP},
      {"certificate required", "the system wants a client certificate: give cert and key"},
      {"alert unknown ca", "the system does not trust the authority of our client certificate: make it known there"},
      {"alert certificate expired", "the system says that our client certificate has expired"},
      {"alert certificate unknown", NOT_ACCEPTED},
      {"alert bad certificate", NOT_ACCEPTED ", or misses one: give cert and key"},
      {"alert handshake failure",
       "the system found nothing in common with us, or misses a client certificate: give cert and key"},
      {"access denied", NOT_ACCEPTED},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_find(str_z(reason), str_z(rows[i].word), 0) != SIZE_MAX) return rows[i].advice;
  return NULL;
}

static bool is_tls_failure(CURLcode code, const char *detail) {
  static const CURLcode codes[] = {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR,
                                   CURLE_SSL_CERTPROBLEM,          CURLE_SSL_CIPHER,
                                   CURLE_SSL_CACERT_BADFILE,       CURLE_SSL_ISSUER_ERROR};
  if (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR) return str_find(str_z(detail), STR("alert"), 0) != SIZE_MAX;
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
    if (codes[i] == code) return detail[0];
  return false;
}

/* In TLS 1.3 a client certificate is refused after the handshake: that is an error of reading then. */
static const char *tls_failure(const struct call *k, CURLcode code) {
  if (!is_tls_failure(code, k->detail)) return NULL;
  const char *advice = tls_advice(k->detail);
  if (!advice) return arena_printf(k->arena, "%s: no TLS (%s)", k->url, k->detail).p;
  return arena_printf(k->arena, "%s: %s (%s)", k->url, advice, k->detail).p;
}

/* There clouds keep the secrets of a machine, and whoever has a name of his own can let it lead there. */
static curl_socket_t open_socket(void *payload, curlsocktype purpose, struct curl_sockaddr *to) {
  struct call *k = payload;
  const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)&to->addr)->sin6_addr;
  const unsigned char *four = (const unsigned char *)&((const struct sockaddr_in *)(const void *)&to->addr)->sin_addr;
  if (to->family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(six)) four = six->s6_addr + 12;
  bool is_four = to->family == AF_INET || four == six->s6_addr + 12;
  (void)purpose;
  k->link_local = is_four ? four[0] == 169 && four[1] == 254 : to->family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(six);
  return k->link_local ? CURL_SOCKET_BAD : socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static const char *call_failure(const struct call *k, CURLcode code) {
  const char *own = k->fetch ? fetch_failure(k, code) : tls_failure(k, code);
  if (own) return own;
  if (k->body.full || code == CURLE_FILESIZE_EXCEEDED)
    return arena_printf(k->arena, "%s: the answer is larger than %zu bytes", k->url, k->body.max).p;
  if (code == CURLE_OPERATION_TIMEDOUT)
    return arena_printf(k->arena, "%s: no answer within %lld ms", k->url, (long long)k->timeout_ms).p;
  if (code == CURLE_COULDNT_RESOLVE_HOST) return arena_printf(k->arena, "%s: the host was not found", k->url).p;
  if (code == CURLE_PARTIAL_FILE) return arena_printf(k->arena, "%s: the answer broke off", k->url).p;
  if (code == CURLE_COULDNT_CONNECT) return connect_failure(k);
  const char *why = k->fetch && k->detail[0] ? k->detail : curl_easy_strerror(code);
  return arena_printf(k->arena, "%s: %s", k->url, why).p;
}

static void call_answer(struct call *k, CURLcode code) {
  struct http_answer answer = {0};
  long status = 0;
  char *type = NULL;
  if (code == CURLE_OK) {
    curl_easy_getinfo(k->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(k->easy, CURLINFO_CONTENT_TYPE, &type);
    answer.status = (int)status;
    answer.content_type = str_z(type);
    answer.headers = buf_str(&k->head);
    answer.body = buf_str(&k->body);
  } else {
    answer.failure = call_failure(k, code);
  }
  k->done(k->payload, &answer);
}

/* ---- driving libcurl ---- */

static void client_free(struct http_client *c) {
  while (c->calls) call_free(c->calls);
  curl_multi_cleanup(c->multi);
  loop_cancel(c->loop, c->timer);
  while (c->socks) {
    struct sock *s = c->socks;
    c->socks = s->next;
    loop_unwatch(c->loop, s->watch);
    free(s);
  }
  free(c);
  curl_global_cleanup();
}

static void deliver(struct http_client *c) {
  int left;
  CURLMsg *m;
  c->delivering = true;
  while (!c->closed && (m = curl_multi_info_read(c->multi, &left))) {
    if (m->msg != CURLMSG_DONE) continue;
    struct call *k = NULL;
    CURLcode code = m->data.result;
    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&k);
    call_answer(k, code);
    call_free(k);
  }
  c->delivering = false;
  if (c->closed) client_free(c);
}

static void on_timeout(void *payload) {
  struct http_client *c = payload;
  int running;
  c->timer = NULL;
  curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  deliver(c);
}

static int set_timer(CURLM *multi, long ms, void *payload) {
  struct http_client *c = payload;
  (void)multi;
  loop_cancel(c->loop, c->timer);
  c->timer = ms < 0 ? NULL : loop_after(c->loop, ms, on_timeout, c);
  return 0;
}

static void on_socket(void *payload, uint32_t events) {
  struct sock *s = payload;
  struct http_client *c = s->client;
  int running, what = 0;
  if (events & (EPOLLIN | EPOLLHUP)) what |= CURL_CSELECT_IN;
  if (events & EPOLLOUT) what |= CURL_CSELECT_OUT;
  if (events & EPOLLERR) what |= CURL_CSELECT_ERR;
  curl_multi_socket_action(c->multi, s->fd, what, &running);
  deliver(c);
}

static struct sock *sock_new(struct http_client *c, curl_socket_t fd) {
  struct sock *s = net_alloc(sizeof *s);
  s->client = c;
  s->fd = fd;
  s->next = c->socks;
  if (s->next) s->next->prev = s;
  c->socks = s;
  curl_multi_assign(c->multi, fd, s);
  return s;
}

static void sock_free(struct sock *s) {
  *(s->prev ? &s->prev->next : &s->client->socks) = s->next;
  if (s->next) s->next->prev = s->prev;
  loop_unwatch(s->client->loop, s->watch);
  free(s);
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *payload, void *known) {
  struct http_client *c = payload;
  struct sock *s = known;
  (void)easy;
  if (what == CURL_POLL_REMOVE) {
    if (s) sock_free(s);
    return 0;
  }
  if (!s) s = sock_new(c, fd);
  loop_unwatch(c->loop, s->watch);
  uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
  s->watch = loop_watch(c->loop, fd, events, on_socket, s);
  return 0;
}

/* ---- opening, closing, sending ---- */

int http_client_open(struct http_client **out, struct loop *l, struct error *e) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT)) return error_set(e, ERR_IO, "cannot start the HTTP client");
  struct http_client *c = net_alloc(sizeof *c);
  c->loop = l;
  c->multi = curl_multi_init();
  if (!c->multi) BUG("out of memory");
  curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
  curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
  curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, set_timer);
  curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
  *out = c;
  return 0;
}

void http_client_close(struct http_client *c) {
  if (!c) return;
  c->closed = true;
  if (!c->delivering) client_free(c);
}

static void set_body(struct call *k, struct str method, struct str body) {
  if (str_eqz(method, "HEAD"))
    curl_easy_setopt(k->easy, CURLOPT_NOBODY, 1L);
  else if (body.n > 0 || str_eqz(method, "POST") || str_eqz(method, "PUT") || str_eqz(method, "PATCH")) {
    curl_easy_setopt(k->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
    curl_easy_setopt(k->easy, CURLOPT_COPYPOSTFIELDS, body.n > 0 ? body.p : "");
  }
  curl_easy_setopt(k->easy, CURLOPT_CUSTOMREQUEST, arena_z(k->arena, method));
}

static bool is_token(struct str s) {
  static const char others[] = "!#$%&'*+-.^_`|~";
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!plain && str_index(str_z(others), c) == SIZE_MAX) return false;
  }
  return s.n > 0;
}

/* RFC 9110 section 5. */
bool http_header_valid(struct str name, struct str value) {
  for (size_t i = 0; i < value.n; i++)
    if ((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') return false;
  return is_token(name);
}

static void add_header(struct call *k, const char *line) {
  struct curl_slist *more = curl_slist_append(k->headers, line);
  if (!more) BUG("out of memory");
  k->headers = more;
}

static void set_headers(struct call *k, const struct http_call *o) {
  /* Without "Expect:" libcurl waits a second for a 100 that many servers never send. */
  add_header(k, "Expect:");
  bool typed = o->content_type && *o->content_type;
  add_header(k, typed ? arena_printf(k->arena, "Content-Type: %s", o->content_type).p : "Content-Type:");
  for (size_t i = 0; i < o->headers_n; i++) {
    struct str name = o->headers[i].name, value = o->headers[i].value;
    /* libcurl sends a header without a value only when a semicolon ends its name. */
    add_header(k, value.n ? arena_printf(k->arena, "%.*s: %.*s", STR_F(name), STR_F(value)).p
                          : arena_printf(k->arena, "%.*s;", STR_F(name)).p);
  }
  curl_easy_setopt(k->easy, CURLOPT_HTTPHEADER, k->headers);
  buf_init(&k->head, HTTP_HEAD_MAX);
  curl_easy_setopt(k->easy, CURLOPT_HEADERFUNCTION, call_head);
  curl_easy_setopt(k->easy, CURLOPT_HEADERDATA, k);
}

static void set_options(struct call *k) {
  CURL *h = k->easy;
  curl_easy_setopt(h, CURLOPT_PRIVATE, k);
  curl_easy_setopt(h, CURLOPT_URL, k->url);
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(h, CURLOPT_USERAGENT, "testcamp");
  /* The address under test is spoken to directly, whatever the environment says. */
  curl_easy_setopt(h, CURLOPT_PROXY, "");
  curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, k);
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)k->timeout_ms);
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)k->timeout_ms);
  curl_easy_setopt(h, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)k->body.max);
  curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, call_body);
  curl_easy_setopt(h, CURLOPT_WRITEDATA, k);
  curl_easy_setopt(h, CURLOPT_ERRORBUFFER, k->detail);
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}

/* RFC 9525: the alternative names alone tell for which host a certificate is; libcurl would take its common name too.
 * Where libcurl has another TLS library than OpenSSL, this is not called, and its own check is all there is. */
static CURLcode check_host(CURL *easy, void *context, void *payload) {
  const struct call *k = payload;
  X509_VERIFY_PARAM *p = SSL_CTX_get0_param(context);
  if (k->lax == HTTP_IGNORES_TIME) X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_NO_CHECK_TIME);
  if (k->lax == HTTP_IGNORES_NAME || k->lax == HTTP_TRUSTS_ANYBODY) return CURLE_OK;
  CURLU *url = curl_url();
  char *host = NULL;
  (void)easy;
  if (!url || curl_url_set(url, CURLUPART_URL, k->url, 0) || curl_url_get(url, CURLUPART_HOST, &host, 0)) {
    curl_url_cleanup(url);
    return CURLE_URL_MALFORMAT;
  }
  struct str name = str_z(host);
  bool is_v6 = name.n > 2 && name.p[0] == '[';
  const char *bare = is_v6 ? arena_z(k->arena, str_sub(name, 1, name.n - 1)) : host;
  X509_VERIFY_PARAM_set_hostflags(p, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  bool set = X509_VERIFY_PARAM_set1_ip_asc(p, bare) == 1 || X509_VERIFY_PARAM_set1_host(p, bare, 0) == 1;
  curl_free(host);
  curl_url_cleanup(url);
  return set ? CURLE_OK : CURLE_URL_MALFORMAT;
}

static void set_blob(struct call *k, CURLoption option, struct str pem) {
  struct curl_blob blob = {.data = (void *)(uintptr_t)pem.p, .len = pem.n, .flags = CURL_BLOB_COPY};
  if (pem.n && curl_easy_setopt(k->easy, option, &blob)) BUG("libcurl takes no certificates from memory");
}

static void set_identity(struct call *k, const struct http_identity *id) {
  set_blob(k, CURLOPT_SSLCERT_BLOB, id->cert);
  set_blob(k, CURLOPT_SSLKEY_BLOB, id->key);
  set_blob(k, CURLOPT_CAINFO_BLOB, id->ca);
  /* Those alone: the folder of the machine's own authorities would count beside them. */
  if (id->ca.n) curl_easy_setopt(k->easy, CURLOPT_CAPATH, NULL);
}

static void set_lax(struct call *k, enum http_lax lax) {
  k->lax = lax;
  if (lax == HTTP_TRUSTS_ANYBODY) curl_easy_setopt(k->easy, CURLOPT_SSL_VERIFYPEER, 0L);
  if (lax == HTTP_TRUSTS_ANYBODY || lax == HTTP_IGNORES_NAME) curl_easy_setopt(k->easy, CURLOPT_SSL_VERIFYHOST, 0L);
  if (lax != HTTP_OLD_TLS) return;
  curl_easy_setopt(k->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
  curl_easy_setopt(k->easy, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
}

static struct call *call_new(struct http_client *c, const char *url, int64_t timeout_ms, size_t body_max) {
  struct arena *a = arena_new(0);
  struct call *k = ARENA_NEW(a, struct call);
  k->arena = a;
  k->client = c;
  k->easy = curl_easy_init();
  if (!k->easy) BUG("out of memory");
  k->url = arena_z(a, str_z(url));
  k->timeout_ms = timeout_ms > 0 ? timeout_ms : HTTP_TIMEOUT_MS;
  buf_init(&k->body, body_max);
  set_options(k);
  return k;
}

static void call_begin(struct call *k) {
  struct http_client *c = k->client;
  k->next = c->calls;
  if (k->next) k->next->prev = k;
  c->calls = k;
  c->busy++;
  if (curl_multi_add_handle(c->multi, k->easy)) BUG("libcurl refuses a request to %s", k->url);
}

void http_call(struct http_client *c, const struct http_call *o) {
  struct call *k = call_new(c, o->url, o->timeout_ms, o->body_max ? o->body_max : HTTP_ANSWER_MAX);
  k->done = o->done;
  k->payload = o->payload;
  set_body(k, str_z(o->method), o->body);
  set_headers(k, o);
  curl_easy_setopt(k->easy, CURLOPT_SSL_CTX_FUNCTION, check_host);
  curl_easy_setopt(k->easy, CURLOPT_SSL_CTX_DATA, k);
  if (o->identity) set_identity(k, o->identity);
  if (o->identity) set_lax(k, o->identity->lax);
  call_begin(k);
}

void http_send(struct http_client *c, const char *method, const char *url, const char *content_type, struct str body,
               int64_t timeout_ms, void (*done)(void *, const struct http_answer *), void *payload) {
  struct http_call o = {.method = method,
                        .url = url,
                        .content_type = content_type,
                        .body = body,
                        .timeout_ms = timeout_ms,
                        .done = done,
                        .payload = payload};
  http_call(c, &o);
}

/* ---- identity ---- */

static int identity_file(struct str *out, struct arena *a, const char *path, struct error *e) {
  *out = (struct str){0};
  return path ? file_read(out, a, path, HTTP_IDENTITY_MAX, e) : 0;
}

static int identity_certificates(struct certificates *all, struct arena *a, const char *path, struct str pem,
                                 struct error *e) {
  struct error why;
  if (str_find(pem, STR("-----BEGIN CERTIFICATE-----"), 0) == SIZE_MAX)
    return error_set(e, ERR_CONFIG, "%s: no certificate in PEM is in the file", path);
  if (certificates_read(all, a, pem, &why) == 0) return 0;
  return error_set(e, ERR_CONFIG, "%s: %s", path, why.text);
}

static int identity_own(struct http_identity *id, struct arena *a, const char *cert, const char *key, struct error *e) {
  struct certificates all;
  struct certificate_key kind;
  struct error why;
  if (!cert != !key)
    return error_set(e, ERR_CONFIG, "a client certificate and its key go together: cert and key are needed");
  if (!cert) return 0;
  if (identity_certificates(&all, a, cert, id->cert, e)) return -1;
  if (certificate_key_read(&kind, &id->key, a, id->key, &why)) return error_set(e, ERR_CONFIG, "%s: %s", key, why.text);
  if (certificate_key_matches(&all.v[0], id->key)) return 0;
  return error_set(e, ERR_CONFIG, "%s: the key does not belong to the first certificate of %s", key, cert);
}

int http_identity_read(struct http_identity *out, struct arena *a, const char *cert, const char *key, const char *ca,
                       struct error *e) {
  struct certificates authorities;
  if (identity_file(&out->cert, a, cert, e) || identity_file(&out->key, a, key, e) || identity_file(&out->ca, a, ca, e))
    return -1;
  if (identity_own(out, a, cert, key, e)) return -1;
  return ca ? identity_certificates(&authorities, a, ca, out->ca, e) : 0;
}

/* ---- fetching ---- */

static int call_progress(void *payload, curl_off_t total, curl_off_t got, curl_off_t to_send, curl_off_t sent) {
  struct call *k = payload;
  (void)to_send;
  (void)sent;
  k->progress(k->payload, got, total);
  return 0;
}

static void set_fetch_options(struct call *k, const struct http_fetch *f) {
  CURL *h = k->easy;
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "https");
  curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(h, CURLOPT_MAXREDIRS, (long)HTTP_REDIRECTS_MAX);
  if (f->ca_file) curl_easy_setopt(h, CURLOPT_CAPATH, NULL);
  if (f->ca_file) curl_easy_setopt(h, CURLOPT_CAINFO, f->ca_file);
  /* What is fetched may be large: it is stillness that ends it, not its length. */
  curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)HTTP_FETCH_MAX_MS);
  curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, (long)((k->timeout_ms + 999) / 1000));
  curl_easy_setopt(h, CURLOPT_PROXY, NULL);
  curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, NULL);
  if (!f->progress) return;
  curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, call_progress);
  curl_easy_setopt(h, CURLOPT_XFERINFODATA, k);
  curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
}

void http_fetch(struct http_client *c, const struct http_fetch *f) {
  struct call *k = call_new(c, f->url, f->still_ms, f->body_max);
  k->fetch = true;
  k->done = f->done;
  k->progress = f->progress;
  k->payload = f->payload;
  set_fetch_options(k, f);
  call_begin(k);
}

size_t http_client_busy(const struct http_client *c) {
  return c->busy;
}
