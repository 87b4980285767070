#include "plan/plan.h"

#include "base/buf.h"
#include "base/file.h"
#include "tests/cpu.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(plan, .init = set_up, .fini = tear_down);
TestSuite(vendor, .init = set_up, .fini = tear_down);

static struct vendor *load(const char *path) {
  struct error e;
  struct vendor *v = NULL;
  int rc = vendor_load(&v, a, path, &e);
  cr_assert_eq(rc, 0, "%s: %s", path, e.text);
  return v;
}

Test(vendor, everything_in_the_file_arrives) {
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  cr_expect(str_eqz(v->name, "Test Vendor"));
  cr_expect(str_eqz(v->email, "eva@example.org"));
  cr_expect(str_eqz(v->version, "3.10"));
  cr_assert_eq(v->claims.n, 1);
  cr_expect(str_eqz(facts_get(&v->claims.v[0].roles, "receiver"), "true"));
  cr_expect(str_eqz(facts_get(&v->capabilities, "forward"), "false"));
  cr_expect(str_eqz(v->form, "xml"));
  cr_expect(str_eqz(v->address, "${launch.address}/messages"));
  cr_expect_eq(v->trigger, TRIGGER_HTTP);
  cr_assert_eq(v->launch.n, 3);
  cr_expect(str_eqz(v->launch.v[2], "${seed}"));
  cr_expect(v->clock_scalable);
  cr_expect_eq(v->digest.n, 64);
}

/* What a protocol asks only of an MSH follows from what the system is. */
Test(vendor, stations_are_capabilities) {
  static const struct {
    const char *stations, *eua, *msh, *ap;
  } rows[] = {{"EUA", "true", "false", "false"},      {"EUA-MSH", "true", "true", "false"},
              {"AP-MSH", "false", "true", "true"},    {"EUA,MSH", "true", "true", "false"},
              {"EUA,AP-MSH", "true", "true", "true"}, {NULL, "", "", ""}};
  struct str base;
  struct error e;
  cr_assert_eq(file_read(&base, a, TEST_DATA "/good/http.yaml", VENDOR_BYTES_MAX, &e), 0, "%s", e.text);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct vendor *v;
    struct str more =
        rows[i].stations ? arena_printf(a, "\nehmi: {stations: \"%s\", device: dev-1}\n", rows[i].stations) : STR("");
    struct str text = arena_printf(a, "%.*s%.*s", STR_F(base), STR_F(more));
    cr_assert_eq(vendor_read(&v, a, (struct source){STR("v.yaml"), text}, &e), 0, "%s", e.text);
    cr_expect(str_eqz(facts_get(&v->capabilities, "station-eua"), rows[i].eua));
    cr_expect(str_eqz(facts_get(&v->capabilities, "station-msh"), rows[i].msh));
    cr_expect(str_eqz(facts_get(&v->capabilities, "station-ap"), rows[i].ap));
  }
}

/* So that the file alone is enough, wherever a run goes. */
Test(vendor, certificates_and_enrollments_may_stand_in_it) {
  static const char more[] = "\ncertificates: [\"-----BEGIN CERTIFICATE-----\\nAA\\n\"]\n"
                             "tls: {certificate: own.pem, key: own.key}\n"
                             "authorization: {enrollments: ['{\"client_name\": \"x\"}', client.json]}\n";
  struct str base;
  struct error e;
  struct vendor *v;
  cr_assert_eq(file_read(&base, a, TEST_DATA "/good/http.yaml", VENDOR_BYTES_MAX, &e), 0, "%s", e.text);
  struct str text = arena_printf(a, "%.*s%s", STR_F(base), more);
  cr_assert_eq(vendor_read(&v, a, (struct source){STR("v.yaml"), text}, &e), 0, "%s", e.text);
  cr_assert_eq(v->certificates.n, 1);
  cr_expect(str_eqz(v->certificates.v[0], "-----BEGIN CERTIFICATE-----\nAA\n"));
  cr_expect(str_eqz(v->clients, "asked"), "they can only be shown where they are asked for");
  cr_assert_eq(v->enrollments.n, 2);
  cr_expect(str_eqz(v->enrollments.v[0].text, "{\"client_name\": \"x\"}") && !v->enrollments.v[0].file.n);
  cr_expect(str_ends(v->enrollments.v[1].file, STR("client.json")) && !v->enrollments.v[1].text.n);
}

