/* refvendor_int: what the files of the reference vendor share.
 *
 * refvendor.c opens and routes; inbox.c takes in, check.c judges, thread.c keeps; draft.c has the parts of a message;
 * outbox.c wraps and sends; overdue.c sends again; trigger.c obeys; rest.c is the client of a FHIR server; show.c
 * answers GET /state; restarts.c starts the program again when it was killed. What a standard of its own needs stands
 * in a row of kinds.c: care*.c CareCommunication (compose.c makes its new, reply and forward), hospital*.c and
 * municipal.c HospitalNotification, homecare.c HomeCareObservation, acknowledge.c acknowledgements, conditions*.c
 * ConditionList, whose documents are no messages, edi*.c (edi.h) EDIFACT and OIOXML. */
#ifndef REFVENDOR_REFVENDOR_INT_H
#define REFVENDOR_REFVENDOR_INT_H

#include "base/clock.h"
#include "envelope/dedup.h"
#include "envelope/envelope.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "refvendor/refvendor.h"

#define RV_RESENDS_MAX 3                           /* MedCom's documents say two or three */
#define RV_ACK_WITHIN_MS (INT64_C(30) * 60 * 1000) /* then an unacknowledged message is sent again */
#define RV_HASTE_MS (INT64_C(5) * 1000)            /* or, with resends-hastily, after this */
#define RV_ATTEMPTS_MAX 5
#define RV_RETRY_MS INT64_C(400)
#define RV_TRIGGER_WAIT_MS INT64_C(5000) /* a trigger may overtake the message that it is about */
#define RV_TAKEN 202                     /* HTTP: what came in is understood, or not */
#define RV_REFUSED 400
#define RV_BROKEN 500
#define RV_TRIGGER_MAX ((size_t)1 << 20)
#define RV_BYTES_MAX ((size_t)256 << 20)

#define RV_MEDCOM "http://medcomfhir.dk/ig/"
#define RV_CORE RV_MEDCOM "core/StructureDefinition/"
#define RV_TERMINOLOGY RV_MEDCOM "terminology/CodeSystem/"
#define RV_ACK "acknowledgement-message"
#define RV_GLN "https://www.gs1.org/gln"
#define RV_CPR "urn:oid:1.2.208.176.1.2"
#define RV_SOR "urn:oid:1.2.208.176.1.1"

struct folder;
struct json_writer;

/* What is needed to send a message, and to send it once more. */
struct rv_parcel {
  const struct node *root;
  struct str message_id; /* MetaInformation/Identifier: stays when it is sent again */
  bool again;            /* it is sent again */
};

struct rv_kind;

/* What happens to a message, as those see it who are at a station of EHMI. */
enum rv_happening {
  RV_NOTHING,
  RV_ORDERED, /* a message: the user sent it */
  RV_SENT,    /* it went out */
  RV_RESENT,  /* the same once more */
  RV_GOT,
  RV_HANDED_OVER,  /* to the EUA */
  RV_RECEIPT_SENT, /* an SBDH acknowledgement */
  RV_RECEIPT_GOT,
  RV_ACK_ORDERED, /* a FHIR acknowledgement */
  RV_ACK_SENT,
  RV_ACK_GOT,
  RV_ACK_HANDED_OVER,
  RV_NOT_SENT, /* a message or acknowledgement that could not be delivered */
  RV_NOT_TAKEN /* one that came in and was refused */
};

struct rv_named {
  struct str id, type, version;
};

/* What an event tells of the message on its way; what is not known is empty. */
struct rv_delivery {
  struct refvendor_party sender, receiver;
  struct str cpr;                               /* of clinical messages */
  struct rv_named message, envelope, transport; /* MessageHeader, Bundle, SBDH */
  struct rv_named original, original_transport;
  bool failed;
};

/* A message that is no acknowledgement, received or sent. */
struct rv_letter {
  const struct rv_kind *kind;
  struct str header_id, thread;
  const struct node *root;
  bool own;
  struct rv_parcel parcel; /* own ones */
  size_t resends;
  struct loop_timer *overdue; /* own ones that wait for their acknowledgement */
  struct refvendor *v;        /* set while it waits */
  struct str ack_code;        /* own ones: the latest received, others: the one sent */
};

/* What was decided about a received header, and the acknowledgement that said so. */
struct rv_decision {
  struct str header_id, code;
  struct rv_letter *letter; /* NULL: not shown */
  struct rv_parcel ack;     /* root NULL: none was sent */
  size_t times;
};

/* An acknowledgement received. */
struct rv_receipt {
  struct str header_id, to, code;
};

