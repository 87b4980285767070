/* eds_chain_int: what the files of the event chain share. */
#ifndef VALIDATE_EDS_CHAIN_INT_H
#define VALIDATE_EDS_CHAIN_INT_H

#include "validate/eds_chain.h"

/* A document, of all its sights together. */
struct eds_whole {
  struct eds_sight all; /* texts, each from the first sight that has it */
  int64_t at[EDS_DIRECTIONS_N];
  bool again;     /* the same message went out before */
  bool receipted; /* it is a receipt, and not the first one of its message */
};

/* An event that is wanted: a row of the chain, of a document and a component. */
struct eds_want {
  const struct eds_row *row;
  const struct eds_whole *of;
  const struct eds_component *by;
  struct str subtype; /* of the row, or one of the two that stand for it */
  bool optional;
  const struct eds_told *told; /* NULL: it was not reported */
  int64_t recorded;            /* of that; INT64_MIN: cannot be said, or is wrong already */
};

struct eds_judging {
  struct findings *f;
  struct arena *arena;
  const struct eds_data *d;
  const struct eds_story *story;
  const struct eds_reports *reports;
  VEC(struct eds_whole *) wholes;
  VEC(struct eds_want) wants;
};

/* A finding of that rule in an event (NULL: of none), with the severity that the data give it. */
#define EDS_FIND(j, rule, told, path, ...)                                                                             \
  eds_set_severity((j), (rule), FINDING((j)->f, eds_rule(rule), eds_place((j), (told), (path)), ##__VA_ARGS__))
void eds_set_severity(const struct eds_judging *j, enum eds_rule_id rule, struct finding *x);
struct place eds_place(const struct eds_judging *j, const struct eds_told *told, const char *path);

/* eds_want.c: what is wanted, and which event is which. */
void eds_gather(struct eds_judging *j);
void eds_expect(struct eds_judging *j);
void eds_assign(struct eds_judging *j);
/* When it happened by what was seen: in its own direction, else in the other. exact: its own. */
int64_t eds_want_at(const struct eds_want *w, bool *exact);

/* Whose a document of that kind is, by the chain. */
enum eds_side eds_side_from(const struct eds_judging *j, enum eds_document what);
/* Is it a station that messages go through, and that learns what became of them? */
bool eds_carries(const struct eds_component *c);
/* Does it tell that the document, which failed, did? */
bool eds_is_failure_of(const struct eds_event *e, const struct eds_whole *d);
/* An identifier without "urn:uuid:". */
struct str eds_bare_id(struct str id);

/* eds_content.c: does the event say what the document says? */
void eds_check_content(struct eds_judging *j, const struct eds_want *w);

#endif
