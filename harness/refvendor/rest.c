/* The client of a FHIR server (--rest): posts messages as bare Bundles, fetches those that lie there, and asks what it
 * is told to ask. A trigger is answered at once; what it sets going comes after. */
#include "formats/json.h"
#include "refvendor/refvendor_int.h"

/* One request that nobody waits for. */
struct errand {
  struct refvendor *v;
  struct arena *arena;
  bool fetch; /* what comes is a message to take in */
  struct str path;
};

static const char *url_of(const struct refvendor *v, struct arena *a, struct str path) {
  struct str base = str_z(v->o->rest);
  while (base.n && base.p[base.n - 1] == '/') base.n--;
  return arena_printf(a, "%.*s%.*s", STR_F(base), STR_F(path)).p;
}

void rv_rest_post(struct refvendor *v, struct arena *a, struct str bundle,
                  void (*done)(void *payload, const struct http_answer *answer), void *payload) {
  http_send(v->client, "POST", url_of(v, a, STR("/Bundle")), resource_mime(v->o->form), bundle, 0, done, payload);
}

static void take_in(struct refvendor *v, struct str bytes) {
  struct arena *a = arena_new(0);
  (void)rv_receive(v, a, arena_str(a, bytes));
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct errand *x = payload;
  bool right = an->status >= 200 && an->status < 300;
  rv_log(x->v, "%.*s: HTTP %d %s", STR_F(x->path), an->status, an->failure ? an->failure : "");
  if (x->fetch && right) take_in(x->v, an->body);
  arena_free(x->arena);
}

static struct str text_of(const struct node *json, const char *name) {
  return str_trim(node_text_at(json, name));
}

/* The request of {"action": "fetch", "type": "Bundle", "id": ...}, or of {"action": "rest", "method", "path",
 * "content-type", "body"}. */
static void run_errand(struct refvendor *v, const struct node *json, bool fetch) {
  struct arena *a = arena_new(0);
  struct errand *x = ARENA_NEW(a, struct errand);
  struct str type = text_of(json, "type"), method = text_of(json, "method"), content = text_of(json, "content-type");
  struct fact accept = {STR("Accept"), str_z(resource_mime(v->o->form))};
  *x = (struct errand){.v = v, .arena = a, .fetch = fetch, .path = arena_str(a, text_of(json, "path"))};
  if (fetch) x->path = arena_printf(a, "/%.*s/%.*s", STR_F(type.n ? type : STR("Bundle")), STR_F(text_of(json, "id")));
  struct http_call call = {.method = fetch || !method.n ? "GET" : arena_z(a, method),
                           .url = url_of(v, a, x->path),
                           .content_type = content.n ? arena_z(a, content) : resource_mime(v->o->form),
                           .headers = &accept,
                           .headers_n = 1,
                           .body = node_text_at(json, "body"),
                           .done = on_answer,
                           .payload = x};
  http_call(v->client, &call);
}

static void answer(struct http_request *r, int status, const char *text) {
  http_reply(r, status, "application/json", str_z(text));
}

bool rv_rest_trigger(struct refvendor *v, struct http_request *r) {
  struct findings f;
  struct node *json = NULL;
  findings_init(&f, r->arena);
  if (json_read(&json, r->arena, (struct source){STR("trigger"), r->body}, &f) < 0) return false;
  struct str action = text_of(json, "action");
  bool fetch = str_eqz(action, "fetch");
  if (!fetch && !str_eqz(action, "rest")) return false;
  if (!v->o->rest)
    answer(r, 400, "{\"error\": \"there is no FHIR server: start with --rest URL\"}");
  else if (!text_of(json, fetch ? "id" : "path").n)
    answer(r, 400, "{\"error\": \"fetch needs an id, rest a path\"}");
  else {
    rv_log(v, "trigger %.*s", STR_F(action));
    run_errand(v, json, fetch);
    answer(r, 200, "{\"sent\": [], \"ignored\": []}");
  }
  return true;
}
