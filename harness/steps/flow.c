/* flow: do messages that belong together fit each other (validate/flow.h)? */
#include "validate/flow.h"
#include "steps/steps_int.h"

static const struct key keys[] = {{"rule", KEY_TEXT, true, NULL},
                                  {"on", KEY_TEXT, true, NULL},
                                  {"answers", KEY_LIST, false, NULL},
                                  {"given", KEY_MAP, false, NULL},
                                  {0}};

#define ANSWERS_MAX 100

struct gathering {
  const struct step_view *v;
  struct judgement *j;
  const struct message *messages[ANSWERS_MAX + 1]; /* the request first */
  int64_t at[ANSWERS_MAX + 1];
  size_t n;
  bool missing; /* a finding tells of it */
};

struct checking {
  struct keys *keys;
  size_t n;
};

static void check_answer(void *payload, const struct node *item) {
  struct checking *c = payload;
  if (++c->n == ANSWERS_MAX + 1) keys_complain(c->keys, item, "at most %d answers can be judged", ANSWERS_MAX);
}

static void check_given(struct keys *k, const struct node *map) {
  for (NODE_EACH(n, map)) {
    if (!flow_fact_exists(n->name))
      keys_complain(k, n, "\"%.*s\" is no fact that the rules of flows know; protocols/README.md lists them",
                    STR_F(n->name));
    else if (n->kind != NODE_STRING)
      keys_complain(k, n, "\"%.*s\" must be a text", STR_F(n->name));
  }
}

static void parse(struct step *s, struct keys *k) {
  const struct node *n = s->args_node;
  struct str rule = keys_text(n, "rule");
  struct checking c = {.keys = k};
  if (!flow_rule_exists(rule))
    keys_complain(k, node_child(n, "rule"), "no rule begins with \"%.*s\"; see testcamp explain flow", STR_F(rule));
  keys_each(n, "answers", check_answer, &c);
  check_given(k, node_child(n, "given"));
  steps_default_texts(
      s,
      (struct protocol_text){arena_printf(k->arena, "The messages are compared by the rules %.*s", STR_F(rule)),
                             arena_printf(k->arena, "Meddelelserne sammenlignes efter reglerne %.*s", STR_F(rule))},
      (struct protocol_text){STR("They belong together as the rules say"), STR("De hører sammen, som reglerne siger")});
}

static void gather(void *payload, const struct node *item) {
  struct gathering *g = payload;
  struct expander x = {.v = g->v};
  struct str name;
  struct error e;
  if (g->missing || g->n > ANSWERS_MAX) return;
  struct message *m = ARENA_NEW(g->v->scratch, struct message);
  g->missing = true;
  if (expand_text(&name, &x, item->text, EXPAND_PLAIN, &e) < 0) {
    judge_unresolved(g->j, &e);
    return;
  }
  const struct state_message *sm = judge_message(g->v, g->j, name);
  if (!sm || !judge_open(m, g->v, g->j, name)) return;
  g->at[g->n] = sm->at;
  g->messages[g->n++] = m;
  g->missing = false;
}

static int read_given(struct facts *out, const struct step_view *v, struct error *e) {
  struct expander x = {.v = v};
  facts_init(out, v->scratch);
  for (NODE_EACH(n, node_child(v->at->step->args_node, "given"))) {
    struct str value;
    if (expand_text(&value, &x, n->text, EXPAND_PLAIN, e) < 0) return -1;
    facts_put(out, n->name, value);
  }
  return 0;
}

static void judge_case(struct gathering *g, const struct flows *flows, const struct facts *facts) {
  struct judgement *j = g->j;
  struct findings own;
  struct flow_case c = {.flows = flows,
                        .rule = keys_text(g->v->at->step->args_node, "rule"),
                        .request = g->messages[0],
                        .answers = &g->messages[1],
                        .answers_n = g->n - 1,
                        .at = g->at,
                        .given = facts};
  findings_init(&own, g->v->scratch);
  flow_judge(&own, g->v->scratch, &c);
  severities_apply(&g->v->state->plan->protocol->severities, &own, 0);
  findings_join(&j->findings, &own);
  judge_actual(j, arena_printf(g->v->scratch, "%zu messages, %zu findings", g->n, own.list.n),
               arena_printf(g->v->scratch, "%zu meddelelser, %zu fund", g->n, own.list.n));
}

static void judge(const struct step_view *v, struct judgement *j) {
  const struct node *args = v->at->step->args_node;
  struct gathering g = {.v = v, .j = j};
  struct facts facts;
  struct flows *flows;
  struct error e;
  gather(&g, node_child(args, "on"));
  keys_each(args, "answers", gather, &g);
  if (g.missing) return;
  if (read_given(&facts, v, &e) < 0)
    judge_unresolved(j, &e);
  else if (flows_load(&flows, v->scratch, v->services->data_dir, &e) < 0)
    judge_broken(j, RULE_UNREADABLE, &e);
  else
    judge_case(&g, flows, &facts);
}

const struct step_kind step_flow = {.word = "flow", .keys = keys, .parse = parse, .judge = judge};
