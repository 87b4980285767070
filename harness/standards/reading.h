/* reading: files of the project's own in YAML (flows, profiles of EHMI), read by tables of keys.
 *
 * A table says for each key of a mapping who reads its value and where it is kept in a struct; what no table knows, or
 * what is missing, is a mistake of the file, told at its place with the key that is nearest. A `struct reading` lives
 * as long as the reading of one file; what is read keeps texts of the tree that it is read from. */
#ifndef STANDARDS_READING_H
#define STANDARDS_READING_H

#include "base/error.h"
#include "formats/node.h"

/* What reading needs; a mistake is put into e, once. */
struct reading {
  void *out; /* the whole that is read, for values that concern more than their own place */
  struct arena *arena;
  struct str file;
  struct error *e;
};

#define COMPLAIN_KEY(r, at, ...) error_at((r)->e, ERR_CONFIG, (r)->file, (at)->name_line, (at)->name_col, __VA_ARGS__)
#define COMPLAIN(r, at, ...) error_at((r)->e, ERR_CONFIG, (r)->file, (at)->line, (at)->col, __VA_ARGS__)

/* A key of a mapping, and where what it says is kept: read gets the address at offset in the struct. */
struct key {
  const char *name;
  int (*read)(struct reading *r, const struct node *n, void *out);
  size_t offset;
  bool required;
};
#define KEYS_N(keys) (sizeof(keys) / sizeof(keys)[0])

/* Reads every key of a mapping into out; -1 with r->e set when n is no mapping, a key is unknown or one is missing. */
MUST_CHECK int config_mapping(struct reading *r, const struct node *n, const struct key *keys, size_t keys_n,
                              void *out);
/* A text that is not empty, into the struct str at out. */
MUST_CHECK int config_text(struct reading *r, const struct node *n, void *out);

#endif
