/* repeat and call: steps that are written once and stand several times in the test.
 *
 * Both are gone once a protocol is read: what is left are plain steps, copied, with ${i} or the parameters replaced and
 * ids that stay the same from run to run. Files of fragments travel with the protocol (protocol.c). */
#include "protocol/protocol_int.h"

#include "base/buf.h"
#include "base/file.h"
#include "protocol/protocol_rules.h"
#include "protocol/schema.h"

#define TEXT_MAX ((size_t)1 << 20)
#define CHAIN_TEXT_MAX ((size_t)2 << 10)

static const struct key repeat_keys[] = {{"times", KEY_INT, false, NULL},
                                         {"for", KEY_LIST, false, NULL},
                                         {"as", KEY_TEXT, false, NULL},
                                         {"steps", KEY_NODE, true, NULL},
                                         {0}};
static const struct key call_keys[] = {{"fragment", KEY_TEXT, true, NULL}, {"with", KEY_MAP, false, NULL}, {0}};
static const struct key fragment_keys[] = {
    {"parameters", KEY_LIST, false, NULL}, {"note", KEY_TEXT, false, NULL}, {"steps", KEY_NODE, true, NULL}, {0}};
static const struct key file_keys[] = {{"fragments", KEY_MAP, true, NULL}, {0}};

/* ---- copies ---- */

static struct str value_of(const struct facts *names, struct str name, bool *known) {
  for (size_t i = 0; i < names->list.n; i++) {
    *known = str_eq(names->list.v[i].name, name);
    if (*known) return names->list.v[i].value;
  }
  *known = false;
  return (struct str){0};
}

/* The next ${...} that holds no other: in "${letter-${i}.thread}" it is ${i}. */
static size_t innermost(struct str text, size_t at, size_t *close) {
  size_t open = str_find(text, STR("${"), at), next;
  *close = open == SIZE_MAX ? open : str_find(text, STR("}"), open);
  while (*close != SIZE_MAX && (next = str_find(text, STR("${"), open + 2)) < *close) open = next;
  return open;
}

/* One pass: what a value holds is not replaced again. */
static struct str replaced(struct arena *a, struct str text, const struct facts *names) {
  struct buf b;
  if (str_find(text, STR("${"), 0) == SIZE_MAX) return text;
  buf_init(&b, TEXT_MAX + text.n);
  for (size_t at = 0; at < text.n;) {
    size_t close, open = innermost(text, at, &close);
    buf_add(&b, str_sub(text, at, close == SIZE_MAX ? text.n : open));
    if (close == SIZE_MAX) break;
    bool known;
    struct str value = value_of(names, str_trim(str_sub(text, open + 2, close)), &known);
    buf_add(&b, known ? value : str_sub(text, open, close + 1));
    at = close + 1;
  }
  return buf_take(&b, a);
}

static void replace_all(struct arena *a, struct node *n, const struct facts *names) {
  n->text = replaced(a, n->text, names);
  for (NODE_EACH(c, n)) replace_all(a, c, names);
}

/* What a repeat or call says of all its steps, instead of them. */
static const char *const given[] = {"when", "party"};

#define GIVEN (sizeof given / sizeof *given)

/* And what it says of them besides: the ids that they verify too. */
static void give_verifies(struct protocol_reader *r, struct node *copy, const struct node *from) {
  struct node *own = node_child(copy, "verifies");
  if (own && own->kind == NODE_ARRAY && from->kind == NODE_ARRAY)
    for (NODE_EACH(id, from)) node_append(own, node_copy(r->arena, id));
  else if (own)
    keys_complain(&r->keys, own, "\"verifies\" must be a list here, and in the repeat or call that it stands in");
  else
    node_append(copy, node_copy(r->arena, from));
}

static void give(struct protocol_reader *r, struct node *copy, const struct step_scope *scope) {
  for (size_t i = 0; i < GIVEN; i++) {
    const struct node *own = node_child(copy, given[i]), *from = node_child(scope->from, given[i]);
    if (own && from)
      keys_complain(&r->keys, own, "the repeat or call that it stands in has a \"%s\" already", given[i]);
    else if (from)
      node_append(copy, node_copy(r->arena, from));
  }
  const struct node *verifies = node_child(scope->from, "verifies");
  if (verifies) give_verifies(r, copy, verifies);
}

