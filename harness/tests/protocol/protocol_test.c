#include "protocol/protocol.h"

#include "base/buf.h"
#include "base/file.h"
#include "fake_kinds.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena *a;
static struct findings found;

static void set_up(void) {
  a = arena_new(0);
  findings_init(&found, a);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(protocol, .init = set_up, .fini = tear_down);

static struct protocol *read_text(struct str name, struct str bytes, int *rc) {
  struct protocol *p;
  *rc = protocol_read(&p, a, (struct source){name, bytes}, fake_kinds, &found);
  return p;
}

static struct str read_file(const char *path) {
  struct error e;
  struct str bytes;
  int rc = file_read(&bytes, a, path, 1 << 20, &e);
  cr_assert_eq(rc, 0, "%s", e.text);
  return bytes;
}

/* "rule line:col" a finding, as in the .expect files. */
static struct str describe(void) {
  struct buf b;
  buf_init(&b, 1 << 16);
  for (size_t i = 0; i < found.list.n; i++) {
    const struct finding *f = &found.list.v[i];
    buf_printf(&b, "%.*s %d:%d %.*s\n", STR_F(f->rule), f->where.line, f->where.col, STR_F(f->en));
    cr_expect_gt(f->da.n, 0, "%.*s has no Danish text", STR_F(f->rule));
  }
  return buf_take(&b, a);
}

/* Each name.yaml of a folder against its name.expect; an absent one expects no finding. */
static size_t check_folder(const char *folder, bool good) {
  struct error e;
  char **names;
  size_t n, checked = 0;
  const char *dir = file_join(a, TEST_DATA, folder);
  int listed = file_list(&names, &n, a, dir, &e);
  cr_assert_eq(listed, 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct str name = str_z(names[i]);
    if (!str_ends(name, STR(".yaml"))) continue;
    int rc;
    findings_init(&found, a);
    struct protocol *p = read_text(name, read_file(file_join(a, dir, names[i])), &rc);
    struct str got = describe();
    if (good) {
      cr_expect_eq(rc, 0, "%s is refused:\n%.*s", names[i], STR_F(got));
      cr_expect(p && p->cases.n > 0, "%s gives no cases", names[i]);
      cr_expect_eq(got.n, 0, "%s: %.*s", names[i], STR_F(got));
    } else {
      struct str stem = str_sub(name, 0, name.n - strlen(".yaml"));
      struct str want = read_file(file_join(a, dir, arena_printf(a, "%.*s.expect", STR_F(stem)).p));
      cr_expect_eq(rc, -1, "%s is accepted", names[i]);
      cr_expect(str_eq(got, want), "%s: got\n%.*swanted\n%.*s", names[i], STR_F(got), STR_F(want));
    }
    checked++;
  }
  return checked;
}

Test(protocol, good_files_are_read_without_a_finding) {
  cr_assert_geq(check_folder("good", true), 3);
}

Test(protocol, bad_files_give_just_these_findings) {
  cr_assert_geq(check_folder("bad", false), 15);
}

Test(protocol, everything_in_the_file_arrives) {
  int rc;
  struct protocol *p = read_text(STR("full.yaml"), read_file(TEST_DATA "/good/full.yaml"), &rc);
  cr_assert_eq(rc, 0, "%.*s", STR_F(describe()));
  cr_expect(str_eqz(p->id, "full"));
  cr_expect(str_eqz(p->title.da, "En fuld protokol"));
  cr_expect(str_eqz(p->role, "receiver"));
  cr_expect(str_eqz(p->standard, "CareCommunication"));
  cr_expect(str_eqz(p->danish, "Korrespondancemeddelelse"));
  cr_expect(str_eqz(p->standard_version, "5.10"), "the literal of a version must stay");
  cr_expect_eq(p->digest.n, 64);
  cr_assert_eq(p->packages.n, 1);
  cr_assert_eq(p->parameters.n, 1);
  cr_expect(str_eqz(p->parameters.v[0].name, "resends"));
  cr_expect(str_eqz(p->parameters.v[0].value, "2"));
  cr_assert_eq(p->cases.n, 3);
  cr_expect_eq(p->cases.v[1]->status, CASE_CONDITIONAL);
  cr_expect(str_eqz(p->cases.v[1]->when, "!forward"));
  const struct step *s = protocol_step(p, STR("3.1.2"));
  cr_assert_not_null(s);
  cr_expect_str_eq(s->kind->word, "expect");
  cr_expect(str_eqz(s->number, "3.1.2"));
  cr_expect(str_eqz(s->severity, "F2"));
  cr_expect(s->optional);
  cr_assert_eq(s->verifies.n, 2);
  cr_expect(str_eqz(s->verifies.v[1], "R2"));
  cr_expect(str_eqz(s->test_data.da, "data på dansk"));
  cr_expect_eq(s->in, p->cases.v[0]);
}

/* A step about a service is about the system that the service is of, and looks into the mailbox of the service. */
Test(protocol, a_step_at_a_service_is_about_its_system) {
  int rc;
  struct protocol *p = read_text(STR("full.yaml"), read_file(TEST_DATA "/good/full.yaml"), &rc);
  cr_assert_eq(rc, 0, "%.*s", STR_F(describe()));
  cr_assert_eq(p->services.n, 3);
  cr_expect(!p->services.v[1].shared && p->services.v[2].shared, "a service is of one system unless it says otherwise");
  cr_expect(str_eqz(p->services.v[0].title.da, "FHIR-server lab"));
  cr_expect(str_eqz(p->services.v[1].title.en, "FHIR server lab2 (The other)"));
  const struct step *s = protocol_step(p, STR("5+1"));
  cr_assert_not_null(s);
  cr_expect(str_eqz(s->at, "lab2"), "%.*s", STR_F(s->at));
  cr_expect(str_eqz(s->party, "receiver2"), "%.*s", STR_F(s->party));
  cr_expect_eq(protocol_owner(p, STR("lab")).n, 0);
  cr_expect(str_eqz(protocol_owner(p, STR("receiver2")), "receiver2"));
}

/* A step without a number counts on from the last one, or from its section. */
Test(protocol, steps_without_numbers_count_on) {
  static const char *const ids[] = {"3.1+1", "3.1.2", "3.1.2+1", "3.1.2+2", "3.1.3"};
  int rc;
  struct protocol *p = read_text(STR("full.yaml"), read_file(TEST_DATA "/good/full.yaml"), &rc);
  cr_assert_eq(rc, 0);
  cr_assert_eq(p->cases.v[0]->steps.n, sizeof ids / sizeof *ids);
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    struct step *s = p->cases.v[0]->steps.v[i];
    cr_expect(str_eqz(s->id, ids[i]), "%.*s is not %s", STR_F(s->id), ids[i]);
    cr_expect_eq(s->index, i);
    cr_expect_eq(protocol_step(p, s->id), s);
  }
}