struct rv_stay; /* a stay in hospital (hospital.h) */
/* A diagnosis of a patient at a clinic, as its user wrote it. */
struct rv_diagnosis {
  struct str name; /* what triggers call it */
  struct str sks, sks_text, icpc, icpc_text, text;
  struct str status, type; /* "resolved" or else current; a code of condition-category, or empty */
  struct str onset, abatement, recorded, note;
  struct str card, hidden; /* "false": not on the card; "true": private */
};

/* The diagnoses of a patient at the own clinic, or at the other one. */
struct rv_card {
  struct str cpr, given, family;
  bool other;
  struct str changed; /* when something on it was last changed */
  VEC(struct rv_diagnosis *) diagnoses;
};

struct rv_mail;        /* a letter in EDIFACT or OIOXML (edi.h) */
struct rv_token;       /* an access token of one scope */
struct rv_event;       /* an AuditEvent that is not taken yet, or was refused */
struct rv_lookup;      /* something asked of EAS */
struct rv_asking;      /* a request to one of these services */
struct rv_seeker;      /* somebody who waits for the addresses of the authorization server */
struct rv_login;       /* a user on the way in */
struct rv_transaction; /* a message in an ehmiSBDH, and what became of it */
struct ehmi_profile;

/* What there is on EHMI only (ehmi.h). */
struct rv_ehmi {
  struct str token_endpoint; /* empty: not found yet */
  struct str par_endpoint, authorization_endpoint;
  bool discovering;
  struct rv_seeker *seekers;
  struct rv_login *login; /* the latest one */
  struct str user_token;  /* empty: nobody is logged in */
  int64_t user_until;
  struct rv_token *tokens;
  struct rv_event *events, *held; /* in order; held: refused, until the operator has them sent again */
  size_t reported;
  struct rv_lookup *lookups;
  struct str devices[REFVENDOR_STATIONS_N]; /* what EER answered; empty: nothing yet */
  bool without_device;                      /* one was looked up, and EER has said nothing of it */
  struct rv_asking *askings;
  struct rv_transaction *transactions;
  struct dedup seen;           /* by the MSH */
  struct map said;             /* MESSAGEIDENTIFIER -> struct rv_said, what it was answered */
  size_t kept_sent, kept_said; /* files of --keep */
  VEC(struct str) screen;
  bool repeats; /* what is being answered was here before */
};

struct rv_job;       /* something on its way out */
struct rv_errand;    /* something asked of a FHIR server */
struct rv_converter; /* what a VANS operator knows */
struct rv_pending;   /* a trigger that waits for its message */

struct refvendor {
  struct arena *arena;
  struct loop *loop;
  const struct refvendor_options *o;
  struct http_server *server;
  struct http_client *client;
  struct folder *folder;
  struct shapes *shapes;
  struct clock clock;
  char *spool;
  const char *data_dir;
  size_t ids; /* derived so far */
  bool broken;
  bool dying; /* it was told to be killed, and answers nobody any more */
  VEC(struct refvendor_party) book;
  struct dedup dedup;
  struct map decisions; /* header id -> struct rv_decision */
  struct map bundles;   /* Bundle.id -> header id as struct str */
  VEC(struct rv_letter *) letters;
  VEC(struct rv_receipt) receipts;
  VEC(struct rv_stay *) stays;
  VEC(struct rv_card *) cards;
  VEC(struct rv_mail *) mail;
  VEC(const struct node *) lists; /* documents received, the newest of each patient */
  struct map triggers;            /* trigger id -> answer JSON as struct str */
  struct rv_job *jobs;
  struct rv_pending *pendings;
  struct rv_errand *errands;
  struct rv_converter *converter; /* NULL: it is no operator (converter.h) */
  struct rv_ehmi ehmi;
  const struct ehmi_profile *profile; /* what EHMI leaves open */
  struct http_identity identity;      /* its certificate, and whom it believes */
  size_t sent;
};

static inline bool rv_has(const struct refvendor *v, enum defect d) {
  return v->o->defects[d];
}

