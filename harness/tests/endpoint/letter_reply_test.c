#include "endpoint/letter_reply.h"

#include "validate/message.h"

#include <criterion/criterion.h>

#define ID "3f1c0000-0000-4000-8000-00000000000a"
#define MESSAGE_ID "3f1c0000-0000-4000-8000-00000000000b"

static struct message reply_to(struct arena *a, const struct letter_question *asked, struct str *bytes) {
  struct letter_question q = *asked;
  struct message m = {0};
  struct error e;
  q.name = STR("m1");
  q.id = STR(ID);
  q.message_id = STR(MESSAGE_ID);
  q.now = INT64_C(1767610800000);
  q.data_dir = TEST_ROOT;
  cr_assert_eq(letter_reply(bytes, a, &q, &e), 0, "%s", e.text);
  if (bytes->n) message_read(&m, a, (struct source){STR("reply"), *bytes});
  return m;
}

#define LETTER(ack, rest)                                                                                              \
  "UNA:+.? 'UNB+UNOC:3+5790008888018:14+5790008888025:14+260105:1000+K1" ack "'UNH+B1+MEDDIS:D:93A:UN:D9134L+DIS91'"   \
  "PNA+PAT+2512489996" rest "'UNT+3+B1'UNZ+1+K1'"
#define RECEIPT                                                                                                        \
  "UNA:+.? 'UNB+UNOC:3+5790008888018:14+5790008888025:14+260105:1000+S1++++1'UNH+S2+CONTRL:D:93A:ZZ:C0330Q+CTL03'"     \
  "UCI+K1+5790008888025:14+5790008888018:14+7'UCM+B1+MEDDIS:D:93A:UN:D9134L+7'UNT+4+S2'UNZ+1+S1'"

Test(letter_reply, each_letter_gets_what_it_must) {
  static const struct {
    const char *wire, *kind, *code;
    bool known;
  } rows[] = {{LETTER("++++1", ""), "CTL03", "", true},
              {LETTER("++++0", ""), "", "", true},
              {LETTER("", ""), "", "", true},
              {LETTER("++++0", ""), "CTL01", "LOK", false},
              {LETTER("++++0", "?x"), "CTL02", "SYN", true},
              {RECEIPT, "", "", true},
              {RECEIPT, "", "", false},
              {"{}", "", "", true}};
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str bytes;
    struct message m =
        reply_to(a, &(struct letter_question){.wire = str_z(rows[i].wire), .known = rows[i].known}, &bytes);
    struct str kind = facts_get(&m.facts, "receipt.kind"), code = facts_get(&m.facts, "receipt.code");
    cr_expect(str_eqz(kind, rows[i].kind), "%zu: %.*s", i, STR_F(kind));
    cr_expect(str_eqz(code, rows[i].code), "%zu: %.*s", i, STR_F(code));
    cr_expect_eq(findings_count(&m.envelope_findings, SEV_ERROR), 0, "%zu", i);
  }
  arena_free(a);
}

Test(letter_reply, the_same_letter_gets_the_same_answer) {
  struct arena *a = arena_new(0);
  struct str bytes;
  struct letter_question q = {.wire = STR(LETTER("++++1", "")), .known = true, .first = STR(RECEIPT)};
  reply_to(a, &q, &bytes);
  cr_expect(str_eqz(bytes, RECEIPT));
  arena_free(a);
}
