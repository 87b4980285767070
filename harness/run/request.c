/* Requests to a REST server: the intent is committed before they leave, the answer is an exchange of the run. */
#include "run/run_int.h"

/* Largest answer that is kept. */
#define REQUEST_ANSWER_MAX ((size_t)16 << 20)
/* What each answer says anew. */
static const char *const unsteady[] = {"date", "age", "x-request-id"};

static void put_header(struct run *r, struct event *ev, size_t number, const struct fact *h) {
  facts_put(&ev->data, arena_printf(r->scratch, "header.%zu", number), h->name);
  facts_put(&ev->data, arena_printf(r->scratch, "header.%zu.value", number), h->value);
}

int run_host_request(void *context, const struct step_view *v, const struct step_request *q, struct error *e) {
  struct run *r = context;
  char body[SHA256_HEX + 1];
  struct facts facts;
  if (store_blob_put(r->o.store, q->body, body, e) < 0) return -1;
  facts_init(&facts, r->scratch);
  if (q->body.n) endpoint_describe(&facts, q->name, q->body, r->shelf);
  facts_put(&facts, STR("http.method"), q->method);
  facts_put(&facts, STR("http.path"), q->path);
  struct event *ev = run_event(r, "http-intent", v->at);
  facts_put(&ev->data, STR("message"), run_next_message(r));
  facts_put(&ev->data, STR("party"), v->at->step->party);
  facts_put(&ev->data, STR("via"), STR("rest"));
  facts_put(&ev->data, STR("as"), q->name);
  facts_put(&ev->data, STR("method"), q->method);
  facts_put(&ev->data, STR("path"), q->path);
  facts_put(&ev->data, STR("type"), q->content_type);
  facts_put(&ev->data, STR("timeout"), arena_printf(r->scratch, "%lld", (long long)q->timeout_ms));
  for (size_t i = 0; i < q->headers.list.n; i++) put_header(r, ev, i + 1, &q->headers.list.v[i]);
  event_put_facts(ev, &facts);
  ev->blob = arena_str(r->scratch, str_z(body));
  VEC_PUSH(r->arena, &r->pending_events, ev);
  return 0;
}

static struct str lower(struct arena *a, struct str s) {
  char *z = arena_z(a, s);
  for (size_t i = 0; i < s.n; i++)
    if (z[i] >= 'A' && z[i] <= 'Z') z[i] = (char)(z[i] - 'A' + 'a');
  return (struct str){z, s.n};
}

static bool is_unsteady(struct str name) {
  for (size_t i = 0; i < sizeof unsteady / sizeof *unsteady; i++)
    if (str_eqz(name, unsteady[i])) return true;
  return false;
}

/* "http.location" and so on; of a header that comes twice the last. */
static void put_answer_headers(struct run *r, struct facts *out, struct str lines) {
  while (lines.n) {
    struct str value = str_trim(str_cut(&lines, '\n'));
    struct str name = lower(r->scratch, str_trim(str_cut(&value, ':')));
    if (name.n && !is_unsteady(name))
      facts_put(out, arena_printf(r->scratch, "http.%.*s", STR_F(name)), str_trim(value));
  }
}

static int put_answer(struct run *r, struct event *ev, const struct state_message *m, const struct http_answer *an,
                      struct error *e) {
  char digest[SHA256_HEX + 1];
  struct facts facts;
  struct str status = arena_printf(r->scratch, "%d", an->status);
  facts_init(&facts, r->scratch);
  if (store_blob_put(r->o.store, an->body, digest, e) < 0) return -1;
  endpoint_describe(&facts, event_get(m->request, "as"), an->body, r->shelf);
  facts_put(&facts, STR("http.status"), status);
  put_answer_headers(r, &facts, an->headers);
  facts_put(&ev->data, STR("status"), status);
  facts_put(&ev->data, STR("message"), run_next_message(r));
  facts_put(&ev->data, STR("party"), m->party);
  facts_put(&ev->data, STR("as"), event_get(m->request, "as"));
  facts_put(&ev->data, STR("via"), STR("rest"));
  event_put_facts(ev, &facts);
  ev->blob = arena_str(r->scratch, str_z(digest));
  return 0;
}

struct request_call {
  struct run *run;
  struct state_message *message;
};

static void note_failure(struct run *r, const struct state_message *m, const char *why) {
  struct event *ev = run_event(r, "http-result", m->owner);
  facts_put(&ev->data, STR("request"), m->id);
  facts_put(&ev->data, STR("failure"), str_z(why));
  run_emit(r, ev);
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct request_call *call = payload;
  struct run *r = call->run;
  struct error e;
  if (r->broken) return;
  if (an->failure) return note_failure(r, call->message, an->failure);
  struct event *ev = run_event(r, "http-result", call->message->owner);
  facts_put(&ev->data, STR("request"), call->message->id);
  if (put_answer(r, ev, call->message, an, &e) < 0) return run_break(r, &e);
  run_emit(r, ev);
}

void run_request(struct run *r, struct state_message *m, struct str body) {
  struct arena *a = arena_new(0);
  struct facts headers;
  struct error e;
  int64_t timeout = 0;
  const struct run_party *to = run_party(r, m->party);
  struct request_call *call = ARENA_NEW(r->arena, struct request_call);
  *call = (struct request_call){r, m};
  facts_init(&headers, a);
  for (size_t i = 1;; i++) {
    struct str name = event_get(m->request, arena_printf(a, "header.%zu", i).p);
    if (!name.n) break;
    VEC_PUSH(a, &headers.list, ((struct fact){name, event_get(m->request, arena_printf(a, "header.%zu.value", i).p)}));
  }
  (void)str_int(event_get(m->request, "timeout"), &timeout);
  struct http_call o = {
      .method = arena_z(a, event_get(m->request, "method")),
      .url =
          arena_printf(a, "%s%.*s", run_expand_address(to, to->vendor->rest), STR_F(event_get(m->request, "path"))).p,
      .content_type = arena_z(a, event_get(m->request, "type")),
      .headers = headers.list.v,
      .headers_n = headers.list.n,
      .body = body,
      .timeout_ms = timeout,
      .body_max = REQUEST_ANSWER_MAX,
      .identity = to->identity,
      .done = on_answer,
      .payload = call};
  if (run_client(r, &e) < 0)
    note_failure(r, m, e.text);
  else
    http_call(r->client, &o);
  arena_free(a);
}
