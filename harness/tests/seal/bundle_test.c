#include "tests/seal/rig.h"

#include "base/file.h"

#include <criterion/criterion.h>

static struct rig r;

static void set_up(void) {
  rig_open(&r);
}

static void tear_down(void) {
  rig_close(&r);
}

TestSuite(bundle, .init = set_up, .fini = tear_down);

static struct seal_bundle *verified(struct str bytes) {
  struct seal_bundle *b;
  struct error e;
  cr_assert_eq(seal_verify(&b, r.arena, (struct source){STR("b"), bytes}, &e), 0, "%s", e.text);
  return b;
}

static const struct seal_file *named(const struct seal_bundle *b, const char *name) {
  for (size_t i = 0; i < b->files.n; i++)
    if (str_eqz(b->files.v[i].name, name)) return &b->files.v[i];
  cr_assert(false, "%s", name);
  return NULL;
}

Test(bundle, is_whole_and_the_same_each_time) {
  struct str first = rig_bundle(&r);
  const struct seal_bundle *b = verified(first);
  cr_expect_eq(b->state, SEAL_INTACT, "%.*s", STR_F(b->faults.n ? b->faults.v[0].text.en : STR("")));
  cr_expect(str_eq(first, rig_bundle(&r)));
  cr_expect(str_eqz(b->run, "r1"));
  cr_expect_eq(b->events, 5);
  cr_expect(str_eqz(b->program, "0.9"));
  cr_expect(str_eqz(b->made_by, "1.0"));
}

Test(bundle, names_files_as_people_know_them) {
  const struct seal_bundle *b = verified(rig_bundle(&r));
  cr_expect(str_eqz(named(b, "exchanges/CareCommunication_3.4_A_S.xml")->file, "own name.xml"));
  cr_expect(str_eqz(named(b, "exchanges/CareCommunication_unmatched_A_S.json")->of, "m2"));
  cr_expect(str_eqz(named(b, "evidence/CareCommunication_3.4_B_S.png")->file, "Skærm.PNG"));
  named(b, "protocol/a.yaml");
  named(b, "vendor/v.yaml");
  named(b, arena_printf(r.arena, "blobs/%.*s", STR_F(r.payload)).p);
}

Test(bundle, a_blob_that_is_missing_makes_none) {
  struct error e;
  struct buf b;
  struct seal_order o = {.store = r.store, .run = STR("r1"), .record = &r.record, .program = "1.0"};
  cr_assert_eq(store_blob_erase(r.store, r.message, &e), 0);
  cr_assert_eq(store_commit(r.store, &e), 0);
  buf_init(&b, SEAL_BUNDLE_MAX);
  cr_expect_eq(seal_make(&b, &o, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), r.message, 0), SIZE_MAX, "%s", e.text);
  buf_release(&b);
}

static void erase(struct str digest, const char *copy) {
  struct error e;
  rig_event(&r, "redacted", "digest", digest.p, "by", "JD", "why", "test", "how", "erased", "copy", copy, NULL);
  cr_assert_eq(store_blob_erase(r.store, digest, &e), 0);
  cr_assert_eq(store_commit(r.store, &e), 0);
}

Test(bundle, what_was_redacted_is_withheld_and_intact) {
  erase(r.message, "");
  const struct seal_bundle *b = verified(rig_bundle(&r));
  cr_expect_eq(b->state, SEAL_INTACT);
  cr_expect_eq(b->chain.tombstones.n, (size_t)1);
  cr_expect(str_eqz(seal_chain_blob(&b->chain, r.message)->what, "message m1"));
  cr_expect_str_eq(seal_blob_withheld(seal_chain_blob(&b->chain, r.message)), "redacted");
}

Test(bundle, what_is_in_quarantine_is_withheld_until_it_is_released) {
  struct error e;
  char digest[SHA256_HEX + 1];
  cr_assert_eq(store_blob_put(r.store, STR("held"), digest, &e), 0);
  rig_event(&r, "received", "message", "m3", "quarantine", "1", "blob", digest, NULL);
  cr_expect_str_eq(seal_blob_withheld(seal_chain_blob(&verified(rig_bundle(&r))->chain, str_z(digest))), "quarantined");
  rig_event(&r, "released", "message", "m3", "by", "JD", "why", "ours", NULL);
  const struct seal_bundle *b = verified(rig_bundle(&r));
  cr_expect_eq(b->state, SEAL_INTACT);
  cr_expect_null(seal_blob_withheld(seal_chain_blob(&b->chain, str_z(digest))));
  named(b, arena_printf(r.arena, "blobs/%s", digest).p);
}