/* A vendor file comes from outside, and everybody waits while it is read. */
Test(vendor, what_is_too_long_is_refused_at_once) {
  static const struct {
    const char *place, *before, *behind, *complaint;
  } rows[] = {{"persons:\n", "  - {cpr: \"2512489996\", family: T, given: n", "}\n", "\"persons\" has 20002 entries"},
              {"counterparts:\n", "  - {gln: \"5790009998020\", sor: \"1\", name: n", "}\n",
               "\"counterparts\" has 20002 entries"},
              {"capabilities: {", "k", ": true, ", "20002 capabilities; at most 1000"},
              {"vendor: {", "k", ": true, ", "unknown key \"k0\""}};
  struct str base;
  struct error e;
  cr_assert_eq(file_read(&base, a, TEST_DATA "/good/http.yaml", VENDOR_BYTES_MAX, &e), 0, "%s", e.text);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct vendor *v;
    struct buf b;
    size_t at = str_find(base, str_z(rows[i].place), 0) + strlen(rows[i].place);
    buf_init(&b, (size_t)4 << 20);
    buf_add(&b, str_sub(base, 0, at));
    for (int k = 0; k < 20000; k++) buf_printf(&b, "%s%d%s", rows[i].before, k, rows[i].behind);
    buf_add(&b, str_sub(base, at, base.n));
    int64_t began = cpu_ms();
    cr_expect_eq(vendor_read(&v, a, (struct source){STR("v.yaml"), buf_str(&b)}, &e), -1);
    cr_expect_not_null(strstr(e.text, rows[i].complaint), "%s", e.text);
    cr_expect_lt(cpu_ms() - began, 1000, "%s", rows[i].place);
    buf_release(&b);
  }
}

Test(vendor, organisations_and_persons_become_variables) {
  static const char *const pairs[][2] = {
      {"vendor.name", "Test Vendor"},
      {"vendor.gln", "5790009998013"},
      {"vendor.organisation", "Clinic"},
      {"vendor.sor", "9998011000016003"},
      {"counterpart.gln", "5790009998020"},
      {"counterpart.1.gln", "5790009998020"},
      {"counterpart.2.gln", "5790009998037"},
      {"counterpart.2.organisation", "Two"},
      {"person.cpr", "2512489996"},
      {"person.2.given", "Bruno"},
      {"person.birth-date", "1948-12-25"},
      {"person.gender", "female"},
      {"person.1.family", "Testperson"},
      {"counterpart.3.gln", ""},
      {"vendor.1.gln", ""},
  };
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    cr_expect(str_eqz(facts_get(&v->variables, pairs[i][0]), pairs[i][1]), "%s", pairs[i][0]);
}

Test(vendor, the_rest_address_ends_without_a_slash) {
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  cr_expect(str_eqz(v->rest, "${launch.address}/fhir"), "%.*s", STR_F(v->rest));
  cr_expect(v->shared_port);
}

Test(vendor, defaults) {
  struct vendor *v = load(TEST_DATA "/good/upload.yaml");
  cr_expect_eq(v->trigger, TRIGGER_PERSON);
  cr_expect(str_eqz(v->exchange, "upload"));
  cr_expect(str_eqz(v->form, "json"));
  cr_expect(str_eqz(v->listen, "127.0.0.1:0"));
  cr_expect(!v->clock_scalable);
  cr_expect(!v->shared_port);
  cr_expect_eq(v->rest.n, 0);
  cr_expect_eq(v->launch.n, 0);
}

