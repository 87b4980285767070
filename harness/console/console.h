/* console: the browser's side of `testcamp serve`: pages for MedCom's testers, vendors and onlookers.
 *
 * Server-rendered; one address of its own beside the systems' one, on the same loop and store. What changes a run is
 * the same command that a person types, carried out through the host (cli room), so that the page and the command line
 * cannot differ; what only reads is done by a child process of our own program, so that rubbish in an upload harms
 * nobody. Accounts are in tables beside the store (console/db.h). Opened to other machines it wants TLS and an account;
 * at this machine alone, and without accounts, whoever sits there is MedCom. The caller owns camp, store and host,
 * which outlive the console. */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "run/camp.h"

#include <stdio.h>

struct approvals;
struct console;

/* What the console has done elsewhere. */
struct console_host {
  void *context;
  /* A command line, without the program's name, as if it was typed; its exit code. Not from within a turn of a server.
   */
  int (*command)(void *context, FILE *out, FILE *err, int argc, char **argv);
  /* A run of the store that is not open, to be looked at, with all it needs in a. */
  int (*look)(void *context, struct str run, struct arena *a, struct run **out, struct error *e);
  /* The lists of approved systems that were read into the store, one over the other; in a. */
  int (*approvals)(void *context, struct arena *a, bool danish, struct approvals *out, struct error *e);
};

struct console_options {
  struct camp *camp;
  struct store *store;
  const char *store_path, *data_dir, *report_dir;
  const char *listen;         /* host:port */
  const struct http_tls *tls; /* NULL: in the clear */
  struct str certificate;     /* of the systems' address, in PEM, for vendors to trust; empty: it speaks no TLS */
  const char *program;        /* path of testcamp, for what is done by a child */
  const char *version;
  bool danish; /* the language of who has not chosen one */
  struct console_host host;
  struct log log;
};

/* True if only this machine reaches that address. */
bool console_is_local(const char *listen);
/* Refused without TLS or without an account where other machines can reach the address. */
MUST_CHECK int console_open(struct console **out, const struct console_options *o, struct error *e);
void console_close(struct console *c);
/* "http://127.0.0.1:8651". */
const char *console_url(const struct console *c);
/* Something happened to that run: pages that show it are told. Cheap. */
void console_touched(struct console *c, struct str run);

#endif
