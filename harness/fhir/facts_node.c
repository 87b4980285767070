/* From the lines of one definition to its FHIR tree: what is common, StructureDefinitions, and extensions in short. */
#include "fhir/facts_node_int.h"

int reading_bad(struct facts_reading *r, const char *what, struct str word) {
  return error_at(r->e, ERR_SYNTAX, r->file->name, r->line, 1, "%s: %.*s", what, STR_F(word));
}

struct node *reading_put(struct facts_reading *r, struct node *to, const char *name, enum node_kind kind,
                         struct str text) {
  struct node *n = node_new(r->a, kind);
  n->name = str_z(name);
  n->text = text;
  n->line = r->line;
  n->col = 1;
  node_append(to, n);
  return n;
}

struct node *reading_object(struct facts_reading *r, struct node *to, const char *name) {
  return reading_put(r, to, name, NODE_OBJECT, (struct str){0});
}

struct node *reading_text(struct facts_reading *r, struct node *to, const char *name, struct str written) {
  return reading_put(r, to, name, NODE_STRING, facts_plain(r->a, written));
}

struct node *reading_listed(struct facts_reading *r, struct node *to, const char *name, struct str written) {
  struct node *n = reading_text(r, to, name, written);
  n->flags |= NODE_LISTED;
  return n;
}

struct node *reading_listed_object(struct facts_reading *r, struct node *to, const char *name) {
  struct node *n = reading_object(r, to, name);
  n->flags |= NODE_LISTED;
  return n;
}

/* plain: without escapes */
int reading_url(struct facts_reading *r, struct node *to, const char *name, struct str plain, unsigned flags) {
  struct str url;
  if (!facts_canonical(&url, r->a, r->file, plain))
    return reading_bad(r, "a prefix that the head does not have", plain);
  reading_put(r, to, name, NODE_STRING, url)->flags |= flags;
  return 0;
}

int reading_canonical(struct facts_reading *r, struct node *to, const char *name, struct str written, unsigned flags) {
  return reading_url(r, to, name, facts_plain(r->a, written), flags);
}

struct node *reading_extension(struct facts_reading *r, struct node *to, const char *url) {
  struct node *n = reading_listed_object(r, to, "extension");
  reading_put(r, n, "url", NODE_STRING, str_z(url));
  return n;
}

/* --- fields "key=value" --- */

int field_text(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  reading_text(r, to, name, value);
  return 0;
}

int field_canonical(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  return reading_canonical(r, to, name, value, 0);
}

int field_number(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  reading_put(r, to, name, NODE_NUMBER, value);
  return 0;
}

int field_bool(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  reading_put(r, to, name, NODE_BOOL, value);
  return 0;
}

int field_ignored(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  (void)r, (void)to, (void)name, (void)value;
  return 0;
}

int reading_fields(struct facts_reading *r, struct node *to, const struct field_reader *readers, size_t n,
                   struct str rest) {
  while (rest.n) {
    struct str value = str_cut(&rest, '\t'), all = value, key = str_cut(&value, '=');
    size_t i = 0;
    while (i < n && !str_eq(readers[i].key, key)) i++;
    if (i == n) return reading_bad(r, "a field that facts do not have", all);
    if (readers[i].read(r, to, readers[i].name, value)) return -1;
  }
  return 0;
}

/* The field of that key, or other. */
struct str reading_field_or(struct facts_reading *r, struct str fields, struct str key, struct str other) {
  while (fields.n) {
    struct str one = str_cut(&fields, '\t');
    if (str_starts(one, key)) return facts_plain(r->a, str_sub(one, key.n, one.n));
  }
  return other;
}

/* An extension in short form has a word of its own. */
static bool is_short_form(const struct package_item *item) {
  return str_starts(item->bytes, STR("extension\t"));
}

