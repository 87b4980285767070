#include <criterion/criterion.h>

#include "base/base64.h"
#include "envelope/dedup.h"
#include "envelope/sbdh.h"
#include "envelope/vans.h"
#include "tests/cpu.h"

#define BIG ((size_t)101 * 1000 * 1000)
#define BIG_SECONDS 20

static const char *const ids[] = {"0d0f6c0e-5d19-4b0c-a1f4-5a9e2b7c1d01", "9a7b330a-a736-45fd-9a1c-0f3a8c1e2d02",
                                  "7c7b6a55-0e8a-4f7e-8b44-2f6f0a1b3c03"};

static struct envelope make(struct str payload) {
  struct envelope env = {.sender = STR("5790001659592"),
                         .sender_type = STR("EAN"),
                         .receiver = STR("5790000121526"),
                         .receiver_type = STR("EAN"),
                         .sent = STR("2026-01-05T10:00:00+01:00"),
                         .id = str_z(ids[0])};
  struct envelope_payload says = {.format = STR("HL7"),
                                  .name = STR("MCM:FDIS91#other"),
                                  .version = STR("5.0"),
                                  .mime = STR("application/fhir+json")};
  env.meta.id = str_z(ids[1]);
  vans_describe(&env, &says, payload, "automatic");
  return env;
}

static struct str written(struct arena *a, const struct envelope *env) {
  struct buf out;
  buf_init(&out, (size_t)512 << 20);
  env->kind->write(&out, env);
  cr_assert(!out.full);
  return buf_take(&out, a);
}

static int read_back(struct envelope *out, struct findings *f, struct arena *a, struct str bytes) {
  findings_init(f, a);
  return vans_kind.read(out, a, (struct source){STR("m"), bytes}, f);
}

Test(vans, a_message_comes_back_as_written) {
  struct arena *a = arena_new(0);
  struct str payload = STR("{\"resourceType\": \"Bundle\", \"x\": \"\xc3\xa6\n\"}");
  struct envelope sent = make(payload), got;
  struct findings f;
  sent.meta.provider = STR("A & B");
  sent.meta.service = STR("<\"service\">");
  cr_assert_eq(read_back(&got, &f, a, written(a, &sent)), 0);
  cr_assert_eq(f.list.n, 0);
  cr_assert_eq(got.content, ENVELOPE_MESSAGE);
  cr_assert(got.payload_ok && str_eq(got.payload, payload));
  cr_assert(str_eq(got.sender, sent.sender) && str_eqz(got.sender_type, "EAN"));
  cr_assert(str_eq(got.receiver, sent.receiver) && str_eq(got.id, sent.id) && str_eq(got.sent, sent.sent));
  cr_assert(str_eq(got.meta.id, sent.meta.id) && str_eqz(got.meta.name, "MCM:FDIS91#other"));
  cr_assert(str_eq(got.meta.provider, sent.meta.provider) && str_eq(got.meta.service, sent.meta.service));
  cr_assert_eq(got.meta.size, (int64_t)payload.n);
  cr_assert(str_eqz(envelope_tag_value(&got.meta, "MCM:MIME"), "application/fhir+json"));
  cr_assert(str_eqz(envelope_tag_value(&got.meta, "MCM:STATISTIC"), "automatic"));
  cr_assert_eq(envelope_tag_value(&got.meta, "MCM:OTHER").n, 0);
  arena_free(a);
}

