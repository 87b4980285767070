#include "formats/photo.h"

static int number(struct str s, size_t at, size_t bytes) {
  int64_t n = 0;
  for (size_t i = 0; i < bytes; i++) n = n << 8 | (unsigned char)s.p[at + i];
  return n > INT32_MAX ? INT32_MAX : (int)n;
}

/* The head stands first (11.2.2 of the standard): length, "IHDR", width, height. */
static bool look_png(struct photo *out, struct str s) {
  if (!str_starts(s, STR("\x89PNG\r\n\x1a\n")) || s.n < 24 || !str_eqz(str_sub(s, 12, 16), "IHDR")) return false;
  *out = (struct photo){"image/png", number(s, 16, 4), number(s, 20, 4)};
  return true;
}

/* Frame headers SOF0 to SOF15; of that range C4, C8 and CC are something else (table B.1). */
static bool is_frame(unsigned char marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Segments, each with a marker and its length, up to the frame header: length, precision, height, width. */
static bool look_jpeg(struct photo *out, struct str s) {
  if (!str_starts(s, STR("\xFF\xD8\xFF"))) return false;
  for (size_t at = 2; at + 9 <= s.n;) {
    unsigned char marker = (unsigned char)s.p[at + 1];
    if ((unsigned char)s.p[at] != 0xFF || marker == 0xDA || marker == 0xD9) return false;
    if (marker == 0xFF) { /* a fill byte */
      at++;
      continue;
    }
    if (is_frame(marker)) {
      *out = (struct photo){"image/jpeg", number(s, at + 7, 2), number(s, at + 5, 2)};
      return true;
    }
    int length = number(s, at + 2, 2);
    if (length < 2) return false;
    at += 2 + (size_t)length;
  }
  return false;
}

bool photo_look(struct photo *out, struct str bytes) {
  if (!look_png(out, bytes) && !look_jpeg(out, bytes)) return false;
  bool is_sized = out->width > 0 && out->height > 0 && out->width <= PHOTO_SIDE_MAX && out->height <= PHOTO_SIDE_MAX;
  return is_sized && (int64_t)out->width * out->height <= PHOTO_PIXELS_MAX;
}
