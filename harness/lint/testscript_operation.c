/* Operations of a TestScript: what the harness puts on its server or asks of the system's, and what the system does. */
#include "formats/json.h"
#include "lint/testscript_int.h"

struct operating {
  struct ts_writer *w;
  const struct ts_action *act;
  const struct node *n;
  struct str code, type, params;
};

static void put_on_server(struct operating *o);
static void take_from_server(struct operating *o);

/* One row a code. harness: what it becomes when the harness itself does it on its own server; rest: what is expected of
 * the system there; method: what the harness asks the system's server with. */
static const struct {
  const char *code;
  void (*harness)(struct operating *o);
  const char *rest, *method;
} codes[] = {{"read", NULL, "read", "GET"},
             {"search", NULL, "search", "GET"},
             {"create", put_on_server, "create", "POST"},
             {"update", put_on_server, "update", "PUT"},
             {"updateCreate", put_on_server, "update", "PUT"},
             {"delete", take_from_server, "delete", "DELETE"},
             {"capabilities", NULL, "capabilities", "GET"},
             {"metadata", NULL, "capabilities", "GET"}};
#define CODES (sizeof codes / sizeof *codes)

static size_t row_of(struct str code) {
  size_t i = 0;
  while (i < CODES && !str_eqz(code, codes[i].code)) i++;
  return i;
}

static struct str text(const struct operating *o, const char *name) {
  return node_text_at(o->n, name);
}

bool ts_operation_known(const struct ts_script *x, const struct ts_action *act, struct arena *a, struct str *why) {
  struct str code = ts_code(act);
  size_t row = row_of(code);
  *why = arena_printf(a, "the operation \"%.*s\"", STR_F(code));
  if (row == CODES) return false;
  *why = STR("an operation that does not say which type of resource");
  bool typed = node_child(act->node, "resource") || node_child(act->node, "sourceId");
  if (!typed && !x->server && !str_eqz(str_z(codes[row].rest), "capabilities")) return false;
  *why = STR("an operation with an address of its own (url)");
  if (node_child(act->node, "url")) return false;
  bool own = x->server && !ts_by_system(x, act);
  *why = arena_printf(a, "\"%.*s\" without an origin: testcamp does not ask its own server", STR_F(code));
  if (own && !codes[row].harness) return false;
  *why = arena_printf(a, "\"%.*s\" without sourceId: there is nothing to send", STR_F(code));
  bool sends = str_eqz(code, "create") || str_starts(code, STR("update"));
  return !sends || node_child(act->node, "sourceId") || ts_by_system(x, act);
}

/* ---- fixtures ---- */

/* The name under which it travels with the protocol. */
static struct str embed(struct ts_writer *w, const struct ts_fixture *f) {
  struct str last = f->file.name;
  for (size_t i = last.n; i > 0; i--)
    if (last.p[i - 1] == '/') {
      last = str_sub(last, i, last.n);
      break;
    }
  struct source *have = map_get(&w->embedded, last);
  for (size_t n = 2; have && !str_eq(have->name, f->file.name); n++) {
    last = arena_printf(w->arena, "%zu-%.*s", n, STR_F(last));
    have = map_get(&w->embedded, last);
  }
  if (!have) {
    have = ARENA_NEW(w->arena, struct source);
    *have = f->file;
    map_set(&w->embedded, last, have);
  }
  return last;
}

/* fixture: ..., and what else a stand-in has. */
static void write_fixture(struct ts_writer *w, const struct ts_fixture *f) {
  buf_addz(&w->out, "fixture: ");
  if (f->where == TS_IN_SET) {
    ts_quote(w, arena_printf(w->arena, "#%.*s", STR_F(embed(w, f))));
    return;
  }
  ts_quote(w, node_text_at(f->aid, "fixture"));
  for (NODE_EACH(c, f->aid)) {
    if (str_eqz(c->name, "fixture")) continue;
    buf_printf(&w->out, ", %.*s: ", STR_F(c->name));
    json_write(&w->out, c, 0);
    while (w->out.n && str_is_blank(w->out.p[w->out.n - 1])) w->out.n--;
  }
}