static void receipt_round_trip(enum receipt_kind kind, struct str text) {
  struct arena *a = arena_new(0);
  struct envelope original = make(STR("{}")), receipt, got;
  struct findings f;
  vans_receipt(&receipt, &original, kind, str_z(ids[2]), STR("2026-01-05T10:00:01+01:00"), text);
  cr_assert_eq(read_back(&got, &f, a, written(a, &receipt)), 0);
  vans_check_receipt(&got, STR("m"), &original, &f);
  cr_assert_eq(f.list.n, 0, "%.*s", f.list.n ? (int)f.list.v[0].en.n : 0, f.list.n ? f.list.v[0].en.p : "");
  cr_assert_eq(got.content, ENVELOPE_RECEIPT);
  cr_assert_eq(got.receipt, kind);
  cr_assert(str_eqz(got.original_id, ids[0]) && str_eqz(got.meta.id, ids[1]));
  cr_assert(str_eq(got.sender, original.receiver) && str_eq(got.receiver, original.sender));
  cr_assert(str_eq(got.error_text, kind == RECEIPT_POSITIVE_MESSAGE ? (struct str){0} : text));
  cr_assert(got.has_original);
  arena_free(a);
}

Test(vans, receipts_echo_the_original) {
  receipt_round_trip(RECEIPT_POSITIVE_MESSAGE, STR("not used"));
  receipt_round_trip(RECEIPT_NEGATIVE_MESSAGE, STR("Ukendt type"));
  receipt_round_trip(RECEIPT_NEGATIVE_VANS, STR("Ukendt modtager"));
}

Test(vans, a_message_over_the_limit_is_read_in_linear_time) {
  struct arena *a = arena_new(0);
  char *bytes = arena_alloc(a, BIG);
  for (size_t i = 0; i < BIG; i++) bytes[i] = (char)('a' + i % 26);
  struct envelope sent = make((struct str){bytes, BIG}), got;
  struct findings f;
  int64_t before = cpu_ms();
  cr_assert_eq(read_back(&got, &f, a, written(a, &sent)), 0);
  cr_assert_lt(cpu_ms() - before, BIG_SECONDS * 1000);
  cr_assert_eq(got.payload.n, BIG);
  cr_assert_eq(f.list.n, 1);
  cr_assert(str_eqz(f.list.v[0].rule, "vans.message-too-large"));
  arena_free(a);
}

Test(envelope, sniff) {
  static const struct {
    const char *bytes;
    bool known;
  } rows[] = {{"<VANSEnvelope xmlns=\"x\"/>", true},
              {"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- <Bundle> > --><v:VANSEnvelope>", true},
              {"<!DOCTYPE x><VANSEnvelope>", true},
              {"  \n<VANSEnvelope", true},
              {"<Bundle><VANSEnvelope>", false},
              {"<?x > <VANSEnvelope ?><Bundle/>", false},
              {"<?x > ?><VANSEnvelope/>", true},
              {"<VANSEnvelopes>", false},
              {"<s:StandardBusinessDocument xmlns:s=\"x\"/>", true},
              {"<StandardBusinessDocumentHeader/>", false},
              {"{\"VANSEnvelope\": 1}", false},
              {"<!-- never ends <VANSEnvelope>", false},
              {"<", false},
              {"", false}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    cr_expect_eq(envelope_sniff(str_z(rows[i].bytes)) != NULL, rows[i].known, "%s", rows[i].bytes);
  cr_assert_eq(envelope_kind_named(STR("vans")), &vans_kind);
  cr_assert_eq(envelope_kind_named(STR("sbdh")), &sbdh_kind);
  cr_assert_null(envelope_kind_named(STR("as4")));
}

Test(dedup, four_cases) {
  struct arena *a = arena_new(0);
  struct dedup d;
  dedup_init(&d, a);
  cr_assert_eq(dedup_see(&d, a, STR("e1"), STR("m1")), DEDUP_NEW);
  cr_assert_eq(dedup_see(&d, a, STR("e1"), STR("m1")), DEDUP_DUPLICATE);
  cr_assert_eq(dedup_see(&d, a, STR("e2"), STR("m1")), DEDUP_RESENT);
  cr_assert_eq(dedup_see(&d, a, STR("e2"), STR("m2")), DEDUP_ERROR);
  cr_assert_eq(dedup_see(&d, a, STR("e3"), STR("m3")), DEDUP_NEW);
  cr_assert_str_eq(dedup_action_name(DEDUP_RESENT), "resent");
  arena_free(a);
}
