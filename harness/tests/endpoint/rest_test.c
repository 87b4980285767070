/* The simulated FHIR server as a function: a request and what is there give an answer. */
#include "endpoint/rest.h"

#include "fhir/shapes.h"

#include <criterion/criterion.h>

#define BASE "http://here/fhir"
#define BUNDLE                                                                                                         \
  "<Bundle xmlns=\"http://hl7.org/fhir\"><id value=\"old\"/><type value=\"message\"/><entry><fullUrl "                 \
  "value=\"urn:uuid:h\"/><resource><MessageHeader><id value=\"h\"/><eventCoding><system value=\"s\"/><code "           \
  "value=\"e\"/></eventCoding><destination><endpoint value=\"https://there/?a=b\"/></destination></MessageHeader>"     \
  "</resource></entry></Bundle>"

/* What is there; the digest is the bytes. */
static const struct rest_resource held[] = {
    {.type = STR_INIT("Patient"),
     .id = STR_INIT("1"),
     .version = 1,
     .at = 1,
     .digest = STR_INIT("{\"resourceType\":\"Patient\",\"id\":\"x\",\"name\":[{\"family\":\"Old\"}]}")},
    {.type = STR_INIT("Patient"),
     .id = STR_INIT("1"),
     .version = 2,
     .at = 1,
     .digest = STR_INIT("{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"urn:cpr\",\"value\":\"12\"}],"
                        "\"active\":true,\"name\":[{\"family\":\"Ågård\",\"given\":[\"Bo\"]}],"
                        "\"birthDate\":\"1989-12-25\"}")},
    {.type = STR_INIT("Patient"),
     .id = STR_INIT("2"),
     .version = 1,
     .at = 1,
     .digest = STR_INIT("{\"resourceType\":\"Patient\"}")},
    {.type = STR_INIT("Patient"), .id = STR_INIT("2"), .version = 2, .at = 1, .gone = true},
    {.type = STR_INIT("Bundle"), .id = STR_INIT("b"), .version = 1, .at = 1, .digest = STR_INIT(BUNDLE)},
    {.type = STR_INIT("Communication"),
     .id = STR_INIT("c"),
     .version = 1,
     .at = 1,
     .digest = STR_INIT("{\"resourceType\":\"Communication\",\"status\":\"completed\",\"category\":[{\"coding\":"
                        "[{\"system\":\"http://cat\",\"code\":\"nursing\"}]}],\"subject\":{\"reference\":"
                        "\"http://here/fhir/Patient/1\"},\"sent\":\"2026-01-05T10:00:00+01:00\"}")},
};

static int bytes_of(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  (void)context, (void)a, (void)e;
  *out = digest;
  return 0;
}

struct desk {
  struct arena *a;
  struct shapes *shapes;
  struct rest_target target;
  struct rest_answer answer;
  size_t resources_n;
};

static void desk_open(struct desk *d) {
  struct error e;
  *d = (struct desk){.a = arena_new(0), .resources_n = sizeof held / sizeof *held};
  cr_assert_eq(shapes_read(&d->shapes, d->a, TEST_ROOT, &e), 0, "%s", e.text);
}

static void ask(struct desk *d, struct rest_request q) {
  struct rest_site site = {.base = STR(BASE),
                           .shapes = d->shapes,
                           .new_id = STR("new-1"),
                           .resources = held,
                           .resources_n = d->resources_n,
                           .bytes = bytes_of};
  if (!q.size) q.size = q.body.n;
  rest_target_read(&d->target, d->a, &q, d->shapes, NULL);
  rest_answer(&d->answer, d->a, &q, &d->target, &site);
}

static bool says(const struct desk *d, const char *text) {
  return str_find(d->answer.body, str_z(text), 0) != SIZE_MAX;
}

static void read_url(struct desk *d, const char *url) {
  struct str query = str_z(url), path = str_cut(&query, '?');
  ask(d, (struct rest_request){.method = STR("GET"), .path = path, .query = query});
}

static void send_to(struct desk *d, const char *method, const char *path, const char *type, const char *body) {
  ask(d, (struct rest_request){
             .method = str_z(method), .path = str_z(path), .content_type = str_z(type), .body = str_z(body)});
}

