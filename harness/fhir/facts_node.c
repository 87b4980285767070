/* From the lines of one definition to its FHIR tree. */
#include "fhir/facts_int.h"
#include "formats/json.h"

struct reading {
  struct arena *a;
  const struct facts_file *file;
  struct error *e;
  int line;
  struct node *root;
  struct str url, type;                       /* of a StructureDefinition */
  struct node *holder;                        /* differential, compose or expansion */
  struct node *at;                            /* the element, include or exclude that the next lines belong to */
  struct node *concepts[FACTS_DEPTH_MAX + 1]; /* the last one of each level; [0] the root */
};

typedef int line_reader(struct reading *r, struct str line);

static int bad(struct reading *r, const char *what, struct str word) {
  return error_at(r->e, ERR_SYNTAX, r->file->name, r->line, 1, "%s: %.*s", what, STR_F(word));
}

static struct node *put(struct reading *r, struct node *to, const char *name, enum node_kind kind, struct str text) {
  struct node *n = node_new(r->a, kind);
  n->name = str_z(name);
  n->text = text;
  n->line = r->line;
  n->col = 1;
  node_append(to, n);
  return n;
}

static struct node *put_object(struct reading *r, struct node *to, const char *name) {
  return put(r, to, name, NODE_OBJECT, (struct str){0});
}

static struct node *put_text(struct reading *r, struct node *to, const char *name, struct str written) {
  return put(r, to, name, NODE_STRING, facts_plain(r->a, written));
}

static struct node *put_listed(struct reading *r, struct node *to, const char *name, struct str written) {
  struct node *n = put_text(r, to, name, written);
  n->flags |= NODE_LISTED;
  return n;
}

static struct node *put_listed_object(struct reading *r, struct node *to, const char *name) {
  struct node *n = put_object(r, to, name);
  n->flags |= NODE_LISTED;
  return n;
}

/* plain: without escapes */
static int put_url(struct reading *r, struct node *to, const char *name, struct str plain, unsigned flags) {
  struct str url;
  if (!facts_canonical(&url, r->a, r->file, plain)) return bad(r, "a prefix that the head does not have", plain);
  put(r, to, name, NODE_STRING, url)->flags |= flags;
  return 0;
}

static int put_canonical(struct reading *r, struct node *to, const char *name, struct str written, unsigned flags) {
  return put_url(r, to, name, facts_plain(r->a, written), flags);
}

static struct node *put_extension(struct reading *r, struct node *to, const char *url) {
  struct node *n = put_listed_object(r, to, "extension");
  put(r, n, "url", NODE_STRING, str_z(url));
  return n;
}

/* --- fields "key=value" --- */

struct field_reader {
  struct str key;
  int (*read)(struct reading *r, struct node *to, const char *name, struct str value);
  const char *name; /* of the node */
};

static int read_text(struct reading *r, struct node *to, const char *name, struct str value) {
  put_text(r, to, name, value);
  return 0;
}

static int read_canonical(struct reading *r, struct node *to, const char *name, struct str value) {
  return put_canonical(r, to, name, value, 0);
}

static int read_number(struct reading *r, struct node *to, const char *name, struct str value) {
  put(r, to, name, NODE_NUMBER, value);
  return 0;
}

static int read_bool(struct reading *r, struct node *to, const char *name, struct str value) {
  put(r, to, name, NODE_BOOL, value);
  return 0;
}

static int read_ignored(struct reading *r, struct node *to, const char *name, struct str value) {
  (void)r, (void)to, (void)name, (void)value;
  return 0;
}

static int read_fields(struct reading *r, struct node *to, const struct field_reader *readers, size_t n,
                       struct str rest) {
  while (rest.n) {
    struct str value = str_cut(&rest, '\t'), all = value, key = str_cut(&value, '=');
    size_t i = 0;
    while (i < n && !str_eq(readers[i].key, key)) i++;
    if (i == n) return bad(r, "a field that facts do not have", all);
    if (readers[i].read(r, to, readers[i].name, value)) return -1;
  }
  return 0;
}

#define READ_FIELDS(r, to, readers, rest) read_fields(r, to, readers, sizeof(readers) / sizeof *(readers), rest)

/* --- elements --- */

/* "1..*", "..1", "0..": what is not said is empty. */
static void read_cardinality(struct reading *r, struct node *to, struct str text) {
  size_t dots = str_find(text, STR(".."), 0);
  if (dots == SIZE_MAX) return;
  struct str min = str_sub(text, 0, dots), max = str_sub(text, dots + 2, text.n);
  if (min.n) put(r, to, "min", NODE_NUMBER, min);
  if (max.n) put_text(r, to, "max", max);
}

