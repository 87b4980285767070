#include "cli/notify.h"

#include "net/child.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "state/attempt.h"

#include "base/map.h"

#include <stdlib.h>

#define BODY_MAX ((size_t)256 << 10)
#define ON_THEIR_WAY_MAX 1000         /* a receiver that is away must not fill the memory */
#define PAUSE_MAX_MS INT64_C(3600000) /* from here on it grows no more */
#define ANSWER_MAX ((size_t)64 << 10)

enum owner { VENDOR, MEDCOM, OWNERS };

static const char *const owner_names[OWNERS] = {[VENDOR] = "vendor", [MEDCOM] = "medcom"};

struct watch {
  struct notify *n;
  struct str run;
  struct loop_timer *timer;
  bool told[OWNERS]; /* for as long as the run waits for him */
};

/* One on its way, by webhook or by mail; malloc'd, for there are many over the days. */
struct delivery {
  struct notify *n;
  struct delivery *next;
  struct arena *arena;
  struct str body, what;
  bool mail;
  int64_t tries;
  struct loop_timer *timer;
  struct child *child;
};

struct notify {
  struct arena *arena;
  struct cli *cli;
  struct loop *loop;
  struct http_client *http;
  const struct notify_config *config;
  const struct state *(*find)(void *context, struct str run);
  void *context;
  struct map watches; /* run -> struct watch */
  struct delivery *deliveries;
  size_t deliveries_n;
};

/* ---- deliveries ---- */

static void attempt(void *payload);

static void let_go(struct delivery *d) {
  struct delivery **at = &d->n->deliveries;
  while (*at != d) at = &(*at)->next;
  *at = d->next;
  d->n->deliveries_n--;
  if (d->timer) loop_cancel(d->n->loop, d->timer);
  child_stop(d->child);
  arena_free(d->arena);
  free(d);
}

static void failed(struct delivery *d, const char *why) {
  const struct notify_config *c = d->n->config;
  const char *how = d->mail ? "mail" : "webhook";
  if (d->tries >= c->tries) {
    cli_usage(d->n->cli, "the notice of %.*s was not delivered by %s after %lld tries: %s", STR_F(d->what), how,
              (long long)d->tries, why);
    let_go(d);
    return;
  }
  int64_t pause = c->retry_ms;
  for (int64_t i = 1; i < d->tries && pause < PAUSE_MAX_MS; i++) pause *= 2;
  log_say(&d->n->cli->log, LOG_NORMAL, "the notice of %.*s could not be delivered by %s: %s; again in %lld s",
          STR_F(d->what), how, why, (long long)((pause + 999) / 1000));
  d->timer = loop_after(d->n->loop, pause, attempt, d);
}

static void on_answer(void *payload, const struct http_answer *answer) {
  struct delivery *d = payload;
  if (answer->status >= 200 && answer->status < 300) {
    let_go(d);
    return;
  }
  failed(d, answer->failure ? answer->failure : arena_printf(d->arena, "HTTP %d", answer->status).p);
}

static void on_mailed(void *payload, int exit_code) {
  struct delivery *d = payload;
  child_stop(d->child);
  d->child = NULL;
  if (!exit_code) {
    let_go(d);
    return;
  }
  failed(d, arena_printf(d->arena, "the command ended with %d", exit_code).p);
}

static void mail(struct delivery *d) {
  const struct notify_config *c = d->n->config;
  const char **argv = ARENA_ARRAY(d->arena, const char *, c->command.n + 1);
  struct child_events ev = {.ended = on_mailed, .payload = d};
  struct error e;
  for (size_t i = 0; i < c->command.n; i++) argv[i] = arena_z(d->arena, c->command.v[i]);
  if (child_start_fed(&d->child, d->n->loop, argv, d->body, &ev, &e) < 0) failed(d, e.text);
}

static void attempt(void *payload) {
  struct delivery *d = payload;
  d->timer = NULL;
  d->tries++;
  if (d->mail) {
    mail(d);
    return;
  }
  http_call(d->n->http, &(struct http_call){.method = "POST",
                                            .url = arena_z(d->arena, d->n->config->webhook),
                                            .content_type = "application/json",
                                            .body = d->body,
                                            .body_max = ANSWER_MAX,
                                            .done = on_answer,
                                            .payload = d});
}

