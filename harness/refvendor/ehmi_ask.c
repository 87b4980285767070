/* Requests to services that want a token: FHIR over HTTP, the token in the Authorization header only. */
#include "formats/json.h"
#include "refvendor/ehmi.h"

#define OUTCOME_SHOWN 200

/* Lives in an arena of its own until it is answered. */
struct rv_asking {
  struct rv_asking *next;
  struct refvendor *v;
  struct arena *arena;
  struct rv_ask ask;
  struct str token;
  bool again; /* with a second token */
};

void rv_call_out(struct refvendor *v, const struct http_call *call) {
  struct http_call mine = *call;
  if (!mine.identity) mine.identity = &v->identity;
  http_call(v->client, &mine);
}

const char *rv_below(struct arena *a, const char *base, const char *path) {
  struct str s = str_z(base);
  while (s.n && s.p[s.n - 1] == '/') s.n--;
  return arena_printf(a, "%.*s%s", STR_F(s), path).p;
}

struct str rv_outcome_text(struct arena *a, struct str body) {
  struct findings f;
  enum resource_form form;
  struct node *root;
  findings_init(&f, a);
  if (resource_read(&root, &form, a, (struct source){STR("answer"), body}, &f) == 0 &&
      str_eqz(root->type, "OperationOutcome")) {
    struct str text = node_text_at(root, "issue.details.text"), more = node_text_at(root, "issue.diagnostics");
    return text.n ? text : more.n ? more : node_text_at(root, "issue.code");
  }
  return str_sub(body, 0, OUTCOME_SHOWN);
}

static void unlink_asking(struct rv_asking *x) {
  struct rv_asking **at = &x->v->ehmi.askings;
  while (*at != x) at = &(*at)->next;
  *at = x->next;
}

static void finish(struct rv_asking *x, const struct rv_reply *r) {
  unlink_asking(x);
  x->ask.done(x->ask.payload, r);
  arena_free(x->arena);
}

static bool is_unwell(const struct http_answer *an) {
  return an->failure || an->status >= 500 || an->status == 408 || an->status == 429;
}

static struct str reason(struct rv_asking *x, const struct http_answer *an) {
  if (an->failure) return str_z(an->failure);
  return arena_printf(x->arena, "HTTP %d %.*s", an->status, STR_F(rv_outcome_text(x->arena, an->body)));
}

static void start(struct rv_asking *x);

/* 401: the token has run out before its time, or was withdrawn. One new one is tried, no more. */
static bool is_renewed(struct rv_asking *x, const struct http_answer *an) {
  if (an->status != 401 || !x->token.n) return false;
  rv_token_drop(x->v, x->ask.scope);
  if (rv_has(x->v, DEFECT_TOKEN_NO_SECOND_TRY)) return false;
  if (x->again && !rv_has(x->v, DEFECT_TOKEN_TRIES_FOREVER)) return false;
  x->again = true;
  start(x);
  return true;
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct rv_asking *x = payload;
  bool right = an->status >= 200 && an->status < 300;
  if (is_renewed(x, an)) return;
  finish(x, &(struct rv_reply){.fate = right           ? RV_FINE
                                       : is_unwell(an) ? RV_LATER
                                                       : RV_DENIED,
                               .status = an->status,
                               .body = an->body,
                               .why = right ? (struct str){0} : reason(x, an)});
}

/* The defect puts the token where everybody on the way writes it down. */
static const char *url_of(struct rv_asking *x) {
  if (!x->token.n || !rv_has(x->v, DEFECT_TOKEN_IN_QUERY)) return x->ask.url;
  return arena_printf(x->arena, "%s?access_token=%.*s", x->ask.url, STR_F(x->token)).p;
}

static void on_token(void *payload, const struct rv_token_reply *r) {
  struct rv_asking *x = payload;
  const char *mime = resource_mime(x->v->o->form);
  struct fact headers[] = {{STR("Accept"), str_z(mime)}, {STR("Authorization"), {0}}};
  if (r->fate != RV_FINE) {
    finish(x, &(struct rv_reply){.fate = r->fate, .why = r->why});
    return;
  }
  struct http_identity bare = {.ca = x->v->identity.ca};
  x->token = arena_str(x->arena, r->token);
  headers[1].value = arena_printf(x->arena, "Bearer %.*s", STR_F(x->token));
  rv_call_out(x->v, &(struct http_call){.method = x->ask.body.n ? "POST" : "GET",
                                        .url = url_of(x),
                                        .content_type = x->ask.body.n ? mime : NULL,
                                        .headers = headers,
                                        .headers_n = x->token.n && !rv_has(x->v, DEFECT_TOKEN_IN_QUERY) ? 2 : 1,
                                        .body = x->ask.body,
                                        .body_max = RV_EHMI_ANSWER_MAX,
                                        .identity = rv_has(x->v, DEFECT_TOKEN_OTHER_CERTIFICATE) ? &bare : NULL,
                                        .done = on_answer,
                                        .payload = x});
}

static void start(struct rv_asking *x) {
  rv_token_get(x->v, x->ask.scope, on_token, x);
}

void rv_ask(struct refvendor *v, const struct rv_ask *q) {
  struct arena *a = arena_new(0);
  struct rv_asking *x = ARENA_NEW(a, struct rv_asking);
  *x = (struct rv_asking){.next = v->ehmi.askings, .v = v, .arena = a, .ask = *q};
  v->ehmi.askings = x;
  x->ask.url = arena_z(a, str_z(q->url));
  x->ask.body = arena_str(a, q->body);
  x->ask.scope = arena_str(a, q->scope);
  start(x);
}

void rv_ask_close(struct refvendor *v) {
  while (v->ehmi.askings) {
    struct rv_asking *x = v->ehmi.askings;
    v->ehmi.askings = x->next;
    arena_free(x->arena);
  }
}
