/* finding: what is wrong (or worth knowing) about the vendor's system, as data.
 *
 * The first of the three channels. Each kind of finding is a struct rule: an
 * id, a default severity, the source that demands it, and the text in English
 * and Danish with {1}..{4} for what was found. Every room keeps its rules in
 * one static table, <room>/<name>_rules.c; `testcamp explain` lists them all.
 * A struct findings is a list in an arena; strings of a finding are copied
 * into that arena, so that the message itself may go.
 *
 * What judges by definitions says more: which profile and element demand it,
 * what was found instead, and its reasons: for each candidate that did not do,
 * why it did not. Reasons are a flat list with a depth, in order of reading. */
#ifndef BASE_FINDING_H
#define BASE_FINDING_H

#include "base/error.h"
#include "base/vec.h"

enum severity {
  SEV_INFO,      /* worth knowing; never changes a verdict */
  SEV_WARNING,   /* shown, does not fail a step */
  SEV_UNDECIDED, /* could not be judged: the step becomes inconclusive */
  SEV_ERROR      /* fails the step */
};

struct rule {
  const char *id; /* "vans.size-in-bytes": stable, lower case, room or envelope first */
  enum severity severity;
  const char *source; /* standard, version, section */
  const char *en, *da;
};

/* Where in which message: the file or message name, 1-based line and column
 * (0: unknown), and the path of the element in its own syntax. */
struct place {
  struct str message;
  int line, col;
  struct str path;
};

/* A text, or a part of one, in both languages. */
struct said {
  struct str en, da;
};

/* Depth 0: a candidate (or another part of why); 1 and more: what it lacks. */
struct reason {
  int depth;
  struct place where; /* all zero where it has no place */
  struct said text;
};

struct reasons {
  struct reason *v;
  size_t n, cap;
};

struct finding {
  struct str rule;
  enum severity severity;
  struct place where;
  struct place other; /* the second position of a diff; else all zero */
  struct str en, da;
  struct str source;
  struct str profile, element; /* canonical|version and element id of what demands it; else empty */
  struct str found;            /* the value that was found instead; empty where the text alone tells */
  struct str expression;       /* the FHIRPath that does not hold; else empty */
  struct str constraint;       /* key of the constraint that it belongs to; else empty */
  struct str issue;            /* id of the known issue that lowered its severity; else empty */
  struct str origin;           /* "protocol": a protocol made the rule, which is in no table of ours; else empty */
  struct reasons reasons;
};

#define FINDING_OF_PROTOCOL "protocol"

/* Findings beyond this number are counted, not kept; one that is worse than all
 * kept ones takes the place of the last. */
#define FINDINGS_MAX 1000
#define FINDING_ARGS_MAX 4
#define FINDING_REASONS_MAX 40 /* of one finding; more are left out, and the last reason says so */
#define FINDING_REASON_DEPTH 8
#define FINDING_SEVERITIES 4

struct findings {
  struct arena *arena;
  VEC(struct finding) list;
  size_t dropped;
  size_t dropped_of[FINDING_SEVERITIES]; /* the same by severity */
};

void findings_init(struct findings *f, struct arena *a);
/* Adds a finding of rule r at where; args fill {1}..{n}. Gives the new finding
 * (to change its severity or set `other`), or NULL when it was dropped. */
struct finding *findings_add(struct findings *f, const struct rule *r, struct place where, size_t n,
                             const struct str *args);
/* The same with arguments that differ by language. */
struct finding *findings_add_said(struct findings *f, const struct rule *r, struct place where, size_t n,
                                  const struct said *args);
/* FINDING(f, &rule, where, STR("a"), b): the same, arguments as struct str. */
#define FINDING(f, r, where, ...)                                                                                      \
  findings_add((f), (r), (where), sizeof((struct str[]){{0}, ##__VA_ARGS__}) / sizeof(struct str) - 1,                 \
               &((struct str[]){{0}, ##__VA_ARGS__})[1])
/* Appends a reason that borrows its strings; what comes behind FINDING_REASONS_MAX is counted in the last one. */
void reasons_add(struct reasons *r, struct arena *a, int depth, struct place where, struct said text);
/* The path of reason i as it is shown: what it adds to the path of the reason it
 * stands below (or of the finding); whole if it is elsewhere. */
struct str reason_path(const struct finding *f, size_t i);
/* Gives found (of f, may be NULL) copies of these reasons. */
void findings_explain(struct findings *f, struct finding *found, const struct reasons *why);
/* The same text in both languages: names, codes, numbers. */
struct said said_same(struct str s);
/* Appends all of more (copied). */
void findings_join(struct findings *f, const struct findings *more);
/* The worst severity, dropped ones too, or -1 when there are none. */
int findings_worst(const struct findings *f);
/* Number of findings of just this severity, dropped ones too. */
size_t findings_count(const struct findings *f, enum severity s);
/* Turns the first error into e (code ERR_SYNTAX) and returns -1; 0 when there
 * is none. For files that we read ourselves: protocols, vendors, fixtures. */
int findings_error(const struct findings *f, struct error *e);
/* "info", "warning", "undecided", "error". */
const char *severity_name(enum severity s);
/* The severity of such a name; false if there is none. */
bool severity_parse(struct str name, enum severity *out);

#endif
