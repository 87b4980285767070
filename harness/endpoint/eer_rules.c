#include "endpoint/eer_rules.h"

const struct rule eer_rules[EER_RULES_N] = {
    [EER_GLN_SYSTEM] = {"eer.gln.system", SEV_WARNING,
                        "dk.ehmi.eer 2.0.1-draft, GLN_Identifier (http), against messages and examples of dk.ehmi.eas "
                        "2.0.0 (https)",
                        "The system of location numbers is written {1}; EER has {2}.",
                        "Systemet for lokationsnumre er skrevet {1}; EER har {2}."},
};
const size_t eer_rules_n = EER_RULES_N;
