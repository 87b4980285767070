/* ConditionList: the card of a patient, the document that is made of it, and the documents of others. */
#include "peer.h"

#include <criterion/criterion.h>
#include <string.h>

#define QUIET_MS INT64_C(500)
#define NANNA "'standard':'conditionlist','patient':{'cpr':'2512489996','given':'Nanna','family':'Prøveborg'}"
#define PNEUMONIA                                                                                                      \
  "{'name':'pneumonia','sks':'DJ189','sks-text':'Pneumoni UNS','icpc':'R81','icpc-text':'Lungebetændelse',"           \
  "'status':'resolved','type':'problem-list-item','abatement':'2024-03-01','note':'Hemmelig'}"
#define DEPRESSION "{'name':'depression','icpc':'P76','icpc-text':'Depression'}"

static void begin(struct peer *p, const char *defect) {
  peer_init(p);
  if (defect) peer_defect(p, defect);
  peer_start(p);
}

static int act(struct peer *p, const char *action, const char *rest) {
  return peer_trigger(p, arena_printf(p->arena, "{" NANNA ",'action':'%s'%s}", action, rest).p);
}

static size_t count(struct peer *p, size_t expected) {
  (void)peer_await(p, expected + 1, QUIET_MS);
  return p->got.n;
}

static bool says(struct str text, const char *what) {
  return str_find(text, str_z(what), 0) != SIZE_MAX;
}

static struct message *share(struct peer *p) {
  size_t n = p->got.n;
  cr_assert_eq(act(p, "share", ""), 200);
  return peer_await(p, n + 1, PEER_WAIT_MS);
}

Test(conditions, the_card_becomes_a_document) {
  struct peer p;
  begin(&p, NULL);
  cr_assert_eq(act(&p, "register", ",'diagnoses':[" PNEUMONIA "," DEPRESSION "]"), 200);
  struct message *m = share(&p);
  peer_expect_valid(&p, m, "document");
  cr_expect(str_eqz(peer_fact(m, "event"), "condition-list"));
  cr_expect(str_eqz(peer_fact(m, "envelope"), "none"));
  cr_expect(str_eqz(peer_fact(m, "form"), "json"));
  cr_expect(str_eqz(peer_fact(m, "patient"), "2512489996"));
  cr_expect(str_eqz(peer_fact(m, "author.sor"), "8888011000016005"));
  cr_expect_eq(peer_count(m, "Condition"), (size_t)2);
  cr_expect(str_eqz(node_text_at(peer_resource(m, "Condition"), "code.text"), "Pneumoni UNS"));
  cr_expect(str_eqz(node_text_at(peer_resource(m, "Condition"), "clinicalStatus.coding.code"), "resolved"));
  cr_expect(!says(m->raw.bytes, "Hemmelig"), "a note is not shared");
  cr_expect(str_eqz(node_text_at(peer_resource(m, "Patient"), "birthDate"), "1948-12-25"));
  peer_close(&p);
}

Test(conditions, changes_of_the_card_are_in_the_next_document) {
  struct peer p;
  begin(&p, NULL);
  (void)act(&p, "register", ",'diagnoses':[" PNEUMONIA "," DEPRESSION "]");
  struct message *first = share(&p);
  cr_expect_eq(act(&p, "update", ",'diagnoses':[{'name':'pneumonia','abatement':'','status':'current'}]"), 200);
  struct message *second = share(&p);
  cr_expect_null(node_child(peer_resource(second, "Condition"), "abatementDateTime"));
  cr_expect(!str_eq(peer_fact(first, "document.date"), peer_fact(second, "document.date")));
  cr_expect(!str_eq(peer_fact(first, "document.identifier"), peer_fact(second, "document.identifier")));
  cr_expect_eq(act(&p, "update", ",'diagnoses':[{'name':'nothing'}]"), 404);
  cr_expect_eq(act(&p, "delete", ",'diagnoses':[{'name':'pneumonia'}]"), 200);
  cr_expect_eq(peer_count(share(&p), "Condition"), (size_t)1);
  cr_expect_eq(act(&p, "delete", ""), 200);
  cr_expect_eq(act(&p, "share", ""), 200);
  cr_expect_eq(count(&p, 3), (size_t)3, "of an empty card there is no document");
  peer_close(&p);
}

