/* edi: MedCom's letters in EDIFACT and OIOXML in the reference vendor, as sender and as receiver.
 *
 * A letter is written from its template, fixtures/edi/, and goes out bare or in a VANSEnvelope. What comes is read as
 * a mail (envelope/mail.h), judged, kept, and answered with a receipt in its own syntax, in what it came in. Letters
 * and receipts live in the arena of the vendor. */
#ifndef REFVENDOR_EDI_H
#define REFVENDOR_EDI_H

#include "envelope/receipt.h"
#include "refvendor/refvendor_int.h"

/* A type that it knows; in OIOXML both have an X in front: "XDIS91", "XD9134L". */
struct rv_letter_type {
  const char *type, *version;
  const char *answer; /* the type that answers it unless somebody wants it otherwise; NULL: none */
  const char *object; /* template of the binary letter that belongs to `attached`; NULL: none */
};
extern const struct rv_letter_type rv_letter_types[];
/* The row of "DIS91" or "XDIS91"; NULL. */
const struct rv_letter_type *rv_letter_type_of(struct str type);

/* A letter, own or received. */
struct rv_mail {
  struct str interchange, id, type, version;
  struct str cpr, episode, sender;
  struct str receipt;       /* name of the receipt that it got, or was given; empty: none */
  struct str answer;        /* of received ones: the receipt as it went out */
  struct str answer_id;     /* interchange id of that */
  bool own, bare, positive; /* positive: of the receipt */
};

/* What a letter is written with. */
struct rv_letter_order {
  struct str type;
  const char *variant; /* "-attachment"; "" */
  struct refvendor_party to;
  struct rv_person patient;
  struct str referral; /* what it answers; empty: a number of its own */
  struct str episode;  /* empty: one of its own */
  bool bare;
  const char *statistic; /* MCM:STATISTIC */
};

/* edi_fill.c: the template with everything in it; false (and said aloud) if it is not there. id is that of the
 * letter, mail that of the interchange. */
struct rv_letter_text {
  struct str bytes, id, mail, episode;
};
bool rv_letter_fill(struct rv_letter_text *out, struct refvendor *v, struct arena *a, const struct rv_letter_order *o);

/* edi.c: writes one and sends it. NULL if there is no such template. */
struct rv_mail *rv_letter_send(struct refvendor *v, const struct rv_letter_order *o);
void rv_letter_post(struct refvendor *v, struct str bytes, struct str id, bool bare, const struct rv_oioxml *envelope);

/* Sends what answers an advice of admission, to the location number that it names. */
void rv_letter_answer_advice(struct refvendor *v, struct arena *a, const struct rv_mail *m, struct str answer_to_gln);

/* edi_inbox.c: true if these bytes are an interchange or an Emessage. */
bool rv_is_mail(struct str bytes);
/* Takes in one; envelope is what it came in, or NULL. RV_TAKEN, or RV_REFUSED if nobody could be answered. */
int rv_mail_take(struct refvendor *v, struct arena *a, const struct envelope *envelope, struct str bytes);

#endif
