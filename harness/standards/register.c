#include "standards/register_int.h"

#include "base/file.h"
#include "formats/yaml.h"
#include "standards/identifier.h"

static const struct register_key keys[] = {
    {"name", NODE_STRING},      {"unit", NODE_STRING},        {"parent", NODE_STRING},
    {"sor", NODE_STRING},       {"gln", NODE_STRING},         {"active", NODE_STRING},
    {"internal", NODE_STRING},  {"receives", NODE_ARRAY},     {"level", NODE_STRING},
    {"sor-type", NODE_STRING},  {"yder", NODE_STRING},        {"street", NODE_STRING},
    {"telephone", NODE_STRING}, {"postal-code", NODE_STRING}, {"eua", NODE_STRING},
    {"msh", NODE_STRING},       {"endpoint", NODE_OBJECT},    {0}};

/* --- what every mapping needs --- */

static int unknown_key(struct reading *r, const struct node *at, const struct register_key *known) {
  const char *best = known[0].name;
  for (size_t i = 0; known[i].name; i++)
    if (str_distance(at->name, str_z(known[i].name)) < str_distance(at->name, str_z(best))) best = known[i].name;
  return COMPLAIN_KEY(r, at, "unknown key \"%.*s\"; did you mean \"%s\"?", STR_F(at->name), best);
}

static int check_key(struct reading *r, const struct node *c, const struct register_key *known) {
  const char *form = "text";
  while (known->name && !str_eqz(c->name, known->name)) known++;
  if (known->kind == NODE_ARRAY) form = "list";
  if (known->kind == NODE_OBJECT) form = "mapping";
  if (c->kind == known->kind && (c->kind != NODE_STRING || c->text.n)) return 0;
  return COMPLAIN(r, c, "\"%.*s\" must be a %s", STR_F(c->name), form);
}

int register_check_keys(struct reading *r, const struct node *n, const struct register_key *known, const char *what) {
  if (n->kind != NODE_OBJECT) return COMPLAIN_KEY(r, n, "%s", what);
  for (NODE_EACH(c, n)) {
    const struct register_key *k = known;
    while (k->name && !str_eqz(c->name, k->name)) k++;
    if (!k->name) return unknown_key(r, c, known);
    if (check_key(r, c, known) < 0) return -1;
  }
  return 0;
}

int register_check_word(struct reading *r, const struct node *n, const char *name, const char *const *words) {
  const struct node *c = node_child(n, name);
  struct str all = {0};
  for (size_t i = 0; c && words[i]; i++) {
    if (str_eqz(c->text, words[i])) return 0;
    all = arena_printf(r->arena, "%.*s%s%s", STR_F(all), i ? ", " : "", words[i]);
  }
  return c ? COMPLAIN(r, c, "\"%s\" must be one of %.*s", name, STR_F(all)) : 0;
}

/* --- units --- */

static int read_flag(struct reading *r, const struct node *n, const char *name, bool *out) {
  const struct node *c = node_child(n, name);
  if (!c) return 0;
  *out = str_eqz(c->text, "true");
  if (*out || str_eqz(c->text, "false")) return 0;
  return COMPLAIN(r, c, "\"%s\" must be true or false", name);
}

static int read_types(struct reading *r, struct register_unit *u, const struct node *list) {
  for (NODE_EACH(c, list)) {
    struct str version = c->text, code = str_cut(&version, ' ');
    version = str_trim(version);
    if (c->kind != NODE_STRING || !code.n || !version.n)
      return COMPLAIN(r, c, "a type is its code and its version, such as \"FDIS91 5.0\"");
    if (u->receives.n == REGISTER_TYPES_MAX)
      return COMPLAIN(r, c, "a unit receives at most %d types", REGISTER_TYPES_MAX);
    VEC_PUSH(r->arena, &u->receives, ((struct register_type){code, version}));
  }
  if (list && !u->gln.n)
    return COMPLAIN(r, list, "\"receives\" belongs to a location number, and this unit has no \"gln\" of its own");
  return 0;
}

static int check_numbers(struct reading *r, const struct node *n, const struct register_unit *u) {
  if (!u->name.n || !u->kind.n || !u->sor.n)
    return COMPLAIN_KEY(r, n, "the unit \"%.*s\" lacks \"name\", \"unit\" or \"sor\"", STR_F(u->id));
  if (!sor_valid(u->sor))
    return COMPLAIN(r, node_child(n, "sor"), "%.*s is no SOR id: its check digit is wrong", STR_F(u->sor));
  if (u->gln.n && !gln_valid(u->gln))
    return COMPLAIN(r, node_child(n, "gln"), "%.*s is no location number: 13 digits with a check digit", STR_F(u->gln));
  return 0;
}

