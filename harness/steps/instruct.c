/* instruct: somebody, or the system's own hook, does something. */
#include "formats/json.h"
#include "steps/steps_int.h"

#define TRIGGER_BYTES_MAX ((size_t)1 << 20)

static const struct key keys[] = {
    {"do", KEY_TEXT2, true, NULL}, {"who", KEY_TEXT, false, "vendor|medcom"}, {"trigger", KEY_MAP, false, NULL}, {0}};

static void parse(struct step *s, struct keys *k) {
  struct protocol_text todo;
  const struct node *trigger = node_child(s->args_node, "trigger");
  person_parse(s, k);
  keys_text2(&todo.en, &todo.da, s->args_node, "do");
  steps_default_texts(s, todo,
                      (struct protocol_text){STR("The system does as instructed"), STR("Systemet gør som anvist")});
  if (trigger && keys_text(trigger, "action").n == 0)
    keys_complain(k, trigger, "\"trigger\" lacks \"action\": what the system is asked to do");
  if (trigger && str_eqz(keys_text(s->args_node, "who"), "medcom"))
    keys_complain(k, trigger, "\"trigger\" asks the vendor's system, so \"who\" cannot be medcom");
}

/* Every scalar is a JSON string; an empty one is null. */
static int write_value(struct json_writer *w, const struct expander *x, const char *key, const struct node *n,
                       struct error *e) {
  struct str text;
  bool list = n->kind == NODE_ARRAY;
  if (n->kind == NODE_NULL) {
    json_put_null(w, key);
    return 0;
  }
  if (!list && n->kind != NODE_OBJECT) {
    if (expand_text(&text, x, n->text, EXPAND_PLAIN, e) < 0) return -1;
    json_put_str(w, key, text);
    return 0;
  }
  if (w->depth + 1 >= JSON_WRITER_DEPTH_MAX) return error_set(e, ERR_LIMIT, "\"trigger\" is nested too deep");
  (list ? json_begin_array : json_begin_object)(w, key);
  for (NODE_EACH(c, n))
    if (write_value(w, x, list ? NULL : arena_z(x->v->scratch, c->name), c, e) < 0) return -1;
  json_end(w);
  return 0;
}

/* A request has an id, the same when it is made again after a crash, so that a system need not do twice what it is told
 * twice. It is another one in each run, for a system may outlive a run. */
static struct str trigger_id(const struct step_view *v) {
  return step_uuid(v, arena_printf(v->scratch, "trigger %.*s", STR_F(v->state->run)));
}

static int trigger_json(struct str *out, const struct step_view *v, const struct node *trigger, struct error *e) {
  struct buf b;
  struct json_writer w;
  struct expander x = {.v = v};
  buf_init(&b, TRIGGER_BYTES_MAX);
  json_writer_init(&w, &b, 0);
  int result = 0;
  json_begin_object(&w, NULL);
  if (!node_child(trigger, "id")) json_put_str(&w, "id", trigger_id(v));
  for (NODE_EACH(c, trigger))
    if (result == 0) result = write_value(&w, &x, arena_z(v->scratch, c->name), c, e);
  if (result == 0) json_end(&w);
  if (result == 0 && b.full) result = error_set(e, ERR_LIMIT, "\"trigger\" is too large");
  *out = buf_take(&b, v->scratch);
  return result;
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  const struct node *trigger = node_child(v->at->step->args_node, "trigger");
  struct str json;
  int asked = 0;
  if (trigger && view_vendor(v)->trigger != TRIGGER_PERSON) {
    if (trigger_json(&json, v, trigger, e) < 0) return e->code == ERR_PEER ? 0 : -1;
    asked = h->trigger(h->context, v, json, e);
  }
  if (asked < 0) return -1;
  if (asked == 0) return person_effect(v, h, e);
  h->wait(h->context, v, "vendor", -1);
  return 0;
}

/* Nobody was asked: the hook's request needs what never came. */
static bool unasked(const struct step_view *v) {
  return v->at->owner.n == 0;
}

static enum step_ready ready(const struct step_view *v) {
  return unasked(v) ? STEP_READY : person_ready(v);
}

static void judge(const struct step_view *v, struct judgement *j) {
  struct error e;
  struct str json;
  const struct node *trigger = node_child(v->at->step->args_node, "trigger");
  if (v->at->answer)
    person_judge(v, j);
  else if (trigger && trigger_json(&json, v, trigger, &e) < 0)
    judge_unresolved(j, &e);
  else
    JUDGE(j, RULE_UNRESOLVED, ((struct place){0}), STR("trigger"));
}

const struct step_kind step_instruct = {.word = "instruct",
                                        .part = STEP_ACTS,
                                        .keys = keys,
                                        .parse = parse,
                                        .effect = effect,
                                        .ready = ready,
                                        .judge = judge};
