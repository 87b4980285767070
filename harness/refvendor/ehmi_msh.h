/* ehmi_msh: what the halves of the reference vendor's MSH have in common, and keep where the system is to survive that
 * it is killed (--keep).
 *
 * ehmi_send.c owns transactions, ehmi_receive.c what it has answered; ehmi_keep.c writes each into a file of its own,
 * as it is after each change, and reads them when the system is started again. */
#ifndef REFVENDOR_EHMI_MSH_H
#define REFVENDOR_EHMI_MSH_H

#include "refvendor/ehmi.h"

enum rv_progress { RV_WAITS, RV_DELIVERED, RV_REFUSED_IT, RV_UNANSWERED, RV_PROGRESS_N };

/* A message with all envelopes that carried it; its first receipt decides. Lives in an arena of its own, as long as the
 * vendor. */
struct rv_transaction {
  struct rv_transaction *next;
  struct refvendor *v;
  struct arena *arena;
  struct envelope envelope; /* as it was last sent */
  VEC(struct str) ids;      /* EnvelopeIdentifiers that carried it */
  struct rv_delivery delivery;
  enum rv_happening happening; /* RV_NOTHING: of the copy for the register, which no chain has */
  struct str header_id;
  size_t resends;
  struct loop_timer *timer;
  enum rv_progress progress;
  bool copied;
  size_t kept; /* number of its file; 0: it has none */
};

/* Why an envelope is not taken; exception empty: it is. */
struct rv_refusal {
  struct str exception, reason;
};

/* The receipt that a message got, to be said again. In the vendor's arena. */
struct rv_said {
  struct envelope original; /* whose receipt it was */
  struct str message_id;    /* of the receipt */
  struct rv_refusal refusal;
  bool handed; /* nothing is left to be handed over */
  size_t kept;
};

/* A new one, in the list of the vendor. */
struct rv_transaction *rv_transaction_begin(struct refvendor *v);
/* "waits", "delivered", "refused", "unanswered". */
const char *rv_progress_name(enum rv_progress p);
/* Waits for its receipt, from now on. */
void rv_transaction_await(struct rv_transaction *t);

/* ehmi_keep.c; without a folder they do nothing. */
void rv_keep_transaction(struct rv_transaction *t);
void rv_keep_said(struct refvendor *v, struct rv_said *said);
/* What was kept is there again; what waited waits on, what was not handed over is handed over. */
void rv_keep_open(struct refvendor *v);

#endif
