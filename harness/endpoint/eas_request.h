/* eas_request: what a client asks of EHMI's addressing service (EAS): one of four operations and its Parameters.
 *
 * Pure: the request's first line and its body give a struct eas_request, and findings: an error where it cannot be
 * answered as asked, a warning where it is asked in a way that only some sources have. Strings borrow from the body's
 * tree. Sources: dk.ehmi.eas 2.0.0, OperationDefinitions and EasCorePatient; where its use cases or the security
 * architecture say otherwise, that is taken too (eas_rules.h). */
#ifndef ENDPOINT_EAS_REQUEST_H
#define ENDPOINT_EAS_REQUEST_H

#include "base/fact.h"
#include "endpoint/eas_rules.h"
#include "formats/node.h"

#define EAS_PATIENT "http://medcomehmi.dk/ig/eas/StructureDefinition/EasCorePatient"
#define EAS_PARAMETERS_MAX 200

enum eas_key { EAS_BY_PATIENT, EAS_BY_PRACTICE, EAS_BY_SOR, EAS_BY_POSTAL_CODE, EAS_KEYS_N };

/* One operation, and the parameter that it looks up by. */
struct eas_operation {
  const char *name, *parameter;
  enum eas_key key;
  size_t min, max; /* of that parameter; max 0: any number */
  bool types;      /* it takes messageType */
};
extern const struct eas_operation eas_operations[EAS_KEYS_N];

/* A value and where it stands; at is NULL where it came in an address. */
struct eas_value {
  struct str text;
  const struct node *at;
};

struct eas_request {
  const struct eas_operation *operation; /* NULL: there is none of that name */
  VEC(struct eas_value) keys;            /* CPR number, ydernummer, SOR ids, postal codes */
  VEC(struct eas_value) types;           /* message types */
};

struct eas_asking {
  struct str operation; /* without "$" */
  struct str type;      /* of the address; empty: the server */
  bool get;
  const struct node *body;  /* of POST; NULL: there is none */
  const struct fact *query; /* of GET: names and values in their order, repeated ones too */
  size_t query_n;
};

void eas_request_read(struct eas_request *out, struct arena *a, const struct eas_asking *in, struct findings *f);
/* True if both name one type and version of message, however they are written: EER's codes, and the document ids of
 * the published examples of EAS. */
bool eas_same_type(struct str x, struct str y);

#endif
