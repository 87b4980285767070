/* doc: the HTML report while it is written: the writer, the record, and who links to what.
 *
 * Before anything is written, every step and message gets an anchor (unique, of safe characters), every message its
 * listings, and every finding its mark in the listing that its position falls in. Lives in its arena, for one document.
 * All text goes through doc_text, which spells out what cannot be shown; nothing of a record is ever written raw. */
#ifndef REPORT_DOC_INT_H
#define REPORT_DOC_INT_H

#include "base/map.h"
#include "formats/html.h"
#include "report/listing_int.h"
#include "report/report_int.h"

struct doc_step {
  const struct record_case *in;
  const struct record_step *step;
  struct str anchor;
};

/* A finding at a row of a listing. */
struct doc_mark {
  size_t row;
  const struct finding *finding;
  const struct doc_step *from; /* NULL: of reading the message */
  bool expected;               /* the row is what was expected, not what was found */
};

struct doc_view {
  struct str anchor; /* "m3" (wire) or "m3p" (payload) */
  struct listing listing;
  VEC(struct doc_mark) marks; /* by row */
};

struct doc_message {
  const struct record_exchange *exchange;
  struct str anchor;
  const struct doc_step *step;   /* NULL: unmatched */
  bool is_wrong;                 /* an error was found in it */
  struct doc_view wire, payload; /* payload: empty if there was no envelope */
};

struct doc {
  struct html_writer w;
  const struct record *r;
  enum report_lang lang;
  struct arena *a;
  struct map anchors;      /* those taken */
  struct map by_id;        /* message id -> struct doc_message */
  struct map by_step;      /* "case\nstep" -> struct doc_step */
  struct doc_step **steps; /* a list for each case */
  struct doc_message *messages;
};

/* doc.c */
void doc_init(struct doc *d, struct buf *out, const struct record *r, enum report_lang lang);
void doc_release(struct doc *d);
struct doc_message *doc_message_of(const struct doc *d, struct str id);
/* The step of a case, or NULL. */
struct doc_step *doc_step_of(const struct doc *d, struct str case_id, struct str step_id);
/* The listing that a position of a finding belongs to, and its message; NULL if it is in no message of the record. */
struct doc_view *doc_view_of(const struct doc *d, const struct place *p, struct doc_message **message);

/* doc_page.c: from <!DOCTYPE html> to an open <body>, with what stands in the margins of each printed page, and the
 * end of both. */
struct doc_page {
  struct str title, top_left, top_right, bottom_left;
  const char *style; /* rules beside doc_style_sheet; NULL: none */
};

void doc_page_begin(struct doc *d, const struct doc_page *p);
void doc_page_end(struct doc *d);

/* doc_facts.c */
/* A list of facts under a heading, closed by doc_facts_end. */
void doc_facts(struct doc *d, enum report_word heading);
void doc_facts_end(struct doc *d);
/* A row of such a list; one without a value is left out. */
void doc_fact(struct doc *d, enum report_word name, const char *cls, struct str value);
/* The boxes that MedCom fills in: with what was decided, or empty. */
void doc_decision(struct doc *d, const struct record_decision *decision);

/* doc_agreed.c: each nothing where there is nothing. */
void doc_declaration(struct doc *d);
void doc_issues(struct doc *d);
void doc_disputes(struct doc *d, const struct record_step *s);

/* doc_write.c */
const char *doc_word(const struct doc *d, enum report_word w);
void doc_text(struct doc *d, struct str s);
void doc_attr(struct doc *d, const char *name, struct str value);
/* Opens an element with a class (NULL: none). */
void doc_open(struct doc *d, const char *element, const char *cls);
void doc_close(struct doc *d);
void doc_element(struct doc *d, const char *element, const char *cls, struct str text);
void doc_word_element(struct doc *d, const char *element, const char *cls, enum report_word w);
/* <a href="#anchor">text</a> */
void doc_link(struct doc *d, const char *cls, struct str anchor, struct str text);
/* A verdict as a badge. */
void doc_verdict(struct doc *d, enum verdict v);
/* A time as people of the report's language write it; nothing for 0. */
void doc_time(struct doc *d, int64_t ms);
struct str doc_time_text(struct doc *d, int64_t ms);
/* A number with the separator of the language, in the document's arena. */
struct str doc_number(struct doc *d, size_t n);
/* Opens and closes <section> with a heading, which labels it. */
void doc_section(struct doc *d, const char *id, enum report_word heading);
void doc_section_end(struct doc *d);
/* <table> with a head of these words (ending with WORDS_N) and an open <tbody>; closed by doc_table_end. */
void doc_table(struct doc *d, const char *cls, const enum report_word *heads);
void doc_table_end(struct doc *d);
/* A cell whose heading is told again where the table is folded for a narrow screen. */
void doc_cell(struct doc *d, enum report_word head, const char *cls);
void doc_text_cell(struct doc *d, enum report_word head, const char *cls, struct str text);

/* One file a part of the document. */
void doc_front(struct doc *d);
/* What another system that took part is called; empty for the system under test. */
struct str doc_party(const struct doc *d, struct str name);
void doc_overview(struct doc *d);
void doc_untested(struct doc *d);
/* doc_revisions.c: nothing where no verdict was revised. */
void doc_revisions(struct doc *d);
/* Why a step was not tested, in the language of the report. */
struct str doc_why(struct doc *d, const struct record_case *c, const struct record_step *s);
/* doc_coverage.c */
void doc_coverage(struct doc *d);
void doc_fidelity(struct doc *d);
void doc_limits(struct doc *d);
void doc_steps(struct doc *d);
void doc_findings(struct doc *d, const struct findings *f);
/* Where it is, without its path: a link when the message is in the record, to the line when that line is listed. */
void doc_place(struct doc *d, const struct place *p);
/* Arrow, number and name of a message, linked to it. */
void doc_message_link(struct doc *d, struct str id);
/* Where the verdict of a step comes from, if not from this run of this protocol. */
void doc_origin(struct doc *d, const struct record_step *s);
/* All attempts of a step that was played more than once, and who put it in if MedCom did. */
void doc_attempts(struct doc *d, const struct record_step *s);
void doc_exchanges(struct doc *d);
void doc_evidence(struct doc *d);
/* Where the n-th picture of the evidence of a step is shown; empty: it is no picture. */
struct str doc_picture_anchor(const struct doc *d, const struct doc_step *s, size_t n);
void doc_listing(struct doc *d, const struct doc_view *v);

/* doc_style.c: our own markup. */
extern const char doc_style_sheet[], doc_script[];

#endif
