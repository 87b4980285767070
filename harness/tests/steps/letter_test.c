/* Letters: sent from fixtures in EDIFACT and OIOXML, chosen, looked into, and answered with receipts. */
#include "rig.h"

#include "envelope/receipt.h"
#include "formats/edifact.h"
#include "formats/xml.h"

#include <criterion/criterion.h>

#define NAME "with: {name: \"Prøve: 'B' + ?\"}"
#define SEND(rest) "- step: \"1.1\"\n  send: {fixture: letter." rest ", as: first, " NAME "}\n"
#define BARE(rest) SEND("edi, envelope: none" rest)

static struct rig *rig_of(const char *steps) {
  struct rig *r = rig_new(steps);
  cr_assert_not_null(r->p, "%.*s", STR_F(r->found.list.n ? r->found.list.v[0].en : STR("")));
  return r;
}

/* The fixtures of the test, and then the tables of the standards. */
static struct str send_first(struct rig *r) {
  r->services.data_dir = TEST_DATA "/tree";
  struct str wire = rig_send(r, "1.1");
  r->services.data_dir = TEST_ROOT;
  return wire;
}

static struct str fact(struct rig *r, const char *name, const char *what) {
  return facts_get(&state_message_find(r->s, str_z(name))->facts, what);
}

#define EQ(s, z) cr_expect(str_eqz((s), (z)), "'%.*s', not '%s'", STR_F(s), (z))

static struct mail mail_of(struct rig *r, struct str bytes) {
  struct message m;
  struct mail mail;
  message_read(&m, r->a, (struct source){STR("x"), bytes});
  cr_assert_eq(findings_count(&m.wellformed, SEV_ERROR), 0);
  mail_read(&mail, r->a, m.letter ? m.letter : m.interchange);
  return mail;
}

Test(letter, an_interchange_goes_out_bare_as_it_is_written) {
  struct rig *r = rig_of(BARE(""));
  struct str wire = send_first(r);
  EQ(fact(r, "first", "envelope"), "edifact");
  EQ(fact(r, "first", "letter"), "DIS91");
  EQ(fact(r, "first", "letter.version"), "D9134L");
  cr_expect(str_starts(fact(r, "first", "letter.time"), STR("2026-01-05T08:00:")));
  EQ(fact(r, "first", "patient"), "2512489996");
  EQ(fact(r, "first", "ack.requested"), "true");
  EQ(fact(r, "first", "envelope.sender"), "5790009998020");
  EQ(fact(r, "first", "receiver.gln"), "5790009998013");
  EQ(fact(r, "first", "content-type"), "application/EDIFACT");
  EQ(state_message_find(r->s, STR("first"))->file, "1.1_first.edi");
  cr_expect_eq(fact(r, "first", "interchange.id").n, 14);
  cr_expect(!str_eq(fact(r, "first", "interchange.id"), fact(r, "first", "letter.id")));
  /* What is a sign of EDIFACT in a value is released, and all of it is ISO-8859-1. */
  cr_expect_neq(str_find(wire, STR("SU:Pr\xf8ve?: ?'B?' ?+ ??+FO:S\xf8ren'"), 0), SIZE_MAX, "%.*s", STR_F(wire));
  cr_expect_neq(str_find(wire, STR("+260105:1000+"), 0), SIZE_MAX);
  rig_free(r);
}

Test(letter, an_emessage_keeps_its_encoding) {
  struct rig *r = rig_of(SEND("xml, envelope: none"));
  struct str wire = send_first(r);
  EQ(fact(r, "first", "envelope"), "emessage");
  EQ(fact(r, "first", "letter"), "XDIS91");
  EQ(fact(r, "first", "content-type"), "application/xml");
  cr_expect_neq(str_find(wire, STR("S\xf8ren"), 0), SIZE_MAX);
  struct mail m = mail_of(r, wire);
  EQ(node_text_at(m.letters.v[0].root, "Patient.PersonSurnameName"), "Prøve: 'B' + ?");
  rig_free(r);
}

