#include "mapping/conversion_rules.h"
#include "base/file.h"
#include "formats/yaml.h"

const char *const mapping_format_keys[MAPPING_FORMATS_N] = {"fhir", "oioxml", "edifact"};
const char *const mapping_format_names[MAPPING_FORMATS_N] = {"FHIR", "OIOXML", "EDIFACT"};
static const char *const system_keys[MAPPING_FORMATS_N] = {"fhir-system", "oioxml-system", "edifact-system"};

static const char *const as_names[AS_N] = {
    [AS_TEXT] = "text",   [AS_EXACT] = "exact",     [AS_UUID] = "uuid",   [AS_CPR] = "cpr",
    [AS_NAME] = "name",   [AS_WORDS] = "words",     [AS_LINES] = "lines", [AS_TIME] = "time",
    [AS_PHONE] = "phone", [AS_VERSION] = "version", [AS_SIZE] = "size",   [AS_DATA] = "data"};

struct reader {
  struct arena *a;
  struct str file;
  struct conversion_rules *out;
  struct error *e;
};

static int wrong(struct reader *r, const struct node *n, const char *what, struct str name) {
  return error_at(r->e, ERR_SYNTAX, r->file, n->line, n->col, "%s \"%.*s\"", what, STR_F(name));
}

/* Every member of a mapping must be one of these. */
static int known(struct reader *r, const struct node *n, const char *const *keys, size_t keys_n) {
  if (n->kind != NODE_OBJECT) return error_at(r->e, ERR_SYNTAX, r->file, n->line, n->col, "this must be a mapping");
  for (NODE_EACH(c, n)) {
    bool is = false;
    for (size_t i = 0; i < keys_n; i++) is |= str_eqz(c->name, keys[i]);
    if (!is)
      return error_at(r->e, ERR_SYNTAX, r->file, c->name_line, c->name_col, "unknown key \"%.*s\"", STR_F(c->name));
  }
  return 0;
}
#define KNOWN(r, n, ...)                                                                                               \
  known((r), (n), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* A text, or a list of texts. */
static int texts(struct reader *r, const struct node *n, struct str *v, size_t *count) {
  *count = 0;
  if (!n) return 0;
  if (n->kind == NODE_OBJECT) return error_at(r->e, ERR_SYNTAX, r->file, n->line, n->col, "a text, or a list of texts");
  if (n->kind != NODE_ARRAY) {
    v[(*count)++] = n->text;
    return 0;
  }
  for (NODE_EACH(c, n)) {
    if (c->kind == NODE_OBJECT || c->kind == NODE_ARRAY) return wrong(r, c, "a text is wanted in", n->name);
    if (*count == CONVERSION_PLACES_MAX) return wrong(r, c, "too many alternatives of", n->name);
    v[(*count)++] = c->text;
  }
  return 0;
}

static int place(struct reader *r, struct mapping_place *p, enum mapping_format f, const struct node *at) {
  struct error why;
  if (f != MAPPING_FHIR || fhirpath_parse(&p->path, r->a, p->text, &why) == 0) return 0;
  return error_at(r->e, ERR_SYNTAX, r->file, at->line, at->col, "\"%.*s\" is no FHIRPath: %s", STR_F(p->text),
                  why.text);
}

static int places(struct reader *r, struct mapping_places *out, const struct node *n, enum mapping_format f) {
  struct str v[CONVERSION_PLACES_MAX];
  if (texts(r, n, v, &out->n) < 0) return -1;
  for (size_t i = 0; i < out->n; i++) {
    if (!v[i].n) return wrong(r, n, "an empty place of", n->name);
    out->v[i].text = v[i];
    if (place(r, &out->v[i], f, n) < 0) return -1;
  }
  return 0;
}

static int read_family(struct reader *r, const struct node *n) {
  struct mapping_family *f = VEC_ADD(r->a, &r->out->families);
  if (KNOWN(r, n, "types", "sender", "receiver") < 0) return -1;
  for (NODE_EACH(t, node_child(n, "types"))) VEC_PUSH(r->a, &f->types, t->text);
  f->sender = node_text_at(n, "sender");
  f->receiver = node_text_at(n, "receiver");
  return f->types.n && f->sender.n && f->receiver.n ? 0
                                                    : wrong(r, n, "a family has types,", STR("sender and receiver"));
}

static int read_code(struct reader *r, struct mapping_codes *list, const struct node *n) {
  if (KNOWN(r, n, "value", "object", "system", "fhir", "oioxml", "edifact") < 0) return -1;
  if (list->list.n == CONVERSION_CODES_MAX) return wrong(r, n, "too many values in", list->name);
  struct mapping_code *c = VEC_ADD(r->a, &list->list);
  c->value = node_text_at(n, "value");
  c->object = node_text_at(n, "object");
  c->system = node_text_at(n, "system");
  if (!c->value.n) return wrong(r, n, "a value is missing in", list->name);
  for (size_t f = 0; f < MAPPING_FORMATS_N; f++)
    if (texts(r, node_child(n, mapping_format_keys[f]), c->in[f].v, &c->in[f].n) < 0) return -1;
  if (!node_child(n, "oioxml")) c->in[MAPPING_OIOXML].v[c->in[MAPPING_OIOXML].n++] = c->value;
  return 0;
}

static int read_codes(struct reader *r, const struct node *n) {
  if (conversion_codes(r->out, n->name)) return wrong(r, n, "there are two code lists", n->name);
  struct mapping_codes *list = ARENA_NEW(r->a, struct mapping_codes);
  list->name = n->name;
  for (NODE_EACH(c, n))
    if (read_code(r, list, c) < 0) return -1;
  VEC_PUSH(r->a, &r->out->codes, list);
  return 0;
}

static int read_list(struct reader *r, const struct node *n) {
  if (KNOWN(r, n, "name", "en", "da", "unordered", "fhir", "oioxml", "edifact") < 0) return -1;
  struct mapping_list *l = ARENA_NEW(r->a, struct mapping_list);
  l->name = node_text_at(n, "name");
  l->en = node_text_at(n, "en");
  l->da = node_text_at(n, "da");
  l->unordered = str_eqz(node_text_at(n, "unordered"), "true");
  for (size_t f = 0; f < MAPPING_FORMATS_N; f++)
    if (places(r, &l->at[f], node_child(n, mapping_format_keys[f]), (enum mapping_format)f) < 0) return -1;
  if (!l->name.n || conversion_list(r->out, l->name)) return wrong(r, n, "no name, or twice, of list", l->name);
  VEC_PUSH(r->a, &r->out->lists, l);
  return 0;
}

static int read_whole(struct reader *r, const struct node *n) {
  VEC_PUSH(r->a, &r->out->whole, n->text);
  return 0;
}

static int read_partial(struct reader *r, const struct node *n) {
  if (KNOWN(r, n, "types", "en", "da") < 0) return -1;
  struct mapping_partial p = {.en = node_text_at(n, "en"), .da = node_text_at(n, "da")};
  if (!p.en.n || !p.da.n) return wrong(r, n, "en and da are wanted of", STR("partial"));
  if (texts(r, node_child(n, "types"), p.types.v, &p.types.n) < 0) return -1;
  VEC_PUSH(r->a, &r->out->partial, p);
  return 0;
}

static int named_codes(struct reader *r, const struct node *n, const char *key, const struct mapping_codes **out) {
  struct str name = node_text_at(n, key);
  *out = name.n ? conversion_codes(r->out, name) : NULL;
  return name.n && !*out ? wrong(r, node_child(n, key), "no code list", name) : 0;
}

static int read_as(struct reader *r, const struct node *n, enum mapping_as *out) {
  struct str name = node_text_at(n, "as");
  for (size_t i = 0; i < AS_N; i++)
    if (str_eqz(name, as_names[i])) {
      *out = (enum mapping_as)i;
      return 0;
    }
  return wrong(r, n, "no way to read a value:", name);
}

static int read_places(struct reader *r, const struct node *n, struct mapping_row *row) {
  for (size_t f = 0; f < MAPPING_FORMATS_N; f++)
    if (places(r, &row->at[f], node_child(n, mapping_format_keys[f]), (enum mapping_format)f) < 0 ||
        places(r, &row->system[f], node_child(n, system_keys[f]), (enum mapping_format)f) < 0)
      return -1;
  if (texts(r, node_child(n, "only"), row->only.v, &row->only.n) < 0 ||
      texts(r, node_child(n, "except"), row->except.v, &row->except.n) < 0)
    return -1;
  row->shown.text = node_text_at(n, "fhir-at");
  return row->shown.text.n ? place(r, &row->shown, MAPPING_FHIR, n) : 0;
}

static int read_row(struct reader *r, const struct node *n) {
  if (KNOWN(r, n, "key", "en", "da", "as", "default", "optional", "only", "except", "technical", "codes", "systems",
            "list", "fhir", "fhir-at", "fhir-system", "oioxml", "oioxml-system", "edifact", "edifact-system",
            "source") < 0)
    return -1;
  if (r->out->rows.n == CONVERSION_ROWS_MAX) return wrong(r, n, "too many", STR("rows"));
  struct mapping_row *row = ARENA_NEW(r->a, struct mapping_row);
  row->key = node_text_at(n, "key");
  row->en = node_text_at(n, "en");
  row->da = node_text_at(n, "da");
  row->source = node_text_at(n, "source");
  row->optional = str_eqz(node_text_at(n, "optional"), "true");
  row->missing = node_text_at(n, "default");
  row->technical = str_eqz(node_text_at(n, "technical"), "true");
  row->assumption = str_starts(row->source, STR("project assumption"));
  row->index = r->out->rows.n;
  if (!row->key.n || conversion_row(r->out, row->key)) return wrong(r, n, "no key, or twice, of row", row->key);
  if (!row->en.n || !row->da.n || !row->source.n) return wrong(r, n, "en, da and source are wanted of", row->key);
  struct str list = node_text_at(n, "list");
  row->list = list.n ? conversion_list(r->out, list) : NULL;
  if (list.n && !row->list) return wrong(r, node_child(n, "list"), "no list", list);
  if (read_as(r, n, &row->as) < 0 || named_codes(r, n, "codes", &row->codes) < 0 ||
      named_codes(r, n, "systems", &row->systems) < 0 || read_places(r, n, row) < 0)
    return -1;
  VEC_PUSH(r->a, &r->out->rows, row);
  return 0;
}

static int each(struct reader *r, const struct node *root, const char *name,
                int (*read)(struct reader *, const struct node *)) {
  for (NODE_EACH(c, node_child(root, name)))
    if (read(r, c) < 0) return -1;
  return 0;
}

int conversion_rules_read(struct conversion_rules **out, struct arena *a, struct str bytes, struct str name,
                          struct error *e) {
  struct reader r = {a, name, ARENA_NEW(a, struct conversion_rules), e};
  struct findings f;
  struct node *root;
  findings_init(&f, a);
  if (yaml_read(&root, a, (struct source){name, bytes}, &f) < 0) {
    if (findings_error(&f, e) < 0) return -1;
    return error_at(e, ERR_SYNTAX, name, 0, 0, "it cannot be read");
  }
  if (KNOWN(&r, root, "families", "whole", "partial", "codes", "lists", "rows") < 0) return -1;
  if (each(&r, root, "families", read_family) < 0 || each(&r, root, "codes", read_codes) < 0 ||
      each(&r, root, "whole", read_whole) < 0 || each(&r, root, "partial", read_partial) < 0 ||
      each(&r, root, "lists", read_list) < 0 || each(&r, root, "rows", read_row) < 0)
    return -1;
  *out = r.out;
  return 0;
}

int conversion_rules_load(struct conversion_rules **out, struct arena *a, const char *data_dir, struct error *e) {
  struct str bytes;
  if (file_read(&bytes, a, file_join(a, data_dir, CONVERSION_FILE), CONVERSION_BYTES_MAX, e) < 0) return -1;
  return conversion_rules_read(out, a, bytes, STR(CONVERSION_FILE), e);
}

const struct mapping_row *conversion_row(const struct conversion_rules *r, struct str key) {
  for (size_t i = 0; i < r->rows.n; i++)
    if (str_eq(r->rows.v[i]->key, key)) return r->rows.v[i];
  return NULL;
}

static bool has_type(const struct mapping_types *t, struct str type) {
  for (size_t i = 0; i < t->n; i++)
    if (str_eq(t->v[i], type)) return true;
  return false;
}

bool mapping_row_is_for(const struct mapping_row *row, struct str type) {
  return (!row->only.n || has_type(&row->only, type)) && !has_type(&row->except, type);
}

const struct mapping_partial *conversion_partial(const struct conversion_rules *r, struct str type) {
  const struct mapping_partial *others = NULL;
  for (size_t i = 0; i < r->whole.n; i++)
    if (str_eq(r->whole.v[i], type)) return NULL;
  for (size_t i = 0; i < r->partial.n; i++) {
    const struct mapping_partial *p = &r->partial.v[i];
    if (has_type(&p->types, type)) return p;
    if (!p->types.n) others = p;
  }
  return others;
}

const struct mapping_codes *conversion_codes(const struct conversion_rules *r, struct str name) {
  for (size_t i = 0; i < r->codes.n; i++)
    if (str_eq(r->codes.v[i]->name, name)) return r->codes.v[i];
  return NULL;
}

const struct mapping_list *conversion_list(const struct conversion_rules *r, struct str name) {
  for (size_t i = 0; i < r->lists.n; i++)
    if (str_eq(r->lists.v[i]->name, name)) return r->lists.v[i];
  return NULL;
}

const struct mapping_code *mapping_code_of(const struct mapping_codes *c, enum mapping_format f, struct str text) {
  for (size_t i = 0; c && i < c->list.n; i++)
    for (size_t k = 0; k < c->list.v[i].in[f].n; k++)
      if (str_eq(c->list.v[i].in[f].v[k], text)) return &c->list.v[i];
  return NULL;
}

struct str mapping_code_text(const struct mapping_codes *c, enum mapping_format f, struct str value) {
  for (size_t i = 0; c && i < c->list.n; i++)
    if (str_eq(c->list.v[i].value, value) && c->list.v[i].in[f].n) return c->list.v[i].in[f].v[0];
  return (struct str){0};
}
