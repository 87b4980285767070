#include "fhir/snapshot.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <string.h>

#include "packing.h"

/* Snapshots of small definitions made for the purpose, written as lines in snapshot.test:
 *   define NAME KIND DERIVATION BASE     starts a definition; its lines follow; KIND as in FHIR,
 *                                        a line "snapshot" before them gives a snapshot instead of a differential
 *   ID WORDS...                          an element: 1..* (cardinality, "1.." and "..1" too), type:CODE[=PROFILE],
 *                                        bind:STRENGTH=VALUESET, fixed:TEXT, key:KEY, slicing:KIND=PATH (with "closed"
 *                                        or "ordered"), ref:#PATH, base:PATH, noid (path and slice name only)
 *   expect NAME                          the lines that the snapshot has, in the same form
 *   error NAME TEXT                      the error has that text */

#define URL "http://hl7.org/fhir/StructureDefinition/" /* where the book looks for types */
#define DATA TEST_DATA "/snapshot.test"
#define DATA_MAX (1u << 20)
#define JSON_MAX (8u << 20)

struct test_file {
  struct arena *arena;
  struct book *book;
  struct buf json;     /* the definition that is being read */
  bool open, first;    /* of json */
  struct buf wanted;   /* of an expectation */
  struct str expected; /* its name; empty: none */
  struct str in;       /* "snapshot" or "differential" */
  int checks;
};

static struct str url_of(struct arena *a, struct str name) {
  return arena_printf(a, URL "%.*s", STR_F(name));
}

/* --- definitions --- */

static void close_definition(struct test_file *t) {
  if (!t->open) return;
  struct findings f;
  struct error e = {0};
  struct node *n;
  enum resource_form form;
  findings_init(&f, t->arena);
  buf_addz(&t->json, "]}}");
  struct str bytes = arena_str(t->arena, buf_str(&t->json));
  cr_assert_eq(resource_read(&n, &form, t->arena, (struct source){STR("definition"), bytes}, &f), 0, "%s", bytes.p);
  cr_assert_eq(f.list.n, 0, "%s", bytes.p);
  cr_assert_eq(book_add_resource(t->book, n, STR("definition"), &e), 0, "%s", e.text);
  t->open = false;
}

static void begin_definition(struct test_file *t, struct str line) {
  struct str name = str_cut(&line, ' '), kind = str_cut(&line, ' '), derivation = str_cut(&line, ' ');
  struct str type = name;
  if (str_eqz(derivation, "constraint")) {
    struct str base = line;
    type = str_cut(&base, ' ');
    line = base;
  }
  buf_clear(&t->json);
  buf_printf(&t->json,
             "{\"resourceType\":\"StructureDefinition\",\"url\":\"" URL "%.*s\",\"name\":\"N\",\"type\":\"%.*s\","
             "\"status\":\"active\",\"abstract\":false,\"kind\":\"%.*s\",\"derivation\":\"%.*s\"",
             STR_F(name), STR_F(type), STR_F(kind), STR_F(derivation));
  if (line.n) buf_printf(&t->json, ",\"baseDefinition\":\"" URL "%.*s\"", STR_F(line));
  t->in = STR("differential");
  t->open = t->first = true;
}

static void put_path(struct buf *b, struct str id, struct str *slice) {
  for (bool first = true; id.n; first = false) {
    struct str part = str_cut(&id, '.');
    *slice = part;
    struct str name = str_cut(slice, ':');
    buf_printf(b, "%s%.*s", first ? "" : ".", STR_F(name));
  }
}

static void put_cardinality(struct buf *b, struct str word) {
  size_t dots = str_find(word, STR(".."), 0);
  struct str max = str_sub(word, dots + 2, word.n);
  if (dots) buf_printf(b, ",\"min\":%.*s", (int)dots, word.p);
  if (max.n) buf_printf(b, ",\"max\":\"%.*s\"", STR_F(max));
}

static void put_slicing(struct buf *b, struct str word, struct str all) {
  struct str kind = str_cut(&word, '=');
  buf_printf(b,
             ",\"slicing\":{\"rules\":\"%s\",\"ordered\":%s,\"discriminator\":[{\"type\":\"%.*s\",\"path\":\"%.*s\"}]}",
             str_find(all, STR(" closed"), 0) != SIZE_MAX ? "closed" : "open",
             str_find(all, STR(" ordered"), 0) != SIZE_MAX ? "true" : "false", STR_F(kind), STR_F(word));
}