/* --- changed bundles --- */

Test(bundle, an_altered_file_is_told_with_both_digests) {
  struct contents c;
  rig_contents(&r, &c);
  rig_replace(&r, &c, "exchanges/CareCommunication_3.4_A_S.xml", STR("<IN/>"));
  const struct seal_bundle *b = rig_judge(&r, &c);
  cr_expect_eq(b->state, SEAL_ALTERED);
  cr_expect(rig_faults(b, SEAL_ALTERED, "exchanges/CareCommunication_3.4_A_S.xml (m1): altered: its SHA-256 is "));
  cr_expect(rig_faults(b, SEAL_ALTERED, r.message.p));
}

static struct str edited(struct contents *c, const char *file, const char *from, const char *to) {
  struct str s = rig_file(c, file)->bytes;
  size_t at = str_find(s, str_z(from), 0);
  cr_assert_neq(at, SIZE_MAX, "%s", from);
  return arena_printf(r.arena, "%.*s%s%.*s", (int)at, s.p, to, STR_F(str_sub(s, at + str_z(from).n, s.n)));
}

Test(bundle, an_altered_event_is_told_by_its_number_and_no_other) {
  struct contents c;
  rig_contents(&r, &c);
  rig_replace(&r, &c, EVENTS_NAME, edited(&c, EVENTS_NAME, "\"message\":\"m2\"", "\"message\":\"m7\""));
  const struct seal_bundle *b = rig_judge(&r, &c);
  cr_expect(rig_faults(b, SEAL_ALTERED, "event 3 (send-intent): altered: its hash is "));
  cr_expect(!rig_faults(b, SEAL_ALTERED, "event 4"));
}

Test(bundle, a_missing_event_is_told_by_its_number) {
  struct contents c;
  rig_contents(&r, &c);
  struct str s = rig_file(&c, EVENTS_NAME)->bytes;
  size_t second = str_index(s, '\n') + 1, third = str_find(s, STR("\n"), second) + 1;
  rig_replace(&r, &c, EVENTS_NAME, arena_printf(r.arena, "%.*s%.*s", (int)second, s.p, STR_F(str_sub(s, third, s.n))));
  const struct seal_bundle *b = rig_judge(&r, &c);
  cr_expect(rig_faults(b, SEAL_INCOMPLETE, "event 2: missing"));
  /* From the end. */
  rig_contents(&r, &c);
  rig_replace(&r, &c, EVENTS_NAME, str_sub(s, 0, third));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_INCOMPLETE, "events 3 to 5: missing"));
}

Test(bundle, events_that_do_not_belong_there) {
  struct contents c;
  rig_contents(&r, &c);
  struct str s = rig_file(&c, EVENTS_NAME)->bytes;
  rig_replace(&r, &c, EVENTS_NAME, arena_printf(r.arena, "%.*s%.*s", STR_F(s), STR_F(s)));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "it stands there twice"));
  rig_contents(&r, &c);
  rig_replace(&r, &c, EVENTS_NAME, arena_printf(r.arena, "%.*s{\"seq\":6,\"at\":1,\"kind\":\"x\"}\n", STR_F(s)));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "there are more events than the manifest says"));
  rig_contents(&r, &c);
  rig_replace(&r, &c, EVENTS_NAME, arena_printf(r.arena, "garbage\n%.*s", STR_F(s)));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "event 1: altered: "));
}

/* Who makes the hashes anew as well is found by the last one, which the manifest has. */
Test(bundle, hashes_made_anew_do_not_fit_the_manifest) {
  struct contents c;
  struct buf hashes;
  char hash[SHA256_HEX + 1] = "";
  rig_contents(&r, &c);
  struct str events = edited(&c, EVENTS_NAME, "\"message\":\"m2\"", "\"message\":\"m7\""), rest = events;
  buf_init(&hashes, 10000);
  while (rest.n) {
    struct str before = arena_str(r.arena, str_z(hash));
    event_chain(hash, before, str_cut(&rest, '\n'));
    buf_printf(&hashes, "%s\n", hash);
  }
  rig_replace(&r, &c, EVENTS_NAME, events);
  rig_replace(&r, &c, CHAIN_NAME, buf_take(&hashes, r.arena));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "events: altered: its hash is "));
}

