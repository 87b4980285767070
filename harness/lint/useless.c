/* What a protocol says in vain: of our own messages, of what no message can hold, to nobody, or in one language. */
#include "base/clock.h"
#include "fhir/fhirpath.h"
#include "lint/lint_int.h"

/* Messages are Bundles; what a REST server answers may be anything. */
#define MESSAGE_PATH "Bundle"
/* Texts with fewer blanks are names, codes and numbers, which are the same in both languages. */
#define SAME_BLANKS_MIN 3

static bool is_word(const struct step *s, const char *word) {
  return str_eqz(str_z(s->kind->word), word);
}

static void check_own(struct lint *l, const struct step *s) {
  const struct node *on = node_child(s->args_node, "on");
  const struct lint_name *n = on && on->text.n ? lint_name(l, on->text) : NULL;
  /* What the system answered it with on the wire is the system's. */
  if (str_eqz(node_text_at(s->args_node, "fact"), "sent.status")) return;
  if (!n || !n->ours || !(is_word(s, "assert") || is_word(s, "validate") || is_word(s, "diff"))) return;
  LINT(l, LINT_OWN_MESSAGE, lint_place(l, on), on->text);
}

/* Types of FHIR R4, with the first expression that asks for them; a folder of data without them leaves it unchecked. */
static const struct shapes *shapes_of(struct lint *l) {
  struct error e;
  if (!l->shapes_tried && shapes_read(&l->shapes, l->arena, l->data_dir, &e) < 0) l->shapes = NULL;
  l->shapes_tried = true;
  return l->shapes;
}

/* True if the name is that of a message, not of the answer of a REST server. */
static bool is_message(const struct lint *l, struct str name) {
  for (size_t c = 0; c < l->protocol->cases.n; c++)
    for (size_t i = 0; i < l->protocol->cases.v[c]->steps.n; i++) {
      const struct step *s = l->protocol->cases.v[c]->steps.v[i];
      if (s->args_node->kind == NODE_OBJECT && str_eq(node_text_at(s->args_node, "as"), name))
        return is_word(s, "expect") || is_word(s, "expect-ack") || str_starts(str_z(s->kind->word), STR("send"));
    }
  return false;
}

/* One that cannot be parsed was told of when the step was read. What a variable stands for may be a text or a number.
 */
static void check_possible(struct lint *l, const struct step *s) {
  const struct node *at = node_child(s->args_node, "fhirpath");
  struct fhirpath *fp;
  struct error e;
  if (!at || at->kind != NODE_STRING || !is_message(l, node_text_at(s->args_node, "on"))) return;
  if (!shapes_of(l) || fhirpath_parse(&fp, l->arena, lint_without_variables(l->arena, at->text, '1'), &e) < 0) return;
  if (fhirpath_check(fp, l->shapes, STR(MESSAGE_PATH), &e) < 0)
    LINT(l, LINT_IMPOSSIBLE, lint_place(l, at), str_z(e.text));
}

static size_t blanks(struct str text) {
  size_t n = 0;
  for (size_t i = 0; i < text.n; i++) n += text.p[i] == ' ';
  return n;
}

/* A text in both languages: {en, da}. */
static void check_same(struct lint *l, const struct node *n) {
  const struct node *en = node_child(n, "en"), *da = node_child(n, "da");
  if (en && da && n->count == 2 && str_eq(en->text, da->text) && blanks(en->text) >= SAME_BLANKS_MIN)
    LINT(l, LINT_SAME_TEXT, lint_place(l, da), da->text);
  for (NODE_EACH(c, n)) check_same(l, c);
}

void useless_check_step(struct lint *l, const struct step *s) {
  check_same(l, s->node);
  if (s->args_node->kind != NODE_OBJECT) return;
  check_own(l, s);
  check_possible(l, s);
}

static void check_parameters(struct lint *l) {
  const struct protocol *p = l->protocol;
  for (size_t i = 0; i < p->parameters.n; i++)
    if (!map_get(&l->parameters, p->parameters.v[i].name))
      LINT(l, LINT_UNUSED_PARAMETER, lint_place(l, p->parameters.v[i].node), p->parameters.v[i].name);
}

/* What stands alone in a place for a duration: the place was passed over when it was read, for a variable stands there.
 */
static void check_duration(struct lint *l, const struct step *s, struct str text) {
  int64_t ms;
  if (!str_starts(text, STR("${")) || !str_ends(text, STR("}"))) return;
  struct str name = str_sub(text, 2, text.n - 1);
  for (size_t i = 0; i < l->protocol->parameters.n; i++) {
    const struct protocol_parameter *p = &l->protocol->parameters.v[i];
    const struct node *value = node_child(p->node, "value");
    if (str_eq(p->name, name) && !duration_parse(str_trim(p->value), &ms))
      LINT(l, LINT_NO_DURATION, lint_place(l, value ? value : p->node), p->value, s->id);
  }
}

