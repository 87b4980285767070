#include "net/http_server_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PLAIN_TEXT "text/plain; charset=utf-8"

/* ---- beginning and end ---- */

void *http_on_uri(void *cls, const char *uri, struct MHD_Connection *mhd) {
  struct http_server *s = cls;
  struct arena *a = arena_new(0);
  struct http_connection *c = ARENA_NEW(a, struct http_connection);
  c->server = s;
  c->mhd = mhd;
  c->spool = c->linger = -1;
  c->limit = (struct http_limit){s->body_max, 413, "the body is larger than the harness takes"};
  buf_init(&c->memory, HTTP_BODY_MEMORY);
  c->request.arena = a;
  c->request.connection = c;
  c->request.peer = http_peer_text(a, mhd);
  struct str rest = arena_str(a, str_z(uri));
  c->uri = rest.p;
  c->request.path = str_cut(&rest, '?');
  c->request.query = rest;
  struct http_peer *p = http_peer_of(mhd);
  if (p) p->asked = true, p->request = c;
  c->next = s->open;
  if (c->next) c->next->prev = c;
  s->open = c;
  return c;
}

static void say_refused(struct http_connection *c, int status, const char *why) {
  const struct http_handler *h = &c->server->handler;
  if (h->refused) h->refused(h->payload, c->request.peer, c->request.path, status, why);
}

static void spool_drop(struct http_connection *c) {
  if (c->spool >= 0) close(c->spool);
  c->spool = -1;
  /* Gone already when the handler kept it under another name. */
  if (c->request.body_file) unlink(c->request.body_file);
  c->request.body_file = NULL;
}

static void connection_free(struct http_connection *c) {
  struct http_peer *p = http_peer_of(c->mhd);
  if (p) p->request = NULL;
  *(c->prev ? &c->prev->next : &c->server->open) = c->next;
  if (c->next) c->next->prev = c->prev;
  spool_drop(c);
  buf_release(&c->memory);
  if (c->reply) MHD_destroy_response(c->reply);
  arena_free(c->request.arena);
}

void http_on_end(void *cls, struct MHD_Connection *mhd, void **con_cls, enum MHD_RequestTerminationCode how) {
  struct http_connection *c = *con_cls;
  struct http_server *s = cls;
  *con_cls = NULL;
  if (!c) return;
  if (!c->whole && !c->refused && !c->server->closing)
    say_refused(c, 0,
                how == MHD_REQUEST_TERMINATED_TIMEOUT_REACHED ? "the client fell silent before the request was whole"
                                                              : "malformed, or ended before the request was whole");
  if (c->linger >= 0) http_linger(c->server, c->linger);
  connection_free(c);
  http_listen_idle(s, mhd);
}

/* ---- refusals ---- */

static void reply_set(struct http_connection *c, int status, const char *content_type, struct str body) {
  /* Not const in libmicrohttpd, but copied at once. */
  c->reply = MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY);
  if (!c->reply) BUG("out of memory");
  c->status = status;
  MHD_add_response_header(c->reply, "X-Content-Type-Options", "nosniff");
  if (content_type && *content_type) MHD_add_response_header(c->reply, MHD_HTTP_HEADER_CONTENT_TYPE, content_type);
  if (c->last) MHD_add_response_header(c->reply, MHD_HTTP_HEADER_CONNECTION, "close");
  for (size_t i = 0; i < c->headers.n; i++)
    MHD_add_response_header(c->reply, c->headers.v[i].name.p, c->headers.v[i].value.p);
}

void http_last_request(struct http_connection *c) {
  if (c->reply && !c->last) MHD_add_response_header(c->reply, MHD_HTTP_HEADER_CONNECTION, "close");
  c->last = true;
}

/* Decides that the request is not taken; what still comes is dropped. */
static void refuse(struct http_connection *c, int status, const char *why) {
  c->refused = status;
  c->why = why;
  spool_drop(c);
  buf_release(&c->memory);
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info) c->linger = fcntl(info->connect_fd, F_DUPFD_CLOEXEC, 0);
  say_refused(c, status, why);
}

static enum MHD_Result refuse_now(struct http_connection *c) {
  reply_set(c, c->refused, PLAIN_TEXT, arena_printf(c->request.arena, "%s\n", c->why));
  MHD_add_response_header(c->reply, MHD_HTTP_HEADER_CONNECTION, "close");
  return MHD_queue_response(c->mhd, (unsigned)c->status, c->reply);
}

/* What a request's headers say about the length of its body. */
struct framing {
  struct str length;
  int lengths, encodings;
  bool differ, blank, chunked, folded, broken;
};

