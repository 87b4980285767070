/* The schemas that editors complete by: every file that is shipped is valid, and a mistake is not. Read by a checker of
 * its own, for what of JSON Schema (draft 7) they use. */
#include "protocol/schema.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/file.h"
#include "formats/yaml.h"
#include "plan/vendor.h"
#include "steps/steps.h"

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(schema, .init = set_up, .fini = tear_down);

struct check {
  const struct node *schema; /* the whole */
  struct str why;
};

static bool fits(struct check *c, const struct node *schema, const struct node *n);

static bool refuse(struct check *c, const struct node *n, const char *why) {
  if (!c->why.n) c->why = arena_printf(a, "%d:%d %.*s: %s", n->line, n->col, STR_F(node_path(a, n)), why);
  return false;
}

static bool is_of_type(const struct node *n, struct str type) {
  if (str_eqz(type, "object")) return n->kind == NODE_OBJECT;
  if (str_eqz(type, "array")) return n->kind == NODE_ARRAY;
  if (n->kind != NODE_STRING) return false;
  int64_t i;
  if (str_eqz(type, "boolean")) return str_eqz(n->text, "true") || str_eqz(n->text, "false");
  if (str_eqz(type, "integer")) return str_int(n->text, &i);
  return str_eqz(type, "string") || str_eqz(type, "number");
}

static bool type_fits(const struct node *type, const struct node *n) {
  if (type->kind == NODE_STRING) return is_of_type(n, type->text);
  for (NODE_EACH(t, type))
    if (is_of_type(n, t->text)) return true;
  return false;
}

static bool enum_fits(const struct node *choices, const struct node *n) {
  for (NODE_EACH(c, choices))
    if (str_eq(c->text, n->text)) return true;
  return false;
}

/* The second is the pattern of a name that is put in. */
static bool any_fits(const struct node *any, const struct node *n) {
  cr_assert(str_eqz(node_text_at(any->last, "pattern"), "\\$\\{"));
  return enum_fits(node_child(any->first, "enum"), n) || str_find(n->text, STR("${"), 0) != SIZE_MAX;
}

static bool members_fit(struct check *c, const struct node *schema, const struct node *n) {
  const struct node *properties = node_child(schema, "properties"),
                    *others = node_child(schema, "additionalProperties");
  for (NODE_EACH(m, n)) {
    const struct node *known = node_child_str(properties, m->name);
    if (!known && others && others->kind == NODE_BOOL) return refuse(c, m, "no such key");
    if (!known && !others) continue;
    if (!fits(c, known ? known : others, m)) return false;
  }
  for (NODE_EACH(r, node_child(schema, "required")))
    if (!node_child_str(n, r->text)) return refuse(c, n, "a key is missing");
  return true;
}

static bool fits(struct check *c, const struct node *schema, const struct node *n) {
  const struct node *type = node_child(schema, "type"), *choices = node_child(schema, "anyOf");
  struct str ref = node_text_at(schema, "$ref");
  if (ref.n) return fits(c, node_at(c->schema, "definitions.step"), n);
  if (type && !type_fits(type, n)) return refuse(c, n, "the wrong type");
  if (choices && !any_fits(choices, n)) return refuse(c, n, "none of the words");
  if (n->kind == NODE_OBJECT) return members_fit(c, schema, n);
  for (const struct node *i = n->kind == NODE_ARRAY ? n->first : NULL; i; i = i->next)
    if (node_child(schema, "items") && !fits(c, node_child(schema, "items"), i)) return false;
  return true;
}

static struct node *parsed(int (*read)(struct node **, struct arena *, struct source, struct findings *),
                           struct str s) {
  struct findings f;
  struct node *root = NULL;
  findings_init(&f, a);
  cr_assert_eq(read(&root, a, (struct source){STR("x"), s}, &f), 0);
  return root;
}

static const struct node *schema_of(void (*write)(struct buf *out)) {
  struct buf b;
  buf_init(&b, 1 << 22);
  write(&b);
  return parsed(json_read, buf_take(&b, a));
}

static void write_protocol(struct buf *out) {
  protocol_schema(out, step_kinds);
}

/* Gives the number of files below dir of that depth, each of which must be valid. */
static size_t each_file(const struct node *schema, const char *dir, int depth) {
  struct error e;
  char **names;
  size_t n, count = 0;
  cr_assert_eq(file_list(&names, &n, a, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    const char *path = file_join(a, dir, names[i]);
    struct str bytes;
    if (depth && file_is_dir(path)) count += each_file(schema, path, depth - 1);
    if (depth || !str_ends(str_z(path), STR(".yaml"))) continue;
    cr_assert_eq(file_read(&bytes, a, path, 1 << 22, &e), 0, "%s", e.text);
    struct check c = {.schema = schema};
    const struct node *file = parsed(yaml_read, bytes);
    if (node_child(file, "fragments") && file->count == 1) continue; /* steps for others to call */
    cr_expect(fits(&c, schema, file), "%s: %.*s", path, STR_F(c.why));
    count++;
  }
  return count;
}

Test(schema, every_protocol_is_valid) {
  cr_expect_gt(each_file(schema_of(write_protocol), TEST_ROOT "/protocols", 2), (size_t)20);
}

Test(schema, every_vendor_file_is_valid) {
  cr_expect_gt(each_file(schema_of(vendor_schema), TEST_ROOT "/vendors", 1), (size_t)3);
}

static void check_refused(void (*write)(struct buf *out), const char *yaml, const char *why) {
  const struct node *schema = schema_of(write);
  struct check c = {.schema = schema};
  cr_expect(!fits(&c, schema, parsed(yaml_read, str_z(yaml))));
  cr_expect_neq(str_find(c.why, str_z(why), 0), SIZE_MAX, "%.*s", STR_F(c.why));
}

#define HEAD "protocol: x\nstandard: {name: X, version: '1'}\nversion: '1'\nrole: sender\n"
#define SECTION "sections:\n  - {id: '3.1', title: {en: A, da: B}, status: mandatory, steps: ["

Test(schema, mistakes_are_not) {
  check_refused(write_protocol, HEAD, "a key is missing");
  check_refused(write_protocol, "rolle: sender\n", "rolle: no such key");
  check_refused(write_protocol, HEAD SECTION "{step: 3.1.1, sned: {}}]}\n", "sned: no such key");
  check_refused(write_protocol, HEAD SECTION "{send: {fixtur: x}}]}\n", "fixtur: no such key");
  check_refused(write_protocol, HEAD SECTION "{severity: F9}]}\n", "none of the words");
  check_refused(write_protocol, HEAD SECTION "{repeat: {times: 2, steps: [{sned: {}}]}}]}\n", "sned: no such key");
  check_refused(vendor_schema, "vendor: [x]\n", "the wrong type");
  check_refused(vendor_schema, "exchange: {kind: fax}\n", "none of the words");
}
