#include "standards/severities.h"

#include "formats/yaml.h"

static int read_entry(struct severity_of *out, const struct node *n, struct str name, struct error *e) {
  *out = (struct severity_of){.rule = n->name, .off = str_eqz(n->text, "off"), .node = n};
  if (!n->name.n) return error_at(e, ERR_CONFIG, name, n->line, n->col, "a rule is missing");
  if (n->kind == NODE_STRING && (out->off || severity_parse(n->text, &out->severity))) return 0;
  return error_at(e, ERR_CONFIG, name, n->line, n->col, "a severity is info, warning, undecided, error or off");
}

int severities_read(struct severities *out, struct arena *a, const struct node *mapping, struct str name,
                    struct error *e) {
  *out = (struct severities){0};
  if (!mapping) return 0;
  if (mapping->kind != NODE_OBJECT)
    return error_at(e, ERR_CONFIG, name, mapping->line, mapping->col, "a mapping of rules and severities is needed");
  if (mapping->count > SEVERITIES_MAX)
    return error_at(e, ERR_LIMIT, name, mapping->line, mapping->col, "more than %d severities", SEVERITIES_MAX);
  for (NODE_EACH(n, mapping))
    if (read_entry(VEC_ADD(a, &out->list), n, name, e) < 0) return -1;
  return 0;
}

int severities_read_file(struct severities *out, struct arena *a, struct source src, struct error *e) {
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  if (yaml_read(&root, a, src, &f) != 0) return findings_error(&f, e);
  return severities_read(out, a, root, src.name, e);
}

bool severity_is_of(const struct severity_of *s, struct str rule) {
  if (!str_ends(s->rule, STR("*"))) return str_eq(s->rule, rule);
  return str_starts(rule, str_sub(s->rule, 0, s->rule.n - 1));
}

static const struct severity_of *severity_for(const struct severities *s, struct str rule) {
  for (size_t i = s->list.n; i-- > 0;)
    if (severity_is_of(&s->list.v[i], rule)) return &s->list.v[i];
  return NULL;
}

void severities_apply(const struct severities *s, struct findings *f, size_t from) {
  size_t kept = from;
  for (size_t i = from; s->list.n && i < f->list.n; i++) {
    struct finding x = f->list.v[i];
    const struct severity_of *found = severity_for(s, x.rule);
    if (found && found->off) continue;
    if (found) x.severity = found->severity;
    f->list.v[kept++] = x;
  }
  if (s->list.n && kept < f->list.n) f->list.n = kept;
}
