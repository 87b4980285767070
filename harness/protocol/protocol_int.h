/* protocol_int: what the two halves of reading a protocol share: the file (protocol.c) and its steps (step_read.c). */
#ifndef PROTOCOL_PROTOCOL_INT_H
#define PROTOCOL_PROTOCOL_INT_H

#include "base/map.h"
#include "protocol/protocol.h"

struct protocol_reader {
  struct keys keys;
  struct arena *arena;
  struct protocol *protocol;
  const struct step_kind *const *kinds;
  struct key *step_keys;             /* attributes and words */
  struct str words;                  /* for people: "assert, capture, ..." */
  struct map sections, steps, names; /* what is taken -> its node */
  size_t steps_n;
  const char *mark; /* "M" where MedCom's own steps are read; else NULL */
};

/* Fills step_keys and words from the kinds. */
void step_read_init(struct protocol_reader *r);
/* Reads the steps of a case from its list. */
void step_read_all(struct protocol_reader *r, struct protocol_case *in, const struct node *list);
/* The same behind the case's id, where count of them are there already. */
void step_read_behind(struct protocol_reader *r, struct protocol_case *in, const struct node *list, size_t count);
/* Remembers an id in one of the maps; a finding when it is taken. */
void reader_take(struct protocol_reader *r, struct map *m, struct str id, const struct node *at);
/* A name of a message, variable or parameter: its form, and that it is free. */
void reader_take_name(struct protocol_reader *r, struct str name, const struct node *at);
/* Letters, digits and ". - _", beginning with a letter or digit: an id that may become part of a file name. */
bool reader_check_id(struct protocol_reader *r, const struct node *at);
/* "name" or "!name". */
bool reader_check_when(struct protocol_reader *r, const struct node *at);
/* Appends the scalars of a LIST key. */
struct str_list {
  struct str *v;
  size_t n;
};
struct str_list reader_list(struct protocol_reader *r, const struct node *n, const char *name);

#endif
