/* Reading AuditEvents, and the file that says who reports them. */
#include "base/file.h"
#include "validate/eds_data.h"
#include "validate/message.h"

#include <criterion/criterion.h>

static struct arena *a;
static struct message m;

static void read_message(const char *name) {
  struct str bytes;
  struct error e;
  const char *path = file_join(a, TEST_ROOT "/harness/tests/data/eds", name);
  cr_assert_eq(file_read(&bytes, a, path, (size_t)1 << 20, &e), 0, "%s", e.text);
  message_read(&m, a, (struct source){str_z(name), bytes});
}

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(eds_event, .init = set_up, .fini = tear_down);
TestSuite(eds_data, .init = set_up, .fini = tear_down);

Test(eds_event, its_facts_are_those_of_its_message) {
  static const char *const rows[][2] = {{"kind", "message"},
                                        {"eds.profile", "patient"},
                                        {"eds.subtype", "msg-sent"},
                                        {"eds.station", "MSH"},
                                        {"eds.outcome", "0"},
                                        {"eds.recorded", "2026-01-05T10:00:02.000+01:00"},
                                        {"eds.device", "refvendor-msh"},
                                        {"eds.sender.sor", "8888021000016001"},
                                        {"eds.sender.gln", "5790008888025"},
                                        {"eds.receiver.sor", "8888011000016005"},
                                        {"eds.receiver.gln", "5790008888018"},
                                        {"eds.message", "4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c001"},
                                        {"eds.message.type", "homecareobservation-message"},
                                        {"eds.message.version", "1.1"},
                                        {"eds.envelope", "4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c002"},
                                        {"eds.transport", "4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c003"},
                                        {"eds.orig-message", ""},
                                        {"eds.patient", "2512489996"}};
  read_message("patient.json");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect(str_eqz(facts_get(&m.facts, rows[i][0]), rows[i][1]), "%s: %.*s", rows[i][0],
              STR_F(facts_get(&m.facts, rows[i][0])));
  read_message("basic.json");
  cr_expect(str_eqz(facts_get(&m.facts, "eds.profile"), "basic"));
  cr_expect(str_eqz(facts_get(&m.facts, "eds.orig-transport"), "4f0a3c1e-0d35-4f7b-9c55-21b7a1d2c003"));
  cr_expect_eq(facts_get(&m.facts, "eds.patient").n, (size_t)0);
}

static struct eds_event read_text(const char *json) {
  struct eds_event e = {0};
  message_read(&m, a, (struct source){STR("x"), str_z(json)});
  cr_assert_not_null(m.resource);
  eds_event_read(&e, m.resource);
  return e;
}

Test(eds_event, a_device_may_be_contained) {
  struct eds_event e =
      read_text("{\"resourceType\":\"AuditEvent\",\"contained\":[{\"resourceType\":\"Device\",\"id\":\"a\"},"
                "{\"resourceType\":\"Device\",\"id\":\"d\",\"identifier\":[{\"value\":\"dev-1\"}]}],"
                "\"source\":{\"observer\":{\"reference\":\"#d\"}}}");
  cr_expect(str_eqz(e.device, "dev-1"), "%.*s", STR_F(e.device));
}

Test(eds_event, the_profile_is_known_by_either_address) {
  struct eds_event e =
      read_text("{\"resourceType\":\"AuditEvent\",\"meta\":{\"profile\":[\"http://example.org/x\","
                "\"http://medcomehmi.dk/ig/dk-ehmi-eds/StructureDefinition/EdsBasicDeliveryStatus|1.0.2\"]}}");
  cr_expect_eq(e.profile, EDS_BASIC);
  e = read_text("{\"resourceType\":\"AuditEvent\",\"meta\":{\"profile\":[\"http://example.org/x\"]}}");
  cr_expect_eq(e.profile, EDS_NO_PROFILE);
  cr_expect(str_eqz(facts_get(&m.facts, "eds.profile"), "none"));
}

