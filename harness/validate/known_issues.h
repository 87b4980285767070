/* known_issues: findings that MedCom has agreed upon: a fault of a standard, of a package or of this program, which no
 * vendor has to answer for.
 *
 * A file of them is read strictly (docs/known-issues.md is its manual); every mistake is a finding with line and
 * column. An issue says which findings it is about, for which versions of which package, what becomes of them, why, and
 * until when. Applying one lowers the severity of a finding, never raises it, and says so in the finding: its text and
 * its member `issue`. Everything lives in the arena given to known_issues_read. */
#ifndef VALIDATE_KNOWN_ISSUES_H
#define VALIDATE_KNOWN_ISSUES_H

#include "base/buf.h"
#include "fhir/book.h"

#define KNOWN_ISSUES_BYTES ((size_t)1 << 20)
#define KNOWN_ISSUES_MAX 1000
/* The shipped ones, below file_data_dir: they apply in runs of protocols that tolerate them. */
#define KNOWN_ISSUES_SHIPPED "fixtures/standards/known-issues.yaml"

enum known_effect { KNOWN_IGNORE, KNOWN_WARN, KNOWN_UNDECIDED, KNOWN_EFFECTS_N };

struct known_issue {
  struct str id;
  struct str rule;                         /* "*" at its end: any rest */
  struct str profile, element, constraint; /* empty: any; profile without version, "*" as in rule */
  struct str package;                      /* NAME, NAME@VERSION, NAME@5.0.x, NAME@5.0.0..5.0.4; empty: any */
  enum known_effect effect;
  struct said reason;
  struct str by;
  struct str expires; /* "2026-12-31": the last day; empty: never */
  int64_t ends;       /* ms since 1970, the end of that day in UTC; INT64_MAX */
  int line;
};

struct known_issues {
  struct arena *arena;
  struct str name; /* of the file */
  VEC(struct known_issue) list;
};

/* -1 when a finding is an error; *out then holds what could be read. */
int known_issues_read(struct known_issues **out, struct arena *a, struct source src, struct findings *f);
/* Reads a file; the first mistake becomes the error. */
MUST_CHECK int known_issues_load(struct known_issues **out, struct arena *a, const char *path, struct error *e);
/* The issue of that id, or NULL. */
const struct known_issue *known_issues_find(const struct known_issues *k, struct str id);
/* Adds an issue (by value; strings are shared); one of the same id that is there is kept, and false given. */
bool known_issues_add(struct known_issues *k, const struct known_issue *issue);
/* True if it has expired at that time (ms since 1970): it is then not applied. */
bool known_issue_expired(const struct known_issue *issue, int64_t at);
/* Changes the findings that issues are about, as of that time; gives how many. b is what was judged by: an issue of a
 * package applies where the profile of the finding is in that package, or a package that fits is pinned. NULL: only
 * issues without a package apply. */
size_t known_issues_apply(const struct known_issues *k, struct findings *f, struct book *b, int64_t at);
/* Writes them as a file that reads the same. */
void known_issues_write(struct buf *out, const struct known_issues *k);
/* A mistake in a file of them. */
extern const struct rule known_issues_rule;
/* "ignore", "warn", "undecided". */
const char *known_effect_name(enum known_effect e);

#endif
