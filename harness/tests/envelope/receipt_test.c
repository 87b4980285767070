#include "envelope/receipt_judge.h"
#include "formats/edifact.h"
#include "formats/xml.h"

#include <criterion/criterion.h>

#define WRITTEN_MAX ((size_t)1 << 20)
#define NOON INT64_C(1767610800000) /* 2026-01-05 12:00 in Denmark */

/* Two letters, of which one stands in the receipts below too; with and without being asked for. */
#define INTERCHANGE(ack)                                                                                               \
  "UNA:+.? '\nUNB+UNOC:3+5790000201389:14+5790000121526:14+260105:1130+KUV0001" ack "'\n"                              \
  "UNH+BREV0001+MEDREF:D:93A:UN:H0130R+REF01'\nBGM+HNV++9+NA'\nDTM+137:202601051125:203'\nS02+02'\nRFF+ROI:F77'\n"     \
  "S07+07'\nPNA+PAT+2512489996:::CPR:IM+++SU:Berggren'\nUNT+8+BREV0001'\n"                                             \
  "UNH+BREV0002+MEDDIS:D:93A:UN:D9134L+DIS91'\nS07+07'\nPNA+PAT++++SU:Ukendt'\nRFF+XPI:0703921VJ4'\nS11+11'\n"         \
  "RFF+REI:EP?+1'\nUNT+7+BREV0002'\nUNZ+2+KUV0001'\n"
#define ASKED INTERCHANGE("++++1")
#define UNASKED INTERCHANGE("++++0")

#define NS "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2006/07/01/"
static const char emessage[] =
    "<?xml version='1.0'?><Emessage xmlns='" NS "'><Envelope><Sent><Date>2026-07-05</Date><Time>11:30</Time></Sent>"
    "<Identifier>KUV0002</Identifier><AcknowledgementCode>pluspositivkvitt</AcknowledgementCode></Envelope>"
    "<ClinicalEmail><Letter><Identifier>BREV0003</Identifier><VersionCode>XD9134L</VersionCode><Authorisation>"
    "<Date>2026-07-05</Date><Time>11:29</Time></Authorisation><TypeCode>XDIS91</TypeCode></Letter>"
    "<Sender><EANIdentifier>5790000201389</EANIdentifier></Sender><Receiver><EANIdentifier>5790000121526"
    "</EANIdentifier></Receiver><Patient><AlternativeIdentifier>0703921VJ4</AlternativeIdentifier></Patient>"
    "</ClinicalEmail></Emessage>";

static struct mail read_mail(struct arena *a, struct str bytes) {
  struct findings f;
  struct node *root = NULL;
  struct mail m;
  findings_init(&f, a);
  int read = bytes.p[0] == '<' ? xml_read(&root, a, (struct source){STR("x"), bytes}, &f)
                               : edifact_read(&root, a, (struct source){STR("x"), bytes}, &f);
  cr_assert_eq(read, 0);
  cr_assert_eq(findings_count(&f, SEV_ERROR), 0, "%.*s", STR_F(f.list.n ? f.list.v[0].en : STR("")));
  mail_read(&m, a, root);
  return m;
}

#define EQ(s, z) cr_expect(str_eqz((s), (z)), "'%.*s', not '%s'", STR_F(s), (z))

Test(mail, an_interchange_says_who_sends_what_to_whom) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  EQ(m.id, "KUV0001");
  EQ(m.sender, "5790000201389");
  EQ(m.receiver, "5790000121526");
  EQ(m.time, "2026-01-05T11:30:00+01:00");
  cr_expect_eq(m.ack, MAIL_ACK_YES);
  cr_assert_eq(m.letters.n, 2);
  const struct mail_letter *one = &m.letters.v[0], *two = &m.letters.v[1];
  EQ(one->id, "BREV0001");
  EQ(one->type, "REF01");
  EQ(one->version, "H0130R");
  EQ(one->message, "MEDREF");
  EQ(one->time, "2026-01-05T11:25:00+01:00");
  EQ(one->patient, "2512489996");
  EQ(one->episode, "F77");
  EQ(two->patient, "0703921VJ4");
  EQ(two->episode, "EP+1");
  EQ(MAIL_LIST(a, &m, type), "REF01, DIS91");
  arena_free(a);
}

