/* One script as a case of a protocol: the words that operations and assertions share. */
#include "base/utf8.h"
#include "fhir/fhirpath.h"
#include "formats/json.h"
#include "lint/testscript_int.h"

#define TEXT_MAX ((size_t)1 << 20)

/* ${ would be a variable of the protocol. */
static struct str harmless(struct arena *a, struct str text) {
  struct buf b;
  buf_init(&b, 2 * text.n + 1);
  for (size_t i = 0; i < text.n; i++) {
    buf_byte(&b, text.p[i]);
    if (text.p[i] == '$' && i + 1 < text.n && text.p[i + 1] == '{') buf_byte(&b, ' ');
  }
  return buf_take(&b, a);
}

/* What JSON lets stand in a string and YAML does not: DEL, C1 and two that are no characters. 0: it may stand. */
static uint32_t not_in_yaml(struct str s, size_t at, size_t *n) {
  uint32_t cp;
  *n = utf8_decode(s, at, &cp);
  if (!*n) *n = 1, cp = (unsigned char)s.p[at];
  bool control = cp >= 0x7f && cp < 0xa0, none = cp == 0xfffe || cp == 0xffff || cp == 0xfeff;
  return control || none ? cp : 0;
}

void ts_quote(struct ts_writer *w, struct str text) {
  struct buf b;
  buf_init(&b, text.n * 6 + 16);
  json_write_string(&b, text);
  struct str json = buf_str(&b);
  for (size_t at = 0, n; at < json.n; at += n) {
    uint32_t cp = not_in_yaml(json, at, &n);
    if (cp)
      buf_printf(&w->out, "\\u%04X", (unsigned)cp);
    else
      buf_add(&w->out, str_sub(json, at, at + n));
  }
  buf_release(&b);
}

void ts_quote2(struct ts_writer *w, struct str en, struct str da) {
  buf_addz(&w->out, "{en: ");
  ts_quote(w, en);
  buf_addz(&w->out, ", da: ");
  ts_quote(w, da);
  buf_addz(&w->out, "}");
}

void ts_unsupported(struct ts_writer *w, struct said why) {
  struct arena *a = w->arena;
  struct str name = w->script->src.name;
  for (size_t i = name.n; i > 0; i--)
    if (name.p[i - 1] == '/') {
      name = str_sub(name, i, name.n);
      break;
    }
  /* What comes from a parser is in English only. */
  if (str_eq(why.en, why.da)) why.da = arena_printf(a, "fejl i scriptet: %.*s", STR_F(why.da));
  buf_addz(&w->out, "      - unsupported: {why: ");
  ts_quote2(w, harmless(a, arena_printf(a, "%.*s: %.*s", STR_F(name), STR_F(why.en))),
            harmless(a, arena_printf(a, "%.*s: %.*s", STR_F(name), STR_F(why.da))));
  buf_addz(&w->out, "}\n");
}

struct str ts_replaced(struct arena *a, struct str s, struct str from, struct str to) {
  size_t at = str_find(s, from, 0);
  if (at == SIZE_MAX) return s;
  return arena_printf(a, "%.*s%.*s%.*s", STR_F(str_sub(s, 0, at)), STR_F(to), STR_F(str_sub(s, at + from.n, s.n)));
}

struct str ts_alias(const struct ts_writer *w, struct str id) {
  const struct str *name = map_get(&w->aliases, id);
  return name ? *name : (struct str){0};
}

void ts_alias_set(struct ts_writer *w, struct str id, struct str name) {
  struct str *kept = ARENA_NEW(w->arena, struct str);
  *kept = name;
  if (id.n) map_set(&w->aliases, id, kept);
}

struct str ts_name(struct ts_writer *w, struct str base) {
  struct buf b;
  buf_init(&b, base.n + 32);
  if (w->number) buf_printf(&b, "s%zu-", w->number);
  if (!w->number) buf_addz(&b, "s-");
  for (size_t i = 0; i < base.n; i++)
    buf_byte(&b, ascii_is_alnum(base.p[i]) || base.p[i] == '-' || base.p[i] == '_' ? base.p[i] : '-');
  struct str stem = buf_take(&b, w->arena), name = stem;
  for (size_t n = 2; map_get(&w->names, name); n++) name = arena_printf(w->arena, "%.*s-%zu", STR_F(stem), n);
  map_set(&w->names, name, w);
  return name;
}

/* ---- variables ---- */

struct texting {
  struct ts_writer *w;
  struct buf out;
  struct str text;
  size_t at;
  bool early, failed;
};

/* The value of a variable in a fixture as it is written, the variables of the protocol in it. */
static struct str value_early(struct ts_writer *w, const struct ts_variable *v) {
  const struct ts_fixture *f = ts_fixture_find(w->script, v->source);
  struct fhirpath *fp;
  struct fhirpath_result r = {0};
  struct fhirpath_env env = {.shapes = w->set->o->shapes, .any_name = true};
  struct error e;
  struct str expression = ts_expression(w->arena, v->node);
  if (!f || !f->tree || !expression.n || fhirpath_parse(&fp, w->arena, expression, &e) < 0) return (struct str){0};
  if (fhirpath_eval(&r, w->arena, fp, f->tree, &env, &e) < 0 || r.values.n == 0) return (struct str){0};
  struct str text = r.values.v[0].text;
  for (NODE_EACH(c, node_child(f->aid, "with")))
    text = ts_replaced(w->arena, text, arena_printf(w->arena, "${%.*s}", STR_F(c->name)), c->text);
  return text;
}