/* "/${bundleid}" of the fixture itself: the id that it has anyway. */
static bool is_own_id(struct ts_writer *w, struct str params, struct str fixture) {
  for (size_t i = 0; i < w->script->variables.n; i++) {
    const struct ts_variable *v = &w->script->variables.v[i];
    struct str expression = node_text_at(v->node, "expression");
    if (!str_eq(v->source, fixture) || !str_eq(params, arena_printf(w->arena, "/${%.*s}", STR_F(v->name)))) continue;
    return str_eqz(expression, "id") ||
           (str_ends(expression, STR(".id")) && str_index(expression, '.') + 3 == expression.n);
  }
  return false;
}

static void put_fixture(struct ts_writer *w, const struct ts_fixture *f, struct str id) {
  struct str name = ts_name(w, f->id);
  buf_addz(&w->out, "      - preload: {");
  write_fixture(w, f);
  if (id.n) {
    buf_addz(&w->out, ", id: ");
    ts_quote(w, id);
  }
  buf_printf(&w->out, ", as: %.*s}\n", STR_F(name));
  ts_alias_set(w, f->id, name);
  w->last = name;
}

static void put_on_server(struct operating *o) {
  const struct ts_fixture *f = ts_fixture_find(o->w->script, text(o, "sourceId"));
  struct str id = {0};
  if (!f || !f->tree) return;
  if (str_eqz(o->code, "create")) {
    id = arena_printf(o->w->arena, "${uuid:created-%.*s}", STR_F(f->id));
  } else if (o->params.n && !is_own_id(o->w, o->params, f->id)) {
    if (!ts_text(o->w, str_sub(o->params, str_starts(o->params, STR("/")) ? 1 : 0, o->params.n), &id)) return;
  }
  put_fixture(o->w, f, id);
  ts_alias_set(o->w, text(o, "responseId"), o->w->last);
  ts_alias_set(o->w, text(o, "requestId"), o->w->last);
}

void ts_write_autocreate(struct ts_writer *w) {
  for (size_t i = 0; i < w->script->fixtures.n && w->script->server; i++) {
    const struct ts_fixture *f = &w->script->fixtures.v[i];
    if (str_eqz(node_text_at(f->node, "autocreate"), "true") && f->tree) put_fixture(w, f, (struct str){0});
  }
}

/* The values of one argument, from `rest` on, behind commas; how many. */
static size_t write_values(struct ts_writer *w, struct str rest, struct str wanted) {
  size_t n = 0;
  while (rest.n) {
    struct str value = str_cut(&rest, '&'), name = str_cut(&value, '=');
    if (!str_eq(name, wanted)) continue;
    if (w && n) buf_addz(&w->out, ", ");
    if (w) ts_quote(w, value);
    n++;
  }
  return n;
}

/* "?name=value&..." as a mapping; an argument that stands there more than once has a list. */
static void write_query(struct ts_writer *w, const char *key, struct str params) {
  struct str all = str_sub(params, 1, params.n), rest = all;
  buf_printf(&w->out, "%s: {", key);
  for (bool first = true; rest.n;) {
    struct str before = str_sub(all, 0, all.n - rest.n), value = str_cut(&rest, '&'), name = str_cut(&value, '=');
    if (write_values(NULL, before, name)) continue;
    if (!first) buf_addz(&w->out, ", ");
    first = false;
    ts_quote(w, name);
    bool several = write_values(NULL, all, name) > 1;
    buf_addz(&w->out, several ? ": [" : ": ");
    (void)write_values(w, all, name);
    if (several) buf_byte(&w->out, ']');
  }
  buf_byte(&w->out, '}');
}

static void take_from_server(struct operating *o) {
  struct ts_writer *w = o->w;
  struct str params, query = o->params;
  bool search = str_starts(query, STR("?"));
  if (!ts_text_early(w, query, &params) && !ts_text(w, query, &params)) return;
  /* The organisations of a fixture have other names outside of one. */
  params = ts_replaced(w->arena, params, STR("${to."), STR("${vendor."));
  params = ts_replaced(w->arena, params, STR("${from."), STR("${counterpart."));
  struct str target = ts_alias(w, text(o, "targetId"));
  if (target.n) params = arena_printf(w->arena, "/${%.*s.rest.id}", STR_F(target));
  buf_addz(&w->out, "      - remove: {type: ");
  ts_quote(w, o->type);
  buf_addz(&w->out, ", ");
  if (!search) {
    buf_addz(&w->out, "id: ");
    ts_quote(w, str_sub(params, str_starts(params, STR("/")) ? 1 : 0, params.n));
  } else {
    write_query(w, "search", params);
  }
  buf_addz(&w->out, "}\n");
}