Test(mail, an_emessage_says_the_same) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(emessage));
  EQ(m.id, "KUV0002");
  EQ(m.sender, "5790000201389");
  EQ(m.time, "2026-07-05T11:30:00+02:00");
  cr_expect_eq(m.ack, MAIL_ACK_YES);
  cr_assert_eq(m.letters.n, 1);
  EQ(m.letters.v[0].type, "XDIS91");
  EQ(m.letters.v[0].time, "2026-07-05T11:29:00+02:00");
  EQ(m.letters.v[0].patient, "0703921VJ4");
  arena_free(a);
}

Test(mail, years_of_two_digits_turn_at_the_pivot) {
  static const struct {
    const char *date, *time;
  } rows[] = {{"790105", "2079-01-05T11:30:00+01:00"}, {"800105", "1980-01-05T11:30:00+01:00"}, {"801305", ""}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    EQ(read_mail(a, arena_printf(a, "UNB+UNOC:3+1:14+2:14+%s:1130+K1'UNZ+0+K1'", rows[i].date)).time, rows[i].time);
  arena_free(a);
}

Test(mail, what_is_not_there_is_empty) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR("UNH+1'UNT+2+1'"));
  EQ(m.id, "");
  cr_expect_eq(m.ack, MAIL_ACK_UNSAID);
  cr_assert_eq(m.letters.n, 1);
  EQ(m.letters.v[0].type, "");
  arena_free(a);
}

/* ---- receipts ---- */

static struct receipt make(struct arena *a, const struct mail *to, const char *name, bool about_letter,
                           const char *fault) {
  struct receipt r;
  struct receipt_order o = {.row = receipt_row_named(str_z(name)),
                            .to = to,
                            .id = STR("SVAR0001"),
                            .letter_id = STR("SVARBREV0001"),
                            .at = NOON,
                            .code = STR("VER"),
                            .text = STR("Første linje: 'vi' kan + ikke?\nAnden"),
                            .about_letter = about_letter,
                            .mailbox = STR("DKTESTCAMP")};
  receipt_make(&r, a, &o);
  if (fault) receipt_fault_named(str_z(fault))->spoil(&r, a);
  return r;
}

static struct receipt written_and_read(struct arena *a, const struct receipt *r) {
  struct buf b;
  struct receipt again;
  buf_init(&b, WRITTEN_MAX);
  receipt_write(&b, r);
  struct mail m = read_mail(a, buf_take(&b, a));
  cr_assert(receipt_read(&again, a, &m));
  return again;
}

static struct str rules_of(struct arena *a, const struct receipt_case *c) {
  struct findings f;
  struct buf b;
  findings_init(&f, a);
  buf_init(&b, WRITTEN_MAX);
  receipt_judge(c, &f);
  for (size_t i = 0; i < f.list.n; i++) buf_printf(&b, "%s%.*s", i ? " " : "", STR_F(f.list.v[i].rule));
  return buf_take(&b, a);
}

static const char *mail_for(const struct receipt_row *row) {
  return row->syntax == MAIL_EDIFACT ? ASKED : emessage;
}

Test(receipt, every_kind_comes_back_as_it_was_made_and_is_right) {
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < 2 * receipt_rows_n; i++) {
    const struct receipt_row *row = &receipt_rows[i / 2];
    struct mail m = read_mail(a, str_z(mail_for(row)));
    struct receipt made = make(a, &m, row->name, i % 2, NULL), r = written_and_read(a, &made);
    cr_expect_eq(r.row, row);
    EQ(r.version, row->version);
    EQ(r.id, "SVAR0001");
    EQ(r.letter_id, "SVARBREV0001");
    EQ(r.of, arena_z(a, m.id));
    EQ(r.receiver, "5790000201389");
    EQ(r.sender, row->of_vans ? "DKTESTCAMP" : "5790000121526");
    cr_assert_eq(r.letters.n, m.letters.n);
    struct receipt_letter *l = &r.letters.v[0];
    EQ(l->version, arena_z(a, m.letters.v[0].version));
    bool reason = !row->positive;
    EQ(r.code, reason && i % 2 == 0 ? "VER" : "");
    EQ(l->code, reason && i % 2 ? "VER" : "");
    EQ(i % 2 ? l->text : r.text, reason ? "Første linje: 'vi' kan + ikke?\nAnden" : "");
    EQ(rules_of(a, &(struct receipt_case){.receipt = &r, .original = &m}), "");
  }
  arena_free(a);
}

