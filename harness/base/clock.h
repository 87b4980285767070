/* clock: the only place that knows what time it is.
 *
 * A struct clock is handed down from the command; nobody else calls time().
 * Three kinds: the real clock; a scaled one (deadlines pass `scale` times
 * faster, stamps stay real); and a logical one for seeded runs, where stamps
 * start at CLOCK_LOGICAL_START and move one second a tick, so that a run can
 * be repeated byte for byte. Times are milliseconds since 1970 in UTC. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/arena.h"

/* 2026-01-05T09:00:00Z, a Monday. */
#define CLOCK_LOGICAL_START INT64_C(1767603600000)

struct clock {
  bool logical;
  int64_t logical_now;
  double scale; /* 1 = real; 60 = a minute of deadline passes in a second */
};

void clock_init(struct clock *c);
void clock_init_logical(struct clock *c);
/* The stamp for a message or event; a logical clock moves on by a second. */
int64_t clock_stamp(struct clock *c);
/* Milliseconds on a clock that never steps back, for deadlines; unscaled. */
int64_t clock_monotonic(void);
/* Milliseconds of deadline that pass in `real` milliseconds, and back. */
int64_t clock_scaled(const struct clock *c, int64_t real);
int64_t clock_unscaled(const struct clock *c, int64_t deadline);
/* Wall-clock milliseconds, for harness down-time only. */
int64_t clock_wall(void);

/* "2026-01-05T09:00:00.000Z". */
struct str time_utc(struct arena *a, int64_t ms);
/* "2026-01-05T10:00:00+01:00": Danish local time by the EU rule (last Sunday of
 * March and October, 01:00 UTC). */
struct str time_danish(struct arena *a, int64_t ms);
/* A Danish clock time without a zone, "2026-01-05T10:00" or with seconds, as time_danish writes its instant; empty if
 * local is no such time. Of the hour that autumn has twice it is the first (summer time), and a time in the hour that
 * spring leaves out is read with the zone before the change, so that 02:30 is 03:30+02:00 (RFC 5545, 3.3.5). */
struct str time_from_danish(struct arena *a, struct str local);
/* Reads an xs:dateTime or FHIR instant; has_zone tells whether it had one
 * (without: taken as UTC). False if s is not a date and time that exists. */
bool time_parse(struct str s, int64_t *ms, bool *has_zone);
/* A day as people write it, "2026-11-28", "28-11-2026", "28.11.2026" or "8/1/2026" (the day first), as "2026-11-28" in
 * a; false if there is no such day, or its year has not four digits. */
bool day_read(struct arena *a, struct str s, struct str *out);
/* A day, "2026-11-28", for people: in Danish "28-11-2026"; what is no day stays as it is. */
struct str day_text(struct arena *a, struct str day, bool danish);
/* Reads "15 min", "30 s", "2 h", "500 ms", "14 d" into milliseconds. */
bool duration_parse(struct str s, int64_t *ms);
/* "15 min": the largest unit that is whole. */
struct str duration_format(struct arena *a, int64_t ms);
/* What is left of a time, for a person who glances at it: "3 d 4 h", "1 h 5 min", "29 min", and seconds in the last two
 * minutes; rounded up, so that it is 0 s only when nothing is left. */
struct str duration_left(struct arena *a, int64_t ms);

#endif
