/* rest_int: what the files of the simulated FHIR server share. */
#ifndef ENDPOINT_REST_INT_H
#define ENDPOINT_REST_INT_H

#include "base/buf.h"
#include "endpoint/rest.h"
#include "fhir/fhirpath.h"

enum rest_kind { REST_TOKEN, REST_STRING, REST_REFERENCE, REST_DATE, REST_URI };

/* What resources can be searched by: one row each; a table ends with a row without a name. */
struct rest_parameter {
  const char *type; /* NULL: every resource */
  const char *name;
  enum rest_kind kind;
  const char *path; /* FHIRPath from the resource */
};
/* Parameters whose path begins at another resource, which those references lead to; ends as such a table does. */
struct rest_chain {
  const char *type, *name;
  const char *via; /* FHIRPath from the resource */
};
extern const struct rest_chain rest_chains[];        /* eer_search.c */
extern const struct rest_parameter eds_parameters[]; /* eds_search.c */
extern const struct rest_parameter eer_parameters[]; /* eer_search.c */

/* The system of location numbers (GLN), as it is and as some sources write it: searching takes one for the other. */
#define REST_GLN_SYSTEM "http://www.gs1.org/gln"
#define REST_GLN_OTHER "https://www.gs1.org/gln"
bool rest_system_same(struct str x, struct str y);

/* The next parameter of a type from *i on, for the CapabilityStatement; false when there is none. */
bool rest_parameter_at(struct str type, size_t *i, const char **name, enum rest_kind *kind);
/* The types that have parameters of their own, by *i; NULL behind the last. */
const char *rest_type_at(size_t i);

/* The references that "Type:parameter" (as _include has it) leads to; false where it is no parameter of references. */
bool rest_follow(struct arena *a, const struct node *root, struct str include, struct fhirpath_result *out);
/* Can be sorted by: is it a parameter that looks at a time? The first such time of a resource, 0 if it has none. */
bool rest_is_time(struct str type, struct str name);
int64_t rest_time_of(struct arena *a, const struct node *root, struct str name);
/* The same as rest_matches, of a tree as it is served. */
bool rest_matches_tree(struct arena *a, const struct node *root, const struct rest_query *q);

/* rest_request.c */

/* The arguments of a query or form, decoded. */
void rest_query_read(struct rest_query *out, struct arena *a, struct str query);
/* The value of an argument, empty if absent. */
struct str rest_query_get(const struct rest_query *q, const char *name);
/* The form that a media type (or _format) means; false if it is none of FHIR's. */
bool rest_form_of(enum resource_form *out, struct str type);
/* The form of the answer: as asked for, else that of the body, else JSON. False: none that is asked for can be had. */
bool rest_form_wanted(enum resource_form *out, struct arena *a, const struct rest_request *q);

/* rest_issue.c */

struct rest_issue_row {
  int status;
  const char *code; /* of http://hl7.org/fhir/issue-type */
  const char *en, *da;
};
extern const struct rest_issue_row rest_issue_rows[REST_ISSUES_N];
/* Makes the answer an OperationOutcome. */
void rest_refuse(struct rest_answer *out, struct arena *a, const struct rest_issue *x, enum resource_form form);

/* The same with a status and texts that another table has. */
void rest_refuse_text(struct rest_answer *out, struct arena *a, const struct rest_issue_row *row,
                      enum resource_form form);
/* The same of what its profile does not allow: an issue each, with its place. */
void rest_refuse_unfit(struct rest_answer *out, struct arena *a, const struct findings *f, enum resource_form form);

/* rest_tree.c: what answers are built from. */

struct node *rest_add(struct arena *a, struct node *parent, const char *name, enum node_kind kind, struct str text);
/* The resource as it is served: its id, and in meta its version and (at > 0) when that came. */
void rest_stamp(struct arena *a, struct node *root, struct str id, int64_t version, int64_t at);
/* Writes a tree as the answer's body; status 500 if it is too large. */
void rest_put_tree(struct rest_answer *out, struct arena *a, const struct node *root, enum resource_form form,
                   const struct shapes *shapes);

/* rest_capabilities.c */
struct node *rest_capabilities(struct arena *a, struct str base, const struct rest_service *service);
/* Is a word one of "a|b"? All are in NULL. */
bool rest_in_list(const char *list, struct str word);

#endif
