/* approved: the certificate, one page that says "Godkendt", from a template with named places.
 *
 * A template is HTML with places such as {{system}}; each is replaced by what the record has, escaped, and all else
 * stays as it is. There is no certificate of a run that is not certifiable (record/algebra.h: a whole live test on the
 * real clock, assessed by MedCom) or that MedCom has not decided to approve. The words of the page are the template's:
 * fixtures/certificate/ has a neutral one in each language.
 *
 * Places: approved (Godkendt), run, vendor, system, system-version, standard, standard-version, role, protocol,
 * protocol-version, protocol-digest, standards-digest, program, date, place, by, remarks. */
#ifndef REPORT_APPROVED_H
#define REPORT_APPROVED_H

#include "formats/node.h"
#include "report/report.h"

/* Appends the page to out. ERR_CONFIG: the run gets none, and why; ERR_SYNTAX: a place of the template that there is
 * not, or one that does not end, with its line. */
MUST_CHECK int certificate_write(struct buf *out, struct arena *a, const struct record *r, enum report_lang lang,
                                 struct source template, struct error *e);

#endif