/* A first value only: where there are several, TestScript leaves open which one. */
static struct str first_of(struct ts_writer *w, const struct ts_variable *v, struct str expression) {
  struct str otherwise = node_text_at(v->node, "defaultValue");
  if (!otherwise.n) return arena_printf(w->arena, "(%.*s).first()", STR_F(expression));
  return arena_printf(w->arena, "iif((%.*s).exists(), (%.*s).first().toString(), '%.*s')", STR_F(expression),
                      STR_F(expression), STR_F(otherwise));
}

static void write_capture(struct ts_writer *w, const struct ts_variable *v, struct str message, struct str name) {
  struct str header = node_text_at(v->node, "headerField");
  buf_printf(&w->out, "      - capture: {on: %.*s, ", STR_F(message));
  if (header.n) {
    buf_addz(&w->out, "fact: http.");
    for (size_t i = 0; i < header.n; i++)
      buf_byte(&w->out, header.p[i] >= 'A' && header.p[i] <= 'Z' ? (char)(header.p[i] + 32) : header.p[i]);
  } else {
    buf_addz(&w->out, "fhirpath: ");
    ts_quote(w, first_of(w, v, ts_expression(w->arena, v->node)));
  }
  buf_printf(&w->out, ", as: %.*s}\n", STR_F(name));
}

/* The protocol's name for the value; written as a `capture` the first time. */
static struct str captured(struct ts_writer *w, const struct ts_variable *v, struct str message) {
  struct str key = arena_printf(w->arena, "%.*s %.*s", STR_F(v->name), STR_F(message)), *name;
  if ((name = map_get(&w->captured, key))) return *name;
  name = ARENA_NEW(w->arena, struct str);
  *name = ts_name(w, v->name);
  map_set(&w->captured, key, name);
  write_capture(w, v, message, *name);
  return *name;
}

static void add_variable(void *payload, struct str name, size_t from, size_t to) {
  struct texting *t = payload;
  struct ts_writer *w = t->w;
  struct ts_variable *v = ts_variable_find(w->script, name);
  struct str value = {0}, otherwise = v ? node_text_at(v->node, "defaultValue") : (struct str){0};
  buf_add(&t->out, str_sub(t->text, t->at, from));
  t->at = to;
  struct str message = !v ? (struct str){0} : v->source.n ? ts_alias(w, v->source) : w->last;
  bool computed = v && (ts_expression(w->arena, v->node).n || node_child(v->node, "headerField"));
  if (v && computed && message.n && !t->early)
    value = arena_printf(w->arena, "${%.*s}", STR_F(captured(w, v, message)));
  else if (v && computed)
    value = value_early(w, v);
  if (!value.n) value = otherwise;
  t->failed = t->failed || !value.n;
  buf_add(&t->out, value);
}

static bool make_text(struct ts_writer *w, struct str text, bool early, struct str *out) {
  struct texting t = {.w = w, .text = text, .early = early};
  buf_init(&t.out, text.n + TEXT_MAX);
  ts_each_variable(text, add_variable, &t);
  buf_add(&t.out, str_sub(text, t.at, text.n));
  *out = buf_take(&t.out, w->arena);
  return !t.failed;
}

bool ts_text(struct ts_writer *w, struct str text, struct str *out) {
  if (make_text(w, text, false, out)) return true;
  ts_unsupported(w, (struct said){arena_printf(w->arena, "\"%.*s\" has a variable without a value here", STR_F(text)),
                                  arena_printf(w->arena, "\"%.*s\" har en variabel uden værdi her", STR_F(text))});
  return false;
}

bool ts_text_early(struct ts_writer *w, struct str text, struct str *out) {
  return make_text(w, text, true, out);
}

/* ---- the case ---- */

static void write_head(struct ts_writer *w) {
  buf_addz(&w->out, "  - id: ");
  ts_quote(w, w->case_id);
  buf_addz(&w->out, "\n    title: ");
  struct str title = harmless(w->arena, w->script->title);
  ts_quote2(w, arena_printf(w->arena, "Script: %.*s", STR_F(title)),
            arena_printf(w->arena, "Testscript: %.*s", STR_F(title)));
  buf_addz(&w->out, "\n    status: mandatory\n    steps:\n");
}

void ts_write_case(struct ts_writer *w) {
  struct ts_script *x = w->script;
  write_head(w);
  w->last = (struct str){0};
  w->sent = w->read = 0;
  map_init(&w->aliases, w->arena);
  map_init(&w->captured, w->arena);
  if (!x->root || x->actions.n == 0) {
    ts_unsupported(w, (struct said){x->why, x->why});
    return;
  }
  ts_write_autocreate(w);
  for (size_t i = 0; i < x->actions.n; i++) {
    struct ts_action *act = &x->actions.v[i];
    if (act->fault.en.n)
      ts_unsupported(w, act->fault);
    else if (act->asserts)
      ts_write_assert(w, act);
    else
      ts_write_operation(w, act);
  }
}
