/* Assertions of a TestScript: one row a kind, in the order in which they are looked for. */
#include "lint/testscript_int.h"

/* Operators that `assert` has under another name; NULL: they need an expression of their own. */
static const struct {
  const char *theirs, *ours;
} operators[] = {{"equals", "has"},    {"notEquals", "not"},     {"in", "in"},        {"greaterThan", "greater"},
                 {"lessThan", "less"}, {"contains", "contains"}, {"empty", "exists"}, {"notEmpty", "exists"},
                 {"notIn", NULL},      {"notContains", NULL},    {"eval", NULL}};
#define OPERATORS (sizeof operators / sizeof *operators)

/* Table of assert-response-codes (FHIR R4). */
static const struct {
  const char *code, *status;
} responses[] = {{"okay", "200"},     {"created", "201"},   {"noContent", "204"},          {"notModified", "304"},
                 {"bad", "400"},      {"forbidden", "403"}, {"notFound", "404"},           {"methodNotAllowed", "405"},
                 {"conflict", "409"}, {"gone", "410"},      {"preconditionFailed", "412"}, {"unprocessable", "422"}};

struct asserting {
  struct ts_writer *w;
  const struct node *n;
  struct str on; /* name of the message */
};

static struct str text(const struct asserting *s, const char *name) {
  return node_text_at(s->n, name);
}

static void begin(struct asserting *s, const char *what, struct str expression) {
  buf_printf(&s->w->out, "      - assert: {on: %.*s, %s: ", STR_F(s->on), what);
  ts_quote(s->w, expression);
}

/* The script's own words are what is expected; they are in one language only. */
static void end(struct asserting *s) {
  struct str words = text(s, "description");
  if (str_eqz(text(s, "warningOnly"), "true")) buf_addz(&s->w->out, ", warning: true");
  buf_addz(&s->w->out, "}\n");
  if (!words.n || str_find(words, STR("${"), 0) != SIZE_MAX) return;
  buf_addz(&s->w->out, "        expected: ");
  struct arena *a = s->w->arena;
  ts_quote2(s->w, arena_printf(a, "The script says: %.*s", STR_F(words)),
            arena_printf(a, "Scriptet siger: %.*s", STR_F(words)));
  buf_byte(&s->w->out, '\n');
}

static void write_list(struct asserting *s, const char *key, struct str value) {
  buf_printf(&s->w->out, ", %s: [", key);
  for (bool first = true; value.n; first = false) {
    if (!first) buf_addz(&s->w->out, ", ");
    ts_quote(s->w, str_trim(str_cut(&value, ',')));
  }
  buf_byte(&s->w->out, ']');
}

static void write_operator(struct asserting *s, struct str op, struct str value) {
  for (size_t i = 0; i < OPERATORS; i++) {
    if (!str_eqz(op, operators[i].theirs) || !operators[i].ours) continue;
    if (str_eqz(op, "in")) {
      write_list(s, "in", value);
      return;
    }
    buf_printf(&s->w->out, ", %s: ", operators[i].ours);
    bool exists = str_eqz(str_z(operators[i].ours), "exists");
    if (exists)
      buf_addz(&s->w->out, str_eqz(op, "empty") ? "false" : "true");
    else
      ts_quote(s->w, value);
    return;
  }
}

/* As a truth in FHIRPath, where `assert` has no such operator. */
static struct str negated(struct asserting *s, struct str op, struct str expression, struct str value) {
  struct arena *a = s->w->arena;
  if (str_eqz(op, "notContains"))
    return arena_printf(a, "(%.*s).where(toString().contains('%.*s')).empty()", STR_F(expression), STR_F(value));
  struct str list = {0};
  while (value.n) {
    struct str one = str_trim(str_cut(&value, ','));
    list = arena_printf(a, "%.*s%s'%.*s'", STR_F(list), list.n ? " | " : "", STR_F(one));
  }
  return arena_printf(a, "(%.*s).where(toString() in (%.*s)).empty()", STR_F(expression), STR_F(list));
}

static bool has_value(struct str op) {
  return !str_eqz(op, "empty") && !str_eqz(op, "notEmpty");
}

/* An expression with a value, or one that must be true. */
static void write_expression(struct asserting *s, struct str expression, struct str value) {
  struct str op = text(s, "operator");
  if (!op.n && value.n) op = STR("equals");
  bool whole = !op.n || str_eqz(op, "eval") || (!value.n && has_value(op));
  if (str_eqz(op, "notIn") || str_eqz(op, "notContains")) {
    expression = negated(s, op, expression, value);
    whole = true;
  }
  begin(s, "fhirpath", expression);
  if (!whole) write_operator(s, op, value);
  end(s);
}

static void do_expression(struct asserting *s) {
  struct str expression, value;
  if (!ts_text(s->w, ts_expression(s->w->arena, s->n), &expression) || !ts_text(s->w, text(s, "value"), &value)) return;
  write_expression(s, expression, value);
}

/* The value that it is compared with is kept first. */
static void do_compare(struct asserting *s) {
  struct str other = ts_alias(s->w, text(s, "compareToSourceId")), wanted, expression;
  if (!other.n) {
    ts_unsupported(s->w, (struct said){STR("what compareToSourceId names is not there yet"),
                                       STR("det, som compareToSourceId nævner, er der ikke endnu")});
    return;
  }
  if (!ts_text(s->w, text(s, "compareToSourceExpression"), &wanted) ||
      !ts_text(s->w, ts_expression(s->w->arena, s->n), &expression))
    return;
  struct str name = ts_name(s->w, STR("compared"));
  buf_printf(&s->w->out, "      - capture: {on: %.*s, fhirpath: ", STR_F(other));
  ts_quote(s->w, arena_printf(s->w->arena, "(%.*s).first()", STR_F(wanted)));
  buf_printf(&s->w->out, ", as: %.*s}\n", STR_F(name));
  write_expression(s, expression, arena_printf(s->w->arena, "${%.*s}", STR_F(name)));
}