#define JSON "application/fhir+json"
#define PATIENT(id) "{\"resourceType\":\"Patient\",\"id\":\"" id "\"}"

Test(rest, each_mistake_has_its_status_and_says_what_is_wrong) {
  static const struct {
    const char *method, *path, *type, *body;
    int status;
    const char *says;
  } rows[] = {
      {"POST", "/Patient", "text/plain", PATIENT("1"), 415, "Content-Type \\\"text/plain\\\" is not taken"},
      {"POST", "/Patient", "", PATIENT("1"), 415, "not-supported"},
      {"POST", "/Patient", JSON, "", 400, "The body is empty"},
      {"POST", "/Patient", JSON, " \n", 400, "The body is empty"},
      {"POST", "/Patient", JSON, "{\"resourceType\":\"Patient\",}", 400, "line 1, column"},
      {"POST", "/Patient", JSON, "{\"id\":\"1\"}", 400, "no FHIR resource"},
      {"POST", "/Patient", JSON, PATIENT("1") PATIENT("2"), 400, "more than one resource"},
      {"POST", "/Patient", JSON, "[" PATIENT("1") "]", 400, "more than one resource"},
      {"POST", "/Patient", JSON, "{\"resourceType\":\"Patient\",\"id\":\"}{\\\"\"} ", 201, "\"Patient\""},
      {"POST", "/Patient", JSON, "<Patient xmlns=\"http://hl7.org/fhir\"/>", 400, "Content-Type says JSON"},
      {"POST", "/Patient", "application/xml", PATIENT("1"), 400, "but the body is JSON"},
      {"POST", "/Patient", JSON, "{\"resourceType\":\"Basic\"}", 400, "The resource is a Basic"},
      {"POST", "/Patience", JSON, PATIENT("1"), 404, "\\\"Patience\\\" is no type"},
      {"POST", "/Resource", JSON, PATIENT("1"), 404, "is no type of resource"},
      {"POST", "/patient", JSON, PATIENT("1"), 404, "is no type of resource"},
      {"POST", "", JSON, PATIENT("1"), 405, "POST goes to /[type]"},
      {"POST", "/$process-message", JSON, PATIENT("1"), 404, "The operation \\\"$process-message\\\""},
      {"PATCH", "/Patient/1", JSON, "{}", 405, "GET, PUT, DELETE"},
      {"DELETE", "/Patient", "", "", 405, "GET, POST"},
      {"PUT", "/Patient/1", JSON, "{\"resourceType\":\"Patient\"}", 400, "has no id"},
      {"PUT", "/Patient/1", JSON, PATIENT("2"), 400, "has the id \\\"2\\\""},
      {"PUT", "/Patient/../../etc/passwd", JSON, PATIENT("2"), 404, "Nothing is at"},
      {"PUT", "/Patient/..", JSON, PATIENT(".."), 400, "\\\"..\\\" is no id"},
      {"GET", "/Patient/a_b", "", "", 400, "\\\"a_b\\\" is no id"},
      {"GET", "/Patient/0123456789012345678901234567890123456789012345678901234567890123x", "", "", 400, "is no id"},
      {"GET", "/Patient/9", "", "", 404, "Patient/9 is not here"},
      {"GET", "/Patient/2", "", "", 410, "Patient/2 was here and is deleted"},
      {"GET", "/Patient/1/_history/3", "", "", 404, "is not here"},
      {"GET", "/Patient/1/x/y/z/w/v", "", "", 404, "Nothing is at"},
      {"GET", "//Patient", "", "", 404, "is no type of resource"},
  };
  struct desk d;
  desk_open(&d);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    send_to(&d, rows[i].method, rows[i].path, rows[i].type, rows[i].body);
    cr_expect_eq(d.answer.status, rows[i].status, "%zu %s %s: %d", i, rows[i].method, rows[i].path, d.answer.status);
    cr_expect(says(&d, rows[i].says), "%zu: %.*s", i, STR_F(d.answer.body));
    if (rows[i].status >= 400) {
      cr_expect(says(&d, "OperationOutcome"), "%zu", i);
      cr_expect(d.answer.issue.n && d.answer.da.n, "%zu", i);
    }
  }
  arena_free(d.a);
}

