/* A server in front of another one (--relay): what is asked at /fhir goes to that server, and its answer back, each
 * changed as --spoil says. So a server that is right becomes one that is wrong in one thing, for protocols whose system
 * under test is a server. */
#include "fhir/change.h"
#include "refvendor/refvendor_int.h"

#define PREFIX "/fhir"
#define ANSWER_MAX ((size_t)16 << 20)
#define NOBODY "nobody-has-this"

/* What --spoil says, in words between blanks: METHOD TYPE VERB [ARGUMENT [VALUE]]; "TYPE/": of one that is named by its
 * id; "*": of any. */
struct spoil {
  struct str method, type, verb, argument, value;
};

/* One request on its way; it lives in the request's arena. */
struct passing {
  struct refvendor *v;
  struct http_request *r;
  struct str method, type, below; /* below: what the path is behind the type and a slash */
};

static struct str word(struct str *rest) {
  *rest = str_trim(*rest);
  return str_cut(rest, ' ');
}

static bool spoil_read(struct spoil *x, struct str line) {
  struct str rest = line;
  *x = (struct spoil){.method = word(&rest), .type = word(&rest), .verb = word(&rest), .argument = word(&rest)};
  x->value = str_trim(rest);
  return x->verb.n > 0;
}

bool rv_spoil_known(struct str line) {
  static const struct {
    const char *verb;
    bool argument, value; /* which it needs */
  } verbs[] = {{"forget", true, false}, {"miss", true, false}, {"status", true, false}, {"skip", false, false},
               {"answer", true, false}, {"hide", true, false}, {"remove", true, false}, {"set", true, true}};
  struct spoil x;
  if (!spoil_read(&x, line)) return false;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (str_eqz(x.verb, verbs[i].verb))
      return verbs[i].argument == (x.argument.n > 0) && verbs[i].value == (x.value.n > 0);
  return false;
}

static bool is_of(const struct passing *p, struct str type) {
  bool one = str_ends(type, STR("/"));
  if (one) type.n--;
  return str_eqz(type, "*") || (str_eq(type, p->type) && (!one || p->below.n > 0));
}

/* The rules of that verb for this request, one after the other: *i goes on; false: there is no more. */
static bool next_spoil(const struct passing *p, size_t *i, const char *verb, struct spoil *x) {
  const struct refvendor_options *o = p->v->o;
  while (*i < o->spoils.n) {
    if (!spoil_read(x, o->spoils.v[(*i)++]) || !str_eqz(x->verb, verb)) continue;
    if (str_eq(x->method, p->method) && is_of(p, x->type)) return true;
  }
  return false;
}

static bool has_spoil(const struct passing *p, const char *verb, struct spoil *x) {
  size_t i = 0;
  return next_spoil(p, &i, verb, x);
}

/* ---- the request ---- */

/* forget NAME: that argument is not passed on; miss NAME: it asks for what nobody has. */
static struct str query_of(const struct passing *p) {
  struct buf b;
  struct str rest = p->r->query;
  buf_init(&b, ANSWER_MAX);
  while (rest.n) {
    struct str pair = str_cut(&rest, '&'), value = pair, name = str_cut(&value, '=');
    struct spoil x;
    bool forgets = false, misses = false;
    for (size_t i = 0; next_spoil(p, &i, "forget", &x);) forgets |= str_eq(x.argument, name);
    for (size_t i = 0; next_spoil(p, &i, "miss", &x);) misses |= str_eq(x.argument, name);
    if (forgets) continue;
    buf_byte(&b, b.n ? '&' : '?');
    if (misses)
      buf_printf(&b, "%.*s=" NOBODY, STR_F(name));
    else
      buf_add(&b, pair);
  }
  return buf_take(&b, p->r->arena);
}

/* ---- the answer ---- */

