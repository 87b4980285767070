/* Letters in EDIFACT and OIOXML in the reference vendor: what it writes, how it judges, and how it answers. */
#include "formats/edifact.h"
#include "peer.h"
#include "refvendor/edi.h"

#include <criterion/criterion.h>

#define EDI "'standard':'edi',"
#define QUIET_MS INT64_C(150)

static const struct message *written(struct peer *p, const char *trigger, size_t n) {
  cr_assert_eq(peer_trigger(p, trigger), 200, "%s: %.*s", trigger, STR_F(p->body));
  const struct message *m = peer_await(p, n, PEER_WAIT_MS);
  cr_assert_not_null(m, "%s", trigger);
  return m;
}

static void write_all(const char *x, const char *envelope) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  size_t n = 0;
  for (const struct rv_letter_type *t = rv_letter_types; t->type; t++) {
    const char *type = arena_printf(p.arena, "%s%s", x, t->type).p;
    const char *call = arena_printf(p.arena, "{" EDI "'action':'send','type':'%s','envelope':'%s'}", type, envelope).p;
    const struct message *m = written(&p, call, ++n);
    peer_expect_valid(&p, m, type);
    cr_expect(str_eqz(peer_fact(m, "letter"), type), "%s", type);
    cr_expect(str_ends(peer_fact(m, "letter.version"), str_z(t->version)), "%s", type);
    cr_expect(str_eqz(peer_fact(m, "patient"), "2512489996"), "%s", type);
    cr_expect(str_eqz(peer_fact(m, "ack.requested"), "true"), "%s", type);
  }
  peer_close(&p);
}

Test(edi, every_type_is_written_in_edifact) {
  write_all("", "none");
}

Test(edi, every_type_is_written_in_oioxml) {
  write_all("X", "none");
}

Test(edi, a_letter_goes_in_an_envelope) {
  write_all("", "vans");
}

Test(edi, what_edifact_would_take_for_a_sign_is_released) {
  struct peer p;
  struct edifact_hits hits = {0};
  struct error e;
  peer_init(&p);
  peer_start(&p);
  const struct message *m =
      written(&p, "{" EDI "'action':'send','type':'DIS91','patient':{'family':'Ærø+Test: ?'}}", 1);
  peer_expect_valid(&p, m, "DIS91");
  cr_assert_eq(edifact_find(&hits, p.arena, m->interchange, STR("S07/PNA+PAT/5.2"), &e), 0);
  cr_assert_eq(hits.n, 1);
  cr_expect(str_eqz(hits.v[0]->text, "Ærø+Test: ?"), "%.*s", STR_F(hits.v[0]->text));
  peer_close(&p);
}

Test(edi, an_attachment_is_a_letter_of_its_own) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  (void)written(&p, "{" EDI "'action':'send','type':'XDIS91','attachment':'true'}", 2);
  cr_expect(str_eqz(peer_fact(peer_await(&p, 1, PEER_WAIT_MS), "letter"), "XDIS91"));
  cr_expect(str_eqz(peer_fact(peer_await(&p, 2, PEER_WAIT_MS), "letter"), "XBIN01"));
  peer_close(&p);
}

#define UNB_TO(receiver, ack) "UNB+UNOC:3+" PEER_GLN ":14+" receiver ":14+260105:0959+K1++++" ack "'"
#define DIS91(version, patient, count)                                                                                 \
  "UNH+B1+MEDDIS:D:93A:UN:" version "+DIS91'S07+07'PNA+PAT+" patient ":::CPR:IM+++SU:Test'UNT+" count "+B1'UNZ+1+K1'"

struct judged {
  const char *bytes, *receipt, *code;
};

/* receipt NULL: none comes. */
static void judge(const struct judged *j) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_expect_eq(peer_post(&p, "/vans", str_z(j->bytes)), 202, "%s", j->bytes);
  const struct message *m = peer_await(&p, 1, j->receipt ? PEER_WAIT_MS : QUIET_MS);
  cr_assert_eq(m != NULL, j->receipt != NULL, "%s", j->bytes);
  if (m) {
    peer_expect_valid(&p, m, j->bytes);
    cr_expect(str_eqz(peer_fact(m, "receipt.kind"), j->receipt), "%s", j->bytes);
    cr_expect(str_eqz(peer_fact(m, "receipt.code"), j->code), "%s", j->bytes);
    cr_expect(str_eqz(peer_fact(m, "receipt.of"), "K1"), "%s", j->bytes);
    cr_expect(str_eqz(peer_fact(m, "interchange.receiver"), PEER_GLN), "%s", j->bytes);
  }
  peer_close(&p);
}