Test(vendor, folders_begin_at_the_file) {
  struct vendor *v = load(TEST_DATA "/good/folder.yaml");
  cr_expect(str_eqz(v->folder_to, TEST_DATA "/good/in"), "%.*s", STR_F(v->folder_to));
  cr_expect(str_eqz(v->folder_from, TEST_DATA "/good/out"));
  cr_expect_eq(v->trigger, TRIGGER_COMMAND);
  cr_assert_eq(v->trigger_command.n, 2);
}

Test(vendor, all_shipped_files_are_right) {
  struct error e;
  char **folders, **names;
  size_t n, m, loaded = 0;
  int listed = file_list(&folders, &n, a, TEST_ROOT "/vendors", &e);
  cr_assert_eq(listed, 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    const char *folder = file_join(a, TEST_ROOT "/vendors", folders[i]);
    if (!file_is_dir(folder)) continue;
    listed = file_list(&names, &m, a, folder, &e);
    cr_assert_eq(listed, 0, "%s", e.text);
    for (size_t j = 0; j < m; j++) {
      if (!str_ends(str_z(names[j]), STR(".yaml"))) continue;
      load(file_join(a, folder, names[j]));
      loaded++;
    }
  }
  cr_assert_geq(loaded, 1);
}

Test(vendor, the_shipped_example_is_right) {
  struct vendor *v = load(TEST_ROOT "/vendors/example/example.yaml");
  cr_expect(str_eqz(v->exchange, "vans-http"));
  cr_expect_neq(facts_get(&v->variables, "counterpart.2.gln").n, 0);
  cr_expect(v->test_persons_only);
}

/* Each name.yaml of bad/ gives just the error in name.expect: "line:col text". */
Test(vendor, bad_files) {
  struct error e;
  char **names;
  size_t n, checked = 0;
  int listed = file_list(&names, &n, a, TEST_DATA "/bad", &e);
  cr_assert_eq(listed, 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str name = str_z(names[i]), want;
    struct vendor *v;
    if (!str_ends(name, STR(".yaml"))) continue;
    const char *path = file_join(a, TEST_DATA "/bad", names[i]);
    struct str stem = str_sub(name, 0, name.n - strlen(".yaml"));
    const char *expect = file_join(a, TEST_DATA "/bad", arena_printf(a, "%.*s.expect", STR_F(stem)).p);
    int rc = file_read(&want, a, expect, 1 << 16, &e);
    cr_assert_eq(rc, 0, "%s", e.text);
    cr_expect_eq(vendor_load(&v, a, path, &e), -1, "%s is accepted", names[i]);
    struct str got = arena_printf(a, "%d:%d %s\n", e.line, e.col, e.text);
    cr_expect(str_eq(got, want), "%s: got\n%.*swanted\n%.*s", names[i], STR_F(got), STR_F(want));
    cr_expect_str_eq(e.file, path);
    checked++;
  }
  cr_assert_geq(checked, 15);
}

Test(vendor, an_absent_file_is_named) {
  struct error e;
  struct vendor *v;
  cr_expect_eq(vendor_load(&v, a, TEST_DATA "/nobody.yaml", &e), -1);
  cr_expect_not_null(strstr(e.text, "nobody.yaml"));
}

Test(vendor, two_files_must_differ) {
  struct error e;
  struct vendor *http = load(TEST_DATA "/good/http.yaml"), *folder = load(TEST_DATA "/good/folder.yaml");
  struct vendor *upload = load(TEST_DATA "/good/upload.yaml");
  cr_expect_eq(vendor_check_distinct(http, folder, &e), 0, "%s", e.text);
  cr_expect_eq(vendor_check_distinct(folder, upload, &e), 0, "%s", e.text);
  cr_expect_eq(vendor_check_distinct(http, http, &e), -1);
  cr_expect_not_null(strstr(e.text, "GLN 5790009998013"));
  cr_expect_not_null(strstr(e.text, "http.yaml"));
  struct vendor other = *upload;
  other.listen = http->listen;
  cr_expect_eq(vendor_check_distinct(http, &other, &e), -1);
  cr_expect_not_null(strstr(e.text, "127.0.0.1:8088"));
  other = *upload;
  other.folder_to = folder->folder_from;
  cr_expect_eq(vendor_check_distinct(folder, &other, &e), -1);
  cr_expect_not_null(strstr(e.text, "/good/out"));
}