Test(protocol, parse_may_give_a_default_text) {
  int rc;
  struct protocol *p = read_text(STR("full.yaml"), read_file(TEST_DATA "/good/full.yaml"), &rc);
  cr_assert_eq(rc, 0);
  const struct step *s = protocol_step(p, STR("4.1"));
  cr_assert_not_null(s);
  cr_expect(str_eqz(s->action.da, "Ser det rigtigt ud?"));
  cr_expect_eq(s->args, s->args_node);
}

Test(protocol, load_finds_files_beside_the_data) {
  struct error e;
  struct protocol *p;
  cr_expect_eq(protocol_load(&p, a, "good/full.yaml", TEST_DATA, fake_kinds, &e), 0, "%s", e.text);
  cr_expect_eq(protocol_load(&p, a, TEST_DATA "/good/full.yaml", NULL, fake_kinds, &e), 0, "%s", e.text);
  cr_expect_eq(protocol_load(&p, a, "no/such.yaml", TEST_DATA, fake_kinds, &e), -1);
  cr_expect_eq(e.code, ERR_CONFIG);
  cr_expect_not_null(strstr(e.text, "no/such.yaml"));
  cr_expect_eq(protocol_load(&p, a, "bad/unknown_key.yaml", TEST_DATA, fake_kinds, &e), -1);
  cr_expect_eq(e.code, ERR_SYNTAX);
  cr_expect_eq(e.line, 11);
  cr_expect_eq(e.col, 9);
  cr_expect_not_null(strstr(e.text, "did you mean \"send\"?"), "%s", e.text);
}

