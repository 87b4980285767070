/* cards_kept: what lists show of runs, kept beside the store from one start to the next.
 *
 * To know it anew every run has to be read, which takes seconds when there are thousands. It is no record: nothing is
 * decided by it, a card counts only while the run has as many events as it had, and is read again after a start.
 * A card lives in its own arena, the table of them in the caller's. */
#ifndef CONSOLE_CARDS_KEPT_H
#define CONSOLE_CARDS_KEPT_H

#include "console/console_int.h"

/* One run, with the number of its events when the card was written. */
struct kept_card {
  struct arena *arena;
  int64_t events;
  bool touched;   /* something happened to it since then */
  bool unchecked; /* it was written before this start */
  bool unsaved;
  struct run_card card;
};

/* Fills by_run (run id to kept_card), in a, with what was kept. */
MUST_CHECK int cards_kept_load(struct db *d, struct arena *a, struct map *by_run, struct error *e);
/* Keeps the unsaved ones of runs that have ended and can be read; on failure they stay unsaved. */
MUST_CHECK int cards_kept_save(struct db *d, struct map *by_run, struct error *e);

#endif
