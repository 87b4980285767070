/* error: the harness could not do something.
 *
 * The second of the three channels (architecture.md): never used for what a
 * vendor's system did wrong (that is a finding) nor for bugs (BUG aborts). A
 * function that can fail so takes a struct error * last, fills it where the
 * cause is found, and returns -1. The struct is the caller's; no allocation. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/str.h"

enum error_code { ERR_NONE, ERR_IO, ERR_SYNTAX, ERR_LIMIT, ERR_UNSUPPORTED, ERR_PEER, ERR_TIMEOUT, ERR_CONFIG };

#define ERROR_FILE_MAX 512
#define ERROR_TEXT_MAX 1024

struct error {
  enum error_code code;
  int line, col;             /* 1-based; 0 if none */
  char file[ERROR_FILE_MAX]; /* "" if none */
  char text[ERROR_TEXT_MAX]; /* what is wrong and what to do, no full stop */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Fills e without a position and returns -1. */
int error_set(struct error *e, enum error_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Fills e with file:line:col and returns -1; line and col may be 0. */
int error_at(struct error *e, enum error_code code, struct str file, int line, int col, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* "file:line:col: text" (parts without a value left out) into out. */
void error_format(const struct error *e, char *out, size_t size);
/* A short English name of a code: "io", "syntax", ... */
const char *error_code_name(enum error_code code);

/* A bug of ours: prints file, line and text, and aborts. */
#define BUG(...) error_bug(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void error_bug(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