static int put_list(struct reading *r, struct node *to, const char *name, struct str list) {
  while (list.n)
    if (put_url(r, to, name, str_cut(&list, ','), NODE_LISTED)) return -1;
  return 0;
}

/* What stands between open and close at the beginning of *rest, which is moved behind it. */
static struct str take_braced(struct str *rest, char open, char close) {
  if (!rest->n || rest->p[0] != open) return (struct str){0};
  struct str inner = str_sub(*rest, 1, rest->n);
  inner = str_cut(&inner, close);
  *rest = str_sub(*rest, inner.n + 2, rest->n);
  return inner;
}

static size_t word_end(struct str s) {
  size_t i = 0;
  while (i < s.n && s.p[i] != '<' && s.p[i] != '{' && s.p[i] != '(' && s.p[i] != '+') i++;
  return i;
}

static bool is_versioning(struct str word) {
  return str_eqz(word, "either") || str_eqz(word, "independent") || str_eqz(word, "specific");
}

/* CODE<fhir type>{profile,...}(target,...)+aggregation+versioning */
static int read_type(struct reading *r, struct node *to, struct str text) {
  struct node *type = put_listed_object(r, to, "type");
  size_t n = word_end(text);
  struct str code = str_sub(text, 0, n), rest = str_sub(text, n, text.n), url;
  if (code.n && code.p[0] == '$') {
    if (!facts_canonical(&url, r->a, r->file, code)) return bad(r, "a prefix that the head does not have", code);
    code = url;
  }
  struct str name = take_braced(&rest, '<', '>');
  if (name.n) put(r, put_extension(r, type, FACTS_TYPE_URL), "valueUrl", NODE_STRING, name);
  put(r, type, "code", NODE_STRING, code);
  if (put_list(r, type, "profile", take_braced(&rest, '{', '}'))) return -1;
  if (put_list(r, type, "targetProfile", take_braced(&rest, '(', ')'))) return -1;
  if (rest.n && rest.p[0] != '+') return bad(r, "a type that is not sound", text);
  while (rest.n) {
    rest = str_sub(rest, 1, rest.n);
    struct str word = str_sub(rest, 0, word_end(rest));
    rest = str_sub(rest, word.n, rest.n);
    if (is_versioning(word))
      put(r, type, "versioning", NODE_STRING, word);
    else
      put_listed(r, type, "aggregation", word);
    if (rest.n && rest.p[0] != '+') return bad(r, "a type that is not sound", text);
  }
  return 0;
}

/* What stands before the first '|' that is in no bracket. */
static struct str cut_type(struct str *rest) {
  size_t i = 0;
  int depth = 0;
  for (; i < rest->n && (depth || rest->p[i] != '|'); i++) {
    depth += rest->p[i] == '{' || rest->p[i] == '(';
    depth -= rest->p[i] == '}' || rest->p[i] == ')';
  }
  struct str type = str_sub(*rest, 0, i);
  *rest = str_sub(*rest, i + 1, rest->n);
  return type;
}

static int read_regex(struct reading *r, struct node *to, const char *name, struct str value) {
  struct node *type = node_child(to, "type");
  (void)name;
  if (!type) return bad(r, "a pattern of characters without a type", value);
  put_text(r, put_extension(r, type, FACTS_REGEX_URL), "valueString", value);
  return 0;
}

/* "required URL" */
static int read_binding(struct reading *r, struct node *to, const char *name, struct str value) {
  struct node *binding = put_object(r, to, name);
  put_text(r, binding, "strength", str_cut(&value, ' '));
  return value.n ? put_canonical(r, binding, "valueSet", value, 0) : 0;
}

static int read_max_value_set(struct reading *r, struct node *to, const char *name, struct str value) {
  struct node *binding = node_child(to, "binding");
  if (!binding) return bad(r, "a largest value set without a binding", value);
  return put_canonical(r, put_extension(r, binding, FACTS_MAX_VALUE_SET_URL), name, value, 0);
}

/* "open", "closed ordered" */
static int read_slicing(struct reading *r, struct node *to, const char *name, struct str value) {
  struct node *slicing = put_object(r, to, name);
  put_text(r, slicing, "rules", str_cut(&value, ' '));
  if (str_eqz(value, "ordered")) put(r, slicing, "ordered", NODE_BOOL, STR("true"));
  return 0;
}