/* RFC 9112, 5.2: libmicrohttpd writes what a folded line continues with behind the name of the header, not its value:
 * a Content-Length is none then, or another becomes one. The name has moved away from its value, which tells. */
static bool is_folded(const char *key, size_t n, const char *value) {
  uintptr_t from = (uintptr_t)key + n + 1, to = (uintptr_t)value;
  if (!value) return false;
  if (to < from) return true;
  for (const char *p = key + n + 1; p < value; p++)
    if (!str_is_blank(*p)) return true;
  return false;
}

static enum MHD_Result framing_header(void *cls, enum MHD_ValueKind kind, const char *key, const char *value) {
  struct framing *f = cls;
  struct str name = str_z(key), v = str_trim(str_z(value));
  (void)kind;
  if (name.n == 0 || str_index(name, ' ') != SIZE_MAX || str_index(name, '\t') != SIZE_MAX) f->blank = true;
  if (is_folded(key, name.n, value)) f->folded = true;
  if (str_index(v, '\r') != SIZE_MAX || str_index(name, '\r') != SIZE_MAX) f->broken = true;
  name = str_trim(name);
  if (str_eq_nocase(name, STR(MHD_HTTP_HEADER_CONTENT_LENGTH))) {
    if (f->lengths++ > 0 && !str_eq(f->length, v)) f->differ = true;
    f->length = v;
  } else if (str_eq_nocase(name, STR(MHD_HTTP_HEADER_TRANSFER_ENCODING))) {
    f->encodings++;
    f->chunked = str_eq_nocase(v, STR("chunked"));
  }
  return MHD_YES;
}

static bool digits_only(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

static void limit_body(struct http_connection *c) {
  const struct http_handler *h = &c->server->handler;
  size_t most = c->limit.bytes;
  if (h->limit) h->limit(h->payload, &c->request, &c->limit);
  if (c->limit.bytes > most) c->limit.bytes = most;
}

/* RFC 9112 sections 2.2, 5.1, 5.2 and 6.3: whatever two readers could frame in two ways is refused (request smuggling).
 */
static void check_framing(struct http_connection *c) {
  struct framing f = {0};
  MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, framing_header, &f);
  int64_t length = 0;
  if (f.lengths || f.encodings) limit_body(c);
  const struct {
    bool wrong;
    int status;
    const char *why;
  } rules[] = {
      {f.folded, 400, "a header that goes on in the next line"},
      {f.blank, 400, "a blank in the name of a header"},
      {f.broken, 400, "a carriage return in a header"},
      {f.lengths > 0 && f.encodings > 0, 400, "both Content-Length and Transfer-Encoding"},
      {f.differ, 400, "two Content-Lengths that differ"},
      {f.encodings > 1, 400, "more than one Transfer-Encoding"},
      {f.encodings == 1 && !f.chunked, 501, "a Transfer-Encoding other than chunked"},
      {f.lengths > 0 && !digits_only(f.length), 400, "a Content-Length that is not a number"},
      {f.lengths > 0 && (!str_int(f.length, &length) || (uint64_t)length > c->limit.bytes), c->limit.status,
       c->limit.why},
      {strstr(c->uri, "%00") != NULL, 400, "a NUL in the address"},
  };
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    if (!rules[i].wrong) continue;
    refuse(c, rules[i].status, rules[i].why);
    return;
  }
}

/* ---- body ---- */

static int write_all(int fd, const char *p, size_t n) {
  while (n > 0) {
    ssize_t done = write(fd, p, n);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return -1;
    p += done;
    n -= (size_t)done;
  }
  return 0;
}

static int spool_open(struct http_connection *c) {
  char *path = arena_z(c->request.arena, arena_printf(c->request.arena, "%s/body-XXXXXX", c->server->spool_dir));
  c->spool = mkostemp(path, O_CLOEXEC);
  if (c->spool < 0) return -1;
  c->request.body_file = path;
  int wrong = write_all(c->spool, c->memory.p, c->memory.n);
  buf_release(&c->memory);
  return wrong;
}

static void body_store(struct http_connection *c, const char *data, size_t n) {
  if (c->spool < 0 && c->received <= HTTP_BODY_MEMORY) {
    buf_add(&c->memory, (struct str){data, n});
    return;
  }
  if ((c->spool < 0 && spool_open(c)) || write_all(c->spool, data, n))
    refuse(c, 507, "the body could not be kept: no room in the spool folder");
}

/* Answers in the middle of a body, which libmicrohttpd cannot: past it, on the second descriptor (of TLS too it
 * carries plain HTTP: http_bridge.c). */