Test(conditions, a_clinic_shares_what_is_its_own) {
  struct peer p;
  begin(&p, NULL);
  (void)act(&p, "register", ",'clinic':'other','diagnoses':[" PNEUMONIA "]");
  (void)act(&p, "register", ",'diagnoses':[" DEPRESSION "]");
  cr_expect_eq(peer_count(share(&p), "Condition"), (size_t)1);
  cr_expect_eq(act(&p, "share", ",'clinic':'other'"), 200);
  struct message *m = peer_await(&p, 2, PEER_WAIT_MS);
  cr_expect(str_eqz(peer_fact(m, "author.sor"), "8888071000016002"));
  cr_expect_eq(peer_trigger(&p, "{'standard':'conditionlist','action':'share'}"), 400);
  peer_close(&p);
}

/* How many diagnoses are shared of three, one of which is off the card and one private. */
static size_t shared(const char *defect) {
  struct peer p;
  begin(&p, defect);
  (void)act(&p, "register",
            ",'diagnoses':[" DEPRESSION ",{'name':'off','icpc':'R05','card':'false'},"
            "{'name':'hidden','icpc':'P74','private':'true'}]");
  size_t n = peer_count(share(&p), "Condition");
  peer_close(&p);
  return n;
}

Test(conditions, what_is_not_to_be_shared_is_not, .timeout = 120) {
  cr_expect_eq(shared(NULL), (size_t)1);
  cr_expect_eq(shared("shares-unlisted"), (size_t)2);
  cr_expect_eq(shared("shares-private"), (size_t)2);
}

Test(conditions, documents_can_be_lost_empty_or_in_xml, .timeout = 120) {
  struct peer p;
  begin(&p, "shares-empty-list");
  cr_expect_eq(peer_count(share(&p), "Condition"), (size_t)0);
  peer_close(&p);
  begin(&p, "documents-in-xml");
  (void)act(&p, "register", ",'diagnoses':[" DEPRESSION "]");
  cr_expect(str_eqz(peer_fact(share(&p), "form"), "xml"));
  peer_close(&p);
  begin(&p, "sends-nothing");
  (void)act(&p, "register", ",'diagnoses':[" DEPRESSION "]");
  cr_expect_eq(act(&p, "share", ""), 200);
  cr_expect_eq(count(&p, 0), (size_t)0);
  peer_close(&p);
}

static int post(struct peer *p, const char *name) {
  return peer_post(p, "/vans", peer_fixture(p, name, name, RESOURCE_JSON));
}

Test(conditions, a_document_is_shown_and_never_acknowledged) {
  struct peer p;
  begin(&p, NULL);
  cr_expect_eq(post(&p, "conditionlist/several.json"), 202);
  struct str state = peer_state(&p);
  cr_expect(says(state, "Astma UNS") && says(state, "DJ459") && says(state, "15240007"));
  cr_expect(!says(state, "penicillin"), "a note is not shown");
  cr_expect(!says(state, "Lungebetændelse"), "the display of a code is not shown");
  cr_expect_eq(post(&p, "conditionlist/one-deleted.json"), 202);
  state = peer_state(&p);
  cr_expect(says(state, "Astma UNS") && !says(state, "Pneumoni UNS"), "the newer list counts");
  cr_expect_eq(count(&p, 0), (size_t)0);
  peer_close(&p);
}

static struct str without_status(struct peer *p) {
  char *text = arena_z(p->arena, peer_fixture(p, "conditionlist/one.json", "x", RESOURCE_JSON));
  char *at = strstr(text, "http://snomed.info/sct");
  cr_assert_not_null(at);
  memcpy(at, "http://example.org/sct", strlen("http://example.org/sct"));
  return str_z(text);
}

Test(conditions, an_invalid_document_is_refused_and_shows_nothing, .timeout = 120) {
  struct peer p;
  begin(&p, NULL);
  cr_expect_eq(peer_post(&p, "/vans", without_status(&p)), 400);
  cr_expect(!says(peer_state(&p), "Pneumoni"));
  peer_close(&p);
  begin(&p, "fails-on-invalid");
  cr_expect_eq(peer_post(&p, "/vans", without_status(&p)), 500);
  cr_expect_eq(post(&p, "conditionlist/one.json"), 202);
  peer_close(&p);
}

Test(conditions, documents_can_be_refused_or_acknowledged, .timeout = 120) {
  struct peer p;
  begin(&p, "refuses-messages");
  cr_expect_eq(post(&p, "conditionlist/one.json"), 400);
  peer_close(&p);
  begin(&p, "acks-documents");
  cr_expect_eq(post(&p, "conditionlist/one.json"), 202);
  cr_expect(str_eqz(peer_fact(peer_await(&p, 1, PEER_WAIT_MS), "event"), "acknowledgement-message"));
  peer_close(&p);
}