/* What only some units have. */
static int check_rest(struct reading *r, const struct node *n, struct register_unit *u) {
  static const char *const levels[] = {"IO", "HI", "OU", NULL};
  if (register_check_word(r, n, "level", levels) < 0) return -1;
  if (!u->level.n) u->level = STR("OU");
  if (u->yder.n && !yder_valid(u->yder))
    return COMPLAIN(r, node_child(n, "yder"), "%.*s is no ydernummer: 6 digits", STR_F(u->yder));
  if (node_child(n, "endpoint") && !u->gln.n)
    return COMPLAIN_KEY(r, node_child(n, "endpoint"),
                        "an endpoint has the location number of its unit, and this one has no \"gln\" of its own");
  if (u->postal_code.n && !sor_register_place(r->out, u->postal_code))
    return COMPLAIN(r, node_child(n, "postal-code"), "there is no %.*s in \"postal-codes\"", STR_F(u->postal_code));
  if (u->postal_code.n) u->city = sor_register_place(r->out, u->postal_code)->city;
  return 0;
}

/* Remembers the unit under a number that nobody else may have. */
static int claim(struct reading *r, struct map *m, struct register_unit *u, const struct node *at) {
  const struct register_unit *other = at ? map_get(m, at->text) : NULL;
  if (other)
    return COMPLAIN(r, at, "%.*s is that of \"%.*s\" on line %d already", STR_F(at->text), STR_F(other->id),
                    other->line);
  if (at) map_set(m, at->text, u);
  return 0;
}

static int read_unit(struct reading *r, const struct node *n) {
  struct register_unit *u = ARENA_NEW(r->arena, struct register_unit);
  if (register_check_keys(r, n, keys, "a unit is a mapping with \"name\", \"unit\" and \"sor\"") < 0) return -1;
  *u = (struct register_unit){.id = n->name,
                              .name = node_text_at(n, "name"),
                              .kind = node_text_at(n, "unit"),
                              .sor = node_text_at(n, "sor"),
                              .gln = node_text_at(n, "gln"),
                              .level = node_text_at(n, "level"),
                              .sor_type = node_text_at(n, "sor-type"),
                              .yder = node_text_at(n, "yder"),
                              .street = node_text_at(n, "street"),
                              .telephone = node_text_at(n, "telephone"),
                              .postal_code = node_text_at(n, "postal-code"),
                              .active = true,
                              .line = n->line};
  if (check_numbers(r, n, u) < 0 || check_rest(r, n, u) < 0 || read_flag(r, n, "active", &u->active) < 0) return -1;
  if (read_flag(r, n, "internal", &u->internal) < 0) return -1;
  if (read_types(r, u, node_child(n, "receives")) < 0) return -1;
  if (claim(r, &r->out->by_sor, u, node_child(n, "sor")) < 0) return -1;
  if (claim(r, &r->out->by_gln, u, node_child(n, "gln")) < 0) return -1;
  if (claim(r, &r->out->by_yder, u, node_child(n, "yder")) < 0) return -1;
  map_set(&r->out->by_id, u->id, u);
  VEC_PUSH(r->arena, &r->out->units, u);
  return 0;
}

/* The unit above, which may stand anywhere in the file. */
static int link_parent(struct reading *r, struct register_unit *u, const struct node *n) {
  const struct node *parent = node_child(n, "parent");
  if (!parent) return 0;
  u->parent = map_get(&r->out->by_id, parent->text);
  return u->parent ? 0 : COMPLAIN(r, parent, "there is no unit \"%.*s\"", STR_F(parent->text));
}

/* Whose number counts; a chain that does not end is a mistake. */
static int find_number(struct reading *r, struct register_unit *u, const struct node *n) {
  size_t depth = 0;
  for (const struct register_unit *up = u; up; up = up->parent) {
    if (!u->number && up->gln.n) u->number = up;
    if (++depth > REGISTER_DEPTH_MAX)
      return COMPLAIN(r, node_child(n, "parent"), "more than %d units above each other, or a circle of them",
                      REGISTER_DEPTH_MAX);
  }
  return 0;
}

