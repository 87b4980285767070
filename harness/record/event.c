#include "record/event.h"

#include "record/fields_int.h"

#include <string.h>

#define FACT_PREFIX "fact."
#define EVIDENCE_PREFIX "evidence."
/* A fact longer than this is cut when it goes into an event: hostile messages must not fill the log. */
#define EVENT_FACT_MAX ((size_t)16 << 10)

struct event *event_new(struct arena *a, const char *kind, int64_t at, struct str case_id, struct str step) {
  struct event *ev = ARENA_NEW(a, struct event);
  *ev = (struct event){
      .at = at, .kind = arena_str(a, str_z(kind)), .case_id = arena_str(a, case_id), .step = arena_str(a, step)};
  facts_init(&ev->data, a);
  findings_init(&ev->findings, a);
  return ev;
}

struct str event_get(const struct event *ev, const char *name) {
  return facts_get(&ev->data, name);
}

bool event_is(const struct event *ev, const char *kind) {
  return str_eqz(ev->kind, kind);
}

/* Cleaned here and not only when written, so that a live state and a replayed one hold the same facts. */
void event_put_facts(struct event *ev, const struct facts *f) {
  struct arena *a = ev->data.arena;
  for (size_t i = 0; i < f->list.n; i++) {
    const struct fact *one = &f->list.v[i];
    facts_put(&ev->data, arena_printf(a, FACT_PREFIX "%.*s", STR_F(one->name)),
              clean_text(a, one->value, EVENT_FACT_MAX));
  }
}

void event_clean(struct event *ev) {
  for (size_t i = 0; i < ev->data.list.n; i++) {
    struct str *value = &ev->data.list.v[i].value;
    *value = clean_text(ev->data.arena, *value, value->n);
  }
}

void event_get_facts(struct facts *out, const struct event *ev) {
  for (size_t i = 0; i < ev->data.list.n; i++) {
    const struct fact *one = &ev->data.list.v[i];
    if (str_starts(one->name, STR(FACT_PREFIX)))
      facts_put(out, str_sub(one->name, strlen(FACT_PREFIX), one->name.n), one->value);
  }
}

void event_write(struct buf *out, const struct event *ev) {
  struct json_writer w;
  json_writer_init(&w, out, 0);
  json_begin_object(&w, NULL);
  json_put_int(&w, "seq", ev->seq);
  json_put_int(&w, "at", ev->at);
  put_text(&w, "kind", ev->kind);
  put_text(&w, "case", ev->case_id);
  put_text(&w, "step", ev->step);
  put_facts(&w, "data", &ev->data);
  put_findings(&w, "findings", "dropped", &ev->findings, (struct str){0});
  put_text(&w, "blob", ev->blob);
  json_end(&w);
}

void event_chain(char out[SHA256_HEX + 1], struct str previous, struct str line) {
  struct sha256 *h = sha256_new();
  sha256_add(h, previous);
  sha256_add(h, STR("\n"));
  sha256_add(h, line);
  sha256_hex_free(h, out);
}

static bool names_evidence(struct str name) {
  int64_t number;
  return str_starts(name, STR(EVIDENCE_PREFIX)) && str_int(str_sub(name, strlen(EVIDENCE_PREFIX), name.n), &number);
}

static bool names_blob(struct str name) {
  return str_eqz(name, "payload") || str_eqz(name, "copy") || str_ends(name, STR(".blob")) || names_evidence(name);
}

void event_blobs(const struct event *ev, void (*fn)(void *payload, struct str name, struct str digest), void *payload) {
  if (ev->blob.n) fn(payload, STR("blob"), ev->blob);
  for (size_t i = 0; i < ev->data.list.n; i++) {
    const struct fact *one = &ev->data.list.v[i];
    if (sha256_is_hex(one->value) && names_blob(one->name)) fn(payload, one->name, one->value);
  }
}

static int event_take(struct event **out, struct arena *a, const struct node *root, struct error *e) {
  struct taker t = {.arena = a};
  if (root->kind != NODE_OBJECT) return error_set(e, ERR_SYNTAX, "an event is no JSON object");
  struct event *ev = ARENA_NEW(a, struct event);
  ev->seq = take_int(&t, root, "seq");
  ev->at = take_int(&t, root, "at");
  ev->kind = take_text(&t, root, "kind");
  ev->case_id = take_text(&t, root, "case");
  ev->step = take_text(&t, root, "step");
  take_facts(&t, &ev->data, root, "data");
  take_findings(&t, &ev->findings, root, "findings", "dropped");
  ev->blob = take_text(&t, root, "blob");
  if (t.bad)
    return error_at(e, ERR_SYNTAX, STR("event"), t.bad->line, t.bad->col,
                    "\"%.*s\" is a %s, which does not belong there", STR_F(t.bad->name), node_kind_name(t.bad->kind));
  if (ev->kind.n == 0) return error_set(e, ERR_SYNTAX, "an event has no kind");
  *out = ev;
  return 0;
}

int event_read(struct event **out, struct arena *a, struct str json, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct findings f;
  struct node *root = NULL;
  findings_init(&f, scratch);
  int rc = json_read(&root, scratch, (struct source){STR("event"), json}, &f);
  if (rc == 0)
    rc = event_take(out, a, root, e);
  else if (findings_error(&f, e) == 0)
    rc = error_set(e, ERR_SYNTAX, "an event is no JSON");
  arena_free(scratch);
  return rc;
}
