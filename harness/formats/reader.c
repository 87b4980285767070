#include <stdlib.h>

#include "formats/reader_int.h"

/* Up to so many members, each is compared with each; above, they are sorted. */
#define FEW_MEMBERS 12

struct duplicate {
  const struct node *first, *again;
};

static int compare_places(const struct node *a, const struct node *b) {
  if (a->name_line != b->name_line) return a->name_line < b->name_line ? -1 : 1;
  return a->name_col < b->name_col ? -1 : a->name_col > b->name_col;
}

static int by_name(const void *x, const void *y) {
  const struct node *a = *(struct node *const *)x, *b = *(struct node *const *)y;
  int c = str_cmp(a->name, b->name);
  return c ? c : compare_places(a, b);
}

static int by_place(const void *x, const void *y) {
  return compare_places(((const struct duplicate *)x)->again, ((const struct duplicate *)y)->again);
}

static bool is_unique_among_few(const struct node *object) {
  for (NODE_EACH(n, object))
    for (const struct node *before = object->first; before != n; before = before->next)
      if (str_eq(before->name, n->name)) return false;
  return true;
}

/* Sorted, not hashed: nobody can choose names that make it slow. */
static size_t find(const struct node *object, struct arena *scratch, struct duplicate *out) {
  const struct node **members = ARENA_ARRAY(scratch, const struct node *, object->count);
  size_t n = 0, found = 0, first = 0;
  for (NODE_EACH(c, object))
    if (c->name.p) members[n++] = c;
  qsort(members, n, sizeof *members, by_name);
  for (size_t i = 1; i < n; i++) {
    if (str_eq(members[first]->name, members[i]->name))
      out[found++] = (struct duplicate){members[first], members[i]};
    else
      first = i;
  }
  qsort(out, found, sizeof *out, by_place);
  return found;
}

size_t reader_duplicates(const struct node *object, struct arena *scratch, struct str message, const struct rule *rule,
                         struct findings *f) {
  if (object->count <= FEW_MEMBERS && is_unique_among_few(object)) return 0;
  struct duplicate *found = ARENA_ARRAY(scratch, struct duplicate, object->count);
  size_t n = find(object, scratch, found);
  for (size_t i = 0; i < n; i++) {
    const struct node *again = found[i].again;
    struct place where = {.message = message, .line = again->name_line, .col = again->name_col};
    where.path = node_path_for(scratch, f, again);
    FINDING(f, rule, where, again->name, arena_printf(scratch, "%d", found[i].first->name_line));
  }
  arena_reset(scratch);
  return n;
}
