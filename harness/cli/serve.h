/* serve: what commands do differently inside `testcamp serve`: a run is added to those served, and not waited for. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "cli/session.h"

/* Adds the run that the session was loaded for (id), or a new one of its plan (id empty), and says where it is. The
 * session's arena must live as long as the camp. */
MUST_CHECK int serve_run(struct session *s, struct str id, struct error *e);
/* The same for a run whose steps were set back, or that got others: if it is served, it is read again. */
MUST_CHECK int serve_again(struct session *s, struct str id, struct error *e);
/* -1 for a run that these two would refuse: asked before anything is written to it. */
MUST_CHECK int serve_can(const struct session *s, struct str id, struct error *e);
/* The run was paused or ended: it is served no more. Nothing outside a server. */
void serve_drop(struct session *s, struct str id);
/* A run of the store was written to beside the one that the command names: the server reads it again. */
void serve_catch_up(struct session *s, struct str run);
/* Where reports go that nobody named a folder for: the server's, else "reports". */
const char *serve_report_dir(const struct session *s);

#endif
