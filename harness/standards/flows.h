/* flows: what belongs together when messages answer each other, as data (fixtures/standards/flows.yaml).
 *
 * The rules themselves are in standards/flow_rules.h and are judged by validate/flow.h; here are the types of letters
 * that they are about, and their numbers. What the file leaves open (`~`) is empty, or -1. Everything lives in the
 * arena that it was read into; strings borrow from the file's bytes. */
#ifndef STANDARDS_FLOWS_H
#define STANDARDS_FLOWS_H

#include "formats/node.h"
#include "standards/flow_rules.h"

#define FLOWS_FILE "fixtures/standards/flows.yaml"
#define FLOWS_BYTES_MAX ((size_t)1 << 20)
#define FLOWS_LIST_MAX 500

struct flow_words {
  struct str *v;
  size_t n, cap;
};

/* A letter and the type that it is answered with. */
struct flow_answer {
  enum flow_rule rule;
  struct str letter, answer, source;
};

struct flow_report {
  struct str letter;
  struct flow_words letters, events; /* of what may ask for it: types of letters, events of FHIR */
  struct str automatic;              /* MCM:STATISTIC */
  struct flow_words manual;
  struct str source;
};

/* Told of each letter of these types; where codes are given, only if an organisation in it has that code. */
struct flow_wish {
  enum flow_rule rule;
  struct flow_words letters;
  struct str edifact, oioxml, source;
};

/* How often something may be in a letter. */
struct flow_limit {
  struct str letter, version; /* version empty: any that has no rows */
  struct str from;            /* "2026-12-31": the revision from that day on; empty: not a revision, or day unknown */
  bool revised;               /* it is about a revision, though its day may be open */
  struct str what, danish;    /* "results", "resultater" */
  int64_t most;               /* -1: not published */
  struct str oioxml, edifact; /* paths of what is counted, several divided by '|'; empty: not known */
  struct str source;
};

enum flow_order { FLOW_ORDER_OPEN, FLOW_LETTER_FIRST, FLOW_BINARY_FIRST };

struct flow_binary {
  struct flow_words letters;
  enum flow_order order;
  struct str source;
};

struct flow_pathology {
  struct flow_words letters;
  int64_t most;
  struct str oioxml, edifact, source;
};

struct flow_referral {
  struct flow_words letters;
  struct str extension, address, source;
};

struct flows {
  struct str file;
  VEC(struct flow_answer) answers;
  struct flow_report report;
  VEC(struct flow_wish) wishes;
  VEC(struct flow_limit) limits;
  struct flow_binary binary;
  struct flow_pathology pathology;
  struct flow_referral referral;
};

/* A mistake is an error with line and column, and the nearest word. */
MUST_CHECK int flows_read(struct flows **out, struct arena *a, struct source src, struct error *e);
/* Reads FLOWS_FILE below data_dir. */
MUST_CHECK int flows_load(struct flows **out, struct arena *a, const char *data_dir, struct error *e);
bool flow_words_have(const struct flow_words *w, struct str word);

#endif
