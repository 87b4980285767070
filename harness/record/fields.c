#include "record/fields_int.h"
#include "record/find_again.h"

#include "base/utf8.h"

#define CLEAN_MAX ((size_t)1 << 30)

void put_text(struct json_writer *w, const char *key, struct str value) {
  if (value.n) json_put_str(w, key, value); /* which replaces what is no UTF-8 */
}

struct str clean_text(struct arena *a, struct str s, size_t max) {
  if (s.n > max) s.n = utf8_whole(str_sub(s, 0, max));
  if (utf8_check(s) == SIZE_MAX) return s;
  struct buf b;
  buf_init(&b, CLEAN_MAX);
  while (s.n) {
    size_t good = utf8_check(s);
    if (good > s.n) good = s.n;
    buf_add(&b, str_sub(s, 0, good));
    if (good < s.n) utf8_put(&b, 0xFFFD);
    s = str_sub(s, good + 1, s.n);
  }
  return buf_take(&b, a);
}

void put_facts(struct json_writer *w, const char *key, const struct facts *f) {
  if (f->list.n == 0) return;
  struct arena *scratch = arena_new(0);
  json_begin_object(w, key);
  for (size_t i = 0; i < f->list.n; i++)
    put_text(w, arena_z(scratch, clean_text(scratch, f->list.v[i].name, CLEAN_MAX)), f->list.v[i].value);
  json_end(w);
  arena_free(scratch);
}

static void put_place(struct json_writer *w, const struct place *p) {
  put_text(w, "message", p->message);
  if (p->line) json_put_int(w, "line", p->line);
  if (p->col) json_put_int(w, "col", p->col);
  put_text(w, "path", p->path);
}

static bool place_is_empty(const struct place *p) {
  return p->message.n == 0 && p->path.n == 0 && p->line == 0 && p->col == 0;
}

static void put_reasons(struct json_writer *w, const struct reasons *r) {
  if (!r->n) return;
  json_begin_array(w, "reasons");
  for (size_t i = 0; i < r->n; i++) {
    json_begin_object(w, NULL);
    if (r->v[i].depth) json_put_int(w, "depth", r->v[i].depth);
    put_place(w, &r->v[i].where);
    put_text(w, "en", r->v[i].text.en);
    put_text(w, "da", r->v[i].text.da);
    json_end(w);
  }
  json_end(w);
}

/* Told to whoever reads the record, and not read back. */
static void put_commands(struct json_writer *w, const struct finding *f, struct str run) {
  struct arena *a = arena_new(0);
  put_text(w, "again", again_command(a, run, f));
  put_text(w, "explain", again_explain(a, f));
  arena_free(a);
}

static void put_finding(struct json_writer *w, const struct finding *f, struct str run) {
  json_begin_object(w, NULL);
  put_text(w, "rule", f->rule);
  json_put_z(w, "severity", severity_name(f->severity));
  put_place(w, &f->where);
  if (!place_is_empty(&f->other)) {
    json_begin_object(w, "other");
    put_place(w, &f->other);
    json_end(w);
  }
  put_text(w, "en", f->en);
  put_text(w, "da", f->da);
  put_text(w, "source", f->source);
  put_text(w, "profile", f->profile);
  put_text(w, "element", f->element);
  put_text(w, "found", f->found);
  put_text(w, "expression", f->expression);
  put_text(w, "constraint", f->constraint);
  put_text(w, "issue", f->issue);
  put_text(w, "origin", f->origin);
  put_reasons(w, &f->reasons);
  if (run.n) put_commands(w, f, run);
  json_end(w);
}

void put_findings(struct json_writer *w, const char *key, const char *dropped, const struct findings *f,
                  struct str run) {
  if (f->list.n) {
    json_begin_array(w, key);
    for (size_t i = 0; i < f->list.n; i++) put_finding(w, &f->list.v[i], run);
    json_end(w);
  }
  if (f->dropped == 0) return;
  json_begin_object(w, dropped);
  for (int s = 0; s < FINDING_SEVERITIES; s++)
    if (f->dropped_of[s]) json_put_int(w, severity_name((enum severity)s), (int64_t)f->dropped_of[s]);
  json_end(w);
}