/* A new identifier: derived from the seed, or random. */
struct str rv_id(struct refvendor *v, struct arena *a);
/* The time of sending, Danish with zone. */
struct str rv_now(struct refvendor *v, struct arena *a);
/* A vendor with a logical clock lives after all that it has seen. */
void rv_follow_time(struct refvendor *v, struct str stamp);
void rv_log(const struct refvendor *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Finds somebody in the address book, or notes somebody new; NULL if unknown. */
const struct refvendor_party *rv_party(const struct refvendor *v, struct str gln);
void rv_note_party(struct refvendor *v, struct refvendor_party p);
/* An organisation of the system itself, or NULL. */
const struct refvendor_party *rv_own(const struct refvendor *v, struct str gln);

/* inbox.c: takes in what came; 202 or 400. Owns in, which holds the bytes. */
int rv_receive(struct refvendor *v, struct arena *in, struct str bytes);

/* check.c: what the vendor's own validation says; empty if it is content. text is English and Danish. */
struct rv_problem {
  struct str issue, detail_system, detail, text;
};
struct rv_problem rv_check(struct arena *a, const struct node *root);

/* The system as MedCom's value set medcom-acknowledgement-issue-details (terminology 1.4.0) names it. */
#define RV_FHIR_DETAILS "http://hl7.org/fhir/ValueSet/operation-outcome"
#define RV_MEDCOM_DETAILS RV_TERMINOLOGY "medcom-acknowledgement-error-codes"

/* What a demand is made of. */
struct rv_subject {
  const struct rv_kind *kind; /* NULL: of no event that is known */
  const struct node *root, *header;
  const struct node *content; /* the first resource of kind->content */
};

/* A demand on a received message, and what the acknowledgement says when it is not met. */
struct rv_demand {
  bool (*bad)(const struct rv_subject *s);
  const char *issue, *system, *detail, *text;
};

struct rv_person {
  struct str cpr, system, given, family;
};

/* trigger.c: a trigger on its way through an action. */
struct rv_call {
  struct refvendor *v;
  struct arena *a; /* of the request */
  const struct node *json;
  const struct rv_kind *kind;
  const struct refvendor_party *found; /* whom EAS named for it; its gln empty: nobody was asked for. NULL: not asked */
  int status;                          /* 0: the message that it is about is not there yet */
  struct str error;                    /* of status 400 and above */
  struct str sent[2];
  size_t sent_n;
};
/* What stands there, trimmed; empty if nothing does. */
struct str rv_call_text(const struct rv_call *c, const char *path);
bool rv_call_is_true(const struct rv_call *c, const char *name);
void rv_call_refuse(struct rv_call *c, int status, struct str why);
/* Notes a message that went out: the call is obeyed. */
void rv_call_sent(struct rv_call *c, struct str header_id);
/* The message that it is about (`answers`, `message`, `to`, else the latest one of its kind); NULL: the call waits. */
struct rv_letter *rv_call_subject(struct rv_call *c, bool received);
/* receiver, forward-to or a GLN in `to`; what is not said of it comes from the address book. */
struct refvendor_party rv_call_receiver(const struct rv_call *c);
/* `sender`, a GLN of one of its own organisations; without it the first one. */
struct refvendor_party rv_call_sender(const struct rv_call *c);
/* The patient, of `patient`; what is not said is that of the first test person. */
struct rv_person rv_call_person(const struct rv_call *c);
/* Without a receiver it is the first of the address book; refuses, and false, if there is none or its SOR is not known.
 */
bool rv_call_needs_receiver(struct rv_call *c, struct refvendor_party *receiver);

/* What a user can do with messages of one standard. */
struct rv_action {
  const char *name;
  void (*act)(struct rv_call *c);
};

/* A value of the content that GET /state shows. */
struct rv_shown {
  const char *name, *path;
};

/* kinds.c: a message standard that the system speaks. Lists end with an empty row. */
struct rv_kind {
  const char *name;      /* of its folder in protocols/: what a trigger calls `standard` */
  const char *event;     /* MessageHeader.eventCoding.code */
  bool shown;            /* acknowledged, kept and shown; false: it is itself an acknowledgement */
  const char *content;   /* type of the resource that it is about */
  const char *thread;    /* path of the thread's identifier in it, or NULL */
  const char *text;      /* path of a text in it, which changed-on-resend changes, or NULL */
  const char *statistic; /* MCM:STATISTIC: "manual", or "automatic" for what no user sends */
  struct str (*postfix)(const struct node *root); /* what stands behind '#' in the envelope's Name; NULL: no '#' */
  const struct rv_demand *demands;
  bool (*hidden)(const struct node *root); /* of one that is acknowledged, but not shown; NULL: none is */
  void (*taken)(struct refvendor *v, const struct node *root); /* what follows from one that is shown; NULL: nothing */
  const struct rv_shown *shows;
  const struct rv_action *actions;
  const char *const *keys; /* of a trigger, beside those that any standard knows */
};
/* The first one is what a trigger without `standard` means. */
extern const struct rv_kind *const rv_kinds[];
extern const struct rv_kind rv_care, rv_hospital, rv_homecare, rv_acknowledgement, rv_conditions, rv_letters;
/* The kind of a message by its event, or of that name; NULL if it is none. */
const struct rv_kind *rv_kind_of(const struct node *root);
const struct rv_kind *rv_kind_named(struct str name);
/* The resource that a message is about, and its thread without "urn:uuid:" (empty: none). */
const struct node *rv_content(const struct node *root);
struct str rv_thread(const struct node *root);

/* thread.c */
struct rv_letter *rv_letter_find(const struct refvendor *v, struct str header_id);
/* Notes a message, received or own. */
struct rv_letter *rv_letter_add(struct refvendor *v, const struct node *root, bool own);
/* The newest one of a kind (NULL: any), of a thread (empty: any); received ones only if asked. */
struct rv_letter *rv_letter_latest(const struct refvendor *v, const struct rv_kind *kind, struct str thread,
                                   bool received);
/* The first resource of a type, the entry that a reference names, and the value of an identifier. */
const struct node *rv_resource(const struct node *root, const char *type);
const struct node *rv_entry(const struct node *root, struct str reference);
struct str rv_identifier(const struct node *resource, const char *system);
/* An organization of the message as a party. */
struct refvendor_party rv_party_of(const struct node *root, struct str reference);
/* The identifier of a payload segment. */
struct str rv_segment_id(const struct node *payload);
struct str rv_without_urn(struct str value);
/* The data of the attachment with that segment identifier, wherever in the letters it was, or NULL. */
const struct node *rv_attachment_data(const struct refvendor *v, struct str segment_id);

/* draft.c: a Bundle in the making. */
struct rv_draft {
  struct refvendor *v;
  struct arena *a;
  struct node *bundle, *header;
  struct str base; /* of fullUrl; empty: urn:uuid */
  struct str time;
  VEC(struct str) segments; /* identifiers of the new ones, for Provenance */
  struct str legacy;        /* the OIOXML or EDIFACT message that it answers, for Provenance; or empty */
};
/* like: the message whose way of writing fullUrl and references is kept; NULL: our own. */
void rv_draft_begin(struct rv_draft *d, struct refvendor *v, struct arena *a, const char *profile,
                    const struct node *like);
/* node_put of a copy of the text. */
struct node *rv_put(struct arena *a, struct node *parent, const char *path, struct str text);
struct node *rv_extension(struct arena *a, struct node *parent, const char *name);
/* A new entry; *reference becomes how others name it. */
struct node *rv_draft_resource(struct rv_draft *d, const char *type, const char *profile, struct str *reference);
struct str rv_draft_reference(struct rv_draft *d, const char *type, struct str id);
/* The system of the number is told from its form where it is not said. */
struct str rv_draft_patient(struct rv_draft *d, const struct rv_person *p);
struct str rv_draft_organization(struct rv_draft *d, struct refvendor_party p);
/* sender and receiver are references. */
void rv_draft_header(struct rv_draft *d, const char *event, const char *profile, struct str sender, struct str receiver,
                     struct refvendor_party from, struct refvendor_party to);
/* A Provenance of this message; previous may be empty. */
void rv_draft_provenance(struct rv_draft *d, const char *profile, const char *activity, struct str who,
                         struct str previous);
/* Copies an entry of another message. */
struct node *rv_draft_copy(struct rv_draft *d, const struct node *entry);
/* Copies what is referred to and stands in `from`, until nothing is missing; never a MessageHeader. */
void rv_draft_complete(struct rv_draft *d, const struct node *from);
/* Narratives; then the Bundle is whole. */
const struct node *rv_draft_end(struct rv_draft *d);
/* The narrative of a resource, made from all that stands in it. */
void rv_narrate(struct arena *a, struct node *resource);

/* compose.c: CareCommunication. */
struct rv_order {
  struct str category, topic, priority, text, episode;
  struct rv_person patient;
  struct str legacy;               /* "location number#letter id" of an OIOXML or EDIFACT message that is answered */
  struct refvendor_party receiver; /* gln empty: none said */
  struct str recipient;            /* specific recipient: the name of a group */
  const char *attachments[16];     /* kinds: pdf, png, ..., url */
  size_t attachments_n;
  size_t user; /* who writes */
  bool specific_sender, latest_only, signed_files;
};
const struct node *rv_compose_new(struct refvendor *v, struct arena *a, const struct rv_order *o);
const struct node *rv_compose_reply(struct refvendor *v, struct arena *a, const struct rv_order *o,
                                    const struct rv_letter *to);
const struct node *rv_compose_forward(struct refvendor *v, struct arena *a, const struct rv_order *o,
                                      const struct rv_letter *of);
/* care_trigger.c: what its users do, and the keys that it reads. */
extern const struct rv_action rv_care_actions[];
extern const char *const rv_care_keys[];

/* conditions.c: documents. True of what has a Composition and no MessageHeader. */
bool rv_is_document(const struct node *root);
/* Judges a document, and keeps root if it is one of ours to keep; the HTTP status of the answer. */
int rv_take_document(struct refvendor *v, const struct node *root);
void rv_show_lists(const struct refvendor *v, struct json_writer *w);
/* conditions_trigger.c: true if a diagnosis goes into documents. */
bool rv_is_shared(const struct refvendor *v, const struct rv_diagnosis *d);
/* conditions_compose.c */
const struct node *rv_compose_list(struct refvendor *v, struct arena *a, const struct rv_card *card);

/* data_table.c: data of our own. */
struct rv_user {
  const char *given, *family, *role, *phone;
};
extern const struct rv_user rv_users[];
extern const size_t rv_users_n;
struct rv_file {
  const char *kind, *mime, *title, *data; /* data: base64, or NULL with an url */
  const char *url;
};
extern const struct rv_file rv_files[];
extern const size_t rv_files_n;

/* acknowledge.c: sends an acknowledgement for a received message; problem may be NULL. env: the envelope, or NULL. */
const struct node *rv_acknowledge(struct refvendor *v, struct arena *a, const struct node *root, struct str code,
                                  const struct rv_problem *problem, struct str sender_gln);
/* The same acknowledgement once more, as reliable messaging wants it. */
const struct node *rv_acknowledge_again(struct refvendor *v, const struct node *ack);

/* outbox.c: something on its way out: to url, or where messages go. Bytes and id are copied; what delivery borrows
 * from lives as long as the vendor. */
struct rv_posting {
  struct str wire, id;
  const char *url;
  const char *type, *end;      /* MIME type, and what the name of a file of it ends with; NULL: XML */
  enum rv_happening happening; /* reported to EDS when it is out */
  struct rv_delivery delivery;
  int64_t delay_ms;
};
void rv_post(struct refvendor *v, const struct rv_posting *p);
/* Puts a message on its way after delay_ms. */
void rv_send(struct refvendor *v, const struct rv_parcel *p, int64_t delay_ms);
/* A letter that is not FHIR: wrapped and sent as it is. */
struct rv_oioxml {
  struct str bytes, name, version, to; /* name and version: of the envelope's Document; to: a GLN */
  const char *format;                  /* of that Document; NULL: "XML" */
  const char *statistic;               /* MCM:STATISTIC; NULL: "automatic" */
};
void rv_send_oioxml(struct refvendor *v, const struct rv_oioxml *letter);
/* Makes the declared defects to what is about to go out; *wire is then in a. */
void rv_make_declared(struct refvendor *v, struct arena *a, struct str *wire);
/* A document, without envelope, in JSON as PLSP wants it. */
void rv_send_document(struct refvendor *v, const struct node *root);
/* A VANSEnvelope receipt for what cannot be acknowledged. */
void rv_send_receipt(struct refvendor *v, const struct envelope *env, struct str why);
/* Stores and sends an own letter. */
struct rv_letter *rv_send_letter(struct refvendor *v, const struct node *root);
/* Sends an own letter once more: new envelope, new Bundle.id and timestamp, same MessageHeader.id. */
void rv_resend_letter(struct refvendor *v, struct rv_letter *l);
void rv_outbox_close(struct refvendor *v);

/* rest.c: the client of a FHIR server. Posts a Bundle; done is as http_send has it. */
void rv_rest_post(struct refvendor *v, struct arena *a, struct str bundle,
                  void (*done)(void *payload, const struct http_answer *answer), void *payload);
/* Obeys a trigger that is about a FHIR server: fetch, fetch-all, rest. False: it is about something else. */
bool rv_rest_trigger(struct refvendor *v, struct http_request *r);
void rv_rest_close(struct refvendor *v);

/* relay.c: passes a request below /fhir on to the server of --relay; false if it is none. */
bool rv_relay(struct refvendor *v, struct http_request *r);
/* Is that something that can be done wrong there? */
bool rv_spoil_known(struct str line);

/* overdue.c: from here on the letter waits for its acknowledgement, and is sent again when none comes. */
void rv_await_ack(struct refvendor *v, struct rv_letter *l);
void rv_ack_came(struct rv_letter *l);
void rv_overdue_close(struct refvendor *v);

/* trigger.c */
void rv_trigger(struct refvendor *v, struct http_request *r);
/* Tries again those that wait. */
void rv_trigger_pending(struct refvendor *v);
void rv_trigger_close(struct refvendor *v);

/* show.c: the state as JSON. */
void rv_show(const struct refvendor *v, struct buf *out);

#endif
