/* EHMI Endpoint Register: what it serves is valid by EER's own profiles, and is found and changed as its sources say.
 */
#include "base/file.h"
#include "endpoint/eer_resources.h"
#include "fhir/facts.h"
#include "tests/endpoint/judge.h"
#include "tests/endpoint/office.h"
#include "validate/profile.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

#define JSON "application/fhir+json"
#define HCO_1_2                                                                                                        \
  "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition::homecareobservation-message%23%23"                     \
  "urn:dk:medcom:fhir:homecareobservation-message::1.2"

static void put_entry(struct arena *a, struct node *bundle, struct node *resource) {
  struct node *entry = node_new(a, NODE_OBJECT), *url = node_new(a, NODE_STRING);
  entry->name = STR("entry");
  entry->flags = NODE_LISTED;
  url->name = STR("fullUrl");
  url->text =
      arena_printf(a, "http://eer.example/%.*s/%.*s", STR_F(resource->type), STR_F(node_text_at(resource, "id")));
  node_append(entry, url);
  resource->name = STR("resource");
  node_append(entry, resource);
  node_append(bundle, entry);
}

/* All of it in one Bundle, so that every reference leads somewhere. */
Test(eer, serves_what_its_profiles_allow) {
  struct arena *a = arena_new(0);
  struct sor_register *r;
  struct error e;
  struct node *bundle = node_new(a, NODE_OBJECT), *type = node_new(a, NODE_STRING);
  cr_assert_eq(sor_register_load(&r, a, TEST_ROOT, &e), 0, "%s", e.text);
  bundle->type = STR("Bundle");
  type->name = STR("type");
  type->text = STR("collection");
  node_append(bundle, type);
  for (size_t i = 0; i < r->units.n; i++) {
    put_entry(a, bundle, eer_organization(a, r->units.v[i]));
    if (r->units.v[i]->endpoint) put_entry(a, bundle, eer_endpoint(a, r->units.v[i]));
  }
  for (size_t i = 0; i < r->devices.n; i++) put_entry(a, bundle, eer_device(a, r->devices.v[i]));
  cr_expect_gt(bundle->count, (size_t)30);
  judge_is_fine(a, bundle);
  arena_free(a);
}

/* The judge is not blind: a device of the wrong type, a code that there is not, a number with too few digits. */
Test(eer, what_is_wrong_would_be_seen) {
  struct arena *a = arena_new(0);
  struct sor_register *r;
  struct error e;
  cr_assert_eq(sor_register_load(&r, a, TEST_ROOT, &e), 0, "%s", e.text);
  struct node *endpoint = eer_endpoint(a, sor_register_find(r, STR("laegehus")));
  node_at(endpoint, "payloadType.coding.code")->text = STR("urn:none");
  cr_expect_gt(judge_errors(a, endpoint), (size_t)0);
  endpoint = eer_endpoint(a, sor_register_find(r, STR("laegehus")));
  node_at(endpoint, "identifier.value")->text = STR("579");
  cr_expect_gt(judge_errors(a, endpoint), (size_t)0);
  struct node *device = eer_device(a, r->devices.v[0]);
  node_at(device, "type.coding.code")->text = STR("TV");
  cr_expect_gt(judge_errors(a, device), (size_t)0);
  arena_free(a);
}

/* --- over HTTP --- */

static bool says(const struct office *o, const char *text) {
  return str_find(o->body, str_z(text), 0) != SIZE_MAX;
}

static void get(struct office *o, const char *path) {
  office_ask_as(o, "GET", path, JSON, (struct str){0});
}

