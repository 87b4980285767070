#include "report/meaning.h"

#include "report/report_words_int.h"

static const enum report_word assessments[ASSESSMENTS] = {
    [ASSESSMENT_NONE] = WORDS_N,     [ASSESSMENT_NOT_RELEVANT] = WORD_SCALE_NOT_RELEVANT,
    [ASSESSMENT_OK] = WORD_SCALE_OK, [ASSESSMENT_F4] = WORD_SCALE_F4,
    [ASSESSMENT_F3] = WORD_SCALE_F3, [ASSESSMENT_F2] = WORD_SCALE_F2,
    [ASSESSMENT_F1] = WORD_SCALE_F1,
};

static const enum report_word verdicts[VERDICTS] = {
    [VERDICT_NONE] = WORDS_N,
    [VERDICT_PASS] = WORDS_N,
    [VERDICT_NOT_APPLICABLE] = WORD_LEGEND_NOT_APPLICABLE,
    [VERDICT_WAITING] = WORD_LEGEND_WAITING,
    [VERDICT_INCONCLUSIVE] = WORD_LEGEND_INCONCLUSIVE,
    [VERDICT_ERROR] = WORD_LEGEND_ERROR,
    [VERDICT_FAIL] = WORD_LEGEND_FAIL,
};

static const char *word_or_none(enum report_lang lang, enum report_word w) {
  return w == WORDS_N ? "" : report_word(lang, w);
}

const char *meaning_of_assessment(enum report_lang lang, enum assessment a) {
  return word_or_none(lang, assessments[a]);
}

const char *meaning_of_verdict(enum report_lang lang, enum verdict v) {
  return word_or_none(lang, verdicts[v]);
}

const char *meaning_of_approval(enum report_lang lang) {
  return report_word(lang, WORD_SCALE_NOTE);
}
