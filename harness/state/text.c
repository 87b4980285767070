/* ${...} in what people read: what the run knows is put in, the rest stays as it is written. */
#include "state/state_int.h"

#include "protocol/fill.h"

static struct str fact_of(const struct facts *f, struct str name) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eq(f->list.v[i].name, name)) return f->list.v[i].value;
  return (struct str){0};
}

struct str state_variable(const struct state *s, struct str name) {
  struct str value = fact_of(&s->variables, name);
  if (!value.n) value = fact_of(&s->parameters, name);
  if (!value.n) value = fact_of(&s->addresses, name);
  const struct protocol *p = s->plan->protocol;
  for (size_t i = 0; i < p->parameters.n && !value.n; i++)
    if (str_eq(p->parameters.v[i].name, name)) value = p->parameters.v[i].value;
  return value.n ? value : plan_variable(s->plan, name);
}

static struct str message_fact(const struct state *s, struct str name) {
  struct str fact = name;
  const struct state_message *m = state_message_find(s, str_cut(&fact, '.'));
  return m && fact.n ? fact_of(&m->facts, fact) : (struct str){0};
}

/* What a text is filled from. */
struct filling {
  const struct state *state;
};

static struct str value_of(void *payload, struct str name) {
  const struct filling *f = payload;
  struct str value = state_variable(f->state, name);
  return value.n ? value : message_fact(f->state, name);
}

struct str state_text(struct arena *a, const struct state *s, struct str text) {
  struct filling f = {s};
  return fill_text(a, text, value_of, &f);
}
