#include "lint/lint.h"

#include "base/buf.h"
#include "base/file.h"

#include <criterion/criterion.h>
#include <string.h>

/* Step words as those of the steps room look to lint: free arguments, a text by default. */
static void parse(struct step *s, struct keys *k) {
  (void)k;
  if (s->action.en.n == 0) s->action = (struct protocol_text){str_z(s->kind->word), str_z(s->kind->word)};
}

static const struct step_kind kind_send = {.word = "send", .parse = parse};
static const struct step_kind kind_expect = {.word = "expect", .parse = parse};
static const struct step_kind kind_assert = {.word = "assert", .parse = parse};
static const struct step_kind kind_capture = {.word = "capture", .parse = parse};
static const struct step_kind kind_diff = {.word = "diff", .parse = parse};
static int fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  return str_eqz(w->exchange, "no") ? 0 : error_set(e, ERR_CONFIG, "step %.*s cannot be done", STR_F(s->id));
}

static const struct step_kind kind_hard = {.word = "hard", .parse = parse, .fits = fits};
static const struct step_kind kind_silent = {.word = "silent"};
static const struct key wait_keys[] = {{"for", KEY_DURATION, true, NULL}, {0}};
static const struct step_kind kind_wait = {.word = "wait", .keys = wait_keys, .parse = parse};
static const struct step_kind *const kinds[] = {&kind_send, &kind_expect, &kind_assert, &kind_capture, &kind_diff,
                                                &kind_hard, &kind_silent, &kind_wait,   NULL};

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(lint, .init = set_up, .fini = tear_down);

