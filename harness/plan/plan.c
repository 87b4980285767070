#include "plan/plan.h"

#include "record/record.h"

#include "base/buf.h"
#include "base/map.h"

#define LIST_TEXT_MAX ((size_t)700)

/* Without the "!". */
static struct str capability_of(struct str when) {
  return str_starts(when, STR("!")) ? str_sub(when, 1, when.n) : when;
}

static struct str declared(const struct vendor *v, struct str capability) {
  for (size_t i = 0; i < v->capabilities.list.n; i++)
    if (str_eq(v->capabilities.list.v[i].name, capability)) return v->capabilities.list.v[i].value;
  return (struct str){0};
}

bool plan_when(const struct vendor *v, struct str when) {
  if (when.n == 0) return true;
  bool has = str_eqz(declared(v, capability_of(when)), "true");
  return str_starts(when, STR("!")) ? !has : has;
}

struct plan_vendors plan_vendors(const struct plan *p) {
  return (struct plan_vendors){.own = p->vendor, .others = p->parties.v, .others_n = p->parties.n};
}

struct vendor *plan_vendor(const struct plan *p, struct str mailbox) {
  struct str party = protocol_owner(p->protocol, mailbox);
  for (size_t i = 0; i < p->parties.n; i++)
    if (str_eq(p->parties.v[i].name, party)) return p->parties.v[i].vendor;
  return party.n ? NULL : p->vendor;
}

struct vendor_wire plan_wire(const struct protocol *p, const struct vendor *v, struct str mailbox) {
  const struct protocol_service *s = protocol_service(p, mailbox);
  if (s) return (struct vendor_wire){.vendor = v, .exchange = s->kind};
  return (struct vendor_wire){.vendor = v, .exchange = v->exchange, .shared_port = v->shared_port};
}

struct str plan_exchange(const struct plan *p, struct str mailbox) {
  return plan_wire(p->protocol, plan_vendor(p, mailbox), mailbox).exchange;
}

bool plan_step_applies(const struct plan *p, const struct step *s) {
  const struct vendor *v = plan_vendor(p, s->party);
  return v && plan_when(v, s->when);
}

static struct str variable_of(const struct vendor *v, struct str head, struct str rest) {
  for (size_t i = 0; i < v->variables.list.n; i++) {
    const struct fact *f = &v->variables.list.v[i];
    struct str field = f->name;
    if (str_eq(str_cut(&field, '.'), head) && str_eq(field, rest)) return f->value;
  }
  return (struct str){0};
}

struct str plan_variable(const struct plan *p, struct str name) {
  struct str rest = name, head = str_cut(&rest, '.');
  const struct vendor *party = head.n ? plan_vendor(p, head) : NULL;
  return party ? variable_of(party, STR("vendor"), rest) : variable_of(p->vendor, head, rest);
}

/* Where a capability is asked for: in the protocol, or in a file of fragments. */
struct asked {
  const struct source *source;
  int line, col;
};

/* The capabilities that are asked for and not declared, with the `when` that asks first. */
struct missing {
  struct arena *arena;
  const struct vendor *vendor;
  struct str party; /* whose steps are looked at */
  struct map seen;  /* name -> struct asked */
};

static void ask(struct missing *m, struct str when, const struct node *owner, const struct source *source) {
  struct str capability = capability_of(when);
  if (capability.n == 0 || declared(m->vendor, capability).n || map_get(&m->seen, capability)) return;
  const struct node *at = node_child(owner, "when");
  struct asked *asked = ARENA_NEW(m->arena, struct asked);
  *asked = (struct asked){source, at ? at->line : 0, at ? at->col : 0};
  map_set(&m->seen, capability, asked);
}

static void ask_all(struct missing *m, const struct protocol *p) {
  for (size_t i = 0; i < p->cases.n; i++) {
    const struct protocol_case *c = p->cases.v[i];
    if (!m->party.n) ask(m, c->when, c->node, &p->source);
    for (size_t j = 0; j < c->steps.n; j++) {
      const struct step *s = c->steps.v[j];
      if (str_eq(s->party, m->party)) ask(m, s->when, s->node, s->source);
    }
  }
}

static int check_declared(struct arena *a, const struct protocol *p, struct str party, const struct vendor *v,
                          struct error *e) {
  struct missing m = {.arena = a, .vendor = v, .party = party};
  map_init(&m.seen, a);
  ask_all(&m, p);
  if (m.seen.n == 0) return 0;
  const struct asked *first = m.seen.entries[0].value;
  struct buf list;
  buf_init(&list, LIST_TEXT_MAX);
  for (size_t i = 0; i < m.seen.n; i++) {
    const struct asked *at = m.seen.entries[i].value;
    buf_printf(&list, "%s\"%.*s\" (", i ? ", " : "", STR_F(m.seen.entries[i].key));
    if (at->source == first->source)
      buf_printf(&list, "line %d)", at->line);
    else
      buf_printf(&list, "%.*s:%d)", STR_F(at->source->name), at->line);
  }
  struct str names = buf_take(&list, a);
  return error_at(e, ERR_CONFIG, first->source->name, first->line, first->col,
                  "%.*s does not declare %.*s; add a line such as \"%.*s: true\" or \"%.*s: false\" under its "
                  "\"capabilities\" for each",
                  STR_F(v->source.name), STR_F(names), STR_F(m.seen.entries[0].key), STR_F(m.seen.entries[0].key));
}