Test(letter, an_envelope_says_what_is_in_it) {
  static const struct {
    const char *steps, *format, *name, *version;
  } rows[] = {{SEND("edi"), "EDIFACT", "MCM:DIS91", "D9134L"}, {SEND("xml"), "XML", "MCM:XDIS91", "XD9134L"}};
  for (size_t i = 0; i < 2; i++) {
    struct rig *r = rig_of(rows[i].steps);
    struct message m;
    message_read(&m, r->a, (struct source){STR("x"), send_first(r)});
    cr_assert_not_null(m.envelope);
    EQ(m.envelope->meta.format, rows[i].format);
    EQ(m.envelope->meta.name, rows[i].name);
    EQ(m.envelope->meta.version, rows[i].version);
    cr_expect_eq(findings_count(&m.envelope_findings, SEV_ERROR), 0);
    EQ(fact(r, "first", "envelope"), "vans");
    rig_free(r);
  }
}

Test(letter, a_change_takes_a_path_of_segments) {
  struct rig *r = rig_of("- step: \"1.1\"\n  send: {fixture: letter.edi, envelope: none, as: first, " NAME
                         ", change: [{set: \"UNH/2.5\", value: D9133L}, {remove: \"S14/FTX\"}, {copy: BGM}, "
                         "{remove: \"PNA+PAT/6\"}]}\n");
  struct str wire = send_first(r);
  EQ(fact(r, "first", "letter.version"), "D9133L");
  cr_expect_eq(str_find(wire, STR("FTX"), 0), SIZE_MAX);
  cr_expect_neq(str_find(wire, STR("BGM+EPI++9+NA'\nBGM+EPI++9+NA'"), 0), SIZE_MAX);
  cr_expect_neq(str_find(wire, STR("??+'"), 0), SIZE_MAX, "what is removed leaves its place: %.*s", STR_F(wire));
  rig_free(r);
}

Test(letter, a_change_of_oioxml_takes_an_xpath) {
  struct rig *r =
      rig_of("- step: \"1.1\"\n  send: {fixture: letter.xml, envelope: none, as: first, " NAME
             ", change: [{set: \"//o:Letter/o:VersionCode\", value: XD9133L}, {remove: \"//o:Patient\"}]}\n");
  send_first(r);
  EQ(fact(r, "first", "letter.version"), "XD9133L");
  EQ(fact(r, "first", "patient"), "");
  rig_free(r);
}

Test(letter, what_iso_8859_1_has_not_is_no_letter) {
  struct rig *r = rig_of("- step: \"1.1\"\n  send: {fixture: letter.edi, as: first, with: {name: \"€\"}}\n");
  r->services.data_dir = TEST_DATA "/tree";
  cr_expect_eq(rig_open(r, "1.1"), -1);
  cr_expect_neq(str_find(str_z(r->error.text), STR("ISO-8859-1"), 0), SIZE_MAX, "%s", r->error.text);
  rig_free(r);
}

/* ---- looking into one ---- */

#define WRITTEN                                                                                                        \
  "UNA:+.? 'UNB+UNOC:3+5790009998013:14+5790009998020:14+260105:1100+K1++++1'UNH+B1+MEDDIS:D:93A:UN:D9134L+DIS91'"     \
  "S07+07'PNA+PAT+2512489996:::CPR:IM+++SU:Pr\xf8ve'S14+14'FTX+NC+P00++en lang \\:linje:to'UNT+6+B1'UNZ+1+K1'"
#define LOOK(what) "- step: \"1.1\"\n  expect: {letter: DIS91, as: came}\n- step: \"1.2\"\n  " what "\n"

static enum verdict look(const char *what, const char *rule) {
  struct rig *r = rig_of(what);
  rig_open(r, "1.1");
  rig_receive(r, "1.1", STR(WRITTEN));
  cr_assert_eq(rig_judge(r, "1.1")->verdict, VERDICT_PASS);
  struct state_step *st = rig_do(r, "1.2");
  if (rule) cr_expect(rig_has(st, rule), "%s", what);
  enum verdict v = st->verdict;
  rig_free(r);
  return v;
}

