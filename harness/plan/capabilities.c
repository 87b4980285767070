#include "plan/capabilities.h"

#include "standards/catalogue.h"

enum plan_rule { PLAN_SEEN_UNDECLARED, PLAN_SEEN_UNCLAIMED, PLAN_DECLARED_UNSEEN, PLAN_RULES_N };

static const struct rule table[PLAN_RULES_N] = {
    [PLAN_SEEN_UNDECLARED] =
        {"plan.seen-undeclared", SEV_WARNING, "vendors/README.md",
         "The vendor file declares {1}: false, but the system did it. Declare it, so that it is tested.",
         "Leverandørfilen angiver {1}: false, men systemet gjorde det. Angiv det, så det bliver testet."},
    [PLAN_SEEN_UNCLAIMED] = {"plan.seen-unclaimed", SEV_WARNING, "vendors/README.md",
                             "The system sent {1}, which the vendor file does not claim as a sender.",
                             "Systemet sendte {1}, som leverandørfilen ikke gør krav på som afsender."},
    [PLAN_DECLARED_UNSEEN] =
        {"plan.declared-unseen", SEV_WARNING, "vendors/README.md",
         "The vendor file declares {1}: true, but it was not seen: none of the {2} steps that depend on it passed.",
         "Leverandørfilen angiver {1}: true, men det blev ikke set: ingen af de {2} teststep, der afhænger af det, "
         "bestod."},
};
const struct rule *const plan_rules = table;
const size_t plan_rules_n = PLAN_RULES_N;

/* "*": any value will do, as long as there is one. */
static bool shows(const struct capability_message *m, const struct protocol_capability *c) {
  for (size_t i = 0; i < c->seen.list.n; i++) {
    const struct fact *want = &c->seen.list.v[i];
    struct str have = {0};
    for (size_t k = 0; k < m->facts->list.n; k++)
      if (str_eq(m->facts->list.v[k].name, want->name)) have = m->facts->list.v[k].value;
    if (!have.n || (!str_eqz(want->value, "*") && !str_eq(have, want->value))) return false;
  }
  return c->seen.list.n > 0;
}

static const struct capability_message *shown_by(const struct capability_sight *seen,
                                                 const struct protocol_capability *c) {
  for (size_t i = 0; i < seen->messages.n; i++)
    if (shows(&seen->messages.v[i], c)) return &seen->messages.v[i];
  return NULL;
}

static struct str declared(const struct plan *p, struct str name) {
  for (size_t i = 0; i < p->vendor->capabilities.list.n; i++)
    if (str_eq(p->vendor->capabilities.list.v[i].name, name)) return p->vendor->capabilities.list.v[i].value;
  return (struct str){0};
}

static void check_undeclared(struct findings *f, const struct plan *p, const struct capability_sight *seen) {
  for (size_t i = 0; i < p->protocol->capabilities.n; i++) {
    const struct protocol_capability *c = &p->protocol->capabilities.v[i];
    const struct capability_message *m = shown_by(seen, c);
    if (m && str_eqz(declared(p, c->name), "false"))
      FINDING(f, &table[PLAN_SEEN_UNDECLARED], ((struct place){.message = m->id}), c->name);
  }
}

static bool claims(const struct vendor *v, struct str standard) {
  for (size_t i = 0; i < v->claims.n; i++)
    if (str_eq(v->claims.v[i].standard, standard) && facts_get(&v->claims.v[i].roles, "sender").n) return true;
  return false;
}

/* Each standard once, by the first message of it. */
static void check_unclaimed(struct findings *f, const struct plan *p, const struct capability_sight *seen) {
  if (str_eqz(p->protocol->role, "operator")) return; /* what it carries is not its own */
  for (size_t i = 0; i < seen->messages.n; i++) {
    const char *standard = standard_of_event(facts_get(seen->messages.v[i].facts, "event"));
    bool told = !standard || claims(p->vendor, str_z(standard));
    for (size_t k = 0; k < i && !told; k++)
      told = standard_of_event(facts_get(seen->messages.v[k].facts, "event")) == standard;
    if (!told)
      FINDING(f, &table[PLAN_SEEN_UNCLAIMED], ((struct place){.message = seen->messages.v[i].id}), str_z(standard));
  }
}

/* --- declared, but not seen ------------------------------------------------------- */

struct dependants {
  size_t n, passed;
};

static struct dependants dependants_of(const struct capability_sight *seen, struct str name) {
  struct dependants d = {0};
  for (size_t i = 0; i < seen->steps.n; i++) {
    const struct capability_step *s = &seen->steps.v[i];
    if (!s->applies || (!str_eq(s->step->when, name) && !str_eq(s->step->in->when, name))) continue;
    d.n++;
    d.passed += s->verdict == VERDICT_PASS;
  }
  return d;
}

static const struct protocol_capability *told_how(const struct plan *p, struct str name) {
  for (size_t i = 0; i < p->protocol->capabilities.n; i++)
    if (str_eq(p->protocol->capabilities.v[i].name, name)) return &p->protocol->capabilities.v[i];
  return NULL;
}

static void check_unseen(struct findings *f, const struct plan *p, const struct capability_sight *seen) {
  for (size_t i = 0; i < p->vendor->capabilities.list.n; i++) {
    const struct fact *c = &p->vendor->capabilities.list.v[i];
    struct dependants d = dependants_of(seen, c->name);
    const struct protocol_capability *how = told_how(p, c->name);
    if (!str_eqz(c->value, "true") || d.n == 0 || d.passed || (how && shown_by(seen, how))) continue;
    FINDING(f, &table[PLAN_DECLARED_UNSEEN], ((struct place){0}), c->name, arena_printf(f->arena, "%zu", d.n));
  }
}

void capabilities_check(struct findings *f, const struct plan *p, const struct capability_sight *seen) {
  check_undeclared(f, p, seen);
  check_unclaimed(f, p, seen);
  if (seen->ended) check_unseen(f, p, seen);
}