static void write_fact(struct asserting *s, const char *fact, struct str value) {
  struct str op = text(s, "operator");
  begin(s, "fact", str_z(fact));
  write_operator(s, op.n ? op : STR("equals"), value);
  end(s);
}

static void do_response_code(struct asserting *s) {
  struct str codes = text(s, "responseCode");
  begin(s, "fact", STR("http.status"));
  if (str_eqz(text(s, "operator"), "notEquals"))
    write_operator(s, STR("not"), codes);
  else
    write_list(s, "in", codes);
  end(s);
}

struct str ts_status(struct str code) {
  for (size_t i = 0; i < sizeof responses / sizeof *responses; i++)
    if (str_eqz(code, responses[i].code)) return str_z(responses[i].status);
  return (struct str){0};
}

static void do_response(struct asserting *s) {
  write_fact(s, "http.status", ts_status(text(s, "response")));
}

static void do_resource(struct asserting *s) {
  begin(s, "fhirpath", arena_printf(s->w->arena, "%%resource.ofType(%.*s).exists()", STR_F(text(s, "resource"))));
  end(s);
}

static void do_content_type(struct asserting *s) {
  struct str type = text(s, "contentType");
  bool xml = str_eqz(type, "xml"), json = str_eqz(type, "json");
  begin(s, "fact", STR("http.content-type"));
  buf_addz(&s->w->out, ", contains: ");
  ts_quote(s->w, xml ? STR("xml") : json ? STR("json") : type);
  end(s);
}

/* A copy with letters of ASCII in one case. */
static struct str cased(struct arena *a, struct str s, char first, char last, int by) {
  char *z = arena_z(a, s);
  for (char *p = z; *p; p++)
    if (*p >= first && *p <= last) *p = (char)(*p + by);
  return str_z(z);
}

static void do_header(struct asserting *s) {
  struct arena *a = s->w->arena;
  struct str value;
  struct str fact = arena_printf(a, "http.%.*s", STR_F(cased(a, text(s, "headerField"), 'A', 'Z', 'a' - 'A')));
  if (ts_text(s->w, text(s, "value"), &value)) write_fact(s, fact.p, value);
}

static void do_method(struct asserting *s) {
  write_fact(s, "http.method", cased(s->w->arena, text(s, "requestMethod"), 'a', 'z', 'A' - 'a'));
}

static void do_profile(struct asserting *s) {
  struct str id = text(s, "validateProfileId"), url = {0};
  for (NODE_EACH(p, s->w->script->root))
    if (str_eqz(p->name, "profile") && str_eq(node_text_at(p, "id"), id)) url = node_text_at(p, "reference");
  /* Which version counts is said by the packages of the protocol. */
  url = str_sub(url, 0, str_index(url, '|'));
  buf_printf(&s->w->out, "      - validate: {on: %.*s, level: profile, profile: ", STR_F(s->on));
  ts_quote(s->w, url);
  end(s);
}

static const struct {
  const char *key;
  void (*write)(struct asserting *s);
} kinds[] = {{"validateProfileId", do_profile}, {"responseCode", do_response_code}, {"response", do_response},
             {"compareToSourceId", do_compare}, {"expression", do_expression},      {"headerField", do_header},
             {"contentType", do_content_type},  {"requestMethod", do_method},       {"path", do_expression},
             {"resource", do_resource}};
#define KINDS (sizeof kinds / sizeof *kinds)

bool ts_assert_known(const struct ts_action *act, struct str *why) {
  static const char *const not_done[] = {"minimumId", "navigationLinks", "requestURL", "compareToSourcePath"};
  struct str op = node_text_at(act->node, "operator"), response = node_text_at(act->node, "response");
  for (size_t i = 0; i < sizeof not_done / sizeof *not_done; i++) {
    *why = str_z(not_done[i]);
    if (node_child(act->node, not_done[i])) return false;
  }
  *why = op;
  size_t i = 0;
  while (op.n && i < OPERATORS && !str_eqz(op, operators[i].theirs)) i++;
  if (i == OPERATORS) return false;
  *why = response;
  if (response.n && !ts_status(response).n) return false;
  *why = STR("an assert without a kind that is known");
  for (i = 0; i < KINDS; i++)
    if (node_child(act->node, kinds[i].key)) return true;
  return false;
}

void ts_write_assert(struct ts_writer *w, struct ts_action *act) {
  struct asserting s = {.w = w, .n = act->node};
  struct str source = text(&s, "sourceId");
  s.on = source.n ? ts_alias(w, source) : w->last;
  /* What the harness put there itself needs no assertion: its step fails when it cannot. */
  if (!source.n && w->script->server && !act->test) return;
  if (!s.on.n) {
    ts_unsupported(w, (struct said){STR("nothing was sent or answered yet that the assert could be about"),
                                    STR("der er endnu intet sendt eller svaret, som påstanden kunne handle om")});
    return;
  }
  for (size_t i = 0; i < KINDS; i++) {
    if (!node_child(act->node, kinds[i].key)) continue;
    kinds[i].write(&s);
    return;
  }
}