/* ---- the system is the client ---- */

/* Names of the script's ids in the values of an aid become those of the protocol. */
static struct str renamed(struct ts_writer *w, struct str s) {
  size_t open = str_find(s, STR("${"), 0), dot = open == SIZE_MAX ? open : str_find(s, STR("."), open);
  if (dot == SIZE_MAX) return s;
  struct str alias = ts_alias(w, str_sub(s, open + 2, dot));
  if (!alias.n) return s;
  return arena_printf(w->arena, "%.*s${%.*s%.*s", STR_F(str_sub(s, 0, open)), STR_F(alias),
                      STR_F(str_sub(s, dot, s.n)));
}

static void rename_all(struct ts_writer *w, struct node *n) {
  n->text = renamed(w, n->text);
  for (NODE_EACH(c, n)) rename_all(w, c);
}

/* What the aids say of this operation of the system: one row each for what it sends, and for what it reads. */
static const struct node *aid_of(struct operating *o, bool sends) {
  const struct node *list = ts_aid(o->w->set, sends ? "triggers" : "reads", o->w->script->id);
  size_t wanted = sends ? o->w->sent++ : o->w->read++, i = 0;
  for (NODE_EACH(c, list))
    if (i++ == wanted) return c;
  return NULL;
}

static void write_trigger(struct operating *o, const struct node *aid, struct str of) {
  struct ts_writer *w = o->w;
  buf_addz(&w->out, ", trigger: ");
  if (aid) {
    struct node *copy = node_copy(w->arena, aid);
    copy->name = (struct str){0};
    rename_all(w, copy);
    json_write(&w->out, copy, 0);
    while (w->out.n && str_is_blank(w->out.p[w->out.n - 1])) w->out.n--;
  } else if (str_eqz(o->code, "read") && of.n) {
    buf_addz(&w->out, "{action: fetch, type: ");
    ts_quote(w, o->type);
    buf_printf(&w->out, ", id: \"${%.*s.rest.id}\"}", STR_F(of));
  } else {
    buf_printf(&w->out, "{action: %.*s, ", STR_F(o->code));
    buf_addz(&w->out, "type: ");
    ts_quote(w, o->type);
    buf_addz(&w->out, ", script: ");
    ts_quote(w, w->script->id);
    buf_addz(&w->out, ", test: ");
    ts_quote(w, node_text_at(o->act->test, "id"));
    buf_byte(&w->out, '}');
  }
}

/* What an element of the test says, as the end of a sentence; empty where it holds variables. */
static struct str words_of(struct operating *o, const char *name) {
  struct str words = str_trim(node_text_at(o->act->test, name));
  if (!words.n || str_find(words, STR("${"), 0) != SIZE_MAX) return (struct str){0};
  return arena_printf(o->w->arena, " %.*s%s", STR_F(words), str_ends(words, STR(".")) ? "" : ".");
}

/* The script's own words, and what is done in both languages. */
static void write_instruct(struct operating *o, const struct node *aid, struct str of) {
  struct arena *a = o->w->arena;
  struct str name = words_of(o, "name"), words = words_of(o, "description");
  struct str where = of.n ? arena_printf(a, "/${%.*s.rest.id}", STR_F(of)) : (struct str){0};
  struct str what = arena_printf(a, "%.*s %.*s%.*s.%.*s%.*s", STR_F(o->code), STR_F(o->type), STR_F(where), STR_F(name),
                                 STR_F(words));
  buf_addz(&o->w->out, "      - instruct: {do: ");
  ts_quote2(o->w, arena_printf(a, "On the FHIR server, let the system do: %.*s", STR_F(what)),
            arena_printf(a, "Lad systemet gøre dette på FHIR-serveren: %.*s", STR_F(what)));
  write_trigger(o, aid, of);
  buf_addz(&o->w->out, "}\n");
}

/* The message of the fixture whose id stands in the text; empty: none. */
static struct str message_of_id(struct operating *o, struct str params) {
  for (size_t i = 0; i < o->w->script->variables.n; i++) {
    const struct ts_variable *v = &o->w->script->variables.v[i];
    if (is_own_id(o->w, params, v->source)) return ts_alias(o->w, v->source);
  }
  return ts_alias(o->w, text(o, "targetId"));
}

