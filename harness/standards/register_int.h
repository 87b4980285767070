/* register_int: what the files share that read the register. */
#ifndef STANDARDS_REGISTER_INT_H
#define STANDARDS_REGISTER_INT_H

#include "formats/node.h"
#include "standards/register.h"

/* What reading needs; a mistake is put into e, once. */
struct reading {
  struct sor_register *out;
  struct arena *arena;
  struct str file;
  struct error *e;
};

#define COMPLAIN_KEY(r, at, ...) error_at((r)->e, ERR_CONFIG, (r)->file, (at)->name_line, (at)->name_col, __VA_ARGS__)
#define COMPLAIN(r, at, ...) error_at((r)->e, ERR_CONFIG, (r)->file, (at)->line, (at)->col, __VA_ARGS__)

/* A key of a mapping and what it holds: NODE_STRING, NODE_ARRAY, NODE_OBJECT; a table ends with an empty row. */
struct register_key {
  const char *name;
  enum node_kind kind;
};

/* Every key is known and holds what it must; what: the complaint where n is no mapping. */
MUST_CHECK int register_check_keys(struct reading *r, const struct node *n, const struct register_key *known,
                                   const char *what);
/* The text of that key, where there is one, is one of these words. */
MUST_CHECK int register_check_word(struct reading *r, const struct node *n, const char *name, const char *const *words);

/* register_eer.c: the sections beside `units`, and what a unit says of EER. */
MUST_CHECK int register_read_places(struct reading *r, const struct node *n);
MUST_CHECK int register_read_devices(struct reading *r, const struct node *n);
MUST_CHECK int register_read_patients(struct reading *r, const struct node *n);
MUST_CHECK int register_read_endpoints(struct reading *r, const struct node *units);

#endif
