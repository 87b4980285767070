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
