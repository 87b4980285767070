/* report_int: what the formats share: words in both languages, and text that is safe to show. */
#ifndef REPORT_REPORT_INT_H
#define REPORT_REPORT_INT_H

#include "report/report.h"
#include "report/report_words_int.h"

extern const struct report_format report_html, report_junit, report_json, report_testreport, report_svg, report_csv,
    report_xlsx;

/* s as it can be shown: what is not UTF-8, control characters and marks that turn the direction of writing are spelled
 * out (\x1B, \u{202E}); tabs and line ends stay. Borrows s where nothing had to change. */
struct str report_visible(struct arena *a, struct str s);
/* The text in that language, else in the other one. */
struct str report_text(struct text t, enum report_lang lang);
/* The text of a finding in that language, else in the other one. */
struct str report_finding_text(const struct finding *f, enum report_lang lang);
/* A reason's text; without a place it stands alone. */
struct str report_reason_text(const struct reason *r, enum report_lang lang);
/* Number of steps in the record. */
size_t report_steps(const struct record *r);
/* The verdict to show: a step that never began because its whole use case is not applicable is so too. */
enum verdict report_verdict(const struct record_case *c, const struct record_step *s);
/* Number of steps of a case whose verdict was carried over from another run; they are in no other count. */
size_t report_carried_in(const struct record_case *c);
/* Number of steps of a case, and of the record, with that verdict to show. */
size_t report_count_in(const struct record_case *c, enum verdict v);
size_t report_count(const struct record *r, enum verdict v);

#endif
