/* office: an endpoint, a store and a client on one loop, in a folder of their own, for the tests of this room.
 *
 * What arrives is kept in the store and then accepted, as the run does; `refuse` makes it refuse instead. */
#ifndef TESTS_ENDPOINT_OFFICE_H
#define TESTS_ENDPOINT_OFFICE_H

#include "endpoint/endpoint.h"
#include "endpoint/rest.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "store/store.h"

/* No wait in these tests takes longer. */
#define OFFICE_WAIT_MS INT64_C(20000)

struct office {
  struct arena *arena;
  char *dir;
  struct loop *loop;
  struct store *store;
  struct endpoint *endpoint;
  struct http_client *client;
  bool refuse;
  bool misbehave; /* by this fault */
  struct fault fault;
  bool any;      /* results of other messages than m1 */
  bool may_fail; /* office_ask may get no answer: code 0 */
  size_t resets;
  /* The last arrival. */
  size_t arrivals;
  struct arrival *handle;
  bool in_file;
  size_t size;
  struct str via, file, ident;
  struct facts facts;
  char digest[SHA256_HEX + 1];
  /* The last result of a send. */
  size_t results;
  struct str status, failure;
  /* The last answer to office_ask. */
  size_t answers;
  int code;
  struct str type, body, headers;
  /* What lies in the inbox. */
  struct endpoint_ready ready[4];
  size_t ready_n;
  struct str fetched;
  /* What a FHIR server holds; the digest of each is its bytes. */
  struct rest_resource held[4];
  size_t held_n;
  struct str bearer; /* of what is asked; empty: no token */
};

void office_open(struct office *o, const char *kind, const char *address);
/* The same with more of its settings: those that are set here. */
void office_open_with(struct office *o, const char *kind, const struct endpoint_config *with);
void office_close(struct office *o);
/* Turns the loop until *n has reached count; fails the test if that takes too long. */
void office_until(struct office *o, const size_t *n, size_t count);
/* Turns it for that long. */
void office_turns(struct office *o, int64_t ms);
/* A request to the endpoint's address with `path` behind, and its answer. */
void office_ask(struct office *o, const char *method, const char *path, struct str body);
void office_ask_as(struct office *o, const char *method, const char *path, const char *type, struct str body);
/* A done callback that looks at nothing. */
void office_ignore(void *payload, const struct http_answer *an);
/* A path in the office's folder. */
char *office_path(struct office *o, const char *name);

#endif
