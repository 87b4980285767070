/* http: a request to the REST server of the vendor's system; the answer is a message that later steps judge. */
#include "base/percent.h"
#include "steps/steps_int.h"

#define WITHIN_DEFAULT "30 s"

static const struct key keys[] = {{"method", KEY_TEXT, true, "GET|HEAD|POST|PUT|PATCH|DELETE"},
                                  {"path", KEY_TEXT, true, NULL},
                                  {"query", KEY_MAP, false, NULL},
                                  {"headers", KEY_MAP, false, NULL},
                                  {"fixture", KEY_TEXT, false, NULL},
                                  {"with", KEY_MAP, false, NULL},
                                  {"change", KEY_NODE, false, NULL},
                                  {"body", KEY_TEXT, false, NULL},
                                  {"form", KEY_TEXT, false, "json|xml"},
                                  {"expect", KEY_MAP, false, NULL},
                                  {"within", KEY_DURATION, false, NULL},
                                  {"as", KEY_TEXT, false, NULL},
                                  {0}};

static const struct key expect_keys[] = {{"status", KEY_LIST, false, NULL}, {"headers", KEY_MAP, false, NULL}, {0}};

static void check_status(void *payload, const struct node *item) {
  struct keys *k = payload;
  int64_t status;
  if (!str_int(item->text, &status) || status < 100 || status > 599)
    keys_complain(k, item, "\"%.*s\" is no HTTP status", STR_F(item->text));
}

static void check_texts(struct keys *k, const struct node *map) {
  for (NODE_EACH(c, map))
    if (c->kind != NODE_STRING) keys_complain(k, c, "the value of \"%.*s\" must be a text", STR_F(c->name));
}

/* An argument may stand there more than once (date=ge...&date=le...): then its values are a list. */
static void check_query(struct keys *k, const struct node *map) {
  for (NODE_EACH(c, map)) {
    if (c->kind == NODE_ARRAY && c->count) {
      for (NODE_EACH(one, c))
        if (one->kind != NODE_STRING) keys_complain(k, one, "each value of \"%.*s\" must be a text", STR_F(c->name));
    } else if (c->kind != NODE_STRING) {
      keys_complain(k, c, "the value of \"%.*s\" must be a text, or a list of texts", STR_F(c->name));
    }
  }
}

static void parse(struct step *s, struct keys *k) {
  const struct node *n = s->args_node, *expect = node_child(n, "expect");
  struct str path = keys_text(n, "path"), method = keys_text(n, "method");
  if (!expand_has(path) && !str_starts(path, STR("/")))
    keys_complain(k, node_child(n, "path"), "a path begins with \"/\"; it goes behind the address in the vendor file");
  fixture_parse(k, n);
  args_only_with(k, n, "with", "fixture");
  args_only_with(k, n, "change", "fixture");
  args_only_with(k, n, "form", "fixture");
  args_name(k, n, "body");
  if (node_child(n, "body") && node_child(n, "fixture"))
    keys_complain(k, node_child(n, "body"), "give just one of \"body\" and \"fixture\"");
  check_query(k, node_child(n, "query"));
  check_texts(k, node_child(n, "headers"));
  if (expect && keys_check(k, expect, expect_keys)) {
    keys_each(expect, "status", check_status, k);
    check_texts(k, node_child(expect, "headers"));
  }
  steps_default_texts(
      s,
      (struct protocol_text){arena_printf(k->arena, "The system is asked: %.*s %.*s", STR_F(method), STR_F(path)),
                             arena_printf(k->arena, "Systemet spørges: %.*s %.*s", STR_F(method), STR_F(path))},
      (struct protocol_text){STR("The system answers as it should"), STR("Systemet svarer, som det skal")});
}

/* What would make another request of it. */
static bool is_path(struct str path) {
  for (size_t i = 0; i < path.n; i++)
    if (path.p[i] <= ' ' || path.p[i] >= 0x7f) return false;
  return str_starts(path, STR("/"));
}

