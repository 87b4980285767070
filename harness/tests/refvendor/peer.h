/* peer: the other end of the reference vendor in its tests: a tiny VANS on the same loop. */
#ifndef TESTS_REFVENDOR_PEER_H
#define TESTS_REFVENDOR_PEER_H

#include "base/clock.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "net/loop.h"
#include "refvendor/refvendor.h"
#include "validate/validate.h"

#define PEER_GLN "5790008888025"
#define PEER_SOR "8888021000016001"
#define OTHER_GLN "5790008888032"
#define OWN_GLN "5790008888018"
#define PEER_WAIT_MS INT64_C(20000)

struct peer {
  struct arena *arena;
  struct loop *loop;
  struct http_server *server;
  struct http_client *client;
  struct shapes *shapes;
  struct refvendor_options options;
  struct refvendor *vendor;
  VEC(struct message *) got; /* in order of arrival */
  size_t ids;
  bool answered;
  int status;
  struct str body;
};

/* Everything but the vendor: change options before peer_start. */
void peer_init(struct peer *p);
/* Switches a defect on, of the wire or declared; before peer_start. */
void peer_defect(struct peer *p, const char *name);
void peer_start(struct peer *p);
void peer_close(struct peer *p);
/* Asks the vendor; the status of the answer, its body in p->body. */
int peer_call(struct peer *p, const char *method, const char *path, struct str body);
/* Posts to the vendor; the status of the answer, its body in p->body. */
int peer_post(struct peer *p, const char *path, struct str body);
/* The same for POST /trigger with JSON in which ' stands for ". */
int peer_trigger(struct peer *p, const char *json);
struct str peer_state(struct peer *p);
/* Turns until *n reaches count, or nothing has happened for ms in all: the turns in which something does are not
 * counted, so that a busy machine takes no time away from what is under way. */
void peer_turns(struct peer *p, const size_t *n, size_t count, int64_t ms);
/* The same until n messages have come; the n-th, or NULL. */
struct message *peer_await(struct peer *p, size_t n, int64_t ms);
/* A fixture of the project with its variables filled in, in either form; one of CareCommunication, unless its folder is
 * named. `label` makes its ids its own. */
struct str peer_fixture(struct peer *p, const char *name, const char *label, enum resource_form form);
/* In an envelope with new identifiers, or that envelope identifier. */
struct str peer_wrap(struct peer *p, struct str payload, const char *envelope_id);
/* An acknowledgement for a message of the vendor. */
struct str peer_ack(struct peer *p, struct str header_id, const char *code, const char *own_header_id);
struct str peer_fact(const struct message *m, const char *name);
/* The first resource of a type in a message, and the number of them. */
const struct node *peer_resource(const struct message *m, const char *type);
size_t peer_count(const struct message *m, const char *type);
/* Fails the test for each error at level bundle; `what` names the message. */
void peer_expect_valid(struct peer *p, const struct message *m, const char *what);

#endif
