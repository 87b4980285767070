/* definition_int: what the files of definitions share. */
#ifndef FHIR_DEFINITION_INT_H
#define FHIR_DEFINITION_INT_H

#include "fhir/definition.h"

/* Fills cs->by_code from its concepts. */
void code_system_index(struct code_system *cs);

#endif