Test(eds_event, another_resource_is_none) {
  struct eds_event e;
  message_read(&m, a, (struct source){STR("x"), STR("{\"resourceType\":\"Patient\"}")});
  cr_expect(!eds_event_read(&e, m.resource));
  cr_expect(!eds_event_read(&e, NULL));
  cr_expect_eq(facts_get(&m.facts, "eds.profile").n, (size_t)0);
}

/* ---- the data ---- */

#define HEAD "tolerance: 1 min\nskew: 1 s\n"
#define REST "codes: []\nspellings: []\ntransport-versions: []\n"
#define ROW "event: \"1.1\", document: message, side: sender, from: sender, station: EUA, subtype: x, profile: basic"

Test(eds_data, each_mistake_has_its_place) {
  static const struct {
    const char *yaml, *says;
    int line;
  } rows[] = {
      {"", "a mapping is needed", 1},
      {"[]\n", "a mapping is needed", 1},
      {HEAD "severities: {}\n" REST, "\"chain\" is missing", 1},
      {HEAD "severities: {}\n" REST "chain: []\nchains: []\n", "unknown key \"chains\"", 8},
      {"tolerance: soon\nskew: 1 s\nseverities: {}\n" REST "chain: []\n", "\"soon\" is no time", 1},
      {HEAD "severities: {eds.chain.nothing: error}\n" REST "chain: []\n", "is no rule of EDS", 3},
      {HEAD "severities: {eds.chain.id: bad}\n" REST "chain: []\n", "\"bad\" is no severity", 3},
      {HEAD "severities: []\n" REST "chain: []\n", "rules and severities", 3},
      {HEAD "severities: {}\n" REST "chain: [{" ROW "}]\n", "\"entities\" is missing", 7},
      {HEAD "severities: {}\n" REST "chain:\n- {" ROW ", entities: [head], with: []}\n", "\"head\" is not possible", 8},
      {HEAD "severities: {}\n" REST "chain:\n- {" ROW ", entities: message, with: []}\n", "a list of at most", 8},
      {HEAD "severities: {}\n" REST "chain: {}\n", "a list of at most", 7}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct eds_data *d;
    struct findings f;
    findings_init(&f, a);
    cr_assert_eq(eds_data_read(&d, a, (struct source){STR("x.yaml"), str_z(rows[i].yaml)}, &f), -1, "row %zu", i);
    cr_expect_neq(str_find(f.list.v[0].en, str_z(rows[i].says), 0), SIZE_MAX, "%zu: %.*s", i, STR_F(f.list.v[0].en));
    cr_expect_eq(f.list.v[0].where.line, rows[i].line, "%zu: line %d", i, f.list.v[0].where.line);
  }
}

Test(eds_data, what_is_shipped_is_right_and_whole) {
  struct eds_data *d;
  struct error e;
  size_t of[EDS_DOCUMENTS_N] = {0};
  cr_assert_eq(eds_data_load(&d, a, TEST_ROOT, &e), 0, "%s", e.text);
  cr_expect_eq(d->chain.n, (size_t)32);
  for (size_t i = 0; i < d->chain.n; i++) of[d->chain.v[i].document]++;
  cr_expect(of[0] == 10 && of[1] == 6 && of[2] == 10 && of[3] == 6);
  cr_expect_eq(eds_stations(d, STR("AP-MSH")), (unsigned)(EDS_AP | EDS_MSH));
  cr_expect_eq(eds_stations(d, STR("nobody")), 0U);
  cr_expect(eds_same_word(d, STR("SBDH_Ack"), STR("ehmisbdh-acknowledgement")));
  cr_expect(!eds_same_word(d, STR("SBDH_Ack"), STR("Acknowledgement")));
  cr_expect_eq(d->severity[EDS_CHAIN_MISSING], SEV_ERROR);
  cr_expect(str_eqz(str_z(eds_stations_name(EDS_EUA | EDS_MSH)), "EUA-MSH"));
}
