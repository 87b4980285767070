#include "standards/catalogue.h"

#define MEDCOM "http://medcomfhir.dk/ig/"

/* MedComMessagingStatisticalCodes 2.0.0. */
static const char *const care_communication[] = {"outpatient",
                                                 "decease",
                                                 "carecoordination",
                                                 "assistive-devices",
                                                 "medicine",
                                                 "psychiatry-social-disability",
                                                 "healthcare",
                                                 "nursing",
                                                 "telemedicine",
                                                 "training",
                                                 "discharge",
                                                 "regarding-referral",
                                                 "assessment",
                                                 "home-care-assessment",
                                                 "examination-results",
                                                 "alcohol-and-drug-treatment",
                                                 "acute-ambulant",
                                                 "extended-care-responsibility",
                                                 "other",
                                                 NULL};
static const char *const care_communication_deprecated[] = {"assessment", NULL};
static const char *const hospital_notification[] = {"AcuteAmbulant", "AdmissionInpatient", "OnLeave",
                                                    "EndOfLeave",    "EndHospitalStay",    NULL};
static const char *const acknowledgement[] = {"ok", "transient-error", "fatal-error", NULL};
static const char *const none[] = {NULL};

const struct message_type message_types[] = {
    {.standard = "CareCommunication",
     .danish = "Korrespondancemeddelelse",
     .code = "FDIS91",
     .event = "care-communication-message",
     .format = "HL7",
     .version = "5.0",
     .profile = MEDCOM "carecommunication/StructureDefinition/medcom-careCommunication-message",
     .postfixes = care_communication,
     .deprecated = care_communication_deprecated},
    {.standard = "HospitalNotification",
     .danish = "Advis om sygehusophold",
     .code = "FDIS20",
     .event = "hospital-notification-message",
     .format = "HL7",
     .version = "3.0.0",
     .profile = MEDCOM "hospitalnotification/StructureDefinition/medcom-hospitalNotification-message",
     .postfixes = hospital_notification},
    {.standard = "Acknowledgement",
     .danish = "Kvittering",
     .code = "FCTL",
     .event = "acknowledgement-message",
     .format = "HL7",
     .version = "2.0.0",
     .profile = MEDCOM "acknowledgement/StructureDefinition/medcom-messaging-acknowledgement",
     .postfixes = acknowledgement},
    /* Neither VANS nor SOR-EDI has a code for it: EHMI names it by its event (StatisticalInformation of the SBDH, MCM:
     * before the type), and its message definition is 1.1 where the standard is 1.2. */
    {.standard = "HomeCareObservation",
     .danish = "Kommunale prøvesvar",
     .code = "homecareobservation-message",
     .event = "homecareobservation-message",
     .format = "HL7",
     .version = "1.1",
     .profile = MEDCOM "homecareobservation/StructureDefinition/medcom-homecareobservation-message",
     .postfixes = none},
};
const size_t message_types_n = sizeof message_types / sizeof message_types[0];

const struct document_type document_types[] = {
    {.standard = "ConditionList",
     .danish = "Diagnoseoversigt",
     .event = "condition-list",
     .code = "11450-4",
     .profile = MEDCOM "conditionlist/StructureDefinition/medcom-conditionlist-bundle",
     .composition = MEDCOM "conditionlist/StructureDefinition/medcom-conditionlist-composition"},
};
const size_t document_types_n = sizeof document_types / sizeof document_types[0];

const struct message_type *message_type_of_event(struct str event) {
  for (size_t i = 0; i < message_types_n; i++)
    if (message_types[i].event && str_eqz(event, message_types[i].event)) return &message_types[i];
  return NULL;
}

const struct message_type *message_type_of_code(struct str code) {
  for (size_t i = 0; i < message_types_n; i++)
    if (str_eqz(code, message_types[i].code)) return &message_types[i];
  return NULL;
}

bool message_type_has_postfix(const struct message_type *t, struct str value) {
  for (size_t i = 0; t->postfixes[i]; i++)
    if (str_eqz(value, t->postfixes[i])) return true;
  return false;
}

static const struct document_type *document_type_of_event(struct str event) {
  for (size_t i = 0; i < document_types_n; i++)
    if (str_eqz(event, document_types[i].event)) return &document_types[i];
  return NULL;
}

const char *standard_of_event(struct str event) {
  const struct message_type *m = message_type_of_event(event);
  const struct document_type *d = document_type_of_event(event);
  return m ? m->standard : d ? d->standard : NULL;
}

const char *profile_of_event(struct str event) {
  const struct message_type *m = message_type_of_event(event);
  const struct document_type *d = document_type_of_event(event);
  return m ? m->profile : d ? d->profile : NULL;
}
