/* The interactions: what each does with what is there, one function each. */
#include "endpoint/form.h"
#include "endpoint/rest_int.h"

#include <stdlib.h>

#define FOUND_MAX 10 /* ids that are told of a search */

struct asked {
  struct rest_answer *out;
  struct arena *a;
  const struct rest_request *q;
  const struct rest_target *t;
  const struct rest_site *site;
  enum resource_form form;  /* of the answer */
  struct node *body;        /* the resource that came */
  struct str sort;          /* a parameter of kind REST_DATE, with or without "-" */
  VEC(struct str) includes; /* "Type:parameter" */
  VEC(const struct rest_resource *) included;
};

static void refuse(struct asked *x, enum rest_issue_kind kind, struct str one, struct str two) {
  rest_refuse(x->out, x->a, &(struct rest_issue){kind, {one, two}}, x->form);
}

static struct str number(struct arena *a, int64_t n) {
  return arena_printf(a, "%lld", (long long)n);
}

/* "Bundle/1". */
static struct str name_of(const struct asked *x) {
  return arena_printf(x->a, "%.*s/%.*s", STR_F(x->t->type), STR_F(x->t->id));
}

/* The current version, gone or not; NULL. */
static const struct rest_resource *current(const struct asked *x, struct str type, struct str id) {
  for (size_t i = x->site->resources_n; i > 0; i--) {
    const struct rest_resource *r = &x->site->resources[i - 1];
    if (str_eq(r->type, type) && str_eq(r->id, id)) return r;
  }
  return NULL;
}

/* Reads what is stored, with its id and version; NULL after a refusal. */
static struct node *stored(struct asked *x, const struct rest_resource *r) {
  struct str bytes;
  struct error e;
  struct findings found;
  enum resource_form form;
  struct node *root;
  findings_init(&found, x->a);
  if (x->site->bytes(x->site->context, r->digest, x->a, &bytes, &e) < 0 ||
      resource_read(&root, &form, x->a, (struct source){STR("stored"), bytes}, &found) < 0) {
    refuse(x, REST_BROKEN, STR("what is stored cannot be read"), (struct str){0});
    return NULL;
  }
  rest_stamp(x->a, root, r->id, r->version, r->at);
  return root;
}

/* --- the body --- */

/* A list, or something behind the end of the first object. */
static bool holds_several(struct str json) {
  size_t depth = 0, i = 0;
  bool quoted = false;
  json = str_trim(json);
  if (str_starts(json, STR("["))) return true;
  for (; i < json.n; i++) {
    char c = json.p[i];
    if (quoted && c == '\\') i++;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{') depth++;
    if (c == '}' && --depth == 0) break;
    if (c == '}' && depth == SIZE_MAX) return false;
  }
  return i + 1 < json.n && str_starts(str_trim(str_sub(json, i + 1, json.n)), STR("{"));
}

/* The first finding as a sentence: "2:5 a value is missing". */
static struct str first_words(struct arena *a, const struct findings *f) {
  if (!f->list.n) return STR("neither JSON nor XML");
  const struct finding *x = &f->list.v[0];
  if (x->where.line <= 0) return x->en;
  return arena_printf(a, "line %d, column %d: %.*s", x->where.line, x->where.col, STR_F(x->en));
}

static void check_resource(struct asked *x, enum resource_form said, enum resource_form is) {
  if (said != is)
    refuse(x, REST_OTHER_FORM, said == RESOURCE_XML ? STR("XML") : STR("JSON"),
           is == RESOURCE_XML ? STR("XML") : STR("JSON"));
  else if (!str_eq(x->body->type, x->t->type))
    refuse(x, REST_OTHER_TYPE, x->body->type, x->t->type);
}

/* "rule, rule": those that could not be decided. */
static struct str undecided(struct arena *a, const struct findings *f) {
  struct str out = {0};
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    if (x->severity != SEV_UNDECIDED || str_find(out, x->rule, 0) != SIZE_MAX) continue;
    out = arena_printf(a, "%.*s%s%.*s", STR_F(out), out.n ? ", " : "", STR_F(x->rule));
  }
  return out;
}

