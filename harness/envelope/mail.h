/* mail: an EDIFACT interchange or an OIOXML Emessage as what goes from one system to another: who sends which letters
 * to whom, and whether a receipt is asked for.
 *
 * Both syntaxes say the same in different places (legacy.md 2.1, 3.1), and this is where that is told once. Everything
 * borrows from the tree or is made in the arena; what is not there is empty. Nothing is judged here. Times have the
 * Danish zone of their day, for the letters have none. */
#ifndef ENVELOPE_MAIL_H
#define ENVELOPE_MAIL_H

#include "base/vec.h"
#include "formats/node.h"

enum mail_syntax { MAIL_EDIFACT, MAIL_OIOXML };

struct mail_letter {
  const struct node *root; /* the group "message", or the element of the letter */
  struct str id;           /* UNH 0062, Letter/Identifier */
  struct str type;         /* "DIS91" (UNH 0068), "XDIS91" (TypeCode) */
  struct str version;      /* "D9134L" (UNH 0057), "XD9134L" (VersionCode) */
  struct str message;      /* "MEDDIS" (UNH 0065); EDIFACT only */
  struct str sender, receiver;
  struct str time;    /* of signing */
  struct str patient; /* CPR number, else the replacement number */
  struct str episode;
};

enum mail_ack { MAIL_ACK_UNSAID, MAIL_ACK_NO, MAIL_ACK_YES };

struct mail {
  enum mail_syntax syntax;
  const struct node *root;
  struct str id; /* UNB 0020, Envelope/Identifier */
  struct str sender, receiver;
  struct str time; /* of preparation */
  enum mail_ack ack;
  VEC(struct mail_letter) letters;
};

/* Reads it from the root of either tree (formats/edifact.h, formats/xml.h). */
void mail_read(struct mail *out, struct arena *a, const struct node *root);
/* Component c of element e of a segment (formats/edifact.h), without blanks at its ends and the line ends within:
 * whoever cut an interchange into lines cut values, too. */
struct str mail_text(struct arena *a, const struct node *segment, size_t e, size_t c);
/* "2026-01-05" and "10:00" or "10:00:00" with the zone of that day (time_from_danish); empty if they are none. */
struct str mail_time(struct arena *a, struct str date, struct str time);
/* The same of CCYYMMDDHHMM (203), with seconds behind it (204), or CCYYMMDD (102), which is the beginning of that day.
 */
struct str mail_time_of_digits(struct arena *a, struct str s);
/* "edifact", "emessage": what an envelope of that kind is called. */
const char *mail_envelope_name(enum mail_syntax syntax);
/* The values of one field of all letters, ", " between them. */
struct str mail_list(struct arena *a, const struct mail *m, size_t field);
#define MAIL_LIST(a, m, field) mail_list((a), (m), offsetof(struct mail_letter, field))

#endif
