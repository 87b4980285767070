#include "fhir/resource.h"

const struct rule resource_rules[RESOURCE_RULES_N] = {
    [RESOURCE_NOT_FHIR] = {"fhir.not-fhir", SEV_ERROR, "FHIR R4 4.0.1, 2.6.1 and 2.6.2",
                           "This is not a FHIR resource: {1}", "Dette er ikke en FHIR-ressource: {1}"},
    [RESOURCE_JSON_FORM] = {"fhir.json-form", SEV_ERROR, "FHIR R4 4.0.1, 2.6.2",
                            "The JSON does not follow FHIR's form: {1}", "JSON følger ikke FHIR's form: {1}"},
    [RESOURCE_XML_FORM] = {"fhir.xml-form", SEV_ERROR, "FHIR R4 4.0.1, 2.6.1",
                           "The XML does not follow FHIR's form: {1}", "XML følger ikke FHIR's form: {1}"},
    [RESOURCE_XHTML] = {"fhir.xhtml", SEV_ERROR, "FHIR R4 4.0.1, 2.4.0",
                        "The narrative (div) is not well-formed XHTML: {1}",
                        "Den læsbare tekst (div) er ikke velformet XHTML: {1}"},
};
