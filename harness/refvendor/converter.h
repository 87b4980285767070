/* converter: the reference vendor as a VANS operator (--operator): it carries what others write, and converts it where
 * the receiver cannot take it as it is.
 *
 * What the receiver can take the register says, by its location number. A letter in OIOXML that names attachments waits
 * for its XBIN01, an XBIN01 for its letter, an hour each (RV_PAIR_MS, by --clock-scale); what a letter became is kept
 * as pairs of ids, so that receipts find their way back, and those of several letters become one. All of it is in
 * memory, but for the pairs, which --keep has in a file. The conversion itself is mapping/convert.h. */
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
  struct str wire;
  struct envelope envelope;
  struct convert_glance glance;
};

struct rv_converter {
  struct conversion_rules *rules;
  struct sor_register *sor;
  struct str seed;
  struct rv_held *held; /* in the order in which they came */
  VEC(struct rv_pair) pairs;
};

/* Opens it where --operator asks for one. */
MUST_CHECK int rv_converter_open(struct refvendor *v, const char *data_dir, struct error *e);
void rv_converter_close(struct refvendor *v);
/* Takes what came in a VANSEnvelope: the HTTP status. */
int rv_converter_take(struct refvendor *v, struct str wire);
/* Passes it on, byte for byte. */
void rv_converter_pass(struct rv_held *h);

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