static void put_word(struct buf *b, struct str word, struct str all, struct buf *types, struct buf *keys) {
  struct str rest = word, head = str_cut(&rest, ':');
  if (str_find(word, STR(".."), 0) != SIZE_MAX) put_cardinality(b, word);
  if (str_eqz(head, "type")) {
    struct str code = str_cut(&rest, '=');
    buf_printf(types, "%s{\"code\":\"%.*s\"", types->n ? "," : "", STR_F(code));
    if (rest.n) buf_printf(types, ",\"profile\":[\"" URL "%.*s\"]", STR_F(rest));
    buf_addz(types, "}");
  }
  if (str_eqz(head, "key"))
    buf_printf(keys, "%s{\"key\":\"%.*s\",\"severity\":\"error\",\"human\":\"h\",\"expression\":\"true\"}",
               keys->n ? "," : "", STR_F(rest));
  if (str_eqz(head, "bind")) {
    struct str strength = str_cut(&rest, '=');
    buf_printf(b, ",\"binding\":{\"strength\":\"%.*s\",\"valueSet\":\"%.*s\"}", STR_F(strength), STR_F(rest));
  }
  if (str_eqz(head, "fixed")) buf_printf(b, ",\"fixedString\":\"%.*s\"", STR_F(rest));
  if (str_eqz(head, "ref")) buf_printf(b, ",\"contentReference\":\"%.*s\"", STR_F(rest));
  if (str_eqz(head, "slicing")) put_slicing(b, rest, all);
}

static void put_element(struct test_file *t, struct str line) {
  struct buf *b = &t->json, types, keys;
  struct str rest = line, id = str_cut(&rest, ' '), slice = {0};
  buf_init(&types, DATA_MAX);
  buf_init(&keys, DATA_MAX);
  if (t->first)
    buf_printf(b, ",\"%.*s\":{\"element\":[", STR_F(t->in));
  else
    buf_addz(b, ",");
  t->first = false;
  buf_addz(b, "{\"path\":\"");
  put_path(b, id, &slice);
  buf_addz(b, "\"");
  if (str_find(line, STR(" noid"), 0) == SIZE_MAX) buf_printf(b, ",\"id\":\"%.*s\"", STR_F(id));
  if (slice.n) buf_printf(b, ",\"sliceName\":\"%.*s\"", STR_F(slice));
  while (rest.n) put_word(b, str_cut(&rest, ' '), line, &types, &keys);
  if (types.n) buf_printf(b, ",\"type\":[%s]", types.p);
  if (keys.n) buf_printf(b, ",\"constraint\":[%s]", keys.p);
  buf_addz(b, "}");
  buf_release(&types);
  buf_release(&keys);
}

/* --- expectations --- */

static void print_types(struct buf *b, const struct element *x) {
  for (size_t i = 0; i < x->types.n; i++) {
    struct str profile = x->types.v[i].profiles.n ? x->types.v[i].profiles.v[0] : (struct str){0};
    buf_printf(b, " type:%.*s", STR_F(x->types.v[i].code));
    profile = str_sub(profile, strlen(URL), profile.n);
    if (profile.n) buf_printf(b, "=%.*s", STR_F(profile));
  }
}

static void print_element(struct buf *b, const struct element *x) {
  buf_printf(b, "%.*s %d..", STR_F(x->id), x->min);
  if (x->max == DEFINITION_UNBOUNDED)
    buf_addz(b, "*");
  else
    buf_printf(b, "%d", x->max);
  if (x->content_reference.n) buf_printf(b, " ref:%.*s", STR_F(x->content_reference));
  print_types(b, x);
  if (x->binding.strength)
    buf_printf(b, " bind:%s=%.*s", binding_strength_name(x->binding.strength), STR_F(x->binding.value_set));
  if (x->fixed.node) buf_printf(b, " fixed:%.*s", STR_F(x->fixed.node->text));
  for (size_t i = 0; i < x->slicing.discriminators.n; i++)
    buf_printf(b, " slicing:%s=%.*s", discriminator_kind_name(x->slicing.discriminators.v[i].kind),
               STR_F(x->slicing.discriminators.v[i].path));
  if (x->slicing.there && x->slicing.rules == SLICING_CLOSED) buf_addz(b, " closed");
  if (x->slicing.there && x->slicing.ordered) buf_addz(b, " ordered");
  for (size_t i = 0; i < x->constraints.n; i++) buf_printf(b, " key:%.*s", STR_F(x->constraints.v[i].key));
  buf_addz(b, "\n");
}

