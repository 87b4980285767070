#include "cli/of_run.h"

#include "cli/shown.h"

int of_run_open(struct of_run *o, struct cli *c, const char *store, const char *run, struct error *e) {
  struct str id;
  if (session_open(&o->session, c, store, STORE_READ, e) < 0) return -1;
  o->session.options.even_damaged = true;
  if (session_load_run(&o->session, str_z(run), &id, e) == 0 && run_look(&o->run, id, &o->session.options, e) == 0) {
    if (shown_record(&o->session, o->run, &o->record, e) == 0) return 0;
    run_close(o->run);
  }
  session_close(&o->session);
  return -1;
}

void of_run_close(struct of_run *o) {
  run_close(o->run);
  session_close(&o->session);
}

int of_run_bytes(struct of_run *o, const char *message, struct arena *a, struct str *bytes, struct error *e) {
  const struct record_exchange *x = record_exchange_find(&o->record, str_z(message));
  *e = (struct error){0};
  if (!x) return error_set(e, ERR_CONFIG, "the run has no message \"%s\"", message);
  if (shown_exchange(&o->session, x, a, bytes, e)) return 0;
  return e->text[0] ? -1 : error_set(e, ERR_CONFIG, "the bytes of %s are withheld: %.*s", message, STR_F(x->withheld));
}