/* What stands beside the first receipt was not read: that is said, whichever way it stands there. */
Test(receipt, more_than_one_in_a_message_is_not_taken_for_one) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  struct receipt made = make(a, &m, "CTL03", true, NULL), r;
  struct buf b;
  buf_init(&b, WRITTEN_MAX);
  receipt_write(&b, &made);
  struct str one = buf_take(&b, a);
  size_t uci = str_find(one, STR("UCI"), 0), end = str_find(one, STR("UNT"), 0);
  struct str body = str_sub(one, uci, end);
  struct mail two =
      read_mail(a, arena_printf(a, "%.*s%.*s%.*s", (int)end, one.p, STR_F(body), (int)(one.n - end), one.p + end));
  cr_assert(receipt_read(&r, a, &two));
  cr_expect_eq(r.more, 1);
  cr_expect_eq(r.letters.n, m.letters.n, "letters behind the second UCI are not about the first");
  EQ(rules_of(a, &(struct receipt_case){.receipt = &r, .original = &m}), "receipt.more");
  arena_free(a);
}

Test(receipt, of_more_letters_than_it_can_name_it_answers_the_whole) {
  struct arena *a = arena_new(0);
  struct buf b;
  buf_init(&b, WRITTEN_MAX);
  buf_printf(&b, "UNB+UNOC:3+5790000201389:14+5790000121526:14+260705:1130+MANY++++1'");
  for (size_t i = 1; i <= RECEIPT_LETTERS_MAX + 1; i++)
    buf_printf(&b, "UNH+B%zu+MEDDIS:D:93A:UN:D9134L'UNT+2+B%zu'", i, i);
  buf_printf(&b, "UNZ+%d+MANY'", RECEIPT_LETTERS_MAX + 1);
  struct mail m = read_mail(a, buf_take(&b, a));
  struct receipt made = make(a, &m, "CTL02", true, NULL), r = written_and_read(a, &made);
  cr_expect_eq(m.letters.n, RECEIPT_LETTERS_MAX + 1);
  cr_expect_eq(r.letters.n, 0);
  EQ(r.code, "VER");
  arena_free(a);
}

Test(receipt, a_code_without_a_text_is_kept) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  struct receipt made = make(a, &m, "CTL02", false, NULL);
  made.text = STR("");
  struct buf b;
  buf_init(&b, WRITTEN_MAX);
  receipt_write(&b, &made);
  struct str wire = buf_take(&b, a);
  cr_expect_neq(str_find(wire, STR("FTX+VER+P00++.'"), 0), SIZE_MAX, "%.*s", STR_F(wire));
  EQ(written_and_read(a, &made).code, "VER");
  arena_free(a);
}

/* Counted in UNT: UNH, UCI, two UCM and UNT, and the FTX. */
Test(receipt, lines_are_cut_and_put_together_again) {
#define SIXTYNINE "Æ12345678901234567890123456789012345678901234567890123456789012345678"
  static const struct {
    const char *text, *count;
  } rows[] = {{SIXTYNINE "90123456789\n\nlinje 3\nlinje 4\nlinje 5\nlinje 6\nlinje 7", "UNT+7+"},
              {"\nen tom linje foran", "UNT+6+"},
              {SIXTYNINE ".", "UNT+6+"},
              {SIXTYNINE " og ord", "UNT+6+"}};
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct receipt made = make(a, &m, "CTL02", false, NULL);
    struct buf b;
    made.text = str_z(rows[i].text);
    buf_init(&b, WRITTEN_MAX);
    receipt_write(&b, &made);
    cr_expect_neq(str_find(buf_str(&b), str_z(rows[i].count), 0), SIZE_MAX, "%.*s", STR_F(buf_str(&b)));
    buf_release(&b);
    EQ(written_and_read(a, &made).text, rows[i].text);
  }
  arena_free(a);
}

