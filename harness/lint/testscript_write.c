/* A set of scripts as protocols: one a role, with the packages, parameters and fixtures that its cases need. */
#include "base/file.h"
#include "lint/lint.h"
#include "lint/testscript_int.h"

#define PROTOCOL_NAME_MAX 80

enum { ROLE_SENDER, ROLE_RECEIVER, ROLES };
static const char *const roles[ROLES] = {"sender", "receiver"};

struct writing {
  struct testscript_set *set;
  struct arena *arena;
  int role;
  size_t scripts; /* of that role */
  struct buf cases;
  struct map embedded, ids;
};

/* Who sends something of its own is a sender. */
static int role_of(const struct ts_script *x) {
  for (size_t i = 0; i < x->actions.n; i++) {
    struct str code = ts_code(&x->actions.v[i]);
    bool sends = str_eqz(code, "create") || str_starts(code, STR("update"));
    if (sends && ts_by_system(x, &x->actions.v[i])) return ROLE_SENDER;
  }
  return ROLE_RECEIVER;
}

static struct str word(struct arena *a, struct str s) {
  char *z = arena_z(a, str_sub(s, 0, PROTOCOL_NAME_MAX));
  for (char *p = z; *p; p++)
    if (!ascii_is_alnum(*p) && *p != '-' && *p != '.' && *p != '_') *p = '-';
  return ascii_is_alnum(*z) ? str_z(z) : arena_printf(a, "scripts-%s", z);
}

static struct str set_name(const struct testscript_set *s) {
  struct str name = node_text_at(s->package, "name");
  if (name.n) return name;
  if (s->scripts.n == 1) return s->scripts.v[0]->id;
  return str_z(file_base(arena_z(s->arena, s->name)));
}

/* ---- a case ---- */

static struct str write_case(struct writing *g, struct ts_script *x, struct str case_id, size_t number,
                             struct map *names) {
  struct ts_writer w = {.set = g->set, .script = x, .arena = g->arena, .number = number, .names = *names};
  w.embedded = g->embedded;
  w.case_id = case_id;
  buf_init(&w.out, PROTOCOL_BYTES_MAX);
  ts_write_case(&w);
  g->embedded = w.embedded;
  *names = w.names;
  return buf_take(&w.out, g->arena);
}

static struct str only_unsupported(struct writing *g, struct ts_script *x, struct str case_id, size_t number,
                                   struct map *names, const struct finding *why) {
  x->why = arena_str(g->arena, why->en);
  const struct node *root = x->root;
  x->root = NULL;
  struct str text = write_case(g, x, case_id, number, names);
  x->root = root;
  return text;
}

static void write_head(struct buf *b, struct writing *g, struct str cases);
static void write_fixtures(struct buf *b, struct writing *g, struct str text);

/* What the language of protocols refuses after all makes that case inconclusive, not the whole protocol unreadable. */
static bool is_refused(struct writing *g, struct str text, struct findings *f) {
  struct protocol *p;
  struct buf b;
  findings_init(f, g->arena);
  buf_init(&b, PROTOCOL_BYTES_MAX * 2);
  write_head(&b, g, text);
  write_fixtures(&b, g, text);
  buf_addz(&b, "sections:\n");
  buf_add(&b, text);
  struct source src = {STR("script"), buf_take(&b, g->arena)};
  return protocol_read(&p, g->arena, src, g->set->o->kinds, f) < 0 ||
         lint_protocol(f, g->arena, p, g->set->o->data_dir, NULL) < 0;
}

/* Two files may have one id: copies, or a mistake. */
static struct str case_id(struct writing *g, const struct ts_script *x) {
  struct str stem = word(g->arena, x->id), id = stem;
  for (size_t n = 2; map_get(&g->ids, id); n++) id = arena_printf(g->arena, "%.*s-%zu", STR_F(stem), n);
  map_set(&g->ids, id, g);
  return id;
}

static void add_case(struct writing *g, struct ts_script *x, size_t number, struct map *names) {
  struct findings f;
  struct str id = case_id(g, x);
  struct str text = write_case(g, x, id, number, names);
  if (is_refused(g, text, &f)) text = only_unsupported(g, x, id, number, names, &f.list.v[0]);
  buf_addz(&g->cases, "\n");
  buf_add(&g->cases, text);
}

/* ---- the head ---- */

static const struct node *profile_aid(const struct writing *g) {
  for (size_t i = 0; i < g->set->scripts.n; i++)
    for (NODE_EACH(p, g->set->scripts.v[i]->root)) {
      struct str url = str_eqz(p->name, "profile") ? node_text_at(p, "reference") : (struct str){0};
      const struct node *aid = url.n ? ts_aid(g->set, "profiles", str_sub(url, 0, str_index(url, '|'))) : NULL;
      if (aid) return aid;
    }
  return NULL;
}

/* True if some profile of the scripts is of the guide whose package this is: ".../ig/NAME/..." and "....NAME". */
static bool is_asked_for(const struct writing *g, struct str package) {
  size_t dot = package.n;
  while (dot > 0 && package.p[dot - 1] != '.') dot--;
  struct str part = arena_printf(g->arena, "/%.*s/", STR_F(str_sub(package, dot, package.n)));
  for (size_t i = 0; i < g->set->scripts.n; i++)
    for (NODE_EACH(p, g->set->scripts.v[i]->root))
      if (str_eqz(p->name, "profile") && str_find(node_text_at(p, "reference"), part, 0) != SIZE_MAX) return true;
  return false;
}

