#include "protocol/changes.h"

/* "3.3.4.5" of "3.3.4.5+1"; a numbered step is under itself. */
static struct str base_of(const struct step *s) {
  return str_sub(s->id, 0, str_index(s->id, '+'));
}

bool step_is_counterpart(const struct step *was, const struct step *now, bool same_words) {
  if (was->added) return false;
  if (now->number.n || !same_words) return str_eq(was->id, now->id);
  return !was->number.n && str_eq(base_of(was), base_of(now)) && node_equal(was->node, now->node);
}

struct str step_changed_key(const struct step *was, const struct step *now) {
  for (NODE_EACH(n, now->node)) {
    const struct node *other = node_child_str(was->node, n->name);
    if (!other || !node_equal(other, n)) return n->name;
  }
  for (NODE_EACH(n, was->node))
    if (!node_child_str(now->node, n->name)) return n->name;
  return (struct str){0};
}

static bool holds_text(const struct node *n, struct str written) {
  if (str_find(n->text, written, 0) != SIZE_MAX) return true;
  for (NODE_EACH(c, n))
    if (holds_text(c, written)) return true;
  return false;
}

bool step_uses_parameter(struct arena *a, const struct step *s, struct str name) {
  return holds_text(s->node, arena_printf(a, "${%.*s}", STR_F(name)));
}

struct comparing {
  struct arena *arena;
  struct comparison *out;
  VEC(const struct step *) old;
  bool *used; /* by old: those that have their counterpart */
};

static struct str parameter_value(const struct protocol *p, struct str name) {
  for (size_t i = 0; i < p->parameters.n; i++)
    if (str_eq(p->parameters.v[i].name, name)) return p->parameters.v[i].value;
  return (struct str){0};
}

static struct str changed_parameter(const struct comparing *c, const struct step *s) {
  for (size_t i = 0; i < c->out->now->parameters.n; i++) {
    const struct protocol_parameter *p = &c->out->now->parameters.v[i];
    bool is_same = str_eq(parameter_value(c->out->was, p->name), p->value);
    if (!is_same && step_uses_parameter(c->arena, s, p->name)) return p->name;
  }
  return (struct str){0};
}

static const struct step *find_old(struct comparing *c, const struct step *s, bool same_words) {
  for (size_t i = 0; i < c->old.n; i++) {
    if (c->used[i] || !step_is_counterpart(c->old.v[i], s, same_words)) continue;
    c->used[i] = true;
    return c->old.v[i];
  }
  return NULL;
}

static void compare_row(struct comparing *c, struct compare_row *row) {
  if (!row->was) {
    row->why = COMPARE_NEW;
  } else if ((row->what = step_changed_key(row->was, row->now)).n) {
    row->why = COMPARE_CHANGED;
  } else if ((row->what = changed_parameter(c, row->now)).n) {
    row->why = COMPARE_PARAMETER;
  }
  c->out->changed += row->why != COMPARE_SAME;
}

void protocol_compare(struct comparison *out, struct arena *a, const struct protocol *was, const struct protocol *now) {
  struct comparing c = {.arena = a, .out = out};
  *out = (struct comparison){.was = was, .now = now};
  for (size_t i = 0; i < was->cases.n; i++)
    for (size_t k = 0; k < was->cases.v[i]->steps.n; k++) VEC_PUSH(a, &c.old, was->cases.v[i]->steps.v[k]);
  c.used = ARENA_ARRAY(a, bool, c.old.n + 1);
  for (size_t i = 0; i < now->cases.n; i++)
    for (size_t k = 0; k < now->cases.v[i]->steps.n; k++)
      VEC_PUSH(a, &out->rows, ((struct compare_row){.now = now->cases.v[i]->steps.v[k]}));
  for (size_t i = 0; i < out->rows.n; i++) out->rows.v[i].was = find_old(&c, out->rows.v[i].now, true);
  for (size_t i = 0; i < out->rows.n; i++) {
    if (!out->rows.v[i].was) out->rows.v[i].was = find_old(&c, out->rows.v[i].now, false);
    compare_row(&c, &out->rows.v[i]);
  }
  for (size_t i = 0; i < c.old.n; i++)
    if (!c.used[i] && !c.old.v[i]->added) VEC_PUSH(a, &out->gone, c.old.v[i]);
}
