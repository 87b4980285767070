/* meaning: what MedCom's assessments and the machine's verdicts mean, in the words of the reports, for who explains
 * them elsewhere: one table (report_words.c), from which reports, printed protocols and the console take them. */
#ifndef REPORT_MEANING_H
#define REPORT_MEANING_H

#include "report/report.h"

/* "critical error; must be corrected before approval"; empty for ASSESSMENT_NONE. */
const char *meaning_of_assessment(enum report_lang lang, enum assessment a);
/* "could not be shown or judged; never counts as OK"; empty for what needs none (VERDICT_NONE, VERDICT_PASS). */
const char *meaning_of_verdict(enum report_lang lang, enum verdict v);
/* What an approval demands of the assessments, in a sentence. */
const char *meaning_of_approval(enum report_lang lang);

#endif
