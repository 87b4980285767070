/* A FHIR server (R4) that the vendor's system uses: each request is an arrival, and what it changes is the run's.
 *
 *   POST   /<system>/<role>/[type]            create
 *   GET    /<system>/<role>/[type]/[id]       read; /_history/[n] an older version
 *   PUT    /<system>/<role>/[type]/[id]       update, or create under that id
 *   DELETE /<system>/<role>/[type]/[id]       delete
 *   GET    /<system>/<role>/[type]?...        search; POST /[type]/_search
 *   GET    /<system>/<role>/metadata          what it can
 *
 * The answer is decided when the arrival gets its place in the log (endpoint_decide) and sent after the commit, so that
 * a create is on disk before its 201. Nothing is sent to the system: what we have for it lies there. */
#include "endpoint/form.h"
#include "endpoint/resource_guard.h"
#include "endpoint/rest_int.h"
#include "endpoint/rest_party.h"
#include "net/http_server.h"

#define SYMBOLIC_BASE "http://testcamp.invalid"

struct exchange {
  struct rest_request q;
  struct rest_target target;
  struct rest_answer answer;
  void *asking; /* what the hooks of its service are asked with */
  int created, unfit;
  bool decided;
};

/* What a client may send in the wrong place, and nobody may keep; none is a search parameter. */
static const char *const secrets[] = {"access_token",     "refresh_token", "client_secret",
                                      "client_assertion", "password",      NULL};

static void put(struct facts *f, const char *name, struct str value) {
  facts_put(f, str_z(name), value);
}

static struct rest_request request_of(struct http_request *r, struct str path) {
  return (struct rest_request){.method = r->method,
                               .path = path,
                               .query = r->query,
                               .content_type = http_header(r, "Content-Type"),
                               .accept = http_header(r, "Accept"),
                               .prefer = http_header(r, "Prefer"),
                               .if_match = http_header(r, "If-Match"),
                               .if_none_exist = http_header(r, "If-None-Exist"),
                               .body = r->body,
                               .size = r->body_size};
}

/* What it searches by, decoded: one fact a parameter, of one that stands there twice both values. What is no parameter
 * is no fact: it may be a secret in the wrong place. */
static void put_search_facts(struct facts *f, const struct exchange *x) {
  struct rest_query q = {0};
  rest_query_read(&q, f->arena, x->q.query);
  if (str_eqz(x->q.method, "POST")) rest_query_read(&q, f->arena, x->q.body);
  for (size_t i = 0; i < q.terms.n && i < REST_TERMS_MAX; i++) {
    struct str value = q.terms.v[i].value, name = q.terms.v[i].name;
    if (!rest_parameter_known(x->target.type, name)) continue;
    name = arena_printf(f->arena, "rest.query.%.*s", STR_F(name));
    struct str before = facts_get(f, name.p);
    facts_put(f, name, before.n ? arena_printf(f->arena, "%.*s, %.*s", STR_F(before), STR_F(value)) : value);
  }
}

static void put_request_facts(struct facts *f, const struct exchange *x) {
  put(f, "rest.interaction", str_z(x->target.interaction));
  put(f, "rest.type", x->target.type);
  put(f, "rest.id", x->target.id);
  put(f, "http.method", x->q.method);
  put(f, "http.path", x->q.path.n ? x->q.path : STR("/"));
  put(f, "http.query", form_kept(f->arena, x->q.query, secrets));
  if (str_eqz(str_z(x->target.interaction), "search")) put_search_facts(f, x);
  put(f, "http.content-type", x->q.content_type);
  put(f, "http.accept", x->q.accept);
  put(f, "http.prefer", x->q.prefer);
  put(f, "http.if-match", x->q.if_match);
}

/* What a form holds may be a secret, whatever its header says: of one that is too large to be read nothing is kept. */
static bool is_form(const struct exchange *x) {
  bool searched = str_eqz(x->q.method, "POST") && str_eqz(str_z(x->target.interaction), "search");
  return searched || form_is(x->q.content_type);
}

struct endpoint_arrival rest_party_arrival(struct endpoint *ep, struct http_request *r, struct str rest) {
  struct arrival *in = ARENA_NEW(r->arena, struct arrival);
  struct exchange *x = ARENA_NEW(r->arena, struct exchange);
  struct facts *facts = ARENA_NEW(r->arena, struct facts);
  facts_init(facts, r->arena);
  x->q = request_of(r, rest);
  rest_target_read(&x->target, r->arena, &x->q, ep->config.shapes, ep->kind->rest->service);
  *in = (struct arrival){.request = r, .ep = ep, .own = x};
  put_request_facts(facts, x);
  http_party_put_client(facts, ep, r);
  bool form = is_form(x);
  return (struct endpoint_arrival){.handle = in,
                                   .via = str_z(ep->kind->name),
                                   .peer = r->peer,
                                   .body = form ? form_kept(r->arena, r->body, secrets) : r->body,
                                   .body_file = form ? NULL : r->body_file,
                                   .movable = true,
                                   .size = form && r->body_file ? 0 : r->body_size,
                                   .facts = facts};
}

