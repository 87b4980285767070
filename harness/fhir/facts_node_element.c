/* Lines of elements and constraints. */
#include "fhir/facts_node_int.h"
#include "fhir/resource.h"
#include "formats/json.h"

/* "1..*", "..1", "0..": what is not said is empty. */
static void read_cardinality(struct facts_reading *r, struct node *to, struct str text) {
  size_t dots = str_find(text, STR(".."), 0);
  if (dots == SIZE_MAX) return;
  struct str min = str_sub(text, 0, dots), max = str_sub(text, dots + 2, text.n);
  if (min.n) reading_put(r, to, "min", NODE_NUMBER, min);
  if (max.n) reading_text(r, to, "max", max);
}

static int put_list(struct facts_reading *r, struct node *to, const char *name, struct str list) {
  while (list.n)
    if (reading_url(r, to, name, str_cut(&list, ','), NODE_LISTED)) return -1;
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
static int read_type(struct facts_reading *r, struct node *to, struct str text) {
  struct node *type = reading_listed_object(r, to, "type");
  size_t n = word_end(text);
  struct str code = str_sub(text, 0, n), rest = str_sub(text, n, text.n), url;
  if (code.n && code.p[0] == '$') {
    if (!facts_canonical(&url, r->a, r->file, code))
      return reading_bad(r, "a prefix that the head does not have", code);
    code = url;
  }
  struct str name = take_braced(&rest, '<', '>');
  if (name.n) reading_put(r, reading_extension(r, type, FACTS_TYPE_URL), "valueUrl", NODE_STRING, name);
  reading_put(r, type, "code", NODE_STRING, code);
  if (put_list(r, type, "profile", take_braced(&rest, '{', '}'))) return -1;
  if (put_list(r, type, "targetProfile", take_braced(&rest, '(', ')'))) return -1;
  if (rest.n && rest.p[0] != '+') return reading_bad(r, "a type that is not sound", text);
  while (rest.n) {
    rest = str_sub(rest, 1, rest.n);
    struct str word = str_sub(rest, 0, word_end(rest));
    rest = str_sub(rest, word.n, rest.n);
    if (is_versioning(word))
      reading_put(r, type, "versioning", NODE_STRING, word);
    else
      reading_listed(r, type, "aggregation", word);
    if (rest.n && rest.p[0] != '+') return reading_bad(r, "a type that is not sound", text);
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

static int read_regex(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct node *type = node_child(to, "type");
  (void)name;
  if (!type) return reading_bad(r, "a pattern of characters without a type", value);
  reading_text(r, reading_extension(r, type, FACTS_REGEX_URL), "valueString", value);
  return 0;
}

/* "required URL" */
static int read_binding(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct node *binding = reading_object(r, to, name);
  reading_text(r, binding, "strength", str_cut(&value, ' '));
  return value.n ? reading_canonical(r, binding, "valueSet", value, 0) : 0;
}

static int read_max_value_set(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct node *binding = node_child(to, "binding");
  if (!binding) return reading_bad(r, "a largest value set without a binding", value);
  return reading_canonical(r, reading_extension(r, binding, FACTS_MAX_VALUE_SET_URL), name, value, 0);
}

/* "open", "closed ordered" */
static int read_slicing(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct node *slicing = reading_object(r, to, name);
  reading_text(r, slicing, "rules", str_cut(&value, ' '));
  if (str_eqz(value, "ordered")) reading_put(r, slicing, "ordered", NODE_BOOL, STR("true"));
  return 0;
}

/* "value system" */
static int read_discriminator(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct node *slicing = node_child(to, "slicing");
  if (!slicing) return reading_bad(r, "a discriminator without slicing", value);
  struct node *d = reading_listed_object(r, slicing, name);
  reading_text(r, d, "type", str_cut(&value, ' '));
  reading_text(r, d, "path", value);
  return 0;
}

/* "CodeableConcept JSON": the value of pattern[x] and the like, in the one form in which FHIR writes values. */
static int read_value(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct str type = str_cut(&value, ' ');
  struct node *json, *wrapped;
  struct findings f;
  findings_init(&f, r->a);
  value = facts_plain(r->a, value);
  struct str text = arena_printf(r->a, "{\"resourceType\":\"Basic\",\"%s%.*s\":%.*s}", name, STR_F(type), STR_F(value));
  if (json_read(&json, r->a, (struct source){r->file->name, text}, &f) ||
      resource_from_json(&wrapped, r->a, json, r->file->name, &f) || !wrapped->first || wrapped->first->next)
    return reading_bad(r, "a value that is not sound", value);
  struct node *n = wrapped->first;
  node_remove(n);
  n->line = r->line;
  node_append(to, n);
  return 0;
}

/* "Resource.id 0..1" */
static int read_base(struct facts_reading *r, struct node *to, const char *name, struct str value) {
  struct node *base = reading_object(r, to, name);
  reading_text(r, base, "path", str_cut(&value, ' '));
  read_cardinality(r, base, value);
  return 0;
}

static const struct field_reader element_fields[] = {
    {STR_INIT("ref"), field_text, "contentReference"},
    {STR_INIT("bind"), read_binding, "binding"},
    {STR_INIT("bindmax"), read_max_value_set, "valueCanonical"},
    {STR_INIT("slicing"), read_slicing, "slicing"},
    {STR_INIT("by"), read_discriminator, "discriminator"},
    {STR_INIT("fixed"), read_value, "fixed"},
    {STR_INIT("pattern"), read_value, "pattern"},
    {STR_INIT("least"), read_value, "minValue"},
    {STR_INIT("most"), read_value, "maxValue"},
    {STR_INIT("length"), field_number, "maxLength"},
    {STR_INIT("regex"), read_regex, "extension"},
    {STR_INIT("base"), read_base, "base"},
    {STR_INIT("id"), field_ignored, "id"},
    {STR_INIT("path"), field_ignored, "path"},
    {STR_INIT("slice"), field_ignored, "sliceName"},
};

static const struct {
  char letter;
  const char *name, *value;
} element_flags[] = {
    {'S', "mustSupport", "true"}, {'s', "mustSupport", "false"},      {'M', "isModifier", "true"},
    {'m', "isModifier", "false"}, {'A', "representation", "xmlAttr"},
};

static int read_flags(struct facts_reading *r, struct node *to, struct str flags) {
  for (size_t i = 0; i < flags.n; i++) {
    size_t k = 0, n = sizeof element_flags / sizeof *element_flags;
    while (k < n && element_flags[k].letter != flags.p[i]) k++;
    if (k == n) return reading_bad(r, "a flag that facts do not have", flags);
    bool is_word = flags.p[i] == 'A';
    reading_put(r, to, element_flags[k].name, is_word ? NODE_STRING : NODE_BOOL, str_z(element_flags[k].value))
        ->flags |= is_word ? NODE_LISTED : 0;
  }
  return 0;
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

static void put_names(struct facts_reading *r, struct node *to, struct str relative, struct str fields) {
  struct str id = relative.n > 1 ? arena_printf(r->a, "%.*s%.*s", STR_F(r->type), STR_F(relative)) : r->type;
  struct str path = reading_field_or(r, fields, STR("path="), path_of(r->a, id));
  struct str slice = reading_field_or(r, fields, STR("slice="), slice_of(id));
  id = reading_field_or(r, fields, STR("id="), id);
  if (id.n) reading_put(r, to, "id", NODE_STRING, id);
  reading_put(r, to, "path", NODE_STRING, path);
  if (slice.n) reading_put(r, to, "sliceName", NODE_STRING, slice);
}

int reading_element(struct facts_reading *r, struct str line) {
  struct str relative = facts_plain(r->a, str_cut(&line, '\t')), cardinality = str_cut(&line, '\t');
  struct str types = facts_plain(r->a, str_cut(&line, '\t')), flags = str_cut(&line, '\t');
  if (!r->holder) r->holder = reading_object(r, r->root, "differential");
  r->at = reading_listed_object(r, r->holder, "element");
  put_names(r, r->at, relative, line);
  read_cardinality(r, r->at, cardinality);
  while (types.n)
    if (read_type(r, r->at, cut_type(&types))) return -1;
  if (read_flags(r, r->at, flags)) return -1;
  return READ_FIELDS(r, r->at, element_fields, line);
}

static const struct field_reader constraint_fields[] = {
    {STR_INIT("source"), field_canonical, "source"},
};

/* "key", "error" or "warning", "best" behind it for a best practice, expression, fields */
int reading_constraint(struct facts_reading *r, struct str line) {
  if (!r->at) return reading_bad(r, "a constraint without an element", line);
  struct node *c = reading_listed_object(r, r->at, "constraint");
  line = str_sub(line, 1, line.n);
  struct str key = str_cut(&line, '\t'), rest = str_cut(&line, '\t'), severity = str_cut(&rest, ' ');
  struct str expression = str_cut(&line, '\t');
  if (str_eqz(rest, "best"))
    reading_put(r, reading_extension(r, c, FACTS_BEST_PRACTICE_URL), "valueBoolean", NODE_BOOL, STR("true"));
  reading_text(r, c, "key", key);
  reading_text(r, c, "severity", severity);
  if (expression.n) reading_text(r, c, "expression", expression);
  if (!line.n) reading_put(r, c, "source", NODE_STRING, r->url);
  return READ_FIELDS(r, c, constraint_fields, line);
}
