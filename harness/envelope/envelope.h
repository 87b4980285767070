/* envelope: what wraps a payload on the wire, as plain data, and the table of kinds.
 *
 * envelope_read finds the kind, unwraps, and checks every rule of the envelope that
 * needs no knowledge of the payload; envelope_check_payload checks those that do.
 * Strings borrow from the arena or the source. A bare payload has no envelope:
 * envelope_sniff gives NULL for it. */
#ifndef ENVELOPE_ENVELOPE_H
#define ENVELOPE_ENVELOPE_H

#include "base/buf.h"
#include "formats/node.h"

struct ehmi_profile;
struct sbdh;

enum envelope_content { ENVELOPE_MESSAGE, ENVELOPE_RECEIPT };
enum receipt_kind { RECEIPT_POSITIVE_MESSAGE, RECEIPT_NEGATIVE_MESSAGE, RECEIPT_NEGATIVE_VANS };

#define ENVELOPE_TAGS_MAX 16

struct envelope_tag {
  struct str name, value;
};

/* What the envelope says of its message (VANSEnvelope MetaInformation). */
struct envelope_meta {
  struct str id;                    /* MetaInformation/Identifier */
  struct str provider, service;     /* Processing, both empty if absent */
  struct str format, name, version; /* Document */
  int64_t size;                     /* Document/SizeInBytes; -1: absent or no number */
  struct str transport;             /* "reliable", "unreliable" or empty */
  struct str transform;             /* TransformMessage literal, empty if no Transport */
  struct envelope_tag tags[ENVELOPE_TAGS_MAX];
  size_t tags_n;
};

struct envelope {
  const struct envelope_kind *kind;
  enum envelope_content content;
  struct str sender, sender_type, receiver, receiver_type; /* ids and EndPointType */
  struct str id;                                           /* EnvelopeIdentifier */
  struct str sent;                                         /* SentDateTime literal */
  struct envelope_meta meta;                               /* of the message, or the OriginalMessage of a receipt */
  struct str payload;                                      /* decoded bytes of a message */
  bool payload_ok;                                         /* false: base64 broken, payload holds nothing */
  enum receipt_kind receipt;
  bool has_original;      /* receipt carries OriginalMessage */
  struct str original_id; /* OriginalEnvelopeIdentifier */
  struct str error_code, error_text;
  const struct node *root; /* the tree of the envelope, for XPath and positions */
  struct sbdh *sbdh;       /* what only an ehmiSBDH has (envelope/sbdh.h); else NULL */
};

/* What the payload itself says, for the rules that compare; empty = unknown. */
struct envelope_payload {
  struct str format;                /* "HL7" */
  struct str name;                  /* "MCM:FDIS91#other" */
  struct str version;               /* "5.0" */
  struct str mime;                  /* "application/fhir+json" */
  struct str event;                 /* MessageHeader.eventCoding.code */
  struct str definition;            /* the version behind MessageHeader.definition, "1.1" */
  struct str message_id, bundle_id; /* MessageHeader.id, Bundle.id */
  struct str response_to;           /* MessageHeader.response.identifier */
  struct str sender_gln, sender_sor, receiver_gln, receiver_sor;
  struct str patient; /* the CPR number, else a replacement number */
};

struct envelope_kind {
  const char *name; /* "vans" */
  bool (*sniff)(struct str bytes);
  /* -1 when nothing could be unwrapped; findings tell why. */
  int (*read)(struct envelope *out, struct arena *a, struct source src, struct findings *f);
  /* What a profile decides, and what kind of envelope it then is; NULL where a kind has no such rules. */
  void (*check)(struct envelope *env, struct str message, const struct ehmi_profile *profile, struct findings *f);
  void (*check_payload)(const struct envelope *env, struct str message, const struct envelope_payload *p,
                        struct findings *f);
  /* Whether a receipt answers the envelope that is outstanding. */
  void (*check_receipt)(const struct envelope *receipt, struct str message, const struct envelope *original,
                        struct findings *f);
  void (*write)(struct buf *out, const struct envelope *env);
};

extern const struct envelope_kind *const envelope_kinds[];
extern const size_t envelope_kinds_n;

/* The kind whose beginning these bytes have, or NULL. */
const struct envelope_kind *envelope_sniff(struct str bytes);
const struct envelope_kind *envelope_kind_named(struct str name);
/* The local name of the root element of what begins like XML; empty if it does not, or begins with too much else. */
struct str envelope_root_name(struct str bytes);
/* The value of a ServiceTag, empty if absent. */
struct str envelope_tag_value(const struct envelope_meta *m, const char *name);
/* "PositiveMessage", "NegativeMessage", "NegativeVans". */
const char *receipt_kind_name(enum receipt_kind k);

#endif
