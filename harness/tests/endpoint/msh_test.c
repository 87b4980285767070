/* What the simulated MSH does with what comes: the matrix of EnvelopeIdentifier and MESSAGEIDENTIFIER. */
#include "endpoint/msh.h"

#include <criterion/criterion.h>
#include <string.h>

#define NONE ""

Test(msh, the_matrix) {
  static const struct {
    enum sbdh_content content;
    bool asks;
    const char *refusal;
    enum dedup_action seen;
    const char *answer, *exception;
    bool deliver;
  } rows[] = {
      {SBDH_MESSAGE, true, NULL, DEDUP_NEW, "positive", NONE, true},
      {SBDH_MESSAGE, true, NULL, DEDUP_DUPLICATE, "again", NONE, false},
      {SBDH_MESSAGE, true, NULL, DEDUP_RESENT, "again", NONE, false},
      {SBDH_MESSAGE, true, NULL, DEDUP_ERROR, "negative", "Sequence", false},
      {SBDH_COPY, true, NULL, DEDUP_NEW, "positive", NONE, true},
      /* A FHIR acknowledgement is acknowledged by the MSH like any message. */
      {SBDH_FHIR_ACK, true, NULL, DEDUP_NEW, "positive", NONE, true},
      {SBDH_FHIR_ACK, true, NULL, DEDUP_RESENT, "again", NONE, false},
      {SBDH_MESSAGE, true, "Syntax", DEDUP_NEW, "negative", "Syntax", false},
      {SBDH_MESSAGE, true, "Syntax", DEDUP_RESENT, "negative", "Syntax", false},
      {SBDH_MESSAGE, true, "Sequence", DEDUP_NEW, "negative", "Sequence", false},
      /* Reliability is off: delivered, and nobody waits for an answer. */
      {SBDH_MESSAGE, false, NULL, DEDUP_NEW, "silent", NONE, true},
      {SBDH_MESSAGE, false, NULL, DEDUP_DUPLICATE, "silent", NONE, false},
      {SBDH_MESSAGE, false, "Syntax", DEDUP_NEW, "silent", NONE, false},
      /* Never a receipt of a receipt, also where one asks for it. */
      {SBDH_RECEIPT, true, NULL, DEDUP_NEW, "silent", NONE, false},
      {SBDH_RECEIPT, false, NULL, DEDUP_DUPLICATE, "silent", NONE, false},
      {SBDH_EXCEPTION, true, "Syntax", DEDUP_NEW, "silent", NONE, false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct msh_arrival in = {rows[i].content, rows[i].asks, rows[i].refusal, rows[i].seen};
    struct msh_decision d = msh_decide(&in);
    cr_expect_str_eq(msh_answer_name(d.answer), rows[i].answer, "row %zu", i);
    cr_expect_str_eq(d.exception ? d.exception : NONE, rows[i].exception, "row %zu", i);
    cr_expect_eq(d.deliver, rows[i].deliver, "row %zu", i);
  }
}

Test(msh, what_it_refuses_and_by_which_exception) {
  static const struct {
    const char *rules[2];
    enum severity severity;
    const char *refusal;
  } rows[] = {
      {{"sbdh.element.missing"}, SEV_ERROR, "Syntax"},
      {{"sbdh.scope.unknown"}, SEV_ERROR, "Syntax"},
      {{"sbdh.content.namespace"}, SEV_ERROR, "Syntax"},
      {{"sbdh.payload.message-id"}, SEV_ERROR, "Syntax"},
      {{"sbdh.document-id"}, SEV_ERROR, "Sequence"},
      {{"sbdh.standard", "sbdh.base64"}, SEV_ERROR, "Syntax"},
      /* What the profile lowers, and what is the sender's own affair. */
      {{"sbdh.scope.unknown"}, SEV_WARNING, NONE},
      {{"sbdh.statistics", "sbdh.payload.gln"}, SEV_ERROR, NONE},
      {{NULL}, SEV_ERROR, NONE},
  };
  struct arena *a = arena_new(0);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct findings f;
    findings_init(&f, a);
    for (size_t k = 0; k < 2 && rows[i].rules[k]; k++)
      VEC_PUSH(a, &f.list, ((struct finding){.rule = str_z(rows[i].rules[k]), .severity = rows[i].severity}));
    const char *refusal = msh_refusal(&f);
    cr_expect_str_eq(refusal ? refusal : NONE, rows[i].refusal, "row %zu", i);
  }
  arena_free(a);
}

Test(msh, what_is_no_sbdh_gets_no_answer) {
  struct arena *a = arena_new(0);
  struct error e;
  struct str out;
  struct sbdh_shelf shelf = {.arena = a};
  struct msh_question q = {.wire = {STR("m1"), STR("<x/>")}, .shelf = &shelf};
  cr_assert_eq(msh_reply(&out, a, &q, &e), 0, "%s", e.text);
  cr_expect_eq(out.n, (size_t)0);
  arena_free(a);
}
