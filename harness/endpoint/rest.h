/* rest: FHIR's RESTful interactions as our simulated server understands them (FHIR R4, 3.1.0).
 *
 * Pure: a request and the resources that are there give an answer. Nothing here keeps anything: what the server holds
 * is the fold of a run's events, so that a resumed run serves the same resources. What goes wrong is an
 * OperationOutcome, one row a mistake. Strings borrow from the request and from the arena given. */
#ifndef ENDPOINT_REST_H
#define ENDPOINT_REST_H

#include "base/fact.h"
#include "fhir/resource.h"

/* FHIR R4 2.24.0.1: the form of an id. "." and ".." have it too, but are no names. */
#define REST_ID_MAX 64
#define REST_ID_FORM "1 to 64 letters, digits, \"-\" and \".\""
/* What the harness itself puts there, as fact rest.interaction. */
#define REST_PRELOAD "preload"
/* Arguments of one search, resources in one answer. */
#define REST_TERMS_MAX 50
#define REST_ANSWER_MAX ((size_t)256 << 20)

bool rest_id_valid(struct str id);
/* Gives a resource that id, in front of all else. */
void rest_set_id(struct arena *a, struct node *root, struct str id);

/* --- searching (rest_search.c) --- */

struct rest_query {
  VEC(struct fact) terms; /* name (with :modifier) and value, decoded; all must hold */
};

/* True if resources can be searched by it: of that type, or of any (type empty). */
bool rest_parameter_known(struct str type, struct str name);
/* Their names, for people: "_id, identifier, ...". */
struct str rest_parameters(struct arena *a, struct str type);
/* Does the resource fulfil all terms? Its bytes were taken in before; one that cannot be read fulfils none. */
bool rest_matches(struct arena *a, struct str bytes, const struct rest_query *q);

#endif
