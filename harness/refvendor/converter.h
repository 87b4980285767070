/* converter: the reference vendor as a VANS operator (--operator): it carries what others write, and converts it where
 * the receiver cannot take it as it is.
 *
 * What the receiver can take the register says, by its location number. A letter in OIOXML that names attachments waits
 * for its XBIN01, an XBIN01 for its letter, an hour each (RV_PAIR_MS, by --clock-scale); what a letter became is kept
 * as pairs of ids, so that receipts find their way back, and those of several letters become one. What was taken to be
 * converted is not taken again: known by its sender and both its ids. With --keep the pairs, these ids and what waits
 * are in files, and there again after a restart; receipts that wait for another one are not. The conversion itself is
 * mapping/convert.h. */
#ifndef REFVENDOR_CONVERTER_H
#define REFVENDOR_CONVERTER_H

#include "mapping/convert.h"
#include "refvendor/refvendor_int.h"

#define RV_PAIR_MS (INT64_C(60) * 60 * 1000)
#define RV_FHIR "FDIS91"
#define RV_HOTEL "referral hotel" /* the kind of unit whose attachments belong to no letter here */

/* A pair of ids, and the receipt that came for its legacy letter. */
struct rv_pair {
  struct convert_pair ids;
  struct str receipt; /* payload; empty: none yet */
  bool answered;      /* what came for all of its group was sent on */
};

/* A message in the operator's hands; lives in an arena of its own until it went on. */
struct rv_held {
  struct rv_held *next;
  struct refvendor *v;
  struct arena *arena;
  struct loop_timer *timer;
  int64_t due; /* wall-clock milliseconds: when it no longer waits; 0: never */
  size_t kept; /* number of its file; 0: none */
  struct str wire;
  struct envelope envelope;
  struct convert_glance glance;
};

/* The ids of what was taken to be converted, each behind its sender. */
struct rv_taken {
  struct str envelope, message;
};

struct rv_converter {
  struct conversion_rules *rules;
  struct sor_register *sor;
  struct str seed;
  struct rv_held *held; /* in the order in which they came */
  VEC(struct rv_pair) pairs;
  struct dedup seen;
  VEC(struct rv_taken) taken; /* in the order in which they came */
  size_t kept;                /* the largest number of a file of what waits */
};

/* Opens it where --operator asks for one. */
MUST_CHECK int rv_converter_open(struct refvendor *v, const char *data_dir, struct error *e);
void rv_converter_close(struct refvendor *v);
/* Takes what came in a VANSEnvelope: the HTTP status. */
int rv_converter_take(struct refvendor *v, struct str wire);
/* Passes it on, byte for byte. */
void rv_converter_pass(struct rv_held *h);

/* Reads an envelope and glances at its letter; NULL: it cannot be read. The wire is copied. */
struct rv_held *rv_converter_read(struct refvendor *v, struct str wire);
/* Puts it behind the others that wait, until it is due. */
void rv_converter_wait(struct rv_held *h);

/* converter_keep.c: true if it is to be converted for the first time; of an EnvelopeIdentifier that was used for
 * another message the sender is told. */
bool rv_converter_is_new(const struct rv_held *h);
/* Writes down the ids of what was taken so far. */
void rv_converter_taken(const struct refvendor *v);
/* A file of what begins to wait, and its end. */
void rv_converter_keep(struct rv_held *h);
void rv_converter_let_go(struct rv_held *h);
/* After a restart: the ids, and what waited, for the rest of its time. */
MUST_CHECK int rv_converter_recall_held(struct refvendor *v, struct error *e);

/* converter_send.c: tells the sender, as the network does, that it was not delivered, and why. */
void rv_converter_refuse(const struct rv_held *h, const struct error *why);
/* converter_send.c: converts h and those with it, and sends what comes of it to whom h is meant for. */
void rv_converter_send(struct rv_held *h, enum convert_type to, const struct source *inputs, size_t n);

/* converter_receipts.c: a receipt that came; false: it is for nothing that was converted. */
bool rv_converter_receipt(struct rv_held *h);
/* Remembers what a letter became. */
void rv_converter_remember(struct refvendor *v, const struct convert_pair *p);
MUST_CHECK int rv_converter_recall(struct refvendor *v, struct error *e);

/* converter_spoil.c: does the defects to what is about to go out. */
void rv_converter_spoil(struct refvendor *v, struct arena *a, struct converted *c);

#endif