Test(protocol, too_many_steps_are_refused) {
  struct buf b;
  int rc;
  buf_init(&b, 4 << 20);
  buf_addz(&b, "protocol: p\nstandard: {name: S, version: \"1\"}\nversion: \"1\"\nrole: sender\nsections:\n"
               "  - id: \"1\"\n    title: {en: a, da: b}\n    status: mandatory\n    steps:\n");
  for (int i = 0; i <= PROTOCOL_STEPS_MAX; i++) buf_addz(&b, "      - wait: x\n");
  struct protocol *p = read_text(STR("many"), buf_take(&b, a), &rc);
  cr_assert_eq(rc, -1);
  cr_expect_eq(p->cases.v[0]->steps.n, (size_t)PROTOCOL_STEPS_MAX);
  cr_expect(str_eqz(found.list.v[0].rule, "protocol.limit"));
}

static struct protocol *read_good(const char *name) {
  int rc;
  struct protocol *p = read_text(str_z(name), read_file(file_join(a, TEST_DATA "/good", name)), &rc);
  cr_assert_eq(rc, 0, "%.*s", STR_F(describe()));
  return p;
}

/* What is repeated or called stands in the protocol as plain steps, with ids that stay the same. */
Test(protocol, repeat_and_call_become_steps) {
  static const struct {
    const char *id, *number, *word, *key, *value;
  } steps[] = {
      {"3.3.1", "3.3.1", "send", "fixture", "a.json"},
      {"3.3.4.5#1", "3.3.4.5", "send", "as", "letter-1"},
      {"3.3.4.5#1+1", "", "expect", "event", "e-${other-1.x}"},
      {"3.3.4.6#1", "3.3.4.6", "wait", NULL, "1 s"},
      {"3.3.4.5#2", "3.3.4.5", "send", "as", "letter-2"},
      {"3.3.4.5#2+1", "", "expect", "as", "answer-2"},
      {"3.3.4.6#2", "3.3.4.6", "wait", NULL, "2 s"},
      {"3.3.4.5+1#1#1", "", "send", "fixture", "ok-1.json"},
      {"3.3.4.5+1#1#2", "", "send", "fixture", "ok-2.json"},
      {"3.3.4.5+1#2#1", "", "send", "fixture", "fatal-error-1.json"},
      {"3.3.4.5+1#2#2", "", "send", "fixture", "fatal-error-2.json"},
      {"3.3.9", "3.3.9", "expect", "as", "first-answer"},
      {"3.3.9+1", "", "assert", "equals", "${first.header.id}"},
      {"3.3.10", "3.3.10", "wait", NULL, "2 s"},
      {"3.3.10+1", "", "wait", NULL, "1 s"},
  };
  struct protocol *p = read_good("expand.yaml");
  cr_assert_eq(p->cases.v[0]->steps.n, sizeof steps / sizeof *steps);
  for (size_t i = 0; i < p->cases.v[0]->steps.n; i++) {
    const struct step *s = p->cases.v[0]->steps.v[i];
    cr_expect(str_eqz(s->id, steps[i].id), "%zu: %.*s", i, STR_F(s->id));
    cr_expect(str_eqz(s->number, steps[i].number), "%.*s: %.*s", STR_F(s->id), STR_F(s->number));
    cr_expect_str_eq(s->kind->word, steps[i].word);
    struct str value = steps[i].key ? keys_text(s->args_node, steps[i].key) : s->args_node->text;
    cr_expect(str_eqz(value, steps[i].value), "%.*s: %.*s", STR_F(s->id), STR_F(value));
    cr_expect_eq(s->when.n != 0, i >= 1 && i <= 6, "%.*s", STR_F(s->id));
  }
}

