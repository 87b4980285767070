/* protocol_int: what the parts of reading a protocol share: the file (protocol.c), its steps (step_read.c), and
 * those that stand in it once and in the test several times (step_expand.c). */
#ifndef PROTOCOL_PROTOCOL_INT_H
#define PROTOCOL_PROTOCOL_INT_H

#include "base/fact.h"
#include "base/map.h"
#include "protocol/protocol.h"

/* A file of fragments: on disk, or behind the protocol in its own bytes. */
struct fragment_file {
  struct str name; /* as calls write it */
  struct source source;
  bool tried;
  const struct node *fragments; /* NULL: not read yet, or wrong */
};

/* What a step stands in: one time of a repeat, or a called fragment. */
struct step_scope {
  const struct step_scope *up;
  struct str suffix;       /* "#2": behind the numbers that the file gives */
  struct facts names;      /* ${name} -> text */
  const struct node *from; /* the repeat or call itself, and its file */
  struct str from_file;
  const struct node *fragment; /* NULL: a repeat */
  const struct source *source; /* the file that the steps stand in */
  int depth;
};

/* Where the next step gets its id from. */
struct step_place {
  struct str base;   /* the last number, or what a repeat or call begins with */
  struct str number; /* MedCom's, for the first step of a repeat or call */
  size_t count;      /* steps since */
  bool fresh;        /* base itself is still to be given */
  const struct step_scope *scope;
};

struct protocol_reader {
  struct keys keys;
  struct arena *arena;
  struct protocol *protocol;
  const struct step_kind *const *kinds;
  struct key *step_keys;             /* attributes and words */
  struct str words;                  /* for people: "assert, capture, ..." */
  struct map sections, steps, names; /* what is taken -> its node */
  const char *mark;                  /* "M" where MedCom's own steps are read; else NULL */
  size_t steps_n, copied;            /* nodes copied by repeat and call */
  bool full;                         /* a limit was told of */
  const char *dirs[2];               /* where files of fragments are looked for; NULL: nowhere */
  VEC(struct fragment_file *) files;
  const struct node *own_fragments; /* of the protocol itself; may be NULL */
};

/* Fills step_keys and words from the kinds. */
void step_read_init(struct protocol_reader *r);
/* The definition of a step, for a reader that has kinds and an arena. */
struct json_writer;
void step_schema(struct protocol_reader *r, struct json_writer *w);
/* What repeat and call hold; gives how many parts it put. */
struct schema_part;
size_t step_expand_schema(struct schema_part *out);
/* Reads the steps of a case from its list. */
void step_read_all(struct protocol_reader *r, struct protocol_case *in, const struct node *list);
/* The same behind the case's id, where count of them are there already. */
void step_read_behind(struct protocol_reader *r, struct protocol_case *in, const struct node *list, size_t count);
/* One step, or the steps of a repeat or call. */
void step_read_one(struct protocol_reader *r, struct protocol_case *in, const struct node *n, struct step_place *at);
/* The id of a step; *number is MedCom's or empty. Noted as taken if asked. */
struct str step_take_id(struct protocol_reader *r, const struct node *n, struct step_place *at, struct str *number,
                        bool take);
/* The map of services, before the steps are read (service.c). */
void reader_services(struct protocol_reader *r, const struct node *map);
/* step_expand.c */
void step_repeat(struct protocol_reader *r, struct protocol_case *in, const struct node *n, struct step_place *at);
void step_call(struct protocol_reader *r, struct protocol_case *in, const struct node *n, struct step_place *at);
/* Reads a file of fragments unless that was done; false if it has mistakes. */
bool reader_fragments(struct protocol_reader *r, struct fragment_file *f);
/* Opens a file of fragments on disk; NULL with an error. */
struct fragment_file *reader_open(struct protocol_reader *r, struct str name, struct error *e);
/* The tree of a source; NULL and findings. */
const struct node *reader_parse(struct protocol_reader *r, const struct source *src);
/* Remembers an id in one of the maps; a finding when it is taken. */
void reader_take(struct protocol_reader *r, struct map *m, struct str id, const struct node *at);
/* A name of a message, variable or parameter: its form, and that it is free. */
void reader_take_name(struct protocol_reader *r, struct str name, const struct node *at);
/* Its form alone. */
bool reader_check_name(struct protocol_reader *r, struct str name, const struct node *at);
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
