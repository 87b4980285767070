#include "validate/validate_int.h"

void validate_edifact(const struct message *m, struct findings *f) {
  struct place start = {.message = m->payload.name, .line = 1, .col = 1};
  FINDING(f, &validate_rule_table[VALIDATE_KIND], start, STR("EDIFACT"), str_z(validate_level_name(VALIDATE_BUNDLE)));
}