void rest_party_request(struct endpoint *ep, struct http_request *r, struct str rest) {
  struct endpoint_arrival ar = rest_party_arrival(ep, r, rest);
  endpoint_deliver(ep, &ar);
}

static const struct rest_stock *stock_of(const struct endpoint *ep) {
  static const struct rest_stock none;
  return ep->kind->rest->stock ? ep->kind->rest->stock(ep) : &none;
}

static int bytes_of(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  const struct endpoint *ep = context;
  struct str number = str_sub(digest, sizeof REST_STOCK_DIGEST - 1, digest.n);
  int64_t i;
  if (!str_starts(digest, STR(REST_STOCK_DIGEST)) || !str_int(number, &i))
    return ep->events.resource(ep->events.context, digest, a, out, e);
  *out = stock_of(ep)->bytes[i];
  return 0;
}

/* The stock, and then what the run has. */
static size_t held(const struct endpoint *ep, struct arena *a, const struct rest_resource **out) {
  const struct rest_stock *stock = stock_of(ep);
  const struct rest_resource *of_run = NULL;
  size_t n = ep->events.resources(ep->events.context, &of_run);
  *out = of_run;
  if (!stock->n) return n;
  struct rest_resource *all = ARENA_ARRAY(a, struct rest_resource, stock->n + n);
  for (size_t i = 0; i < stock->n; i++) all[i] = stock->resources[i];
  for (size_t i = 0; i < n; i++) all[stock->n + i] = of_run[i];
  *out = all;
  return stock->n + n;
}

static void answer(struct rest_answer *out, struct endpoint *ep, struct arrival *in, struct str base,
                   const struct endpoint_decision *d) {
  struct exchange *x = in->own;
  struct arena *a = in->request->arena;
  struct rest_site site = {.base = base,
                           .shapes = ep->config.shapes,
                           .new_id = arena_str(a, d->new_id),
                           .bytes = bytes_of,
                           .context = ep,
                           .service = ep->kind->rest->service,
                           .service_context = x->asking,
                           .created = x->created,
                           .unfit = x->unfit,
                           .deleted = ep->kind->rest->deleted,
                           .gone = ep->kind->rest->gone};
  site.resources_n = held(ep, a, &site.resources);
  rest_answer(out, a, &x->q, &x->target, &site);
}

/* Only what is searched names our address. */
static struct str kept(struct endpoint *ep, struct arrival *in, const struct endpoint_decision *d) {
  const struct exchange *x = in->own;
  struct rest_answer symbolic;
  if (!x->answer.given) return (struct str){0};
  if (!d->symbolic) return x->answer.body;
  answer(&symbolic, ep, in, STR(SYMBOLIC_BASE), d);
  return symbolic.body;
}

bool rest_party_guard(struct guard_answer *out, struct rest_asking *x, const char *permission) {
  struct http_party_client client = http_party_client(x->ep, x->request);
  struct guard_request q = {.authorization = http_header(x->request, "Authorization"),
                            .query = x->q->query,
                            .content_type = x->q->content_type,
                            .body = x->q->body,
                            .tls = client.tls,
                            .thumbprint = client.verified ? client.thumbprint : (struct str){0},
                            .now = x->now};
  *out = (struct guard_answer){.status = 200};
  if (!x->ep->config.guard) return true;
  struct guard_site site = *x->ep->config.guard;
  site.profile = x->ep->profile;
  guard_check(out, x->arena, &q, &site, permission);
  if (out->status == 200) return true;
  rest_party_forbid(out, x);
  return false;
}

void rest_party_forbid(const struct guard_answer *g, struct rest_asking *x) {
  struct rest_issue_row row = {g->status, g->status == 401 ? "login" : "forbidden", arena_z(x->arena, g->en),
                               arena_z(x->arena, g->da)};
  rest_refuse_text(x->answer, x->arena, &row, x->form);
  x->answer->authenticate = g->authenticate;
}

/* True if its service refuses it, whatever is there. */
static bool is_refused(struct endpoint *ep, struct endpoint_arrival *in, struct facts *facts, int64_t now) {
  struct exchange *x = in->handle->own;
  struct rest_asking asking = {.ep = ep,
                               .request = in->handle->request,
                               .q = &x->q,
                               .target = &x->target,
                               .arena = in->handle->request->arena,
                               .now = now,
                               .facts = facts,
                               .answer = &x->answer};
  x->answer = (struct rest_answer){.content_type = ""};
  if (!ep->kind->rest->begin) return false;
  (void)rest_form_wanted(&asking.form, asking.arena, &x->q);
  x->asking = ep->kind->rest->begin(&asking);
  x->created = asking.created;
  x->unfit = asking.unfit;
  return x->answer.status != 0;
}

