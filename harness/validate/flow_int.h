/* flow_int: a letter as the rules of flows see it, whatever its format. */
#ifndef VALIDATE_FLOW_INT_H
#define VALIDATE_FLOW_INT_H

#include "validate/flow.h"

/* A reference to an object, or an object. */
struct flow_object {
  struct str id;        /* without hyphens and blanks */
  struct str extension; /* as EDIFACT has it: "PDF" */
  int64_t size;         /* what the letter says; -1: no number */
  int64_t bytes;        /* what is there; -1: a reference, or it cannot be decoded */
  const struct node *node;
};

struct flow_letter {
  const struct message *message;
  const struct node *node; /* message group, letter, or resource */
  struct str type;         /* "DIS16"; the event of a FHIR message */
  struct str version;      /* "D1630C" */
  struct str id, patient, sender, receiver;
  struct str answer_to; /* where an answer must go; empty: none is asked for, or it is not said */
  struct str episode;
  struct str statistic; /* MCM:STATISTIC */
  int64_t time;         /* ms since 1970; INT64_MIN: not known */
  bool minutes;         /* the time has no seconds */
  int64_t at;           /* when it came; INT64_MIN: not known */
  VEC(struct flow_object) references, objects;
};

struct flow_letters {
  VEC(struct flow_letter *) list;
};

/* Adds every letter of a message that came at that time. */
void flow_letters_add(struct flow_letters *out, struct arena *a, const struct message *m, int64_t at);
/* How many nodes of a letter are at one of these paths, divided by '|'; -1 if its format has none. */
int64_t flow_count(struct arena *a, const struct flow_letter *l, struct str oioxml, struct str edifact);
/* The first organisation whose number has that code: component of an NAD or PNA, or IdentifierCode. */
const struct node *flow_organisation(struct arena *a, const struct flow_letter *l, struct str oioxml,
                                     struct str edifact);
struct place flow_place(struct arena *a, const struct flow_letter *l, const struct node *n);
/* Without hyphens and in capital letters: ids are the same however they are written. */
struct str flow_bare(struct arena *a, struct str id);

#endif
