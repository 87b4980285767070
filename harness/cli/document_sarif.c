/* SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format); numbers are its sections.
 *
 * Results are written as they come, so the rules before them are all that the program has. The Danish texts of the
 * rules are a translation (3.19.16); a result has its text in the language asked for, and both in its properties. */
#include "cli/document.h"

#include <string.h>

#include "base/map.h"
#include "cli/rules.h"
#include "record/find_again.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static void put_text(struct json_writer *w, const char *key, struct str text) {
  json_begin_object(w, key);
  json_put_str(w, "text", text);
  json_end(w);
}

/* ---- the rules ---- */

/* "open" (3.27.9) is for what could not be decided, and has no level (3.27.10). */
static const char *level_of(enum severity s) {
  static const char *const levels[] = {"note", "warning", "none", "error"};
  return levels[s];
}

static void put_rule(struct json_writer *w, const struct rule *r) {
  json_begin_object(w, NULL);
  json_put_z(w, "id", r->id);
  put_text(w, "shortDescription", str_z(r->en));
  json_begin_object(w, "defaultConfiguration");
  json_put_z(w, "level", level_of(r->severity));
  json_end(w);
  json_begin_object(w, "properties");
  json_put_z(w, "source", r->source);
  json_end(w);
  json_end(w);
}

/* A rule that several tables have is told once: an id that is not unique leaves readers guessing. */
static void list_rules(struct document *d) {
  struct map told;
  map_init(&told, d->arena);
  for (size_t i = 0; rules_at(i); i++) {
    struct str id = str_z(rules_at(i)->id);
    if (map_get(&told, id)) continue;
    map_set(&told, id, d);
    VEC_PUSH(d->arena, &d->rules, rules_at(i));
  }
}

static void put_tool(struct document *d) {
  struct json_writer *w = &d->w;
  json_begin_object(w, "tool");
  json_begin_object(w, "driver");
  json_put_z(w, "name", "testcamp");
  json_put_z(w, "version", d->cli->version);
  json_put_z(w, "language", "en");
  json_begin_array(w, "rules");
  for (size_t i = 0; i < d->rules.n; i++) put_rule(w, d->rules.v[i]);
  json_end(w);
  json_end(w);
  json_end(w);
}

static void put_translation(struct document *d) {
  struct json_writer *w = &d->w;
  json_begin_array(w, "translations");
  json_begin_object(w, NULL);
  json_put_z(w, "name", "testcamp");
  json_put_z(w, "language", "da");
  json_begin_array(w, "rules");
  for (size_t i = 0; i < d->rules.n; i++) {
    json_begin_object(w, NULL);
    json_put_z(w, "id", d->rules.v[i]->id);
    put_text(w, "shortDescription", str_z(d->rules.v[i]->da));
    json_end(w);
  }
  json_end(w);
  json_end(w);
  json_end(w);
}

static int64_t rule_index(const struct document *d, struct str id) {
  for (size_t i = 0; i < d->rules.n; i++)
    if (str_eqz(id, d->rules.v[i]->id)) return (int64_t)i;
  return -1; /* 3.27.6: none */
}

/* ---- places ---- */

/* A file name as a URI reference (RFC 3986, 3.3 and 4.2): relative as it was given, else of scheme file. The message in
 * an envelope is a fragment of its file: lines and columns count in the decoded message. */
static struct str uri_of(struct arena *a, struct str file) {
  struct buf b;
  struct str payload = STR("#payload"); /* as validate/message.c names it */
  bool inside = str_ends(file, payload);
  if (inside) file.n -= payload.n;
  buf_init(&b, 3 * file.n + sizeof "file://" + payload.n);
  if (str_starts(file, STR("/"))) buf_addz(&b, "file://");
  for (size_t i = 0; i < file.n; i++) {
    char c = file.p[i];
    if (ascii_is_alnum(c) || strchr("-._~/", c))
      buf_byte(&b, c);
    else
      buf_printf(&b, "%%%02X", (unsigned char)c);
  }
  if (inside) buf_add(&b, payload);
  return buf_take(&b, a);
}

static void put_physical(struct json_writer *w, struct arena *a, const struct place *p) {
  if (!p->message.n) return;
  json_begin_object(w, "physicalLocation");
  json_begin_object(w, "artifactLocation");
  json_put_str(w, "uri", uri_of(a, p->message));
  json_end(w);
  if (p->line > 0) {
    json_begin_object(w, "region");
    json_put_int(w, "startLine", p->line);
    if (p->col > 0) json_put_int(w, "startColumn", p->col);
    json_end(w);
  }
  json_end(w);
}