/* A step of its own, with the `when`, `party` and `verifies` of what it stands in; NULL when there are too many. */
static struct node *copy_step(struct protocol_reader *r, const struct node *n, const struct step_scope *scope) {
  r->copied += node_size(n);
  if (r->copied > PROTOCOL_COPIES_MAX) {
    if (!r->full)
      KEYS_FIND(&r->keys, &protocol_rules[PROTOCOL_LIMIT], n,
                arena_printf(r->arena, "%d nodes after repeat and call", PROTOCOL_COPIES_MAX));
    r->full = true;
    return NULL;
  }
  struct node *copy = node_copy(r->arena, n);
  replace_all(r->arena, copy, &scope->names);
  if (copy->kind == NODE_OBJECT) give(r, copy, scope);
  return copy;
}

static bool read_steps(struct protocol_reader *r, struct protocol_case *in, const struct node *list,
                       struct step_place *at) {
  size_t before = findings_count(r->keys.findings, SEV_ERROR);
  for (NODE_EACH(n, list)) {
    struct node *copy = r->full ? NULL : copy_step(r, n, at->scope);
    if (copy) step_read_one(r, in, copy, at);
  }
  return !r->full && findings_count(r->keys.findings, SEV_ERROR) == before;
}

static bool is_list(struct protocol_reader *r, const struct node *steps) {
  if (!steps || (steps->kind == NODE_ARRAY && steps->count)) return steps != NULL;
  keys_complain(&r->keys, steps, "\"steps\" must be a list with at least one step");
  return false;
}

static bool is_deep(struct protocol_reader *r, const struct node *n, const struct step_scope *scope) {
  if (!scope || scope->depth < EXPAND_DEPTH_MAX) return false;
  keys_complain(&r->keys, n, "repeat and call are nested deeper than %d", EXPAND_DEPTH_MAX);
  return true;
}

/* Keys of a step whose word is repeat or call. */
static bool check_step(struct protocol_reader *r, const struct node *n, const char *word) {
  const struct key table[] = {{"step", KEY_TEXT, false, NULL},  {"when", KEY_TEXT, false, NULL},
                              {"party", KEY_TEXT, false, NULL}, {"verifies", KEY_LIST, false, NULL},
                              {word, KEY_NODE, true, NULL},     {0}};
  const struct node *when = node_child(n, "when");
  return keys_check(&r->keys, n, table) && (!when || reader_check_when(r, when));
}

static struct step_scope inner_scope(struct protocol_reader *r, const struct node *n, const struct step_place *at) {
  struct step_scope s = {.up = at->scope,
                         .suffix = at->scope ? at->scope->suffix : (struct str){0},
                         .from = n,
                         .from_file = r->keys.file,
                         .source = at->scope ? at->scope->source : &r->protocol->source,
                         .depth = at->scope ? at->scope->depth + 1 : 1};
  facts_init(&s.names, r->arena);
  return s;
}

/* ---- repeat ---- */

struct values {
  struct arena *arena;
  VEC(struct str) list;
};

static void add_value(void *payload, const struct node *item) {
  struct values *v = payload;
  VEC_PUSH(v->arena, &v->list, item->text);
}

static bool read_values(struct protocol_reader *r, const struct node *args, struct values *v) {
  const struct node *times = node_child(args, "times"), *each = node_child(args, "for");
  int64_t n = keys_int(args, "times", 0);
  if (!times == !each) {
    keys_complain(&r->keys, args, "give just one of \"times\" and \"for\"");
    return false;
  }
  keys_each(args, "for", add_value, v);
  for (int64_t i = 1; i <= n && i <= REPEAT_TIMES_MAX; i++)
    VEC_PUSH(r->arena, &v->list, arena_printf(r->arena, "%lld", (long long)i));
  if (v->list.n >= 1 && v->list.n <= REPEAT_TIMES_MAX && n <= REPEAT_TIMES_MAX) return true;
  keys_complain(&r->keys, times ? times : each, "a repeat is for 1 to %d times", REPEAT_TIMES_MAX);
  return false;
}

