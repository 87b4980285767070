#include "fhir/definition.h"
