#include "protocol/protocol_int.h"

#include "base/buf.h"
#include "protocol/protocol_rules.h"
#include "protocol/schema.h"

#define WORDS_TEXT_MAX ((size_t)4 << 10)

static const struct key attributes[] = {
    {"step", KEY_TEXT, false, NULL},      {"action", KEY_TEXT2, false, NULL},
    {"expected", KEY_TEXT2, false, NULL}, {"data", KEY_NODE, false, NULL},
    {"when", KEY_TEXT, false, NULL},      {"optional", KEY_BOOL, false, NULL},
    {"either", KEY_TEXT, false, NULL},    {"severity", KEY_TEXT, false, "F1|F2|F3|F4"},
    {"verifies", KEY_LIST, false, NULL},  {"evidence", KEY_LIST, false, "screenshot|file|log"},
    {"party", KEY_TEXT, false, NULL},
};

#define ATTRIBUTES (sizeof attributes / sizeof *attributes)

/* Words that stand for other steps. */
static const struct {
  const char *word;
  void (*read)(struct protocol_reader *r, struct protocol_case *in, const struct node *n, struct step_place *at);
} makers[] = {{"repeat", step_repeat}, {"call", step_call}};

#define MAKERS (sizeof makers / sizeof *makers)

void step_read_init(struct protocol_reader *r) {
  size_t n = 0;
  while (r->kinds[n]) n++;
  r->step_keys = ARENA_ARRAY(r->arena, struct key, ATTRIBUTES + n + MAKERS + 1);
  struct buf words;
  buf_init(&words, WORDS_TEXT_MAX);
  for (size_t i = 0; i < ATTRIBUTES; i++) r->step_keys[i] = attributes[i];
  for (size_t i = 0; i < n; i++) {
    r->step_keys[ATTRIBUTES + i] = (struct key){r->kinds[i]->word, KEY_NODE, false, NULL};
    buf_printf(&words, "%s%s", i ? ", " : "", r->kinds[i]->word);
  }
  /* Known, so that a misspelt one is told which it is; a step that has one is read elsewhere. */
  for (size_t i = 0; i < MAKERS; i++) {
    r->step_keys[ATTRIBUTES + n + i] = (struct key){makers[i].word, KEY_NODE, false, NULL};
    buf_printf(&words, ", %s", makers[i].word);
  }
  r->words = buf_take(&words, r->arena);
}

static const struct step_kind *kind_of(const struct protocol_reader *r, struct str word) {
  for (const struct step_kind *const *kind = r->kinds; *kind; kind++)
    if (str_eqz(word, (*kind)->word)) return *kind;
  return NULL;
}

static bool is_attribute(struct str name) {
  for (size_t i = 0; i < ATTRIBUTES; i++)
    if (str_eqz(name, attributes[i].name)) return true;
  return false;
}

/* The step word; a step without one may hold it misspelt, which has been told already. */
static void read_word(struct protocol_reader *r, struct step *s) {
  bool strange = false;
  for (NODE_EACH(c, s->node)) {
    const struct step_kind *kind = kind_of(r, c->name);
    if (!kind) {
      strange = strange || !is_attribute(c->name);
    } else if (s->kind) {
      KEYS_FIND_KEY(&r->keys, &protocol_rules[PROTOCOL_WORD_SEVERAL], c, str_z(s->kind->word), c->name);
    } else {
      s->kind = kind;
      s->args_node = c;
    }
  }
  if (!s->kind && !strange) KEYS_FIND(&r->keys, &protocol_rules[PROTOCOL_WORD_NONE], s->node, r->words);
}

/* "3.3.4.5+1" behind "3.3.4.5"; a section that begins without a number counts on from its own id. */
struct str step_take_id(struct protocol_reader *r, const struct node *n, struct step_place *at, struct str *number,
                        bool take) {
  const struct node *given = node_child(n, "step");
  struct str suffix = at->scope ? at->scope->suffix : (struct str){0};
  *number = (struct str){0};
  if (given && given->text.n) {
    if (!reader_check_id(r, given)) return (struct str){0};
    *number = given->text;
    at->base = arena_printf(r->arena, "%.*s%.*s", STR_F(given->text), STR_F(suffix));
    at->count = 0;
  } else if (at->fresh) {
    *number = at->number;
  } else {
    at->count++;
  }
  at->fresh = false;
  struct str id = at->base;
  if (at->count) id = arena_printf(r->arena, "%.*s+%s%zu", STR_F(at->base), r->mark ? r->mark : "", at->count);
  if (take) reader_take(r, &r->steps, id, given ? given : n);
  return id;
}

static void read_data(struct protocol_reader *r, struct step *s) {
  static const struct key both[] = {{"en", KEY_TEXT, true, NULL}, {"da", KEY_TEXT, true, NULL}, {0}};
  const struct node *data = node_child(s->node, "data");
  if (!data) return;
  if (data->kind == NODE_OBJECT && keys_check(&r->keys, data, both))
    keys_text2(&s->test_data.en, &s->test_data.da, s->node, "data");
  else if (data->kind == NODE_STRING)
    s->test_data.en = s->test_data.da = data->text;
  else if (data->kind != NODE_OBJECT)
    keys_complain(&r->keys, data, "\"data\" must be a text or {en: ..., da: ...}");
}