Test(bundle, the_record_is_held_against_the_events) {
  struct contents c;
  rig_contents(&r, &c);
  rig_replace(&r, &c, RECORD_NAME, edited(&c, RECORD_NAME, "\"verdict\": \"pass\"", "\"verdict\": \"fail\""));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED,
                       "record.json: verdict of step 3.4: altered: it is \"fail\", the events say \"pass\""));
  rig_contents(&r, &c);
  rig_replace(&r, &c, RECORD_NAME, STR("{\"version\":1,\"run\":\"r1\",\"cases\":[]}"));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "record.json: step 3.4: altered: it is \"\", the events say"));
  rig_contents(&r, &c);
  rig_replace(&r, &c, RECORD_NAME, STR("{"));
  cr_expect_eq(rig_judge(&r, &c)->state, SEAL_ALTERED);
}

Test(bundle, a_verdict_that_no_event_gave) {
  struct contents c;
  struct record_step *s = VEC_ADD(r.arena, &r.record.cases.v[0].steps);
  s->id = STR("3.5");
  rig_contents(&r, &c);
  cr_expect_eq(rig_judge(&r, &c)->state, SEAL_INTACT, "not reached: it has none");
  r.record.cases.v[0].steps.v[1].verdict = VERDICT_PASS;
  rig_contents(&r, &c);
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED,
                       "record.json: verdict of step 3.5: altered: it is \"pass\", the events say \"\""));
}

/* Taken out of the manifest as well: what a bundle is made of is not for the manifest to say. */
Test(bundle, a_file_that_the_manifest_does_not_name_either) {
  static const char *const names[] = {EVENTS_NAME, CHAIN_NAME, RECORD_NAME};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct contents whole, c;
    rig_contents(&r, &whole);
    struct str name = arena_printf(r.arena, "\"name\": \"%s\"", names[i]);
    struct str s = rig_file(&whole, MANIFEST_NAME)->bytes;
    size_t from = str_find(s, name, 0), to;
    cr_assert_neq(from, SIZE_MAX);
    while (s.p[from] != '{') from--;
    to = str_find(s, STR("{"), from + 1);
    contents_init(&c, r.arena);
    contents_add(&c, STR(MANIFEST_NAME), arena_printf(r.arena, "%.*s%.*s", (int)from, s.p, STR_F(str_sub(s, to, s.n))));
    struct seal_bundle *b = rig_judge(&r, &c);
    cr_expect_eq(b->state, SEAL_INCOMPLETE);
    cr_expect(rig_faults(b, SEAL_INCOMPLETE, arena_printf(r.arena, "%s: missing, and the manifest", names[i]).p));
  }
  struct contents bare;
  struct str head =
      arena_printf(r.arena, "{\"bundle\": 1, \"run\": \"r1\", \"events\": 1, \"chain\": \"%.*s\"}", STR_F(r.message));
  contents_init(&bare, r.arena);
  contents_add(&bare, STR(MANIFEST_NAME), head);
  cr_expect_eq(rig_judge(&r, &bare)->state, SEAL_INCOMPLETE, "a manifest alone is no bundle");
}

Test(bundle, the_manifest_is_held_against_the_first_event) {
  static const char *const rows[][2] = {{"\"run\": \"r1\"", "\"run\": \"r2\""},
                                        {"\"program\": \"0.9\"", "\"program\": \"1.0\""},
                                        {"\"protocol\": \"p\"", "\"protocol\": \"q\""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct contents c;
    rig_contents(&r, &c);
    rig_replace(&r, &c, MANIFEST_NAME, edited(&c, MANIFEST_NAME, rows[i][0], rows[i][1]));
    cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "manifest.json: "), "%zu", i);
  }
}

Test(bundle, a_redacted_blob_that_is_there_is_no_redacted_blob) {
  struct contents c;
  struct error e;
  erase(r.message, "");
  char digest[SHA256_HEX + 1];
  cr_assert_eq(store_blob_put(r.store, STR("<in/>"), digest, &e), 0);
  rig_contents(&r, &c);
  struct str one = arena_printf(r.arena, "\"files\": [{\"name\": \"x\", \"size\": 5, \"sha256\": \"%s\"},", digest);
  rig_replace(&r, &c, MANIFEST_NAME, edited(&c, MANIFEST_NAME, "\"files\": [", one.p));
  contents_add(&c, STR("x"), STR("<in/>"));
  cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "the events say that it was redacted, and it is here"));
}

