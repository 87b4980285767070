/* package_get: packages and what they depend on, from a registry into the folder where packages are kept. */
#ifndef CLI_PACKAGE_GET_H
#define CLI_PACKAGE_GET_H

#include "cli/keep.h"
#include "cli/opts.h"
#include "cli/registry.h"

#define PACKAGE_GET_MAX 1000 /* packages asked for by one command, with what they depend on */

struct package_get {
  struct cli *cli;
  struct keep keep;
  struct registry_options registry;
  bool alone; /* without dependencies */
};

/* Gets each NAME[@VERSION] of what. Those that could not be had are listed at the end; gives the exit code. */
int package_get(struct package_get *g, const struct opt_list *what);

#endif
