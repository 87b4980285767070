/* letter: a letter on its way from one format to another, as flat fields.
 *
 * Made from a correspondence; what the target has no room for is told while it is written (mapping/convert.c). Texts
 * are whole: of a CareCommunication with the note that it is a reply, identifiers of the patient that XDIS91 has no
 * place for, the earlier messages, and references to their attachments, in that order. Lives in the arena. */
#ifndef MAPPING_LETTER_H
#define MAPPING_LETTER_H

#include "mapping/correspondence.h"

struct letter_party {
  struct str gln, sor;
  struct str id, code; /* Identifier and IdentifierCode */
  struct str organisation, department, unit, street, suburb, district, postcode, phone, speciality;
};

struct letter_attachment {
  struct str title, id; /* id: without hyphens */
  struct str url, time, object, extension, mime, size;
  struct str octets;
  bool has_data;
  bool elsewhere; /* XDIS91's SUP: it comes by other ways */
  const struct mapping_element *from;
};

struct letter {
  struct str envelope, id, sent, time, acknowledge;
  struct letter_party sender, receiver;
  struct str cpr, replacement, replacement_system;
  struct str surname, given, street, suburb, district, postcode, occupancy, status;
  struct str episode, priority, subject, category, kind /* nytbrev */, activity;
  VEC(struct str) texts;
  VEC(struct letter_attachment) attachments;
};

/* What stands before identifiers of the patient that had to go into the text. MedCom prescribes a sentence (conversion
 * service 1.4, 3.3.1.6); this is ours, with the words of it by which it is known. */
#define LETTER_CPR_SENTENCE "Patienten har flere numre, end der er plads til i brevet; de resterende CPR-numre"
#define LETTER_PRIORITY_SENTENCE "Denne meddelelse har høj prioritet."
#define LETTER_REPLY_SENTENCE "Denne meddelelse er et svar på en tidligere meddelelse."
#define LETTER_FORWARD_SENTENCE "Denne meddelelse er en videresendelse af en tidligere meddelelse."

/* Is an attachment of a CareCommunication one that goes along: new, or old and whole? Others are named in the text. */
bool letter_sends(const struct correspondence *c, size_t attachment);
/* f may be NULL: then nothing is told. */
void letter_of(struct letter *out, struct arena *a, const struct correspondence *c, struct findings *f);

#endif
