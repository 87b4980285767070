#include "standards/persons.h"

#include "standards/identifier.h"

#define CPR_HYPHEN 6

void persons_init(struct persons *p, struct arena *a) {
  *p = (struct persons){.arena = a};
  map_init(&p->listed, a);
}

static struct str digits_of(struct arena *a, struct str cpr) {
  if (cpr.n <= CPR_HYPHEN || cpr.p[CPR_HYPHEN] != '-') return arena_str(a, cpr);
  return arena_printf(a, "%.*s%.*s", CPR_HYPHEN, cpr.p, STR_F(str_sub(cpr, CPR_HYPHEN + 1, cpr.n)));
}

void persons_add(struct persons *p, struct str cpr) {
  map_set(&p->listed, digits_of(p->arena, cpr), p);
}

int persons_read(struct persons *p, struct str list, struct str name, struct error *e) {
  for (int line = 1; list.n; line++) {
    struct str row = str_cut(&list, '\n');
    struct str cpr = str_trim(str_cut(&row, '\t'));
    if (!cpr.n || str_starts(cpr, STR("#"))) continue;
    if (!cpr_valid(digits_of(p->arena, cpr)))
      return error_at(e, ERR_SYNTAX, name, line, 1,
                      "this is not a CPR number: 10 digits, of which the first six are a date; a line is a number, and "
                      "after a tab where it is from");
    persons_add(p, cpr);
  }
  return 0;
}

bool persons_foreign(void *p, struct str ten_digits) {
  const struct persons *known = p;
  return cpr_valid(ten_digits) && !map_get(&known->listed, ten_digits);
}
