/* Messages over HTTP, in VANSEnvelopes or SBDH: an own URL prefix a system and role.
 *
 *   POST /<system>/<role>             a message in; 202 and its number once it is committed; also with /vans or /sbdh
 *                                     behind, where a system wants a name there
 *   GET  /<system>/<role>/inbox       what lies ready, one line a message: number, file name, content type
 *   GET  /<system>/<role>/inbox/<m>   the bytes of one
 * Where several runs share the address, numbers in the inbox have the run's id in front: /inbox/<run>/<m>.
 * Messages out are POSTed to the vendor's address; with none they lie in the inbox (vendors behind a firewall). */
#include "base/buf.h"
#include "endpoint/hub_int.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"

struct http_own {
  struct http_server *server;
  struct http_client *client;
  struct str prefix;
  struct arrival *late; /* those that a fault lets wait */
};

struct post {
  struct endpoint *ep;
  struct str message;
};

static const char plain[] = "text/plain; charset=utf-8";

static void refuse_request(struct http_request *r, int status, const char *text) {
  http_reply(r, status, plain, str_z(text));
}

static struct endpoint_arrival arrival_of(struct endpoint *ep, struct http_request *r, struct str rest) {
  (void)rest;
  struct arrival *in = ARENA_NEW(r->arena, struct arrival);
  struct facts *facts = ARENA_NEW(r->arena, struct facts);
  *in = (struct arrival){.request = r, .ep = ep};
  facts_init(facts, r->arena);
  http_party_put_client(facts, ep, r);
  /* What has no body is said to be what facts say: here they say nothing of it. */
  bool known = facts->list.n && r->body_size;
  return (struct endpoint_arrival){.handle = in,
                                   .facts = known ? facts : NULL,
                                   .via = STR("http"),
                                   .peer = r->peer,
                                   .file = http_header(r, "X-File-Name"),
                                   .body = r->body,
                                   .body_file = r->body_file,
                                   .movable = true,
                                   .size = r->body_size};
}

static void take_message(struct endpoint *ep, struct http_request *r) {
  struct endpoint_arrival ar = arrival_of(ep, r, (struct str){0});
  endpoint_deliver(ep, &ar);
}

static void add_inbox(struct buf *b, struct endpoint *ep, struct arena *a, bool by_run) {
  struct endpoint_ready *ready;
  size_t n = ep->events.ready(ep->events.context, a, &ready);
  for (size_t i = 0; i < n; i++) {
    if (by_run) buf_printf(b, "%.*s/", STR_F(ep->config.run));
    buf_printf(b, "%.*s\t%.*s\t%.*s\n", STR_F(ready[i].id), STR_F(ready[i].file), STR_F(ready[i].content_type));
  }
}

void message_http_inboxes(struct endpoint *const *eps, size_t n, struct http_request *r) {
  struct buf b;
  buf_init(&b, (size_t)16 << 20);
  for (size_t i = 0; i < n; i++) add_inbox(&b, eps[i], r->arena, n > 1);
  http_reply(r, 200, plain, buf_str(&b));
  buf_release(&b);
}

static void give_message(struct endpoint *ep, struct http_request *r, struct str id) {
  struct error e;
  struct str bytes;
  if (ep->events.fetch(ep->events.context, id, r->arena, &bytes, &e) < 0) return refuse_request(r, 404, e.text);
  http_reply(r, 200, "application/octet-stream", bytes);
}

bool message_http_takes(struct str rest) {
  return rest.n == 0 || str_eqz(rest, "/vans") || str_eqz(rest, "/sbdh");
}

static void http_kind_request(struct endpoint *ep, struct http_request *r, struct str rest) {
  bool post = str_eqz(r->method, "POST"), get = str_eqz(r->method, "GET");
  if (post && message_http_takes(rest)) return take_message(ep, r);
  if (get && str_eqz(rest, "/inbox")) return message_http_inboxes(&ep, 1, r);
  if (get && str_starts(rest, STR("/inbox/"))) return give_message(ep, r, str_sub(rest, 7, rest.n));
  if (message_http_takes(rest))
    return refuse_request(r, 405, "send messages here with POST; fetch them with GET from /inbox under this address\n");
  struct str text = arena_printf(r->arena, "nothing is here; messages go by POST to %s\n", ep->address);
  refuse_request(r, 404, text.p);
}

