/* The three ways to exchange messages, each from outside. */
#include "base/file.h"
#include "tests/endpoint/office.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

Test(endpoint, http_what_is_asked_is_answered) {
  static const struct {
    const char *method, *path, *body;
    int code;
    const char *says;
  } rows[] = {
      {"POST", "", "rubbish", 202, "m7\n"},
      {"POST", "/", "rubbish", 202, "m7\n"},
      {"POST", "/vans", "rubbish", 202, "m7\n"},
      {"POST", "/sbdh", "rubbish", 202, "m7\n"},
      {"POST", "", "", 202, "m7\n"},
      {"GET", "", "", 405, "POST"},
      {"PUT", "/vans", "x", 405, "POST"},
      {"POST", "/elsewhere", "x", 404, "messages go by POST to http://"},
      {"POST", "x", "x", 404, "messages go by POST to http://"},
      {"GET", "/inbox", "", 200, "m1\tfirst.xml\tapplication/xml\nm2\tsecond.json\tapplication/fhir+json\n"},
      {"GET", "/inbox/m2", "", 200, "the bytes"},
      {"GET", "/inbox/m9", "", 404, "there is no message m9"},
      {"POST", "/inbox", "x", 404, "messages go by POST to http://"},
  };
  struct office o;
  office_open(&o, "vans-http", "");
  o.ready[0] = (struct endpoint_ready){STR("m1"), STR("first.xml"), STR("application/xml")};
  o.ready[1] = (struct endpoint_ready){STR("m2"), STR("second.json"), STR("application/fhir+json")};
  o.ready_n = 2;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    office_ask(&o, rows[i].method, rows[i].path, str_z(rows[i].body));
    cr_expect_eq(o.code, rows[i].code, "%s %s: %d", rows[i].method, rows[i].path, o.code);
    cr_expect_neq(str_find(o.body, str_z(rows[i].says), 0), SIZE_MAX, "%s %s: %.*s", rows[i].method, rows[i].path,
                  STR_F(o.body));
  }
  cr_expect_eq(o.arrivals, (size_t)5);
  cr_expect(str_eqz(o.fetched, "m2"));
  office_close(&o);
}

/* The same wires whatever the envelope. */
Test(endpoint, sbdh_goes_over_http_and_in_folders_too) {
  struct office o;
  office_open(&o, "sbdh-http", "");
  office_ask(&o, "POST", "/sbdh", STR("x"));
  cr_expect_eq(o.code, 202);
  cr_expect_eq(o.arrivals, (size_t)1);
  office_close(&o);
  office_open(&o, "sbdh-folder", "");
  endpoint_send(o.endpoint, STR("m1"), STR("hello"), STR("application/xml"), STR("x.xml"));
  cr_expect(str_eqz(o.status, "ready"));
  cr_expect(file_exists(office_path(&o, "to/m1-x.xml")));
  office_close(&o);
}

Test(endpoint, http_the_prefix_is_system_and_role_without_blanks) {
  struct office o;
  office_open(&o, "vans-http", "");
  cr_expect(str_ends(str_z(endpoint_address(o.endpoint)), STR("/epj-st-3/sender")), "%s", endpoint_address(o.endpoint));
  office_close(&o);
}

Test(endpoint, http_what_cannot_be_stored_is_answered_so) {
  struct office o;
  office_open(&o, "vans-http", "");
  o.refuse = true;
  office_ask(&o, "POST", "", STR("x"));
  cr_expect_eq(o.code, 507);
  cr_expect_neq(str_find(o.body, STR("no room"), 0), SIZE_MAX);
  office_close(&o);
}

Test(endpoint, http_without_an_address_messages_lie_ready) {
  struct office o;
  office_open(&o, "vans-http", "");
  endpoint_send(o.endpoint, STR("m1"), STR("x"), STR("text/plain"), STR("x.txt"));
  cr_expect_eq(o.results, (size_t)1);
  cr_expect(str_eqz(o.status, "ready"));
  office_close(&o);
}