/* "value system" */
static int read_discriminator(struct reading *r, struct node *to, const char *name, struct str value) {
  struct node *slicing = node_child(to, "slicing");
  if (!slicing) return bad(r, "a discriminator without slicing", value);
  struct node *d = put_listed_object(r, slicing, name);
  put_text(r, d, "type", str_cut(&value, ' '));
  put_text(r, d, "path", value);
  return 0;
}

/* "CodeableConcept JSON": the value of pattern[x] and the like, in the one form in which FHIR writes values. */
static int read_value(struct reading *r, struct node *to, const char *name, struct str value) {
  struct str type = str_cut(&value, ' ');
  struct node *json, *wrapped;
  struct findings f;
  findings_init(&f, r->a);
  value = facts_plain(r->a, value);
  struct str text = arena_printf(r->a, "{\"resourceType\":\"Basic\",\"%s%.*s\":%.*s}", name, STR_F(type), STR_F(value));
  if (json_read(&json, r->a, (struct source){r->file->name, text}, &f) ||
      resource_from_json(&wrapped, r->a, json, r->file->name, &f) || !wrapped->first || wrapped->first->next)
    return bad(r, "a value that is not sound", value);
  struct node *n = wrapped->first;
  node_remove(n);
  n->line = r->line;
  node_append(to, n);
  return 0;
}

/* "Resource.id 0..1" */
static int read_base(struct reading *r, struct node *to, const char *name, struct str value) {
  struct node *base = put_object(r, to, name);
  put_text(r, base, "path", str_cut(&value, ' '));
  read_cardinality(r, base, value);
  return 0;
}

static const struct field_reader element_fields[] = {
    {STR_INIT("ref"), read_text, "contentReference"},
    {STR_INIT("bind"), read_binding, "binding"},
    {STR_INIT("bindmax"), read_max_value_set, "valueCanonical"},
    {STR_INIT("slicing"), read_slicing, "slicing"},
    {STR_INIT("by"), read_discriminator, "discriminator"},
    {STR_INIT("fixed"), read_value, "fixed"},
    {STR_INIT("pattern"), read_value, "pattern"},
    {STR_INIT("least"), read_value, "minValue"},
    {STR_INIT("most"), read_value, "maxValue"},
    {STR_INIT("length"), read_number, "maxLength"},
    {STR_INIT("regex"), read_regex, "extension"},
    {STR_INIT("base"), read_base, "base"},
    {STR_INIT("id"), read_ignored, "id"},
    {STR_INIT("path"), read_ignored, "path"},
    {STR_INIT("slice"), read_ignored, "sliceName"},
};

static const struct {
  char letter;
  const char *name, *value;
} element_flags[] = {
    {'S', "mustSupport", "true"}, {'s', "mustSupport", "false"},      {'M', "isModifier", "true"},
    {'m', "isModifier", "false"}, {'A', "representation", "xmlAttr"},
};

static int read_flags(struct reading *r, struct node *to, struct str flags) {
  for (size_t i = 0; i < flags.n; i++) {
    size_t k = 0, n = sizeof element_flags / sizeof *element_flags;
    while (k < n && element_flags[k].letter != flags.p[i]) k++;
    if (k == n) return bad(r, "a flag that facts do not have", flags);
    bool is_word = flags.p[i] == 'A';
    put(r, to, element_flags[k].name, is_word ? NODE_STRING : NODE_BOOL, str_z(element_flags[k].value))->flags |=
        is_word ? NODE_LISTED : 0;
  }
  return 0;
}

/* The field of that key, or other. */
static struct str field_or(struct reading *r, struct str fields, struct str key, struct str other) {
  while (fields.n) {
    struct str one = str_cut(&fields, '\t');
    if (str_starts(one, key)) return facts_plain(r->a, str_sub(one, key.n, one.n));
  }
  return other;
}

/* The path that an id names: without what stands from ':' to '.'. */
static struct str path_of(struct arena *a, struct str id) {
  char *to = arena_alloc(a, id.n + 1);
  size_t n = 0;
  bool in_slice = false;
  for (size_t i = 0; i < id.n; i++) {
    if (id.p[i] == ':') in_slice = true;
    if (id.p[i] == '.') in_slice = false;
    if (!in_slice) to[n++] = id.p[i];
  }
  return (struct str){to, n};
}

static struct str slice_of(struct str id) {
  size_t from = id.n;
  while (from && id.p[from - 1] != '.' && id.p[from - 1] != ':') from--;
  return from && id.p[from - 1] == ':' ? str_sub(id, from, id.n) : (struct str){0};
}

