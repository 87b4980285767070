/* What a request wants: its address, its query, and the forms it speaks of. */
#include "base/percent.h"
#include "endpoint/rest_int.h"
#include "fhir/shapes.h"

#define SEGMENTS_MAX 5

static struct str decode(struct arena *a, struct str s) {
  struct str out;
  (void)percent_decode(&out, a, s);
  return out;
}

void rest_query_read(struct rest_query *out, struct arena *a, struct str query) {
  while (query.n && out->terms.n <= REST_TERMS_MAX) {
    struct str value = str_cut(&query, '&'), name = str_cut(&value, '=');
    if (name.n) VEC_PUSH(a, &out->terms, ((struct fact){decode(a, name), decode(a, value)}));
  }
}

struct str rest_query_get(const struct rest_query *q, const char *name) {
  for (size_t i = 0; i < q->terms.n; i++)
    if (str_eqz(q->terms.v[i].name, name)) return q->terms.v[i].value;
  return (struct str){0};
}

/* --- forms --- */

bool rest_form_of(enum resource_form *out, struct str type) {
  static const struct {
    const char *type;
    enum resource_form form;
  } rows[] = {{"application/fhir+json", RESOURCE_JSON},
              {"application/json", RESOURCE_JSON},
              {"text/json", RESOURCE_JSON},
              {"json", RESOURCE_JSON},
              {"application/fhir+xml", RESOURCE_XML},
              {"application/xml", RESOURCE_XML},
              {"text/xml", RESOURCE_XML},
              {"xml", RESOURCE_XML}};
  struct str name = str_trim(str_cut(&type, ';'));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!str_eq_nocase(name, str_z(rows[i].type))) continue;
    *out = rows[i].form;
    return true;
  }
  return false;
}

static bool is_any(struct str type) {
  struct str name = str_trim(str_cut(&type, ';'));
  return str_eqz(name, "*/*") || str_eqz(name, "application/*");
}

bool rest_form_wanted(enum resource_form *out, struct arena *a, const struct rest_request *q) {
  struct rest_query query = {0};
  rest_query_read(&query, a, q->query);
  struct str format = rest_query_get(&query, "_format"), accept = q->accept;
  bool any = !accept.n;
  if (!rest_form_of(out, q->content_type)) *out = RESOURCE_JSON;
  /* A '+' that was not encoded has become a blank. */
  size_t blank = str_index(format, ' ');
  if (blank != SIZE_MAX)
    format =
        arena_printf(a, "%.*s+%.*s", STR_F(str_sub(format, 0, blank)), STR_F(str_sub(format, blank + 1, format.n)));
  if (format.n) return rest_form_of(out, format);
  while (accept.n) {
    struct str one = str_cut(&accept, ',');
    if (rest_form_of(out, one)) return true;
    any = any || is_any(one);
  }
  return any;
}

/* --- the address --- */

struct segments {
  struct str v[SEGMENTS_MAX + 1];
  size_t n;
};

static void split(struct segments *out, struct str path) {
  *out = (struct segments){.n = 0};
  if (str_starts(path, STR("/"))) path = str_sub(path, 1, path.n);
  while (path.n && out->n <= SEGMENTS_MAX) out->v[out->n++] = str_cut(&path, '/');
}

static bool is_type(const struct shapes *shapes, struct str s) {
  if (!s.n || s.p[0] < 'A' || s.p[0] > 'Z') return false;
  if (shapes)
    return shapes_is_a(shapes, s, STR("Resource")) && !str_eqz(s, "Resource") && !str_eqz(s, "DomainResource");
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_is_alnum(s.p[i])) return false;
  return true;
}

/* What can stand behind the address. */
enum rest_place { PLACE_ROOT, PLACE_METADATA, PLACE_TYPE, PLACE_SEARCH, PLACE_ID, PLACE_VERSION, PLACES_N, PLACE_NONE };

static const struct {
  enum rest_place place;
  const char *method, *interaction;
  const char *only; /* what a service must say to have it; a plain server has it not */
} interactions[] = {
    {PLACE_METADATA, "GET", "capabilities", NULL},
    {PLACE_TYPE, "GET", "search", NULL},
    {PLACE_TYPE, "POST", "create", NULL},
    {PLACE_TYPE, "DELETE", "delete", "delete-by-search"},
    {PLACE_SEARCH, "POST", "search", NULL},
    {PLACE_ID, "GET", "read", NULL},
    {PLACE_ID, "PUT", "update", NULL},
    {PLACE_ID, "DELETE", "delete", NULL},
    {PLACE_VERSION, "GET", "read", NULL},
};

static bool is_had(size_t i, const struct rest_service *service) {
  const char *word = interactions[i].only ? interactions[i].only : interactions[i].interaction;
  return service ? rest_in_list(service->interactions, str_z(word)) : !interactions[i].only;
}