Test(eer, is_found_by_each_parameter) {
  static const struct {
    const char *query;
    int n;
  } rows[] = {
      {"Organization?_id=8888011000016005", 1},
      {"Organization?identifier=8888011000016005", 1},
      {"Organization?identifier=urn:oid:1.2.208.176.1.1%7C8888011000016005", 1},
      {"Organization?identifier=urn:oid:1.2.208.176.1.4%7C8888011000016005", 0},
      {"Organization?identifier=urn:oid:1.2.208.176.1.4%7C888801", 1},
      {"Organization?active=false", 1},
      {"Organization?name=hjemmeplejen", 1},
      {"Organization?name:contains=pleje", 3},
      {"Organization?name:exact=hjemmeplejen", 0},
      {"Organization?partof=Organization/8888101000016009", 2},
      {"Organization?partof=8888101000016009", 2},
      {"Organization?type=IO", 2},
      {"Organization?type=kommune", 1},
      {"Organization?messageType=" HCO_1_2, 3},
      {"Organization?messageType=" EHMI_MESSAGE_TYPES "%7C" HCO_1_2, 3},
      {"Organization?messageType=urn:none", 0},
      {"Organization?identifier=8888011000016005&messageType=" HCO_1_2, 1},
      {"Organization?identifier=8888181000016001&messageType=" HCO_1_2, 0},
      {"Organization?_lastUpdated=ge2026-01-01&active=false", 1},
      {"Organization?_lastUpdated=lt2026-01-01", 0},
      {"Endpoint?identifier=http://www.gs1.org/gln%7C5790008888018", 1},
      {"Endpoint?identifier=https://www.gs1.org/gln%7C5790008888018", 1},
      {"Endpoint?identifier=http://www.gs1.org/gtin%7C5790008888018", 0},
      {"Endpoint?identifier=5790008888018", 1},
      {"Endpoint?organization=Organization/8888011000016005", 1},
      {"Endpoint?status=off", 1},
      {"Endpoint?payload-type=" HCO_1_2, 3},
      {"Endpoint?connection-type=vansMessaging", 0},
      {"Device?identifier=refvendor-msh", 1},
      {"Device?type=MSH", 3},
      {"Device?status=inactive", 1},
      {"Device?organization=8888011000016005", 3},
  };
  struct office o;
  office_open(&o, "eer", "");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    get(&o, arena_printf(o.arena, "/%s", rows[i].query).p);
    cr_expect_eq(o.code, 200, "%s: %d %.*s", rows[i].query, o.code, STR_F(o.body));
    cr_expect(says(&o, arena_printf(o.arena, "\"total\": %d,", rows[i].n).p), "%s: %.*s", rows[i].query, STR_F(o.body));
  }
  office_close(&o);
}

Test(eer, includes_the_endpoints) {
  struct office o;
  office_open(&o, "eer", "");
  get(&o, "/Organization?identifier=8888011000016005&_include=Organization:endpoint");
  cr_expect(says(&o, "\"total\": 1,"));
  cr_expect(says(&o, "\"mode\": \"include\""));
  cr_expect(says(&o, "/Endpoint/5790008888018\""));
  get(&o, "/Organization?identifier=8888011000016005");
  cr_expect_not(says(&o, "\"mode\": \"include\""));
  get(&o, "/Organization?_include=Organization:address");
  cr_expect_eq(o.code, 400);
  cr_expect(says(&o, "_include=Organization:address"));
  office_close(&o);
}

Test(eer, what_it_has_not_is_an_outcome) {
  static const struct {
    const char *method, *path;
    int status;
    const char *says;
  } rows[] = {
      {"GET", "/Device/nobody", 404, "OperationOutcome"},
      {"GET", "/Device?identifier=nobody", 404, "No Device with identifier \\\"nobody\\\" is known here"},
      {"GET", "/Device?type=TV", 200, "\"total\": 0"},
      {"GET", "/Endpoint?identifier=nobody", 200, "\"total\": 0"},
      {"GET", "/Patient/1", 404, "Organization, Endpoint, Device"},
      {"GET", "/Device?colour=red", 400, "device-name"},
      {"GET", "/Organization/$getListOfGpByPostalCode", 404, "OperationOutcome"},
      {"DELETE", "/Device", 400, "at least one search parameter"},
      {"DELETE", "/Device?type=MSH", 412, "3 resources fit"},
      {"DELETE", "/Device?identifier=nobody", 200, "Done"},
      {"DELETE", "/Device?identifier=refvendor-msh", 200, "Done"},
      {"DELETE", "/Device/refvendor-msh", 200, "Done"},
      {"PATCH", "/Device/refvendor-msh", 405, "GET, PUT, DELETE"},
  };
  struct office o;
  office_open(&o, "eer", "");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    office_ask_as(&o, rows[i].method, rows[i].path, JSON, (struct str){0});
    cr_expect_eq(o.code, rows[i].status, "%s %s: %d", rows[i].method, rows[i].path, o.code);
    cr_expect(says(&o, rows[i].says), "%s %s: %.*s", rows[i].method, rows[i].path, STR_F(o.body));
  }
  office_close(&o);
}

