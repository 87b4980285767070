/* Search parameters (FHIR R4, 3.1.1): one row each, with where it looks and how it compares. */
#include "base/clock.h"
#include "base/utf8.h"
#include "endpoint/rest_int.h"

/* Names as FHIR R4 publishes them; a chain through a message Bundle's first entry is a row of its own. */
static const struct rest_parameter base_parameters[] = {
    {NULL, "_id", REST_TOKEN, "id"},
    {NULL, "_lastUpdated", REST_DATE, "meta.lastUpdated"},
    {NULL, "_profile", REST_URI, "meta.profile"},
    {NULL, "identifier", REST_TOKEN, "identifier"},
    {"Bundle", "type", REST_TOKEN, "type"},
    {"Bundle", "timestamp", REST_DATE, "timestamp"},
    {"Bundle", "message", REST_REFERENCE, "entry[0].fullUrl | entry[0].resource.id"},
    {"Bundle", "message.destination-uri", REST_URI, "entry[0].resource.destination.endpoint"},
    {"Bundle", "message.source-uri", REST_URI, "entry[0].resource.source.endpoint"},
    {"Bundle", "message.event", REST_TOKEN, "entry[0].resource.eventCoding"},
    {"Bundle", "message.response-id", REST_TOKEN, "entry[0].resource.response.identifier"},
    {"MessageHeader", "destination-uri", REST_URI, "destination.endpoint"},
    {"MessageHeader", "source-uri", REST_URI, "source.endpoint"},
    {"MessageHeader", "event", REST_TOKEN, "eventCoding"},
    {"MessageHeader", "response-id", REST_TOKEN, "response.identifier"},
    {"Patient", "family", REST_STRING, "name.family"},
    {"Patient", "given", REST_STRING, "name.given"},
    {"Patient", "name", REST_STRING, "name.family | name.given | name.text"},
    {"Patient", "birthdate", REST_DATE, "birthDate"},
    {"Patient", "gender", REST_TOKEN, "gender"},
    {"Patient", "active", REST_TOKEN, "active"},
    {"Communication", "status", REST_TOKEN, "status"},
    {"Communication", "category", REST_TOKEN, "category"},
    {"Communication", "sent", REST_DATE, "sent"},
    {"Communication", "subject", REST_REFERENCE, "subject.reference"},
    {"Communication", "patient", REST_REFERENCE, "subject.reference"},
    {"Encounter", "status", REST_TOKEN, "status"},
    {"Encounter", "class", REST_TOKEN, "class"},
    {"Encounter", "date", REST_DATE, "period.start"},
    {"Encounter", "subject", REST_REFERENCE, "subject.reference"},
    {"Encounter", "patient", REST_REFERENCE, "subject.reference"},
    {"Observation", "status", REST_TOKEN, "status"},
    {"Observation", "code", REST_TOKEN, "code"},
    {"Observation", "date", REST_DATE, "effectiveDateTime | effectivePeriod.start"},
    {"Observation", "subject", REST_REFERENCE, "subject.reference"},
    {"Observation", "patient", REST_REFERENCE, "subject.reference"},
    {"Condition", "code", REST_TOKEN, "code"},
    {"Condition", "subject", REST_REFERENCE, "subject.reference"},
    {"Condition", "patient", REST_REFERENCE, "subject.reference"},
    {"DocumentReference", "status", REST_TOKEN, "status"},
    {"DocumentReference", "type", REST_TOKEN, "type"},
    {"DocumentReference", "date", REST_DATE, "date"},
    {"DocumentReference", "patient", REST_REFERENCE, "subject.reference"},
    {0},
};

/* A service of MedCom's brings its own. */
static const struct rest_parameter *const tables[] = {base_parameters, eds_parameters, eer_parameters};

/* All rows of all tables, by number; NULL behind the last. */
static const struct rest_parameter *parameter_at(size_t i) {
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
    for (const struct rest_parameter *p = tables[t]; p->name; p++)
      if (i-- == 0) return p;
  return NULL;
}

static bool is_of(const struct rest_parameter *p, struct str type) {
  return !type.n || !p->type || str_eqz(type, p->type);
}

/* "name" of "name:exact". */
static struct str base_name(struct str name) {
  return str_sub(name, 0, str_index(name, ':'));
}

static const struct rest_parameter *find(struct str type, struct str name) {
  const struct rest_parameter *p;
  for (size_t i = 0; (p = parameter_at(i)); i++)
    if (is_of(p, type) && str_eqz(base_name(name), p->name)) return p;
  return NULL;
}