static void put_names(struct reading *r, struct node *to, struct str relative, struct str fields) {
  struct str id = relative.n > 1 ? arena_printf(r->a, "%.*s%.*s", STR_F(r->type), STR_F(relative)) : r->type;
  struct str path = field_or(r, fields, STR("path="), path_of(r->a, id));
  struct str slice = field_or(r, fields, STR("slice="), slice_of(id));
  id = field_or(r, fields, STR("id="), id);
  if (id.n) put(r, to, "id", NODE_STRING, id);
  put(r, to, "path", NODE_STRING, path);
  if (slice.n) put(r, to, "sliceName", NODE_STRING, slice);
}

static int read_element(struct reading *r, struct str line) {
  struct str relative = facts_plain(r->a, str_cut(&line, '\t')), cardinality = str_cut(&line, '\t');
  struct str types = facts_plain(r->a, str_cut(&line, '\t')), flags = str_cut(&line, '\t');
  if (!r->holder) r->holder = put_object(r, r->root, "differential");
  r->at = put_listed_object(r, r->holder, "element");
  put_names(r, r->at, relative, line);
  read_cardinality(r, r->at, cardinality);
  while (types.n)
    if (read_type(r, r->at, cut_type(&types))) return -1;
  if (read_flags(r, r->at, flags)) return -1;
  return READ_FIELDS(r, r->at, element_fields, line);
}

static const struct field_reader constraint_fields[] = {
    {STR_INIT("source"), read_canonical, "source"},
};

/* "key", "error" or "warning", "best" behind it for a best practice, expression, fields */
static int read_constraint(struct reading *r, struct str line) {
  if (!r->at) return bad(r, "a constraint without an element", line);
  struct node *c = put_listed_object(r, r->at, "constraint");
  line = str_sub(line, 1, line.n);
  struct str key = str_cut(&line, '\t'), rest = str_cut(&line, '\t'), severity = str_cut(&rest, ' ');
  struct str expression = str_cut(&line, '\t');
  if (str_eqz(rest, "best"))
    put(r, put_extension(r, c, FACTS_BEST_PRACTICE_URL), "valueBoolean", NODE_BOOL, STR("true"));
  put_text(r, c, "key", key);
  put_text(r, c, "severity", severity);
  if (expression.n) put_text(r, c, "expression", expression);
  if (!line.n) put(r, c, "source", NODE_STRING, r->url);
  return READ_FIELDS(r, c, constraint_fields, line);
}

/* --- StructureDefinition --- */

/* "element Patient" */
static int read_context(struct reading *r, struct node *to, const char *name, struct str value) {
  struct node *c = put_listed_object(r, to, name);
  put_text(r, c, "type", str_cut(&value, ' '));
  put_text(r, c, "expression", value);
  return 0;
}

/* "Patient,Practitioner": contexts that are elements */
static int read_contexts(struct reading *r, struct node *to, const char *name, struct str value) {
  while (value.n) {
    struct node *c = put_listed_object(r, to, name);
    put(r, c, "type", NODE_STRING, STR("element"));
    put_text(r, c, "expression", str_cut(&value, ','));
  }
  return 0;
}

static int read_listed(struct reading *r, struct node *to, const char *name, struct str value) {
  put_listed(r, to, name, value);
  return 0;
}

static int read_imposes(struct reading *r, struct node *to, const char *name, struct str value) {
  return put_canonical(r, put_extension(r, to, FACTS_IMPOSE_URL), name, value, 0);
}

static const struct field_reader structure_fields[] = {
    {STR_INIT("version"), read_text, "version"},
    {STR_INIT("id"), read_ignored, "id"},
    {STR_INIT("name"), read_text, "name"},
    {STR_INIT("status"), read_text, "status"},
    {STR_INIT("fhir"), read_text, "fhirVersion"},
    {STR_INIT("context"), read_context, "context"},
    {STR_INIT("on"), read_contexts, "context"},
    {STR_INIT("invariant"), read_listed, "contextInvariant"},
    {STR_INIT("imposes"), read_imposes, "valueCanonical"},
};

/* An extension in short form has a word of its own. */
static bool is_short_form(const struct package_item *item) {
  return str_starts(item->bytes, STR("extension\t"));
}

