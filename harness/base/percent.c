#include "base/percent.h"

static bool is_unreserved(char c) {
  return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void percent_encode(struct buf *out, struct str s) {
  static const char digits[] = "0123456789ABCDEF";
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (is_unreserved(s.p[i])) {
      buf_byte(out, s.p[i]);
      continue;
    }
    buf_byte(out, '%');
    buf_byte(out, digits[c >> 4]);
    buf_byte(out, digits[c & 15]);
  }
}

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool percent_decode(struct str *out, struct arena *a, struct str s) {
  char *z = arena_z(a, s);
  size_t n = 0;
  bool sound = true;
  for (size_t i = 0; i < s.n; i++) {
    bool escape = s.p[i] == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0;
    if (s.p[i] == '%' && !escape) sound = false;
    z[n++] = s.p[i] == '+' ? ' ' : s.p[i];
    if (!escape) continue;
    z[n - 1] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
    i += 2;
  }
  z[n] = '\0';
  *out = (struct str){z, n};
  return sound;
}