Test(edi, what_comes_is_judged_and_answered) {
  static const struct judged rows[] = {{UNB_TO(OWN_GLN, "1") DIS91("D9134L", "2512489996", "4"), "CTL03", ""},
                                       {UNB_TO(OWN_GLN, "0") DIS91("D9134L", "2512489996", "4"), NULL, NULL},
                                       {UNB_TO(OWN_GLN, "0") DIS91("D9134L", "2512489996", "5"), "CTL02", "SYN"},
                                       {UNB_TO(OWN_GLN, "1") DIS91("D9199L", "2512489996", "4"), "CTL02", "VER"},
                                       {UNB_TO(OTHER_GLN, "1") DIS91("D9134L", "2512489996", "4"), "CTL02", "LOK"},
                                       {UNB_TO(OWN_GLN, "1") DIS91("D9134L", "", "4"), "CTL02", "SYN"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) judge(&rows[i]);
}

Test(edi, the_same_letter_gets_the_same_receipt) {
  struct peer p;
  struct str letter = STR(UNB_TO(OWN_GLN, "1") DIS91("D9134L", "2512489996", "4"));
  peer_init(&p);
  peer_start(&p);
  for (size_t n = 1; n <= 2; n++) {
    cr_expect_eq(peer_post(&p, "/vans", letter), 202);
    const struct message *m = peer_await(&p, n, PEER_WAIT_MS);
    cr_assert_not_null(m);
    cr_expect(str_eqz(peer_fact(m, "receipt.kind"), "CTL03"));
  }
  cr_expect_neq(str_find(peer_state(&p), STR("\"id\": \"B1\""), 0), SIZE_MAX);
  peer_close(&p);
}

Test(edi, a_receipt_is_never_answered) {
  struct peer p;
  struct str receipt = STR(UNB_TO(OWN_GLN, "1") "UNH+B2+CONTRL:D:93A:ZZ:C0330Q+CTL03'UCI+K9+" OWN_GLN ":14+" PEER_GLN
                                                ":14+7'UNT+3+B2'UNZ+1+K1'");
  peer_init(&p);
  peer_start(&p);
  cr_expect_eq(peer_post(&p, "/vans", receipt), 202);
  cr_expect_null(peer_await(&p, 1, QUIET_MS));
  peer_close(&p);
}

Test(edi, an_answer_names_what_it_answers) {
  struct peer p;
  struct str referral =
      STR(UNB_TO(OWN_GLN, "0") "UNH+B1+MEDREF:D:93A:UN:H0130R+REF01'S02+02'RFF+ROI:HENV7'S07+07'PNA+PAT+"
                               "2512489996:::CPR:IM+++SU:Test'UNT+6+B1'UNZ+1+K1'");
  struct edifact_hits hits = {0};
  struct error e;
  peer_init(&p);
  peer_start(&p);
  cr_expect_eq(peer_post(&p, "/vans", referral), 202);
  const struct message *m = written(&p, "{" EDI "'action':'answer','answers':'B1'}", 1);
  cr_expect(str_eqz(peer_fact(m, "letter"), "DIS02"));
  cr_assert_eq(edifact_find(&hits, p.arena, m->interchange, STR("S05/RFF+ROI/1.2"), &e), 0);
  cr_assert_eq(hits.n, 1);
  cr_expect(str_eqz(hits.v[0]->text, "HENV7"));
  peer_close(&p);
}

Test(edi, triggers_are_judged) {
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  cr_expect_eq(peer_trigger(&p, "{" EDI "'action':'send','type':'DIS99'}"), 400);
  cr_expect_neq(str_find(p.body, STR("no letter of type"), 0), SIZE_MAX, "%.*s", STR_F(p.body));
  peer_close(&p);
}

Test(edi, what_is_no_letter_is_refused) {
  static const char *const rows[] = {"UNA:+.? 'UNB", "UNB+UNOC:3'", "<Emessage xmlns='x'>"};
  struct peer p;
  peer_init(&p);
  peer_start(&p);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect_eq(peer_post(&p, "/vans", str_z(rows[i])), 400, "%s", rows[i]);
  peer_close(&p);
}

/* A declared defect may be of letters of several types, and is made to a bare one. */
Test(edi, a_declared_defect_is_made_to_letters) {
  struct peer p;
  peer_init(&p);
  peer_defect(&p, "answer-wrong-code");
  peer_start(&p);
  const struct message *m = written(&p, "{" EDI "'action':'send','type':'DIS16'}", 1);
  cr_expect_neq(str_find(m->raw.bytes, STR("PAS+XPOT"), 0), SIZE_MAX);
  m = written(&p, "{" EDI "'action':'send','type':'DIS91'}", 2);
  cr_expect_neq(str_find(m->raw.bytes, STR("PAS+POT"), 0), SIZE_MAX);
  peer_close(&p);
}