static struct structure *find(struct test_file *t, struct str name) {
  struct structure *s = book_structure(t->book, url_of(t->arena, name), NULL);
  cr_assert_not_null(s, "%.*s", STR_F(name));
  return s;
}

static void close_expectation(struct test_file *t) {
  if (!t->expected.n) return;
  struct error e = {0};
  const struct elements *list = NULL;
  struct buf made;
  buf_init(&made, DATA_MAX);
  cr_assert_eq(structure_snapshot(&list, t->arena, t->book, find(t, t->expected), SNAPSHOT_PUBLISHED, &e), 0,
               "%.*s: %s", STR_F(t->expected), e.text);
  for (size_t i = 0; i < list->n; i++) print_element(&made, &list->v[i]);
  cr_expect_str_eq(made.p, t->wanted.p, "%.*s:\n%s", STR_F(t->expected), made.p);
  buf_release(&made);
  t->expected = (struct str){0};
  t->checks++;
}

static void expect_error(struct test_file *t, struct str line) {
  struct str name = str_cut(&line, ' ');
  struct error e = {0};
  const struct elements *list = NULL;
  cr_assert_eq(structure_snapshot(&list, t->arena, t->book, find(t, name), SNAPSHOT_PUBLISHED, &e), -1, "%.*s",
               STR_F(name));
  cr_expect_neq(str_find(str_z(e.text), line, 0), SIZE_MAX, "%.*s: %s", STR_F(name), e.text);
  t->checks++;
}

static void run_line(struct test_file *t, struct str line) {
  struct str rest = line, word = str_cut(&rest, ' ');
  bool define = str_eqz(word, "define"), expect = str_eqz(word, "expect"), error = str_eqz(word, "error");
  if (!line.n || line.p[0] == '#') return;
  if (define || expect || error) {
    close_definition(t);
    close_expectation(t);
  }
  if (define) begin_definition(t, rest);
  if (error) expect_error(t, rest);
  if (expect) {
    buf_clear(&t->wanted);
    t->expected = rest;
  }
  if (define || expect || error) return;
  if (str_eqz(line, "snapshot"))
    t->in = STR("snapshot");
  else if (t->open)
    put_element(t, line);
  else
    buf_printf(&t->wanted, "%.*s\n", STR_F(line));
}

static void test_begin(struct test_file *t) {
  *t = (struct test_file){.arena = arena_new(0)};
  t->book = book_new(t->arena);
  buf_init(&t->json, JSON_MAX);
  buf_init(&t->wanted, DATA_MAX);
}

static void test_end(struct test_file *t) {
  close_definition(t);
  close_expectation(t);
  buf_release(&t->json);
  buf_release(&t->wanted);
  arena_free(t->arena);
}

Test(snapshot, small_definitions) {
  struct test_file t;
  struct error e = {0};
  struct str data;
  test_begin(&t);
  cr_assert_eq(file_read(&data, t.arena, DATA, DATA_MAX, &e), 0, "%s", e.text);
  while (data.n) run_line(&t, str_cut(&data, '\n'));
  close_expectation(&t);
  cr_expect_gt(t.checks, 15);
  test_end(&t);
}

/* A base with two elements below a repeating one. */
static void limits_begin(struct test_file *t) {
  test_begin(t);
  run_line(t, STR("define Thing resource specialization"));
  run_line(t, STR("snapshot"));
  run_line(t, STR("Thing 0..*"));
  run_line(t, STR("Thing.part 0..* type:Element"));
  run_line(t, STR("Thing.part.code 0..1 type:text"));
  for (int i = 0; i < 9; i++) run_line(t, arena_printf(t->arena, "Thing.part.other%d 0..1 type:text", i));
}

Test(snapshot, a_long_chain_of_bases_is_refused) {
  struct test_file t;
  limits_begin(&t);
  for (int i = 0; i <= SNAPSHOT_CHAIN_MAX + 1; i++) {
    struct str base = i ? arena_printf(t.arena, "p%d", i - 1) : STR("Thing");
    run_line(&t, arena_printf(t.arena, "define p%d resource constraint Thing %.*s", i, STR_F(base)));
    run_line(&t, STR("Thing.part.code 1.."));
  }
  close_definition(&t);
  expect_error(&t, arena_printf(t.arena, "p%d definitions build on each other", SNAPSHOT_CHAIN_MAX + 1));
  test_end(&t);
}