static struct str name_of(struct protocol_reader *r, const struct node *args) {
  const struct node *as = node_child(args, "as");
  if (!as) return STR("i");
  reader_check_name(r, as->text, as);
  return as->text;
}

void step_repeat(struct protocol_reader *r, struct protocol_case *in, const struct node *n, struct step_place *at) {
  const struct node *args = node_child(n, "repeat");
  struct values values = {.arena = r->arena};
  if (is_deep(r, n, at->scope) || !check_step(r, n, "repeat") || !keys_check(&r->keys, args, repeat_keys)) return;
  struct str number, id = step_take_id(r, n, at, &number, true), name = name_of(r, args);
  if (!read_values(r, args, &values) || !is_list(r, node_child(args, "steps"))) return;
  bool well = true;
  for (size_t i = 0; i < values.list.n && well; i++) {
    struct step_scope scope = inner_scope(r, n, at);
    struct str mark = arena_printf(r->arena, "#%zu", i + 1);
    scope.suffix = arena_printf(r->arena, "%.*s%.*s", STR_F(scope.suffix), STR_F(mark));
    VEC_PUSH(r->arena, &scope.names.list, ((struct fact){name, values.list.v[i]}));
    struct step_place inner = {.base = arena_printf(r->arena, "%.*s%.*s", STR_F(id), STR_F(mark)),
                               .number = number,
                               .fresh = true,
                               .scope = &scope};
    well = read_steps(r, in, node_child(args, "steps"), &inner);
  }
}

/* ---- call ---- */

/* The file of a fragment, read once; NULL (and a finding at the call) if it cannot be had. */
static const struct fragment_file *file_of(struct protocol_reader *r, struct str name, const struct node *at) {
  struct fragment_file *f = NULL;
  struct error e;
  for (size_t i = 0; i < r->files.n && !f; i++)
    if (str_eq(r->files.v[i]->name, name)) f = r->files.v[i];
  if (!f && !(f = reader_open(r, name, &e))) {
    keys_complain(&r->keys, at, "%s", e.text);
    return NULL;
  }
  if (reader_fragments(r, f)) return f;
  keys_complain(&r->keys, at, "the file %.*s has mistakes", STR_F(f->source.name));
  return NULL;
}

bool reader_fragments(struct protocol_reader *r, struct fragment_file *f) {
  struct str file = r->keys.file;
  if (f->tried) return f->fragments != NULL;
  f->tried = true;
  r->keys.file = f->source.name;
  const struct node *root = reader_parse(r, &f->source);
  bool well = root && keys_check(&r->keys, root, file_keys);
  if (well) f->fragments = node_child(root, "fragments");
  r->keys.file = file;
  return well;
}

/* Is it one that we are in? Tells the way from here to it, for people. */
static bool calls_itself(struct protocol_reader *r, const struct node *fragment, const struct node *call,
                         const struct step_scope *scope) {
  struct buf chain;
  bool found = false;
  buf_init(&chain, CHAIN_TEXT_MAX);
  buf_printf(&chain, "%.*s:%d:%d", STR_F(r->keys.file), call->line, call->col);
  for (const struct step_scope *s = scope; s && !found; s = s->up) {
    if (!s->fragment) continue;
    found = s->fragment == fragment;
    buf_printf(&chain, ", called at %.*s:%d:%d", STR_F(s->from_file), s->from->line, s->from->col);
  }
  if (found)
    keys_complain(&r->keys, call, "the fragment \"%.*s\" calls itself: %.*s", STR_F(fragment->name), (int)chain.n,
                  chain.p);
  buf_release(&chain);
  return found;
}

static bool has_item(const struct node *list, struct str name) {
  if (list && list->kind != NODE_ARRAY) return str_eq(list->text, name);
  for (NODE_EACH(c, list))
    if (str_eq(c->text, name)) return true;
  return false;
}

struct binding {
  struct protocol_reader *reader;
  const struct node *call, *with;
  struct facts *names;
};