/* What tells a message of the script from an acknowledgement that comes by the way. */
static struct str event_of(struct operating *o) {
  for (NODE_EACH(p, o->w->script->root)) {
    struct str url = str_eqz(p->name, "profile") ? node_text_at(p, "reference") : (struct str){0};
    const struct node *aid = url.n ? ts_aid(o->w->set, "profiles", str_sub(url, 0, str_index(url, '|'))) : NULL;
    if (aid) return node_text_at(aid, "event");
  }
  return (struct str){0};
}

static struct str base_name(struct operating *o) {
  static const char *const ids[] = {"requestId", "responseId", "sourceId"};
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
    if (text(o, ids[i]).n) return text(o, ids[i]);
  return o->code;
}

static void set_aliases(struct operating *o, struct str name) {
  static const char *const ids[] = {"sourceId", "requestId", "responseId"};
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) ts_alias_set(o->w, text(o, ids[i]), name);
  o->w->last = name;
}

/* The statuses that the assertions behind the operation allow: empty where none says so. */
static struct str statuses_of(struct operating *o) {
  const struct ts_script *x = o->w->script;
  struct str all = {0};
  for (const struct ts_action *next = o->act + 1; next < x->actions.v + x->actions.n && next->asserts; next++) {
    struct str list = node_text_at(next->node, "responseCode");
    if (!list.n) list = ts_status(node_text_at(next->node, "response"));
    if (list.n) all = arena_printf(o->w->arena, "%.*s%s%.*s", STR_F(all), all.n ? "," : "", STR_F(list));
  }
  return all;
}

/* A refusal that the script wants is one that the step has to ask for: just that one, or any of several. */
static struct str refusal_of(struct operating *o) {
  struct str all = statuses_of(o), rest = all;
  bool refused = false;
  while (rest.n && !refused) refused = !str_starts(str_trim(str_cut(&rest, ',')), STR("2"));
  if (!refused) return (struct str){0};
  return str_index(all, ',') == SIZE_MAX ? all : STR("*");
}

static void add_where(struct operating *o, bool *any, struct str name, struct str value) {
  if (!value.n) return;
  buf_printf(&o->w->out, "%s%.*s: ", *any ? ", " : ", where: {", STR_F(name));
  ts_quote(o->w, value);
  *any = true;
}

static void write_where(struct operating *o, const struct node *aid, bool sends, struct str of) {
  struct str id = {0};
  bool any = false, by_id = !sends && !of.n && str_starts(o->params, STR("/"));
  if (by_id && ts_text_early(o->w, str_sub(o->params, 1, o->params.n), &id)) add_where(o, &any, STR("rest.id"), id);
  if (sends) add_where(o, &any, STR("event"), event_of(o));
  for (NODE_EACH(c, node_child(aid, "where"))) add_where(o, &any, c->name, renamed(o->w, c->text));
  add_where(o, &any, STR("http.status"), refusal_of(o));
  if (any) buf_byte(&o->w->out, '}');
}

static void write_expect(struct operating *o, const struct node *aid, bool sends, struct str of, struct str name) {
  struct ts_writer *w = o->w;
  buf_printf(&w->out, "      - expect: {rest: %s", codes[row_of(o->code)].rest);
  if (o->type.n) {
    buf_addz(&w->out, ", type: ");
    ts_quote(w, o->type);
  }
  if (of.n) buf_printf(&w->out, ", of: %.*s", STR_F(of));
  write_where(o, aid, sends, of);
  buf_printf(&w->out, ", within: \"${act_within}\", as: %.*s}\n", STR_F(name));
}

static void system_does(struct operating *o) {
  struct ts_writer *w = o->w;
  bool sends = str_eqz(o->code, "create") || str_starts(o->code, STR("update"));
  const struct node *aid = aid_of(o, sends);
  struct str of = sends ? (struct str){0} : message_of_id(o, o->params);
  for (NODE_EACH(before, node_child(aid, "before"))) {
    buf_addz(&w->out, "      - instruct: {do: ");
    ts_quote2(w, node_text_at(before, "en"), node_text_at(before, "da"));
    write_trigger(o, node_child(before, "trigger"), of);
    buf_addz(&w->out, "}\n");
    if (node_child(before, "sends")) write_expect(o, NULL, true, (struct str){0}, ts_name(w, STR("before")));
  }
  const struct node *inner = node_child(aid, "trigger");
  bool only_before = node_child(aid, "before") && !inner;
  if (!node_child(aid, "await")) write_instruct(o, only_before ? NULL : inner ? inner : aid, of);
  struct str name = ts_name(w, base_name(o));
  write_expect(o, aid, sends, of, name);
  set_aliases(o, name);
}

