#include "endpoint/eas_rules.h"

#define OPERATIONS "dk.ehmi.eas 2.0.0, OperationDefinitions"
#define PATIENT "dk.ehmi.eas 2.0.0, EasCorePatient"
#define USE_CASES "dk.ehmi.eas 2.0.0, use cases of errors"
#define SECURITY "\"Sikkerhedsarkitektur EHMI services\" 0.98"

const struct rule eas_rules[EAS_RULES_N] = {
    [EAS_OPERATION_UNKNOWN] = {"eas.operation.unknown", SEV_ERROR, OPERATIONS,
                               "There is no operation ${1}; EAS has {2}.", "Operationen ${1} findes ikke; EAS har {2}."},
    [EAS_OPERATION_TYPE] = {"eas.operation.type", SEV_ERROR, OPERATIONS,
                            "The operations of EAS are those of Organization, not of {1}.",
                            "Operationerne i EAS hører til Organization, ikke til {1}."},
    [EAS_BODY_MISSING] = {"eas.body.missing", SEV_ERROR, OPERATIONS,
                          "The request has no body: its Parameters belong there.",
                          "Forespørgslen har intet indhold: der skal være Parameters."},
    [EAS_BODY_UNREADABLE] = {"eas.body.unreadable", SEV_ERROR, OPERATIONS, "The body is no FHIR resource: {1}",
                             "Indholdet er ingen FHIR-ressource: {1}"},
    [EAS_BODY_TYPE] = {"eas.body.type", SEV_ERROR, OPERATIONS, "The body is of the type {1}; it must be Parameters.",
                       "Indholdet er af typen {1}; det skal være Parameters."},
    [EAS_PARAMETER_UNKNOWN] = {"eas.parameter.unknown", SEV_ERROR, OPERATIONS,
                               "The operation has no parameter \"{1}\"; it has {2}.",
                               "Operationen har ingen parameter \"{1}\"; den har {2}."},
    [EAS_PARAMETER_UNNAMED] = {"eas.parameter.unnamed", SEV_ERROR, OPERATIONS, "A parameter has no name.",
                               "En parameter har intet navn."},
    [EAS_PARAMETER_MISSING] = {"eas.parameter.missing", SEV_ERROR, OPERATIONS, "The parameter \"{1}\" is missing.",
                               "Parameteren \"{1}\" mangler."},
    [EAS_PARAMETER_REPEATED] = {"eas.parameter.repeated", SEV_ERROR, OPERATIONS,
                                "The parameter \"{1}\" is there {2} times; it must be there once.",
                                "Parameteren \"{1}\" er der {2} gange; den skal være der én gang."},
    [EAS_PARAMETER_TYPE] = {"eas.parameter.type", SEV_ERROR, OPERATIONS,
                            "The parameter \"{1}\" must be given as {2}; it is given as {3}.",
                            "Parameteren \"{1}\" skal angives som {2}; den er angivet som {3}."},
    [EAS_PARAMETER_EMPTY] = {"eas.parameter.empty", SEV_ERROR, OPERATIONS, "The parameter \"{1}\" has no value.",
                             "Parameteren \"{1}\" har ingen værdi."},
    [EAS_PARAMETERS_MANY] = {"eas.parameters.many", SEV_ERROR, OPERATIONS,
                             "There are more than {1} parameters; no more are taken.",
                             "Der er mere end {1} parametre; der tages ikke flere imod."},
    [EAS_PATIENT_TYPE] = {"eas.patient.type", SEV_ERROR, PATIENT, "The patient is a resource of the type {1}.",
                          "Patienten er en ressource af typen {1}."},
    [EAS_PATIENT_PROFILE] = {"eas.patient.profile", SEV_ERROR, PATIENT,
                             "The Patient does not declare the profile {1}.", "Patient angiver ikke profilen {1}."},
    [EAS_PATIENT_CPR] = {"eas.patient.cpr", SEV_ERROR, PATIENT, "The Patient has no CPR number as its identifier.",
                         "Patient har intet CPR-nummer som identifikator."},
    [EAS_OPERATION_SPELLING] = {"eas.operation.spelling", SEV_WARNING, OPERATIONS,
                                "The operation is written ${1}; its OperationDefinition has ${2}.",
                                "Operationen er skrevet ${1}; dens OperationDefinition har ${2}."},
    [EAS_OPERATION_LEVEL] = {"eas.operation.level", SEV_WARNING, OPERATIONS " (type), against " SECURITY " (system)",
                             "${1} is asked of the server; its OperationDefinition has it on Organization.",
                             "${1} er kaldt på serveren; dens OperationDefinition har den på Organization."},
    [EAS_OPERATION_GET] = {"eas.operation.get", SEV_WARNING, OPERATIONS " (POST), against its use cases (GET)",
                           "${1} is asked with GET; its OperationDefinition takes Parameters with POST.",
                           "${1} er kaldt med GET; dens OperationDefinition tager Parameters med POST."},
    [EAS_PARAMETER_TARGET] = {"eas.parameter.target", SEV_WARNING, OPERATIONS ", against " SECURITY " (\"target\")",
                              "The parameter is called \"target\"; the OperationDefinition calls it \"{1}\".",
                              "Parameteren hedder \"target\"; OperationDefinition kalder den \"{1}\"."},
    [EAS_PATIENT_SYSTEM] = {"eas.patient.system", SEV_WARNING, PATIENT " and its examples",
                            "The CPR number has no system; it must be {1}. The published examples have none either.",
                            "CPR-nummeret har intet system; det skal være {1}. De offentliggjorte eksempler har heller "
                            "intet."},
    [EAS_TYPE_SPELLING] = {"eas.message-type.spelling", SEV_WARNING, OPERATIONS " and dk.ehmi.terminology 1.2.0",
                           "The message type is written {1}; EER has it as {2}.",
                           "Meddelelsestypen er skrevet {1}; EER har den som {2}."},
    [EAS_PATIENT_INVALID] = {"eas.patient.invalid", SEV_INFO, USE_CASES, "{1} is no CPR number.",
                             "{1} er intet CPR-nummer."},
    [EAS_PATIENT_UNKNOWN] = {"eas.patient.unknown", SEV_INFO, USE_CASES, "The patient {1} is not known.",
                             "Patienten {1} er ikke kendt."},
    [EAS_PATIENT_GROUP_2] = {"eas.patient.group-2", SEV_INFO, USE_CASES,
                             "The patient {1} is in group 2 and has no general practice: list the practices of a postal "
                             "code, and ask by the SOR id of the one that is chosen.",
                             "Patienten {1} er i gruppe 2 og har ingen praktiserende læge: hent listen over læger i et "
                             "postnummer, og spørg med SOR-id for den valgte."},
    [EAS_NO_SOR_PRACTICE] = {"eas.sor.practice", SEV_INFO, USE_CASES,
                             "SOR knows no general practice with the ydernummer {1}.",
                             "SOR kender ingen lægepraksis med ydernummer {1}."},
    [EAS_NO_SOR_UNIT] = {"eas.sor.unit", SEV_INFO, USE_CASES, "SOR knows no unit with the id {1}.",
                         "SOR kender ingen enhed med id {1}."},
    [EAS_NO_SOR_PLACE] = {"eas.sor.postal-code", SEV_INFO, USE_CASES, "SOR knows no postal code {1}.",
                          "SOR kender intet postnummer {1}."},
    [EAS_NO_PRACTICE] = {"eas.sor.none", SEV_INFO, USE_CASES,
                         "There is no general practice that EER knows in the postal code {1}.",
                         "Der er ingen lægepraksis, som EER kender, i postnummer {1}."},
    [EAS_NO_EER] = {"eas.eer.none", SEV_INFO, USE_CASES, "EER knows no endpoint of {1}.",
                    "EER kender intet endepunkt for {1}."},
    [EAS_TYPE_UNSUPPORTED] = {"eas.message-type.unsupported", SEV_INFO, USE_CASES, "{1} does not receive {2}.",
                              "{1} modtager ikke {2}."},
};
const size_t eas_rules_n = EAS_RULES_N;

