/* restarts: the program that starts the reference vendor, and starts it again whenever it is killed: at the same
 * address, and with the folder in which it keeps what it has to know. Owns both; the folder goes with it. */
#ifndef REFVENDOR_RESTARTS_H
#define REFVENDOR_RESTARTS_H

#include "refvendor/refvendor.h"

/* Goes on until a signal ends it, or the vendor ends by itself, whose exit code is returned then; -1: error. */
MUST_CHECK int restarts_run(const struct refvendor_options *o, struct arena *a, int argc, char **argv, struct error *e);

#endif