static int put_headers(struct facts *out, const struct expander *x, struct error *e) {
  for (NODE_EACH(c, node_child(x->v->at->step->args_node, "headers"))) {
    struct str value;
    if (expand_text(&value, x, c->text, EXPAND_PLAIN, e) < 0) return -1;
    /* RFC 9110 5.5: with a line break in it, the value would be headers of its own. */
    if (str_index(value, '\r') != SIZE_MAX || str_index(value, '\n') != SIZE_MAX)
      return error_set(e, ERR_CONFIG, "the header \"%.*s\" would have a line break in its value", STR_F(c->name));
    VEC_PUSH(out->arena, &out->list, ((struct fact){c->name, value}));
  }
  return 0;
}

/* The bytes of another message of the run, bare. */
static int put_message(struct step_request *q, const struct step_view *v, struct str name, struct error *e) {
  const struct state_message *m = state_message_find(v->state, name);
  struct message opened;
  if (!m) return error_set(e, ERR_PEER, "\"%.*s\"", STR_F(name));
  if (open_message(&opened, v, m, e) < 0) return -1;
  q->body = opened.payload.bytes;
  q->content_type = str_z(resource_mime(opened.form));
  return 0;
}

static int put_body(struct step_request *q, struct expander *x, struct error *e) {
  const struct step_view *v = x->v;
  const struct node *args = v->at->step->args_node;
  struct str form = keys_text(args, "form"), name = keys_text(args, "body");
  enum resource_form from, to;
  struct facts own;
  struct node *root;
  if (name.n) return put_message(q, v, name, e);
  if (!node_child(args, "fixture")) return 0;
  facts_init(&own, v->scratch);
  parcel_parties(&own, v, party_field(v, STR("counterpart"), "gln"), party_field(v, party_own(v), "gln"));
  x->own = &own;
  if (fixture_make(&root, &from, x, &own, e) < 0) return -1;
  to = !form.n ? from : str_eqz(form, "xml") ? RESOURCE_XML : RESOURCE_JSON;
  q->content_type = str_z(resource_mime(to));
  return fixture_write(&q->body, v, root, from, to, e);
}

/* Behind '?' or '&', as the path has one already or not. */
static int add_argument(struct buf *b, const struct expander *x, struct str name, struct str text, struct error *e) {
  struct str value = {0};
  if (expand_text(&value, x, text, EXPAND_PLAIN, e) < 0) return -1;
  buf_byte(b, str_index(buf_str(b), '?') == SIZE_MAX ? '?' : '&');
  percent_encode(b, name);
  buf_byte(b, '=');
  percent_encode(b, value);
  return 0;
}

static int add_arguments(struct buf *b, const struct expander *x, const struct node *query, struct error *e) {
  for (NODE_EACH(c, query)) {
    if (c->kind != NODE_ARRAY && add_argument(b, x, c->name, c->text, e) < 0) return -1;
    for (const struct node *one = c->kind == NODE_ARRAY ? c->first : NULL; one; one = one->next)
      if (add_argument(b, x, c->name, one->text, e) < 0) return -1;
  }
  return 0;
}

/* The path with the arguments of `query` behind it. */
static int put_path(struct step_request *q, const struct expander *x, struct error *e) {
  const struct node *args = x->v->at->step->args_node;
  struct buf b;
  struct str path;
  if (expand_text(&path, x, keys_text(args, "path"), EXPAND_PLAIN, e) < 0) return -1;
  if (!is_path(path)) return error_set(e, ERR_CONFIG, "\"%.*s\" is no path of a URL", STR_F(path));
  buf_init(&b, EXPAND_TEXT_MAX);
  buf_add(&b, path);
  if (add_arguments(&b, x, node_child(args, "query"), e) < 0) {
    buf_release(&b);
    return -1;
  }
  q->path = buf_take(&b, x->v->scratch);
  return 0;
}

static int build(struct step_request *q, const struct step_view *v, int64_t now, struct error *e) {
  const struct node *args = v->at->step->args_node;
  struct expander x = {.v = v, .making = true, .now = now};
  struct str within = keys_text(args, "within");
  *q = (struct step_request){.name = keys_text(args, "as"), .method = keys_text(args, "method")};
  facts_init(&q->headers, v->scratch);
  if (put_path(q, &x, e) < 0) return -1;
  if (expand_duration(&q->timeout_ms, v, within.n ? within : STR(WITHIN_DEFAULT), e) < 0) return -1;
  return put_headers(&q->headers, &x, e) < 0 ? -1 : put_body(q, &x, e);
}

