#include "cli/severity_file.h"

#include "base/file.h"
#include "cli/rules.h"

static bool is_known(const struct severity_of *s) {
  for (size_t i = 0; rules_at(i); i++)
    if (severity_is_of(s, str_z(rules_at(i)->id))) return true;
  return false;
}

static const char *nearest(struct str rule) {
  const char *best = rules_at(0)->id;
  for (size_t i = 1; rules_at(i); i++)
    if (str_distance(rule, str_z(rules_at(i)->id)) < str_distance(rule, str_z(best))) best = rules_at(i)->id;
  return best;
}

int severities_check(const struct severities *s, struct str file, struct error *e) {
  for (size_t i = 0; i < s->list.n; i++) {
    const struct severity_of *x = &s->list.v[i];
    if (!is_known(x))
      return error_at(e, ERR_CONFIG, file, x->node->name_line, x->node->name_col,
                      "there is no rule \"%.*s\"; did you mean \"%s\"?", STR_F(x->rule), nearest(x->rule));
  }
  return 0;
}

int severities_open(struct severities *out, struct arena *a, const char *path, struct error *e) {
  struct source src = {.name = str_z(path)};
  if (file_read(&src.bytes, a, path, SEVERITIES_BYTES_MAX, e) < 0) return -1;
  return severities_read_file(out, a, src, e) < 0 ? -1 : severities_check(out, src.name, e);
}