/* What the head of any definition says where its fields do not. */
static void put_defaults(struct reading *r, const struct package_item *item, struct str fields) {
  bool is_short = is_short_form(item);
  put(r, r->root, "id", NODE_STRING, item->id);
  put(r, r->root, "url", NODE_STRING, item->url);
  const struct {
    struct str key;
    const char *name;
    struct str value;
  } defaults[] = {{STR("version="), "version", item->version},
                  {STR("name="), "name", is_short ? facts_extension_name(item->id) : item->id},
                  {STR("status="), "status", r->file->status}};
  for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
    if (!field_or(r, fields, defaults[i].key, (struct str){0}).p)
      put(r, r->root, defaults[i].name, NODE_STRING, defaults[i].value);
}

static bool is_derivation(struct str word) {
  return str_eqz(word, "constraint") || str_eqz(word, "specialization");
}

static int read_structure(struct reading *r, const struct package_item *item, struct str line) {
  r->url = item->url;
  r->type = facts_plain(r->a, str_cut(&line, '\t'));
  struct str base = str_cut(&line, '\t'), words = str_cut(&line, '\t'), type = r->type;
  bool abstract = false;
  put_defaults(r, item, line);
  if (type.n && type.p[0] == '$' && !facts_canonical(&type, r->a, r->file, type))
    return bad(r, "a prefix that the head does not have", r->type);
  if (str_find(type, STR("://"), 0) != SIZE_MAX) { /* a logical model: paths begin with the last part of its URL */
    size_t slash = type.n;
    while (type.p[slash - 1] != '/') slash--;
    r->type = str_sub(type, slash, type.n);
  }
  put(r, r->root, "type", NODE_STRING, type);
  if (base.n && put_canonical(r, r->root, "baseDefinition", base, 0)) return -1;
  while (words.n) {
    struct str word = str_cut(&words, ' ');
    if (str_eqz(word, "abstract"))
      abstract = true;
    else
      put(r, r->root, is_derivation(word) ? "derivation" : "kind", NODE_STRING, word);
  }
  put(r, r->root, "abstract", NODE_BOOL, abstract ? STR("true") : STR("false"));
  return READ_FIELDS(r, r->root, structure_fields, line);
}

struct str facts_extension_name(struct str id) {
  size_t hyphen = str_index(id, '-');
  return hyphen == SIZE_MAX ? id : str_sub(id, hyphen + 1, id.n);
}

static int structure_line(struct reading *r, struct str line) {
  if (line.p[0] == '=') { /* the snapshot follows */
    r->holder = put_object(r, r->root, "snapshot");
    r->at = NULL;
    return 0;
  }
  return line.p[0] == '\t' ? read_constraint(r, line) : read_element(r, line);
}

/* --- ValueSet --- */

static const struct field_reader value_set_fields[] = {
    {STR_INIT("version"), read_text, "version"},
    {STR_INIT("id"), read_ignored, "id"},
    {STR_INIT("name"), read_text, "name"},
    {STR_INIT("status"), read_text, "status"},
};

static int read_value_set(struct reading *r, const struct package_item *item, struct str line) {
  put_defaults(r, item, line);
  return READ_FIELDS(r, r->root, value_set_fields, line);
}

/* "+ system version" and "- system version" */
static int read_part(struct reading *r, struct str line) {
  if (!r->holder) r->holder = put_object(r, r->root, "compose");
  r->at = put_listed_object(r, r->holder, line.p[0] == '+' ? "include" : "exclude");
  str_cut(&line, '\t');
  struct str system = str_cut(&line, '\t');
  if (system.n && put_canonical(r, r->at, "system", system, 0)) return -1;
  if (line.n) put_text(r, r->at, "version", line);
  return 0;
}

static int read_part_code(struct reading *r, struct str line) {
  put_text(r, put_listed_object(r, r->at, "concept"), "code", str_sub(line, 1, line.n));
  return 0;
}

/* "? property op value" */
static int read_filter(struct reading *r, struct str line) {
  struct node *f = put_listed_object(r, r->at, "filter");
  str_cut(&line, '\t');
  put_text(r, f, "property", str_cut(&line, '\t'));
  put_text(r, f, "op", str_cut(&line, '\t'));
  put_text(r, f, "value", line);
  return 0;
}

static int read_named_set(struct reading *r, struct str line) {
  str_cut(&line, '\t');
  return put_canonical(r, r->at, "valueSet", line, NODE_LISTED);
}

