/* remove: resources are taken from the simulated FHIR server, as a script does before it begins. */
#include "endpoint/rest.h"
#include "steps/steps_int.h"

static const struct key keys[] = {
    {"type", KEY_TEXT, true, NULL}, {"id", KEY_TEXT, false, NULL}, {"search", KEY_MAP, false, NULL}, {0}};

static void parse(struct step *s, struct keys *k) {
  const struct node *n = s->args_node;
  struct str type = keys_text(n, "type");
  args_type(k, n, "type");
  args_one_of(k, n, "id", "search");
  for (NODE_EACH(c, node_child(n, "search"))) {
    if (c->kind != NODE_STRING) keys_complain(k, c, "the value of \"%.*s\" must be a text", STR_F(c->name));
    if (!rest_parameter_known(type, c->name))
      keys_complain(k, c, "the server does not search by \"%.*s\"; it does by %.*s", STR_F(c->name),
                    STR_F(rest_parameters(k->arena, type)));
  }
  steps_default_texts(
      s,
      (struct protocol_text){arena_printf(k->arena, "%.*s is removed from the FHIR server", STR_F(type)),
                             arena_printf(k->arena, "%.*s fjernes fra FHIR-serveren", STR_F(type))},
      (struct protocol_text){STR("It is not there any more"), STR("Den er der ikke længere")});
}

struct removing {
  const struct step_view *v;
  struct rest_query query;
  struct str id;
};

static int read_query(struct removing *r, struct error *e) {
  const struct node *args = r->v->at->step->args_node;
  struct expander x = {.v = r->v};
  if (expand_text(&r->id, &x, keys_text(args, "id"), EXPAND_PLAIN, e) < 0) return -1;
  for (NODE_EACH(c, node_child(args, "search"))) {
    struct str value;
    if (expand_text(&value, &x, c->text, EXPAND_PLAIN, e) < 0) return -1;
    VEC_PUSH(r->v->scratch, &r->query.terms, ((struct fact){c->name, value}));
  }
  return 0;
}

/* 1: it is meant, 0: it is not, -1: its bytes cannot be had. */
static int is_meant(const struct removing *r, const struct state_resource *x, struct error *e) {
  struct str type = keys_text(r->v->at->step->args_node, "type"), bytes;
  const struct step_services *s = r->v->services;
  struct str party = r->v->at->step->at;
  bool current = state_resource_find(r->v->state, party, x->type, x->id) == x;
  if (!current || x->gone || !str_eq(x->type, type)) return 0;
  if (r->id.n) return str_eq(x->id, r->id);
  if (s->blob(s->context, x->digest, r->v->scratch, &bytes, e) < 0) return -1;
  return rest_matches(r->v->scratch, bytes, x->id, &r->query);
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  struct removing r = {.v = v};
  if (read_query(&r, e) < 0) return e->code == ERR_PEER ? 0 : -1;
  for (size_t i = 0; i < v->state->resources.n; i++) {
    const struct state_resource *x = &v->state->resources.v[i];
    int meant = is_meant(&r, x, e);
    if (meant < 0 || (meant && h->remove(h->context, v, x->type, x->id, e) < 0)) return -1;
  }
  return 0;
}

/* What was there is gone when its event is folded in: how much it was is told by the log. */
static void judge(const struct step_view *v, struct judgement *j) {
  struct removing r = {.v = v};
  struct error e;
  size_t n = 0;
  if (read_query(&r, &e) < 0) {
    judge_unresolved(j, &e);
    return;
  }
  for (size_t i = 0; i < v->state->resources.n; i++) {
    const struct state_resource *x = &v->state->resources.v[i];
    n += x->removed_by == v->at && x->seq > v->at->opened_seq;
  }
  judge_actual(j, arena_printf(v->scratch, "%zu removed", n), arena_printf(v->scratch, "%zu fjernet", n));
}

const struct step_kind step_remove = {.word = "remove",
                                      .part = STEP_PREPARES,
                                      .keys = keys,
                                      .parse = parse,
                                      .effect = effect,
                                      .judge = judge,
                                      .fits = rest_fits};
