/* keys: strict reading of YAML mappings against a table of known keys.
 *
 * keys_check walks a mapping: an unknown key is a finding with the nearest known word, a missing required key and a
 * wrong kind of value are findings with line and column. Used for protocols, vendor files, answers and match rules. */
#ifndef PROTOCOL_KEYS_H
#define PROTOCOL_KEYS_H

#include "formats/node.h"

enum key_kind {
  KEY_TEXT,     /* scalar */
  KEY_TEXT2,    /* {en: ..., da: ...}, both required */
  KEY_BOOL,     /* true, false */
  KEY_INT,
  KEY_DURATION, /* "15 min"; may hold ${...} */
  KEY_LIST,     /* list of scalars; a single scalar is a list of one */
  KEY_MAP,      /* mapping with free keys */
  KEY_NODE,     /* anything; read by the owner */
  KEY_FHIRPATH, /* scalar; parsed by the owner */
  KEY_XPATH
};

struct key {
  const char *name; /* NULL ends the table */
  enum key_kind kind;
  bool required;
  const char *one_of; /* TEXT: "a|b|c", or NULL for any */
};

struct keys {
  struct arena *arena;
  struct str file;
  struct findings *findings;
};

/* Checks n against the table; false if anything is wrong. n must be a mapping. */
bool keys_check(struct keys *k, const struct node *n, const struct key *table);
/* The value of a key in a checked mapping: empty, false, or -1 when absent. */
struct str keys_text(const struct node *n, const char *name);
bool keys_bool(const struct node *n, const char *name);
int64_t keys_int(const struct node *n, const char *name, int64_t otherwise);
/* English and Danish of a TEXT2 key. */
void keys_text2(struct str *en, struct str *da, const struct node *n, const char *name);
/* Calls fn for each scalar of a LIST key. */
void keys_each(const struct node *n, const char *name, void (*fn)(void *payload, const struct node *item),
               void *payload);
/* Adds a finding of rule `protocol.<...>` at a node: a free text of ours, English and Danish the same id. */
void keys_complain(struct keys *k, const struct node *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