static int value_set_line(struct reading *r, struct str line) {
  static const struct {
    char mark;
    bool inner;
    line_reader *read;
  } marks[] = {
      {'+', false, read_part},  {'-', false, read_part},     {'\t', true, read_part_code},
      {'?', true, read_filter}, {'@', true, read_named_set},
  };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (marks[i].mark == line.p[0])
      return marks[i].inner && !r->at ? bad(r, "a line that belongs to no include", line) : marks[i].read(r, line);
  return bad(r, "a line that value sets do not have", line);
}

/* --- CodeSystem --- */

static const struct field_reader code_system_fields[] = {
    {STR_INIT("version"), read_text, "version"},
    {STR_INIT("id"), read_ignored, "id"},
    {STR_INIT("name"), read_text, "name"},
    {STR_INIT("status"), read_text, "status"},
    {STR_INIT("case"), read_bool, "caseSensitive"},
    {STR_INIT("hierarchy"), read_text, "hierarchyMeaning"},
    {STR_INIT("valueset"), read_canonical, "valueSet"},
    {STR_INIT("supplements"), read_canonical, "supplements"},
};

static int read_code_system(struct reading *r, const struct package_item *item, struct str line) {
  struct str content = str_cut(&line, '\t');
  put_defaults(r, item, line);
  put_text(r, r->root, "content", content);
  if (!str_eqz(field_or(r, line, STR("case="), STR("true")), "false"))
    put(r, r->root, "caseSensitive", NODE_BOOL, STR("true"));
  r->concepts[0] = r->root;
  return READ_FIELDS(r, r->root, code_system_fields, line);
}

/* "!": not selectable; "^code": subsumed by; else the name of a property and its value. */
static void read_property(struct reading *r, struct node *concept, struct str value) {
  struct node *p = put_listed_object(r, concept, "property");
  struct str key = STR("notSelectable");
  char mark = value.n ? value.p[0] : 0;
  if (mark == '!') value = STR("true");
  if (mark == '^') key = STR("subsumedBy"), value = str_sub(value, 1, value.n);
  if (mark != '!' && mark != '^') key = str_cut(&value, '=');
  put_text(r, p, "code", key);
  put_text(r, p, "valueCode", value);
}

/* A tab for each level, the code, and its properties. */
static int code_system_line(struct reading *r, struct str line) {
  size_t depth = 0;
  while (depth < line.n && line.p[depth] == '\t') depth++;
  line = str_sub(line, depth, line.n);
  if (!depth || depth > FACTS_DEPTH_MAX || !r->concepts[depth - 1])
    return bad(r, "a code that is not nested well", line);
  struct node *c = put_listed_object(r, r->concepts[depth - 1], "concept");
  r->concepts[depth] = c;
  for (size_t i = depth + 1; i <= FACTS_DEPTH_MAX && r->concepts[i]; i++) r->concepts[i] = NULL;
  put_text(r, c, "code", str_cut(&line, '\t'));
  while (line.n) read_property(r, c, str_cut(&line, '\t'));
  return 0;
}

/* --- any --- */

static const struct {
  const char *type;
  int (*head)(struct reading *r, const struct package_item *item, struct str line);
  line_reader *line;
} kinds[] = {
    {"StructureDefinition", read_structure, structure_line},
    {"ValueSet", read_value_set, value_set_line},
    {"CodeSystem", read_code_system, code_system_line},
};

/* What builds on nothing (Element, Resource) is its own snapshot. */
static void own_snapshot(struct reading *r) {
  if (!r->type.n || !r->holder || node_child(r->root, "baseDefinition")) return;
  struct node *snapshot = node_copy(r->a, r->holder);
  snapshot->name = STR("snapshot");
  node_append(r->root, snapshot);
}

/* Each line of rows is read as if it stood in the file. */
static int read_rows(struct reading *r, struct str rows) {
  while (rows.n)
    if (structure_line(r, str_cut(&rows, '\n'))) return -1;
  return 0;
}

static int read_short(struct reading *r, const struct package_item *item, struct str line, struct str rest) {
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
    if (part.p[0] != ':') return bad(r, "a line that extensions in short do not have", part);
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

static int read_long(struct reading *r, const struct package_item *item, struct str head, struct str rest) {
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
  struct reading r = {.a = a, .file = block->file, .e = e, .line = block->line};
  struct str rest = item->bytes, head = str_cut(&rest, '\n');
  r.root = node_new(a, NODE_OBJECT);
  r.root->type = item->type;
  r.root->line = r.line;
  str_cut(&head, '\t');
  str_cut(&head, '\t');
  int rc = is_short_form(item) ? read_short(&r, item, head, rest) : read_long(&r, item, head, rest);
  return rc ? NULL : r.root;
}
