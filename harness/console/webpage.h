/* webpage: what a page is written with: words in the visitor's language, elements, links, forms, tables, verdicts.
 * Everything that comes from outside is escaped, whichever function writes it. Between visit_begin and visit_page
 * alone. */
#ifndef CONSOLE_WEBPAGE_H
#define CONSOLE_WEBPAGE_H

#include "console/visit.h"

/* The word of the visitor's language. */
const char *visit_word(const struct visit *v, const char *en, const char *da);
void page_say(struct visit *v, const char *en, const char *da);
/* <element class>word</element> */
void page_say_in(struct visit *v, const char *element, const char *cls, const char *en, const char *da);
void page_open(struct visit *v, const char *element, const char *cls);
void page_close(struct visit *v);
void page_text(struct visit *v, struct str s);
void page_text_in(struct visit *v, const char *element, const char *cls, struct str s);
void page_printf_in(struct visit *v, const char *element, const char *cls, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* What a command or a room complained of, in English: each line in the visitor's language, if it is known in it
 * (complaint.h); what is not is marked as English (WCAG 2.2, 3.1.2). */
void page_complaint(struct visit *v, struct str complaint);
void page_complaint_in(struct visit *v, const char *element, const char *cls, struct str complaint);
/* A text that has one language only, in the visitor's if it is known in it. */
struct str said_in_both(const struct visit *v, struct str en, struct str da);
/* <a href>, address printf-like, already encoded; the text is escaped. */
void page_link(struct visit *v, struct str text, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* An attribute, printf-like. */
void page_attr(struct visit *v, const char *name, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* <form method=post> with the token; files: it can upload. Closed by page_close. Where it is the form that was just
 * refused (the same address and hidden fields, which come first), form_input, form_area and form_select have what was
 * written into it, whatever they are given. */
void form_open(struct visit *v, bool files, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A form in <details>, which is open if it was just refused; key (NULL: none) and value: its first hidden field. Closed
 * by two page_close. */
void form_fold(struct visit *v, const char *cls, const char *en, const char *da, const char *key, struct str value,
               const char *fmt, ...) __attribute__((format(printf, 7, 8)));
/* After form_open of a form with several buttons that judge: Enter in a field sends nothing, for a browser would press
 * the first button, which nobody chose (HTML, 4.10.21.2: a first submit button that is disabled stops it). */
void form_by_choice(struct visit *v);
void form_hidden(struct visit *v, const char *name, struct str value);
/* A label with its input of that type. */
void form_input(struct visit *v, const char *type, const char *name, struct str value, const char *en, const char *da);
void form_area(struct visit *v, const char *name, struct str value, const char *en, const char *da);
/* The day of a field of the form that was sent, however people write it, as "2026-11-28"; false, with a notice that
 * says what is no day, if it is none. */
bool form_day(struct visit *v, const char *name, struct str *out);
/* A label and an open <select>; options follow; closed by form_select_end. */
void form_select(struct visit *v, const char *name, const char *en, const char *da);
void form_option(struct visit *v, struct str value, struct str text, bool chosen);
void form_select_end(struct visit *v);
/* A button; name may be NULL. */
void form_button(struct visit *v, const char *name, const char *value, const char *cls, const char *en, const char *da);
/* A time as people here write it: "29-11-2026 08:15", in English "2026-11-29 08:15". */
struct str when_text(struct visit *v, int64_t ms);
/* The same with seconds, where what came first matters. */
struct str when_to_the_second(struct visit *v, int64_t ms);
/* The same of a day, "2026-11-29". */
struct str day_text_of(const struct visit *v, struct str day);
/* A verdict in a word of the visitor's language, and as a badge. */
const char *verdict_word(const struct visit *v, enum verdict verdict);
void page_verdict(struct visit *v, enum verdict verdict);
/* A button that saves bytes, which are a part of the page, under that name. */
void page_save_link(struct visit *v, const char *name, struct str bytes);
/* The role of a protocol in the visitor's language: "Afsender". */
const char *page_role(const struct visit *v, struct str role);
/* A table with these heads (pairs en, da; ended by NULL) and an open tbody; closed by page_table_end. Cells:
 * page_text_in "td". */
void page_table(struct visit *v, const char *cls, const char *const heads[][2]);
void page_table_end(struct visit *v);

/* True if each of the words, with blanks between, is somewhere in the text, in capitals or not. */
bool page_has_words(const struct visit *v, struct str text, struct str words);
/* A form that asks for words, which the page at that address gets as "q". */
void page_search(struct visit *v, const char *address, struct str words, const char *en, const char *da);
/* "https://testcamp.example:8443": the console by the name that this visitor came by, which others reach too;
 * console_url knows only the address that it listens at. */
struct str visit_origin(struct visit *v);

/* What a form of this visitor has to bring along as "csrf", or a script as the header X-Token. */
struct str visit_token(struct visit *v);

#endif
