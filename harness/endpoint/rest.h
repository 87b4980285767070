/* rest: FHIR's RESTful interactions as our simulated server understands them (FHIR R4, 3.1.0).
 *
 * Pure: a request and the resources that are there give an answer. Nothing here keeps anything: what the server holds
 * is the fold of a run's events, so that a resumed run serves the same resources. What goes wrong is an
 * OperationOutcome, one row a mistake (rest_issue.c). Strings borrow from the request and from the arena given.
 *
 * Facts of an interaction (fhirrest.c), besides those of a message that was sent, each left out where there is none:
 *   rest.interaction  create, read, update, delete, search, capabilities, operation, other; preload: the harness put
 *                     it there
 *   rest.type, rest.id, rest.version
 *   rest.issue, rest.issue.da   why it was refused
 *   rest.noted        of a service that judges: the rules by which it could not be decided whether it fits
 *   http.method, http.path, http.query (as it came, but for tokens), http.content-type, http.accept, http.prefer,
 * http.if-match http.status, http.location (behind the server's address) */
#ifndef ENDPOINT_REST_H
#define ENDPOINT_REST_H

#include "base/fact.h"
#include "envelope/vans.h"
#include "fhir/resource.h"

/* FHIR R4 2.24.0.1: the form of an id. "." and ".." have it too, but are no names. */
#define REST_ID_MAX 64
#define REST_ID_FORM "1 to 64 letters, digits, \"-\" and \".\""
/* What the harness itself puts there, as fact rest.interaction. */
#define REST_PRELOAD "preload"
/* Arguments of one search; entries of its answer; resources of one run, all versions counted. */
#define REST_TERMS_MAX 50
#define REST_COUNT_MAX 1000
#define REST_RESOURCES_MAX 10000
/* Largest resource that is taken, as with messages in envelopes; largest answer. */
#define REST_BODY_MAX VANS_MESSAGE_MAX
#define REST_ANSWER_MAX ((size_t)512 << 20)

bool rest_id_valid(struct str id);
/* Gives a resource that id, in front of all else. */
void rest_set_id(struct arena *a, struct node *root, struct str id);

/* --- searching (rest_search.c) --- */

struct rest_query {
  VEC(struct fact) terms; /* name (with :modifier) and value, decoded; all must hold */
  /* The resource of a reference, for parameters that look at what is referred to; NULL: none can be found. */
  const struct node *(*find)(void *context, struct str reference);
  void *context;
};

/* True if resources can be searched by it: of that type, or of any (type empty). */
bool rest_parameter_known(struct str type, struct str name);
/* Their names, for people: "_id, identifier, ...". */
struct str rest_parameters(struct arena *a, struct str type);
/* Does the resource that has that id on the server fulfil all terms? One that cannot be read fulfils none. */
bool rest_matches(struct arena *a, struct str bytes, struct str id, const struct rest_query *q);

/* --- what a server keeps and does --- */

struct findings;
struct rest_answer;
struct rest_asked;
struct rest_request;
struct rest_site;
struct rest_target;

/* One of MedCom's services, of all that a FHIR server can be; lists are written "a|b", NULL stands for all. What it
 * thinks of a resource is asked of its hooks, each of which may be NULL; context is rest_site's. */
struct rest_service {
  const char *types, *interactions;
  const char *look_ups; /* "Type:parameter|...": a search by it that finds nothing is refused; NULL stands for none */
  /* Judges what is to be kept: an error refuses it. */
  void (*judge)(void *context, struct arena *a, const struct node *resource, enum resource_form form,
                struct findings *f);
  /* May the one who asks see it? */
  bool (*shows)(void *context, const struct node *resource);
  /* Answers an operation ("$..." on a type or on the server); NULL: it has none. */
  void (*operate)(void *context, struct rest_answer *out, struct arena *a, const struct rest_asked *x);
  const struct rest_operation *operations; /* those on its types; ends with a row without a name; NULL: none */
};
struct rest_operation {
  const char *name, *definition;
};
/* An operation that is asked for, and how it is to be answered. */
struct rest_asked {
  const struct rest_request *q;
  const struct rest_target *target;
  const struct rest_site *site;
  enum resource_form form;
};

/* --- a request and its answer (rest_request.c, rest_answer.c) --- */

