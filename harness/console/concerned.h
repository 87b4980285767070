/* concerned: which systems are approved for a standard: by the courses of this store, and by the lists of MedCom's that
 * were read into it. A system that both name is there once, by its course. Everything lives in the visit's arena. */
#ifndef CONSOLE_CONCERNED_H
#define CONSOLE_CONCERNED_H

#include "console/console_int.h"

struct concerned {
  struct str vendor, system, version; /* a list does not tell the version apart: empty */
  struct str channel;                 /* in the list's word: Sende, Modtage, Webservice */
  struct str basis;                   /* "list approvals.csv of 2026-01-02"; empty: a course */
};

/* The standard is named as the list does ("Korrespondancemeddelelse", "RPT01", "CareCommunication (5.0)"), or by its
 * name and version ("RPT01 R0131K"); case does not matter, and RPT01F is never meant by RPT01. */
MUST_CHECK int concerned_by(struct visit *v, struct str standard, struct concerned **out, size_t *n, struct error *e);

#endif
