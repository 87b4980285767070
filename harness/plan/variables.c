/* ${counterpart.yder} and its like: what a protocol needs of a vendor file, before a run begins. */
#include "plan/plan.h"

static bool is_in(struct str s, const char *const *list) {
  for (; *list; list++)
    if (str_eqz(s, *list)) return true;
  return false;
}

/* "counterpart.2.gln", "person.cpr", "vendor.yder", and those of other systems: nothing else a vendor file gives. */
static bool is_of_vendor_file(const struct plan *plan, struct str name) {
  static const char *const heads[] = {"vendor", "counterpart", "person", NULL};
  static const char *const fields[] = {"name",  "gln",    "sor",      "organisation", "yder", "cpr",
                                       "given", "family", "stations", "device",       NULL};
  struct str field = name, head = str_cut(&field, '.');
  int64_t number;
  if (!is_in(head, heads) && !protocol_party(plan->protocol, head)) return false;
  if (str_index(field, '.') != SIZE_MAX && !str_int(str_cut(&field, '.'), &number)) return false;
  return is_in(field, fields);
}

/* The first variable in a text that the vendor file does not give; empty: none. */
static struct str lacking(const struct plan *plan, struct str text) {
  for (size_t at = 0; (at = str_find(text, STR("${"), at)) != SIZE_MAX; at += 2) {
    size_t close = str_find(text, STR("}"), at);
    struct str name = close == SIZE_MAX ? (struct str){0} : str_trim(str_sub(text, at + 2, close));
    if (is_of_vendor_file(plan, name) && plan_variable(plan, name).n == 0) return name;
  }
  return (struct str){0};
}

static struct str lacking_below(const struct plan *plan, const struct node *n, const struct node **at) {
  struct str name = lacking(plan, n->text);
  *at = n;
  for (const struct node *c = n->first; c && name.n == 0; c = c->next) name = lacking_below(plan, c, at);
  return name;
}

static int check_step(const struct plan *plan, const struct step *s, struct error *e) {
  const struct node *at;
  struct str name = lacking_below(plan, s->node, &at), head = name;
  if (name.n == 0) return 0;
  head = str_cut(&head, '.');
  const struct vendor *v = protocol_party(plan->protocol, head) ? plan_vendor(plan, head) : plan->vendor;
  return error_at(e, ERR_CONFIG, s->source->name, at->line, at->col,
                  "step %.*s needs ${%.*s}, which %.*s does not give", STR_F(s->id), STR_F(name),
                  STR_F(v->source.name));
}

int plan_check_variables(const struct plan *plan, struct error *e) {
  for (size_t i = 0; i < plan->cases.n; i++) {
    const struct protocol_case *c = plan->cases.v[i].c;
    for (size_t k = 0; k < c->steps.n && plan->cases.v[i].applies; k++)
      if (plan_step_applies(plan, c->steps.v[k]) && check_step(plan, c->steps.v[k], e) < 0) return -1;
  }
  return 0;
}