/* What is deleted by a search is known by its id, so that the run can keep it. */
Test(eer, facts_of_a_delete_by_search) {
  struct office o;
  office_open(&o, "eer", "");
  office_ask_as(&o, "DELETE", "/Device?identifier=gammel-msh", JSON, (struct str){0});
  cr_expect(str_eqz(facts_get(&o.facts, "rest.interaction"), "delete"));
  cr_expect(str_eqz(facts_get(&o.facts, "rest.id"), "gammel-msh"));
  cr_expect(str_eqz(facts_get(&o.facts, "rest.version"), "2"));
  office_close(&o);
}

Test(eer, another_spelling_is_noted) {
  struct office o;
  office_open(&o, "eer", "");
  get(&o, "/Endpoint?identifier=https://www.gs1.org/gln%7C5790008888018");
  cr_expect(str_eqz(facts_get(&o.facts, "eer.noted"), "eer.gln.system"));
  get(&o, "/Endpoint?identifier=http://www.gs1.org/gln%7C5790008888018");
  cr_expect(str_eqz(facts_get(&o.facts, "eer.noted"), ""));
  office_close(&o);
}

Test(eer, reads_both_forms) {
  struct office o;
  office_open(&o, "eer", "");
  get(&o, "/Device/refvendor-msh");
  cr_expect_eq(o.code, 200);
  cr_expect(says(&o, "\"value\": \"refvendor-msh\""));
  cr_expect(str_find(o.headers, STR("W/\"1\""), 0) != SIZE_MAX);
  get(&o, "/Endpoint/5790008888018?_format=xml");
  cr_expect(says(&o, "<Endpoint"));
  cr_expect(says(&o, "value=\"5790008888018\""));
  office_close(&o);
}

/* The register is read when the endpoint opens: one that is not there is told, not served empty. */
Test(eer, needs_its_register) {
  struct office o;
  office_open(&o, "eer", "");
  struct endpoint *ep;
  struct error e;
  struct endpoint_config c = {.kind = STR("eer"),
                              .system = STR("x"),
                              .role = STR("y"),
                              .listen = "127.0.0.1:0",
                              .spool_dir = o.dir,
                              .data_dir = o.dir};
  struct endpoint_events ev = {0};
  struct str profile;
  cr_assert_eq(file_read(&profile, o.arena, TEST_ROOT "/fixtures/standards/ehmi-profile.yaml", (size_t)1 << 20, &e), 0);
  cr_assert_eq(mkdir(office_path(&o, "fixtures"), 0700), 0);
  cr_assert_eq(mkdir(office_path(&o, "fixtures/standards"), 0700), 0);
  cr_assert_eq(file_write(office_path(&o, "fixtures/standards/ehmi-profile.yaml"), profile, &e), 0, "%s", e.text);
  cr_expect_eq(endpoint_open(&ep, o.loop, &c, &ev, &e), -1);
  cr_expect(str_find(str_z(e.text), STR("register.yaml"), 0) != SIZE_MAX ||
                str_find(str_z(e.file), STR("register.yaml"), 0) != SIZE_MAX,
            "%s", e.text);
  office_close(&o);
}