Test(endpoint, http_messages_out_go_to_the_address_told_last) {
  struct office o, vendor;
  office_open(&vendor, "vans-http", "");
  office_open(&o, "vans-http", "http://127.0.0.1:1/nobody");
  endpoint_send(o.endpoint, STR("m1"), STR("x"), STR("text/plain"), STR("x.txt"));
  office_until(&o, &o.results, 1);
  cr_expect_eq(o.status.n, (size_t)0);
  cr_expect_neq(str_find(o.failure, STR("could not connect"), 0), SIZE_MAX, "%.*s", STR_F(o.failure));
  endpoint_redirect(o.endpoint, str_z(endpoint_address(vendor.endpoint)));
  endpoint_send(o.endpoint, STR("m1"), STR("hello"), STR("text/plain"), STR("x.txt"));
  for (int i = 0; i < 200 && o.results < 2; i++) {
    loop_turn(o.loop, 10);
    loop_turn(vendor.loop, 10);
  }
  cr_expect_eq(o.results, (size_t)2);
  cr_expect(str_eqz(o.status, "202"), "%.*s", STR_F(o.status));
  cr_expect_eq(vendor.arrivals, (size_t)1);
  cr_expect_eq(vendor.size, (size_t)5);
  office_close(&o);
  office_close(&vendor);
}

Test(endpoint, http_an_address_in_use_is_named) {
  struct office o;
  struct endpoint *other;
  struct error e;
  office_open(&o, "vans-http", "");
  struct str url = str_z(endpoint_address(o.endpoint)), rest = str_sub(url, 7, url.n);
  struct endpoint_events none = {0};
  struct endpoint_config c = {.kind = STR("vans-http"),
                              .system = STR("s"),
                              .role = STR("r"),
                              .listen = arena_z(o.arena, str_cut(&rest, '/')),
                              .address = "",
                              .folder_to = "",
                              .folder_from = "",
                              .spool_dir = store_spool_dir(o.store)};
  cr_expect_eq(endpoint_open(&other, o.loop, &c, &none, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), str_z(c.listen), 0), SIZE_MAX, "%s", e.text);
  c.kind = STR("pigeon");
  cr_expect_eq(endpoint_open(&other, o.loop, &c, &none, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("\"pigeon\""), 0), SIZE_MAX, "%s", e.text);
  c.kind = STR("vans-folder");
  cr_expect_eq(endpoint_open(&other, o.loop, &c, &none, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("both folders"), 0), SIZE_MAX, "%s", e.text);
  office_close(&o);
}

/* Puts a whole file into the folder, as a vendor's system does. */
static void drop(struct office *o, const char *name, struct str bytes) {
  struct error e;
  cr_assert_eq(file_write(file_join(o->arena, office_path(o, "from"), name), bytes, &e), 0, "%s", e.text);
}

Test(endpoint, folder_a_file_is_moved_away_once_it_is_stored) {
  struct office o;
  struct error e;
  struct str bytes;
  office_open(&o, "vans-folder", "");
  drop(&o, "a.xml", STR("hello"));
  office_until(&o, &o.arrivals, 1);
  cr_expect(str_eqz(o.via, "folder"));
  cr_expect(str_eqz(o.file, "a.xml"));
  cr_expect_gt(o.ident.n, (size_t)0);
  cr_expect(!file_exists(office_path(&o, "from/a.xml")));
  cr_assert_eq(file_read(&bytes, o.arena, office_path(&o, "from/received/m7-a.xml"), 100, &e), 0, "%s", e.text);
  cr_expect(str_eqz(bytes, "hello"));
  drop(&o, "a.xml", STR("hello"));
  office_until(&o, &o.arrivals, 2);
  office_close(&o);
}

