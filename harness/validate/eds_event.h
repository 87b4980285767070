/* eds_event: what an AuditEvent of EHMI Delivery Status says, as plain data.
 *
 * Reading never fails: what is not there is empty, and of what is there once too often the first counts; whether it
 * fits its profile is asked of validate/profile.h. Strings borrow from the tree, which lives as long as the event is
 * used. Source: dk.ehmi.eds 1.0.2.
 *
 * Facts of such a resource (validate/message.h), each left out where unknown:
 *   eds.profile       basic | patient: what meta.profile declares; none: neither
 *   eds.subtype, eds.station (source.type), eds.outcome, eds.recorded, eds.device
 *   eds.sender.sor, eds.sender.gln, eds.receiver.sor, eds.receiver.gln
 *   eds.message, eds.message.type, eds.message.version
 *   eds.envelope, eds.transport, eds.orig-message, eds.orig-transport   identifiers
 *   eds.patient */
#ifndef VALIDATE_EDS_EVENT_H
#define VALIDATE_EDS_EVENT_H

#include "base/fact.h"
#include "formats/node.h"

enum eds_profile { EDS_NO_PROFILE, EDS_BASIC, EDS_PATIENT };

enum eds_entity {
  EDS_MESSAGE,
  EDS_ENVELOPE,
  EDS_TRANSPORT,
  EDS_ORIG_MESSAGE,
  EDS_ORIG_TRANSPORT,
  EDS_PERSON,
  EDS_ENTITIES_N
};

struct eds_party {
  struct str sor, gln;
};

struct eds_thing {
  const struct node *node; /* the entity; NULL: there is none */
  struct str id, type, version, statistic;
};

struct eds_event {
  const struct node *root;
  enum eds_profile profile;
  struct str profile_url; /* that it was told by */
  struct str subtype, station, outcome, recorded, device;
  struct eds_party sender, receiver;
  struct eds_thing entities[EDS_ENTITIES_N];
};

/* False, and nothing else, of what is no AuditEvent. */
bool eds_event_read(struct eds_event *out, const struct node *root);
void eds_event_facts(const struct eds_event *e, struct facts *f);
/* A location number without the "0088:" that an SBDH has in front of it. */
struct str eds_gln(struct str gln);
/* "message", "envelope", "transport", "orig-message", "orig-transport", "patient"; and the code in entity.type. */
const char *eds_entity_name(enum eds_entity x);
const char *eds_entity_code(enum eds_entity x);
/* "basic", "patient", "none". */
const char *eds_profile_name(enum eds_profile p);

#endif
