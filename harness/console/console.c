#include "console/console.h"

#include "base/clock.h"
#include "base/file.h"
#include "console/console_int.h"
#include "console/offers.h"
#include "net/loop.h"

#include <stdlib.h>

/* While a run joins, commands have to wait: so long, then they are tried again. */
#define JOINING_MS 50
/* So long pages are made in a row; then it is the systems' turn, whose messages come in by the same loop. */
#define PAGES_MS 8

static void on_turn(void *payload);

static void wake(struct console *c, int64_t ms) {
  if (c->woken) return;
  c->woken = true;
  c->waker = loop_after(c->loop, ms, on_turn, c);
}

/* Asked anew each time: with the first password that is chosen, everybody logs in. If it cannot be told, too. */
static void check_local(struct console *c) {
  int64_t n = 1;
  struct error e;
  bool told = accounts_count(c->db, &n, &e) == 0;
  c->local = told && n == 0 && console_is_local(c->options.listen);
}

/* Requests come from within a turn of the server; pages may have commands carried out, which turn the loop themselves.
 * So they wait for a moment of their own, one after the other. */
static void on_turn(void *payload) {
  struct console *c = payload;
  c->woken = false, c->waker = NULL;
  if (c->busy) return;
  if (camp_is_joining(c->options.camp)) {
    wake(c, JOINING_MS);
    return;
  }
  c->busy = true;
  check_local(c);
  for (int64_t until = clock_monotonic() + PAGES_MS; c->first && clock_monotonic() < until;) {
    struct visit *v = c->first;
    c->first = v->next;
    if (!c->first) c->last = &c->first;
    if (v->go_on)
      v->go_on(v, v->go_on_with);
    else
      route_visit(v);
  }
  c->busy = false;
  if (c->first) wake(c, 0);
}

static void queue(struct visit *v) {
  struct console *c = v->console;
  v->next = NULL;
  *c->last = v;
  c->last = &v->next;
  wake(c, 0);
}

void visit_go_on(struct visit *v, void (*go_on)(struct visit *v, void *payload), void *payload) {
  v->go_on = go_on, v->go_on_with = payload;
  queue(v);
}

static void on_request(void *payload, struct http_request *r) {
  struct console *c = payload;
  struct visit *v = ARENA_NEW(r->arena, struct visit);
  *v = (struct visit){.console = c, .request = r, .arena = r->arena, .danish = c->options.danish};
  queue(v);
}

static size_t on_body(void *payload, struct http_request *r, const char **why) {
  struct console *c = payload;
  check_local(c);
  return route_body_max(c, r, why);
}

static void on_refused(void *payload, struct str peer, struct str path, int status, const char *why) {
  const struct console *c = payload;
  if (status)
    log_say(&c->options.log, LOG_VERBOSE, "console: %.*s %.*s: %d, %s", STR_F(peer), STR_F(path), status, why);
}

void console_touched(struct console *c, struct str run) {
  run_cards_touch(c->cards, run);
  live_touch(c, run);
  live_touch_lists(c, run);
}

const char *console_url(const struct console *c) {
  return http_server_url(c->server);
}

/* ---- opening ---- */

bool console_is_local(const char *address) {
  struct str listen = str_z(address);
  return str_starts(listen, STR("127.")) || str_starts(listen, STR("localhost:")) || str_starts(listen, STR("[::1]"));
}

/* "HOST:PORT": what is none is no address that is open to others, either. */
static bool is_host_and_port(struct str s) {
  size_t digits = 0;
  while (digits < s.n && s.p[s.n - 1 - digits] >= '0' && s.p[s.n - 1 - digits] <= '9') digits++;
  return digits && digits + 1 < s.n && s.p[s.n - 1 - digits] == ':';
}

static int check_open(struct console *c, struct error *e) {
  int64_t n;
  if (!is_host_and_port(str_z(c->options.listen)))
    return error_set(e, ERR_CONFIG, "--console %s is no HOST:PORT, such as 127.0.0.1:8651", c->options.listen);
  if (accounts_count(c->db, &n, e) < 0) return -1;
  if (console_is_local(c->options.listen)) return 0;
  if (!c->options.tls)
    return error_set(e, ERR_CONFIG,
                     "the console at %s is open to other machines, and wants TLS for that: start serve "
                     "with --certificate and --key, or with --console 127.0.0.1:PORT",
                     c->options.listen);
  if (n) return 0;
  return error_set(e, ERR_CONFIG,
                   "the console at %s is open to other machines, and nobody has an account with a password "
                   "yet: testcamp account add NAME --role medcom --initials XX, then testcamp account password NAME",
                   c->options.listen);
}

/* What a killed console left of uploads. */
static void clear_files(const struct console *c) {
  struct str folder = arena_printf(c->arena, "%s" VISIT_FOLDER, c->options.store_path);
  if (file_is_dir(folder.p)) visit_remove_folder((char *)folder.p);
}

static int open_server(struct console *c, struct error *e) {
  struct http_handler h = {.request = on_request, .body_max = on_body, .refused = on_refused, .payload = c};
  const struct console_options *o = &c->options;
  const char *spool = store_spool_dir(o->store);
  if (o->tls) return http_server_open_tls(&c->server, c->loop, o->listen, spool, &h, o->tls, e);
  return http_server_open(&c->server, c->loop, o->listen, spool, &h, e);
}

int console_open(struct console **out, const struct console_options *o, struct error *e) {
  struct arena *a = arena_new(0);
  struct console *c = ARENA_NEW(a, struct console);
  *c = (struct console){.arena = a, .options = *o, .loop = camp_loop(o->camp)};
  c->last = &c->first;
  c->tries_arena = arena_new(0);
  map_init(&c->tries, c->tries_arena);
  c->cards = run_cards_new(c);
  c->live = live_new(c);
  c->kept = kept_new();
  c->offers = offers_new(c);
  clear_files(c);
  if (db_open(&c->db, o->store_path, e) == 0 && check_open(c, e) == 0 &&
      setting_secret(c->db, a, "form-secret", &c->secret, e) == 0 && open_server(c, e) == 0) {
    run_cards_recall(c->cards);
    *out = c;
    return 0;
  }
  console_close(c);
  return -1;
}

void console_close(struct console *c) {
  if (!c) return;
  loop_cancel(c->loop, c->waker);
  jobs_end(c);
  live_free(c->live);
  kept_free(c->kept);
  http_server_close(c->server);
  run_cards_free(c->cards);
  offers_free(c->offers);
  board_free(c);
  db_close(c->db);
  arena_free(c->tries_arena);
  arena_free(c->arena);
}