Test(rest, limits) {
  struct desk d;
  desk_open(&d);
  ask(&d, (struct rest_request){
              .method = STR("POST"), .path = STR("/Patient"), .content_type = STR(JSON), .size = REST_BODY_MAX + 1});
  cr_expect_eq(d.answer.status, 413);
  d.resources_n = REST_RESOURCES_MAX; /* none of them is looked at */
  send_to(&d, "POST", "/Patient", JSON, PATIENT("1"));
  cr_expect_eq(d.answer.status, 507);
  arena_free(d.a);
}

Test(rest, a_create_gets_an_id_of_the_servers) {
  struct desk d;
  desk_open(&d);
  send_to(&d, "POST", "/Patient", JSON "; charset=utf-8", PATIENT("mine"));
  cr_expect_eq(d.answer.status, 201);
  cr_expect(str_eqz(d.answer.id, "new-1") && d.answer.version == 1);
  cr_expect(str_eqz(d.answer.location, "Patient/new-1/_history/1"));
  cr_expect(says(&d, "\"id\": \"new-1\"") && says(&d, "\"versionId\": \"1\""), "%.*s", STR_F(d.answer.body));
  cr_expect(!d.answer.given);
  arena_free(d.a);
}

/* To ignore it would create what the system wanted not to be there twice. */
Test(rest, a_conditional_create_is_refused) {
  struct desk d;
  desk_open(&d);
  ask(&d, (struct rest_request){.method = STR("POST"),
                                .path = STR("/Patient"),
                                .content_type = STR(JSON),
                                .body = STR(PATIENT("1")),
                                .if_none_exist = STR("identifier=12")});
  cr_expect(d.answer.status == 400 && says(&d, "If-None-Exist is not supported"));
  arena_free(d.a);
}

Test(rest, prefer_says_what_comes_back) {
  struct desk d;
  struct rest_request q = {.method = STR("POST"),
                           .path = STR("/Patient"),
                           .content_type = STR(JSON),
                           .body = STR(PATIENT("1")),
                           .prefer = STR("return=minimal")};
  desk_open(&d);
  ask(&d, q);
  cr_expect(d.answer.status == 201 && d.answer.body.n == 0 && !*d.answer.content_type);
  q.prefer = STR("return=OperationOutcome");
  ask(&d, q);
  cr_expect(d.answer.status == 201 && says(&d, "OperationOutcome") && !d.answer.issue.n);
  arena_free(d.a);
}

Test(rest, an_update_makes_a_version_or_a_resource) {
  struct desk d;
  desk_open(&d);
  send_to(&d, "PUT", "/Patient/1", JSON, PATIENT("1"));
  cr_expect(d.answer.status == 200 && d.answer.version == 3);
  send_to(&d, "PUT", "/Patient/own", JSON, PATIENT("own"));
  cr_expect(d.answer.status == 201 && d.answer.version == 1);
  send_to(&d, "PUT", "/Patient/2", JSON, PATIENT("2"));
  cr_expect(d.answer.status == 201 && d.answer.version == 3, "what was deleted comes back");
  arena_free(d.a);
}

Test(rest, if_match_must_be_the_current_version) {
  struct desk d;
  struct rest_request q = {.method = STR("PUT"),
                           .path = STR("/Patient/1"),
                           .content_type = STR(JSON),
                           .body = STR(PATIENT("1")),
                           .if_match = STR("W/\"1\"")};
  desk_open(&d);
  ask(&d, q);
  cr_expect_eq(d.answer.status, 412);
  q.if_match = STR("W/\"2\"");
  ask(&d, q);
  cr_expect_eq(d.answer.status, 200);
  arena_free(d.a);
}

Test(rest, a_read_gives_the_resource_as_the_server_has_it) {
  struct desk d;
  desk_open(&d);
  read_url(&d, "/Patient/1");
  cr_expect(d.answer.status == 200 && d.answer.given && d.answer.version == 2);
  cr_expect(says(&d, "\"id\": \"1\"") && says(&d, "Ågård") && says(&d, "\"lastUpdated\": \"1970-01-01T"));
  read_url(&d, "/Patient/1/_history/1");
  cr_expect(d.answer.status == 200 && says(&d, "\"id\": \"1\"") && says(&d, "Old"));
  arena_free(d.a);
}