const struct node *take(struct taker *t, const struct node *n, const char *key, enum node_kind kind) {
  const struct node *child = node_child(n, key);
  if (!child || child->kind == kind) return child;
  if (!t->bad) t->bad = child;
  return NULL;
}

struct str take_text(struct taker *t, const struct node *n, const char *key) {
  const struct node *child = take(t, n, key, NODE_STRING);
  return child ? arena_str(t->arena, child->text) : (struct str){0};
}

int64_t take_int(struct taker *t, const struct node *n, const char *key) {
  int64_t value = 0;
  const struct node *child = take(t, n, key, NODE_NUMBER);
  if (child && !str_int(child->text, &value) && !t->bad) t->bad = child;
  return value;
}

bool take_bool(struct taker *t, const struct node *n, const char *key) {
  const struct node *child = take(t, n, key, NODE_BOOL);
  return child && str_eqz(child->text, "true");
}

void take_facts(struct taker *t, struct facts *out, const struct node *n, const char *key) {
  facts_init(out, t->arena);
  for (NODE_EACH(c, take(t, n, key, NODE_OBJECT))) {
    if (c->kind == NODE_STRING)
      facts_put(out, c->name, c->text);
    else if (!t->bad)
      t->bad = c;
  }
}

/* Line or column: what does not fit an int was not written by us. */
static int take_position(struct taker *t, const struct node *n, const char *key) {
  int64_t value = take_int(t, n, key);
  return value > 0 && value <= INT32_MAX ? (int)value : 0;
}

static struct place take_place(struct taker *t, const struct node *n) {
  return (struct place){.message = take_text(t, n, "message"),
                        .line = take_position(t, n, "line"),
                        .col = take_position(t, n, "col"),
                        .path = take_text(t, n, "path")};
}

static void take_reasons(struct taker *t, struct reasons *out, const struct node *n) {
  for (NODE_EACH(c, take(t, n, "reasons", NODE_ARRAY))) {
    struct said text = {take_text(t, c, "en"), take_text(t, c, "da")};
    reasons_add(out, t->arena, take_position(t, c, "depth"), take_place(t, c), text);
  }
}

static void take_finding(struct taker *t, struct finding *out, const struct node *n) {
  *out = (struct finding){.rule = take_text(t, n, "rule"),
                          .where = take_place(t, n),
                          .en = take_text(t, n, "en"),
                          .da = take_text(t, n, "da"),
                          .source = take_text(t, n, "source"),
                          .profile = take_text(t, n, "profile"),
                          .element = take_text(t, n, "element"),
                          .found = take_text(t, n, "found"),
                          .expression = take_text(t, n, "expression"),
                          .constraint = take_text(t, n, "constraint"),
                          .issue = take_text(t, n, "issue"),
                          .origin = take_text(t, n, "origin")};
  take_reasons(t, &out->reasons, n);
  const struct node *other = take(t, n, "other", NODE_OBJECT);
  if (other) out->other = take_place(t, other);
  const struct node *severity = take(t, n, "severity", NODE_STRING);
  if ((!severity || !severity_parse(severity->text, &out->severity)) && !t->bad) t->bad = severity ? severity : n;
}

void take_findings(struct taker *t, struct findings *out, const struct node *n, const char *key, const char *dropped) {
  findings_init(out, t->arena);
  for (NODE_EACH(c, take(t, n, key, NODE_ARRAY))) take_finding(t, VEC_ADD(t->arena, &out->list), c);
  const struct node *counts = take(t, n, dropped, NODE_OBJECT);
  for (int s = 0; counts && s < FINDING_SEVERITIES; s++) {
    int64_t count = take_int(t, counts, severity_name((enum severity)s));
    if (count <= 0) continue;
    out->dropped_of[s] = (size_t)count;
    out->dropped += (size_t)count;
  }
}
