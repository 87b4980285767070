/* control: commands that write to a store which `testcamp serve` has open are carried out by that process.
 *
 * The server listens on a Unix socket beside the store, FILE.control, for its own user only. A command line goes over
 * it with the folder it was given in, is run there as it would have been here, and what it printed comes back with its
 * exit code. So every command works the same with and without a server.
 *
 * A request is "testcamp-control 1\n", then "folder N\n" and N bytes, then an "arg N\n" with its bytes for each word,
 * then "end\n". An answer is "out N\n" with bytes, "err N\n" with bytes, "exit N\n". */
#ifndef CLI_CONTROL_H
#define CLI_CONTROL_H

#include "cli/cli.h"

#define CONTROL_ARGS_MAX 200
#define CONTROL_BYTES_MAX ((size_t)1 << 20)

struct loop;
struct control;

/* True if a server has the store of that command line, and did it: *code is its exit code. False if there is none, or
 * the command does not write. */
bool control_forward(struct cli *c, int argc, char **argv, int *code);

/* run is called for each command line, with the working folder set; prints to out and err, gives the exit code. */
struct control_handler {
  int (*run)(void *context, FILE *out, FILE *err, int argc, char **argv);
  void *context;
};
MUST_CHECK int control_open(struct control **out, struct loop *l, const char *store_path,
                            const struct control_handler *h, struct error *e);
void control_close(struct control *c);

#endif