/* Every way of being wrong has a rule that tells of it, in both syntaxes. */
Test(receipt, what_is_made_wrong_is_found) {
  static const struct {
    const char *fault, *kind, *rules;
  } rows[] = {{"original-id", "CTL03", "receipt.original"},
              {"original-id", "XCTL03", "receipt.original"},
              {"original-letter", "CTL03", "receipt.letter receipt.letter receipt.letters-left"},
              {"original-letter", "XCTL02", "receipt.letter receipt.letters-left"},
              {"original-version", "CTL02", "receipt.letter-version receipt.letter-version"},
              {"original-version", "XCTL03", "receipt.letter-version"},
              {"original-parties", "CTL03", "receipt.parties-turned"},
              {"original-parties", "XCTL03", "receipt.parties-turned"},
              {"receiver", "CTL03", "receipt.receiver"},
              {"receiver", "XCTL01", "receipt.receiver"},
              {"sender", "CTL02", "receipt.sender"},
              {"sender", "XCTL03", "receipt.sender"},
              {"action", "CTL03", "receipt.kind receipt.kind receipt.kind"},
              {"action", "CTL02", "receipt.kind receipt.kind receipt.kind"},
              {"action", "XCTL03", "receipt.kind"},
              {"no-letters", "CTL03", "receipt.no-letter"},
              {"no-letters", "XCTL03", "receipt.no-letter"},
              {"no-letters", "CTL01", ""},
              {"asks", "CTL03", "receipt.asks"},
              {"asks", "XCTL03", "receipt.asks"},
              {"version", "CTL03", "receipt.version"},
              {"version", "XCTL02", "receipt.version"}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct receipt_row *row = receipt_row_named(str_z(rows[i].kind));
    struct mail m = read_mail(a, str_z(mail_for(row)));
    struct receipt made = make(a, &m, rows[i].kind, false, rows[i].fault), r = written_and_read(a, &made);
    struct str rules = rules_of(a, &(struct receipt_case){.receipt = &r, .original = &m});
    cr_expect(str_eqz(rules, rows[i].rules), "%s %s: %.*s", rows[i].fault, rows[i].kind, STR_F(rules));
  }
  arena_free(a);
}

Test(receipt, no_positive_one_that_nobody_asked_for) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(UNASKED));
  struct receipt yes = make(a, &m, "CTL03", false, NULL), no = make(a, &m, "CTL02", false, NULL);
  EQ(rules_of(a, &(struct receipt_case){.receipt = &yes, .original = &m}), "receipt.unasked");
  EQ(rules_of(a, &(struct receipt_case){.receipt = &no, .original = &m}), "");
  cr_expect_null(receipt_asked(&m, NULL));
  arena_free(a);
}

Test(receipt, none_of_a_receipt) {
  struct arena *a = arena_new(0);
  struct buf b;
  struct mail m = read_mail(a, STR(ASKED));
  struct receipt first = make(a, &m, "CTL03", false, "asks");
  buf_init(&b, WRITTEN_MAX);
  receipt_write(&b, &first);
  struct mail of = read_mail(a, buf_take(&b, a));
  struct receipt second = make(a, &of, "CTL03", false, NULL);
  EQ(rules_of(a, &(struct receipt_case){.receipt = &second, .original = &of}), "receipt.of-receipt");
  cr_expect_null(receipt_asked(&of, NULL), "a receipt is not answered, whatever it asks for");
  cr_expect_eq(receipt_asked(&m, NULL), receipt_row_named(STR("CTL03")));
  arena_free(a);
}

Test(receipt, the_other_syntax_and_the_network_are_told_apart) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED)), x = read_mail(a, STR(emessage));
  struct receipt other = make(a, &x, "CTL03", false, NULL), network = make(a, &m, "CTL01", false, NULL);
  other.letters.v[0].version = STR("D9134L"); /* as an operator between them makes it */
  EQ(rules_of(a, &(struct receipt_case){.receipt = &other, .original = &x}), "receipt.syntax");
  network.sender = m.receiver;
  EQ(rules_of(a, &(struct receipt_case){.receipt = &network, .original = &m}), "receipt.network");
  arena_free(a);
}

static struct str earlier_rules(struct arena *a, const struct receipt *r, const struct receipt *old, bool again) {
  struct findings f;
  findings_init(&f, a);
  receipt_judge_earlier(&(struct receipt_case){.receipt = r}, &(struct receipt_earlier){STR("m1"), old}, again, &f);
  return f.list.n ? f.list.v[0].rule : STR("");
}