void rest_party_decide(struct endpoint *ep, struct endpoint_arrival *in, struct facts *facts,
                       const struct endpoint_decision *d) {
  struct exchange *x = in->handle->own;
  struct arena *a = in->handle->request->arena;
  int64_t version = 1;
  x->q.body = d->body;
  if (d->again) {
    (void)str_int(facts_get(d->again, "rest.version"), &version);
    rest_answer_again(&x->answer, a, x->target.type, arena_str(a, facts_get(d->again, "rest.id")), version);
  } else if (!is_refused(ep, in, facts, d->now)) {
    answer(&x->answer, ep, in->handle, str_z(ep->address), d);
  }
  x->decided = true;
  in->given = kept(ep, in->handle, d);
  put(facts, "rest.id", x->answer.id);
  if (x->answer.version) put(facts, "rest.version", arena_printf(d->arena, "%lld", (long long)x->answer.version));
  put(facts, "http.status", arena_printf(d->arena, "%d", x->answer.status));
  put(facts, "http.location", x->answer.location);
  put(facts, "rest.issue", x->answer.issue);
  put(facts, "rest.issue.da", x->answer.da);
  put(facts, "rest.noted", x->answer.noted);
  put(facts, "rest.found", x->answer.found);
}

static void put_headers(struct endpoint *ep, struct http_request *r, const struct rest_answer *an) {
  if (an->location.n)
    http_reply_header(r, "Location", arena_printf(r->arena, "%s/%.*s", ep->address, STR_F(an->location)));
  if (an->version) http_reply_header(r, "ETag", arena_printf(r->arena, "W/\"%lld\"", (long long)an->version));
  if (an->authenticate.n) http_reply_header(r, "WWW-Authenticate", an->authenticate);
  if (an->allow) http_reply_header(r, "Allow", str_z(an->allow));
}

void rest_party_accept(struct endpoint *ep, struct arrival *in, struct str message) {
  const struct exchange *x = in->own;
  (void)message;
  if (!x->decided) BUG("a request was accepted before it was decided what becomes of it");
  put_headers(ep, in->request, &x->answer);
  http_reply(in->request, x->answer.status, x->answer.content_type, x->answer.body);
}

void rest_party_refuse(struct endpoint *ep, struct arrival *in, const char *why) {
  (void)ep;
  vans_http_settle(in, (struct str){0}, why);
}

void rest_party_send(struct endpoint *ep, struct str message, struct str wire, struct str content_type,
                     struct str file) {
  (void)wire, (void)content_type, (void)file;
  endpoint_report(ep, message, &(struct endpoint_result){.status = STR("ready")});
}

/* What a fault says in the server's name; NULL: it says nothing. */
static const struct rest_issue_row *refusal_of(enum fault_kind kind) {
  static const struct {
    enum fault_kind kind;
    struct rest_issue_row row;
  } rows[] = {
      {FAULT_UNFIT, {422, "invariant", "The resource does not fit its profile (a fault on purpose)", ""}},
      {FAULT_FORBIDDEN, {403, "forbidden", "No right to create for this organisation (a fault on purpose)", ""}},
      {FAULT_UNAUTHORIZED, {401, "login", "The token is not valid (a fault on purpose)", ""}}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].kind == kind) return &rows[i].row;
  return NULL;
}

void rest_party_misbehave(struct endpoint *ep, struct arrival *in, struct str message, const struct fault *f) {
  struct exchange *x = in->own;
  struct rest_answer an = {.content_type = ""};
  enum resource_form form;
  const struct rest_issue_row *row = refusal_of(f->kind);
  if (!row) return http_party_misbehave(ep, in, message, f);
  (void)rest_form_wanted(&form, in->request->arena, &x->q);
  rest_refuse_text(&an, in->request->arena, row, form);
  if (f->kind == FAULT_UNAUTHORIZED) /* RFC 6750, 3.1 */
    http_reply_header(in->request, "WWW-Authenticate", STR("Bearer error=\"invalid_token\""));
  http_reply(in->request, an.status, an.content_type, an.body);
}

int rest_party_open(struct endpoint *ep, struct error *e) {
  const struct rest_party *p = ep->kind->rest;
  return p->open && p->open(ep, e) < 0 ? -1 : http_party_open(ep, e);
}

static const struct rest_party plain = {0};

const struct endpoint_kind endpoint_fhirrest = REST_PARTY("fhir-rest", &plain);
