#include "standards/ehmi_profile.h"

#include "base/buf.h"

/* Of a document id more than this is compared as it stands. */
#define NORMAL_MAX ((size_t)4 << 10)

static bool has_word(const struct ehmi_words *words, struct str value) {
  for (size_t i = 0; i < words->n; i++)
    if (str_eq(words->v[i], value)) return true;
  return false;
}

enum ehmi_fit ehmi_choice_fit(const struct ehmi_choice *c, struct str value) {
  if (has_word(&c->is, value)) return EHMI_RIGHT;
  return has_word(&c->accept, value) ? EHMI_ACCEPTED : EHMI_WRONG;
}

struct str ehmi_choice_default(const struct ehmi_choice *c) {
  return c->is.n ? c->is.v[0] : (struct str){0};
}

struct str ehmi_choice_text(const struct ehmi_choice *c, struct arena *a) {
  struct str all = {0};
  for (size_t i = 0; i < c->is.n; i++)
    all = arena_printf(a, "%.*s%s%.*s", STR_F(all), all.n ? ", " : "", STR_F(c->is.v[i]));
  return all;
}

const struct ehmi_type *ehmi_type_of(const struct ehmi_profile *p, struct str standard) {
  for (size_t i = 0; i < p->types.n; i++) {
    const struct ehmi_type *t = &p->types.v[i];
    if (str_eq(t->standard, standard) || has_word(&t->also, standard)) return t;
  }
  return NULL;
}

const struct ehmi_type *ehmi_type_of_event(const struct ehmi_profile *p, struct str event) {
  for (size_t i = 0; i < p->types.n; i++)
    if (event.n && str_eq(p->types.v[i].event, event)) return &p->types.v[i];
  return NULL;
}

const struct ehmi_type *ehmi_type_of_receipts(const struct ehmi_profile *p) {
  for (size_t i = 0; i < p->types.n; i++)
    if (p->types.v[i].receipt) return &p->types.v[i];
  return NULL;
}

const struct ehmi_scope *ehmi_scope_of(const struct ehmi_profile *p, struct str type) {
  for (size_t i = 0; i < p->scopes.n; i++) {
    const struct ehmi_scope *s = &p->scopes.v[i];
    if (str_eq(s->type, type) || has_word(&s->also, type)) return s;
  }
  return NULL;
}

static struct str replace_all(struct arena *a, struct str s, const struct ehmi_replacement *x) {
  struct buf out;
  size_t from = 0, at;
  buf_init(&out, NORMAL_MAX);
  while ((at = str_find(s, x->from, from)) != SIZE_MAX) {
    buf_add(&out, str_sub(s, from, at));
    buf_add(&out, x->to);
    from = at + x->from.n;
  }
  buf_add(&out, str_sub(s, from, s.n));
  return buf_take(&out, a);
}

struct str ehmi_document_id_normal(const struct ehmi_profile *p, struct arena *a, struct str id) {
  if (id.n > NORMAL_MAX) return id;
  for (size_t i = 0; i < p->normalise.n; i++) id = replace_all(a, id, &p->normalise.v[i]);
  return id;
}

static const struct ehmi_severity *severity_of(const struct ehmi_profile *p, struct str rule) {
  for (size_t i = 0; i < p->rules.n; i++)
    if (str_eq(p->rules.v[i].rule, rule)) return &p->rules.v[i];
  return NULL;
}

void ehmi_profile_apply(const struct ehmi_profile *p, struct findings *f, size_t from) {
  size_t kept = from < f->list.n ? from : f->list.n;
  for (size_t i = kept; i < f->list.n; i++) {
    struct finding x = f->list.v[i];
    const struct ehmi_severity *s = severity_of(p, x.rule);
    if (s && s->off) continue;
    if (s) {
      x.severity = s->severity;
      x.source = arena_str(f->arena, s->source);
    }
    f->list.v[kept++] = x;
  }
  f->list.n = kept;
}

static const struct rule *rule_nearest(const struct rule *rules, size_t n, struct str id) {
  const struct rule *best = rules;
  for (size_t i = 0; i < n; i++)
    if (str_distance(id, str_z(rules[i].id)) < str_distance(id, str_z(best->id))) best = &rules[i];
  return best;
}

int ehmi_profile_check_rules(const struct ehmi_profile *p, const char *prefix, const struct rule *rules, size_t n,
                             struct error *e) {
  for (size_t i = 0; i < p->rules.n; i++) {
    const struct ehmi_severity *s = &p->rules.v[i];
    if (!str_starts(s->rule, str_z(prefix))) continue;
    const char *best = rule_nearest(rules, n, s->rule)->id;
    if (!str_eqz(s->rule, best))
      return error_at(e, ERR_CONFIG, p->file, s->line, s->col, "there is no rule \"%.*s\"; did you mean \"%s\"?",
                      STR_F(s->rule), best);
  }
  return 0;
}

const char *ehmi_kind_name(enum ehmi_kind kind) {
  static const char *const names[] = {[EHMI_MESSAGE] = "message",
                                      [EHMI_COPY] = "copy",
                                      [EHMI_ACKNOWLEDGEMENT] = "acknowledgement",
                                      [EHMI_RECEIPT] = "receipt"};
  return names[kind];
}