static void deliver(struct notify *n, const struct notice *x, const struct notify_owner *to) {
  struct buf b;
  if (n->deliveries_n == ON_THEIR_WAY_MAX) {
    cli_usage(n->cli, "the notice of %.*s is not sent: %d others are still on their way", STR_F(x->run),
              ON_THEIR_WAY_MAX);
    return;
  }
  struct delivery *d = calloc(1, sizeof *d);
  if (!d) BUG("out of memory: a notice");
  *d = (struct delivery){.n = n, .next = n->deliveries, .arena = arena_new(0), .mail = to != NULL};
  buf_init(&b, BODY_MAX);
  if (to)
    notify_mail(&b, n->config, to, x);
  else
    notify_json(&b, x);
  d->body = buf_take(&b, d->arena);
  d->what = arena_str(d->arena, x->run);
  n->deliveries = d;
  n->deliveries_n++;
  attempt(d);
}

/* ---- who is waited for ---- */

/* The first step that waits for that owner; NULL: nothing does. */
static const struct state_step *waits_for(const struct state *s, enum owner o) {
  for (size_t i = 0; i < s->cases_n && !s->ended_at; i++) {
    const struct state_step *st = state_current(&s->cases[i]);
    if (st && st->opened && str_eqz(st->owner, owner_names[o])) return st;
  }
  return NULL;
}

static struct str link_of(struct arena *a, struct str pattern, struct str run) {
  size_t at = str_find(pattern, STR("{run}"), 0);
  if (at == SIZE_MAX) return pattern;
  return arena_printf(a, "%.*s%.*s%.*s", STR_F(str_sub(pattern, 0, at)), STR_F(run),
                      STR_F(str_sub(pattern, at + 5, pattern.n)));
}

static void tell(struct notify *n, const struct state *s, const struct state_step *st) {
  const struct vendor *v = s->plan->vendor;
  struct arena *a = arena_new(0);
  struct notice x = {.run = s->run,
                     .protocol = s->plan->protocol->id,
                     .version = s->plan->protocol->version,
                     .vendor = v->name,
                     .system = v->system,
                     .system_version = v->version,
                     .step = st->step->id,
                     .owner = st->owner,
                     .link = link_of(a, n->config->link, s->run),
                     .since = st->opened_at};
  struct str to = str_eqz(st->owner, owner_names[MEDCOM]) ? st->owner : v->name;
  if (n->config->webhook.n) deliver(n, &x, NULL);
  for (size_t i = 0; i < n->config->owners.n; i++)
    if (str_eq(n->config->owners.v[i].name, to)) deliver(n, &x, &n->config->owners.v[i]);
  arena_free(a);
}

static void look(void *payload) {
  struct watch *w = payload;
  const struct state *s = w->n->find(w->n->context, w->run);
  w->timer = NULL;
  for (int o = 0; s && o < OWNERS; o++) {
    const struct state_step *st = waits_for(s, (enum owner)o);
    if (st && !w->told[o]) tell(w->n, s, st);
    w->told[o] = st != NULL;
  }
}

static struct watch *watch_of(struct notify *n, struct str run) {
  struct watch *w = map_get(&n->watches, run);
  if (w) return w;
  w = ARENA_NEW(n->arena, struct watch);
  *w = (struct watch){.n = n, .run = arena_str(n->arena, run)};
  (void)map_set(&n->watches, w->run, w);
  return w;
}

/* Each event begins the time anew: a run in which something happens does not stand. */
void notify_event(struct notify *n, const struct state *s) {
  struct watch *w = watch_of(n, s->run);
  if (w->timer) loop_cancel(n->loop, w->timer);
  w->timer = loop_after(n->loop, n->config->after_ms, look, w);
}

void notify_known(struct notify *n, const struct state *s) {
  struct watch *w = watch_of(n, s->run);
  for (int o = 0; o < OWNERS; o++) w->told[o] = waits_for(s, (enum owner)o) != NULL;
}

int notify_open(struct notify **out, struct arena *a, struct cli *c, struct loop *l, const struct notify_config *config,
                const struct state *(*find)(void *context, struct str run), void *context, struct error *e) {
  struct notify *n = ARENA_NEW(a, struct notify);
  *n = (struct notify){.arena = a, .cli = c, .loop = l, .config = config, .find = find, .context = context};
  map_init(&n->watches, a);
  if (http_client_open(&n->http, l, e) < 0) return -1;
  *out = n;
  return 0;
}

void notify_close(struct notify *n) {
  if (!n) return;
  for (size_t i = 0; i < n->watches.n; i++) {
    struct watch *w = n->watches.entries[i].value;
    if (w->timer) loop_cancel(n->loop, w->timer);
  }
  if (n->deliveries_n) cli_usage(n->cli, "%zu notices were still on their way", n->deliveries_n);
  http_client_close(n->http);
  while (n->deliveries) let_go(n->deliveries);
}