static void answer_past(struct http_connection *c) {
  static const struct str answer =
      STR_INIT("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  if (c->linger >= 0 && send(c->linger, answer.p, answer.n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    close(c->linger);
    c->linger = -1;
  }
}

/* False when the connection shall be cut. */
static bool body_add(struct http_connection *c, const char *data, size_t n) {
  c->received += n;
  if (!c->refused && c->received > c->limit.bytes) refuse(c, c->limit.status, c->limit.why);
  if (!c->refused) body_store(c, data, n);
  bool go_on = !c->refused || c->received <= c->limit.bytes + c->server->discard_max;
  if (!go_on) answer_past(c);
  return go_on;
}

static void body_whole(struct http_connection *c) {
  struct http_request *r = &c->request;
  r->body_size = c->received;
  if (c->spool >= 0)
    close(c->spool);
  else
    r->body = buf_str(&c->memory);
  c->spool = -1;
  const struct http_handler *h = &c->server->handler;
  h->request(h->payload, r);
}

static void describe_peer(struct http_connection *c) {
  const struct http_peer *p = http_peer_of(c->mhd);
  if (c->server->credentials) http_bridge_describe(&c->certificate, c->request.arena, p ? p->bridge : NULL);
}

/* A connection may outlive the certificate that opened it. */
static bool may_come(struct http_connection *c) {
  describe_peer(c);
  if (c->server->credentials && !http_credentials_allow(c->server, c->certificate.state)) {
    refuse(c, 403, c->certificate.why.p);
    return false;
  }
  return true;
}

/* ---- the handler libmicrohttpd calls: once for the headers, for each piece of body, and from then on ---- */

static enum MHD_Result request_begin(struct http_connection *c, const char *url, const char *method) {
  c->begun = true;
  c->request.method = arena_str(c->request.arena, str_z(method));
  c->request.path = arena_str(c->request.arena, str_z(url));
  check_framing(c);
  return c->refused ? refuse_now(c) : MHD_YES;
}

static enum MHD_Result request_end(struct http_connection *c) {
  if (c->refused) return refuse_now(c);
  if (c->aborted || (c->server->closing && !c->reply)) return MHD_NO;
  if (!c->whole && !may_come(c)) return refuse_now(c);
  if (!c->whole) {
    c->whole = true;
    body_whole(c);
  }
  if (c->aborted) return MHD_NO;
  if (c->reply) return MHD_queue_response(c->mhd, (unsigned)c->status, c->reply);
  MHD_suspend_connection(c->mhd);
  c->suspended = true;
  return MHD_YES;
}

enum MHD_Result http_on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
                                const char *version, const char *data, size_t *n, void **con_cls) {
  struct http_connection *c = *con_cls;
  (void)cls, (void)mhd, (void)version;
  if (!c->begun) return request_begin(c, url, method);
  if (*n == 0) return request_end(c);
  bool go_on = body_add(c, data, *n);
  *n = 0;
  return go_on ? MHD_YES : MHD_NO;
}

/* ---- for handlers ---- */

static struct str value_of(struct http_request *r, enum MHD_ValueKind kind, const char *name) {
  const char *value = NULL;
  size_t n = 0;
  if (MHD_lookup_connection_value_n(r->connection->mhd, kind, name, strlen(name), &value, &n) != MHD_YES || !value)
    return (struct str){0};
  return (struct str){value, n};
}

struct str http_header(struct http_request *r, const char *name) {
  return value_of(r, MHD_HEADER_KIND, name);
}

struct str http_query(struct http_request *r, const char *name) {
  return value_of(r, MHD_GET_ARGUMENT_KIND, name);
}

const struct http_peer_certificate *http_peer_certificate(const struct http_request *r) {
  return &r->connection->certificate;
}

static void wake(struct http_connection *c) {
  if (!c->suspended) return;
  c->suspended = false;
  MHD_resume_connection(c->mhd);
  http_server_kick(c->server);
}

void http_abort(struct http_request *r) {
  struct http_connection *c = r->connection;
  if (c->replied) BUG("an answered request cannot be ended without an answer");
  c->replied = c->aborted = true;
  wake(c);
}

void http_reply_header(struct http_request *r, const char *name, struct str value) {
  struct str kept = str_z(arena_z(r->arena, value));
  VEC_PUSH(r->arena, &r->connection->headers, ((struct fact){str_z(name), kept}));
}

void http_reply(struct http_request *r, int status, const char *content_type, struct str body) {
  struct http_connection *c = r->connection;
  if (c->replied) BUG("a second reply to one request");
  if (status < 200 || status > 599) BUG("status %d in a reply", status);
  c->replied = true;
  reply_set(c, status, content_type, body);
  wake(c);
}
