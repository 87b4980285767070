/* cards: all runs of the store in a line each, kept over a start of the server and read anew a few at a time, so that a
 * list of thousands is there at once; and whose they are. */
#ifndef CONSOLE_CARDS_H
#define CONSOLE_CARDS_H

#include "console/visit.h"

/* A run in a line: what lists, boards and queues show. */
struct run_card {
  struct str run, protocol, role, standard, standard_version, vendor, system, system_version, mode;
  struct str digest; /* of the protocol that it was made by */
  struct protocol_text title;
  int64_t organisation; /* 0: MedCom's own */
  int64_t started_at, ended_at, last_at;
  enum verdict verdict;
  size_t steps, judged, failed;
  bool waits_vendor, waits_medcom; /* somebody has to act */
  bool paused;                     /* a person let it stand */
  bool certifiable;                /* a live test that nothing keeps from an approval */
  bool open, received;             /* served here; came as a bundle */
  struct str damage;               /* it cannot be read, and why */
};
/* All runs that the visitor may see, newest first; in the visit's arena. */
void run_cards_get(struct visit *v, struct run_card **out, size_t *n);
/* Open runs of one organisation: each is a part of what all others wait for. */
#define RUNS_OPEN_MAX 100
/* True if the visitor's organisation has that many under way; then nothing is begun, and the visit is ended (429). */
bool run_cards_are_full(struct visit *v);
/* Grows with everything that happens to any run: what was made of the cards is as good as it was while this is the
 * same. */
int64_t run_cards_age(const struct console *c);
/* The card of v->run. */
struct run_card run_card_of(struct visit *v);
struct run_cards *run_cards_new(struct console *c);
/* Once the tables are open: what was known of the runs when the console was last closed, and the rest a few at a time.
 */
void run_cards_recall(struct run_cards *k);
void run_cards_touch(struct run_cards *k, struct str run);
void run_cards_free(struct run_cards *k);
/* Whose a run is; 0: MedCom's own. */
MUST_CHECK int run_owner(struct console *c, struct str run, int64_t *organisation, struct error *e);
/* system 0: that which it has, if it stays with its organisation, else none. Lists of both organisations are told. */
MUST_CHECK int run_owner_set(struct console *c, struct str run, int64_t organisation, int64_t system, struct error *e);

#endif
