/* Messages with a CPR number of nobody on the list of test persons: kept, shown to be there, and given to no step until
 * a person lets them out. */
#include "run/run_int.h"

struct deep_number run_foreign(const struct run *r) {
  return r->o.foreign;
}

/* What a message brings along and may tell a number: its name, and what was read from it. */
static size_t blank_data(struct facts *data, const struct deep_finder *f) {
  size_t n = 0;
  for (size_t i = 0; i < data->list.n; i++) {
    struct fact *one = &data->list.v[i];
    if (str_eqz(one->name, "file") || str_starts(one->name, STR("fact.")))
      n += deep_blank(&one->value, data->arena, one->value, f);
  }
  return n;
}

void run_quarantine(struct run *r, struct event *received, struct str bytes) {
  const struct deep_finder f = {.next = deep_number_next, .context = &r->o.foreign};
  if (!r->o.foreign.wanted) return;
  size_t n = deep_count(bytes, &f) + blank_data(&received->data, &f);
  if (!n) return;
  facts_put(&received->data, STR("quarantine"), arena_printf(r->scratch, "%zu", n));
  log_say(&r->o.log, LOG_NORMAL,
          "%.*s is in quarantine: it has a CPR number that is not on the list of test persons (%zu places)",
          STR_F(event_get(received, "message")), n);
}

static int emit(struct run *r, struct event *ev, struct error *e) {
  if (run_emit(r, ev) == 0) return 0;
  *e = r->error;
  return -1;
}

int run_unquarantine(struct run *r, struct str message, struct str by, struct str why, struct error *e) {
  const struct state_message *m = state_message_find(r->state, message);
  if (!m || !m->quarantined)
    return error_set(e, ERR_CONFIG, "there is no message %.*s in quarantine; see testcamp list quarantined",
                     STR_F(message));
  struct event *ev = run_event(r, "released", NULL);
  facts_put(&ev->data, STR("message"), m->id);
  facts_put(&ev->data, STR("by"), by);
  facts_put(&ev->data, STR("why"), why);
  if (emit(r, ev, e) < 0) return -1;
  run_relay(r, m);
  return 0;
}

int run_declare(struct run *r, const char *how, struct error *e) {
  struct event *ev = run_event(r, "declared", NULL);
  facts_put(&ev->data, STR("what"), STR("test-persons-only"));
  facts_put(&ev->data, STR("how"), str_z(how));
  return emit(r, ev, e);
}
