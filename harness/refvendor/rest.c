/* The client of a FHIR server (--rest): posts messages as bare Bundles, fetches those that lie there, and asks what it
 * is told to ask. A trigger is answered at once; what it sets going comes after. */
#include "formats/json.h"
#include "refvendor/refvendor_int.h"

#define ENTRY_MAX ((size_t)256 << 20)

/* One request that nobody waits for; it stays as long as the system. */
struct errand {
  struct refvendor *v;
  void (*take)(struct errand *x, struct str body); /* what is done with what comes; NULL: nothing */
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

static void take_one(struct errand *x, struct str bytes) {
  struct arena *a = arena_new(0);
  (void)rv_receive(x->v, a, arena_str(a, bytes));
}

/* Each message of what was found. */
static void take_all(struct errand *x, struct str bytes) {
  struct arena *a = arena_new(0);
  struct findings found;
  enum resource_form form;
  struct node *root = NULL;
  findings_init(&found, a);
  if (resource_read(&root, &form, a, (struct source){STR("found"), bytes}, &found) < 0) root = NULL;
  for (const struct node *e = node_child(root, "entry"); e; e = node_again(e)) {
    struct buf b;
    buf_init(&b, ENTRY_MAX);
    resource_write(&b, node_child(e, "resource"), form, x->v->shapes, 0);
    take_one(x, buf_take(&b, a));
  }
  arena_free(a);
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct errand *x = payload;
  bool right = an->status >= 200 && an->status < 300;
  rv_log(x->v, "%.*s: HTTP %d %s", STR_F(x->path), an->status, an->failure ? an->failure : "");
  if (x->take && right) x->take(x, an->body);
}

static struct str text_of(const struct node *json, const char *name) {
  return str_trim(node_text_at(json, name));
}

static struct str fetch_path(const struct refvendor *v, struct arena *a, const struct node *json) {
  struct str type = text_of(json, "type");
  (void)v;
  return arena_printf(a, "/%.*s/%.*s", STR_F(type.n ? type : STR("Bundle")), STR_F(text_of(json, "id")));
}

/* What lies there for it: messages that name its endpoint. */
static struct str fetch_all_path(const struct refvendor *v, struct arena *a, const struct node *json) {
  (void)json;
  return arena_printf(a, "/Bundle?message.destination-uri=https%%3A%%2F%%2Fsor2.sum.dsdn.dk%%2F%%23id%%3D%.*s",
                      STR_F(v->o->own.sor));
}

static struct str rest_path(const struct refvendor *v, struct arena *a, const struct node *json) {
  (void)v;
  return arena_str(a, text_of(json, "path"));
}

static const struct deed {
  const char *action, *needs; /* needs: a key that must be there, or NULL */
  struct str (*path)(const struct refvendor *v, struct arena *a, const struct node *json);
  void (*take)(struct errand *x, struct str body);
} deeds[] = {{"fetch", "id", fetch_path, take_one},
             {"fetch-all", NULL, fetch_all_path, take_all},
             {"rest", "path", rest_path, NULL}};

static const struct deed *deed_of(struct str action) {
  for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
    if (str_eqz(action, deeds[i].action)) return &deeds[i];
  return NULL;
}

static void run_errand(struct refvendor *v, const struct node *json, const struct deed *d) {
  struct arena *a = v->arena;
  struct errand *x = ARENA_NEW(a, struct errand);
  struct str method = text_of(json, "method"), content = text_of(json, "content-type");
  struct fact accept = {STR("Accept"), str_z(resource_mime(v->o->form))};
  *x = (struct errand){.v = v, .take = d->take, .path = d->path(v, a, json)};
  struct http_call call = {.method = method.n ? arena_z(a, method) : "GET",
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
  const struct deed *d = deed_of(action);
  if (!d) return false;
  if (!v->o->rest) {
    answer(r, 400, "{\"error\": \"there is no FHIR server: start with --rest URL\"}");
  } else if (d->needs && !text_of(json, d->needs).n) {
    answer(r, 400, "{\"error\": \"fetch needs an id, rest a path\"}");
  } else {
    rv_log(v, "trigger %.*s", STR_F(action));
    run_errand(v, json, d);
    answer(r, 200, "{\"sent\": [], \"ignored\": []}");
  }
  return true;
}
