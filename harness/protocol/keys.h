/* keys: strict reading of YAML mappings against a table of known keys.
 *
 * keys_check walks a mapping: an unknown key is a finding with the nearest known word, a missing required key and a
 * wrong kind of value are findings with line and column. Used for protocols, vendor files, answers and match rules. */
#ifndef PROTOCOL_KEYS_H
#define PROTOCOL_KEYS_H

#include "formats/node.h"

enum key_kind {
  KEY_TEXT,  /* scalar */
  KEY_TEXT2, /* {en: ..., da: ...}, both required */
  KEY_BOOL,  /* true, false */
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
/* Adds a finding of rule `protocol.value` at a node: a free text of ours, the same in English and Danish. */
void keys_complain_text(struct keys *k, const struct node *at, struct str text);
/* The same with printf. */
#define keys_complain(k, at, ...) keys_complain_text((k), (at), arena_printf((k)->arena, __VA_ARGS__))
/* Adds a finding at the value, or at the key, of a node. */
#define KEYS_FIND(k, rule, at, ...) FINDING((k)->findings, (rule), keys_place((k), (at), false), __VA_ARGS__)
#define KEYS_FIND_KEY(k, rule, at, ...) FINDING((k)->findings, (rule), keys_place((k), (at), true), __VA_ARGS__)
struct place keys_place(struct keys *k, const struct node *n, bool of_key);

#endif
