/* doing: what a page has done by the commands of the command line: those that write here and now, by the host
 * (console.h), those that read in a child process (job.c); files for them, in a folder that goes with the visit; and
 * the audit log. */
#ifndef CONSOLE_DOING_H
#define CONSOLE_DOING_H

#include "console/visit.h"

/* What a command said; in err no folder of this machine where our files lie. */
#define DONE_KILLED 128
struct done {
  int code;            /* enum cli_exit; DONE_KILLED: it was killed, out is empty and err says so */
  struct str out, err; /* err without the folders of this machine */
};
/* A command that writes, here and now; arguments end with NULL. Text that comes from outside must stand behind "--" or
 * as "--option=text", never alone where an option could be. */
struct done do_command(struct visit *v, const char *const *argv);
/* "--lang=da" or "--lang=en", as the visitor reads; "--store=FILE", that of the console. */
const char *lang_option(const struct visit *v);
const char *store_option(struct visit *v);
/* After a command: its complaint is told (visit_complain), if it failed. True if it was done. */
bool done_well(struct visit *v, const struct done *d);
/* A command that only reads, in a child process of at most JOB_SECONDS; `then` gets what it printed. A visitor who has
 * gone away does not matter. With too many at work, all or of one person, the visit is refused (503). */
#define JOB_SECONDS 60
#define JOB_OUTPUT_MAX ((size_t)64 << 20)
void do_reading(struct visit *v, const char *const *argv, void (*then)(struct visit *v, const struct done *d));
/* Lets go of the boards that were rendered. */
void board_free(struct console *c);
/* Ends those that run, without telling their visits. */
void jobs_end(struct console *c);
/* A file for a command, in a folder that goes with the visit; its path in the visit's arena, NULL (and the visit is
 * ended) on failure. */
const char *visit_file(struct visit *v, struct str name, struct str bytes);
/* What a command said, without the folders of this machine: who wrote "system.yaml" sees that. */
struct str visit_without_folders(struct visit *v, struct str text);
/* A folder with all that is in it. */
void visit_remove_folder(void *path);
/* The same with an error in place of an ended visit. */
const char *visit_file_try(struct visit *v, struct str name, struct str bytes, struct error *e);
/* A line of the audit log, a chain of the store's own ("audit-console"): who did what. Done by the router for every
 * form that was sent; pages add what the address does not say. */
void audit(struct visit *v, const char *what, struct str detail);

#endif
