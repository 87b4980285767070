/* runpage_int: the pages of one run: overview (run.c), a case and its steps (run_case.c), what is done to them and to
 * the run (run_do.c, run_deeds.c), messages (run_message.c), comparisons (run_diff.c), and documents (run_paper.c). */
#ifndef CONSOLE_RUNPAGE_INT_H
#define CONSOLE_RUNPAGE_INT_H

#include "console/console_int.h"
#include "record/record.h"

/* The run as plain data, without bytes of messages; in the visit's arena. */
const struct record *run_page_record(struct visit *v);
/* The id of the run of this visit. */
struct str run_page_id(const struct visit *v);
/* The text of a language. */
struct str text_of(const struct visit *v, const struct text *t);
/* One case: its steps as a table. */
void run_page_case(struct visit *v, const struct record *r, const struct record_case *c);
/* A step that waits for a person: what to do, and the form that answers it, which stands open or not. */
void run_page_prompt(struct visit *v, const struct state_step *st, bool open);
/* A finding of a step: its rule linked, its place linked to the line of the message. */
void run_page_finding(struct visit *v, const struct finding *f, size_t number);
/* The verdicts that MedCom put in the place of others: from, to, why, who. */
void run_page_revisions(struct visit *v, const struct record_step *s);
/* True if a place is in the payload of a message ("m3#payload"), which *message then names alone. */
bool run_page_payload(struct str *message);
/* What is done to the run as a whole: files handed in, pause and resume, the end by a person. */
void run_page_deeds(struct visit *v, const struct record *r);
/* True if the visitor decides how the run goes on: MedCom, and in a self-test its vendor. */
bool run_page_may_steer(const struct visit *v);
/* A box to tick before the first file of a run: test persons only; nothing once that is declared. */
void run_page_declare(struct visit *v);
/* Initials of who is logged in; of a person without an account those that this browser gave last; else empty. */
struct str run_page_own_initials(struct visit *v);
/* Keeps those that a form gave, for the next one. */
void run_page_keep_initials(struct visit *v, struct str by);
/* A field for initials, where nobody is logged in who has some. */
void run_page_initials(struct visit *v);
/* The name of an assessment in the visitor's language: "OK", "F2", "Ikke relevant". */
const char *assessment_word(const struct visit *v, enum assessment a);

#endif