/* A rule that several standards share says what it verifies; who calls it adds what that is in the own standard. */
Test(protocol, a_call_adds_to_what_its_steps_verify) {
  int rc;
  struct protocol *p = read_text(
      STR("p.yaml"),
      STR("protocol: p\nstandard: {name: C, version: \"1\"}\nversion: 0.1.0\nrole: sender\nsections:\n  - id: \"1\"\n"
          "    title: {en: a, da: b}\n    status: mandatory\n    steps:\n"
          "      - call: {fragment: \"#rule\"}\n        verifies: [S1]\n"
          "      - call: {fragment: \"#rule\"}\n"
          "fragments:\n  rule:\n    steps:\n      - wait: 1 s\n        verifies: [R1, R2]\n      - wait: 2 s\n"),
      &rc);
  cr_assert_eq(rc, 0, "%.*s", STR_F(describe()));
  const struct protocol_case *c = p->cases.v[0];
  cr_assert_eq(c->steps.n, (size_t)4);
  cr_assert_eq(c->steps.v[0]->verifies.n, (size_t)3);
  cr_expect(str_eqz(c->steps.v[0]->verifies.v[1], "R2") && str_eqz(c->steps.v[0]->verifies.v[2], "S1"));
  cr_assert_eq(c->steps.v[1]->verifies.n, (size_t)1);
  cr_expect(str_eqz(c->steps.v[1]->verifies.v[0], "S1"));
  cr_expect_eq(c->steps.v[2]->verifies.n, (size_t)2);
  cr_expect_eq(c->steps.v[3]->verifies.n, (size_t)0);
}

/* What a run keeps of its protocol is all that it needs to be read again. */
Test(protocol, fragments_travel_with_the_protocol) {
  struct protocol *p = read_good("expand.yaml"), *again, *disk;
  struct error e;
  int rc;
  again = read_text(p->source.name, p->source.bytes, &rc);
  cr_assert_eq(rc, 0);
  cr_expect(str_eq(again->digest, p->digest));
  cr_expect(str_eq(again->source.bytes, p->source.bytes));
  /* The same two files on disk. */
  size_t mark = str_find(p->source.bytes, STR("\n" PROTOCOL_FRAGMENT_MARK "common.yaml\n"), 0);
  cr_assert_neq(mark, SIZE_MAX);
  char dir[] = TEST_BIN "/protocol-test-XXXXXX";
  cr_assert_not_null(mkdtemp(dir));
  const char *main_file = file_join(a, dir, "p.yaml"), *parts = file_join(a, dir, "common.yaml");
  struct str head = STR("\n" PROTOCOL_FRAGMENT_MARK "common.yaml\n");
  cr_assert_eq(file_write(main_file, str_sub(p->source.bytes, 0, mark), &e), 0);
  cr_assert_eq(file_write(parts, str_sub(p->source.bytes, mark + head.n, p->source.bytes.n), &e), 0);
  cr_assert_eq(protocol_load(&disk, a, main_file, NULL, fake_kinds, &e), 0, "%s", e.text);
  cr_expect(str_eq(disk->digest, p->digest));
  cr_expect(str_eq(disk->cases.v[0]->steps.v[12]->source->name, str_z(parts)));
  unlink(main_file), unlink(parts), rmdir(dir);
}

/* A hundred times a hundred times a hundred is told of, once, and soon. */
Test(protocol, what_grows_too_large_is_told) {
  int rc;
  struct buf b;
  buf_init(&b, 1 << 16);
  buf_addz(&b, "protocol: p\nstandard: {name: C, version: \"1\"}\nversion: 0.1.0\nrole: sender\nsections:\n  - id: "
               "\"1\"\n    title: {en: a, da: b}\n    status: mandatory\n    steps:\n      - ");
  for (int i = 0; i < 3; i++) buf_addz(&b, "repeat: {times: 100, steps: [{");
  buf_addz(&b, "wait: 1 s");
  for (int i = 0; i < 3; i++) buf_addz(&b, "}]}");
  read_text(STR("p.yaml"), buf_take(&b, a), &rc);
  cr_expect_eq(rc, -1);
  cr_assert_eq(found.list.n, (size_t)1, "%.*s", STR_F(describe()));
  cr_expect(str_eqz(found.list.v[0].rule, "protocol.limit"));
}