static bool modifier_fits(const struct rest_parameter *p, struct str name) {
  struct str base = base_name(name), modifier = str_sub(name, base.n, name.n);
  bool exact = str_eqz(modifier, ":exact") || str_eqz(modifier, ":contains");
  return !modifier.n || (exact && p->kind == REST_STRING);
}

bool rest_parameter_known(struct str type, struct str name) {
  const struct rest_parameter *p = find(type, name);
  return p && modifier_fits(p, name);
}

struct str rest_parameters(struct arena *a, struct str type) {
  const struct rest_parameter *p;
  struct buf b;
  buf_init(&b, (size_t)4096);
  for (size_t i = 0; (p = parameter_at(i)); i++)
    if (is_of(p, type) && (type.n || !p->type)) buf_printf(&b, "%s%s", b.n ? ", " : "", p->name);
  return buf_take(&b, a);
}

bool rest_parameter_at(struct str type, size_t *i, const char **name, enum rest_kind *kind) {
  const struct rest_parameter *p = parameter_at(*i);
  while (p && !is_of(p, type)) p = parameter_at(++*i);
  if (!p) return false;
  *name = p->name;
  *kind = p->kind;
  ++*i;
  return true;
}

/* --- comparing one value with one wanted one; each is 1 or 0 --- */

struct term {
  struct str modifier, value;
  struct arena *arena;
};

/* Some sources have https where the identifier's own definition has http. */
bool rest_system_same(struct str x, struct str y) {
  bool both = (str_eqz(x, REST_GLN_SYSTEM) || str_eqz(x, REST_GLN_OTHER)) &&
              (str_eqz(y, REST_GLN_SYSTEM) || str_eqz(y, REST_GLN_OTHER));
  return both || str_eq(x, y);
}

/* Of a Coding or Identifier "system|code"; of a code its text alone. */
static bool token_eq(struct str system, struct str code, struct str wanted) {
  size_t bar = str_index(wanted, '|');
  if (bar == SIZE_MAX) return str_eq(code, wanted);
  struct str of_system = str_sub(wanted, 0, bar), of_code = str_sub(wanted, bar + 1, wanted.n);
  return rest_system_same(system, of_system) && (!of_code.n || str_eq(code, of_code));
}

static bool token_of(const struct node *n, struct str wanted) {
  struct str code = node_child(n, "code") ? node_text_at(n, "code") : node_text_at(n, "value");
  return token_eq(node_text_at(n, "system"), code, wanted);
}

static bool is_token(const struct term *t, const struct fhirpath_value *x) {
  if (x->type != FHIRPATH_NODE) return token_eq((struct str){0}, x->text, t->value);
  if (!node_child(x->node, "coding")) return token_of(x->node, t->value);
  for (const struct node *c = node_child(x->node, "coding"); c; c = node_again(c))
    if (token_of(c, t->value)) return true;
  return false;
}

/* Begins with it, whatever the case (3.1.1.4.8). */
static bool is_string(const struct term *t, const struct fhirpath_value *x) {
  struct str have = utf8_lower(t->arena, x->text), want = utf8_lower(t->arena, t->value);
  if (str_eqz(t->modifier, ":exact")) return str_eq(x->text, t->value);
  if (str_eqz(t->modifier, ":contains")) return str_find(have, want, 0) != SIZE_MAX;
  return str_starts(have, want);
}

/* "Patient/1", "1", or the whole URL, with urn:uuid: or without. */
static bool is_reference(const struct term *t, const struct fhirpath_value *x) {
  struct str have = x->text, want = t->value;
  if (!want.n || !str_ends(have, want)) return false;
  if (have.n == want.n) return true;
  char before = have.p[have.n - want.n - 1];
  return before == '/' || before == ':';
}

static bool is_uri(const struct term *t, const struct fhirpath_value *x) {
  return str_eq(x->text, t->value);
}

/* -1, 0, 1: before, within, after what is wanted, to the precision in which that is written. */
static int date_order(struct str have, struct str wanted) {
  int64_t x, y;
  bool zx, zy;
  if (wanted.n > sizeof "2026-01-01" - 1 && time_parse(have, &x, &zx) && time_parse(wanted, &y, &zy) && zx == zy)
    return (x > y) - (x < y);
  return str_cmp(str_sub(have, 0, wanted.n), wanted);
}

static bool is_date(const struct term *t, const struct fhirpath_value *x) {
  static const struct {
    const char *prefix;
    bool before, within, after;
  } rows[] = {{"eq", 0, 1, 0}, {"ne", 1, 0, 1}, {"lt", 1, 0, 0}, {"le", 1, 1, 0},
              {"gt", 0, 0, 1}, {"ge", 0, 1, 1}, {"sa", 0, 0, 1}, {"eb", 1, 0, 0}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!str_starts(t->value, str_z(rows[i].prefix))) continue;
    int order = date_order(x->text, str_sub(t->value, 2, t->value.n));
    return order < 0 ? rows[i].before : order == 0 ? rows[i].within : rows[i].after;
  }
  return date_order(x->text, t->value) == 0;
}

