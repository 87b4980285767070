#include "fhir/invariants.h"

#include <string.h>

#include "base/file.h"
#include "fhir/facts_int.h"

#define KEY_MAX ((size_t)8 << 10) /* bytes of a key and an expression together */

struct reading {
  struct invariants *list;
  struct arena *a;
  struct str file;
  int line;
  struct error *e;
};

static int bad(struct reading *r, const char *what) {
  return error_at(r->e, ERR_SYNTAX, r->file, r->line, 1, "%s", what);
}

/* What a row is found by; empty if it is too long. */
static struct str both(char to[KEY_MAX], struct str key, struct str expression) {
  if (key.n + expression.n >= KEY_MAX) return (struct str){0};
  if (key.n) memcpy(to, key.p, key.n);
  to[key.n] = '\t';
  if (expression.n) memcpy(to + key.n + 1, expression.p, expression.n);
  return (struct str){to, key.n + 1 + expression.n};
}

static int add(struct reading *r, struct str key, struct str expression, struct said text) {
  char joined[KEY_MAX];
  if (r->list->n == INVARIANTS_MAX) return bad(r, "too many rows");
  struct str id = both(joined, key, expression);
  if (!id.n) return bad(r, "the key and the expression are too long");
  struct invariant *one = ARENA_NEW(r->a, struct invariant);
  *one = (struct invariant){key, expression, text};
  if (!map_set(&r->list->by_both, arena_str(r->a, id), one))
    return bad(r, "this key and expression have a text already");
  VEC_PUSH(r->a, r->list, *one);
  return 0;
}

static int add_keys(struct reading *r, struct str keys, struct str expression, struct said text) {
  while (keys.n) {
    struct str key = str_cut(&keys, ' ');
    if (!key.n) return bad(r, "keys are separated by one blank");
    if (add(r, key, expression, text)) return -1;
  }
  return 0;
}

static int read_row(struct reading *r, struct str row) {
  struct str keys = str_cut(&row, '\t'), en = str_cut(&row, '\t'), da = str_cut(&row, '\t');
  if (!keys.n || !en.n || !da.n || !row.n)
    return bad(r, "a row has keys, an English text, a Danish text and at least one expression");
  if (en.n > INVARIANT_TEXT_MAX || da.n > INVARIANT_TEXT_MAX) return bad(r, "the text is too long");
  while (row.n) {
    struct str expression = facts_plain(r->a, str_cut(&row, '\t'));
    if (!expression.n) return bad(r, "an expression is empty");
    if (add_keys(r, keys, expression, (struct said){en, da})) return -1;
  }
  return 0;
}

int invariants_read(struct invariants **out, struct arena *a, struct source text, struct error *e) {
  struct invariants *list = ARENA_NEW(a, struct invariants);
  struct reading r = {list, a, text.name, 0, e};
  struct str rest = text.bytes;
  map_init(&list->by_both, a);
  while (rest.n) {
    struct str row = str_cut(&rest, '\n');
    r.line++;
    if (!row.n || row.p[0] == '#') continue;
    if (read_row(&r, row)) return -1;
  }
  *out = list;
  return 0;
}

int invariants_open(struct invariants **out, struct arena *a, const char *data, struct error *e) {
  struct str bytes;
  const char *path = file_join(a, data, INVARIANTS_FILE);
  if (file_read(&bytes, a, path, INVARIANTS_FILE_MAX, e)) return -1;
  return invariants_read(out, a, (struct source){str_z(path), bytes}, e);
}

const struct invariant *invariants_find(const struct invariants *list, struct str key, struct str expression) {
  char joined[KEY_MAX];
  struct str id = both(joined, key, expression);
  return id.n ? map_get(&list->by_both, id) : NULL;
}