/* What its service says of it. Only what is wrong for sure is refused. */
static void check_fit(struct asked *x, enum resource_form form) {
  const struct rest_service *s = x->site->service;
  struct findings f;
  if (!s || !s->judge) return;
  findings_init(&f, x->a);
  s->judge(x->site->service_context, x->a, x->body, form, &f);
  x->out->noted = undecided(x->a, &f);
  if (!findings_count(&f, SEV_ERROR)) return;
  rest_refuse_unfit(x->out, x->a, &f, x->form);
  if (x->site->unfit) x->out->status = x->site->unfit;
}

/* False after a refusal. */
static bool take_body(struct asked *x) {
  const struct rest_request *q = x->q;
  struct findings found;
  enum resource_form said, is;
  findings_init(&found, x->a);
  if (q->size > REST_BODY_MAX)
    refuse(x, REST_TOO_LARGE, number(x->a, (int64_t)q->size), number(x->a, (int64_t)REST_BODY_MAX));
  else if (!rest_form_of(&said, q->content_type))
    refuse(x, REST_CONTENT_TYPE, q->content_type, (struct str){0});
  else if (!str_trim(q->body).n)
    refuse(x, REST_EMPTY, (struct str){0}, (struct str){0});
  else if (said == RESOURCE_JSON && holds_several(q->body))
    refuse(x, REST_SEVERAL, (struct str){0}, (struct str){0});
  else if (resource_read(&x->body, &is, x->a, (struct source){STR("body"), q->body}, &found) < 0)
    refuse(x, REST_UNREADABLE, first_words(x->a, &found), (struct str){0});
  else if (x->site->resources_n >= REST_RESOURCES_MAX)
    refuse(x, REST_FULL, number(x->a, REST_RESOURCES_MAX), (struct str){0});
  else
    check_resource(x, said, is);
  if (x->out->status == 0) check_fit(x, is);
  return x->out->status == 0;
}

/* Prefer: return=minimal, =OperationOutcome; else the resource (3.1.0.1.7). */
static void put_taken(struct asked *x, int status) {
  struct rest_answer *out = x->out;
  out->location =
      arena_printf(x->a, "%.*s/%.*s/_history/%lld", STR_F(x->t->type), STR_F(out->id), (long long)out->version);
  if (str_find(x->q->prefer, STR("return=OperationOutcome"), 0) != SIZE_MAX) {
    refuse(x, REST_FINE, (struct str){0}, (struct str){0});
    out->issue = out->da = (struct str){0};
  } else if (str_find(x->q->prefer, STR("return=minimal"), 0) == SIZE_MAX) {
    rest_stamp(x->a, x->body, out->id, out->version, 0);
    rest_put_tree(out, x->a, x->body, x->form, x->site->shapes);
  }
  out->status = status;
}

/* --- interactions --- */

static void create(struct asked *x) {
  if (x->q->if_none_exist.n) return refuse(x, REST_CONDITION, STR("If-None-Exist"), (struct str){0});
  if (!take_body(x)) return;
  x->out->id = x->site->new_id;
  x->out->version = 1;
  put_taken(x, x->site->created ? x->site->created : 201);
}

/* If-Match: W/"2" (3.1.0.1.9). */
static bool match_fits(struct asked *x, const struct rest_resource *r) {
  struct str wanted = x->q->if_match, etag = arena_printf(x->a, "\"%lld\"", (long long)(r ? r->version : 0));
  if (!wanted.n || (r && str_ends(wanted, etag))) return true;
  refuse(x, REST_OTHER_VERSION, wanted, r ? number(x->a, r->version) : STR("none"));
  return false;
}

