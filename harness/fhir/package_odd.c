/* Files of a package that look like definitions and are none: told with position, and passed over. Any other JSON that
 * is no resource is nobody's fault: packages carry all kinds of files. */
#include "fhir/package_int.h"
#include "formats/json.h"

static void tell(struct package *p, const struct error *e) {
  if (p->problems.n < PACKAGE_PROBLEMS_MAX) VEC_PUSH(p->arena, &p->problems, *e);
}

/* Names of resource types begin with a capital and have letters only (FHIR R4, 2.1 Resource). */
static bool is_type_name(struct str s) {
  if (!s.n || s.p[0] < 'A' || s.p[0] > 'Z') return false;
  for (size_t i = 1; i < s.n; i++)
    if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z'))) return false;
  return true;
}

static void judge_type(struct package *p, struct str file, const struct node *type) {
  struct error e = {0};
  struct str meant = {0};
  if (!type || (type->kind == NODE_STRING && is_type_name(type->text) && !slim_misspelt(type->text, &meant))) return;
  if (type->kind != NODE_STRING)
    error_at(&e, ERR_SYNTAX, file, type->line, type->col, "\"resourceType\" is not a string");
  else if (meant.n)
    error_at(&e, ERR_SYNTAX, file, type->line, type->col, "there is no resource type \"%.*s\", but %.*s",
             STR_F(type->text), STR_F(meant));
  else
    error_at(&e, ERR_SYNTAX, file, type->line, type->col, "\"%.*s\" is not the name of a resource type",
             STR_F(type->text));
  tell(p, &e);
}

void package_judge_odd(struct package *p, struct arena *scratch, const struct slim_head *head, struct str name,
                       struct str bytes) {
  struct findings f;
  struct node *root = NULL;
  struct error e = {0};
  struct str meant;
  if (is_type_name(head->type) && !slim_misspelt(head->type, &meant)) return;
  struct str file = arena_printf(scratch, "%.*s@%.*s:%.*s", STR_F(p->name), STR_F(p->version), STR_F(name));
  findings_init(&f, scratch);
  if (!json_read(&root, scratch, (struct source){file, bytes}, &f)) {
    judge_type(p, file, node_child(root, "resourceType"));
  } else if (findings_error(&f, &e)) {
    tell(p, &e);
  }
}

void package_check(struct package *p) {
  for (size_t i = 0; i < p->items.n; i++) {
    struct arena *scratch = arena_new(0);
    struct package_item copy = *p->items.v[i]; /* what is parsed goes */
    package_item_node(&copy, scratch);
    if (copy.why) tell(p, copy.why);
    arena_free(scratch);
  }
}