/* id tells equal locations apart (3.28.2), and is left out below 0; text may be empty. */
static void put_location(struct json_writer *w, struct arena *a, const struct place *p, int64_t id, struct str text) {
  json_begin_object(w, NULL);
  if (id >= 0) json_put_int(w, "id", id);
  put_physical(w, a, p);
  if (p->path.n) {
    json_begin_array(w, "logicalLocations");
    json_begin_object(w, NULL);
    json_put_str(w, "fullyQualifiedName", p->path);
    json_end(w);
    json_end(w);
  }
  if (text.n) put_text(w, "message", text);
  json_end(w);
}

static void put_related(struct document *d, struct arena *a, const struct finding *x) {
  if (!x->reasons.n && !x->other.message.n) return;
  json_begin_array(&d->w, "relatedLocations");
  if (x->other.message.n) put_location(&d->w, a, &x->other, 0, STR(""));
  for (size_t i = 0; i < x->reasons.n; i++) {
    const struct reason *r = &x->reasons.v[i];
    put_location(&d->w, a, &r->where, (int64_t)i + 1, d->cli->danish ? r->text.da : r->text.en);
  }
  json_end(&d->w);
}

/* ---- the parts of the document ---- */

static void begin(struct document *d) {
  struct json_writer *w = &d->w;
  json_begin_object(w, NULL);
  json_put_z(w, "$schema", SCHEMA);
  json_put_z(w, "version", "2.1.0");
  json_begin_array(w, "runs");
  json_begin_object(w, NULL);
  list_rules(d);
  put_tool(d);
  put_translation(d);
  json_put_z(w, "language", d->cli->danish ? "da" : "en");
  json_put_z(w, "columnKind", "unicodeCodePoints");
  json_begin_array(w, "results");
}

static void put_properties(struct document *d, struct arena *a, const struct finding *x) {
  const struct {
    const char *key;
    struct str value;
  } rows[] = {{"en", x->en},
              {"da", x->da},
              {"source", x->source},
              {"profile", x->profile},
              {"element", x->element},
              {"found", x->found},
              {"expression", x->expression},
              {"again", d->again},
              {"explain", again_explain(a, x)}};
  json_begin_object(&d->w, "properties");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].value.n) json_put_str(&d->w, rows[i].key, rows[i].value);
  json_end(&d->w);
}

static void put_finding(struct document *d, const struct finding *x) {
  struct arena *a = arena_new(0);
  struct json_writer *w = &d->w;
  int64_t rule = rule_index(d, x->rule);
  json_begin_object(w, NULL);
  json_put_str(w, "ruleId", x->rule);
  if (rule >= 0) json_put_int(w, "ruleIndex", rule);
  json_put_z(w, "kind", x->severity == SEV_UNDECIDED ? "open" : "fail");
  json_put_z(w, "level", level_of(x->severity));
  put_text(w, "message", d->cli->danish ? x->da : x->en);
  json_begin_array(w, "locations");
  if (x->where.message.n || x->where.path.n) put_location(w, a, &x->where, -1, STR(""));
  json_end(w);
  put_related(d, a, x);
  put_properties(d, a, x);
  json_end(w);
  arena_free(a);
}

static void put_notes(struct document *d, struct arena *a) {
  struct json_writer *w = &d->w;
  json_begin_array(w, "toolExecutionNotifications");
  for (size_t i = 0; i < d->notes.n; i++) {
    const struct document_note *n = &d->notes.v[i];
    struct place where = {.message = n->file};
    json_begin_object(w, NULL);
    json_put_z(w, "level", n->failed ? "error" : "warning");
    put_text(w, "message", n->text);
    json_begin_array(w, "locations");
    put_location(w, a, &where, -1, STR(""));
    json_end(w);
    json_end(w);
  }
  json_end(w);
}

static void end(struct document *d, int code) {
  struct json_writer *w = &d->w;
  struct arena *a = arena_new(0);
  bool judged = true;
  for (size_t i = 0; i < d->notes.n; i++) judged = judged && !d->notes.v[i].failed;
  json_end(w); /* results */
  json_begin_array(w, "invocations");
  json_begin_object(w, NULL);
  json_put_bool(w, "executionSuccessful", judged);
  json_put_int(w, "exitCode", code);
  put_notes(d, a);
  json_end(w);
  json_end(w);
  json_end(w); /* the run */
  json_end(w);
  json_end(w);
  arena_free(a);
}

const struct document_format document_sarif = {"sarif", begin, put_finding, end};
