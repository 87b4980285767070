/* runpage_int: the pages of one run: overview (run.c), a case and its steps (run_case.c), what is done to them and to
 * the run (run_do.c, run_deeds.c, by commands of run_words.c), what MedCom says of attempts, puts in, and confirms
 * (run_again.c), messages (run_message.c), what is blacked out or erased (run_redact.c), comparisons (run_diff.c),
 * documents (run_paper.c, run_word.c), and the run beside another, by other rules, and as it is kept (run_more.c). */
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
/* Why a case or step was left out, as a plan says it: the capability that excuses it, or that it was not chosen. */
struct str run_page_reason(const struct visit *v, struct str reason);
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
/* False where nobody says who they are: what is said of a run is said by somebody. They are told so at that address. */
bool run_page_knows_who(struct visit *v, struct str address);
/* The reason that a form brought, else its text: told back where nothing came of it. */
struct str run_page_written(const struct visit *v);
/* Somebody else was faster: nothing is done, and at that address the later one is told what stands there now, with what
 * they wrote. en, da: "somebody else did this step:". */
void run_page_tell_later(struct visit *v, struct str address, const char *en, const char *da, struct str who,
                         struct str what);
/* Percent-encoded, for an address: ids of steps may have a "#" or a "+". */
struct str run_page_encoded(struct visit *v, struct str id);
/* Where a step comes from, if not from the protocol and this run: put in by MedCom, carried over from another run. */
void run_page_origin(struct visit *v, const struct record_step *s);
/* The way to the attempts of a step that was played more than once, and to putting a step of MedCom's own in behind. */
void run_page_attempts(struct visit *v, const struct record_step *s);
void run_page_insert_link(struct visit *v, const struct record_step *s);
/* What was carried over and waits for MedCom, with the way to it; nothing if nothing does. */
void run_page_carried(struct visit *v, const struct record *r);
/* Links to what else a run can be looked at by: the other runs, other rules, the chain of its events. */
void run_page_more_links(struct visit *v);
/* Evidence of a step or of an earlier attempt of it: a link, a picture as such; or what became of it. */
void run_page_evidence(struct visit *v, const struct record_evidence *x);
/* The one with that digest; NULL. */
const struct record_evidence *run_page_evidence_find(const struct record *r, struct str digest);
/* The way to black out or erase a message or evidence, for MedCom. name: a message's id or a digest. */
void run_page_redact_link(struct visit *v, struct str name);
/* A message or evidence that was withheld: by whom and why. */
void run_page_tombstone(struct visit *v, const struct event *tombstone);
/* The name of an assessment in the visitor's language: "OK", "F2", "Ikke relevant". */
const char *assessment_word(const struct visit *v, enum assessment a);

/* ---- commands on the run ---- */

#define RUN_WORDS_MAX 60

/* A command with the run in its place, built up word by word: text from outside as an option, or behind "--". */
struct run_words {
  struct visit *visit;
  const char *v[RUN_WORDS_MAX + 1];
  size_t n;
};
struct run_words run_words(struct visit *v, const char *name);
void run_words_add(struct run_words *w, const char *word);
/* "--name=value"; nothing for an empty value. */
void run_words_option(struct run_words *w, const char *name, struct str value);
/* --by with the initials of who is logged in, else those of the form, which the browser then keeps. */
void run_words_by(struct run_words *w);
/* Carries it out; true if it was done. What failed is said on the page that comes next, with nothing lost: what was
 * written stands in the notice's place, for a form is not filled in twice. */
bool run_words_done(struct run_words *w);
/* The same, and goes to that address, which was made before: the run may be another struct afterwards. */
void run_words_do(struct run_words *w, struct str address);

#endif
