/* How much room a text takes. Fonts are not known here: what is told is what common sans-serif ones need at most. */
#include "base/utf8.h"
#include "report/sequence_int.h"

#define ELLIPSIS "\u2026"
/* From there on scripts are as wide as high (Hangul, CJK, emoji). */
#define WIDE_FROM 0x1100
#define ANY_WIDTH (INT32_MAX / HUNDREDTHS)
#define HUNDREDTHS 100 /* widths are parts of the size of the font */

static int character_width(uint32_t cp) {
  static const struct {
    const char *of;
    int width;
  } rows[] = {{"iljtfI.,:;'|!()[] -/", 36}, {"mwMW@%", 92}, {"ABCDEFGHKNOPQRSTUVXYZ&", 72}};
  if (cp >= WIDE_FROM && cp != 0x2026 && cp != 0x2192 && cp != 0x2013) return 100;
  for (size_t i = 0; cp < 0x80 && i < sizeof rows / sizeof *rows; i++)
    if (cp && strchr(rows[i].of, (int)cp)) return rows[i].width;
  return cp < 0x80 ? 57 : 72;
}

/* Length in bytes of what fits, and its width. */
static size_t fitting(struct str text, int size, int width, int *used) {
  int64_t sum = 0, most = (int64_t)width * HUNDREDTHS;
  size_t at = 0, count = 0;
  while (at < text.n && count++ < SEQUENCE_LABEL_MAX) {
    uint32_t cp = 0;
    size_t n = utf8_decode(text, at, &cp);
    if (!n) n = 1;
    int64_t with = sum + (int64_t)character_width(cp) * size;
    if (with > most) break;
    sum = with;
    at += n;
  }
  *used = (int)((sum + HUNDREDTHS - 1) / HUNDREDTHS);
  return at;
}

int sequence_text_width(struct str text, int size) {
  int used;
  fitting(text, size, ANY_WIDTH, &used);
  return used;
}

struct str sequence_text_fit(struct arena *a, struct str text, int size, int width) {
  int used;
  if (fitting(text, size, width, &used) == text.n) return text;
  size_t n = fitting(text, size, width - size, &used);
  return arena_printf(a, "%.*s" ELLIPSIS, (int)n, text.p);
}

struct str sequence_text_short(struct arena *a, struct str text) {
  return sequence_text_fit(a, report_visible(a, text), 1, ANY_WIDTH);
}