static struct str chosen(const struct writing *g, struct str name, struct str version) {
  for (size_t i = 0; i < g->set->o->use_n; i++)
    if (str_starts(str_z(g->set->o->use[i]), arena_printf(g->arena, "%.*s@", STR_F(name))))
      return str_z(g->set->o->use[i]);
  struct str spec = arena_printf(g->arena, "%.*s@%.*s", STR_F(name), STR_F(version));
  const struct node *aid = ts_aid(g->set, "packages", spec);
  return aid ? aid->text : spec;
}

static void write_packages(struct buf *b, const struct writing *g) {
  bool any = false;
  for (NODE_EACH(d, node_child(g->set->package, "dependencies"))) {
    if (!is_asked_for(g, d->name)) continue;
    struct str spec = chosen(g, d->name, d->text);
    buf_printf(b, "%s%.*s", any ? ", " : "packages: [", STR_F(spec));
    any = true;
  }
  for (size_t i = 0; !any && i < g->set->o->use_n; i++)
    buf_printf(b, "%s%s%s", i ? ", " : "packages: [", g->set->o->use[i], i + 1 < g->set->o->use_n ? "" : "]\n");
  if (any) buf_addz(b, "]\n");
}

static void quote(struct buf *b, struct str s) {
  struct ts_writer w = {.out = *b};
  ts_quote(&w, s);
  *b = w.out;
}

static void write_standard(struct buf *b, const struct writing *g) {
  const struct node *aid = profile_aid(g);
  struct str version = node_text_at(aid, "version"), name = node_text_at(aid, "standard");
  buf_addz(b, "standard: {name: ");
  quote(b, name.n ? name : STR("FHIR"));
  if (node_text_at(aid, "danish").n) {
    buf_addz(b, ", danish: ");
    quote(b, node_text_at(aid, "danish"));
  }
  buf_addz(b, ", version: ");
  quote(b, version.n ? version : STR("4.0.1"));
  buf_addz(b, ", type: HL7 FHIR}\n");
}

static void write_head(struct buf *b, struct writing *g, struct str cases) {
  struct str name = set_name(g->set), version = node_text_at(g->set->package, "version");
  struct str title = arena_printf(g->arena, "TestScripts: %.*s", STR_F(name));
  if (!version.n) version = node_text_at(g->set->scripts.v[0]->root, "version");
  buf_printf(
      b, "# Written by `testcamp import` from FHIR TestScripts: texts of the scripts stand in their own language.\n");
  buf_printf(b, "protocol: %.*s-%s\ntitle: {en: ", STR_F(word(g->arena, name)), roles[g->role]);
  quote(b, title);
  buf_addz(b, ", da: ");
  quote(b, title);
  buf_addz(b, "}\n");
  write_standard(b, g);
  buf_addz(b, "version: ");
  quote(b, version.n ? version : STR("0"));
  buf_printf(b, "\nrole: %s\n", roles[g->role]);
  write_packages(b, g);
  if (str_find(cases, STR("${act_within}"), 0) == SIZE_MAX) return;
  buf_addz(
      b, "parameters:\n  act_within: {value: 15 min, source: \"This project: time for a system or a person to do what "
         "a test asks for\"}\n");
}

/* Those that the text names. */
static void write_fixtures(struct buf *b, struct writing *g, struct str text) {
  bool any = false;
  for (size_t i = 0; i < g->embedded.n; i++) {
    const struct source *src = g->embedded.entries[i].value;
    struct str name = g->embedded.entries[i].key;
    if (str_find(text, arena_printf(g->arena, "\"#%.*s\"", STR_F(name)), 0) == SIZE_MAX) continue;
    if (!any) buf_addz(b, "fixtures:\n");
    any = true;
    buf_addz(b, "  ");
    quote(b, name);
    buf_addz(b, ": ");
    quote(b, src->bytes);
    buf_addz(b, "\n");
  }
}

static void write_role(struct testscript_protocols *out, struct testscript_set *s, int role) {
  struct writing g = {.set = s, .arena = s->arena, .role = role};
  struct map names;
  struct buf b;
  size_t number = 0;
  map_init(&names, s->arena);
  map_init(&g.embedded, s->arena);
  map_init(&g.ids, s->arena);
  buf_init(&g.cases, PROTOCOL_BYTES_MAX);
  for (size_t i = 0; i < s->scripts.n; i++) g.scripts += role_of(s->scripts.v[i]) == role;
  if (!g.scripts) return;
  for (size_t i = 0; i < s->scripts.n; i++) {
    if (role_of(s->scripts.v[i]) != role) continue;
    number++;
    add_case(&g, s->scripts.v[i], g.scripts > 1 ? number : 0, &names);
  }
  struct str cases = buf_take(&g.cases, s->arena);
  buf_init(&b, PROTOCOL_BYTES_MAX * 2);
  write_head(&b, &g, cases);
  write_fixtures(&b, &g, cases);
  buf_addz(&b, "sections:");
  buf_add(&b, cases);
  struct str id = arena_printf(s->arena, "%.*s-%s", STR_F(word(s->arena, set_name(s))), roles[role]);
  VEC_PUSH(s->arena, &out->list, ((struct testscript_protocol){id, str_z(roles[role]), buf_take(&b, s->arena)}));
}

void testscript_write(struct testscript_protocols *out, struct testscript_set *s) {
  struct findings own;
  findings_init(&own, s->arena);
  *out = (struct testscript_protocols){0};
  (void)testscript_check(s, &own);
  for (int role = 0; role < ROLES; role++) write_role(out, s, role);
}
