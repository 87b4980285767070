#include "fhir/book.h"