/* Systems and services that a step can name. */
static struct str names_of(const struct protocol_reader *r, bool services_only) {
  struct buf known;
  buf_init(&known, WORDS_TEXT_MAX);
  for (size_t i = 0; i < r->protocol->parties.n && !services_only; i++)
    buf_printf(&known, "%s%.*s", i ? ", " : "", STR_F(r->protocol->parties.v[i].name));
  for (size_t i = 0; i < r->protocol->services.n; i++)
    buf_printf(&known, "%s%.*s", known.n ? ", " : "", STR_F(r->protocol->services.v[i].name));
  struct str names = buf_take(&known, r->arena);
  return names.n ? names : STR("-");
}

static void read_party(struct protocol_reader *r, struct step *s) {
  const struct node *party = node_child(s->node, "party");
  s->at = keys_text(s->node, "party");
  s->party = protocol_owner(r->protocol, s->at);
  if (!party || protocol_party(r->protocol, s->at) || protocol_service(r->protocol, s->at)) return;
  KEYS_FIND(&r->keys, &protocol_rules[PROTOCOL_PARTY], party, s->at, names_of(r, false));
}

static void read_attributes(struct protocol_reader *r, struct step *s) {
  const struct node *n = s->node;
  keys_text2(&s->action.en, &s->action.da, n, "action");
  keys_text2(&s->expected.en, &s->expected.da, n, "expected");
  read_data(r, s);
  s->when = keys_text(n, "when");
  if (node_child(n, "when")) reader_check_when(r, node_child(n, "when"));
  read_party(r, s);
  s->optional = keys_bool(n, "optional");
  s->either = keys_text(n, "either");
  s->severity = keys_text(n, "severity");
  struct str_list verifies = reader_list(r, n, "verifies"), evidence = reader_list(r, n, "evidence");
  s->verifies.v = verifies.v;
  s->verifies.n = s->verifies.cap = verifies.n;
  s->evidence.v = evidence.v;
  s->evidence.n = s->evidence.cap = evidence.n;
}

static bool is_one_of(struct str name, const char *list) {
  struct str rest = str_z(list);
  while (rest.n)
    if (str_eq(str_cut(&rest, '|'), name)) return true;
  return false;
}

static void check_service(struct protocol_reader *r, const struct step *s) {
  const struct node *n = s->kind->service_key ? node_child(s->args_node, s->kind->service_key) : NULL;
  const struct protocol_service *service = n ? protocol_service(r->protocol, n->text) : NULL;
  if (n && !service) KEYS_FIND(&r->keys, &protocol_rules[PROTOCOL_PARTY], n, n->text, names_of(r, true));
  if (service && !is_one_of(service->kind, s->kind->service_kinds))
    keys_complain(&r->keys, n, "\"%s\" is about a service of kind %s; \"%.*s\" is another one", s->kind->word,
                  s->kind->service_kinds, STR_F(n->text));
}

/* The kind sees arguments whose keys and kinds of value hold. */
static void read_arguments(struct protocol_reader *r, struct step *s) {
  if (!s->kind) return;
  if (s->kind->keys && !keys_check(&r->keys, s->args_node, s->kind->keys)) return;
  const struct node *as = s->args_node->kind == NODE_OBJECT ? node_child(s->args_node, "as") : NULL;
  if (as) reader_take_name(r, as->text, as);
  check_service(r, s);
  if (s->kind->parse) s->kind->parse(s, &r->keys);
}

static void read_plain(struct protocol_reader *r, struct protocol_case *in, const struct node *n,
                       struct step_place *at) {
  struct step *s = ARENA_NEW(r->arena, struct step);
  *s = (struct step){
      .in = in, .index = in->steps.n, .node = n, .source = at->scope ? at->scope->source : &r->protocol->source};
  bool ok = keys_check(&r->keys, n, r->step_keys);
  read_word(r, s);
  s->id = step_take_id(r, n, at, &s->number, true);
  if (ok) read_attributes(r, s);
  read_arguments(r, s);
  if (s->kind && s->id.n) VEC_PUSH(r->arena, &in->steps, s);
}

void step_read_one(struct protocol_reader *r, struct protocol_case *in, const struct node *n, struct step_place *at) {
  if (n->kind != NODE_OBJECT) {
    keys_complain(&r->keys, n, "a step is a mapping with a step word, one of: %.*s", STR_F(r->words));
    return;
  }
  if (r->full) return;
  if (++r->steps_n > PROTOCOL_STEPS_MAX) {
    KEYS_FIND(&r->keys, &protocol_rules[PROTOCOL_LIMIT], n, arena_printf(r->arena, "%d steps", PROTOCOL_STEPS_MAX));
    r->full = true;
    return;
  }
  for (size_t i = 0; i < MAKERS; i++)
    if (node_child(n, makers[i].word)) return makers[i].read(r, in, n, at);
  read_plain(r, in, n, at);
}

void step_read_all(struct protocol_reader *r, struct protocol_case *in, const struct node *list) {
  step_read_behind(r, in, list, 0);
}

void step_read_behind(struct protocol_reader *r, struct protocol_case *in, const struct node *list, size_t count) {
  struct step_place at = {.base = in->id, .count = count};
  for (NODE_EACH(n, list)) step_read_one(r, in, n, &at);
}

/* ---- the schema ---- */

void step_schema(struct protocol_reader *r, struct json_writer *w) {
  size_t n = 0, parts_n = 0;
  while (r->kinds[n]) n++;
  struct schema_part *parts = ARENA_ARRAY(r->arena, struct schema_part, n + MAKERS + 1);
  for (size_t i = 0; i < n; i++)
    if (r->kinds[i]->keys)
      parts[parts_n++] = (struct schema_part){.key = r->kinds[i]->word, .table = r->kinds[i]->keys};
  parts_n += step_expand_schema(parts + parts_n);
  step_read_init(r);
  schema_put_object(w, "step", r->step_keys, parts);
}