Test(rest, either_form_can_be_had_of_either) {
  static const struct {
    const char *accept, *query;
    int status;
    bool xml;
  } rows[] = {{"", "", 200, false},
              {"*/*", "", 200, false},
              {"application/fhir+xml", "", 200, true},
              {"text/html,application/xml;q=0.9,*/*;q=0.8", "", 200, true},
              {"application/fhir+json;fhirVersion=4.0", "", 200, false},
              {"application/fhir+json", "_format=xml", 200, true},
              {"application/fhir+json", "_format=application/fhir+xml", 200, true},
              {"application/fhir+json", "_format=application%2Ffhir%2Bxml", 200, true},
              {"text/turtle", "", 406, false},
              {"", "_format=ttl", 406, false}};
  static const char *const paths[] = {"/Bundle/b", "/Patient/1"};
  struct desk d;
  desk_open(&d);
  for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
    size_t k = i / 2;
    ask(&d, (struct rest_request){.method = STR("GET"),
                                  .path = str_z(paths[i % 2]),
                                  .accept = str_z(rows[k].accept),
                                  .query = str_z(rows[k].query)});
    cr_expect_eq(d.answer.status, rows[k].status, "%s %s", rows[k].accept, rows[k].query);
    cr_expect_eq(d.answer.body.p[0], rows[k].xml ? '<' : '{', "%s %s", rows[k].accept, rows[k].query);
    if (rows[k].status == 200) cr_expect(says(&d, rows[k].xml ? "versionId value" : "\"versionId\""));
  }
  arena_free(d.a);
}

/* "<how many> <query>". */
Test(rest, searches) {
  static const char *const rows[] = {
      "1 Patient",
      "1 Patient?_id=1",
      "0 Patient?_id=x",
      "0 Patient?_id=2",
      "1 Patient?_id=7,1",
      "1 Patient?identifier=12",
      "1 Patient?identifier=urn:cpr%7C12",
      "1 Patient?identifier=urn:cpr|12",
      "1 Patient?identifier=urn:cpr|",
      "0 Patient?identifier=|12",
      "0 Patient?identifier=urn:other|12",
      "1 Patient?name=%C3%A5g",
      "1 Patient?name=bo&_id=1",
      "0 Patient?name=bo&_id=3",
      "1 Patient?family:exact=%C3%85g%C3%A5rd",
      "0 Patient?family:exact=%C3%85g",
      "1 Patient?family:contains=rd",
      "0 Patient?family=old",
      "1 Patient?active=true",
      "1 Patient?birthdate=1989-12-25",
      "1 Patient?birthdate=1989",
      "0 Patient?birthdate=1988",
      "1 Patient?birthdate=gt1989-12-24",
      "0 Patient?birthdate=lt1989-12-25",
      "1 Patient?birthdate=le1989-12-25",
      "1 Bundle?message.destination-uri=https://there/%3Fa%3Db",
      "0 Bundle?message.destination-uri=https://there/",
      "1 Bundle?message.event=s|e",
      "1 Bundle?message=urn:uuid:h",
      "1 Bundle?message=h",
      "1 Bundle?_id=b",
      "0 Bundle?_id=old",
      "1 Communication?category=nursing&status=completed",
      "1 Communication?patient=1",
      "1 Communication?subject=Patient/1",
      "0 Communication?subject=atient/1",
      "1 Communication?sent=ge2026-01-05T09:00:00Z",
      "0 Communication?sent=gt2026-01-05T09:00:00Z",
      "0 Observation?code=x",
      "1 Patient?_sort=-birthdate",
  };
  struct desk d;
  desk_open(&d);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    read_url(&d, arena_printf(d.a, "/%s", rows[i] + 2).p);
    cr_expect_eq(d.answer.status, 200, "%s: %.*s", rows[i], STR_F(d.answer.body));
    cr_expect(says(&d, arena_printf(d.a, "\"total\": %c,", rows[i][0]).p), "%s: %.*s", rows[i], STR_F(d.answer.body));
  }
  arena_free(d.a);
}

