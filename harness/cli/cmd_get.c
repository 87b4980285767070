#include "cli/commands.h"
#include "cli/received.h"

#include "base/file.h"
#include "endpoint/endpoint.h"

struct get_args {
  struct opt_list rest;
  const char *store, *to;
  bool payload;
};

/* One message as a file, its number first: names differ from message to message. What is for another system that takes
 * part lies in a folder of its name. */
static int write_message(struct session *s, const struct state_message *m, const struct get_args *a, struct error *e) {
  struct arena *scratch = arena_new(0);
  struct str bytes;
  struct str digest = a->payload && m->payload.n ? m->payload : m->digest;
  struct str name = arena_printf(scratch, "%.*s-%.*s", STR_F(m->id), STR_F(m->file));
  const char *dir = a->to ? a->to : ".";
  if (m->party.n) dir = file_join(scratch, dir, arena_z(scratch, m->party));
  const char *path = file_join(s->arena, dir, name.p);
  int result = store_blob_get(s->store, digest, scratch, &bytes, e);
  if (result == 0) result = file_mkdirs(dir, e);
  if (result == 0) result = file_write(path, bytes, e);
  if (result == 0) fprintf(s->cli->out, "%s\n", path);
  arena_free(scratch);
  return result;
}

static bool of_step(const struct state_message *m, const struct get_args *a, const struct state *st) {
  if (!m->outbound || m->request || str_eqz(m->status, ENDPOINT_DROPPED)) return false;
  if (a->rest.n < 2) return true;
  return m->owner == state_step_find(st, str_z(a->rest.v[1])) || str_eqz(m->id, a->rest.v[1]);
}

static int get(struct session *s, const struct get_args *a, struct error *e) {
  struct str id;
  struct run *r;
  size_t n = 0;
  if (session_load_run(s, str_z(a->rest.v[0]), &id, e) < 0 || received_refuse(s, id, e) < 0) return -1;
  if (run_look(&r, id, &s->options, e) < 0) return -1;
  const struct state *st = run_state(r);
  int result = 0;
  if (a->rest.n == 2 && !state_step_find(st, str_z(a->rest.v[1])) && !state_message_find(st, str_z(a->rest.v[1])))
    result = error_set(e, ERR_CONFIG, "the run has no step and no message \"%s\"", a->rest.v[1]);
  for (size_t i = 0; i < st->messages.n && result == 0; i++) {
    if (!of_step(st->messages.v[i], a, st)) continue;
    result = write_message(s, st->messages.v[i], a, e);
    if (result == 0) result = run_note_fetched(r, st->messages.v[i]->id, "get", e);
    n++;
  }
  if (result == 0) result = store_commit(s->store, e);
  run_close(r);
  if (result == 0 && n == 0) return error_set(e, ERR_CONFIG, "the harness has sent nothing there yet");
  return result;
}

static int cmd_get(struct cli *c, const struct command *self, int argc, char **argv) {
  struct get_args a = {0};
  struct session s;
  struct error e;
  const struct opt table[] = {{"to", OPT_TEXT, "DIR", "folder for the files (default: here)", &a.to},
                              {"payload", OPT_FLAG, NULL, "the bare message, without its envelope", &a.payload},
                              {"store", OPT_TEXT, "FILE", "event log", &a.store},
                              {0}};
  enum opts_result r = opts_read(c, self, table, argc, argv, &a.rest);
  if (r != OPTS_GO) return r == OPTS_HELP ? EXIT_OK : EXIT_USAGE;
  if (a.rest.n < 1 || a.rest.n > 2) return cli_usage(c, "usage: testcamp %s %s", self->name, self->arguments);
  if (session_open(&s, c, a.store, STORE_WRITE, &e) < 0) return cli_fail(c, &e);
  int code = get(&s, &a, &e) < 0 ? cli_fail(c, &e) : EXIT_OK;
  session_close(&s);
  return code;
}

const struct command command_get = {.name = "get",
                                    .arguments = "RUN [STEP|MESSAGE] [--to DIR] [--payload]",
                                    .summary = "fetch as files what the harness has sent",
                                    .run = cmd_get,
                                    .writes = true};
