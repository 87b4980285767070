/* ehmi: what the reference vendor has on EHMI beside its messages: it reports to the delivery status service (EDS),
 * gets tokens for that, and asks the addressing service (EAS) who receives for a patient.
 *
 * ehmi_token.c finds the authorization server's endpoints and gets tokens; ehmi_ask.c asks a service with one;
 * ehmi_user.c logs a user in, and ehmi_status.c shows what EDS knows;
 * ehmi_event.c makes AuditEvents of what happens, ehmi_queue.c keeps them until they are taken; ehmi_address.c asks
 * EAS; ehmi_device.c asks EER for its own devices; ehmi_screen.c is what its operator reads; ehmi_send.c and
 * ehmi_receive.c are its MSH, whose memory ehmi_keep.c keeps. A struct rv_ehmi lives in the vendor's arena, as long as
 * the vendor.
 */
#ifndef REFVENDOR_EHMI_H
#define REFVENDOR_EHMI_H

#include "envelope/sbdh.h"
#include "refvendor/refvendor_int.h"

#define RV_SCREEN_MAX 1000                /* lines; older ones are not forgotten, newer ones not shown */
#define RV_PATIENCE_MAX_MS INT64_C(30000) /* between two attempts to reach a service */
#define RV_PATIENCE_MIN_MS INT64_C(100)   /* however fast its clock goes */
#define RV_EHMI_ANSWER_MAX ((size_t)4 << 20)
#define RV_EDS_SCOPE "EDS system/AuditEvent.crs"
#define RV_EAS_SCOPE "EAS system/Organization.rs"
#define RV_EER_SCOPE "EER system/Endpoint.rs system/Organization.rs"

/* ehmi_screen.c: a line for the operator, in `GET /state` and in the log; it is in the arena of v. */
void rv_screen_line(struct refvendor *v, struct str line);
#define rv_screen(v, ...) rv_screen_line((v), arena_printf((v)->arena, __VA_ARGS__))
void rv_show_ehmi(const struct refvendor *v, struct json_writer *w);

/* What became of a request. */
enum rv_fate {
  RV_FINE,
  RV_LATER, /* the other side is not well: the same may be tried again */
  RV_DENIED /* it was understood and refused: to try the same again is of no use */
};
struct rv_reply {
  enum rv_fate fate;
  int status;      /* 0: no answer */
  struct str body; /* borrowed during the call, as why is */
  struct str why;  /* for a person; empty with RV_FINE */
};

/* ehmi_token.c: an access token of that scope, kept or new; token is empty where no authorization server was named.
 * done may be called at once. */
struct rv_token_reply {
  enum rv_fate fate;
  struct str token, why;
};
void rv_token_get(struct refvendor *v, struct str scope, void (*done)(void *payload, const struct rv_token_reply *r),
                  void *payload);
/* It was not taken: the next one is a new one. */
void rv_token_drop(struct refvendor *v, struct str scope);
/* The scope of registering for an organisation: one token an organisation. */
struct str rv_eds_scope(const struct refvendor *v, struct arena *a, struct refvendor_party org);

/* Finds the addresses of the authorization server, once; why is empty when they are known. done may be called at once.
 */
void rv_discover(struct refvendor *v, void (*done)(void *payload, struct str why), void *payload);
/* What an answer of the authorization server is refused with, and what its body says; the latter may be NULL. */
struct node *rv_json_of(struct arena *a, struct str body);
struct str rv_oauth_refusal(struct arena *a, const struct http_answer *an, const struct node *json);

/* ehmi_user.c: a user who logs in at the authorization server, in a browser that the system plays itself, and what the
 * user then sees of EDS (`find`). A user who logs in again is logged out before. */
void rv_user_log_in(struct rv_call *c);
void rv_user_status(struct rv_call *c);
/* ehmi_status.c: asks EDS with the user's token for what an order wants, and shows it; the query of it, in a. */
struct str rv_status_query(const struct refvendor *v, struct arena *a, const struct node *find);
void rv_status_show(struct refvendor *v, struct str query);

