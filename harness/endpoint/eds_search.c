/* What AuditEvents can be searched by: FHIR R4's own names, and those that dk.ehmi.eds 1.0.2 publishes. */
#include "endpoint/rest_int.h"

#define AGENT(role) "agent.where(type.coding.code = '" role "')"
#define SOR(role) AGENT(role) ".who.identifier.value"
#define NAME(role) AGENT(role) ".name"
/* With "0088:" in front, as an SBDH has it, or without: the standard says both, so each finds the other. */
#define GLN(role)                                                                                                      \
  AGENT(role)                                                                                                          \
  ".extension.where(url = 'http://medcomehmi.dk/ig/eds/StructureDefinition/eds-otherId').value.value"                  \
  ".select($this.replace('0088:', '') | '0088:' & $this.replace('0088:', ''))"
#define ORGANISATION(role) SOR(role) " | " GLN(role) " | " NAME(role)
#define SENDER "ehmiSender"
#define RECEIVER "ehmiReceiver"
#define ENTITY(code) "entity.where(type.code = '" code "').what.identifier.value"
/* The patient is none of the five. */
#define ENTITIES                                                                                                       \
  "entity.where(type.code = 'ehmiMessage' or type.code = 'ehmiMessageEnvelope' or type.code = 'ehmiTransportEnvelope'" \
  " or type.code = 'ehmiOrigMessage' or type.code = 'ehmiOrigTransportEnvelope').what.identifier.value"

const struct rest_parameter eds_parameters[] = {
    {"AuditEvent", "date", REST_DATE, "recorded"},
    {"AuditEvent", "outcome", REST_TOKEN, "outcome"},
    {"AuditEvent", "type", REST_TOKEN, "type"},
    {"AuditEvent", "subtype", REST_TOKEN, "subtype"},
    {"AuditEvent", "action", REST_TOKEN, "action"},
    {"AuditEvent", "ehmiMessageType", REST_TOKEN, "entity.detail.where(type = 'ehmiMessageType').value"},
    {"AuditEvent", "cpr", REST_STRING, ENTITY("ehmiPatient")},
    {"AuditEvent", "receiverOrg", REST_STRING, ORGANISATION(RECEIVER)},
    {"AuditEvent", "senderOrg", REST_STRING, ORGANISATION(SENDER)},
    {"AuditEvent", "receiver-sor", REST_STRING, SOR(RECEIVER)},
    {"AuditEvent", "receiver-gln", REST_STRING, GLN(RECEIVER)},
    {"AuditEvent", "receiver-name", REST_STRING, NAME(RECEIVER)},
    {"AuditEvent", "sender-sor", REST_STRING, SOR(SENDER)},
    {"AuditEvent", "sender-gln", REST_STRING, GLN(SENDER)},
    {"AuditEvent", "sender-name", REST_STRING, NAME(SENDER)},
    {"AuditEvent", "participant-sor", REST_STRING, SOR(SENDER) " | " SOR(RECEIVER)},
    {"AuditEvent", "message-id", REST_STRING, ENTITY("ehmiMessage")},
    {"AuditEvent", "orig-message-id", REST_STRING, ENTITY("ehmiOrigMessage")},
    {"AuditEvent", "entityIdentifier", REST_STRING, ENTITIES},
    {0},
};
