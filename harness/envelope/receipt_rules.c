#include "envelope/receipt_int.h"

#define CONTRL "MedCom CONTRL C0130Q, C0230Q, C0330Q; XCTL01, XCTL02, XCTL03"
#define WHEN "MedCom, Syntaks- og kommunikationsregler: receipts (fixtures/standards/receipts.yaml)"
#define ECHO CONTRL ": the original is repeated as it was"
#define ASSUMED " (project assumption: the structure itself allows it)"

const struct rule receipt_rule_table[RECEIPT_RULES_N] = {
    [RECEIPT_RULE_NONE] =
        {"receipt.none", SEV_ERROR, CONTRL,
         "This says that it is a receipt ({1}), but there is nothing in it that is answered: {2} is missing",
         "Dette kalder sig en kvittering ({1}), men der er intet i den, der besvares: {2} mangler"},
    [RECEIPT_RULE_KIND] = {"receipt.kind", SEV_ERROR, CONTRL, "{1} is {2}, but the action is '{3}'; it must be {4}",
                           "{1} er {2}, men handlingen er '{3}'; den skal være {4}"},
    [RECEIPT_RULE_VERSION] = {"receipt.version", SEV_ERROR, CONTRL, "The version of {1} is '{2}'; it must be {3}",
                              "Versionen af {1} er '{2}'; den skal være {3}"},
    [RECEIPT_RULE_ORIGINAL] = {"receipt.original", SEV_ERROR, ECHO,
                               "The receipt answers the interchange '{1}'; the one that was sent is '{2}'",
                               "Kvitteringen besvarer kuverten '{1}'; den, der blev sendt, er '{2}'"},
    [RECEIPT_RULE_PARTIES] = {"receipt.parties", SEV_ERROR, ECHO,
                              "The {1} of the original is '{2}' in the receipt; it was '{3}'",
                              "Den oprindelige {4} er '{2}' i kvitteringen; den var '{3}'"},
    [RECEIPT_RULE_PARTIES_TURNED] = {"receipt.parties-turned", SEV_ERROR, ECHO,
                                     "Sender and receiver of the original have changed places in the receipt: it has "
                                     "'{1}' and '{2}', in the original they stand the other way round",
                                     "Den oprindelige afsender og modtager har byttet plads i kvitteringen: den har "
                                     "'{1}' og '{2}', i originalen står de omvendt"},
    [RECEIPT_RULE_LETTER] = {"receipt.letter", SEV_ERROR, ECHO,
                             "The receipt answers the letter '{1}', which the original has not; it has {2}",
                             "Kvitteringen besvarer brevet '{1}', som originalen ikke har; den har {2}"},
    [RECEIPT_RULE_LETTER_VERSION] = {"receipt.letter-version", SEV_ERROR, ECHO,
                                     "The letter '{1}' has the version '{2}' in the receipt; it was '{3}'",
                                     "Brevet '{1}' har versionen '{2}' i kvitteringen; den var '{3}'"},
    [RECEIPT_RULE_LETTER_TYPE] = {"receipt.letter-type", SEV_ERROR, ECHO,
                                  "The letter '{1}' is a {2} in the receipt; it was a {3}",
                                  "Brevet '{1}' er en {2} i kvitteringen; den var en {3}"},
    [RECEIPT_RULE_NO_LETTER] =
        {"receipt.no-letter", SEV_ERROR, CONTRL ASSUMED,
         "The receipt {1} names no letter (UCM, OriginalLetter), so it does not say which of them it is about",
         "Kvitteringen {1} nævner intet brev (UCM, OriginalLetter), så den fortæller ikke, hvilket den handler om"},
    [RECEIPT_RULE_LETTERS_LEFT] =
        {"receipt.letters-left", SEV_UNDECIDED, CONTRL,
         "Of the original's letters this receipt leaves out {1}: whether they were taken is not shown",
         "Af originalens breve udelader denne kvittering {1}: om de er modtaget, er ikke vist"},
    [RECEIPT_RULE_NO_CODE] = {"receipt.no-code", SEV_WARNING, CONTRL ASSUMED,
                              "The negative receipt gives no reason (FTX, RefuseCode)",
                              "Den negative kvittering angiver ingen årsag (FTX, RefuseCode)"},
    [RECEIPT_RULE_CODE] =
        {"receipt.code", SEV_ERROR, CONTRL,
         "The reason is '{1}'; it must be NC, LOK, MID, VER or SYN (in OIOXML ikke_specificeret and so on)",
         "Årsagen er '{1}'; den skal være NC, LOK, MID, VER eller SYN (i OIOXML ikke_specificeret osv.)"},
    [RECEIPT_RULE_NO_TEXT] = {"receipt.no-text", SEV_WARNING, CONTRL ASSUMED,
                              "The reason {1} has no text that a person could read",
                              "Årsagen {1} har ingen tekst, et menneske kan læse"},
    [RECEIPT_RULE_CODE_POSITIVE] = {"receipt.code-positive", SEV_WARNING, CONTRL,
                                    "The positive receipt {1} gives a reason for refusing: '{2}'",
                                    "Den positive kvittering {1} angiver en årsag til afvisning: '{2}'"},
    [RECEIPT_RULE_SENDER] = {"receipt.sender", SEV_ERROR, WHEN,
                             "The receipt comes from '{1}'; the original went to '{2}'",
                             "Kvitteringen kommer fra '{1}'; originalen gik til '{2}'"},
    [RECEIPT_RULE_RECEIVER] = {"receipt.receiver", SEV_ERROR, WHEN,
                               "The receipt goes to '{1}'; the original came from '{2}'",
                               "Kvitteringen går til '{1}'; originalen kom fra '{2}'"},
    [RECEIPT_RULE_NETWORK] = {"receipt.network", SEV_ERROR, WHEN,
                              "{1} is a receipt of the network, but it comes from the receiving system itself, '{2}'",
                              "{1} er netværkets kvittering, men den kommer fra modtagersystemet selv, '{2}'"},
    [RECEIPT_RULE_SYNTAX] = {"receipt.syntax", SEV_WARNING, WHEN ASSUMED,
                             "The original is {1}, but the receipt is {2}: {3} belongs there",
                             "Originalen er {1}, men kvitteringen er {2}: der hører {3} til"},
    [RECEIPT_RULE_UNASKED] = {"receipt.unasked", SEV_ERROR, WHEN,
                              "{1} came, but the original asks for no positive receipt",
                              "{1} kom, men originalen beder ikke om positiv kvittering"},
    [RECEIPT_RULE_OF_RECEIPT] = {"receipt.of-receipt", SEV_ERROR, WHEN,
                                 "The receipt answers '{1}', which is a receipt itself ({2}): those are never answered",
                                 "Kvitteringen besvarer '{1}', som selv er en kvittering ({2}): de besvares aldrig"},
    [RECEIPT_RULE_ASKS] = {"receipt.asks", SEV_ERROR, WHEN,
                           "The receipt asks for a receipt itself (UNB 0031, AcknowledgementCode)",
                           "Kvitteringen beder selv om kvittering (UNB 0031, AcknowledgementCode)"},
    [RECEIPT_RULE_CONTRADICTION] = {"receipt.contradiction", SEV_ERROR, WHEN,
                                    "{1} says {2} to what {3} said {4} to before",
                                    "{1} siger {2} til det, som {3} før sagde {4} til"},
    [RECEIPT_RULE_AGAIN] =
        {"receipt.again", SEV_ERROR, WHEN ASSUMED,
         "The receipt says once more what {1} said already, though the original went out once",
         "Kvitteringen siger endnu en gang, hvad {1} allerede sagde, selv om originalen kun er sendt én gang"},
    [RECEIPT_RULE_LATE] = {"receipt.late", SEV_ERROR, WHEN, "The receipt came after {1}; it may take {2} ({3})",
                           "Kvitteringen kom efter {1}; den må tage {2} ({3})"},
    [RECEIPT_RULE_MORE] = {"receipt.more", SEV_UNDECIDED, CONTRL ASSUMED,
                           "{1} more receipts stand in the same message; only the first one was judged",
                           "Der står {1} kvitteringer mere i samme meddelelse; kun den første er bedømt"},
};

const struct rule *const receipt_rules = receipt_rule_table;
const size_t receipt_rules_n = RECEIPT_RULES_N;