const struct eas_answer_row eas_answers[EAS_RULES_N] = {
    [EAS_OPERATION_UNKNOWN] = {404, "not-supported"}, [EAS_OPERATION_TYPE] = {404, "not-supported"},
    [EAS_BODY_MISSING] = {400, "required"},           [EAS_BODY_UNREADABLE] = {400, "structure"},
    [EAS_BODY_TYPE] = {400, "invalid"},               [EAS_PARAMETER_UNKNOWN] = {422, "not-supported"},
    [EAS_PARAMETER_UNNAMED] = {422, "required"},      [EAS_PARAMETER_MISSING] = {422, "required"},
    [EAS_PARAMETER_REPEATED] = {422, "invalid"},      [EAS_PARAMETER_TYPE] = {422, "value"},
    [EAS_PARAMETER_EMPTY] = {422, "value"},           [EAS_PARAMETERS_MANY] = {422, "too-costly"},
    [EAS_PATIENT_TYPE] = {422, "value"},              [EAS_PATIENT_PROFILE] = {422, "invalid"},
    [EAS_PATIENT_CPR] = {422, "required"},            [EAS_PATIENT_INVALID] = {422, "value"},
    [EAS_PATIENT_UNKNOWN] = {404, "not-found"},       [EAS_PATIENT_GROUP_2] = {200, "informational"},
    [EAS_NO_SOR_PRACTICE] = {404, "not-found"},       [EAS_NO_SOR_UNIT] = {404, "not-found"},
    [EAS_NO_SOR_PLACE] = {404, "not-found"},          [EAS_NO_PRACTICE] = {200, "informational"},
    [EAS_NO_EER] = {404, "not-found"},                [EAS_TYPE_UNSUPPORTED] = {404, "not-found"},
};

const struct eas_answer_row *eas_answer_of(struct str rule) {
  for (size_t i = 0; i < EAS_RULES_N; i++)
    if (str_eqz(rule, eas_rules[i].id)) return &eas_answers[i];
  return NULL;
}