enum rest_issue_kind {
  REST_FINE,
  REST_NO_PATH,      /* {1} path */
  REST_NO_TYPE,      /* {1} type */
  REST_NOT_KEPT,     /* {1} type, {2} those that are */
  REST_NO_ID,        /* {1} id */
  REST_NO_METHOD,    /* {1} method, {2} allowed */
  REST_NO_OPERATION, /* {1} operation */
  REST_CONTENT_TYPE, /* {1} what it says */
  REST_ACCEPT,       /* {1} what it asks for */
  REST_TOO_LARGE,    /* {1} bytes, {2} most */
  REST_EMPTY,
  REST_UNREADABLE, /* {1} why, with line and column */
  REST_SEVERAL,
  REST_OTHER_FORM,    /* {1} declared, {2} found */
  REST_OTHER_TYPE,    /* {1} type of the resource, {2} of the address */
  REST_WITHOUT_ID,    /* {1} id of the address */
  REST_OTHER_ID,      /* {1} id of the resource, {2} of the address */
  REST_NOT_THERE,     /* {1} type/id */
  REST_GONE,          /* {1} type/id */
  REST_UNKNOWN,       /* {1} type, {2} search */
  REST_OTHER_VERSION, /* {1} wanted, {2} current */
  REST_PARAMETER,     /* {1} parameter, {2} known ones */
  REST_TERMS,         /* {1} most */
  REST_CONDITION,     /* {1} header */
  REST_UNCONDITIONAL, /* {1} type */
  REST_MATCHES,       /* {1} how many */
  REST_UNFIT,         /* {1} the first thing that is wrong, {2} how many there are */
  REST_HIDDEN,        /* {1} type/id */
  REST_FULL,          /* {1} most */
  REST_BROKEN,        /* {1} why */
  REST_ISSUES_N
};

struct rest_issue {
  enum rest_issue_kind kind;
  struct str args[2];
};

/* As it came; path is what stands behind the server's address, decoded, query what stands behind '?', not decoded. */
struct rest_request {
  struct str method, path, query;
  struct str content_type, accept, prefer, if_match, if_none_exist;
  struct str body;
  size_t size; /* of the body, also where that is too large to be given */
};

/* What a request wants, read from its first line alone. */
struct rest_target {
  const char *interaction; /* create, read, update, delete, search, capabilities, operation; "other": it cannot be
                              told */
  struct str type, id, version;
  struct str operation;    /* without "$" */
  struct rest_issue issue; /* why it cannot be done, whatever is there */
};

/* One version of a resource. */
struct rest_resource {
  struct str type, id, digest;
  int64_t version, at;
  bool gone;
};

/* Where the server is, and what it holds. */
struct rest_site {
  struct str base;                       /* its address, for fullUrl and links */
  const struct shapes *shapes;           /* NULL: any name that could be one is a type */
  struct str new_id;                     /* for what is created */
  const struct rest_resource *resources; /* all versions, oldest first */
  size_t resources_n;
  int (*bytes)(void *context, struct str digest, struct arena *a, struct str *out, struct error *e);
  void *context;
  const struct rest_service *service; /* NULL: a plain FHIR server */
  void *service_context;
  int created, unfit, deleted, gone; /* statuses of its answers where they are not those of FHIR; 0: they are */
};

struct rest_answer {
  int status;
  const char *content_type; /* "": no body */
  struct str body;
  bool given;              /* the body is what the system read or searched for */
  struct str id;           /* of the resource; empty: none */
  int64_t version;         /* 0: none */
  struct str location;     /* behind the address: "Bundle/1/_history/1"; empty: none */
  const char *allow;       /* of status 405 */
  struct str authenticate; /* of status 401 and 403: WWW-Authenticate; empty: none */
  struct str issue, da;    /* why it was refused */
  struct str found;        /* of a search: the ids of what fits and is in it, ", " between them; "none" */
  struct str noted;        /* what was taken without being decided: the rules, once each; empty: none */
};

/* service: NULL for a plain FHIR server. */
void rest_target_read(struct rest_target *out, struct arena *a, const struct rest_request *q,
                      const struct shapes *shapes, const struct rest_service *service);
/* Never fails: what we cannot do is an answer too (status 500). */
void rest_answer(struct rest_answer *out, struct arena *a, const struct rest_request *q, const struct rest_target *t,
                 const struct rest_site *site);
/* The answer to a create that came once more, because a crash of ours had cut off the first one: as it was then. */
void rest_answer_again(struct rest_answer *out, struct arena *a, struct str type, struct str id, int64_t version);

#endif