Test(endpoint, folder_what_is_refused_stays_and_is_tried_again, .timeout = 120) {
  struct office o;
  office_open(&o, "vans-folder", "");
  o.refuse = true;
  drop(&o, "a.xml", STR("hello"));
  office_until(&o, &o.arrivals, 1);
  cr_expect(file_exists(office_path(&o, "from/a.xml")));
  o.refuse = false;
  office_until(&o, &o.arrivals, 2);
  cr_expect(!file_exists(office_path(&o, "from/a.xml")));
  office_close(&o);
}

Test(endpoint, folder_messages_out_are_files) {
  struct office o;
  struct error e;
  struct str bytes;
  office_open(&o, "vans-folder", "");
  endpoint_send(o.endpoint, STR("m1"), STR("hello"), STR("text/plain"), STR("1_first.xml"));
  cr_expect(str_eqz(o.status, "ready"));
  cr_assert_eq(file_read(&bytes, o.arena, office_path(&o, "to/m1-1_first.xml"), 100, &e), 0, "%s", e.text);
  cr_expect(str_eqz(bytes, "hello"));
  rename(office_path(&o, "to"), office_path(&o, "gone"));
  endpoint_send(o.endpoint, STR("m1"), STR("hello"), STR("text/plain"), STR("1_first.xml"));
  cr_expect_eq(o.results, (size_t)2);
  cr_expect_eq(o.status.n, (size_t)0);
  cr_expect_gt(o.failure.n, (size_t)0);
  office_close(&o);
}

Test(endpoint, by_hand_messages_out_lie_ready) {
  struct office o;
  office_open(&o, "upload", "");
  endpoint_send(o.endpoint, STR("m1"), STR("hello"), STR("text/plain"), STR("1_first.xml"));
  cr_expect(str_eqz(o.status, "ready"));
  cr_expect(str_starts(str_z(endpoint_address(o.endpoint)), STR("testcamp put")));
  office_close(&o);
}

/* ---- fhir-rest ---- */

Test(endpoint, fhir_rest_answers_what_was_decided_before_it_was_stored) {
  struct office o;
  office_open(&o, "fhir-rest", "");
  office_ask_as(&o, "POST", "/Patient", "application/fhir+json", STR("{\"resourceType\":\"Patient\"}"));
  cr_expect_eq(o.code, 201);
  cr_expect(str_eqz(facts_get(&o.facts, "http.status"), "201") && str_eqz(facts_get(&o.facts, "rest.id"), "new-1"));
  cr_expect(str_eqz(facts_get(&o.facts, "rest.interaction"), "create"));
  cr_expect(str_eqz(facts_get(&o.facts, "kind"), "message") && str_eqz(o.via, "fhir-rest"));
  cr_expect_neq(str_find(o.headers, str_z("/epj-st-3/sender/Patient/new-1/_history/1"), 0), SIZE_MAX, "%.*s",
                STR_F(o.headers));
  cr_expect_neq(str_find(o.headers, str_z("W/\"1\""), 0), SIZE_MAX, "%.*s", STR_F(o.headers));
  office_ask(&o, "GET", "/Patient/new-1", STR(""));
  cr_expect_eq(o.code, 404, "this office holds nothing");
  cr_expect(str_eqz(facts_get(&o.facts, "rest.issue"), "Patient/new-1 is not here"));
  cr_expect_eq(o.arrivals, (size_t)2);
  office_close(&o);
}

Test(endpoint, fhir_rest_what_cannot_be_stored_is_answered_so) {
  struct office o;
  office_open(&o, "fhir-rest", "");
  o.refuse = true;
  office_ask_as(&o, "POST", "/Patient", "application/fhir+json", STR("{\"resourceType\":\"Patient\"}"));
  cr_expect_eq(o.code, 507);
  office_close(&o);
}

Test(endpoint, fhir_rest_what_we_have_for_the_system_lies_there) {
  struct office o;
  office_open(&o, "fhir-rest", "http://127.0.0.1:1/nobody");
  endpoint_send(o.endpoint, STR("m1"), STR("x"), STR("text/plain"), STR("x.txt"));
  cr_expect(str_eqz(o.status, "ready"));
  office_close(&o);
}
