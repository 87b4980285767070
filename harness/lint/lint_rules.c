#include "lint/lint_int.h"

#define ROW(id, severity, en, da)                                                                                      \
  { "lint." id, severity, "protocols/README.md", en, da }

const struct rule lint_rules[LINT_RULES_N] = {
    [LINT_FIXTURE_MISSING] =
        ROW("fixture-missing", SEV_ERROR, "there is no file fixtures/{1}", "der er ingen fil fixtures/{1}"),
    [LINT_FIXTURE_OUTSIDE] =
        ROW("fixture-outside", SEV_ERROR, "\"{1}\" is not inside fixtures/", "\"{1}\" ligger ikke i fixtures/"),
    [LINT_FIXTURE_OWN] = ROW("fixture-missing", SEV_ERROR, "the protocol has no fixture \"{1}\" under \"fixtures\"",
                             "protokollen har ingen fixture \"{1}\" under \"fixtures\""),
    [LINT_FIXTURE_UNREADABLE] = ROW("fixture", SEV_ERROR, "{1}", "{1}"),
    [LINT_RULES_FILE] = ROW("diff-rules", SEV_ERROR, "{1}", "{1}"),
    [LINT_VARIABLE] = ROW("variable", SEV_ERROR, "unknown variable ${{1}}", "ukendt variabel ${{1}}"),
    [LINT_VARIABLE_NEAR] = ROW("variable", SEV_ERROR, "unknown variable ${{1}}; did you mean ${{2}}?",
                               "ukendt variabel ${{1}}; mente du ${{2}}?"),
    [LINT_VARIABLE_FACT] =
        ROW("variable", SEV_ERROR,
            "unknown variable ${{1}}: a message has no fact \"{2}\" (harness/validate/message.h lists them)",
            "ukendt variabel ${{1}}: en meddelelse har intet faktum \"{2}\" (harness/validate/message.h har listen)"),
    [LINT_VARIABLE_EARLY] = ROW("variable", SEV_ERROR, "${{1}} has no value yet: the step on line {2} gives it",
                                "${{1}} har ingen værdi endnu: teststeppet på linje {2} giver den"),
    [LINT_VARIABLE_PLACE] =
        ROW("variable", SEV_ERROR, "${{1}} can be used only in fixtures and in the values of \"with\"",
            "${{1}} kan kun bruges i fixtures og i værdierne af \"with\""),
    [LINT_VARIABLE_TIME] = ROW("variable", SEV_ERROR, "${{1}}: write ${now}, or a time such as ${now-2 h}",
                               "${{1}}: skriv ${now} eller en tid som ${now-2 h}"),
    [LINT_VARIABLE_OPEN] =
        ROW("variable", SEV_ERROR, "a variable lacks its closing }", "en variabel mangler sin afsluttende }"),
    [LINT_REGISTER] = ROW("register", SEV_ERROR, "{1}", "{1}"),
    [LINT_VENDOR_VARIABLE] = ROW("vendor-variable", SEV_ERROR, "{2} gives no ${{1}}", "{2} giver ingen ${{1}}"),
    [LINT_WITH_UNUSED] = ROW("with-unused", SEV_WARNING, "the fixture {2} has no ${{1}}", "{2} har ingen ${{1}}"),
    [LINT_NAME] = ROW("name", SEV_ERROR, "no step gives a message the name \"{1}\" (with \"as\")",
                      "intet teststep giver en meddelelse navnet \"{1}\" (med \"as\")"),
    [LINT_NAME_NEAR] = ROW("name", SEV_ERROR, "no step gives a message the name \"{1}\"; did you mean \"{2}\"?",
                           "intet teststep giver en meddelelse navnet \"{1}\"; mente du \"{2}\"?"),
    [LINT_NAME_EARLY] = ROW("name", SEV_ERROR, "\"{1}\" is not there yet: the step on line {2} gives it",
                            "\"{1}\" er der ikke endnu: teststeppet på linje {2} giver det"),
    [LINT_NAME_VARIABLE] = ROW("name", SEV_ERROR, "\"{1}\" is a captured value, not a message",
                               "\"{1}\" er en gemt værdi, ikke en meddelelse"),
    [LINT_FHIRPATH_NAME] =
        ROW("fhirpath-name", SEV_ERROR, "%{1} is neither a message of an earlier step nor a name of FHIRPath",
            "%{1} er hverken en meddelelse fra et tidligere teststep eller et navn i FHIRPath"),
    [LINT_ALWAYS_TRUE] = ROW("always-true", SEV_ERROR, "an assertion of \"{1}\" can never fail",
                             "en påstand om \"{1}\" kan aldrig fejle"),
    [LINT_OWN_MESSAGE] =
        ROW("own-message", SEV_WARNING, "\"{1}\" is made by testcamp: what is asked of it says nothing of the system",
            "\"{1}\" laves af testcamp: spørgsmålet siger intet om systemet"),
    [LINT_IMPOSSIBLE] =
        ROW("impossible", SEV_ERROR, "no message can hold this: {1}", "ingen meddelelse kan have det: {1}"),
    [LINT_UNUSED_PARAMETER] =
        ROW("unused", SEV_WARNING, "the parameter \"{1}\" is used nowhere", "parameteren \"{1}\" bruges ikke"),
    [LINT_NO_DURATION] =
        ROW("duration", SEV_ERROR, "\"{1}\" is no duration such as 30 min or 10 s, as which step {2} uses it",
            "\"{1}\" er ingen varighed som 30 min eller 10 s, og det bruger teststep {2} den som"),
    [LINT_UNUSED_VALUE] =
        ROW("unused", SEV_WARNING, "the captured value \"{1}\" is used nowhere", "den gemte værdi \"{1}\" bruges ikke"),
    [LINT_UNUSED_FRAGMENT] =
        ROW("unused", SEV_WARNING, "the fragment \"{1}\" is called nowhere", "fragmentet \"{1}\" kaldes ikke"),
    [LINT_UNUSED_CAPABILITY] = ROW("unused", SEV_WARNING, "no step or section depends on the capability \"{1}\"",
                                   "intet teststep eller afsnit afhænger af evnen \"{1}\""),
    [LINT_NEVER_VERIFIED] =
        ROW("never-verified", SEV_WARNING, "no step that looks at the system's answer verifies the requirement \"{1}\"",
            "intet teststep, der ser på systemets svar, efterviser kravet \"{1}\""),
    [LINT_NO_REQUIREMENT] = ROW("no-requirement", SEV_WARNING, "\"{1}\" is not among the requirements of the protocol",
                                "\"{1}\" er ikke blandt protokollens krav"),
    [LINT_SAME_TEXT] =
        ROW("same-text", SEV_WARNING, "English and Danish are the same: \"{1}\"", "engelsk og dansk er ens: \"{1}\""),
    [LINT_NO_ACTION] =
        ROW("no-action", SEV_WARNING, "the step {1} has no \"action\": nothing stands in the printed protocol",
            "teststeppet {1} har ingen \"action\": der står intet i den trykte protokol"),
    [LINT_EMPTY_SECTION] = ROW("empty-section", SEV_ERROR, "the section has no steps", "afsnittet har ingen trin"),
    [LINT_CAPABILITY] =
        ROW("capability", SEV_ERROR,
            "{2} does not declare \"{1}\"; add \"{1}: true\" or \"{1}: false\" to its capabilities",
            "{2} angiver ikke \"{1}\"; tilføj \"{1}: true\" eller \"{1}: false\" til dens capabilities"),
    [LINT_CAPABILITY_WRONG] =
        ROW("capability", SEV_ERROR, "the capability \"{1}\" is unknown and not declared; did you mean \"{2}\"?",
            "evnen \"{1}\" er ukendt og ikke angivet; mente du \"{2}\"?"),
    [LINT_CAPABILITY_NEAR] =
        ROW("capability-near", SEV_WARNING, "no known capability is called \"{1}\"; did you mean \"{2}\"?",
            "ingen kendt evne hedder \"{1}\"; mente du \"{2}\"?"),
    [LINT_CAPABILITY_NEW] =
        ROW("capability-new", SEV_WARNING,
            "the capability \"{1}\" is unknown and unlike any known one; if it is meant, describe it under the "
            "protocol's \"capabilities\"",
            "evnen \"{1}\" er ukendt og ligner ingen kendt; er den tilsigtet, så beskriv den under protokollens "
            "\"capabilities\""),
    [LINT_EITHER] = ROW("either", SEV_WARNING, "the group \"{1}\" has only this step: there is no alternative",
                        "gruppen \"{1}\" har kun dette trin: der er intet alternativ"),
    [LINT_FITS] = ROW("fits", SEV_ERROR, "{1}", "{1}"),
};

const struct rule *const lint_rule_table = lint_rules;
const size_t lint_rule_table_n = LINT_RULES_N;