static void update(struct asked *x) {
  const struct rest_resource *before = current(x, x->t->type, x->t->id);
  if (!take_body(x) || !match_fits(x, before)) return;
  struct str id = node_text_at(x->body, "id");
  if (!id.n) return refuse(x, REST_WITHOUT_ID, x->t->id, (struct str){0});
  if (!str_eq(id, x->t->id)) return refuse(x, REST_OTHER_ID, id, x->t->id);
  x->out->id = id;
  x->out->version = before ? before->version + 1 : 1;
  put_taken(x, before && !before->gone ? 200 : 201);
}

static const struct rest_resource *version_of(const struct asked *x) {
  if (!x->t->version.n) return current(x, x->t->type, x->t->id);
  for (size_t i = 0; i < x->site->resources_n; i++) {
    const struct rest_resource *r = &x->site->resources[i];
    bool same = str_eq(r->type, x->t->type) && str_eq(r->id, x->t->id);
    if (same && str_eq(number(x->a, r->version), x->t->version)) return r;
  }
  return NULL;
}

static void give(struct asked *x, const struct node *root) {
  x->out->status = 200;
  x->out->given = true;
  rest_put_tree(x->out, x->a, root, x->form, x->site->shapes);
}

static bool is_shown(const struct asked *x, const struct node *root) {
  const struct rest_service *s = x->site->service;
  return !s || !s->shows || s->shows(x->site->service_context, root);
}

static void read_one(struct asked *x) {
  const struct rest_resource *r = version_of(x);
  if (!r) return refuse(x, REST_NOT_THERE, name_of(x), (struct str){0});
  if (r->gone) {
    refuse(x, REST_GONE, name_of(x), (struct str){0});
    if (x->site->gone) x->out->status = x->site->gone;
    return;
  }
  const struct node *root = stored(x, r);
  if (!root) return;
  if (!is_shown(x, root)) return refuse(x, REST_HIDDEN, name_of(x), (struct str){0});
  x->out->version = r->version;
  give(x, root);
}

/* 204 has no body; a service that says 200 gives an OperationOutcome. */
static void tell_deleted(struct asked *x) {
  int status = x->site->deleted ? x->site->deleted : 204;
  if (status != 204) {
    refuse(x, REST_FINE, (struct str){0}, (struct str){0});
    x->out->issue = x->out->da = (struct str){0};
  }
  x->out->status = status;
}

/* What is not there is gone as well (3.1.0.7.1). */
static void delete_one(struct asked *x, const struct rest_resource *r) {
  if (!match_fits(x, r)) return;
  tell_deleted(x);
  if (r) x->out->version = r->version + !r->gone;
}

/* Says how the answer looks, not what is in it. */
static bool is_result(struct str name) {
  return str_eqz(name, "_format") || str_eqz(name, "_count") || str_eqz(name, "_pretty");
}

/* A resource that is there, by "Type/id" or by our own address. */
static const struct rest_resource *referred(const struct asked *x, struct str reference) {
  struct str base = arena_printf(x->a, "%.*s/", STR_F(x->site->base));
  struct str id = str_starts(reference, base) ? str_sub(reference, base.n, reference.n) : reference;
  struct str type = str_cut(&id, '/');
  const struct rest_resource *r = current(x, type, id);
  return r && !r->gone ? r : NULL;
}

static const struct node *find_referred(void *context, struct str reference) {
  struct asked *x = context;
  const struct rest_resource *r = referred(x, reference);
  return r ? stored(x, r) : NULL;
}

/* "Type:parameter", of what is searched; anything else is refused like an unknown parameter. */
static bool take_include(struct asked *x, struct str value) {
  struct str name = value, type = str_cut(&name, ':');
  enum rest_kind kind = REST_TOKEN;
  const char *known;
  for (size_t i = 0; rest_parameter_at(type, &i, &known, &kind);)
    if (str_eqz(name, known) && kind == REST_REFERENCE && str_eq(type, x->t->type)) {
      VEC_PUSH(x->a, &x->includes, value);
      return true;
    }
  refuse(x, REST_PARAMETER, arena_printf(x->a, "_include=%.*s", STR_F(value)), rest_parameters(x->a, x->t->type));
  return false;
}

