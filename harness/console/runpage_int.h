/* runpage_int: the pages of one run: overview (run.c), a case and its steps (run_case.c), what is done to them
 * (run_do.c), messages (run_message.c), and documents (run_paper.c). */
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
/* A step that waits for a person: what to do, and the form that answers it. */
void run_page_prompt(struct visit *v, const struct state_step *st);
/* A finding of a step: its rule linked, its place linked to the line of the message. */
void run_page_finding(struct visit *v, const struct finding *f, size_t number, struct str step);
/* Initials of who is logged in, or a field for them. */
void run_page_initials(struct visit *v);
/* The name of an assessment in the visitor's language: "OK", "F2", "Ikke relevant". */
const char *assessment_word(const struct visit *v, enum assessment a);

#endif
