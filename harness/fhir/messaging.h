/* messaging: the parts of a MedCom message that say nothing of its content, whoever writes it.
 *
 * MedCom messaging 4.0: who it is from and for, and what was done. Resources are made by the caller, with their ids and
 * profiles; these fill them in the order in which MedCom's examples have it. Nodes are made in the arena; texts are
 * borrowed and must live as long as it. */
#ifndef FHIR_MESSAGING_H
#define FHIR_MESSAGING_H

#include "formats/node.h"

#define MESSAGING_MEDCOM "http://medcomfhir.dk/ig/"
#define MESSAGING_PROFILES MESSAGING_MEDCOM "messaging/StructureDefinition/"
#define MESSAGING_TERMS MESSAGING_MEDCOM "terminology/CodeSystem/"
#define MESSAGING_GLN "https://www.gs1.org/gln"
#define MESSAGING_SOR "urn:oid:1.2.208.176.1.1"

struct messaging_header {
  const char *event;           /* code of eventCoding */
  struct str sender, receiver; /* references of Organizations */
  struct str from, to;         /* endpoints */
};

/* A Bundle of type message with its id, profile and timestamp. */
struct node *messaging_bundle(struct arena *a, const char *profile, struct str id, struct str time);
/* An Organization's location number, SOR id and name; what is empty is left out. */
void messaging_organization(struct arena *a, struct node *o, struct str gln, struct str sor, struct str name);
/* Where messages for a party go: by its SOR id, or else its location number. In a. */
struct str messaging_endpoint(struct arena *a, struct str gln, struct str sor);
void messaging_header(struct arena *a, struct node *h, const struct messaging_header *m);
/* Of a Provenance: what it is of, when, the code of the activity, and who did it. */
void messaging_provenance(struct arena *a, struct node *p, struct str target, struct str time, const char *activity,
                          struct str who);

#endif
