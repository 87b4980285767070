#include "base/log.h"

#include <stdarg.h>

void log_say(const struct log *l, enum log_level level, const char *fmt, ...) {
  if (l->level < level) return;
  va_list ap;
  va_start(ap, fmt);
  fputs("testcamp: ", l->to);
  vfprintf(l->to, fmt, ap);
  fputc('\n', l->to);
  va_end(ap);
}