Test(letter, what_stands_at_a_path) {
  cr_expect_eq(look(LOOK("assert: {on: came, segment: \"S07/PNA+PAT/2.1\", equals: \"2512489996\"}"), NULL),
               VERDICT_PASS);
  cr_expect_eq(look(LOOK("assert: {on: came, segment: \"PNA+PAT/5\", equals: \"SU:Prøve\"}"), NULL), VERDICT_PASS);
  cr_expect_eq(look(LOOK("assert: {on: came, segment: \"UNZ\", equals: \"UNZ+1+K1\"}"), NULL), VERDICT_PASS);
  cr_expect_eq(look(LOOK("assert: {on: came, segment: \"S07/PNA+PAT/2.9\", exists: false}"), NULL), VERDICT_PASS);
  cr_expect_eq(look(LOOK("assert: {on: came, segment: \"S14/FTX\", count: \"2\"}"), "assert"), VERDICT_FAIL);
  cr_expect_eq(look(LOOK("assert: {on: came, segment: \"UNH/1\", equals: B2}"), "assert"), VERDICT_FAIL);
}

/* Two results of a laboratory, each in a group S18 that nothing on the wire begins (RPT01 R0131K). */
#define RESULTS                                                                                                        \
  "UNA:+.? 'UNB+UNOC:3+5790009998013:14+5790009998020:14+260105:1100+K1++++1'UNH+B1+MEDRPT:D:93A:UN:R0131K+RPT01'"     \
  "S16+16'SPC+SCI+ATT'GIS+N'INV+MQ+NPU02319:CQU:SKS:Haemoglobin'RSL+NV+8.4++:::mmol/L'STS++FR'"                        \
  "GIS+N'INV+MQ+NPU03429:CQU:SKS:Natrium'RSL+NV+139++:::mmol/L'STS++FR'UNT+11+B1'UNZ+1+K1'"

Test(letter, groups_without_a_trigger_are_in_paths_too) {
  struct rig *r = rig_of("- step: \"1.1\"\n  expect: {letter: RPT01, as: came}\n- step: \"1.2\"\n  assert: {on: came, "
                         "segment: \"S18[2]/RSL+NV/2\", equals: \"8.4\"}\n");
  r->services.data_dir = TEST_ROOT;
  rig_open(r, "1.1");
  rig_receive(r, "1.1", STR(RESULTS));
  rig_judge(r, "1.1");
  struct state_step *st = rig_do(r, "1.2");
  const struct finding *f = rig_find(st, "assert");
  cr_assert_eq(st->verdict, VERDICT_FAIL);
  cr_assert_not_null(f);
  EQ(f->where.path, "S18[2]/RSL+NV/2");
  cr_expect_neq(str_find(f->en, STR("139"), 0), SIZE_MAX, "%.*s", STR_F(f->en));
  rig_free(r);
}

Test(letter, a_finding_has_the_place_of_the_element) {
  struct rig *r = rig_of(LOOK("assert: {on: came, segment: \"S07/PNA+PAT/2.1\", equals: x}"));
  rig_open(r, "1.1");
  rig_receive(r, "1.1", STR(WRITTEN));
  rig_judge(r, "1.1");
  const struct finding *f = rig_find(rig_do(r, "1.2"), "assert");
  cr_assert_not_null(f);
  EQ(f->where.path, "S07/PNA+PAT/2.1");
  cr_expect_eq(f->where.line, 1);
  rig_free(r);
}

