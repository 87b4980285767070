/* console_int: what every file of pages is made with: a visit (visit.h), the writing of a page (webpage.h), commands
 * (doing.h), runs (cards.h), and pages that follow what happens (live.h). */
#ifndef CONSOLE_CONSOLE_INT_H
#define CONSOLE_CONSOLE_INT_H

#include "console/cards.h"
#include "console/doing.h"
#include "console/live.h"
#include "console/visit.h"
#include "console/webpage.h"

#endif
