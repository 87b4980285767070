/* What FHIR adds (FHIR R4, 2.9.1.5): extension, resolve, memberOf, conformsTo, htmlChecks, checkModifiers. */
#include "fhir/fhirpath_functions.h"

int fp_fn_extension(struct fp_call *c) {
  struct str url;
  int given = fp_arg_string(c, 0, &url);
  if (given <= 0) return given;
  struct fp_list all = {0};
  for (size_t i = 0; i < c->input->n; i++)
    if (c->input->v[i].node && fp_children(c->ev, &all, &c->input->v[i], STR("extension"))) return -1;
  for (size_t i = 0; i < all.n; i++)
    if (str_eq(node_text_at(all.v[i].node, "url"), url)) fp_add(c->ev, c->out, &all.v[i]);
  return 0;
}

static const struct node *resource_above(const struct node *n) {
  while (n && !n->type.n) n = n->parent;
  return n;
}

/* #id: among the contained resources of the container; # alone is the container. */
static const struct node *find_contained(const struct node *from, struct str id) {
  const struct node *r = resource_above(from);
  if (r && r->parent && str_eqz(r->name, "contained")) r = resource_above(r->parent);
  if (!id.n) return r;
  for (NODE_EACH(c, r))
    if (str_eqz(c->name, "contained") && str_eq(node_text_at(c, "id"), id)) return c;
  return NULL;
}

/* The entry of the Bundle that n stands in, or NULL. */
static const struct node *entry_above(const struct node *n) {
  while (n && !(str_eqz(n->name, "entry") && n->parent && str_eqz(n->parent->type, "Bundle"))) n = n->parent;
  return n;
}

/* "http://server/base/" of "http://server/base/Patient/1"; empty if it is no such address. */
static struct str restful_base(struct str full_url) {
  int slashes = 0;
  if (!str_starts(full_url, STR("http://")) && !str_starts(full_url, STR("https://"))) return (struct str){0};
  for (size_t i = full_url.n; i > 0; i--)
    if (full_url.p[i - 1] == '/' && ++slashes == 2) return str_sub(full_url, 0, i);
  return (struct str){0};
}

static bool is_absolute(struct str reference) {
  return str_find(reference, STR("://"), 0) != SIZE_MAX || str_starts(reference, STR("urn:"));
}

/* FHIR R4, 2.36.4.1: by fullUrl; a relative reference against the base of the entry that holds it. */
static const struct node *find_in_bundle(struct fp_eval *ev, const struct node *from, struct str reference) {
  const struct node *entry = entry_above(from), *bundle = entry ? entry->parent : ev->input;
  if (!bundle || !str_eqz(bundle->type, "Bundle")) return NULL;
  size_t history = str_find(reference, STR("/_history/"), 0);
  if (history != SIZE_MAX) reference = str_sub(reference, 0, history);
  struct str base = entry ? restful_base(node_text_at(entry, "fullUrl")) : (struct str){0};
  struct str wanted = reference;
  if (!is_absolute(reference)) {
    if (!base.n) return NULL;
    wanted = arena_printf(ev->a, "%.*s%.*s", STR_F(base), STR_F(reference));
  }
  for (NODE_EACH(c, bundle))
    if (str_eqz(c->name, "entry") && str_eq(node_text_at(c, "fullUrl"), wanted)) return node_child(c, "resource");
  return NULL;
}

static const struct node *resolve(struct fp_eval *ev, const struct node *from, struct str reference) {
  if (!reference.n) return NULL;
  if (ev->env->resolve) return ev->env->resolve(ev->env->context, reference);
  if (!from) from = ev->input;
  if (reference.p[0] == '#') return find_contained(from, str_sub(reference, 1, reference.n));
  return find_in_bundle(ev, from, reference);
}

int fp_fn_resolve(struct fp_call *c) {
  for (size_t i = 0; i < c->input->n; i++) {
    const struct fhirpath_value *v = &c->input->v[i];
    if (fp_step(c->ev)) return -1;
    struct str reference = v->type == FHIRPATH_NODE ? node_text_at(v->node, "reference") : v->text;
    const struct node *found = resolve(c->ev, v->node, reference);
    if (!found) continue;
    struct fhirpath_value item = fp_of_resource(c->ev, found);
    fp_add(c->ev, c->out, &item);
  }
  return 0;
}

/* An answer of the environment: 1 and 0 are put, -1 is an error. */
static int put_answer(struct fp_call *c, int answer, struct str about) {
  if (answer >= 0) return fp_put_bool(c->ev, c->out, answer);
  return fp_error(c->ev, ERR_UNSUPPORTED, "%s(): %.*s is not known here", c->node->fn->name, STR_F(about));
}

int fp_fn_member_of(struct fp_call *c) {
  struct str value_set;
  const struct fhirpath_value *v;
  int there = fp_input(c, &v), given = there < 0 ? -1 : fp_arg_string(c, 0, &value_set);
  if (given < 0 || !there || !given) return given < 0 ? -1 : 0;
  if (!c->ev->env->member_of || !v->node)
    return fp_error(c->ev, ERR_UNSUPPORTED, "memberOf() needs value sets, and none are at hand");
  return put_answer(c, c->ev->env->member_of(c->ev->env->context, v->node, value_set), value_set);
}

int fp_fn_conforms_to(struct fp_call *c) {
  struct str profile;
  const struct fhirpath_value *v;
  int there = fp_input(c, &v), given = there < 0 ? -1 : fp_arg_string(c, 0, &profile);
  if (given < 0 || !there || !given) return given < 0 ? -1 : 0;
  if (!c->ev->env->conforms_to || !v->node)
    return fp_error(c->ev, ERR_UNSUPPORTED, "conformsTo() needs profiles, and none are at hand");
  return put_answer(c, c->ev->env->conforms_to(c->ev->env->context, v->node, profile), profile);
}

int fp_fn_html_checks(struct fp_call *c) {
  const struct fhirpath_value *v;
  int there = fp_input(c, &v);
  if (there <= 0) return there;
  if (!c->ev->env->html_checks || !v->node)
    return fp_error(c->ev, ERR_UNSUPPORTED, "htmlChecks() needs the rules of narrative, and they are not at hand");
  return put_answer(c, c->ev->env->html_checks(c->ev->env->context, v->node), STR("the narrative"));
}

static bool is_known_modifier(const struct fp_list *known, struct str url) {
  for (size_t i = 0; i < known->n; i++)
    if (str_eq(known->v[i].text, url)) return true;
  return false;
}

/* The input, unless it has a modifier extension that is not among the arguments: then an error. */
int fp_fn_check_modifiers(struct fp_call *c) {
  struct fp_list known = {0};
  for (size_t i = 0; i < c->node->args_n; i++)
    if (fp_arg(c, i, &known)) return -1;
  for (size_t i = 0; i < c->input->n; i++) {
    struct fp_list found = {0};
    if (c->input->v[i].node && fp_children(c->ev, &found, &c->input->v[i], STR("modifierExtension"))) return -1;
    for (size_t k = 0; k < found.n; k++) {
      struct str url = node_text_at(found.v[k].node, "url");
      if (!is_known_modifier(&known, url))
        return fp_error(c->ev, ERR_CONFIG, "there is a modifier extension %.*s", STR_F(url));
    }
    fp_add(c->ev, c->out, &c->input->v[i]);
  }
  return 0;
}

/* Functions of FHIR that ask for the definition of an element. */
int fp_fn_not_supported(struct fp_call *c) {
  return fp_error(c->ev, ERR_UNSUPPORTED, "%s() is not supported", c->node->fn->name);
}