struct str http_party_path(const struct http_request *r) {
  static const struct str known = STR_INIT("/.well-known/");
  size_t end = r->path.n > known.n ? str_find(r->path, STR("/"), known.n) : SIZE_MAX;
  if (!str_starts(r->path, known) || end == SIZE_MAX) return r->path;
  return arena_printf(r->arena, "%.*s%.*s", STR_F(str_sub(r->path, end, r->path.n)), STR_F(str_sub(r->path, 0, end)));
}

static void on_request(void *payload, struct http_request *r) {
  struct endpoint *ep = payload;
  struct http_own *own = ep->own;
  struct str path = http_party_path(r);
  struct str rest = str_starts(path, own->prefix) ? str_sub(path, own->prefix.n, path.n) : STR("?");
  while (rest.n && rest.p[rest.n - 1] == '/') rest.n--;
  http_party_take(ep, r, rest);
}

void http_party_limit(struct http_limit *limit) {
  limit->bytes = ENDPOINT_MESSAGE_MAX;
  limit->why = "the message is larger than " ENDPOINT_MESSAGE_MAX_TEXT
               "; a message and its envelope may have 100 MB together (MedCom, governance for FHIR messaging)";
}

void http_party_limit_stranger(struct http_limit *limit, int status, const char *why) {
  *limit = (struct http_limit){STRANGER_BODY_MAX, status, why};
}

static void on_limit(void *payload, struct http_request *r, struct http_limit *limit) {
  struct endpoint *ep = payload;
  const struct http_own *own = ep->own;
  if (str_starts(http_party_path(r), own->prefix)) return http_party_limit(limit);
  http_party_limit_stranger(limit, 404, "no system has this address");
}

static void on_reset(void *payload) {
  struct endpoint *ep = payload;
  if (ep->events.reset) ep->events.reset(ep->events.context);
}

static void on_refused(void *payload, struct str peer, struct str path, int status, const char *why) {
  struct endpoint *ep = payload;
  (void)path;
  if (ep->events.refused) ep->events.refused(ep->events.context, peer, status, why);
}

static int listen_alone(struct endpoint *ep, const struct http_handler *h, struct error *e) {
  struct http_own *own = ep->own;
  const struct endpoint_config *c = &ep->config;
  if (c->tls) return http_server_open_tls(&own->server, ep->loop, c->listen, c->spool_dir, h, c->tls, e);
  return http_server_open(&own->server, ep->loop, c->listen, c->spool_dir, h, e);
}

int http_party_open(struct endpoint *ep, struct error *e) {
  struct http_own *own = ARENA_NEW(ep->arena, struct http_own);
  ep->own = own;
  struct http_handler h = {
      .request = on_request, .limit = on_limit, .refused = on_refused, .reset = on_reset, .payload = ep};
  struct endpoint_hub *hub = ep->config.hub;
  own->prefix = arena_printf(ep->arena, "/%.*s/%.*s", STR_F(ep->config.system), STR_F(ep->config.role));
  if (hub ? hub_join(hub, ep, own->prefix, e) < 0 : listen_alone(ep, &h, e) < 0) return -1;
  const char *url = hub ? endpoint_hub_url(hub) : http_server_url(own->server);
  ep->address = arena_printf(ep->arena, "%s%s", url, own->prefix.p).p;
  return 0;
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct post *p = payload;
  struct endpoint_result r = {.failure = str_z(an->failure)};
  if (!an->failure) r.status = arena_printf(p->ep->arena, "%d", an->status);
  endpoint_report(p->ep, p->message, &r);
}