static int read_units(struct reading *r, const struct node *units) {
  size_t i = 0;
  if (units->count > REGISTER_UNITS_MAX)
    return COMPLAIN(r, units, "a register has at most %d units", REGISTER_UNITS_MAX);
  for (NODE_EACH(n, units))
    if (read_unit(r, n) < 0) return -1;
  for (NODE_EACH(n, units))
    if (link_parent(r, r->out->units.v[i++], n) < 0) return -1;
  i = 0;
  for (NODE_EACH(n, units))
    if (find_number(r, r->out->units.v[i++], n) < 0) return -1;
  return 0;
}

/* Each may name what stands above it here. */
static const struct {
  const char *name;
  int (*read)(struct reading *r, const struct node *n);
} sections[] = {{"postal-codes", register_read_places},
                {"units", read_units},
                {"devices", register_read_devices},
                {"patients", register_read_patients}};
#define SECTIONS_N (sizeof sections / sizeof *sections)

static int read_sections(struct reading *r, const struct node *root) {
  const struct node *units = node_child(root, "units");
  size_t known = 0;
  for (size_t i = 0; i < SECTIONS_N; i++) known += node_child(root, sections[i].name) != NULL;
  if (!units || units->kind != NODE_OBJECT || root->count != known)
    return COMPLAIN(r, root,
                    "a register has the key \"units\", a mapping, and perhaps \"postal-codes\", \"devices\" and "
                    "\"patients\"");
  for (size_t i = 0; i < SECTIONS_N; i++) {
    const struct node *n = node_child(root, sections[i].name);
    if (n && n->kind != NODE_OBJECT) return COMPLAIN(r, n, "\"%s\" must be a mapping", sections[i].name);
    if (n && sections[i].read(r, n) < 0) return -1;
  }
  return register_read_endpoints(r, units);
}

int sor_register_read(struct sor_register **out, struct arena *a, struct str bytes, struct str name, struct error *e) {
  struct reading r = {.out = ARENA_NEW(a, struct sor_register), .arena = a, .file = name, .e = e};
  struct map *const maps[] = {&r.out->by_id,    &r.out->by_sor,       &r.out->by_gln,
                              &r.out->by_yder,  &r.out->device_by_id, &r.out->device_by_device_id,
                              &r.out->patients, &r.out->places};
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) map_init(maps[i], a);
  if (yaml_read(&root, a, (struct source){name, bytes}, &f) != 0) {
    const struct finding *first = &f.list.v[0];
    return error_at(e, ERR_SYNTAX, name, first->where.line, first->where.col, "%.*s", STR_F(first->en));
  }
  if (read_sections(&r, root) < 0) return -1;
  *out = r.out;
  return 0;
}

int sor_register_load(struct sor_register **out, struct arena *a, const char *data_dir, struct error *e) {
  struct str bytes;
  const char *path = file_join(a, data_dir, REGISTER_FILE);
  if (file_read(&bytes, a, path, REGISTER_BYTES_MAX, e) < 0) return -1;
  return sor_register_read(out, a, bytes, str_z(path), e);
}

const struct register_unit *sor_register_find(const struct sor_register *r, struct str what) {
  const struct map *const maps[] = {&r->by_id, &r->by_sor, &r->by_gln};
  for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
    const struct register_unit *u = map_get(maps[i], what);
    if (u) return u;
  }
  return NULL;
}

struct str register_unit_gln(const struct register_unit *u) {
  return u->number ? u->number->gln : (struct str){0};
}

bool register_unit_receives(const struct register_unit *u, struct str code, struct str version) {
  const struct register_unit *at = u->number;
  if (!at || !u->active || !at->active || at->internal) return false;
  for (size_t i = 0; i < at->receives.n; i++)
    if (str_eq(at->receives.v[i].code, code) && str_eq(at->receives.v[i].version, version)) return true;
  return false;
}

static struct str device_id(const struct register_device *d) {
  return d ? d->device_id : (struct str){0};
}

struct str register_unit_field(const struct register_unit *u, struct str field) {
  const struct {
    const char *name;
    struct str value;
  } fields[] = {{"gln", register_unit_gln(u)},
                {"sor", u->sor},
                {"organisation", u->name},
                {"unit", u->kind},
                {"yder", u->yder},
                {"street", u->street},
                {"telephone", u->telephone},
                {"postal-code", u->postal_code},
                {"city", u->city},
                {"device", device_id(u->eua)},
                {"msh", device_id(u->msh)},
                {"ap", device_id(u->endpoint ? u->endpoint->ap : NULL)}};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    if (str_eqz(field, fields[i].name)) return fields[i].value;
  return (struct str){0};
}
