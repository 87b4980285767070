/* Messages that nobody here wrote: each goes through read, wrap, send, receive, store, unwrap and compare without loss.
 */
#include "base/file.h"
#include "diff/diff.h"
#include "envelope/vans.h"
#include "tests/endpoint/office.h"
#include "validate/message.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define INDEX_MAX ((size_t)16 << 20)
#define MESSAGE_MAX ((size_t)64 << 20)
#define COLUMNS 6

static const char *const folders[] = {
    "medcom.fhir.dk.carecommunication-5.0.2/",
    "medcom.fhir.dk.carecommunicationtestscripts-5.0.0/",
    "medcom.fhir.dk.carecommunicationtestscripts-4.0.1/",
    "dk-medcom-carecommunication-testscripts/",
};

struct journey {
  struct office office;
  const char *examples; /* the folder */
  size_t json, xml;     /* journeys made */
  size_t trees;         /* of them, with a tree at both ends */
};

static struct str wrap(struct arena *a, struct str payload, const struct node *resource, enum resource_form form) {
  struct envelope_payload says = {0};
  struct envelope env = {.sender = STR("5790009998013"),
                         .sender_type = STR("EAN"),
                         .receiver = STR("5790009998020"),
                         .receiver_type = STR("EAN"),
                         .id = STR("0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a01"),
                         .sent = STR("2026-01-05T10:00:00+01:00")};
  struct buf b;
  message_payload_facts(&says, a, resource, form);
  vans_describe(&env, &says, payload, "manual");
  env.meta.id = STR("0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a02");
  buf_init(&b, MESSAGE_MAX * 2);
  vans_kind.write(&b, &env);
  cr_assert(!b.full);
  return buf_take(&b, a);
}

static const struct node *read_tree(struct arena *a, struct str name, struct str bytes, enum resource_form *form) {
  struct findings f;
  struct node *root = NULL;
  findings_init(&f, a);
  if (resource_read(&root, form, a, (struct source){name, bytes}, &f) < 0) return NULL;
  return root;
}

static void expect_same(struct str path, struct arena *a, const struct node *sent, const struct node *got) {
  struct findings f;
  findings_init(&f, a);
  size_t n = diff_trees(&f, sent, STR("sent"), got, STR("received"), NULL);
  const struct finding *first = f.list.n ? &f.list.v[0] : NULL;
  cr_expect_eq(n, 0, "%.*s: %zu differences, first %.*s: %.*s", STR_F(path), n,
               STR_F(first ? first->where.path : STR("")), STR_F(first ? first->en : STR("")));
}

/* From the bytes of a payload to the bytes of what arrived, over the wire and the store; original: its tree. */
static void travel(struct journey *j, struct str path, struct str payload, const struct node *original) {
  struct office *o = &j->office;
  struct arena *a = arena_new(0);
  struct error e;
  struct str kept;
  struct message m;
  enum resource_form form;
  const struct node *root = read_tree(a, path, payload, &form);
  cr_assert_not_null(root, "%.*s cannot be read", STR_F(path));
  struct str wire = wrap(a, payload, root, form);
  o->digest[0] = 0;
  office_ask(o, "POST", "", wire);
  cr_assert_eq(o->code, 202, "%.*s: %d %.*s", STR_F(path), o->code, STR_F(o->body));
  cr_assert_eq(store_blob_get(o->store, str_z(o->digest), a, &kept, &e), 0, "%s", e.text);
  cr_expect(str_eq(kept, wire), "%.*s: what is stored is not what was sent", STR_F(path));
  message_read(&m, a, (struct source){path, kept});
  cr_assert_not_null(m.envelope, "%.*s", STR_F(path));
  cr_expect_eq(m.wellformed.list.n, 0, "%.*s", STR_F(path));
  cr_expect(str_eq(m.payload.bytes, payload), "%.*s: the payload is not what was sent", STR_F(path));
  cr_expect_eq(m.form, form);
  cr_assert_not_null(m.resource, "%.*s", STR_F(path));
  expect_same(path, a, original, m.resource);
  j->trees++;
  arena_free(a);
}

static void travel_both(struct journey *j, struct str path) {
  struct arena *a = arena_new(0);
  struct error e;
  struct str bytes;
  enum resource_form form;
  struct buf xml;
  char *file = file_join(a, j->examples, arena_z(a, path));
  cr_assert_eq(file_read(&bytes, a, file, MESSAGE_MAX, &e), 0, "%s", e.text);
  const struct node *root = read_tree(a, path, bytes, &form);
  cr_assert_not_null(root, "%.*s cannot be read", STR_F(path));
  travel(j, path, bytes, root);
  *(form == RESOURCE_JSON ? &j->json : &j->xml) += 1;
  if (form == RESOURCE_JSON) {
    buf_init(&xml, MESSAGE_MAX);
    resource_write(&xml, root, RESOURCE_XML, NULL, 0);
    travel(j, path, buf_take(&xml, a), root);
    j->xml++;
  }
  arena_free(a);
}

