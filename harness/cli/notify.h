/* notify: notices by webhook and mail when a run begins to wait for somebody else (testcamp serve --notify FILE).
 *
 * The file says where to (notify_read). A wait is looked at when it has stood for a while, so that what a system does
 * by itself within seconds sends nothing; each owner is told once until the run waits for him anew. Nothing is told of
 * messages or persons: run, protocol, vendor, system, step, who must act, since when. Deliveries are made on the loop
 * and tried again with growing pauses; one that fails is said on standard error and is no fault of the run. The notices
 * on their way live no longer than the process. */
#ifndef CLI_NOTIFY_H
#define CLI_NOTIFY_H

#include "cli/cli.h"
#include "formats/node.h"
#include "state/state.h"

#define NOTIFY_FILE_MAX ((size_t)1 << 20)
#define NOTIFY_LIST_MAX 100 /* addresses of one owner, words of the command, vendors */
#define NOTIFY_TRIES_MAX 20

struct loop;

/* Whom mail goes to: "medcom", or the name of a vendor as its file has it. */
struct notify_owner {
  struct str name;
  VEC(struct str) addresses;
};

struct notify_config {
  int64_t after_ms; /* a wait has to stand for so long; default 10 seconds */
  int64_t retry_ms; /* the first pause, doubled each time; default 5 seconds */
  int64_t tries;    /* default 8 */
  struct str webhook, link, from;
  VEC(struct str) command;
  VEC(struct notify_owner) owners;
};

/* What is told. */
struct notice {
  struct str run, protocol, version, vendor, system, system_version, step, owner, link;
  int64_t since;
};

/* Reads the YAML; unknown keys and addresses that are none are errors with a place. Texts live in a. */
MUST_CHECK int notify_read(struct notify_config *out, struct arena *a, struct source src, struct error *e);
/* The body of the POST. */
void notify_json(struct buf *out, const struct notice *n);
/* A whole message with headers (RFC 5322), in Danish and English. */
void notify_mail(struct buf *out, const struct notify_config *c, const struct notify_owner *to, const struct notice *n);

struct notify;

/* find gives the state of a run that is still served, or NULL. Lives in a; the config is borrowed. */
MUST_CHECK int notify_open(struct notify **out, struct arena *a, struct cli *c, struct loop *l,
                           const struct notify_config *config,
                           const struct state *(*find)(void *context, struct str run), void *context, struct error *e);
void notify_close(struct notify *n);
/* To be called with each event of a run. */
void notify_event(struct notify *n, const struct state *s);
/* A run that was open before: whom it waits for was told then. */
void notify_known(struct notify *n, const struct state *s);

#endif