static bool is_chosen(struct str id, const struct str *only, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(id, only[i])) return true;
  return n == 0;
}

static int check_chosen(struct arena *a, const struct protocol *p, const struct str *only, size_t n, struct error *e) {
  for (size_t i = 0; i < n; i++) {
    if (protocol_case_find(p, only[i])) continue;
    struct buf known;
    buf_init(&known, LIST_TEXT_MAX);
    for (size_t j = 0; j < p->cases.n; j++) buf_printf(&known, "%s%.*s", j ? ", " : "", STR_F(p->cases.v[j]->id));
    struct str ids = buf_take(&known, a);
    return error_set(e, ERR_CONFIG, "%.*s has no case \"%.*s\"; it has: %.*s", STR_F(p->source.name), STR_F(only[i]),
                     STR_F(ids));
  }
  return 0;
}

static int check_step(const struct plan *plan, const struct step *s, struct error *e) {
  struct vendor *v = plan_vendor(plan, s->party);
  struct error why;
  if (!v)
    return error_at(e, ERR_CONFIG, s->source->name, s->node->line, s->node->col,
                    "step %.*s needs another system, \"%.*s\", to take part; name its vendor file too: --vendor "
                    "%.*s=FILE",
                    STR_F(s->id), STR_F(s->party), STR_F(s->party));
  if (!s->kind->fits || !plan_when(v, s->when)) return 0;
  struct vendor_wire wire = plan_wire(plan->protocol, v, s->at);
  if (s->kind->fits(s, &wire, &why) == 0) return 0;
  return error_at(e, why.code, s->source->name, s->node->line, s->node->col, "step %.*s: %s", STR_F(s->id), why.text);
}

/* Only what will be run must be possible. */
static int check_fits(const struct plan *plan, struct error *e) {
  for (size_t i = 0; i < plan->cases.n; i++) {
    const struct protocol_case *c = plan->cases.v[i].c;
    for (size_t k = 0; k < c->steps.n && plan->cases.v[i].applies; k++)
      if (check_step(plan, c->steps.v[k], e) < 0) return -1;
  }
  return 0;
}

static struct plan_case plan_one(struct arena *a, struct protocol_case *c, const struct vendor *v, bool chosen) {
  struct plan_case pc = {.c = c, .applies = chosen && plan_when(v, c->when)};
  if (!chosen)
    pc.reason = STR(RECORD_NOT_CHOSEN);
  else if (!pc.applies)
    pc.reason =
        arena_printf(a, "%.*s: %.*s", STR_F(capability_of(c->when)), STR_F(declared(v, capability_of(c->when))));
  return pc;
}

static int join(struct plan *plan, struct arena *a, const struct plan_vendors *v, struct error *e) {
  const struct protocol *p = plan->protocol;
  for (size_t i = 0; i < v->others_n; i++)
    if (!protocol_party(p, v->others[i].name))
      return error_set(e, ERR_CONFIG, "protocol %.*s has no party \"%.*s\"", STR_F(p->id), STR_F(v->others[i].name));
  for (size_t i = 0; i < p->parties.n; i++)
    for (size_t k = 0; k < v->others_n; k++) {
      if (!str_eq(v->others[k].name, p->parties.v[i].name)) continue;
      if (vendor_check_distinct(plan->vendor, v->others[k].vendor, e) < 0) return -1;
      for (size_t m = 0; m < plan->parties.n; m++)
        if (vendor_check_distinct(plan->parties.v[m].vendor, v->others[k].vendor, e) < 0) return -1;
      if (check_declared(a, p, v->others[k].name, v->others[k].vendor, e) < 0) return -1;
      VEC_PUSH(a, &plan->parties, v->others[k]);
    }
  return 0;
}

int plan_make(struct plan **out, struct arena *a, struct protocol *p, struct vendor *v, const struct str *only,
              size_t n, struct error *e) {
  struct plan_vendors alone = {.own = v};
  return plan_make_with(out, a, p, &alone, only, n, e);
}

int plan_make_with(struct plan **out, struct arena *a, struct protocol *p, const struct plan_vendors *vendors,
                   const struct str *only, size_t n, struct error *e) {
  struct vendor *v = vendors->own;
  if (check_chosen(a, p, only, n, e) != 0 || check_declared(a, p, (struct str){0}, v, e) != 0) return -1;
  struct plan *plan = ARENA_NEW(a, struct plan);
  plan->protocol = p;
  plan->vendor = v;
  if (join(plan, a, vendors, e) < 0) return -1;
  for (size_t i = 0; i < p->cases.n; i++) {
    struct protocol_case *c = p->cases.v[i];
    VEC_PUSH(a, &plan->cases, plan_one(a, c, v, is_chosen(c->id, only, n)));
  }
  if (check_fits(plan, e) != 0) return -1;
  *out = plan;
  return 0;
}