/* By one time, ascending or ("-") descending; what it cannot sort by it refuses instead of leaving it in any order. */
static bool take_sort(struct asked *x, struct str value) {
  bool newest = str_starts(value, STR("-"));
  x->sort = value;
  if (rest_is_time(x->t->type, str_sub(value, newest, value.n))) return true;
  refuse(x, REST_PARAMETER, arena_printf(x->a, "_sort=%.*s", STR_F(value)), rest_parameters(x->a, x->t->type));
  return false;
}

/* What is searched by; false after a refusal. */
static bool read_query(struct asked *x, struct rest_query *out, int64_t *count) {
  struct rest_query all = {0};
  out->find = find_referred;
  out->context = x;
  rest_query_read(&all, x->a, x->q->query);
  bool posted = str_eqz(x->q->method, "POST");
  if (posted && x->q->size > FORM_MAX) {
    refuse(x, REST_TOO_LARGE, number(x->a, (int64_t)x->q->size), number(x->a, (int64_t)FORM_MAX));
    return false;
  }
  if (posted) rest_query_read(&all, x->a, x->q->body);
  if (all.terms.n > REST_TERMS_MAX) {
    refuse(x, REST_TERMS, number(x->a, REST_TERMS_MAX), (struct str){0});
    return false;
  }
  if (!str_int(rest_query_get(&all, "_count"), count) || *count < 0 || *count > REST_COUNT_MAX) *count = REST_COUNT_MAX;
  for (size_t i = 0; i < all.terms.n; i++) {
    struct str name = all.terms.v[i].name;
    if (is_result(name)) continue;
    if (str_eqz(name, "_sort")) {
      if (!take_sort(x, all.terms.v[i].value)) return false;
      continue;
    }
    if (str_eqz(name, "_include")) {
      if (!take_include(x, all.terms.v[i].value)) return false;
      continue;
    }
    if (!rest_parameter_known(x->t->type, name)) {
      refuse(x, REST_PARAMETER, name, rest_parameters(x->a, x->t->type));
      return false;
    }
    VEC_PUSH(x->a, &out->terms, all.terms.v[i]);
  }
  return true;
}

static void put_link(struct asked *x, struct node *bundle) {
  struct str query = x->q->query;
  struct node *link = rest_add(x->a, bundle, "link", NODE_OBJECT, (struct str){0});
  link->flags = NODE_LISTED;
  rest_add(x->a, link, "relation", NODE_STRING, STR("self"));
  rest_add(
      x->a, link, "url", NODE_STRING,
      arena_printf(x->a, "%.*s/%.*s%s%.*s", STR_F(x->site->base), STR_F(x->t->type), query.n ? "?" : "", STR_F(query)));
}

static void put_entry(struct asked *x, struct node *bundle, struct node *resource, const struct rest_resource *r,
                      const char *mode) {
  struct node *entry = rest_add(x->a, bundle, "entry", NODE_OBJECT, (struct str){0});
  entry->flags = NODE_LISTED;
  rest_add(x->a, entry, "fullUrl", NODE_STRING,
           arena_printf(x->a, "%.*s/%.*s/%.*s", STR_F(x->site->base), STR_F(r->type), STR_F(r->id)));
  resource->name = STR("resource");
  node_append(entry, resource);
  struct node *search = rest_add(x->a, entry, "search", NODE_OBJECT, (struct str){0});
  rest_add(x->a, search, "mode", NODE_STRING, str_z(mode));
}

/* What an entry refers to by an _include comes once, behind all that was found. */
static bool is_included(const struct asked *x, const struct rest_resource *r) {
  for (size_t i = 0; i < x->included.n; i++)
    if (x->included.v[i] == r) return true;
  return false;
}