Test(bundle, what_is_no_manifest_is_an_error) {
  static const char *const bad[] = {"",
                                    "{",
                                    "[]",
                                    "{\"bundle\": 2}",
                                    "{\"bundle\": 1}",
                                    "{\"bundle\": 1, \"run\": \"../x\", \"events\": 1}",
                                    "{\"bundle\": 1, \"run\": \"x\", \"events\": 0, \"chain\": \"\"}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct contents c;
    struct seal_bundle *b;
    struct error e;
    contents_init(&c, r.arena);
    contents_add(&c, STR(MANIFEST_NAME), str_z(bad[i]));
    cr_expect_eq(contents_judge(&b, &c, STR("b"), &e), -1, "%zu", i);
  }
}

Test(bundle, goes_into_another_store_as_it_is) {
  struct store *other;
  struct store_line *lines, *own;
  size_t n, own_n;
  struct error e;
  struct str bytes = rig_bundle(&r);
  const struct seal_bundle *b = verified(bytes);
  const char *path = file_join(r.arena, r.dir, "other.sqlite");
  cr_assert_eq(store_open(&other, path, STORE_WRITE, &e), 0, "%s", e.text);
  cr_assert_eq(seal_import(other, b, (struct source){STR("b"), bytes}, 0, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(other, &e), 0);
  struct seal_bundle *again;
  cr_assert_eq(seal_verify_run(&again, r.arena, other, STR("r1"), &e), 0);
  cr_expect_eq(again->state, SEAL_INTACT);
  cr_assert_eq(store_lines(other, STR("r1"), r.arena, &lines, &n, &e), 0);
  cr_assert_eq(store_lines(r.store, STR("r1"), r.arena, &own, &own_n, &e), 0);
  cr_assert_eq(n, own_n);
  cr_expect(str_eq(lines[n - 1].hash, own[n - 1].hash));
  store_close(other);
}

/* A stranger's tombstone must not erase what the laboratory's own runs are proven by. */
Test(bundle, a_tombstone_from_elsewhere_erases_only_its_own_run) {
  struct store *other;
  struct error e;
  struct str bytes, kept;
  char digest[SHA256_HEX + 1];
  erase(r.message, "");
  erase(r.payload, "");
  struct str bundle = rig_bundle(&r);
  const struct seal_bundle *b = verified(bundle);
  cr_assert_eq(store_open(&other, file_join(r.arena, r.dir, "other.sqlite"), STORE_WRITE, &e), 0, "%s", e.text);
  cr_assert_eq(store_blob_put(other, STR("<in/>"), digest, &e), 0);
  struct event *ev = event_new(r.arena, "received", 1, (struct str){0}, (struct str){0});
  ev->blob = r.message;
  cr_assert_eq(store_append(other, STR("own"), ev, &e), 0);
  cr_assert_eq(store_blob_put(other, STR("payload"), digest, &e), 0);
  cr_assert_eq(seal_import(other, b, (struct source){STR("b"), bundle}, 0, &e), 0, "%s", e.text);
  cr_assert_eq(store_commit(other, &e), 0);
  cr_expect_eq(store_blob_get(other, r.message, r.arena, &kept, &e), 0, "%s", e.text);
  cr_expect_eq(store_blob_get(other, r.payload, r.arena, &bytes, &e), -1, "no other run has it");
  struct seal_bundle *again;
  cr_assert_eq(seal_verify_run(&again, r.arena, other, STR("r1"), &e), 0);
  cr_expect_eq(again->state, SEAL_INTACT);
  store_close(other);
}

Test(bundle, numbers_that_cannot_be) {
  static const char *const rows[] = {
      "{\"seq\":9223372036854775807,\"at\":1,\"kind\":\"x\"}", "{\"seq\":-1,\"at\":1,\"kind\":\"x\"}",
      "{\"seq\":1,\"at\":9223372036854775807,\"kind\":\"x\"}", "{\"seq\":1,\"at\":-1,\"kind\":\"x\"}"};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct contents c;
    rig_contents(&r, &c);
    rig_replace(&r, &c, EVENTS_NAME, arena_printf(r.arena, "%s\n", rows[i]));
    cr_expect(rig_faults(rig_judge(&r, &c), SEAL_ALTERED, "event 1: altered: it"), "%zu", i);
  }
}
