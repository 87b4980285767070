/* A JSON list of findings (the man page, FORMATS OF VALIDATE). */
#include "cli/document.h"

#include "record/find_again.h"

static void put_place(struct json_writer *w, const char *key, const struct place *p) {
  if (!p->message.n && !p->path.n) return;
  json_begin_object(w, key);
  json_put_str(w, "message", p->message);
  json_put_int(w, "line", p->line);
  json_put_int(w, "column", p->col);
  json_put_str(w, "path", p->path);
  json_end(w);
}

static void put_reasons(struct json_writer *w, const struct reasons *r) {
  if (!r->n) return;
  json_begin_array(w, "reasons");
  for (size_t i = 0; i < r->n; i++) {
    json_begin_object(w, NULL);
    json_put_int(w, "depth", r->v[i].depth);
    put_place(w, "where", &r->v[i].where);
    json_put_str(w, "en", r->v[i].text.en);
    json_put_str(w, "da", r->v[i].text.da);
    json_end(w);
  }
  json_end(w);
}

static void put_explained(struct json_writer *w, const struct finding *x) {
  if (x->profile.n) json_put_str(w, "profile", x->profile);
  if (x->element.n) json_put_str(w, "element", x->element);
  if (x->found.n) json_put_str(w, "found", x->found);
  if (x->expression.n) json_put_str(w, "expression", x->expression);
  if (x->constraint.n) json_put_str(w, "constraint", x->constraint);
  if (x->issue.n) json_put_str(w, "issue", x->issue);
  put_reasons(w, &x->reasons);
}

static void put_commands(struct document *d, const struct finding *x) {
  struct arena *a = arena_new(0);
  struct str explain = again_explain(a, x);
  if (d->again.n) json_put_str(&d->w, "again", d->again);
  if (explain.n) json_put_str(&d->w, "explain", explain);
  arena_free(a);
}

static void begin(struct document *d) {
  json_begin_array(&d->w, NULL);
}

static void put_finding(struct document *d, const struct finding *x) {
  struct json_writer *w = &d->w;
  json_begin_object(w, NULL);
  json_put_str(w, "rule", x->rule);
  json_put_z(w, "severity", severity_name(x->severity));
  put_place(w, "where", &x->where);
  put_place(w, "other", &x->other);
  json_put_str(w, "en", x->en);
  json_put_str(w, "da", x->da);
  json_put_str(w, "source", x->source);
  put_explained(w, x);
  put_commands(d, x);
  json_end(w);
}

static void end(struct document *d, int code) {
  (void)code;
  json_end(&d->w);
}

const struct document_format document_json = {"json", begin, put_finding, end};