static void note_included(struct asked *x, const struct node *root) {
  for (size_t i = 0; i < x->includes.n; i++) {
    struct fhirpath_result refs;
    if (!rest_follow(x->a, root, x->includes.v[i], &refs)) continue;
    for (size_t k = 0; k < refs.values.n; k++) {
      const struct rest_resource *r = referred(x, refs.values.v[k].text);
      if (r && !is_included(x, r) && !str_eq(r->type, x->t->type)) VEC_PUSH(x->a, &x->included, r);
    }
  }
}

static bool put_included(struct asked *x, struct node *bundle) {
  for (size_t i = 0; i < x->included.n; i++) {
    struct node *root = stored(x, x->included.v[i]);
    if (!root) return false;
    if (is_shown(x, root)) put_entry(x, bundle, root, x->included.v[i], "include");
  }
  return true;
}

static void note_found(struct asked *x, int64_t n, struct str id) {
  struct str *found = &x->out->found;
  if (n < FOUND_MAX) *found = arena_printf(x->a, "%.*s%s%.*s", STR_F(*found), n ? ", " : "", STR_F(id));
  if (n == FOUND_MAX) *found = arena_printf(x->a, "%.*s, ...", STR_F(*found));
}

struct match {
  struct node *root;
  const struct rest_resource *resource;
  int64_t at; /* what it is sorted by, first the least */
  size_t i;
};

static int by_time(const void *p, const void *q) {
  const struct match *a = p, *b = q;
  if (a->at != b->at) return a->at < b->at ? -1 : 1;
  return a->i < b->i ? -1 : a->i > b->i;
}

static int64_t sort_key(const struct asked *x, const struct node *root) {
  bool newest = str_starts(x->sort, STR("-"));
  int64_t at = x->sort.n ? rest_time_of(x->a, root, str_sub(x->sort, newest, x->sort.n)) : 0;
  return newest ? -at : at;
}

/* Those that fit go into the Bundle, up to count; how many they are. -1 after a refusal. */
static int64_t put_found(struct asked *x, struct node *bundle, const struct rest_query *q, int64_t count) {
  VEC(struct match) found = {0};
  for (size_t i = 0; i < x->site->resources_n; i++) {
    const struct rest_resource *r = &x->site->resources[i];
    if (!str_eq(r->type, x->t->type) || r->gone || current(x, r->type, r->id) != r) continue;
    struct node *root = stored(x, r);
    if (!root) return -1;
    if (!is_shown(x, root) || !rest_matches_tree(x->a, root, q)) continue;
    VEC_PUSH(x->a, &found, ((struct match){root, r, sort_key(x, root), i}));
  }
  if (x->sort.n && found.n) qsort(found.v, found.n, sizeof *found.v, by_time);
  for (size_t i = 0; i < found.n && (int64_t)i < count; i++) {
    note_found(x, (int64_t)i, found.v[i].resource->id);
    note_included(x, found.v[i].root);
    put_entry(x, bundle, found.v[i].root, found.v[i].resource, "match");
  }
  return put_included(x, bundle) ? (int64_t)found.n : -1;
}

/* What is looked up by its identifier is known, or it is not: no empty list (EER's first use case). */
static bool is_look_up(struct asked *x, const struct rest_query *q, struct str *said) {
  const struct rest_service *s = x->site->service;
  for (size_t i = 0; s && s->look_ups && i < q->terms.n; i++) {
    struct fact term = q->terms.v[i];
    if (!rest_in_list(s->look_ups, arena_printf(x->a, "%.*s:%.*s", STR_F(x->t->type), STR_F(term.name)))) continue;
    *said = arena_printf(x->a, "%.*s \"%.*s\"", STR_F(term.name), STR_F(term.value));
    return true;
  }
  return false;
}

