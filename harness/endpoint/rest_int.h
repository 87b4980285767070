/* rest_int: what the files of the simulated FHIR server share. */
#ifndef ENDPOINT_REST_INT_H
#define ENDPOINT_REST_INT_H

#include "base/buf.h"
#include "endpoint/rest.h"

enum rest_kind { REST_TOKEN, REST_STRING, REST_REFERENCE, REST_DATE, REST_URI };

/* The next parameter of a type from *i on, for the CapabilityStatement; false when there is none. */
bool rest_parameter_at(struct str type, size_t *i, const char **name, enum rest_kind *kind);

#endif
