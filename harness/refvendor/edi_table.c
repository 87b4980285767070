/* The letters that the reference vendor knows. */
#include "refvendor/edi.h"

const struct rv_letter_type rv_letter_types[] = {{"DIS91", "D9134L", NULL, "BIN01"},
                                                 {"BIN01", "B0131X", NULL, NULL},
                                                 {"REF01", "H0130R", "DIS02", NULL},
                                                 {"REF02", "H0230R", "DIS05", NULL},
                                                 {"REF06", "H0630R", "DIS07", NULL},
                                                 {"DIS02", "D0233L", NULL, NULL},
                                                 {"DIS05", "D0533L", NULL, NULL},
                                                 {"DIS07", "D0733L", NULL, NULL},
                                                 {"DIS13", "D1333L", NULL, NULL},
                                                 {"DIS16", "D1630C", NULL, NULL},
                                                 {"DIS17", "D1730C", NULL, NULL},
                                                 {"DIS20", "D2030C", "DIS16", NULL},
                                                 {"RPT01", "R0131K", NULL, NULL},
                                                 {"RPT02", "R0231M", NULL, NULL},
                                                 {"RPT03", "R0331P", NULL, NULL},
                                                 {"RPT04", "R0432P", NULL, NULL},
                                                 {0}};

const struct rv_letter_type *rv_letter_type_of(struct str type) {
  if (str_starts(type, STR("X"))) type = str_sub(type, 1, type.n);
  for (const struct rv_letter_type *t = rv_letter_types; t->type; t++)
    if (str_eqz(type, t->type)) return t;
  return NULL;
}
