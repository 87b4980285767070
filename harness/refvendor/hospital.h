/* hospital: HospitalNotification 3.0 in the reference vendor, in both roles.
 *
 * A hospital's side keeps one stay for each name that a trigger gives, and tells each event of it in a notification;
 * a municipality's side judges what comes and answers a flag for it with a report of admission (OIOXML XDIS16).
 * Stays, messages and letters live in the arena of the vendor. */
#ifndef REFVENDOR_HOSPITAL_H
#define REFVENDOR_HOSPITAL_H

#include "refvendor/refvendor_int.h"

#define RV_HOSPITAL "hospital-notification-message"

/* One stay, as the hospital knows it now. Times are Danish with zone; empty: not so. */
struct rv_stay {
  struct str name, episode;
  struct str cpr, given, family;
  struct str class, status, activity; /* activity: of the last event, corrections and cancellations left aside */
  struct str alive;                   /* the status before a death */
  struct str started, ended, left, back;
  bool deceased, asks; /* asks: the next notification asks for a report of admission */
  struct refvendor_party department, receiver;
  const struct node *latest; /* the last notification; NULL: none yet */
};

/* hospital_trigger.c: what its users do, and the keys that it reads. */
extern const struct rv_action rv_hospital_actions[];
extern const char *const rv_hospital_keys[];

/* hospital.c: the notification of what happened last. activity is what its own Provenance says, role what it says of
 * the notification before ("revision", "removal"). */
const struct node *rv_hospital_compose(struct refvendor *v, const struct rv_stay *s, struct str activity,
                                       const char *role);

/* hospital_inbox.c: what is demanded of a notification. */
extern const struct rv_demand rv_hospital_demands[];
/* True if the notification is about somebody of whom the system has no case: acknowledged, noted, not shown. */
bool rv_hospital_stranger(const struct node *root);
/* What follows from a notification that was taken: a report of admission, if it asks for one. */
void rv_hospital_taken(struct refvendor *v, const struct node *root);

/* municipal.c: an OIOXML letter about a stay. */
struct rv_municipal_kind {
  const char *type, *element, *version, *xmlns; /* type: Letter/TypeCode */
  const char *text_element, *text;
};
extern const struct rv_municipal_kind rv_report_of_admission, rv_care_plan;
struct rv_municipal {
  const struct rv_municipal_kind *kind;
  struct str cpr, given, family;
  struct str episode; /* without hyphens */
  struct refvendor_party to;
};
void rv_municipal_send(struct refvendor *v, const struct rv_municipal *r);
/* The identifier of an episode of care as OIOXML writes it: without urn:uuid: and hyphens. */
struct str rv_municipal_episode(struct arena *a, struct str id);

#endif