Test(rest, a_searchset_names_what_it_holds) {
  struct desk d;
  desk_open(&d);
  read_url(&d, "/Patient?_count=1&active=true");
  cr_expect(d.answer.given && says(&d, "\"searchset\"") && says(&d, "\"mode\": \"match\""));
  cr_expect(says(&d, "\"" BASE "/Patient/1\"") && says(&d, "\"" BASE "/Patient?_count=1&active=true\""));
  read_url(&d, "/Patient?_count=0");
  cr_expect(says(&d, "\"total\": 1") && !says(&d, "\"entry\""));
  ask(&d, (struct rest_request){.method = STR("POST"),
                                .path = STR("/Patient/_search"),
                                .content_type = STR("application/x-www-form-urlencoded"),
                                .body = STR("_id=1")});
  cr_expect(d.answer.status == 200 && says(&d, "\"total\": 1"));
  arena_free(d.a);
}

Test(rest, what_cannot_be_searched_is_refused) {
  static const char *const urls[] = {"/Patient?colour=red", "/Patient?name:missing=true",    "/Bundle?family=x",
                                     "/Patient?_sort=name", "/Patient?_sort=birthdate,name", "/Patient?_sort=-"};
  struct desk d;
  struct buf b;
  desk_open(&d);
  for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
    read_url(&d, urls[i]);
    cr_expect_eq(d.answer.status, 400, "%s", urls[i]);
    cr_expect(says(&d, "is not supported here; possible: _id"), "%.*s", STR_F(d.answer.body));
  }
  buf_init(&b, 4096);
  buf_addz(&b, "/Patient?");
  for (size_t i = 0; i <= REST_TERMS_MAX; i++) buf_addz(&b, "_id=1&");
  read_url(&d, buf_take(&b, d.a).p);
  cr_expect_eq(d.answer.status, 400);
  cr_expect(says(&d, "at most"));
  arena_free(d.a);
}

Test(rest, deletes) {
  struct desk d;
  desk_open(&d);
  send_to(&d, "DELETE", "/Patient/1", "", "");
  cr_expect(d.answer.status == 204 && d.answer.version == 3 && !d.answer.body.n);
  send_to(&d, "DELETE", "/Patient/2", "", "");
  cr_expect(d.answer.status == 204 && d.answer.version == 2, "gone already");
  send_to(&d, "DELETE", "/Patient/never", "", "");
  cr_expect(d.answer.status == 204 && d.answer.version == 0);
  arena_free(d.a);
}

Test(rest, the_interaction_is_told_of_what_is_refused_too) {
  static const struct {
    const char *method, *path, *interaction, *type, *id;
  } rows[] = {{"POST", "/Bundle", "create", "Bundle", ""},
              {"GET", "/Bundle/1", "read", "Bundle", "1"},
              {"GET", "/Bundle", "search", "Bundle", ""},
              {"POST", "/Bundle/_search", "search", "Bundle", ""},
              {"PUT", "/Bundle/1", "update", "Bundle", "1"},
              {"DELETE", "/Bundle/1", "delete", "Bundle", "1"},
              {"GET", "/metadata", "capabilities", "", ""},
              {"GET", "/Bundle/1/_history/2", "read", "Bundle", "1"},
              {"POST", "/Bundles", "create", "Bundles", ""},
              {"GET", "/Bundle/1/x", "other", "", ""},
              {"POST", "/", "other", "", ""},
              {"PATCH", "/Bundle/1", "other", "Bundle", "1"}};
  struct desk d;
  desk_open(&d);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    send_to(&d, rows[i].method, rows[i].path, JSON, "");
    cr_expect_str_eq(d.target.interaction, rows[i].interaction, "%s %s", rows[i].method, rows[i].path);
    cr_expect(str_eqz(d.target.type, rows[i].type) && str_eqz(d.target.id, rows[i].id), "%s", rows[i].path);
  }
  arena_free(d.a);
}

Test(rest, capabilities_name_every_parameter) {
  struct desk d;
  desk_open(&d);
  read_url(&d, "/metadata");
  cr_expect(d.answer.status == 200 && says(&d, "\"CapabilityStatement\"") && says(&d, "\"4.0.1\""));
  cr_expect(says(&d, "\"message.destination-uri\"") && says(&d, "\"updateCreate\": true"));
  arena_free(d.a);
}
