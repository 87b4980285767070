#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const code_names[] = {
    [ERR_NONE] = "none",
    [ERR_IO] = "io",
    [ERR_SYNTAX] = "syntax",
    [ERR_LIMIT] = "limit",
    [ERR_UNSUPPORTED] = "unsupported",
    [ERR_PEER] = "peer",
    [ERR_TIMEOUT] = "timeout",
    [ERR_CONFIG] = "config",
};

static void fill(struct error *e, const char *fmt, va_list ap) {
  char text[ERROR_TEXT_MAX]; /* an argument may be the text of e itself */
  int n = vsnprintf(text, sizeof text, fmt, ap);
  if (n < 0) n = 0;
  size_t len = (size_t)n < sizeof text ? (size_t)n : utf8_whole((struct str){text, sizeof text - 1});
  text[len] = 0;
  memcpy(e->text, text, len + 1);
}

int error_set(struct error *e, enum error_code code, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fill(e, fmt, ap);
  va_end(ap);
  e->code = code;
  e->line = e->col = 0;
  e->file[0] = 0;
  return -1;
}

int error_at(struct error *e, enum error_code code, struct str file, int line, int col, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  fill(e, fmt, ap);
  va_end(ap);
  e->code = code;
  e->line = line;
  e->col = col;
  size_t n = file.n < ERROR_FILE_MAX ? file.n : utf8_whole((struct str){file.p, ERROR_FILE_MAX - 1});
  if (n) memmove(e->file, file.p, n);
  e->file[n] = 0;
  return -1;
}

void error_format(const struct error *e, char *out, size_t size) {
  char position[32] = "";
  if (e->line && e->col)
    snprintf(position, sizeof position, "%d:%d: ", e->line, e->col);
  else if (e->line)
    snprintf(position, sizeof position, "%d: ", e->line);
  else if (e->file[0])
    snprintf(position, sizeof position, " ");
  int n = snprintf(out, size, "%s%s%s%s", e->file, e->file[0] ? ":" : "", position, e->text);
  if (n >= 0 && (size_t)n >= size && size) out[utf8_whole((struct str){out, size - 1})] = 0;
}

const char *error_code_name(enum error_code code) {
  size_t i = (size_t)code;
  return i < sizeof code_names / sizeof *code_names ? code_names[i] : "unknown";
}

void error_bug(const char *file, int line, const char *fmt, ...) {
  va_list ap;
  fprintf(stderr, "testcamp: bug at %s:%d: ", file, line);
  va_start(ap, fmt);
  vfprintf(stderr, fmt, ap);
  va_end(ap);
  fputc('\n', stderr);
  abort();
}
