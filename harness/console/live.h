/* live: pages that follow what happens, by server-sent events (HTML, 9.2): a visit is held until its topic is touched.
 * Nothing but "changed" is sent, so that no event tells what its visitor may not see. */
#ifndef CONSOLE_LIVE_H
#define CONSOLE_LIVE_H

#include "console/visit.h"

/* Holds a visit as server-sent events (text/event-stream) until its topic is touched: then "data: changed" is sent, and
 * the browser asks again. Topics: a run's id, "runs" for any, live_topic_of for those of an organisation. Of one
 * account, and in all, only so many are held: the oldest is told to come back later. */
void live_hold(struct visit *v, struct str topic);
/* A count of all that was touched: a page tells by it what it shows already. */
int64_t live_age(const struct console *c);
/* The attributes of an element that follows a topic: where its events are, printf-like. Only directly after page_open.
 */
void page_live(struct visit *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void live_touch(struct console *c, struct str topic);
/* Who follows a list that has this run: MedCom, and those whose it is. */
void live_touch_lists(struct console *c, struct str run);
/* Who follows a list of that organisation's runs. */
void live_touch_owner(struct console *c, int64_t organisation);
struct str live_topic_of(struct arena *a, int64_t organisation);
struct live *live_new(struct console *c);
void live_free(struct live *l);

#endif
