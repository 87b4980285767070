/* facts_node_int: one definition while its lines are read into a FHIR tree; what the files of that have in common. */
#ifndef FHIR_FACTS_NODE_INT_H
#define FHIR_FACTS_NODE_INT_H

#include "fhir/facts_int.h"

struct facts_reading {
  struct arena *a;
  const struct facts_file *file;
  struct error *e;
  int line;
  struct node *root;
  struct str url, type;                       /* of a StructureDefinition */
  struct node *holder;                        /* differential, compose or expansion */
  struct node *at;                            /* the element, include or exclude that the next lines belong to */
  struct node *concepts[FACTS_DEPTH_MAX + 1]; /* the last one of each level; [0] the root */
};

/* An error at the line; -1. */
int reading_bad(struct facts_reading *r, const char *what, struct str word);
/* New nodes below to; written: with the escapes of facts, which are undone. Listed ones are items of a JSON array. */
struct node *reading_put(struct facts_reading *r, struct node *to, const char *name, enum node_kind kind,
                         struct str text);
struct node *reading_object(struct facts_reading *r, struct node *to, const char *name);
struct node *reading_text(struct facts_reading *r, struct node *to, const char *name, struct str written);
struct node *reading_listed(struct facts_reading *r, struct node *to, const char *name, struct str written);
struct node *reading_listed_object(struct facts_reading *r, struct node *to, const char *name);
/* A canonical, with its prefix; plain: without escapes. */
int reading_url(struct facts_reading *r, struct node *to, const char *name, struct str plain, unsigned flags);
int reading_canonical(struct facts_reading *r, struct node *to, const char *name, struct str written, unsigned flags);
/* An extension with that url. */
struct node *reading_extension(struct facts_reading *r, struct node *to, const char *url);
/* What the head of any definition says where its fields do not. */
void reading_defaults(struct facts_reading *r, const struct package_item *item, struct str fields);

/* --- fields "key=value" --- */

struct field_reader {
  struct str key;
  int (*read)(struct facts_reading *r, struct node *to, const char *name, struct str value);
  const char *name; /* of the node */
};

/* All fields of a line, by their readers; -1 for one that none reads. */
int reading_fields(struct facts_reading *r, struct node *to, const struct field_reader *readers, size_t n,
                   struct str rest);
#define READ_FIELDS(r, to, readers, rest) reading_fields(r, to, readers, sizeof(readers) / sizeof *(readers), rest)
/* The field of that key, or other. */
struct str reading_field_or(struct facts_reading *r, struct str fields, struct str key, struct str other);
/* Readers: as it stands, a canonical, a number, true or false; and what is read by others. */
int field_text(struct facts_reading *r, struct node *to, const char *name, struct str value);
int field_canonical(struct facts_reading *r, struct node *to, const char *name, struct str value);
int field_number(struct facts_reading *r, struct node *to, const char *name, struct str value);
int field_bool(struct facts_reading *r, struct node *to, const char *name, struct str value);
int field_ignored(struct facts_reading *r, struct node *to, const char *name, struct str value);

/* --- lines --- */

/* facts_node_element.c */
int reading_element(struct facts_reading *r, struct str line);
int reading_constraint(struct facts_reading *r, struct str line);
/* facts_node_terms.c: the head and the lines below. */
int reading_value_set(struct facts_reading *r, const struct package_item *item, struct str line);
int reading_value_set_line(struct facts_reading *r, struct str line);
int reading_code_system(struct facts_reading *r, const struct package_item *item, struct str line);
int reading_code_system_line(struct facts_reading *r, struct str line);

#endif