static void check_durations(struct lint *l) {
  for (size_t c = 0; c < l->protocol->cases.n; c++)
    for (size_t i = 0; i < l->protocol->cases.v[c]->steps.n; i++) {
      const struct step *s = l->protocol->cases.v[c]->steps.v[i];
      for (const struct key *k = s->kind->keys; k && k->name; k++)
        if (k->kind == KEY_DURATION) check_duration(l, s, str_trim(node_text_at(s->args_node, k->name)));
    }
}

static void check_values(struct lint *l) {
  for (size_t i = 0; i < l->names.n; i++) {
    const struct lint_name *n = lint_name(l, l->names.entries[i].key);
    if (n->variable && !n->used && n->from == &l->protocol->source)
      LINT(l, LINT_UNUSED_VALUE, lint_place(l, n->node), n->name);
  }
}

/* True if a call in the file is of "#NAME". */
static bool is_called(const struct node *n, struct str name) {
  struct str what = n->text;
  if (str_eqz(n->name, "fragment") && str_starts(what, STR("#")) && str_eq(str_sub(what, 1, what.n), name)) return true;
  for (NODE_EACH(c, n))
    if (is_called(c, name)) return true;
  return false;
}

static const struct node *root_of(const struct protocol *p) {
  const struct node *n = p->cases.n ? p->cases.v[0]->node : NULL;
  while (n && n->parent) n = n->parent;
  return n;
}

static void check_fragments(struct lint *l) {
  const struct node *root = root_of(l->protocol);
  for (NODE_EACH(n, node_child(root, "fragments")))
    if (!is_called(root, n->name)) LINT(l, LINT_UNUSED_FRAGMENT, lint_place(l, n), n->name);
}

static bool asks_for(struct str when, struct str capability) {
  return str_eq(str_starts(when, STR("!")) ? str_sub(when, 1, when.n) : when, capability);
}

static bool is_asked_for(const struct protocol *p, struct str capability) {
  for (size_t c = 0; c < p->cases.n; c++) {
    if (asks_for(p->cases.v[c]->when, capability)) return true;
    for (size_t i = 0; i < p->cases.v[c]->steps.n; i++)
      if (asks_for(p->cases.v[c]->steps.v[i]->when, capability)) return true;
  }
  return false;
}

static void check_capabilities(struct lint *l) {
  for (NODE_EACH(n, node_child(root_of(l->protocol), "capabilities")))
    if (!is_asked_for(l->protocol, n->name)) LINT(l, LINT_UNUSED_CAPABILITY, lint_place(l, n), n->name);
}

/* Words that make something happen and look at nothing that follows from it. */
static bool looks(const struct step *s) {
  static const char *const acts[] = {"send", "send-ack", "instruct", "fault", "wait", "capture"};
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
    if (is_word(s, acts[i])) return false;
  return true;
}

static bool is_listed(const struct node *list, struct str id) {
  for (NODE_EACH(n, list))
    if (str_eq(n->text, id)) return true;
  return false;
}

static void note_verified(struct lint *l, const struct step *s, const struct node *list, struct map *verified) {
  const struct node *at = node_child(s->node, "verifies");
  l->source = s->source;
  for (size_t i = 0; i < s->verifies.n; i++) {
    if (looks(s)) map_set(verified, s->verifies.v[i], l);
    if (!is_listed(list, s->verifies.v[i])) LINT(l, LINT_NO_REQUIREMENT, lint_place(l, at), s->verifies.v[i]);
  }
}

static void check_requirements(struct lint *l) {
  const struct node *list = node_child(root_of(l->protocol), "requirements");
  struct map verified;
  if (!list || list->kind != NODE_ARRAY) return;
  map_init(&verified, l->arena);
  for (size_t c = 0; c < l->protocol->cases.n; c++)
    for (size_t i = 0; i < l->protocol->cases.v[c]->steps.n; i++)
      note_verified(l, l->protocol->cases.v[c]->steps.v[i], list, &verified);
  l->source = &l->protocol->source;
  for (NODE_EACH(n, list))
    if (!map_get(&verified, n->text)) LINT(l, LINT_NEVER_VERIFIED, lint_place(l, n), n->text);
}

/* A step that could not be read may have used anything. */
static bool has_lost(const struct lint *l) {
  for (size_t i = 0; i < l->names.n; i++)
    if (lint_name(l, l->names.entries[i].key)->lost) return true;
  return false;
}

void useless_check_unused(struct lint *l) {
  l->source = &l->protocol->source;
  if (has_lost(l)) return;
  check_parameters(l);
  check_durations(l);
  check_values(l);
  check_fragments(l);
  check_capabilities(l);
  check_requirements(l);
}