/* One word is enough to plan. */
static const struct step_kind kind_wait = {.word = "wait"};
static const struct step_kind *const kinds[] = {&kind_wait, NULL};

static struct protocol *protocol_of(const char *body) {
  struct findings f;
  struct protocol *p;
  findings_init(&f, a);
  struct str text = arena_printf(a,
                                 "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: \"1\"\nrole: sender\n"
                                 "sections:\n%s",
                                 body);
  int rc = protocol_read(&p, a, (struct source){STR("p.yaml"), text}, kinds, &f);
  cr_assert_eq(rc, 0, "%.*s", STR_F(f.list.v[0].en));
  return p;
}

#define SECTION(id, rest) "  - id: \"" id "\"\n    title: {en: a, da: b}\n    " rest "\n    steps:\n      - wait: x\n"

Test(plan, when_and_choice_decide) {
  struct error e;
  struct plan *plan;
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  struct protocol *p =
      protocol_of(SECTION("1", "status: mandatory") SECTION("2", "status: conditional\n    when: attachments") SECTION(
          "3", "status: conditional\n    when: forward") SECTION("4", "status: conditional\n    when: \"!forward\""));
  cr_assert_eq(plan_make(&plan, a, p, v, NULL, 0, &e), 0, "%s", e.text);
  static const bool applies[] = {true, true, false, true};
  cr_assert_eq(plan->cases.n, 4);
  for (size_t i = 0; i < 4; i++) cr_expect_eq(plan->cases.v[i].applies, applies[i], "case %zu", i + 1);
  cr_expect(str_eqz(plan->cases.v[2].reason, "forward: false"));
  cr_expect_eq(plan->cases.v[0].reason.n, 0);
  struct str only[] = {STR("2"), STR("3")};
  cr_assert_eq(plan_make(&plan, a, p, v, only, 2, &e), 0, "%s", e.text);
  cr_expect(!plan->cases.v[0].applies);
  cr_expect(str_eqz(plan->cases.v[0].reason, "not chosen"));
  cr_expect(plan->cases.v[1].applies);
  cr_expect(str_eqz(plan->cases.v[2].reason, "forward: false"));
}

static int fits_not(const struct step *s, const struct vendor_wire *v, struct error *e) {
  (void)s, (void)v;
  return error_set(e, ERR_CONFIG, "it cannot be done");
}

/* Only what will be run must be possible with this system. */
Test(plan, what_a_system_cannot_do_stops_the_run_before_it_starts) {
  static const struct step_kind hard = {.word = "hard", .fits = fits_not};
  static const struct step_kind *const with_hard[] = {&kind_wait, &hard, NULL};
  struct error e;
  struct findings f;
  struct plan *plan;
  struct protocol *p;
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  struct str only = STR("1"),
             text = arena_printf(
                 a, "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: \"1\"\nrole: sender\nsections:\n%s",
                 SECTION("1", "status: mandatory")
                     SECTION("2", "status: mandatory") "      - hard: x\n        when: forward\n"
                                                       "      - step: \"2.2\"\n        hard: x\n");
  findings_init(&f, a);
  cr_assert_eq(protocol_read(&p, a, (struct source){STR("p.yaml"), text}, with_hard, &f), 0);
  cr_expect_eq(plan_make(&plan, a, p, v, NULL, 0, &e), -1);
  cr_expect_str_eq(e.text, "step 2.2: it cannot be done");
  cr_expect_eq(e.line, 18, "%d", e.line);
  cr_expect_eq(plan_make(&plan, a, p, v, &only, 1, &e), 0, "%s", e.text);
}

static struct str replaced(struct str text, const char *what, const char *by) {
  size_t at = str_find(text, str_z(what), 0);
  cr_assert_neq(at, SIZE_MAX, "%s", what);
  return arena_printf(a, "%.*s%s%.*s", (int)at, text.p, by, STR_F(str_sub(text, at + strlen(what), text.n)));
}

