#include "diff/diff_int.h"

#define ERR_RULE(rule_id, from, english, danish)                                                                       \
  { .id = (rule_id), .severity = SEV_ERROR, .source = (from), .en = (english), .da = (danish) }

#define EXPECTED "the expected message of the step"

const struct rule diff_texts[DIFF_TEXTS_N] = {
    [DIFF_MISSING] =
        ERR_RULE("diff.missing", EXPECTED, "{1} is expected here but is missing", "{1} er forventet her, men mangler"),
    [DIFF_EXTRA] = ERR_RULE("diff.extra", EXPECTED, "{1} is not expected here", "{1} er ikke forventet her"),
    [DIFF_VALUE] =
        ERR_RULE("diff.value", EXPECTED, "\"{2}\" where \"{1}\" is expected", "\"{2}\", hvor \"{1}\" er forventet"),
    [DIFF_TYPE] = ERR_RULE("diff.type", EXPECTED, "{2} where {1} is expected", "{2}, hvor {1} er forventet"),
    [DIFF_ORDER] = ERR_RULE("diff.order", EXPECTED,
                            "the items are the expected ones in another order: {1} of {2} moved, the first from "
                            "position {3} to {4}",
                            "elementerne er de forventede i en anden rækkefølge: {1} af {2} er flyttet, det første fra "
                            "plads {3} til {4}"),
    [DIFF_ZONE] = {.id = "diff.zone",
                   .severity = SEV_WARNING,
                   .source = "FHIR R4 4.0.1, section 2.24.0.1 (dateTime, instant)",
                   .en = "\"{2}\" is the expected instant \"{1}\" in another time zone",
                   .da = "\"{2}\" er det forventede tidspunkt \"{1}\" i en anden tidszone"},
    [DIFF_MAPPING] =
        ERR_RULE("diff.mapping", EXPECTED, "the id {2} stands for the expected {1}, which is {3} elsewhere ({4})",
                 "id {2} står for det forventede {1}, som andre steder er {3} ({4})"),
    [DIFF_KIND] =
        ERR_RULE("diff.kind", EXPECTED, "a {2} where a {1} is expected", "forkert slags: {2}, hvor {1} er forventet"),
    [DIFF_LIMIT] = {.id = "diff.limit",
                    .severity = SEV_UNDECIDED,
                    .source = "the limits of the comparison",
                    .en = "not compared from here on: over the limit of {1}",
                    .da = "ikke sammenlignet herfra: over grænsen på {1}"},
    [DIFF_VALUE_NUMBER] = ERR_RULE("diff.value", "FHIR R4 4.0.1, section 2.24.0.1 (decimal: precision is significant)",
                                   "{2} where {1} is expected: the same number, but written with another precision",
                                   "{2}, hvor {1} er forventet: samme tal, men skrevet med anden præcision"),
    [DIFF_VALUE_BLANKS] =
        ERR_RULE("diff.value", EXPECTED, "\"{2}\" where \"{1}\" is expected: they differ only in blanks or line ends",
                 "\"{2}\", hvor \"{1}\" er forventet: kun blanktegn eller linjeskift er forskellige"),
    [DIFF_VALUE_UNICODE] =
        ERR_RULE("diff.value", "Unicode Standard Annex 15",
                 "\"{2}\" where \"{1}\" is expected: the same letters, composed of other Unicode characters",
                 "\"{2}\", hvor \"{1}\" er forventet: samme bogstaver, sat sammen af andre Unicode-tegn"),
    [DIFF_VALUE_INSTANT] =
        ERR_RULE("diff.value", "FHIR R4 4.0.1, section 2.24.0.1 (dateTime, instant)",
                 "\"{2}\" where \"{1}\" is expected: the same instant, but written with another precision",
                 "\"{2}\", hvor \"{1}\" er forventet: samme tidspunkt, men skrevet med anden præcision"),
    [DIFF_VALUE_FORM] = ERR_RULE("diff.value", EXPECTED, "\"{2}\" is not a time of the same form as \"{1}\"",
                                 "\"{2}\" er ikke et tidspunkt af samme form som \"{1}\""),
    [DIFF_VALUE_XHTML] = ERR_RULE("diff.value", EXPECTED, "the narrative shows \"{2}\" where \"{1}\" is expected",
                                  "den formaterede tekst viser \"{2}\", hvor \"{1}\" er forventet"),
    [DIFF_VALUE_TARGET] =
        ERR_RULE("diff.value", EXPECTED, "\"{2}\" refers to another type of resource than the expected \"{1}\"",
                 "\"{2}\" henviser til en anden ressourcetype end det forventede \"{1}\""),
    [DIFF_VALUE_ABSENT] = ERR_RULE("diff.value", EXPECTED, "no value where \"{1}\" is expected",
                                   "ingen værdi, hvor \"{1}\" er forventet"),
    [DIFF_VALUE_UNWANTED] = ERR_RULE("diff.value", EXPECTED, "\"{2}\" where no value is expected",
                                     "\"{2}\", hvor ingen værdi er forventet"),
    [DIFF_MAPPING_BACK] =
        ERR_RULE("diff.mapping", EXPECTED, "the id {2} stands for the expected {1} but also for {3} ({4})",
                 "id {2} står for det forventede {1}, men også for {3} ({4})"),
    [DIFF_ORDER_NAMES] = ERR_RULE("diff.order", EXPECTED, "{1} stands before {2}, expected is the other way round",
                                  "{1} står før {2}, forventet er omvendt"),
};

const struct rule *const diff_rule_table = diff_texts;
const size_t diff_rule_table_n = DIFF_RULES_N;