/* ---- the system is the server ---- */

/* `http` takes any other status than these as a failure. */
static void write_status(struct operating *o) {
  struct str all = statuses_of(o);
  if (!all.n) return;
  buf_addz(&o->w->out, ", expect: {status: [");
  while (all.n) {
    ts_quote(o->w, str_trim(str_cut(&all, ',')));
    if (all.n) buf_addz(&o->w->out, ", ");
  }
  buf_addz(&o->w->out, "]}");
}

/* The id of what an earlier operation was answered with, kept first. */
static struct str kept_id(struct operating *o, struct str message) {
  struct str name = ts_name(o->w, STR("id"));
  buf_printf(&o->w->out, "      - capture: {on: %.*s, fhirpath: id, as: %.*s}\n", STR_F(message), STR_F(name));
  return name;
}

/* The path, and what stands behind it; steps that it needs are written. */
static bool make_path(struct operating *o, struct str *path, struct str *query) {
  struct ts_writer *w = o->w;
  struct str params = {0}, target = ts_alias(w, text(o, "targetId"));
  const struct ts_fixture *f = ts_fixture_find(w->script, text(o, "sourceId"));
  bool capabilities = str_eqz(str_z(codes[row_of(o->code)].rest), "capabilities");
  *path = capabilities ? STR("/metadata") : arena_printf(w->arena, "/%.*s", STR_F(o->type));
  *query = (struct str){0};
  if (o->params.n && !ts_text(w, o->params, &params)) return false;
  /* Some scripts name the place once more. */
  if (capabilities && str_ends(*path, params)) params = (struct str){0};
  if (str_starts(params, STR("?")))
    *query = params;
  else if (params.n)
    *path = arena_printf(w->arena, "%.*s%.*s", STR_F(*path), STR_F(params));
  else if (target.n && !capabilities)
    *path = arena_printf(w->arena, "%.*s/${%.*s}", STR_F(*path), STR_F(kept_id(o, target)));
  else if (f && f->tree && str_starts(o->code, STR("update")))
    *path = arena_printf(w->arena, "%.*s/%.*s", STR_F(*path), STR_F(node_text_at(f->tree, "id")));
  return true;
}

/* A fixture, or what was sent or answered before under that name. */
static void write_body(struct operating *o) {
  struct ts_writer *w = o->w;
  struct str source = text(o, "sourceId"), message = ts_alias(w, source);
  const struct ts_fixture *f = ts_fixture_find(w->script, source);
  if (codes[row_of(o->code)].harness != put_on_server) return;
  buf_addz(&w->out, ", ");
  if (f && f->tree)
    write_fixture(w, f);
  else
    buf_printf(&w->out, "body: %.*s", STR_F(message));
}

static void ask_system(struct operating *o) {
  struct ts_writer *w = o->w;
  struct str path, query, name = ts_name(w, base_name(o));
  if (!make_path(o, &path, &query)) return;
  buf_printf(&w->out, "      - http: {method: %s, path: ", codes[row_of(o->code)].method);
  ts_quote(w, path);
  if (query.n) {
    buf_addz(&w->out, ", ");
    write_query(w, "query", query);
  }
  write_body(o);
  write_status(o);
  buf_printf(&w->out, ", as: %.*s}\n", STR_F(name));
  set_aliases(o, name);
}

void ts_write_operation(struct ts_writer *w, struct ts_action *act) {
  struct operating o = {.w = w, .act = act, .n = act->node, .code = ts_code(act)};
  o.type = text(&o, "resource");
  o.params = text(&o, "params");
  const struct ts_fixture *f = ts_fixture_find(w->script, text(&o, "sourceId"));
  if (!o.type.n && f && f->tree) o.type = f->tree->type;
  if (!o.type.n && f) o.type = STR("Bundle");
  if (!w->script->server)
    ask_system(&o);
  else if (ts_by_system(w->script, act))
    system_does(&o);
  else
    codes[row_of(o.code)].harness(&o);
}