/* A vendor file of another system at another place. */
static struct vendor *another(const char *gln) {
  struct error e;
  struct str bytes;
  struct vendor *v = NULL;
  cr_assert_eq(file_read(&bytes, a, TEST_DATA "/good/http.yaml", VENDOR_BYTES_MAX, &e), 0, "%s", e.text);
  struct str text = replaced(replaced(bytes, "5790009998013", gln), "127.0.0.1:8088", "127.0.0.1:8089");
  cr_assert_eq(vendor_read(&v, a, (struct source){STR("other.yaml"), text}, &e), 0, "%s", e.text);
  return v;
}

static struct protocol *with_party(void) {
  struct findings f;
  struct protocol *p;
  struct str text = arena_printf(a,
                                 "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: \"1\"\nrole: sender\n"
                                 "parties:\n  other: {en: a, da: b}\nsections:\n%s",
                                 SECTION("1", "status: mandatory")
                                     SECTION("2", "status: mandatory") "      - wait: x\n        party: other\n");
  findings_init(&f, a);
  cr_assert_eq(protocol_read(&p, a, (struct source){STR("p.yaml"), text}, kinds, &f), 0, "%.*s", STR_F(f.list.v[0].en));
  return p;
}

/* The mailbox of a service is reached its own way, by the vendor file of its system. */
Test(plan, a_service_needs_no_file_of_its_own) {
  struct findings f;
  struct protocol *p;
  struct plan *plan;
  struct error e;
  findings_init(&f, a);
  struct str text = arena_printf(a,
                                 "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: \"1\"\nrole: sender\n"
                                 "services:\n  lab: {kind: fhir-rest}\nsections:\n%s",
                                 SECTION("1", "status: mandatory") "      - wait: x\n        party: lab\n");
  cr_assert_eq(protocol_read(&p, a, (struct source){STR("p.yaml"), text}, kinds, &f), 0, "%.*s",
               STR_F(f.list.n ? f.list.v[0].en : STR("")));
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  cr_assert_eq(plan_make(&plan, a, p, v, NULL, 0, &e), 0, "%s", e.text);
  cr_expect_eq(plan_vendor(plan, STR("lab")), v);
  cr_expect(str_eqz(plan_exchange(plan, STR("lab")), "fhir-rest"));
  cr_expect(str_eqz(plan_exchange(plan, (struct str){0}), "vans-http"));
}

Test(plan, each_system_that_takes_part_needs_a_file_of_its_own) {
  struct error e;
  struct plan *plan;
  struct str only = STR("1");
  struct vendor *own = load(TEST_DATA "/good/http.yaml");
  struct plan_party other = {STR("other"), another("5790009998044")}, same = {STR("other"), own},
                    nobody = {STR("nobody"), other.vendor};
  struct plan_vendors alone = {.own = own}, both = {own, &other, 1}, twice = {own, &same, 1}, wrong = {own, &nobody, 1};
  cr_expect_eq(plan_make_with(&plan, a, with_party(), &alone, NULL, 0, &e), -1);
  cr_expect_not_null(strstr(e.text, "--vendor other=FILE"), "%s", e.text);
  cr_expect_eq(plan_make_with(&plan, a, with_party(), &alone, &only, 1, &e), 0, "what is not run needs none: %s",
               e.text);
  cr_expect_eq(plan_make_with(&plan, a, with_party(), &twice, NULL, 0, &e), -1, "two systems of one GLN");
  cr_expect_eq(plan_make_with(&plan, a, with_party(), &wrong, NULL, 0, &e), -1);
  cr_expect_not_null(strstr(e.text, "no party \"nobody\""), "%s", e.text);
  cr_assert_eq(plan_make_with(&plan, a, with_party(), &both, NULL, 0, &e), 0, "%s", e.text);
  cr_expect_eq(plan_vendor(plan, STR("other")), other.vendor);
  cr_expect_eq(plan_vendor(plan, (struct str){0}), own);
  cr_expect(str_eqz(plan_variable(plan, STR("other.gln")), "5790009998044"));
  cr_expect(str_eqz(plan_variable(plan, STR("vendor.gln")), "5790009998013"));
  cr_expect(str_eqz(plan_variable(plan, STR("counterpart.2.organisation")), "Two"));
}