/* What the head of any definition says where its fields do not. */
void reading_defaults(struct facts_reading *r, const struct package_item *item, struct str fields) {
  bool is_short = is_short_form(item);
  reading_put(r, r->root, "id", NODE_STRING, item->id);
  reading_put(r, r->root, "url", NODE_STRING, item->url);
  const struct {
    struct str key;
    const char *name;
    struct str value;
  } defaults[] = {{STR("version="), "version", item->version},
                  {STR("name="), "name", is_short ? facts_extension_name(item->id) : item->id},
                  {STR("status="), "status", r->file->status}};
  for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
    if (!reading_field_or(r, fields, defaults[i].key, (struct str){0}).p)
      reading_put(r, r->root, defaults[i].name, NODE_STRING, defaults[i].value);
}

/* --- StructureDefinition --- */

/* "element Patient" */
static int read_context(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct node *c = reading_listed_object(r, to, name);
  reading_text(r, c, "type", str_cut(&value, ' '));
  reading_text(r, c, "expression", value);
  return 0;
}

/* "Patient,Practitioner": contexts that are elements */
static int read_contexts(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  while (value.n) {
    struct node *c = reading_listed_object(r, to, name);
    reading_put(r, c, "type", NODE_STRING, STR("element"));
    reading_text(r, c, "expression", str_cut(&value, ','));
  }
  return 0;
}

static int read_listed(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  reading_listed(r, to, name, value);
  return 0;
}

static int read_imposes(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  return reading_canonical(r, reading_extension(r, to, FACTS_IMPOSE_URL), name, value, 0);
}

static const struct field_reader structure_fields[] = {
    {STR_INIT("version"), field_text, "version"},
    {STR_INIT("id"), field_ignored, "id"},
    {STR_INIT("name"), field_text, "name"},
    {STR_INIT("status"), field_text, "status"},
    {STR_INIT("fhir"), field_text, "fhirVersion"},
    {STR_INIT("context"), read_context, "context"},
    {STR_INIT("on"), read_contexts, "context"},
    {STR_INIT("invariant"), read_listed, "contextInvariant"},
    {STR_INIT("imposes"), read_imposes, "valueCanonical"},
};

static bool is_derivation(struct str word) {
  return str_eqz(word, "constraint") || str_eqz(word, "specialization");
}

static int read_structure(struct facts_reading *r, const struct package_item *item, struct str line) {
  r->url = item->url;
  r->type = facts_plain(r->a, str_cut(&line, '\t'));
  struct str base = str_cut(&line, '\t'), words = str_cut(&line, '\t'), type = r->type;
  bool abstract = false;
  reading_defaults(r, item, line);
  if (type.n && type.p[0] == '$' && !facts_canonical(&type, r->a, r->file, type))
    return reading_bad(r, "a prefix that the head does not have", r->type);
  if (str_find(type, STR("://"), 0) != SIZE_MAX) { /* a logical model: paths begin with the last part of its URL */
    size_t slash = type.n;
    while (type.p[slash - 1] != '/') slash--;
    r->type = str_sub(type, slash, type.n);
  }
  reading_put(r, r->root, "type", NODE_STRING, type);
  if (base.n && reading_canonical(r, r->root, "baseDefinition", base, 0)) return -1;
  while (words.n) {
    struct str word = str_cut(&words, ' ');
    if (str_eqz(word, "abstract"))
      abstract = true;
    else
      reading_put(r, r->root, is_derivation(word) ? "derivation" : "kind", NODE_STRING, word);
  }
  reading_put(r, r->root, "abstract", NODE_BOOL, abstract ? STR("true") : STR("false"));
  return READ_FIELDS(r, r->root, structure_fields, line);
}

struct str facts_extension_name(struct str id) {
  size_t hyphen = str_index(id, '-');
  return hyphen == SIZE_MAX ? id : str_sub(id, hyphen + 1, id.n);
}