Test(letter, free_text_is_compared_by_its_lines) {
  struct rig *r =
      rig_of(LOOK("diff: {on: came, expected: other}") "- step: \"1.3\"\n  expect: {letter: DIS91, as: other}\n");
  rig_open(r, "1.1");
  rig_receive(r, "1.1", STR(WRITTEN));
  rig_judge(r, "1.1");
  rig_open(r, "1.3");
  struct str cut = rig_swap(r, STR(WRITTEN), "en lang \\:linje:to'UNT+6", "en lang linje'FTX+NC+P00++to'UNT+7");
  rig_receive(r, "1.3", cut);
  rig_judge(r, "1.3");
  cr_expect_eq(rig_do(r, "1.2")->verdict, VERDICT_PASS);
  rig_free(r);
}

/* ---- receipts ---- */

#define ACK(more) BARE("") "- step: \"1.2\"\n  expect-ack: {to: first, receipt: CTL03" more "}\n"

/* A receipt of the letter that was sent, right but for that fault. */
static struct str receipt_for(struct rig *r, struct str wire, const char *kind, const char *fault) {
  struct mail *m = ARENA_NEW(r->a, struct mail);
  struct receipt made;
  struct buf b;
  *m = mail_of(r, wire);
  struct receipt_order o = {.row = receipt_row_named(str_z(kind)),
                            .to = m,
                            .id = arena_printf(r->a, "SVAR%zu", r->s->messages.n),
                            .letter_id = STR("S1"),
                            .at = INT64_C(1767610800000),
                            .code = STR("LOK"),
                            .about_letter = true,
                            .mailbox = STR("NETTET")};
  receipt_make(&made, r->a, &o);
  if (fault) receipt_fault_named(str_z(fault))->spoil(&made, r->a);
  buf_init(&b, RECEIPT_BYTES_MAX);
  receipt_write(&b, &made);
  return buf_take(&b, r->a);
}

Test(letter, a_receipt_is_judged) {
  static const struct {
    const char *more, *kind, *fault, *rule;
    enum verdict verdict;
  } rows[] = {{"", "CTL03", NULL, NULL, VERDICT_PASS},
              {"", "CTL02", NULL, "ack.receipt", VERDICT_FAIL},
              {"", "CTL03", "original-id", "receipt.original", VERDICT_FAIL},
              {"", "CTL03", "original-letter", "receipt.letter", VERDICT_FAIL},
              {"", "CTL03", "original-parties", "receipt.parties-turned", VERDICT_FAIL},
              {"", "CTL03", "receiver", "receipt.receiver", VERDICT_FAIL},
              {"", "CTL03", "action", "receipt.kind", VERDICT_FAIL},
              {"", "CTL03", "no-letters", "receipt.no-letter", VERDICT_FAIL},
              {"", "CTL03", "asks", "receipt.asks", VERDICT_FAIL},
              {"", "CTL03", "version", "receipt.version", VERDICT_FAIL}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig *r = rig_of(ACK(""));
    struct str wire = send_first(r);
    rig_open(r, "1.2");
    rig_receive(r, "1.2", receipt_for(r, wire, rows[i].kind, rows[i].fault));
    cr_assert(rig_ready(r, "1.2"), "%s %s is taken for it", rows[i].kind, rows[i].fault ? rows[i].fault : "");
    struct state_step *st = rig_judge(r, "1.2");
    cr_expect_eq(st->verdict, rows[i].verdict, "%s %s", rows[i].kind, rows[i].fault ? rows[i].fault : "");
    if (rows[i].rule) cr_expect(rig_has(st, rows[i].rule), "%s", rows[i].rule);
    rig_free(r);
  }
}

Test(letter, a_reason_is_expected) {
  struct rig *r =
      rig_of(BARE("") "- step: \"1.2\"\n  expect-ack: {to: first, receipt: [CTL01, CTL02], refuse: [VER]}\n");
  struct str wire = send_first(r);
  rig_open(r, "1.2");
  rig_receive(r, "1.2", receipt_for(r, wire, "CTL01", NULL));
  struct state_step *st = rig_judge(r, "1.2");
  cr_expect(rig_has(st, "ack.refuse"));
  cr_expect(!rig_has(st, "receipt.sender") && !rig_has(st, "ack.receipt"), "the network has a mailbox of its own");
  rig_free(r);
}