Test(receipt, never_yes_and_then_no) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  struct receipt yes = make(a, &m, "CTL03", false, NULL), no = make(a, &m, "CTL02", true, NULL);
  struct receipt first = yes, second = no;
  EQ(earlier_rules(a, &no, &yes, false), "receipt.contradiction");
  EQ(earlier_rules(a, &yes, &no, false), "receipt.contradiction");
  EQ(earlier_rules(a, &yes, &yes, false), "receipt.again");
  EQ(earlier_rules(a, &yes, &yes, true), "");
  /* One letter of two is taken, the other is not. */
  first.letters.n = 1;
  second.letters.v = &no.letters.v[1];
  second.letters.n = 1;
  EQ(earlier_rules(a, &second, &first, false), "");
  arena_free(a);
}

#define DUTY(within, severities)                                                                                       \
  "receipts:\n  - {receipt: CTL03, carrier: edifact, by: receiver, says: yes, when: asked, within: " within            \
  ", source: x}\n" severities

static const struct receipt_duties *duties(struct arena *a, const char *yaml) {
  struct receipt_duties *d = NULL;
  struct error e = {0};
  cr_assert_eq(receipt_duties_read(&d, a, (struct source){STR("d"), str_z(yaml)}, &e), 0, "%s", e.text);
  return d;
}

Test(receipt, a_time_is_judged_where_one_is_known) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  struct receipt r = make(a, &m, "CTL03", false, NULL);
  struct receipt_case c = {.receipt = &r, .original = &m, .sent_at = NOON, .came_at = NOON + 3600000};
  c.duties = duties(a, DUTY("{source: nowhere}", ""));
  EQ(rules_of(a, &c), "");
  c.duties = duties(a, DUTY("{value: 30 min, source: there}", ""));
  EQ(rules_of(a, &c), "receipt.late");
  c.came_at = NOON + 1000;
  EQ(rules_of(a, &c), "");
  arena_free(a);
}

Test(receipt, a_severity_is_the_tables) {
  struct arena *a = arena_new(0);
  struct findings f;
  struct mail m = read_mail(a, STR(ASKED));
  struct receipt r = make(a, &m, "CTL03", false, "no-letters");
  findings_init(&f, a);
  receipt_judge(
      &(struct receipt_case){.receipt = &r,
                             .original = &m,
                             .duties = duties(a, DUTY("{source: x}", "severities: {receipt.no-letter: info}\n"))},
      &f);
  cr_assert_eq(f.list.n, 1);
  cr_expect_eq(f.list.v[0].severity, SEV_INFO);
  arena_free(a);
}

Test(receipt, codes_are_the_same_in_both_syntaxes) {
  EQ(receipt_code(STR("LOK")), "LOK");
  EQ(receipt_code(STR("ukendt_lokationsnummer")), "LOK");
  EQ(receipt_refuse_code(STR("MID")), "problem_med_modtagerID");
  EQ(receipt_code(STR("XXX")), "");
}

Test(receipt, a_code_that_is_none_is_told_as_it_was_written) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  struct receipt made = make(a, &m, "CTL02", true, NULL);
  made.letters.v[1].code = STR("LOQ");
  made.letters.v[0].text = (struct str){0};
  struct receipt r = written_and_read(a, &made);
  EQ(r.letters.v[1].code, "LOQ");
  EQ(rules_of(a, &(struct receipt_case){.receipt = &made, .original = &m}), "receipt.no-text receipt.code");
  arena_free(a);
}

/* Found by fuzzing: a version of other characters than it may have was cut in the middle of one. */
Test(receipt, a_version_is_made_wrong_by_a_digit) {
  struct arena *a = arena_new(0);
  struct mail m = read_mail(a, STR(ASKED));
  m.letters.v[0].version = STR("D9ÆØÅÆØÅ");
  m.letters.v[1].version = STR("ÆØÅ");
  struct receipt made = make(a, &m, "CTL03", false, "original-version"), r = written_and_read(a, &made);
  EQ(r.letters.v[0].version, "D8ÆØÅÆØÅ");
  EQ(r.letters.v[1].version, "ÆØÅ");
  arena_free(a);
}