static struct str read_file(const char *path) {
  struct error e;
  struct str bytes;
  int rc = file_read(&bytes, a, path, 1 << 20, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return bytes;
}

static struct vendor *test_vendor(void) {
  struct error e;
  struct vendor *v = NULL;
  int rc = vendor_load(&v, a, TEST_DATA "/vendor.yaml", &e);
  cr_assert_eq(rc, 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
  v->source.name = STR("vendor.yaml");
  return v;
}

static struct protocol *read_protocol(struct findings *f, const char *name) {
  struct protocol *p;
  const char *path = file_join(a, TEST_DATA "/protocols", name);
  findings_init(f, a);
  (void)!protocol_read(&p, a, (struct source){str_z(name), read_file(path)}, kinds, f);
  cr_assert_eq(f->list.n, 0, "%s: %.*s", name, STR_F(f->list.v[0].en));
  return p;
}

/* Folders of the machine are left out of texts and places. */
static struct str without_folder(struct str text) {
  struct str folder = STR(TEST_DATA "/");
  struct buf b;
  buf_init(&b, 1 << 16);
  for (size_t at = 0;;) {
    size_t found = str_find(text, folder, at);
    buf_add(&b, str_sub(text, at, found));
    if (found == SIZE_MAX) return buf_take(&b, a);
    at = found + folder.n;
  }
}

static struct str describe(const struct findings *f) {
  struct buf b;
  buf_init(&b, 1 << 16);
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *one = &f->list.v[i];
    buf_printf(&b, "%.*s:%d:%d %.*s %.*s\n", STR_F(one->where.message), one->where.line, one->where.col,
               STR_F(one->rule), STR_F(one->en));
    cr_expect_gt(one->da.n, 0, "%.*s has no Danish text", STR_F(one->rule));
  }
  return without_folder(buf_take(&b, a));
}

/* lost_names.yaml has a step that protocol_read drops; what it complained of is not counted. */
static struct protocol *read_broken(struct findings *f, const char *name) {
  struct protocol *p;
  findings_init(f, a);
  struct str bytes = read_file(file_join(a, TEST_DATA "/protocols", name));
  int rc = protocol_read(&p, a, (struct source){str_z(name), bytes}, kinds, f);
  cr_assert_eq(rc, -1);
  findings_init(f, a);
  return p;
}

/* Each name.yaml gives just the findings of name.expect. */
Test(lint, every_file_gives_just_these_findings) {
  struct error e;
  char **names;
  size_t n, checked = 0;
  const struct vendor *v = test_vendor();
  int listed = file_list(&names, &n, a, TEST_DATA "/protocols", &e);
  cr_assert_eq(listed, 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str name = str_z(names[i]);
    struct findings f;
    if (!str_ends(name, STR(".yaml"))) continue;
    bool broken = str_eqz(name, "lost_names.yaml");
    struct protocol *p = broken ? read_broken(&f, names[i]) : read_protocol(&f, names[i]);
    int rc = lint_protocol(&f, a, p, TEST_DATA, v);
    struct str got = describe(&f), stem = str_sub(name, 0, name.n - strlen(".yaml"));
    struct str want = read_file(file_join(a, TEST_DATA "/protocols", arena_printf(a, "%.*s.expect", STR_F(stem)).p));
    cr_expect(str_eq(got, want), "%s: got\n%.*swanted\n%.*s", names[i], STR_F(got), STR_F(want));
    cr_expect_eq(rc, findings_count(&f, SEV_ERROR) ? -1 : 0, "%s", names[i]);
    checked++;
  }
  cr_assert_geq(checked, 7);
}

/* With the types of FHIR at hand: an element that does not exist; what an answer of a REST server holds is left open.
 */
Test(lint, what_no_message_can_hold) {
  static const char text[] =
      "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: \"1\"\nrole: receiver\nsections:\n"
      "  - id: \"1\"\n    title: {en: a, da: b}\n    status: mandatory\n    steps:\n"
      "      - expect: {event: e, as: reply}\n"
      "      - assert: {on: reply, fhirpath: \"Bundle.entry.resource.ofType(Communication).payload.count() = "
      "${reply.topic}\"}\n"
      "      - assert: {on: reply, fhirpath: \"Bundle.entri.exists()\"}\n"
      "      - capture: {on: reply, fhirpath: \"Bundle.entry.resource.ofType(Patient).nam\", as: kept}\n"
      "      - assert: {on: reply, fhirpath: \"Bundle.type\", equals: \"${kept}\"}\n";
  struct findings f;
  struct protocol *p;
  findings_init(&f, a);
  cr_assert_eq(protocol_read(&p, a, (struct source){STR("p.yaml"), str_z(text)}, kinds, &f), 0);
  cr_expect_eq(lint_protocol(&f, a, p, TEST_ROOT, NULL), -1);
  struct str got = describe(&f);
  cr_expect(str_starts(got, STR("p.yaml:12:39 lint.impossible no message can hold this: Bundle has no element entri\n"
                                "p.yaml:13:40 lint.impossible no message can hold this: Patient has no element nam\n")),
            "%.*s", STR_F(got));
  cr_expect_eq(f.list.n, (size_t)2, "%.*s", STR_F(got));
}

/* Without a vendor file nothing is known of its capabilities, nor of how many persons there are. */
Test(lint, without_a_vendor_only_the_form_is_checked) {
  struct findings f;
  struct protocol *p = read_protocol(&f, "variables.yaml");
  cr_expect_eq(lint_protocol(&f, a, p, TEST_DATA, NULL), -1);
  struct str got = describe(&f);
  cr_expect_eq(str_find(got, STR("person.2"), 0), SIZE_MAX, "%.*s", STR_F(got));
  cr_expect_neq(str_find(got, STR("person.0"), 0), SIZE_MAX, "%.*s", STR_F(got));
  p = read_protocol(&f, "pointless.yaml");
  cr_expect_eq(lint_protocol(&f, a, p, TEST_DATA, NULL), -1);
  cr_expect_eq(str_find(describe(&f), STR("lint.capability"), 0), SIZE_MAX);
}

static struct str lint_when(const char *when, const char *own, const struct vendor *v) {
  struct findings f;
  struct protocol *p;
  struct str text =
      arena_printf(a,
                   "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: \"1\"\nrole: receiver\n%ssections:\n"
                   "  - id: \"1\"\n    title: {en: a, da: b}\n    status: conditional\n    when: \"%s\"\n    steps:\n"
                   "      - expect: {event: e, as: reply}\n",
                   own, when);
  findings_init(&f, a);
  cr_assert_eq(protocol_read(&p, a, (struct source){STR("p.yaml"), text}, kinds, &f), 0);
  cr_expect_eq(lint_protocol(&f, a, p, TEST_ROOT, v), findings_count(&f, SEV_ERROR) ? -1 : 0);
  return describe(&f);
}

/* What a capability is called is free, but one that is no known one must be described, or be in the vendor file. */
Test(lint, a_misspelt_capability) {
  const struct vendor *v = test_vendor();
  static const char near[] = " lint.capability-near no known capability is called \"user-interfce\"; did you mean "
                             "\"user-interface\"?\n",
                    wrong[] = " lint.capability the capability \"user-interfce\" is unknown and not declared; did you "
                              "mean \"user-interface\"?\n",
                    own[] = "capabilities:\n  user-interfce: {seen: {event: e}}\n";
  const struct {
    const char *when, *own;
    const struct vendor *vendor;
    const char *want; /* "": nothing */
  } rows[] = {{"user-interfce", "", NULL, near},
              {"!user-interfce", "", NULL, near},
              {"user-interfce", "", v, wrong},
              {"user-interfce", own, NULL, ""},
              {"user-interface", "", NULL, ""},
              {"station-ap", "", NULL, ""},
              {"telepathy", "", NULL,
               " lint.capability-new the capability \"telepathy\" is unknown and unlike any known one; if it is meant, "
               "describe it under the protocol's \"capabilities\"\n"},
              {"telepathy", "capabilities:\n  telepathy: {seen: {event: e}}\n", NULL, ""},
              {"attachments", "", v, ""},
              {"telepathy", "", v,
               " lint.capability vendor.yaml does not declare \"telepathy\"; add \"telepathy: "
               "true\" or \"telepathy: false\" to its capabilities\n"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str got = lint_when(rows[i].when, rows[i].own, rows[i].vendor);
    struct str text = got.n ? str_sub(got, str_index(got, ' '), got.n) : got;
    cr_expect(str_eqz(text, rows[i].want), "%s: %.*s", rows[i].when, STR_F(got));
  }
}

/* A second complaint of one place would only hide the first. */
Test(lint, what_was_complained_of_is_not_told_twice) {
  struct findings f;
  struct protocol *p = read_protocol(&f, "fixtures.yaml");
  static const struct rule other = {"other.rule", SEV_ERROR, "s", "en", "da"};
  FINDING(&f, &other, ((struct place){STR("fixtures.yaml"), 11, 25, STR("")}));
  (void)!lint_protocol(&f, a, p, TEST_DATA, NULL);
  struct str got = describe(&f);
  cr_expect_eq(str_find(got, STR("none.json"), 0), SIZE_MAX, "%.*s", STR_F(got));
  cr_expect_neq(str_find(got, STR("../vendor.yaml"), 0), SIZE_MAX, "%.*s", STR_F(got));
}

Test(lint, rules_have_both_languages) {
  cr_assert_gt(lint_rule_table_n, 0);
  for (size_t i = 0; i < lint_rule_table_n; i++) {
    const struct rule *r = &lint_rule_table[i];
    cr_assert_not_null(r->id, "row %zu", i);
    cr_expect(str_starts(str_z(r->id), STR("lint.")), "%s", r->id);
    cr_expect(r->en && r->da && r->source, "%s", r->id);
  }
}
