/* message: one inbound or outbound message, opened: envelope, payload, resource, facts.
 *
 * message_read never fails: what cannot be understood is a finding, and whatever could be read is there. All
 * strings live in the arena or in raw.bytes. Positions in the payload are positions in the payload's own bytes;
 * its name in findings is the message's name with "#payload" behind when there was an envelope.
 *
 * Facts (base/fact.h) set here, each left out where unknown:
 *   kind              message | receipt | unknown
 *   envelope          vans | sbdh | none
 *   envelope.id, envelope.message, envelope.sender, envelope.receiver, envelope.name, envelope.receipt,
 *   envelope.original (receipts: OriginalEnvelopeIdentifier; of an SBDH acknowledgement the id of the envelope that it
 *                     answers). Of an ehmiSBDH sender and receiver are bare location numbers, message is the scope
 *                     MESSAGEIDENTIFIER, name the Standard, receipt PositiveMessage or NegativeMessage
 *   sbdh.kind         message | copy | fhir-ack | receipt | exception
 *   sbdh.document-id, sbdh.exception (DOCUMENTID; the value of the exception in a negative acknowledgement)
 *   form              json | xml | edifact | empty | unknown
 *   event             MessageHeader.eventCoding.code
 *   bundle.id, header.id, header.source, header.destination (endpoint URLs)
 *   activity          Provenance.activity code of the Provenance that targets this MessageHeader
 *   previous          its entity.what reference (last path part, no urn:uuid:)
 *   thread            Communication.identifier value (no urn:uuid:)
 *   category, topic, priority
 *   response.to, response.code (acknowledgements)
 *   sender.gln, receiver.gln (from the Organizations behind sender and destination.receiver)
 *   patient           CPR or replacement CPR of the Patient
 *   patient.kind      replacement: of a Patient without a CPR number
 *   attachment.file, attachment.link   true: a payload or Media has the bytes of a file, or a link
 *   document.identifier, document.timestamp, document.date   of a document: Bundle.identifier (no urn:uuid:),
 *                     Bundle.timestamp and Composition.date; its event is the one of standards/catalogue.h
 *   author.sor        SOR identifier of the organization that is its author
 *   episode           identifier of the first Encounter's episode of care
 *   stay              the identifier of an episode of care that an answer must carry: the locally defined one before
 *                     that of LPR3, without urn:uuid: and hyphens, in small letters (as OIOXML writes it)
 *   bundle.time       Bundle.timestamp
 *   encounter.class, encounter.status, period.start, period.end, leave.start, leave.end (first Encounter)
 *   deceased          Patient.deceasedBoolean
 *   report, report.receiver (HospitalNotification: the flag for a report of admission, and the GLN of whoever must get
 *                     it: the one named, else the sender)
 *   consent           refused: a DiagnosticReport is marked as restricted (confidentiality R)
 *   comment.clinical, comment.analysis   true: a DiagnosticReport has a conclusion, an Observation has a note
 *
 * and of an EDIFACT interchange or OIOXML Emessage (envelope/mail.h), beside patient, episode, stay, sender.gln and
 * receiver.gln, which are those of its first letter:
 *   envelope          edifact | emessage, where there is no VANSEnvelope around it; envelope.id, envelope.sender and
 *                     envelope.receiver are then its own, and envelope.message the letter's id
 *   interchange.id, interchange.sender, interchange.receiver, interchange.time
 *   ack.requested     true | false: UNB 0031, AcknowledgementCode
 *   letters           how many; of several letter.types, letter.ids and letter.versions, ", " between them
 *   letter            "XDIS16" (Letter/TypeCode), "DIS91" (UNH 0068)
 *   letter.id, letter.version
 *   letter.time       when it was signed, with the Danish zone of that day
 * and of a receipt of a letter (envelope/receipt.h)
 *   receipt.kind      "CTL03", "XCTL02"
 *   receipt.outcome   positive | negative
 *   receipt.of        the id of the interchange that it answers; receipt.sender and receipt.receiver are its parties,
 *                     receipt.letters and receipt.versions its letters
 *   receipt.code, receipt.text   why it was refused: NC, LOK, MID, VER, SYN in both syntaxes
 *
 * and of an AuditEvent those of validate/eds_event.h, instead. */
#ifndef VALIDATE_MESSAGE_H
#define VALIDATE_MESSAGE_H

#include "base/fact.h"
#include "envelope/envelope.h"
#include "fhir/resource.h"

struct letter_shelf;

struct message {
  struct source raw;
  struct envelope *envelope; /* NULL: bare payload, or the envelope could not be read */
  struct source payload;     /* what the envelope held, or raw itself */
  struct node *resource;     /* FHIR tree, NULL if the payload is not FHIR */
  enum resource_form form;
  struct node *interchange; /* tree of an EDIFACT payload (formats/edifact.h); else NULL */
  struct node *letter;      /* root of an OIOXML payload; else NULL */
  struct letter_shelf
      *letters; /* what a letter is judged by (validate/letter_shelf.h); NULL: what is shipped, read anew */
  bool legacy;  /* the payload is OIOXML or EDIFACT: known, but not FHIR */
  struct facts facts;
  struct findings wellformed; /* of reading the outer and inner syntax */
  struct findings
      envelope_findings; /* of the envelope's rules and those of an interchange, payload comparison included */
};

struct ehmi_profile;
struct sbdh_shelf;

/* What a message is read by; all may be left out. */
struct message_options {
  const struct ehmi_profile *ehmi; /* of an ehmiSBDH; NULL: the one that is shipped is read from the data folder */
  struct sbdh_shelf *shelf;        /* where that is kept, which must live as long as the message; NULL: nowhere */
  struct letter_shelf *letters;    /* of an OIOXML letter, likewise */
};

void message_read(struct message *out, struct arena *a, struct source raw);
/* The same by a profile of the caller's, which must live as long as the message. */
void message_read_by(struct message *out, struct arena *a, struct source raw, const struct message_options *o);
/* The tree of what it holds: a FHIR resource, an OIOXML letter or an EDIFACT interchange; NULL if none could be read.
 */
const struct node *message_tree(const struct message *m);
/* What the first letter of an EDIFACT or OIOXML payload says of itself; empty of any other. */
void message_letter_says(struct envelope_payload *out, struct arena *a, const struct message *m);
/* True if MedCom's rules for messages apply: it came in an envelope, is no FHIR at all, is a Bundle of type message
 * that names an event of MedCom or, anywhere, a profile of MedCom, or is a document of the catalogue that names such a
 * profile. A bare Patient, or another country's message, is judged by form and profiles. */
bool message_is_medcom(const struct message *m);
/* What the payload says of itself, for building or checking an envelope. */
void message_payload_facts(struct envelope_payload *out, struct arena *a, const struct node *resource,
                           enum resource_form form);

#endif
