/* log: what the program does, for people, on standard error.
 *
 * A struct log is handed down from the command; there is no global one. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdio.h>

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE };

struct log {
  FILE *to;
  enum log_level level;
};

/* Prints "testcamp: text\n" when the log is at least at this level. */
void log_say(const struct log *l, enum log_level level, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
