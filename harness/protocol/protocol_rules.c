#include "protocol/protocol_rules.h"

#define ROW(id, en, da)                                                                                                \
  { "protocol." id, SEV_ERROR, "protocols/README.md", en, da }

const struct rule protocol_rules[PROTOCOL_RULES_N] = {
    [PROTOCOL_UNKNOWN_KEY] =
        ROW("unknown-key", "unknown key \"{1}\"; known here: {2}", "ukendt nøgle \"{1}\"; kendte her: {2}"),
    [PROTOCOL_UNKNOWN_KEY_NEAR] =
        ROW("unknown-key", "unknown key \"{1}\"; did you mean \"{2}\"?", "ukendt nøgle \"{1}\"; mente du \"{2}\"?"),
    [PROTOCOL_MISSING_KEY] = ROW("missing-key", "the key \"{1}\" is missing here", "nøglen \"{1}\" mangler her"),
    [PROTOCOL_VALUE] = ROW("value", "{1}", "{1}"),
    [PROTOCOL_NOT_TEXT] = ROW("value", "\"{1}\" must be a text, not {2}", "\"{1}\" skal være en tekst, ikke {2}"),
    [PROTOCOL_NOT_TEXT2] = ROW("value", "\"{1}\" must be a text in both languages, {en: ..., da: ...}, not {2}",
                               "\"{1}\" skal være en tekst på begge sprog, {en: ..., da: ...}, ikke {2}"),
    [PROTOCOL_NOT_BOOL] =
        ROW("value", "\"{1}\" must be true or false, not {2}", "\"{1}\" skal være true eller false, ikke {2}"),
    [PROTOCOL_NOT_INT] =
        ROW("value", "\"{1}\" must be a whole number, not {2}", "\"{1}\" skal være et helt tal, ikke {2}"),
    [PROTOCOL_NOT_DURATION] = ROW("value", "\"{1}\" must be a time such as \"15 min\" (ms, s, min, h, d), not {2}",
                                  "\"{1}\" skal være en tid som \"15 min\" (ms, s, min, h, d), ikke {2}"),
    [PROTOCOL_NOT_LIST] = ROW("value", "\"{1}\" must be a list, not {2}", "\"{1}\" skal være en liste, ikke {2}"),
    [PROTOCOL_NOT_MAP] = ROW("value", "\"{1}\" must be a mapping (name: value), not {2}",
                             "\"{1}\" skal være et nøglesæt (navn: værdi), ikke {2}"),
    [PROTOCOL_NOT_EXPRESSION] =
        ROW("value", "\"{1}\" must be an expression, not {2}", "\"{1}\" skal være et udtryk, ikke {2}"),
    [PROTOCOL_CHOICE] =
        ROW("value", "\"{1}\" is not possible here, choose one of: {2}", "\"{1}\" er ikke muligt her, vælg en af: {2}"),
    [PROTOCOL_WORD_NONE] =
        ROW("word", "a step needs a step word, one of: {1}", "et teststep skal have et trinord, et af: {1}"),
    [PROTOCOL_WORD_SEVERAL] =
        ROW("word", "a step has one step word, this has \"{1}\" and \"{2}\"; make two steps of it",
            "et teststep har ét trinord, dette har \"{1}\" og \"{2}\"; del det i to teststep"),
    [PROTOCOL_DUPLICATE_SECTION] = ROW("duplicate", "there is a section \"{1}\" already, on line {2}",
                                       "der er allerede et afsnit \"{1}\", på linje {2}"),
    [PROTOCOL_DUPLICATE_STEP] = ROW("duplicate", "there is a step \"{1}\" already, on line {2}",
                                    "der er allerede et teststep \"{1}\", på linje {2}"),
    [PROTOCOL_DUPLICATE_NAME] = ROW("duplicate", "the name \"{1}\" is taken already, on line {2}; choose another one",
                                    "navnet \"{1}\" er allerede brugt, på linje {2}; vælg et andet"),
    [PROTOCOL_NAME_ID] =
        ROW("name", "\"{1}\" cannot be an id: use letters, digits, '.', '-' and '_', a letter or digit first",
            "\"{1}\" kan ikke være et id: brug bogstaver, cifre, '.', '-' og '_', et bogstav eller ciffer først"),
    [PROTOCOL_NAME_FORM] = ROW("name", "\"{1}\" cannot be a name: use letters, digits, '-' and '_', a letter first",
                               "\"{1}\" kan ikke være et navn: brug bogstaver, cifre, '-' og '_', et bogstav først"),
    [PROTOCOL_NAME_WHEN] = ROW("name", "\"{1}\" is no capability; write its name, or \"!\" and its name",
                               "\"{1}\" er ingen egenskab; skriv dens navn, eller \"!\" og dens navn"),
    [PROTOCOL_NAME_NUMBERED] =
        ROW("name", "\"{1}\" cannot be a name: messages are numbered like this; choose another one",
            "\"{1}\" kan ikke være et navn: sådan nummereres meddelelser; vælg et andet"),
    [PROTOCOL_NAME_RESERVED] =
        ROW("name", "\"{1}\" cannot be a name: variables that begin so have a meaning of their own; choose another one",
            "\"{1}\" kan ikke være et navn: variable, der begynder sådan, har deres egen betydning; vælg et andet"),
    [PROTOCOL_PARTY] = ROW(
        "party",
        "no other system \"{1}\" takes part, and there is no such service; the parties and services of this protocol: "
        "{2}. Leave \"party\" out where the system under test is meant",
        "der deltager ikke et andet system \"{1}\", og der er ingen sådan service; protokollens parter og services: "
        "{2}. Udelad \"party\", hvor det er systemet under test"),
    [PROTOCOL_SERVICE] = ROW("service", "this version plays no service \"{1}\"; it plays: {2}",
                             "denne version spiller ingen service \"{1}\"; den spiller: {2}"),
    [PROTOCOL_WHEN] = ROW("when", "a conditional section needs \"when\": the capability that makes it apply",
                          "et betinget afsnit skal have \"when\": den egenskab, der gør det relevant"),
    [PROTOCOL_LIMIT] =
        ROW("limit", "the file is larger than is read here: {1}", "filen er større, end der læses her: {1}"),
};
