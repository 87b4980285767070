/* sbdh: the ehmiSBDH envelope (StandardBusinessDocument 1.0 with EHMI's scopes) and the SBDH acknowledgement in it.
 *
 * sbdh_kind.read unwraps and checks what the schema holds; sbdh_kind.check what a profile decides (standards/
 * ehmi_profile.h), and tells the kinds of envelope apart by what is in them; sbdh_kind.check_payload compares with the
 * FHIR message inside. Rules are rows of sbdh_rules, ids "sbdh.…". A struct sbdh belongs to the arena of the read and
 * borrows from the source; one that is to be written is filled by sbdh_describe, sbdh_receipt, sbdh_copy or
 * sbdh_resend and borrows from what they were given. */
#ifndef ENVELOPE_SBDH_H
#define ENVELOPE_SBDH_H

#include "envelope/envelope.h"
#include "standards/ehmi_profile.h"

#define SBDH_NS "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
#define SBDH_CONTENT_NS "http://peppol.eu/xsd/ticc/envelope/1.0"
#define SBDH_SIGNAL_NS "http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0"
/* Scopes behind these are a finding and left out. */
#define SBDH_SCOPES_MAX 200
/* Attributes of a ServiceTransaction that are looked at; the schema has ten. */
#define SBDH_ATTRIBUTES_MAX 16

/* Names of scopes that mean something to the program itself; which ones an envelope has is the profile's. */
#define SBDH_DOCUMENT_ID "DOCUMENTID"
#define SBDH_PROCESS_ID "PROCESSID"
#define SBDH_PATIENT_ID "PATIENTID"
#define SBDH_SENDER_ID "SENDERID"
#define SBDH_RECEIVER_ID "RECEIVERID"
#define SBDH_MESSAGE_ID "MESSAGEIDENTIFIER"
#define SBDH_BUNDLE_ID "MESSAGEENVELOPEIDENTIFIER"
#define SBDH_ORIGINAL_MESSAGE_ID "ORIGINALMESSAGEIDENTIFIER"
#define SBDH_ORIGINAL_BUNDLE_ID "ORIGINALMESSAGEENVELOPEIDENTIFIER"
#define SBDH_ORIGINAL_STANDARD "ORIGINALMESSAGESTANDARD"
#define SBDH_ORIGINAL_VERSION "ORIGINALMESSAGEVERSION"
#define SBDH_ORIGINAL_ENVELOPE_ID "ORIGINALENVELOPEIDENTIFIER"
#define SBDH_STATISTICS "StatisticalInformation"
#define SBDH_XDS "XDS-METADATA"
#define SBDH_RELIABLE "EHMI-ReceiptAcknowledgement"

enum sbdh_content { SBDH_MESSAGE, SBDH_COPY, SBDH_FHIR_ACK, SBDH_RECEIPT, SBDH_EXCEPTION };

/* Type, value (Scope/InstanceIdentifier) and Identifier of a scope. */
struct sbdh_scope {
  struct str type, value, identifier;
  const struct node *at; /* NULL in what is to be written */
};

/* The scope of reliable messaging: CorrelationInformation and BusinessService. */
struct sbdh_reliable {
  struct str kind;                                     /* "Request" or "Response"; empty: there is no such scope */
  struct str created, envelope_id;                     /* of the request */
  struct str expected;                                 /* ExpectedResponseDateTime, empty if left out */
  struct str service;                                  /* BusinessServiceName */
  struct envelope_tag attributes[SBDH_ATTRIBUTES_MAX]; /* of ServiceTransaction */
  size_t attributes_n;
};

/* The ebBP signal (2.0.4) that an SBDH acknowledgement has as its payload. */
struct sbdh_signal {
  struct str name; /* "ReceiptAcknowledgement", "Exception"; empty: the payload is no signal */
  struct str original_id, original_document, original_time, time;
  struct str from, from_type, to, to_type, from_role, to_role;
  struct str exception_kind; /* "ReceiptException", "AcceptanceException", "GeneralException" */
  struct str exception;      /* "Syntax" */
  struct str reason, text;   /* Reason, ExceptionMessage */
  const struct node *root;   /* NULL in what is to be written */
};

