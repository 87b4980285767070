/* message_int: the parts of message_read, and the rules of the room. */
#ifndef VALIDATE_MESSAGE_INT_H
#define VALIDATE_MESSAGE_INT_H

#include "validate/bundle_int.h"
#include "validate/message.h"

/* Adds what a document says of itself; nothing of what is no document. */
void message_document_facts(struct facts *f, const struct bundle *b);
/* Adds what a FHIR message says of itself to m->facts. */
void message_resource_facts(struct message *m, const struct node *root);
/* What an OIOXML letter (root) or an EDIFACT interchange says of itself; root NULL: EDIFACT. */
void message_legacy_facts(struct envelope_payload *out, struct arena *a, const struct node *root,
                          const struct node *interchange);

/* Adds what an EDIFACT interchange or OIOXML Emessage (root), and the receipt in it, says of itself to m->facts. */
void message_mail_facts(struct message *m, struct arena *a, const struct node *root);
/* The fact "stay" of the identifier of an episode of care, in any way of writing it. */
void message_put_stay(struct message *m, struct str episode);

#endif
