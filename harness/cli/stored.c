#include "cli/stored.h"

struct visit {
  int (*fn)(void *payload, const struct stored_message *m, struct error *e);
  void *payload;
};

static int each_message(struct session *s, struct run *r, const struct visit *v, struct error *e) {
  struct record rec;
  if (run_record(r, &rec, s->arena, e) < 0) return cli_fail(s->cli, e), 0;
  for (size_t i = 0; i < rec.exchanges.n; i++) {
    const struct record_exchange *x = &rec.exchanges.v[i];
    if (x->outbound) continue;
    struct stored_message m = {.name = arena_printf(s->arena, "%.*s %.*s", STR_F(rec.run), STR_F(x->id)),
                               .system =
                                   arena_printf(s->arena, "%.*s %.*s", STR_F(rec.system), STR_F(rec.system_version)),
                               .bytes = x->bytes};
    if (!m.bytes.n)
      log_say(&s->cli->log, LOG_NORMAL, "%.*s is withheld, or too large to be judged again here", STR_F(m.name));
    else if (v->fn(v->payload, &m, e) < 0)
      return -1;
  }
  return 0;
}

static int each_run(struct session *s, const struct visit *v, struct error *e) {
  struct store_run *runs;
  size_t n;
  if (store_runs(s->store, s->arena, &runs, &n, e) < 0) return -1;
  for (size_t i = 0; i < n; i++) {
    struct str id;
    struct run *r;
    if (!event_is(runs[i].first, "run-started")) continue;
    if (session_load_run(s, runs[i].run, &id, e) < 0 || run_look(&r, id, &s->options, e) < 0) {
      cli_fail(s->cli, e);
      continue;
    }
    int rc = each_message(s, r, v, e);
    run_close(r);
    if (rc < 0) return -1;
  }
  return 0;
}

int stored_each(struct cli *c, const char *store,
                int (*fn)(void *payload, const struct stored_message *m, struct error *e), void *payload,
                struct error *e) {
  struct session s;
  struct visit v = {fn, payload};
  if (session_open(&s, c, store, STORE_READ, e) < 0) return -1;
  int rc = each_run(&s, &v, e);
  session_close(&s);
  return rc;
}
