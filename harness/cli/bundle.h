/* bundle: a run's evidence bundle as a file, with a signature beside it. */
#ifndef CLI_BUNDLE_H
#define CLI_BUNDLE_H

#include "cli/session.h"
#include "seal/seal.h"

struct bundle_order {
  const char *output;     /* NULL: RUN.tar.gz here */
  const char *key, *cert; /* PEM files to sign by; both NULL: unsigned */
  bool review;            /* MedCom's own: with what it said of the run beside its log */
};

/* Makes the bundle of a run that was looked at (run_look), whose record may be shown as it is. */
MUST_CHECK int bundle_write(struct session *s, const struct record *r, const struct bundle_order *o, struct error *e);
/* Prints what a check found: state, run, faults, and what is withheld, by whom and why. */
void bundle_say(struct cli *c, const struct seal_bundle *b);

#endif