/* remove PATH, and set PATH VALUE, in a FHIR body; anything else stays as it is. */
static struct str body_of(const struct passing *p, struct str body) {
  static const char *const verbs[] = {"remove", "set"};
  struct arena *a = p->r->arena;
  struct findings f;
  enum resource_form form;
  struct node *root;
  struct buf b;
  struct spoil x;
  size_t changed = 0;
  findings_init(&f, a);
  if (!has_spoil(p, "remove", &x) && !has_spoil(p, "set", &x)) return body;
  if (resource_read(&root, &form, a, (struct source){STR("answer"), body}, &f) < 0) return body;
  for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
    for (size_t i = 0, n = 0; next_spoil(p, &i, verbs[k], &x); changed += n) {
      struct error e;
      struct change c = {.verb = x.verb, .path = x.argument, .value = x.value};
      if (change_apply(&n, a, root, &c, p->v->shapes, &e) < 0) rv_log(p->v, "--spoil: %s", e.text);
    }
  if (!changed) return body;
  buf_init(&b, ANSWER_MAX);
  resource_write(&b, root, form, p->v->shapes, 0);
  return buf_take(&b, a);
}

/* The headers that FHIR gives a meaning to, without those that hide NAME takes away. */
static void put_headers(const struct passing *p, struct str lines) {
  static const char *const names[] = {"Location", "ETag", "Last-Modified"};
  while (lines.n) {
    struct str line = str_trim(str_cut(&lines, '\n')), value = line, name = str_cut(&value, ':');
    struct spoil x;
    bool hidden = has_spoil(p, "hide", &x) && str_eq_nocase(x.argument, name);
    for (size_t i = 0; i < sizeof names / sizeof *names && !hidden; i++)
      if (str_eq_nocase(name, str_z(names[i]))) http_reply_header(p->r, names[i], str_trim(value));
  }
}

/* status N: whatever the server said. */
static void on_answer(void *payload, const struct http_answer *an) {
  struct passing *p = payload;
  struct spoil x;
  int64_t status = an->status;
  if (!status) {
    http_reply(p->r, 502, "text/plain", str_z(an->failure ? an->failure : "no answer\n"));
    return;
  }
  if (has_spoil(p, "status", &x) && !str_int(x.argument, &status)) status = an->status;
  put_headers(p, an->headers);
  const char *type = an->content_type.n ? arena_z(p->r->arena, an->content_type) : "text/plain";
  http_reply(p->r, (int)status, type, body_of(p, an->body));
}

static const char *header(struct http_request *r, const char *name) {
  struct str value = http_header(r, name);
  return value.n ? arena_z(r->arena, value) : NULL;
}

/* skip: what would change something there is only read. answer FORM: in that one, whatever was asked for. */
static void pass(struct passing *p, struct str path) {
  struct refvendor *v = p->v;
  struct http_request *r = p->r;
  struct spoil x;
  bool skips = has_spoil(p, "skip", &x);
  const char *accept = header(r, "Accept"), *type = header(r, "Content-Type");
  if (has_spoil(p, "answer", &x)) accept = arena_printf(r->arena, "application/fhir+%.*s", STR_F(x.argument)).p;
  struct fact headers[] = {{STR("Accept"), str_z(accept ? accept : "application/fhir+json")}};
  struct str base = str_z(v->o->relay);
  while (str_ends(base, STR("/"))) base.n--;
  http_call(
      v->client,
      &(struct http_call){.method = skips ? "GET" : arena_z(r->arena, p->method),
                          .url = arena_printf(r->arena, "%.*s%.*s%.*s", STR_F(base), STR_F(path), STR_F(query_of(p))).p,
                          .content_type = skips ? NULL : type,
                          .headers = headers,
                          .headers_n = 1,
                          .body = skips ? (struct str){0} : r->body,
                          .body_max = ANSWER_MAX,
                          .identity = &v->identity,
                          .done = on_answer,
                          .payload = p});
}

bool rv_relay(struct refvendor *v, struct http_request *r) {
  if (!v->o->relay || !str_starts(r->path, STR(PREFIX "/")) || r->body_file) return false;
  struct str path = str_sub(r->path, sizeof PREFIX - 1, r->path.n), type = str_sub(path, 1, path.n);
  struct passing *p = ARENA_NEW(r->arena, struct passing);
  *p = (struct passing){.v = v, .r = r, .method = r->method, .type = str_cut(&type, '/'), .below = type};
  rv_log(v, "%.*s %.*s?%.*s is passed on", STR_F(r->method), STR_F(path), STR_F(r->query));
  pass(p, path);
  return true;
}
