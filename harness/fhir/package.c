#include "fhir/package.h"