Test(snapshot, too_many_slices_and_elements_are_refused) {
  struct test_file t;
  limits_begin(&t);
  run_line(&t, STR("define slices resource constraint Thing Thing"));
  for (int i = 0; i <= SNAPSHOT_SLICES_MAX; i++) run_line(&t, arena_printf(t.arena, "Thing.part:s%d 0..1", i));
  run_line(&t, STR("define elements resource constraint Thing Thing"));
  for (int i = 0; i < SNAPSHOT_ELEMENTS_MAX / 10; i++) run_line(&t, arena_printf(t.arena, "Thing.part:s%d 0..1", i));
  close_definition(&t);
  expect_error(&t, STR("slices slices"));
  expect_error(&t, STR("elements elements"));
  test_end(&t);
}

Test(snapshot, a_deep_path_is_refused) {
  struct test_file t;
  struct buf path;
  limits_begin(&t);
  buf_init(&path, DATA_MAX);
  buf_addz(&path, "Thing");
  for (int i = 0; i <= SNAPSHOT_DEPTH_MAX; i++) buf_addz(&path, ".part");
  run_line(&t, STR("define deep resource constraint Thing Thing"));
  run_line(&t, buf_str(&path));
  close_definition(&t);
  expect_error(&t, STR("deep parts"));
  buf_release(&path);
  test_end(&t);
}

/* --- publishers of other years --- */

#define MADE(url, base, kind, elements)                                                                                \
  "{\"resourceType\":\"StructureDefinition\",\"url\":\"" URL url "\",\"status\":\"active\",\"kind\":\"resource\","     \
  "\"abstract\":false,\"type\":\"Thing\"," base "\"" kind "\":{\"element\":[" elements "]}}"
#define ON_THING "\"derivation\":\"constraint\",\"baseDefinition\":\"" URL "Thing\","
#define ROW(id, path, more) "{\"id\":\"" id "\",\"path\":\"" path "\"" more "}"
#define MANY ",\"min\":0,\"max\":\"*\""
#define SLICES                                                                                                         \
  ROW("Thing.part", "Thing.part",                                                                                      \
      ",\"slicing\":{\"rules\":\"open\",\"discriminator\":[{\"type\":\"value\",\"path\":\"code\"}]}")                  \
  "," ROW("Thing.part.code", "Thing.part.code", ",\"min\":1") "," ROW("Thing.part:a", "Thing.part",                    \
                                                                      ",\"sliceName\":\"a\"")

/* What a package published then has made of code in the slice. */
static int min_in_slice(const char *date, enum snapshot_mode mode) {
  struct arena *a = arena_new(0);
  struct str manifest = arena_printf(a, "{\"name\":\"p\",\"version\":\"1.0.0\",\"date\":\"%s\"}", date);
  const char *const files[] = {"package/package.json",
                               manifest.p,
                               "package/t.json",
                               MADE("Thing", "\"derivation\":\"specialization\",", "snapshot",
                                    ROW("Thing", "Thing", MANY) "," ROW("Thing.part", "Thing.part", MANY) "," ROW(
                                        "Thing.part.code", "Thing.part.code", MANY)),
                               "package/p.json",
                               MADE("profile", ON_THING, "differential", SLICES),
                               NULL};
  struct book *b = book_new(a);
  const struct elements *list;
  struct error e = {0};
  int min = -1;
  book_put_package(b, package_of(a, packed_files(a, files)));
  struct structure *s = book_structure(b, STR(URL "profile"), NULL);
  cr_assert(s);
  cr_assert_eq(structure_snapshot(&list, a, b, s, mode, &e), 0, "%s", e.text);
  for (size_t i = 0; i < list->n; i++)
    if (str_eqz(list->v[i].id, "Thing.part:a.code")) min = list->v[i].min;
  arena_free(a);
  return min;
}

Test(snapshot, is_compared_by_the_rules_of_its_time) {
  cr_expect_eq(min_in_slice("20240627141227", SNAPSHOT_OWN), 0);
  cr_expect_eq(min_in_slice("20240702141227", SNAPSHOT_OWN), 1);
  cr_expect_eq(min_in_slice("", SNAPSHOT_OWN), 1);
  cr_expect_eq(min_in_slice("20240627141227", SNAPSHOT_PUBLISHED), 1, "judged by today's rules");
}
