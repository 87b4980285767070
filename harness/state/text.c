/* ${...} in what people read: what the run knows is put in, the rest stays as it is written. */
#include "state/state_int.h"

#include "base/buf.h"

#define TEXT_MAX ((size_t)1 << 20)

static struct str fact_of(const struct facts *f, struct str name) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eq(f->list.v[i].name, name)) return f->list.v[i].value;
  return (struct str){0};
}

struct str state_variable(const struct state *s, struct str name) {
  struct str value = fact_of(&s->variables, name);
  if (!value.n) value = fact_of(&s->parameters, name);
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

struct str state_text(struct arena *a, const struct state *s, struct str text) {
  struct buf b;
  if (str_find(text, STR("${"), 0) == SIZE_MAX) return text;
  buf_init(&b, TEXT_MAX);
  for (size_t at = 0; at < text.n;) {
    size_t open = str_find(text, STR("${"), at);
    size_t close = open == SIZE_MAX ? SIZE_MAX : str_find(text, STR("}"), open);
    buf_add(&b, str_sub(text, at, close == SIZE_MAX ? text.n : open));
    if (close == SIZE_MAX) break;
    struct str name = str_trim(str_sub(text, open + 2, close)), value = state_variable(s, name);
    if (!value.n) value = message_fact(s, name);
    buf_add(&b, value.n ? value : str_sub(text, open, close + 1));
    at = close + 1;
  }
  return buf_take(&b, a);
}
