/* mapping_int: what the files of this room share. */
#ifndef MAPPING_MAPPING_INT_H
#define MAPPING_MAPPING_INT_H

#include "mapping/correspondence.h"

/* What was found at a place: a node, or a computed text. */
struct hit {
  const struct node *node;
  struct str text;
};
struct hits {
  struct hit *v;
  size_t n, cap;
};

/* Where places are looked for. */
struct looker {
  struct arena *a;
  enum mapping_format format;
  const struct node *root;     /* Bundle, Emessage, interchange */
  const struct node *letter;   /* Bundle, letter element, message */
  struct str sender, receiver; /* NAD roles */
};

/* All hits at the first of the places that has any, from `base` (the letter, or an item of a list). -1 only for a
 * place that cannot be looked for at all. */
int mapping_find(struct hits *out, const struct looker *l, const struct node *base, const struct mapping_places *at,
                 struct error *e);
int mapping_find_fhir(struct hits *out, const struct looker *l, const struct node *base, const struct mapping_place *p,
                      struct error *e);
int mapping_find_oioxml(struct hits *out, const struct looker *l, const struct node *base, struct str path);
int mapping_find_edifact(struct hits *out, const struct looker *l, const struct node *base, struct str path,
                         struct error *e);

/* The value of hits as a row reads it; the literal of it too. False: nothing there. */
bool mapping_value(struct mapping_element *out, const struct looker *l, const struct mapping_row *row,
                   const struct hits *h);

/* Free text as lines divided by '\n': of an OIOXML FormattedText element; of FTX segments, one after the other. */
struct str mapping_formatted(struct arena *a, const struct node *n);
struct str mapping_free_text(struct arena *a, const struct hits *segments);
/* Line i (from 1) of a text. */
struct str mapping_line(struct str text, size_t i);
/* Blanks at the ends and in runs gone. */
struct str mapping_trimmed(struct arena *a, struct str s);

/* "2026-01-05T10:00" of an instant, in Danish time. Empty if it is none. */
struct str mapping_local(struct arena *a, struct str instant);

#endif
