/* eer_resources: Organization, Endpoint and Device as EER and EAS have them, made from the register.
 *
 * Ids are what the world knows them by: the SOR id, the location number (GLN), and for a device its name in the
 * register. Nodes live in the arena given; their strings borrow from the register. Sources: dk.ehmi.eer 2.0.1-draft
 * (Eer.Messaging.Organization, eer.dk.endpoint.messaging, EerDevice), dk.ehmi.eas 2.0.0 (eas-messaging-organization).
 */
#ifndef ENDPOINT_EER_RESOURCES_H
#define ENDPOINT_EER_RESOURCES_H

#include "formats/node.h"
#include "standards/register.h"

#define EER_ORGANIZATION "http://medcomehmi.dk/ig/eer/StructureDefinition/Eer.Messaging.Organization"
#define EER_ENDPOINT "http://medcomehmi.dk/ig/eer/StructureDefinition/eer.dk.endpoint.messaging"
#define EER_DEVICE "http://medcomehmi.dk/ig/eer/StructureDefinition/EerDevice"
#define EAS_ORGANIZATION "http://medcomehmi.dk/ig/eas/StructureDefinition/eas-messaging-organization"
#define EHMI_MESSAGE_TYPES "http://medcomehmi.dk/ig/terminology/CodeSystem/ehmi-message-definition-uri"
#define YDER_SYSTEM "urn:oid:1.2.208.176.1.4"

/* The unit whose endpoint takes what is meant for u: itself or one above; NULL: EER knows of none. */
const struct register_unit *eer_endpoint_of(const struct register_unit *u);

/* For EER: with its own endpoint and the devices that it uses. */
struct node *eer_organization(struct arena *a, const struct register_unit *u);
struct node *eer_endpoint(struct arena *a, const struct register_unit *u);
struct node *eer_device(struct arena *a, const struct register_device *d);
/* For EAS: the same without devices, and the organisation with the endpoint that counts for it. */
struct node *eas_organization(struct arena *a, const struct register_unit *u);
struct node *eas_endpoint(struct arena *a, const struct register_unit *u);

#endif