static bool is_ours(struct str path) {
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    if (str_starts(path, str_z(folders[i]))) return true;
  return false;
}

Test(examples, every_message_travels_without_loss, .timeout = 300) {
  struct journey j = {0};
  struct arena *a = arena_new(0);
  struct error e;
  struct str index;
  const char *set = getenv("TESTCAMP_SHARED");
  j.examples = file_join(a, set ? set : TEST_ROOT "/../shared", "examples");
  if (!file_is_dir(j.examples)) cr_skip_test("every_message_travels_without_loss: the shared examples are not here");
  office_open(&j.office, "vans-http", "");
  cr_assert_eq(file_read(&index, a, file_join(a, j.examples, "index.tsv"), INDEX_MAX, &e), 0, "%s", e.text);
  while (index.n) {
    struct str line = str_cut(&index, '\n'), columns[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) columns[i] = str_cut(&line, '\t');
    if (str_eqz(columns[2], "Bundle") && is_ours(columns[0])) travel_both(&j, columns[0]);
  }
  fprintf(stderr, "%zu JSON and %zu XML messages travelled, %zu trees compared\n", j.json, j.xml, j.trees);
  cr_expect_geq(j.json, (size_t)150);
  cr_expect_geq(j.xml, j.json);
  cr_expect_eq(j.trees, j.json + j.xml);
  office_close(&j.office);
  arena_free(a);
}

/* ---- a message of MedCom's largest size ---- */

#define LARGE_DATA ((size_t)74 << 20)
/* Wire, spool map, decoded payload, its tree, and the client's two copies. */
#define LARGE_RSS_KB (900L << 10)

#define LARGE_HEAD                                                                                                     \
  "{\"resourceType\":\"Bundle\",\"id\":\"large\",\"type\":\"message\",\"entry\":[{\"resource\":{\"resourceType\":"     \
  "\"MessageHeader\",\"id\":\"0b6dbd4e-4a5e-4f0e-8e2a-1f5c7b1d2a03\",\"eventCoding\":{\"code\":"                       \
  "\"care-communication-message\"}}},{\"resource\":{\"resourceType\":\"Binary\",\"data\":\""
#define LARGE_TAIL "\"}}]}"

static struct str large_payload(struct arena *a) {
  size_t head = sizeof LARGE_HEAD - 1, tail = sizeof LARGE_TAIL - 1, n = head + LARGE_DATA + tail;
  char *p = arena_alloc(a, n);
  memcpy(p, LARGE_HEAD, head);
  memset(p + head, 'Q', LARGE_DATA);
  memcpy(p + head + LARGE_DATA, LARGE_TAIL, tail);
  return (struct str){p, n};
}

Test(examples, a_hundred_megabytes_arrive, .timeout = 120) {
  struct office o;
  struct arena *a = arena_new(0);
  struct envelope_payload says = {.format = STR("HL7"), .name = STR("MCM:FDIS91"), .version = STR("5.0")};
  struct envelope env = {.sender = STR("5790009998013"), .receiver = STR("5790009998020"), .id = STR("large")};
  struct str kept, payload = large_payload(a);
  struct buf wire;
  struct error e;
  struct rusage use;
  office_open(&o, "vans-http", "");
  vans_describe(&env, &says, payload, "manual");
  buf_init(&wire, VANS_MESSAGE_MAX * 2);
  vans_kind.write(&wire, &env);
  arena_free(a);
  cr_assert_gt(wire.n, VANS_MESSAGE_MAX);
  office_ask(&o, "POST", "", buf_str(&wire));
  getrusage(RUSAGE_SELF, &use);
  cr_assert_eq(o.code, 202);
  cr_expect(o.in_file);
  cr_expect_eq(o.size, wire.n);
  cr_expect(str_eqz(facts_get(&o.facts, "event"), "care-communication-message"));
  cr_expect(str_eqz(facts_get(&o.facts, "bundle.id"), "large"));
  a = arena_new(0);
  cr_assert_eq(store_blob_get(o.store, str_z(o.digest), a, &kept, &e), 0, "%s", e.text);
  cr_expect(str_eq(kept, buf_str(&wire)));
  fprintf(stderr, "%zu bytes, %ld MB at most\n", wire.n, use.ru_maxrss >> 10);
#ifndef __SANITIZE_ADDRESS__
  cr_expect_lt(use.ru_maxrss, LARGE_RSS_KB);
#endif
  buf_release(&wire);
  arena_free(a);
  office_close(&o);
}
