/* blocks: what stands in the way of a certification, in lines for people. */
#ifndef CLI_BLOCKS_H
#define CLI_BLOCKS_H

#include "cli/cli.h"
#include "state/state.h"

/* One line a reason; steps in a row that were not carried out share one. With the state of the run, the machine's
 * verdict of a step and what the protocol suggests stand beside it; protocol: each line begins with its protocol. */
void blocks_show(struct cli *c, const struct sum *sum, const struct state *run, bool protocol);

#endif