static void bind_one(void *payload, const struct node *item) {
  struct binding *b = payload;
  const struct node *value = node_child_str(b->with, item->text);
  if (value)
    VEC_PUSH(b->names->arena, &b->names->list, ((struct fact){item->text, value->text}));
  else
    keys_complain(&b->reader->keys, b->call, "the fragment needs \"%.*s\" in \"with\"", STR_F(item->text));
}

/* Just the parameters that the fragment names. */
static void bind(struct protocol_reader *r, const struct node *call, const struct node *fragment, struct facts *names) {
  struct binding b = {r, call, node_child(call, "with"), names};
  for (NODE_EACH(c, b.with)) {
    if (!has_item(node_child(fragment, "parameters"), c->name))
      keys_complain(&r->keys, c, "the fragment has no parameter \"%.*s\"", STR_F(c->name));
    else if (c->kind != NODE_STRING)
      keys_complain(&r->keys, c, "the value of \"%.*s\" must be a text", STR_F(c->name));
  }
  keys_each(fragment, "parameters", bind_one, &b);
}

static void read_fragment(struct protocol_reader *r, struct protocol_case *in, const struct node *fragment,
                          struct step_place *inner, const struct source *source) {
  struct str file = r->keys.file;
  r->keys.file = source->name;
  bool well = keys_check(&r->keys, fragment, fragment_keys) && is_list(r, node_child(fragment, "steps")) &&
              read_steps(r, in, node_child(fragment, "steps"), inner);
  r->keys.file = file;
  if (!well)
    keys_complain(&r->keys, inner->scope->from, "the fragment \"%.*s\" called here has mistakes",
                  STR_F(fragment->name));
}

/* The fragments of a file, or of the one that the call stands in. */
static const struct node *fragments_of(struct protocol_reader *r, struct str file, const struct node *at,
                                       const struct step_scope *scope, const struct source **source) {
  const struct fragment_file *f;
  *source = scope ? scope->source : &r->protocol->source;
  if (!file.n && *source == &r->protocol->source) return r->own_fragments;
  for (size_t i = 0; !file.n && i < r->files.n; i++)
    if (&r->files.v[i]->source == *source) return r->files.v[i]->fragments;
  if (!(f = file_of(r, file, at))) return NULL;
  *source = &f->source;
  return f->fragments;
}

void step_call(struct protocol_reader *r, struct protocol_case *in, const struct node *n, struct step_place *at) {
  const struct node *args = node_child(n, "call"), *fragment;
  if (is_deep(r, n, at->scope) || !check_step(r, n, "call") || !keys_check(&r->keys, args, call_keys)) return;
  struct str number;
  (void)step_take_id(r, n, at, &number, false);
  const struct node *named = node_child(args, "fragment");
  struct str name = named->text, file = str_cut(&name, '#');
  struct step_scope scope = inner_scope(r, n, at);
  size_t before = findings_count(r->keys.findings, SEV_ERROR);
  const struct node *all = fragments_of(r, file, named, at->scope, &scope.source);
  if (findings_count(r->keys.findings, SEV_ERROR) > before) return;
  if (!(fragment = node_child_str(all, name))) {
    keys_complain(&r->keys, named, "there is no fragment \"%.*s\"; write FILE#NAME, or #NAME for one of this file",
                  STR_F(named->text));
    return;
  }
  if (calls_itself(r, fragment, n, at->scope)) return;
  scope.fragment = fragment;
  bind(r, args, fragment, &scope.names);
  if (findings_count(r->keys.findings, SEV_ERROR) > before) return;
  /* Ids go on through the fragment and behind it, as if its steps were written here. */
  struct step_place inner = {.base = at->base, .count = at->count, .number = number, .fresh = true, .scope = &scope};
  read_fragment(r, in, fragment, &inner, scope.source);
  at->base = inner.base;
  at->count = inner.count;
}

size_t step_expand_schema(struct schema_part *out) {
  static const struct schema_part steps[] = {{.key = "steps", .shape = SCHEMA_LIST, .ref = "#/definitions/step"}, {0}};
  out[0] = (struct schema_part){.key = "repeat", .table = repeat_keys, .parts = steps};
  out[1] = (struct schema_part){.key = "call", .table = call_keys};
  return 2;
}
