/* From a JSON tree to the FHIR tree (FHIR R4, 2.6.2). */
#include "base/map.h"
#include "fhir/resource_int.h"

struct from_json {
  struct arena *a;
  struct findings *f;
  struct str message; /* its name, for positions */
};

static void report(struct from_json *r, const struct node *n, const char *en, const char *da) {
  resource_report(r->f, RESOURCE_JSON_FORM, r->message, n, (struct said){str_z(en), str_z(da)});
}

static void read_members(struct from_json *r, struct node *to, const struct node *json);

static struct node *add(struct from_json *r, struct node *to, enum node_kind kind, const struct node *json,
                        struct str name) {
  struct node *n = node_new(r->a, kind);
  n->name = name;
  n->text = kind == NODE_OBJECT || kind == NODE_NULL ? (struct str){0} : json->text;
  n->line = json->line;
  n->col = json->col;
  n->name_line = json->name_line;
  n->name_col = json->name_col;
  if (to) node_append(to, n);
  return n;
}

static void check_xhtml(struct from_json *r, const struct node *n) {
  if (!str_eqz(n->name, "div") || n->kind != NODE_STRING || !str_starts(str_trim(n->text), STR("<"))) return;
  struct said problem = xhtml_problem(r->a, n->text);
  if (problem.en.n) resource_report(r->f, RESOURCE_XHTML, r->message, n, problem);
}

static bool is_null(const struct node *n) {
  return !n || n->kind == NODE_NULL;
}

/* The "_name" counterpart if it can be used: an object beside a primitive. */
static const struct node *usable_extras(struct from_json *r, const struct node *json, const struct node *more) {
  if (is_null(more)) return NULL;
  if (more->kind != NODE_OBJECT)
    report(r, more, "the counterpart with an underscore must be an object",
           "navnet med understreg foran skal have et objekt som værdi");
  else if (json && json->kind == NODE_OBJECT)
    report(r, more, "an underscore counterpart of an element that is not primitive",
           "et navn med understreg foran til et element, der ikke er en simpel værdi");
  else
    return more;
  return NULL;
}

static void check_not_empty(struct from_json *r, const struct node *json) {
  if (json->kind == NODE_OBJECT && !json->first) report(r, json, "an empty object", "et tomt objekt");
  if (json->kind == NODE_STRING && !json->text.n) report(r, json, "an empty string", "en tom tekst");
}

static void read_item(struct from_json *r, struct node *to, const struct node *json, const struct node *more,
                      struct str name, unsigned flags) {
  struct node *n = add(r, to, json ? json->kind : NODE_NULL, json ? json : more, name);
  n->flags |= flags;
  if (json) check_not_empty(r, json);
  if (json && json->kind == NODE_OBJECT) read_members(r, n, json);
  if (more) read_members(r, n, more);
  if (json) check_xhtml(r, n);
}

/* A value with what its "_name" counterpart (more, may be NULL) adds: id and extensions. */
static void read_value(struct from_json *r, struct node *to, const struct node *json, const struct node *more,
                       struct str name, unsigned flags) {
  if (is_null(json)) json = NULL;
  more = usable_extras(r, json, more);
  if (json && json->kind == NODE_ARRAY)
    report(r, json, "a list within a list", "en liste i en liste");
  else if (json || more)
    read_item(r, to, json, more, name, flags);
}

/* The items of the "_name" list beside a list. */
static const struct node *extras_of_list(struct from_json *r, const struct node *more) {
  if (more && more->kind != NODE_ARRAY)
    report(r, more, "a list and its underscore counterpart must both be lists",
           "en liste og navnet med understreg foran skal begge være lister");
  return more && more->kind == NODE_ARRAY ? more->first : NULL;
}

static void read_list(struct from_json *r, struct node *to, const struct node *list, const struct node *more,
                      struct str name) {
  const struct node *item = list->first, *other = extras_of_list(r, more);
  if (!item && !other) report(r, list, "an empty list", "en tom liste");
  while (item || other) {
    if (is_null(item) && is_null(other))
      report(r, item ? item : other, "null without a counterpart",
             "null, uden at navnet med understreg har noget på samme plads");
    read_value(r, to, item, other, name, NODE_LISTED);
    item = item ? item->next : NULL;
    other = other ? other->next : NULL;
  }
}

static void check_not_null(struct from_json *r, const struct node *json) {
  if (json->kind == NODE_NULL) report(r, json, "null is allowed only in lists", "null er kun tilladt i lister");
}

static void read_member(struct from_json *r, struct node *to, const struct node *json, const struct node *more,
                        struct str name) {
  if (json->kind == NODE_ARRAY) {
    read_list(r, to, json, more, name);
    return;
  }
  if (more) check_not_null(r, more);
  if (more && more->kind == NODE_ARRAY) {
    report(r, more, "a list as counterpart of what is no list",
           "en liste ved navnet med understreg, hvor elementet ikke er en liste");
    more = NULL;
  }
  check_not_null(r, json);
  read_value(r, to, json, more, name, 0);
}

/* "_name" whose "name" is not there: elements without values. */
static void read_lone(struct from_json *r, struct node *to, const struct node *more, struct str name) {
  static const struct node nothing = {.kind = NODE_ARRAY};
  check_not_null(r, more);
  if (more->kind == NODE_ARRAY)
    read_list(r, to, &nothing, more, name);
  else
    read_value(r, to, NULL, more, name, 0);
}

static bool is_underscore(const struct node *member) {
  return member->name.n > 1 && member->name.p[0] == '_';
}

static bool has_underscore(const struct node *json) {
  for (NODE_EACH(m, json))
    if (is_underscore(m)) return true;
  return false;
}

static void read_members(struct from_json *r, struct node *to, const struct node *json) {
  bool pairs = has_underscore(json);
  struct map by_name;
  map_init(&by_name, r->a);
  if (pairs)
    for (NODE_EACH(m, json)) map_set(&by_name, m->name, m);
  for (NODE_EACH(m, json)) {
    if (str_eqz(m->name, "resourceType") && m->kind == NODE_STRING) {
      to->type = m->text;
      continue;
    }
    if (str_eqz(m->name, "resourceType"))
      report(r, m, "resourceType must be a string", "resourceType skal være en tekst");
    if (is_underscore(m)) {
      struct str name = str_sub(m->name, 1, m->name.n);
      if (!map_get(&by_name, name)) read_lone(r, to, m, name);
      continue;
    }
    const struct node *more = pairs ? map_get(&by_name, arena_printf(r->a, "_%.*s", STR_F(m->name))) : NULL;
    read_member(r, to, m, more, m->name);
  }
}

int resource_from_json(struct node **out, struct arena *a, const struct node *json, struct str name,
                       struct findings *f) {
  struct from_json r = {a, f, name};
  *out = NULL;
  const struct node *type = json->kind == NODE_OBJECT ? node_child(json, "resourceType") : NULL;
  if (!type || type->kind != NODE_STRING || !type->text.n) {
    static const struct said untyped = {STR_INIT("JSON without resourceType"), STR_INIT("JSON uden resourceType")};
    resource_report(f, RESOURCE_NOT_FHIR, name, json,
                    json->kind == NODE_OBJECT ? untyped : said_same(str_z(node_kind_name(json->kind))));
    return -1;
  }
  struct node *root = add(&r, NULL, NODE_OBJECT, json, (struct str){0});
  read_members(&r, root, json);
  *out = root;
  return 0;
}