/* As with send: what needs a message that never came is not asked, and judged so. */
static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  struct step_request q;
  int64_t now = v->services->clock ? clock_stamp(v->services->clock) : v->state->last_at;
  h->wait(h->context, v, "harness", -1);
  if (build(&q, v, now, e) < 0) return e->code == ERR_PEER ? 0 : -1;
  return h->request(h->context, v, &q, e);
}

static enum step_ready ready(const struct step_view *v) {
  const struct state_message *m = v->at->message;
  return !m || !m->outbound || m->failure.n ? STEP_READY : STEP_WAIT;
}

static void judge_status(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  const struct node *wanted = node_child(node_child(v->at->step->args_node, "expect"), "status");
  struct str status = facts_get(&m->facts, "http.status");
  bool right = wanted ? list_has(wanted, arena_z(v->scratch, status)) : status.n == 3 && status.p[0] == '2';
  struct buf b;
  if (right) return;
  buf_init(&b, EXPRESSION_TEXT_MAX);
  if (!wanted) buf_addz(&b, "2xx");
  if (wanted && wanted->kind != NODE_ARRAY) buf_add(&b, wanted->text);
  if (wanted && wanted->kind == NODE_ARRAY)
    for (NODE_EACH(c, wanted)) buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(c->text));
  JUDGE(j, RULE_HTTP_STATUS, message_place(m), status, buf_take(&b, v->scratch));
}

static struct str header_of(const struct step_view *v, const struct state_message *m, struct str name) {
  char *z = arena_z(v->scratch, name);
  for (size_t i = 0; i < name.n; i++)
    if (z[i] >= 'A' && z[i] <= 'Z') z[i] = (char)(z[i] - 'A' + 'a');
  return facts_get(&m->facts, arena_printf(v->scratch, "http.%s", z).p);
}

static void judge_headers(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct expander x = {.v = v};
  for (NODE_EACH(c, node_child(node_child(v->at->step->args_node, "expect"), "headers"))) {
    struct str wanted, found = header_of(v, m, c->name);
    struct error e;
    if (expand_text(&wanted, &x, c->text, EXPAND_PLAIN, &e) < 0)
      judge_unresolved(j, &e);
    else if (!found.n || !str_starts(found, wanted))
      JUDGE(j, RULE_HTTP_HEADER, message_place(m), c->name, found, wanted);
  }
}

static void judge_answer(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct str status = facts_get(&m->facts, "http.status"), type = facts_get(&m->facts, "http.content-type");
  judge_actual(
      j, arena_printf(v->scratch, "Answered with status %.*s (%.*s %.*s)", STR_F(status), STR_F(m->id), STR_F(type)),
      arena_printf(v->scratch, "Svarede med status %.*s (%.*s %.*s)", STR_F(status), STR_F(m->id), STR_F(type)));
  judge_status(v, j, m);
  judge_headers(v, j, m);
}

static void judge_unasked(const struct step_view *v, struct judgement *j) {
  struct step_request q;
  struct error e;
  if (build(&q, v, v->at->opened_at, &e) == 0) error_set(&e, ERR_PEER, "\"%.*s\"", STR_F(v->at->step->id));
  judge_unresolved(j, &e);
  judge_actual(j, STR("Nothing was asked"), STR("Der blev ikke spurgt"));
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct state_message *m = v->at->message;
  if (!m) return judge_unasked(v, j);
  if (!m->outbound) return judge_answer(v, j, m);
  JUDGE(j, RULE_HTTP_UNREACHABLE, message_place(m), m->failure);
  judge_actual(j, STR("There was no answer"), STR("Der kom intet svar"));
  j->verdict = VERDICT_ERROR;
}

static int fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  (void)s;
  if (w->vendor->rest.n) return 0;
  return error_set(e, ERR_CONFIG, "%.*s does not say where the system's REST server is; add rest: {address: URL}",
                   STR_F(w->vendor->source.name));
}

const struct step_kind step_http = {.word = "http",
                                    .part = STEP_ACTS,
                                    .keys = keys,
                                    .parse = parse,
                                    .effect = effect,
                                    .ready = ready,
                                    .judge = judge,
                                    .fits = fits};
