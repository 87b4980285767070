/* What the simulated MSH does with what comes: the matrix of EnvelopeIdentifier and MESSAGEIDENTIFIER. */
#include "endpoint/msh.h"

#include <criterion/criterion.h>
#include <string.h>

#define NONE ""

Test(msh, the_matrix) {
  static const struct {
    enum sbdh_content content;
    bool asks, valid;
    enum dedup_action seen;
    const char *answer, *exception;
    bool deliver;
  } rows[] = {
      {SBDH_MESSAGE, true, true, DEDUP_NEW, "positive", NONE, true},
      {SBDH_MESSAGE, true, true, DEDUP_DUPLICATE, "again", NONE, false},
      {SBDH_MESSAGE, true, true, DEDUP_RESENT, "again", NONE, false},
      {SBDH_MESSAGE, true, true, DEDUP_ERROR, "negative", "Sequence", false},
      {SBDH_COPY, true, true, DEDUP_NEW, "positive", NONE, true},
      /* A FHIR acknowledgement is acknowledged by the MSH like any message. */
      {SBDH_FHIR_ACK, true, true, DEDUP_NEW, "positive", NONE, true},
      {SBDH_FHIR_ACK, true, true, DEDUP_RESENT, "again", NONE, false},
      {SBDH_MESSAGE, true, false, DEDUP_NEW, "negative", "Syntax", false},
      {SBDH_MESSAGE, true, false, DEDUP_RESENT, "negative", "Syntax", false},
      /* Reliability is off: delivered, and nobody waits for an answer. */
      {SBDH_MESSAGE, false, true, DEDUP_NEW, "silent", NONE, true},
      {SBDH_MESSAGE, false, true, DEDUP_DUPLICATE, "silent", NONE, false},
      {SBDH_MESSAGE, false, false, DEDUP_NEW, "silent", NONE, false},
      /* Never a receipt of a receipt, also where one asks for it. */
      {SBDH_RECEIPT, true, true, DEDUP_NEW, "silent", NONE, false},
      {SBDH_RECEIPT, false, true, DEDUP_DUPLICATE, "silent", NONE, false},
      {SBDH_EXCEPTION, true, false, DEDUP_NEW, "silent", NONE, false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct msh_arrival in = {rows[i].content, rows[i].asks, rows[i].valid, rows[i].seen};
    struct msh_decision d = msh_decide(&in);
    cr_expect_str_eq(msh_answer_name(d.answer), rows[i].answer, "row %zu", i);
    cr_expect_str_eq(d.exception ? d.exception : NONE, rows[i].exception, "row %zu", i);
    cr_expect_eq(d.deliver, rows[i].deliver, "row %zu", i);
  }
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