bool rest_in_list(const char *list, struct str word) {
  for (struct str rest = str_z(list); rest.n;)
    if (str_eq(str_cut(&rest, '|'), word)) return true;
  return !list;
}

/* "GET, PUT, DELETE". */
static struct str allowed(struct arena *a, enum rest_place place, const struct rest_service *service) {
  struct str out = {0};
  for (size_t i = 0; i < sizeof interactions / sizeof *interactions; i++)
    if (interactions[i].place == place && is_had(i, service))
      out = arena_printf(a, "%.*s%s%s", STR_F(out), out.n ? ", " : "", interactions[i].method);
  return out.n ? out : place == PLACE_ROOT ? STR("none; POST goes to /[type]") : STR("nothing");
}

static enum rest_place place_of(const struct segments *s) {
  if (s->n == 0) return PLACE_ROOT;
  if (s->n == 1) return str_eqz(s->v[0], "metadata") ? PLACE_METADATA : PLACE_TYPE;
  if (s->n == 2) return str_eqz(s->v[1], "_search") ? PLACE_SEARCH : PLACE_ID;
  return s->n == 4 && str_eqz(s->v[2], "_history") ? PLACE_VERSION : PLACE_NONE;
}

static void refuse(struct rest_target *t, enum rest_issue_kind kind, struct str one, struct str two) {
  if (t->issue.kind == REST_FINE) t->issue = (struct rest_issue){kind, {one, two}};
}

/* What a service does not do is known by its name all the same. */
static void read_interaction(struct rest_target *t, struct arena *a, enum rest_place place, struct str method,
                             const struct rest_service *service) {
  bool done = false;
  for (size_t i = 0; i < sizeof interactions / sizeof *interactions; i++)
    if (interactions[i].place == place && str_eqz(method, interactions[i].method) &&
        (!interactions[i].only || is_had(i, service)))
      t->interaction = interactions[i].interaction, done = is_had(i, service);
  if (!done) refuse(t, REST_NO_METHOD, method, allowed(a, place, service));
}

/* "A, B" of "A|B". */
static struct str for_people(struct arena *a, const char *list) {
  struct str out = {0};
  for (struct str rest = str_z(list); rest.n;) {
    struct str one = str_cut(&rest, '|');
    out = arena_printf(a, "%.*s%s%.*s", STR_F(out), out.n ? ", " : "", STR_F(one));
  }
  return out;
}

static void check_type(struct rest_target *t, struct arena *a, const struct shapes *shapes,
                       const struct rest_service *service) {
  if (!is_type(shapes, t->type))
    refuse(t, REST_NO_TYPE, t->type, (struct str){0});
  else if (service && !rest_in_list(service->types, t->type))
    refuse(t, REST_NOT_KEPT, t->type, for_people(a, service->types));
}

/* "/$x" and "/Type/$x". */
static bool is_operation(const struct segments *s) {
  return s->n >= 1 && s->n <= 2 && str_starts(s->v[s->n - 1], STR("$"));
}

static void read_operation(struct rest_target *t, struct arena *a, const struct segments *s, struct str method) {
  struct str name = s->v[s->n - 1];
  t->interaction = "operation";
  t->operation = arena_str(a, str_sub(name, 1, name.n));
  if (s->n == 2) t->type = s->v[0];
  if (!str_eqz(method, "GET") && !str_eqz(method, "POST")) refuse(t, REST_NO_METHOD, method, STR("GET, POST"));
}

void rest_target_read(struct rest_target *out, struct arena *a, const struct rest_request *q,
                      const struct shapes *shapes, const struct rest_service *service) {
  struct segments s;
  split(&s, q->path);
  enum rest_place place = place_of(&s);
  *out = (struct rest_target){.interaction = "other"};
  if (service && service->operate && is_operation(&s)) return read_operation(out, a, &s, q->method);
  for (size_t i = 0; i < s.n; i++)
    if (str_starts(s.v[i], STR("$"))) refuse(out, REST_NO_OPERATION, arena_str(a, s.v[i]), (struct str){0});
  if (place == PLACE_NONE) return refuse(out, REST_NO_PATH, q->path, (struct str){0});
  if (place >= PLACE_TYPE) out->type = s.v[0];
  if (place >= PLACE_ID) out->id = s.v[1];
  if (place == PLACE_VERSION) out->version = s.v[3];
  if (place >= PLACE_TYPE) check_type(out, a, shapes, service);
  if (place >= PLACE_ID && !rest_id_valid(out->id)) refuse(out, REST_NO_ID, out->id, (struct str){0});
  read_interaction(out, a, place, q->method, service);
}
