#include "formats/format_rules.h"

#define JSON_SOURCE "RFC 8259"
#define XML_SOURCE "XML 1.0 (Fifth Edition), Namespaces in XML 1.0"
#define YAML_SOURCE "YAML 1.1, strict subset of testcamp"
#define EDIFACT_SOURCE "ISO 9735 version 3"
#define MEDBIN_SOURCE "MEDBIN B0131X, UNO"

const struct rule format_rules[FORMAT_RULES_N] = {
    [JSON_SYNTAX] = {"json.syntax", SEV_ERROR, JSON_SOURCE, "Not JSON: expected {1}, found {2}",
                     "Ikke JSON: forventede {1}, fandt {2}"},
    [JSON_UTF8] = {"json.utf8", SEV_ERROR, JSON_SOURCE " section 8.1",
                   "The string holds bytes that are not UTF-8 ({1})",
                   "Strengen indeholder bytes, som ikke er UTF-8 ({1})"},
    [JSON_SURROGATE] = {"json.surrogate", SEV_ERROR, JSON_SOURCE " section 8.2",
                        "The escape {1} is half of a surrogate pair and no character",
                        "Undvigelsen {1} er det halve af et surrogatpar og ikke et tegn"},
    [JSON_BOM] = {"json.bom", SEV_ERROR, JSON_SOURCE " section 8.1", "JSON must not begin with a byte order mark",
                  "JSON må ikke begynde med et byte order mark (BOM)"},
    [JSON_DUPLICATE_KEY] = {"json.duplicate-key", SEV_ERROR, JSON_SOURCE " section 4",
                            "The name \"{1}\" stands in the object already, on line {2}",
                            "Navnet \"{1}\" findes allerede i objektet, på linje {2}"},
    [JSON_LIMIT] = {"json.limit", SEV_ERROR, JSON_SOURCE " section 9", "The JSON is larger than is read here: {1}",
                    "JSON-indholdet er større, end der læses her: {1}"},
    [XML_SYNTAX] = {"xml.syntax", SEV_ERROR, XML_SOURCE, "Not well-formed XML: {1}", "Ikke velformet XML: {1}"},
    [XML_DTD] = {"xml.dtd", SEV_ERROR, XML_SOURCE " section 2.8",
                 "A document type declaration (DOCTYPE) is not accepted in messages",
                 "En dokumenttypeerklæring (DOCTYPE) accepteres ikke i meddelelser"},
    [XML_LIMIT] = {"xml.limit", SEV_ERROR, XML_SOURCE, "The XML is larger than is read here: {1}",
                   "XML-indholdet er større, end der læses her: {1}"},
    [XML_ENCODING] = {"xml.encoding", SEV_INFO, XML_SOURCE " section 4.3.3",
                      "The document is encoded in {1}, not in UTF-8", "Dokumentet er kodet i {1}, ikke i UTF-8"},
    [YAML_SYNTAX] = {"yaml.syntax", SEV_ERROR, YAML_SOURCE, "Not YAML: {1}", "Ikke YAML: {1}"},
    [YAML_DUPLICATE_KEY] = {"yaml.duplicate-key", SEV_ERROR, YAML_SOURCE,
                            "The key \"{1}\" stands in the mapping already, on line {2}",
                            "Nøglen \"{1}\" findes allerede, på linje {2}"},
    [YAML_NOT_STRICT] =
        {"yaml.not-strict", SEV_ERROR, YAML_SOURCE,
         "{1} is not accepted: no anchors, aliases, tags, merge keys, second documents or keys that are "
         "lists or mappings",
         "{1} accepteres ikke: ingen ankre, aliaser, tags, flettenøgler, flere dokumenter eller nøgler, "
         "der selv er lister eller nøglesæt"},
    [YAML_LIMIT] = {"yaml.limit", SEV_ERROR, YAML_SOURCE, "The file is larger than is read here: {1}",
                    "Filen er større, end der læses her: {1}"},
    [EDIFACT_NOTHING] = {"edifact.nothing", SEV_ERROR, EDIFACT_SOURCE, "There is no segment in the interchange",
                         "Der er intet segment i interchangen"},
    [EDIFACT_TAG] = {"edifact.tag", SEV_ERROR, EDIFACT_SOURCE " section 5",
                     "\"{1}\" is no segment tag: three characters, a capital letter and two capital letters or digits",
                     "\"{1}\" er ikke et segmentnavn: tre tegn, et stort bogstav og to store bogstaver eller cifre"},
    [EDIFACT_RELEASE] = {"edifact.release", SEV_ERROR, EDIFACT_SOURCE " section 5",
                         "The release character stands before no sign that it could release: \"{1}\"",
                         "Frigivelsestegnet står ikke foran et tegn, som det kan frigive: \"{1}\""},
    [EDIFACT_UNENDED] = {"edifact.unended", SEV_ERROR, EDIFACT_SOURCE " section 5",
                         "The segment {1} is not ended: the file stops in the middle of it",
                         "Segmentet {1} er ikke afsluttet: filen stopper midt i det"},
    [EDIFACT_OCTETS_SIZE] = {"edifact.octets-size", SEV_ERROR, MEDBIN_SOURCE,
                             "UNO does not say how many octets follow: \"{1}\" is no number",
                             "UNO angiver ikke, hvor mange oktetter der følger: \"{1}\" er ikke et tal"},
    [EDIFACT_OCTETS_SHORT] = {"edifact.octets-short", SEV_ERROR, MEDBIN_SOURCE,
                              "UNO says that {1} octets follow, but only {2} are left in the file",
                              "UNO angiver, at der følger {1} oktetter, men der er kun {2} tilbage i filen"},
    [EDIFACT_LIMIT] = {"edifact.limit", SEV_ERROR, EDIFACT_SOURCE, "The interchange is larger than is read here: {1}",
                       "Interchangen er større, end der læses her: {1}"},
};