struct sbdh {
  enum sbdh_content content;
  struct str header_version;
  struct str sender, receiver;                     /* as they stand: "0088:5790008888025" */
  struct str sender_authority, receiver_authority; /* @Authority */
  struct str standard, type_version, type, multiple, created;
  VEC(struct sbdh_scope) scopes;
  struct sbdh_reliable reliable;
  struct str mime, encoding, content_ns;
  struct sbdh_signal signal;
  size_t bytes;                       /* of the whole, as it was read */
  const struct ehmi_profile *profile; /* what it was checked by; NULL: by the schema alone */
};

extern const struct envelope_kind sbdh_kind;
extern const struct rule *const sbdh_rules;
extern const size_t sbdh_rules_n;

/* "message", "copy", "fhir-ack", "receipt", "exception". */
const char *sbdh_content_name(enum sbdh_content content);
/* The value of the first scope of that type; empty if there is none. */
struct str sbdh_scope_value(const struct sbdh *s, const char *type);
/* The number behind "0088:"; all of it if there is no scheme. */
struct str sbdh_participant(struct str identifier);

/* What the caller decides of a new envelope: its id and the time. */
struct sbdh_stamp {
  struct str id, sent; /* EnvelopeIdentifier; CreationDateAndTime with its offset */
};
/* What an answer to an envelope says. */
struct sbdh_answer {
  struct sbdh_stamp stamp;
  struct str message_id; /* its own MESSAGEIDENTIFIER */
  struct str exception;  /* "Syntax", "Authorization", "Signature", "Sequence"; empty: a positive one */
  struct str reason;     /* of an exception */
};
/* Whom a copy goes to; what is empty stays as it is. */
struct sbdh_party {
  struct str gln, sor;
};

/* A request envelope around a payload: whatever follows from what the payload says and from the profile. False if the
 * profile has no type for what the payload is. */
bool sbdh_describe(struct envelope *out, struct arena *a, const struct envelope_payload *says, struct str payload,
                   const struct sbdh_stamp *stamp, const struct ehmi_profile *profile);
/* The SBDH acknowledgement of an envelope: parties turned round, ids echoed, the signal written. */
void sbdh_receipt(struct envelope *out, struct arena *a, const struct envelope *original,
                  const struct sbdh_answer *answer, const struct ehmi_profile *profile);
/* A copy of a request for the register of messages, with a DocumentReference (JSON or XML); to: that register. */
void sbdh_copy(struct envelope *out, struct arena *a, const struct envelope *original, const struct sbdh_party *to,
               struct str document_reference, const struct sbdh_stamp *stamp, const struct ehmi_profile *profile);
/* The same again: a new id and time, the rest unchanged. */
void sbdh_resend(struct envelope *out, struct arena *a, const struct envelope *original, const struct sbdh_stamp *stamp,
                 const struct ehmi_profile *profile);

/* Checks that a receipt answers the outstanding envelope (rules sbdh.receipt.…). */
void sbdh_check_receipt(const struct envelope *receipt, struct str message, const struct envelope *original,
                        struct findings *f);

/* The profile that is shipped, its rules looked up; for whoever was given no other. */
MUST_CHECK int sbdh_shipped_profile(struct ehmi_profile **out, struct arena *a, struct error *e);

/* The same for whoever reads many messages: it is read when it is first asked for, and lives as long as the arena. */
struct sbdh_shelf {
  struct arena *arena;
  const struct ehmi_profile *profile; /* NULL: nobody asked yet */
};

MUST_CHECK int sbdh_shelf_profile(const struct ehmi_profile **out, struct sbdh_shelf *s, struct error *e);

#endif
