#include "mutations.h"

#include "base/file.h"

#define ROWS_BYTES_MAX ((size_t)1 << 20)

int rows_read(struct mutations *m, const char *path, struct error *e) {
  struct str rest;
  if (file_read(&rest, m->arena, path, ROWS_BYTES_MAX, e) < 0) return -1;
  for (int line = 1; rest.n; line++) {
    struct str text = str_cut(&rest, '\n');
    struct row r;
    if (!text.n || text.p[0] == '#') continue;
    r.defect = str_cut(&text, '\t');
    r.protocol = str_cut(&text, '\t');
    r.case_id = str_cut(&text, '\t');
    r.step = str_cut(&text, '\t');
    r.rule = str_cut(&text, '\t');
    r.clock = text;
    if (!r.clock.n) return error_at(e, ERR_SYNTAX, str_z(path), line, 0, "six columns are needed");
    VEC_PUSH(m->arena, &m->rows, r);
  }
  return 0;
}

const struct row *row_of(const struct mutations *m, struct str defect, struct str protocol) {
  for (size_t i = 0; i < m->rows.n; i++)
    if (str_eq(m->rows.v[i].defect, defect) && str_eq(m->rows.v[i].protocol, protocol)) return &m->rows.v[i];
  return NULL;
}

bool outcome_has(const struct outcome *o, struct str step, struct str rule) {
  for (size_t i = 0; i < o->hits.n; i++) {
    const struct hit *h = &o->hits.v[i];
    if (h->verdict != VERDICT_FAIL) continue;
    for (size_t k = 0; str_eq(h->step, step) && k < h->rules.n; k++)
      if (str_eq(h->rules.v[k], rule)) return true;
  }
  return false;
}

bool mutant_counts(const struct mutations *m, const struct mutant *mu) {
  bool counts = mu->own;
  for (size_t i = 0; i < m->recordings.n; i++)
    counts = counts || mu->outcomes[i].changed || row_of(m, mu->id, m->recordings.v[i].protocol);
  return counts;
}
