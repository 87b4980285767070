/* The authorization server that the vendor's client goes to: each request is an arrival, judged by oauth.h.
 *
 * Behind /<system>/<role> stand the addresses of oauth.h; the metadata are also where RFC 8414 wants them,
 * /.well-known/oauth-authorization-server/<system>/<role>. The answer is decided when the arrival gets its place in the
 * log (endpoint_decide) and sent after the commit, so that a code is spent on disk before its token is out. Nothing is
 * sent to the system. */
#include "endpoint/hub_int.h"
#include "endpoint/oauth.h"
#include "net/http_server.h"

struct exchange {
  struct oauth_request q;
  struct oauth_answer answer;
  bool decided, waited;
};

static struct oauth_request request_of(const struct endpoint *ep, struct http_request *r, struct str path) {
  struct http_party_client client = http_party_client(ep, r);
  return (struct oauth_request){.method = r->method,
                                .path = path,
                                .query = r->query,
                                .content_type = http_header(r, "Content-Type"),
                                .authorization = http_header(r, "Authorization"),
                                .body = r->body,
                                .size = r->body_size,
                                .tls = client.tls,
                                .verified = client.verified,
                                .subject = client.subject,
                                .thumbprint = client.thumbprint};
}

/* Of a body that is too large to be read nothing is kept but its refusal. */
static struct endpoint_arrival arrival_of(struct endpoint *ep, struct http_request *r, struct str rest) {
  struct arrival *in = ARENA_NEW(r->arena, struct arrival);
  struct exchange *x = ARENA_NEW(r->arena, struct exchange);
  struct facts *facts = ARENA_NEW(r->arena, struct facts);
  x->q = request_of(ep, r, rest);
  *in = (struct arrival){.request = r, .ep = ep, .own = x};
  facts_init(facts, r->arena);
  facts_put(facts, STR("oauth.request"), str_z(oauth_request_name(&x->q)));
  facts_put(facts, STR("http.method"), x->q.method);
  facts_put(facts, STR("http.path"), rest.n ? rest : STR("/"));
  facts_put(facts, STR("http.query"), form_kept(r->arena, x->q.query, oauth_secrets));
  http_party_put_client(facts, ep, r);
  return (struct endpoint_arrival){.handle = in,
                                   .via = STR("authorization"),
                                   .peer = r->peer,
                                   .body = form_kept(r->arena, x->q.body, oauth_secrets),
                                   .movable = true,
                                   .facts = facts};
}

static void take(struct endpoint *ep, struct http_request *r, struct str rest) {
  struct endpoint_arrival ar = arrival_of(ep, r, rest);
  endpoint_deliver(ep, &ar);
}

/* What earlier requests left, up to the one that this is a repetition of. */
static size_t events_before(struct oauth_event **out, struct arena *a, const struct endpoint_decision *d,
                            struct str id) {
  size_t n = 0;
  *out = ARENA_ARRAY(a, struct oauth_event, d->earlier_n + 1);
  for (size_t i = 0; i < d->earlier_n; i++) {
    if (str_eq(facts_get(d->earlier[i], "oauth.id"), id)) break;
    if (oauth_event_read(&(*out)[n], d->earlier[i])) n++;
  }
  return n;
}

static void decide(struct endpoint *ep, struct endpoint_arrival *in, struct facts *facts,
                   const struct endpoint_decision *d) {
  struct exchange *x = in->handle->own;
  struct arena *a = in->handle->request->arena;
  struct oauth_event *events;
  struct oauth_site site = {.setup = ep->config.oauth,
                            .profile = ep->profile,
                            .issuer = str_z(ep->address),
                            .id = arena_str(a, d->new_id),
                            .now = d->now,
                            .wrong = oauth_wrong_find(d->wrong)};
  if (d->again) {
    site.id = arena_str(a, facts_get(d->again, "oauth.id"));
    site.wrong = oauth_wrong_find(facts_get(d->again, "oauth.wrong"));
    (void)str_int(facts_get(d->again, "oauth.at"), &site.now);
  }
  site.events_n = events_before(&events, d->arena, d, site.id);
  site.events = events;
  oauth_answer(&x->answer, a, &x->q, &site);
  x->decided = true;
  oauth_put_facts(&x->answer, &x->q, facts);
}

static void put_header(struct http_request *r, const char *name, struct str value) {
  if (value.n) http_reply_header(r, name, value);
}

static void accept_it(struct endpoint *ep, struct arrival *in, struct str message) {
  struct exchange *x = in->own;
  const struct oauth_answer *an = &x->answer;
  if (!x->decided) BUG("a request was accepted before it was decided what becomes of it");
  if (an->delay_ms && !x->waited) {
    x->waited = true;
    http_party_misbehave(ep, in, message, &(struct fault){.kind = FAULT_DELAY, .ms = an->delay_ms});
    return;
  }
  put_header(in->request, "Cache-Control", an->no_store ? STR("no-store") : (struct str){0});
  put_header(in->request, "Pragma", an->no_store ? STR("no-cache") : (struct str){0});
  put_header(in->request, "WWW-Authenticate", an->authenticate);
  put_header(in->request, "Location", an->location);
  put_header(in->request, "Allow", str_z(an->allow));
  http_reply(in->request, an->status, an->content_type, an->body);
}

/* A wrong answer was decided on with the rest. */
static void misbehave(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f) {
  if (f->kind == FAULT_WRONG_ANSWER)
    accept_it(ep, in, message);
  else
    http_party_misbehave(ep, in, message, f);
}

static void refuse_it(struct endpoint *ep, struct arrival *in, const char *why) {
  (void)ep;
  vans_http_settle(in, (struct str){0}, why);
}

static void leave_ready(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                        struct str file) {
  (void)wire, (void)content_type, (void)file;
  endpoint_report(ep, message, &(struct endpoint_result){.status = STR("ready")});
}

static int open_it(struct endpoint *ep, struct error *e) {
  const struct oauth_setup *s = ep->config.oauth;
  if (!s || !s->key || !s->keys)
    return error_set(e, ERR_CONFIG, "an authorization server needs clients and a key to sign with");
  return http_party_open(ep, e);
}

const struct endpoint_kind endpoint_authorization = {.name = "authorization",
                                                     .open = open_it,
                                                     .send = leave_ready,
                                                     .accept = accept_it,
                                                     .refuse = refuse_it,
                                                     .close = http_party_close,
                                                     .request = take,
                                                     .arrival = arrival_of,
                                                     .decide = decide,
                                                     .misbehave = misbehave,
                                                     .port = http_party_port,
                                                     .reset_next = http_party_reset_next,
                                                     .retls = http_party_retls};