static bool (*const compare[])(const struct term *t, const struct fhirpath_value *x) = {
    [REST_TOKEN] = is_token, [REST_STRING] = is_string, [REST_REFERENCE] = is_reference,
    [REST_DATE] = is_date,   [REST_URI] = is_uri,
};

/* Any of the values that stand between commas. */
static bool any_value(struct arena *a, enum rest_kind kind, struct fact term, const struct fhirpath_result *r) {
  struct str base = base_name(term.name), rest = term.value;
  struct term t = {.modifier = str_sub(term.name, base.n, term.name.n), .arena = a};
  while (rest.n) {
    t.value = str_cut(&rest, ',');
    for (size_t i = 0; i < r->values.n; i++)
      if (t.value.n && compare[kind](&t, &r->values.v[i])) return true;
  }
  return false;
}

static bool eval(struct fhirpath_result *out, struct arena *a, const char *text, const struct node *root) {
  struct fhirpath *path;
  struct fhirpath_env env = {.any_name = true};
  struct error e;
  return fhirpath_parse(&path, a, str_z(text), &e) == 0 && fhirpath_eval(out, a, path, root, &env, &e) == 0;
}

static const char *via_of(const struct rest_parameter *p) {
  for (const struct rest_chain *c = rest_chains; c->name; c++)
    if (p->type && !strcmp(p->type, c->type) && !strcmp(p->name, c->name)) return c->via;
  return NULL;
}

/* Of any resource that is referred to. */
static bool holds_there(struct arena *a, const struct rest_parameter *p, const struct node *root, struct fact term,
                        const struct rest_query *q) {
  struct fhirpath_result there, r;
  if (!q->find || !eval(&there, a, via_of(p), root)) return false;
  for (size_t i = 0; i < there.values.n; i++) {
    const struct node *other = q->find(q->context, there.values.v[i].text);
    if (other && eval(&r, a, p->path, other) && any_value(a, p->kind, term, &r)) return true;
  }
  return false;
}

static bool holds(struct arena *a, const struct node *root, struct fact term, const struct rest_query *q) {
  const struct rest_parameter *p = find(root->type, term.name);
  struct fhirpath_result r;
  if (!p || !modifier_fits(p, term.name)) return false;
  if (via_of(p)) return holds_there(a, p, root, term, q);
  return eval(&r, a, p->path, root) && any_value(a, p->kind, term, &r);
}

bool rest_follow(struct arena *a, const struct node *root, struct str include, struct fhirpath_result *out) {
  struct str name = include, type = str_cut(&name, ':');
  const struct rest_parameter *p = str_eq(type, root->type) ? find(type, name) : NULL;
  return p && p->kind == REST_REFERENCE && eval(out, a, p->path, root);
}

bool rest_is_time(struct str type, struct str name) {
  const struct rest_parameter *p = find(type, name);
  return p && p->kind == REST_DATE;
}

int64_t rest_time_of(struct arena *a, const struct node *root, struct str name) {
  const struct rest_parameter *p = find(root->type, name);
  struct fhirpath_result r;
  int64_t ms = 0;
  bool zone;
  if (p && eval(&r, a, p->path, root) && r.values.n) (void)time_parse(r.values.v[0].text, &ms, &zone);
  return ms;
}

bool rest_matches_tree(struct arena *a, const struct node *root, const struct rest_query *q) {
  for (size_t i = 0; i < q->terms.n; i++)
    if (!holds(a, root, q->terms.v[i], q)) return false;
  return true;
}

bool rest_matches(struct arena *a, struct str bytes, struct str id, const struct rest_query *q) {
  struct findings found;
  enum resource_form form;
  struct node *root;
  findings_init(&found, a);
  if (resource_read(&root, &form, a, (struct source){STR("stored"), bytes}, &found) < 0) return false;
  rest_set_id(a, root, id);
  return rest_matches_tree(a, root, q);
}

/* Is it the first row of its type? */
static bool is_first(const struct rest_parameter *p) {
  const struct rest_parameter *q;
  for (size_t i = 0; (q = parameter_at(i)) != p; i++)
    if (q->type && str_eqz(str_z(q->type), p->type)) return false;
  return true;
}

const char *rest_type_at(size_t i) {
  const struct rest_parameter *p;
  size_t n = 0;
  for (size_t k = 0; (p = parameter_at(k)); k++)
    if (p->type && is_first(p) && n++ == i) return p->type;
  return NULL;
}