/* ehmi_ask.c: a request to a service that wants a token; all is copied but payload. */
struct rv_ask {
  const char *url;
  struct str body, scope; /* without a body: GET */
  void (*done)(void *payload, const struct rv_reply *r);
  void *payload;
};
void rv_ask(struct refvendor *v, const struct rv_ask *q);
/* Requests under way are ended by closing the client before. */
void rv_ask_close(struct refvendor *v);
/* An HTTP request with the system's certificate, if it has one. */
void rv_call_out(struct refvendor *v, const struct http_call *call);
/* The address of something below a base, which may end with a slash. */
const char *rv_below(struct arena *a, const char *base, const char *path);
/* What an OperationOutcome says, or what the body begins with. */
struct str rv_outcome_text(struct arena *a, struct str body);

/* ehmi_delivery.c: reads what an event tells of a message; its strings borrow from root and the envelope,
 * which may be NULL. */
void rv_delivery_read(struct rv_delivery *d, const struct refvendor *v, const struct node *root,
                      const struct envelope *env);
struct rv_named rv_message_named(const struct node *root);
/* The same of an ehmiSBDH alone, and of an SBDH acknowledgement. */
void rv_delivery_of_envelope(struct rv_delivery *d, const struct refvendor *v, const struct envelope *env);
void rv_delivery_of_receipt(struct rv_delivery *d, const struct refvendor *v, const struct envelope *receipt);
/* What an envelope has to say of it. */
void rv_payload_says(struct envelope_payload *out, const struct node *root, enum resource_form form);

/* ehmi_send.c: a message goes out in an ehmiSBDH and waits for its receipt. */
void rv_sbdh_send(struct refvendor *v, const struct node *root, int64_t delay_ms);
/* The same once more, in another envelope; false if it was not sent so. */
bool rv_sbdh_resend(struct refvendor *v, struct str header_id);
void rv_sbdh_receipt_came(struct refvendor *v, const struct envelope *receipt);
void rv_sbdh_show(const struct refvendor *v, struct json_writer *w);
void rv_sbdh_close(struct refvendor *v);
/* An EnvelopeIdentifier and a time; an envelope as it goes out. */
struct sbdh_stamp rv_stamp(struct refvendor *v, struct arena *a);
struct str rv_sbdh_write(struct arena *a, const struct envelope *env);
/* ehmi_metadata.c: the DocumentReference that goes with the copy of a message. */
struct str rv_document_reference(struct refvendor *v, struct arena *a, const struct envelope *env,
                                 const struct rv_delivery *d);
/* ehmi_receive.c: checks and answers an ehmiSBDH that is no receipt, read into a with these findings; true if its
 * content is to be handed over. env must live as long as the vendor. */
void rv_sbdh_answer(struct refvendor *v, const struct envelope *env); /* with a positive receipt: a defect */
bool rv_sbdh_take(struct refvendor *v, struct arena *a, struct envelope *env, struct findings *f);
/* Its content was handed over. */
void rv_sbdh_handed(struct refvendor *v, const struct envelope *env);
/* inbox.c: hands over what is in it; all of it lives as long as the vendor. */
void rv_hand_over(struct refvendor *v, struct arena *a, struct envelope *env);

/* ehmi_event.c: notes an event for each station that has one. */
void rv_report(struct refvendor *v, enum rv_happening what, const struct rv_delivery *d);

/* ehmi_address.c: asks EAS who receives by what an order's `lookup` says, and obeys the order when somebody is named:
 * its action is called again with `found`. */
void rv_address(struct rv_call *c);

/* ehmi_device.c: asks EER for the device of each station by its identifier; what it answers is what events then say. */
void rv_look_up_devices(struct refvendor *v);
/* The device_id that events of that station say. */
struct str rv_device(const struct refvendor *v, enum refvendor_station at);

/* ehmi_queue.c: takes an event on, in order; wire and subtype are copied. */
void rv_queue_event(struct refvendor *v, struct refvendor_party org, struct str subtype, struct str wire);
/* What was refused is tried again. */
void rv_queue_retry(struct refvendor *v);
void rv_queue_show(const struct refvendor *v, struct json_writer *w);
void rv_queue_close(struct refvendor *v);

#endif