static void http_kind_send(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                           struct str file) {
  struct http_own *own = ep->own;
  (void)file;
  if (!*ep->config.address) {
    endpoint_report(ep, message, &(struct endpoint_result){.status = STR("ready")});
    return;
  }
  struct error e;
  if (!own->client && http_client_open(&own->client, ep->loop, &e) < 0) {
    endpoint_report(ep, message, &(struct endpoint_result){.failure = str_z(e.text)});
    return;
  }
  struct post *p = ARENA_NEW(ep->arena, struct post);
  *p = (struct post){.ep = ep, .message = arena_str(ep->arena, message)};
  struct http_call call = {.method = "POST",
                           .url = ep->config.address,
                           .content_type = arena_z(ep->arena, content_type),
                           .body = wire,
                           .identity = ep->config.identity,
                           .done = on_answer,
                           .payload = p};
  http_call(own->client, &call);
}

void vans_http_settle(struct arrival *in, struct str message, const char *why) {
  struct http_request *r = in->request;
  if (message.n)
    http_reply(r, 202, plain, arena_printf(r->arena, "%.*s\n", STR_F(message)));
  else
    http_reply(r, 507, plain, arena_printf(r->arena, "not stored: %s\n", why ? why : ""));
}

static void http_kind_accept(struct endpoint *ep, struct arrival *in, struct str message) {
  (void)ep;
  vans_http_settle(in, message, NULL);
}

static void http_kind_refuse(struct endpoint *ep, struct arrival *in, const char *why) {
  (void)ep;
  vans_http_settle(in, (struct str){0}, why);
}

/* What waited is answered late, or never. */
static void on_late(void *payload) {
  struct arrival *in = payload;
  struct http_own *own = in->ep->own;
  in->timer = NULL;
  for (struct arrival **at = &own->late; *at; at = &(*at)->next) {
    if (*at != in) continue;
    *at = in->next;
    break;
  }
  if (in->message.n)
    in->ep->kind->accept(in->ep, in, in->message);
  else
    http_abort(in->request);
}

void http_party_misbehave(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f) {
  struct http_own *own = ep->own;
  if (f->kind == FAULT_UNAVAILABLE) return refuse_request(in->request, f->status, "unavailable, by a fault\n");
  if (f->kind == FAULT_CUT || f->kind == FAULT_LOST_ANSWER) return http_abort(in->request);
  if (f->kind == FAULT_DELAY) in->message = arena_str(in->request->arena, message);
  in->next = own->late;
  own->late = in;
  in->timer = loop_after(ep->loop, f->ms, on_late, in);
}

int http_party_port(struct endpoint *ep, bool open, struct error *e) {
  struct http_own *own = ep->own;
  if (open) return http_server_listen(own->server, e);
  http_server_deafen(own->server);
  return 0;
}

void http_party_reset_next(struct endpoint *ep, size_t passes, size_t resets) {
  struct http_own *own = ep->own;
  http_server_reset_next(own->server, passes, resets);
}

int http_party_retls(struct endpoint *ep, const struct http_tls *tls, struct error *e) {
  struct http_own *own = ep->own;
  return http_server_retls(own->server, tls, e);
}

bool endpoint_outlived(const struct arrival *in) {
  return http_request_outlived(in->request);
}

void http_party_close(struct endpoint *ep) {
  struct http_own *own = ep->own;
  for (struct arrival *in = own->late; in; in = in->next) {
    loop_cancel(ep->loop, in->timer);
    http_abort(in->request);
  }
  if (ep->config.hub)
    hub_leave(ep->config.hub, ep);
  else
    http_server_close(own->server);
  http_client_close(own->client);
}

/* What the envelopes are is no matter of the wire. */
#define OVER_HTTP                                                                                                      \
  .open = http_party_open, .send = http_kind_send, .accept = http_kind_accept, .refuse = http_kind_refuse,             \
  .close = http_party_close, .request = http_kind_request, .arrival = arrival_of, .misbehave = http_party_misbehave,   \
  .port = http_party_port, .reset_next = http_party_reset_next, .retls = http_party_retls

const struct endpoint_kind endpoint_vans_http = {.name = "vans-http", OVER_HTTP};
const struct endpoint_kind endpoint_sbdh_http = {.name = "sbdh-http", OVER_HTTP};
