#include "lint/testscript_int.h"

#define ROW(id, severity, en, da)                                                                                      \
  { "testscript." id, severity, "FHIR R4 TestScript", en, da }

const struct rule testscript_rules[TS_RULES_N] = {
    [TS_FORM] = ROW("form", SEV_ERROR, "{1}", "{1}"),
    [TS_UNSUPPORTED] =
        ROW("unsupported", SEV_UNDECIDED, "testcamp cannot do this: {1}", "testcamp kan ikke dette: {1}"),
    [TS_VARIABLE] =
        ROW("variable", SEV_ERROR, "the script has no variable \"{1}\"", "scriptet har ingen variabel \"{1}\""),
    [TS_VARIABLE_NEAR] = ROW("variable", SEV_ERROR, "the script has no variable \"{1}\"; did it mean \"{2}\"?",
                             "scriptet har ingen variabel \"{1}\"; mente det \"{2}\"?"),
    [TS_VARIABLE_SOURCE] = ROW(
        "variable-source", SEV_ERROR, "the variable \"{1}\" is of \"{2}\", which is no fixture, request or response",
        "variablen \"{1}\" er af \"{2}\", som hverken er en fixture, en forespørgsel eller et svar"),
    [TS_VARIABLE_UNUSED] =
        ROW("variable-unused", SEV_WARNING, "the variable \"{1}\" is never used", "variablen \"{1}\" bruges aldrig"),
    [TS_VARIABLE_BARE] =
        ROW("variable-bare", SEV_WARNING, "\"${1}\" is taken as it stands: a variable is written ${...}",
            "\"${1}\" tages, som det står: en variabel skrives ${...}"),
    [TS_FHIRPATH] = ROW("fhirpath", SEV_ERROR, "{1}", "{1}"),
    [TS_UNQUOTED] =
        ROW("unquoted", SEV_ERROR, "${{1}} stands without quotes: its value is read as FHIRPath, not as a text",
            "${{1}} står uden anførselstegn: værdien læses som FHIRPath, ikke som en tekst"),
    [TS_TYPES] = ROW("types", SEV_ERROR, "{1} gives a number, which is never equal to a text in quotes",
                     "{1} giver et tal, som aldrig er lig med en tekst i anførselstegn"),
    [TS_FIXTURE] =
        ROW("fixture", SEV_ERROR, "the file \"{2}\" of the fixture \"{1}\" is not there, and has no stand-in",
            "filen \"{2}\" til fixturen \"{1}\" er der ikke, og der er ingen stedfortræder"),
    [TS_FIXTURE_OUTSIDE] =
        ROW("fixture-outside", SEV_ERROR, "\"{1}\" leaves the folder of the scripts, and is not read",
            "\"{1}\" fører ud af mappen med scripts og læses ikke"),
    [TS_FIXTURE_UNREAD] =
        ROW("fixture-unread", SEV_WARNING,
            "the fixture \"{1}\" is put on the server, but never read: \"{2}\" is read more than once instead",
            "fixturen \"{1}\" lægges på serveren, men læses aldrig: \"{2}\" læses i stedet flere gange"),
    [TS_REFERENCE] = ROW("reference", SEV_ERROR, "the script has no fixture, request or response \"{1}\"",
                         "scriptet har hverken en fixture, en forespørgsel eller et svar \"{1}\""),
    [TS_PROFILE] =
        ROW("profile", SEV_ERROR, "the script declares no profile \"{1}\"", "scriptet angiver ingen profil \"{1}\""),
};

const struct rule *const testscript_rule_table = testscript_rules;
const size_t testscript_rule_table_n = TS_RULES_N;
