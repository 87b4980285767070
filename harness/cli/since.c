#include "cli/since.h"

#include "cli/received.h"
#include "run/again.h"

#include <string.h>

static int same(const char *what, struct str was, struct str now, struct error *e) {
  if (str_eq(was, now)) return 0;
  return error_set(e, ERR_CONFIG, "--since: that run was of %s \"%.*s\", not of \"%.*s\"", what, STR_F(was),
                   STR_F(now));
}

/* The version of the system may be another one, and the protocol; not what they are. */
static int check_same(const struct plan *was, const struct plan *now, struct error *e) {
  if (same("the vendor", was->vendor->name, now->vendor->name, e) < 0) return -1;
  if (same("the system", was->vendor->system, now->vendor->system, e) < 0) return -1;
  if (same("the standard", was->protocol->standard, now->protocol->standard, e) < 0) return -1;
  return same("the role", was->protocol->role, now->protocol->role, e);
}

/* What a live test takes over was shown in another one: not in a self-test, nor where nobody of this laboratory was. */
static int check_may_carry(struct session *s, const struct state *old, struct error *e) {
  if (strcmp(s->options.mode, RECORD_CERTIFY) != 0) return 0;
  if (received_refuse(s, old->run, e) < 0) return -1;
  if (!state_is_assessed(old))
    return error_set(e, ERR_CONFIG,
                     "--since: run %.*s is a self-test; a live test takes over only what was shown in another one",
                     STR_F(old->run));
  if (old->damage.n)
    return error_set(e, ERR_CONFIG, "--since: run %.*s is not whole: %.*s", STR_F(old->run), STR_F(old->damage));
  return 0;
}

static const struct {
  const char *en, *da;
} why_words[] = {[CARRY_OVER] = {"carries over", "overføres"},
                 [CARRY_NEW] = {"is new", "er nyt"},
                 [CARRY_CHANGED] = {"has changed:", "er ændret:"},
                 [CARRY_PARAMETER] = {"uses the changed parameter", "bruger den ændrede parameter"},
                 [CARRY_DEFINITIONS] = {"is judged by other definitions", "bedømmes efter andre definitioner"},
                 [CARRY_NOT_PASSED] = {"had not passed:", "var ikke bestået:"},
                 [CARRY_USES] = {"depends on", "afhænger af"},
                 [CARRY_NEEDED] = {"is needed by", "kræves af"}};

static void say_step(struct cli *c, const struct carry *carry, size_t i) {
  const struct carry_row *row = &carry->rows[i];
  struct str what = row->what;
  if (row->why == CARRY_USES || row->why == CARRY_NEEDED) what = carry->depends->steps[row->of]->id;
  fprintf(c->out, "  %-12.*s %s %.*s\n", STR_F(carry->depends->steps[i]->id),
          c->danish ? why_words[row->why].da : why_words[row->why].en, STR_F(what));
}

static void say_other(struct cli *c, const char *en, const char *da, struct str was, struct str now) {
  if (!str_eq(was, now)) fprintf(c->out, "  %s: %.*s -> %.*s\n", c->danish ? da : en, STR_F(was), STR_F(now));
}

static void say_plan(struct cli *c, const struct carry *carry, const struct plan *now) {
  const struct plan *was = carry->old->plan;
  fprintf(c->out,
          c->danish ? "Siden %.*s: %zu teststeps udføres, %zu overføres\n"
                    : "Since %.*s: %zu steps are played, %zu carry over\n",
          STR_F(carry->old->run), carry->planned, carry->over);
  say_other(c, "protocol", "protokol", was->protocol->id, now->protocol->id);
  say_other(c, "version of the protocol", "protokollens version", was->protocol->version, now->protocol->version);
  say_other(c, "version of the system", "systemets version", carry->old->system_version, now->vendor->version);
  if (carry->other_definitions)
    fprintf(c->out, "  %s\n",
            c->danish ? "der bedømmes efter andre definitioner" : "it is judged by other definitions");
  for (size_t i = 0; i < carry->depends->n; i++) {
    bool is_told = carry->depends->steps[i] && (carry->rows[i].why != CARRY_OVER || c->log.level >= LOG_VERBOSE);
    if (is_told) say_step(c, carry, i);
  }
  for (size_t i = 0; i < carry->gone.n; i++)
    fprintf(c->out, "  %-12.*s %s\n", STR_F(carry->gone.v[i]->step->id),
            c->danish ? "er ikke i protokollen mere" : "is not in the protocol any more");
  fflush(c->out);
}

int since_open(struct since *out, struct session *s, const char *run, struct error *e) {
  struct session old = *s;
  struct str id;
  *out = (struct since){0};
  if (session_load_run(&old, str_z(run), &id, e) < 0 || received_refuse(&old, id, e) < 0) return -1;
  if (check_same(old.plan, s->plan, e) < 0) return -1;
  if (run_look(&out->run, id, &old.options, e) < 0) return -1;
  if (check_may_carry(s, run_state(out->run), e) < 0) {
    run_close(out->run);
    out->run = NULL;
    return -1;
  }
  struct carry_input in = {.old = run_state(out->run),
                           .plan = s->plan,
                           .parameters = s->options.parameters,
                           .definitions = str_z(s->options.standards.digest ? s->options.standards.digest : ""),
                           .files = {again_fixture, (void *)s->options.data_dir}};
  carry_make(&out->carry, s->arena, &in);
  say_plan(s->cli, &out->carry, s->plan);
  s->options.carry = &out->carry;
  return 0;
}

void since_close(struct since *since, struct session *s) {
  s->options.carry = NULL;
  run_close(since->run);
}