/* What a run would stumble over in its middle is said before it begins; what is not run, or was begun, is let be. */
Test(plan, a_value_that_the_vendor_file_does_not_give_stops_the_run_before_it_starts) {
  static const struct {
    const char *step, *lacks;
  } rows[] = {{"wait: \"${vendor.gln} ${counterpart.2.sor} ${person.cpr}\"", NULL},
              {"wait: \"${vendor.yder}\"", "${vendor.yder}"},
              {"wait: {in: [x, \"${counterpart.3.gln}\"]}", "${counterpart.3.gln}"},
              {"wait: x\n        data: \"for ${person.3.cpr}\"", "${person.3.cpr}"},
              {"wait: \"${vendor.yder}\"\n        when: forward", NULL},
              {"wait: \"${person.header.id} ${vendor.x} ${other.yder} ${vendor.yder\"", NULL}};
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct error e;
    struct plan *plan;
    struct str only = STR("1");
    struct protocol *p =
        protocol_of(arena_printf(a, "%s      - %s\n",
                                 SECTION("1", "status: mandatory") SECTION("2", "status: mandatory"), rows[i].step)
                        .p);
    cr_assert_eq(plan_make(&plan, a, p, v, NULL, 0, &e), 0, "%s", e.text);
    cr_expect_eq(plan_check_variables(plan, &e), rows[i].lacks ? -1 : 0, "%s", rows[i].step);
    if (rows[i].lacks) cr_expect_not_null(strstr(e.text, rows[i].lacks), "%s", e.text);
    cr_assert_eq(plan_make(&plan, a, p, v, &only, 1, &e), 0);
    cr_expect_eq(plan_check_variables(plan, &e), 0, "%s", rows[i].step);
  }
}

Test(plan, an_unknown_case_lists_the_known_ones) {
  struct error e;
  struct plan *plan;
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  struct protocol *p = protocol_of(SECTION("3.1", "status: mandatory") SECTION("3.2", "status: mandatory"));
  struct str only[] = {STR("3.2"), STR("3.3")};
  cr_expect_eq(plan_make(&plan, a, p, v, only, 2, &e), -1);
  cr_expect_eq(e.code, ERR_CONFIG);
  cr_expect_not_null(strstr(e.text, "no case \"3.3\"; it has: 3.1, 3.2"), "%s", e.text);
}

Test(plan, undeclared_capabilities_are_told_all_at_once) {
  struct error e;
  struct plan *plan;
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  struct protocol *p = protocol_of(SECTION("1", "status: conditional\n    when: \"!groups\"") SECTION(
      "2", "status: conditional\n    when: attachments") "      - wait: y\n        when: priority\n      - wait: z\n   "
                                                         "     when: groups\n");
  cr_expect_eq(plan_make(&plan, a, p, v, NULL, 0, &e), -1);
  cr_expect_eq(e.code, ERR_CONFIG);
  cr_expect_str_eq(e.file, "p.yaml");
  cr_expect_eq(e.line, 9);
  cr_expect_eq(e.col, 11);
  cr_expect_not_null(strstr(e.text, "does not declare \"groups\" (line 9), \"priority\" (line 19)"), "%s", e.text);
  cr_expect_not_null(strstr(e.text, "\"groups: true\""));
}

Test(plan, when_is_false_for_what_is_not_declared) {
  struct vendor *v = load(TEST_DATA "/good/http.yaml");
  cr_expect(plan_when(v, STR("")));
  cr_expect(plan_when(v, STR("attachments")));
  cr_expect(!plan_when(v, STR("!attachments")));
  cr_expect(!plan_when(v, STR("unheard-of")));
  cr_expect(plan_when(v, STR("!forward")));
}