static int structure_line(struct facts_reading *r, struct str line) {
  if (line.p[0] == '=') { /* the snapshot follows */
    r->holder = reading_object(r, r->root, "snapshot");
    r->at = NULL;
    return 0;
  }
  return line.p[0] == '\t' ? reading_constraint(r, line) : reading_element(r, line);
}

/* --- any --- */

static const struct {
  const char *type;
  int (*head)(struct facts_reading *r, const struct package_item *item, struct str line);
  int (*line)(struct facts_reading *r, struct str line);
} kinds[] = {
    {"StructureDefinition", read_structure, structure_line},
    {"ValueSet", reading_value_set, reading_value_set_line},
    {"CodeSystem", reading_code_system, reading_code_system_line},
};

/* What builds on nothing (Element, Resource) is its own snapshot. */
static void own_snapshot(struct facts_reading *r) {
  if (!r->type.n || !r->holder || node_child(r->root, "baseDefinition")) return;
  struct node *snapshot = node_copy(r->a, r->holder);
  snapshot->name = STR("snapshot");
  node_append(r->root, snapshot);
}

/* Each line of rows is read as if it stood in the file. */
static int read_rows(struct facts_reading *r, struct str rows) {
  while (rows.n)
    if (structure_line(r, str_cut(&rows, '\n'))) return -1;
  return 0;
}

static int read_short(struct facts_reading *r, const struct package_item *item, struct str line, struct str rest) {
  struct buf b;
  struct str fields = line;
  bool parts = false;
  for (int i = 0; i < 3; i++) str_cut(&fields, '\t');
  struct str head =
      arena_printf(r->a, "Extension\tExtension\tcomplex-type constraint\t%.*s", STR_F(facts_head_fields(r->a, fields)));
  if (read_structure(r, item, head)) return -1;
  buf_init(&b, FACTS_FILE_MAX);
  facts_lengthen_head(&b, item->url, line);
  int rc = read_rows(r, buf_take(&b, r->a));
  while (!rc && rest.n) {
    struct str part = str_cut(&rest, '\n');
    r->line++;
    if (!part.n || part.p[0] == '#') continue;
    if (part.p[0] != ':') return reading_bad(r, "a line that extensions in short do not have", part);
    parts = true;
    buf_init(&b, FACTS_FILE_MAX);
    facts_lengthen_part(&b, r->a, part);
    rc = read_rows(r, buf_take(&b, r->a));
  }
  if (rc || !parts) return rc;
  buf_init(&b, FACTS_FILE_MAX);
  facts_lengthen_end(&b, item->url);
  return read_rows(r, buf_take(&b, r->a));
}

static int read_long(struct facts_reading *r, const struct package_item *item, struct str head, struct str rest) {
  size_t k = 0;
  while (k < sizeof kinds / sizeof *kinds && !str_eqz(item->type, kinds[k].type)) k++;
  if (k == sizeof kinds / sizeof *kinds)
    return error_at(r->e, ERR_SYNTAX, r->file->name, r->line, 1, "no kind of definition that facts have");
  if (kinds[k].head(r, item, head)) return -1;
  while (rest.n) {
    struct str line = str_cut(&rest, '\n');
    r->line++;
    if (line.n && line.p[0] != '#' && kinds[k].line(r, line)) return -1;
  }
  own_snapshot(r);
  return 0;
}

struct node *facts_node(struct arena *a, const struct package_item *item, struct error *e) {
  const struct facts_block *block = item->facts;
  struct facts_reading r = {.a = a, .file = block->file, .e = e, .line = block->line};
  struct str rest = item->bytes, head = str_cut(&rest, '\n');
  r.root = node_new(a, NODE_OBJECT);
  r.root->type = item->type;
  r.root->line = r.line;
  str_cut(&head, '\t');
  str_cut(&head, '\t');
  int rc = is_short_form(item) ? read_short(&r, item, head, rest) : read_long(&r, item, head, rest);
  return rc ? NULL : r.root;
}