static void search(struct asked *x) {
  struct str said;
  struct rest_query q = {0};
  int64_t count;
  struct node *bundle = node_new(x->a, NODE_OBJECT);
  bundle->type = STR("Bundle");
  if (!read_query(x, &q, &count)) return;
  rest_add(x->a, bundle, "type", NODE_STRING, STR("searchset"));
  struct node *total = rest_add(x->a, bundle, "total", NODE_NUMBER, STR("0"));
  put_link(x, bundle);
  int64_t n = put_found(x, bundle, &q, count);
  if (n < 0) return;
  if (n == 0 && is_look_up(x, &q, &said)) return refuse(x, REST_UNKNOWN, x->t->type, said);
  total->text = number(x->a, n);
  if (n == 0) x->out->found = STR("none");
  give(x, bundle);
}

/* Those that fit, up to two: NULL after a refusal, or where none does. */
static const struct rest_resource *only_match(struct asked *x, const struct rest_query *q) {
  const struct rest_resource *only = NULL;
  size_t n = 0;
  for (size_t i = 0; i < x->site->resources_n; i++) {
    const struct rest_resource *r = &x->site->resources[i];
    if (!str_eq(r->type, x->t->type) || r->gone || current(x, r->type, r->id) != r) continue;
    const struct node *root = stored(x, r);
    if (!root) return NULL;
    if (!rest_matches_tree(x->a, root, q)) continue;
    only = r;
    n++;
  }
  if (n > 1) refuse(x, REST_MATCHES, number(x->a, (int64_t)n), (struct str){0});
  return n == 1 ? only : NULL;
}

/* DELETE [type]?... (3.1.0.7.2): one that fits, or none. */
static void delete_match(struct asked *x) {
  struct rest_query q = {0};
  int64_t count;
  if (!read_query(x, &q, &count)) return;
  if (!q.terms.n) return refuse(x, REST_UNCONDITIONAL, x->t->type, (struct str){0});
  const struct rest_resource *r = only_match(x, &q);
  if (x->out->status) return;
  if (!r) return tell_deleted(x);
  x->out->id = r->id;
  delete_one(x, r);
}

static void delete (struct asked *x) {
  if (x->t->id.n) return delete_one(x, current(x, x->t->type, x->t->id));
  delete_match(x);
}

static void operate(struct asked *x) {
  struct rest_asked asked = {.q = x->q, .target = x->t, .site = x->site, .form = x->form};
  x->site->service->operate(x->site->service_context, x->out, x->a, &asked);
}

static void tell_capabilities(struct asked *x) {
  give(x, rest_capabilities(x->a, x->site->base, x->site->service));
}

static const struct {
  const char *interaction;
  void (*fn)(struct asked *x);
} rows[] = {{"create", create},    {"read", read_one}, {"update", update},
            {"delete", delete},    {"search", search}, {"capabilities", tell_capabilities},
            {"operation", operate}};

void rest_answer(struct rest_answer *out, struct arena *a, const struct rest_request *q, const struct rest_target *t,
                 const struct rest_site *site) {
  struct asked x = {.out = out, .a = a, .q = q, .t = t, .site = site};
  *out = (struct rest_answer){.content_type = "", .id = t->id};
  bool form = rest_form_wanted(&x.form, a, q);
  if (t->issue.kind != REST_FINE) {
    rest_refuse(out, a, &t->issue, x.form);
    if (t->issue.kind == REST_NO_METHOD) out->allow = arena_z(a, t->issue.args[1]);
    return;
  }
  if (!form) return refuse(&x, REST_ACCEPT, q->accept.n ? q->accept : q->query, (struct str){0});
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (str_eqz(str_z(t->interaction), rows[i].interaction)) rows[i].fn(&x);
}

void rest_answer_again(struct rest_answer *out, struct arena *a, struct str type, struct str id, int64_t version) {
  *out = (struct rest_answer){.status = 201, .content_type = "", .id = id, .version = version};
  out->location = arena_printf(a, "%.*s/%.*s/_history/%lld", STR_F(type), STR_F(id), (long long)version);
}