/* Each is one that the step wants, or none of it is: they are no text to compare as a whole. */
Test(letter, several_reasons_are_several) {
  static const struct {
    const char *wanted;
    bool fine;
  } rows[] = {{"[VER, LOK]", true}, {"[LOK]", false}, {"[VER]", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct str steps = arena_printf(a, "%s- step: \"1.2\"\n  expect-ack: {to: first, receipt: CTL02, refuse: %s}\n",
                                    BARE(""), rows[i].wanted);
    struct rig *r = rig_of(steps.p);
    struct str one = receipt_for(r, send_first(r), "CTL02", NULL);
    size_t at = str_find(one, STR("UCM+"), 0);
    cr_assert_neq(at, SIZE_MAX);
    rig_open(r, "1.2");
    rig_receive(r, "1.2",
                arena_printf(r->a, "%.*sFTX+VER+P00++Tekst'\n%.*s", (int)at, one.p, (int)(one.n - at), one.p + at));
    cr_expect_eq(!rig_has(rig_judge(r, "1.2"), "ack.refuse"), rows[i].fine, "%s", rows[i].wanted);
    rig_free(r);
    arena_free(a);
  }
}

Test(letter, yes_and_then_no_is_a_contradiction_and_twice_is_told) {
  static const struct {
    const char *second, *rule;
  } rows[] = {{"CTL02", "receipt.contradiction"}, {"CTL03", "receipt.again"}};
  for (size_t i = 0; i < 2; i++) {
    struct rig *r = rig_of(ACK("") "- step: \"1.3\"\n  expect-ack: {to: first, receipt: [CTL02, CTL03]}\n");
    struct str wire = send_first(r);
    rig_open(r, "1.2");
    rig_receive(r, "1.2", receipt_for(r, wire, "CTL03", NULL));
    cr_expect_eq(rig_judge(r, "1.2")->verdict, VERDICT_PASS);
    rig_open(r, "1.3");
    rig_receive(r, "1.3", receipt_for(r, wire, rows[i].second, NULL));
    cr_expect(rig_has(rig_judge(r, "1.3"), rows[i].rule), "%s", rows[i].rule);
    rig_free(r);
  }
}

#define ANSWER(args)                                                                                                   \
  "- step: \"1.1\"\n  expect: {letter: DIS91, as: came}\n- step: \"1.2\"\n  send-ack: {to: came, as: answer, " args    \
  "}\n"

static struct rig *answered(const char *steps) {
  struct rig *r = rig_of(steps);
  rig_open(r, "1.1");
  rig_receive(r, "1.1", STR(WRITTEN));
  rig_judge(r, "1.1");
  rig_send(r, "1.2");
  return r;
}

Test(letter, an_answer_is_what_the_step_says) {
  struct rig *r = answered(ANSWER("receipt: CTL02, refuse: VER, text: {en: No, da: Nej}"));
  EQ(fact(r, "answer", "receipt.kind"), "CTL02");
  EQ(fact(r, "answer", "receipt.code"), "VER");
  EQ(fact(r, "answer", "receipt.text"), "Nej");
  EQ(fact(r, "answer", "receipt.of"), "K1");
  EQ(fact(r, "answer", "receipt.letters"), "B1");
  EQ(fact(r, "answer", "envelope"), "edifact");
  EQ(fact(r, "answer", "envelope.receiver"), "5790009998013");
  rig_free(r);
}

Test(letter, an_answer_is_wrong_as_the_step_says) {
  static const struct {
    const char *steps, *name, *value;
  } rows[] = {{ANSWER("receipt: CTL03, wrong: [original-id]"), "receipt.of", "UKENDT00000000"},
              {ANSWER("receipt: CTL03, wrong: [receiver]"), "envelope.receiver", "5790000000005"},
              {ANSWER("receipt: CTL03, wrong: [original-parties]"), "receipt.sender", "5790009998020"},
              {ANSWER("receipt: CTL03, wrong: [action, asks]"), "receipt.outcome", "negative"},
              {ANSWER("receipt: CTL03, wrong: [asks]"), "ack.requested", "true"},
              {ANSWER("receipt: CTL01"), "envelope.sender", "DKTESTCAMP"},
              {ANSWER("receipt: CTL01, mailbox: NETTET"), "envelope.sender", "NETTET"},
              {ANSWER("receipt: CTL03, envelope: vans"), "envelope", "vans"},
              {ANSWER("receipt: XCTL03"), "envelope", "emessage"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig *r = answered(rows[i].steps);
    EQ(fact(r, "answer", rows[i].name), rows[i].value);
    rig_free(r);
  }
}

/* ---- choosing ---- */

Test(letter, an_interchange_of_several_letters_fits_by_any_of_them) {
  struct rig *r = rig_of("- step: \"1.1\"\n  expect: {letter: BIN01, as: came}\n");
  struct str two = rig_swap(r, STR(WRITTEN), "UNZ+1", "UNH+B2+MEDBIN:D:93A:UN:B0131X+BIN01'UNT+2+B2'UNZ+2");
  rig_open(r, "1.1");
  rig_receive(r, "1.1", two);
  cr_expect(rig_ready(r, "1.1"));
  EQ(fact(r, "came", "letter"), "DIS91");
  EQ(fact(r, "came", "letter.types"), "DIS91, BIN01");
  EQ(fact(r, "came", "letter.ids"), "B1, B2");
  EQ(fact(r, "came", "letters"), "2");
  rig_free(r);
}

/* The steps look at the first: a letter that nobody looked at was not shown. What is attached goes with it. */
Test(letter, of_several_letters_those_that_are_not_looked_at_are_undecided) {
  static const struct {
    const char *wanted, *second;
    bool told;
  } rows[] = {{"DIS91", "UNH+B2+MEDBIN:D:93A:UN:B0131X+BIN01'UNT+2+B2'", false},
              {"DIS91", "UNH+B2+MEDDIS:D:93A:UN:D2030C+DIS20'UNT+2+B2'", true},
              {"BIN01", "UNH+B2+MEDBIN:D:93A:UN:B0131X+BIN01'UNT+2+B2'", true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = rig_of(arena_printf(a, "- step: \"1.1\"\n  expect: {letter: %s, as: came}\n", rows[i].wanted).p);
    rig_open(r, "1.1");
    rig_receive(r, "1.1", rig_swap(r, STR(WRITTEN), "UNZ+1", arena_printf(a, "%sUNZ+2", rows[i].second).p));
    cr_expect_eq(rig_has(rig_judge(r, "1.1"), "expect.letters-several"), rows[i].told, "row %zu", i);
    rig_free(r);
    arena_free(a);
  }
}

Test(letter, a_receipt_of_any_kind_is_what_may_not_come) {
  static const struct {
    const char *wanted;
    enum verdict verdict;
  } rows[] = {
      {"letter-receipt", VERDICT_FAIL}, {"CTL03", VERDICT_FAIL}, {"any", VERDICT_FAIL}, {"CTL02", VERDICT_PASS}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *a = arena_new(0);
    struct rig *r = rig_of(
        arena_printf(a, BARE("") "- step: \"1.2\"\n  expect-none: {receipt: %s, to: first, for: 1 s}\n", rows[i].wanted)
            .p);
    struct str wire = send_first(r);
    rig_open(r, "1.2");
    rig_receive(r, "1.2", receipt_for(r, wire, "CTL03", NULL));
    if (!rig_ready(r, "1.2")) rig_timer(r, "1.2");
    cr_expect_eq(rig_judge(r, "1.2")->verdict, rows[i].verdict, "%s", rows[i].wanted);
    rig_free(r);
    arena_free(a);
  }
}
