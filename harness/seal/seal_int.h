/* seal_int: what the files of the seal room share. */
#ifndef SEAL_SEAL_INT_H
#define SEAL_SEAL_INT_H

#include "seal/seal.h"

#define MANIFEST_NAME "manifest.json"
#define EVENTS_NAME "events.jsonl"
#define CHAIN_NAME "chain.txt"
#define RECORD_NAME "record.json"
#define REVIEW_NAME "review.jsonl"
#define REVIEW_CHAIN_NAME "review-chain.txt"

/* names.c: MedCom's names of evidence, `<Standard>_<step>_<letter>_<S|R>.<ext>`; a letter is used once a step. */
struct namer {
  struct arena *arena;
  const struct record *record;
  struct map letters; /* step -> how many names it has */
};

void namer_init(struct namer *n, struct arena *a, const struct record *r);
/* A name for evidence of that step (empty: of none), in the folder. */
struct str namer_next(struct namer *n, const char *folder, struct str step, struct str extension);
/* "xml", "json", "edi" or "txt" by the first bytes. */
struct str extension_by_bytes(struct str bytes);
/* The extension of a file name, in small letters; "bin" if it has none that is plain. */
struct str extension_by_name(struct arena *a, struct str name);
/* Letters, digits, ".", "-" and "_" stay, else "-"; never empty, never beginning with a dot. */
struct str plain_name(struct arena *a, struct str name);

/* manifest.c */

struct withheld {
  struct str digest, what;
  const char *why;
};

struct manifest {
  const struct seal_order *order;
  const struct seal_file *files;
  size_t n;
  const struct withheld *withheld;
  size_t withheld_n;
  int64_t events, reviews;
  struct str head, review_head;
};

void manifest_write(struct buf *out, const struct manifest *m);
/* Fills what the manifest says. */
MUST_CHECK int manifest_read(struct seal_bundle *b, struct str json, struct str name, struct error *e);

/* verify.c: a bundle taken apart. */

struct content {
  struct str name;
  size_t size;
  char digest[SHA256_HEX + 1];
  struct str bytes; /* kept only of the files of the four names above */
  bool listed;      /* the manifest names it */
};

struct contents {
  struct arena *arena;
  VEC(struct content *) files;
  struct map by_name;
};

void contents_init(struct contents *c, struct arena *a);
void contents_add(struct contents *c, struct str name, struct str bytes);
/* Judges them: what seal_verify does once the archive has been read. */
MUST_CHECK int contents_judge(struct seal_bundle **out, struct contents *c, struct str name, struct error *e);

/* faults.c */

void fault_add(struct seal_bundle *b, enum seal_state state, struct text text);
/* The same text in both languages but for what is around it: "{what}: en" and "{what}: da". */
void fault_about(struct seal_bundle *b, enum seal_state state, struct str what, const char *en, const char *da);

/* events.c: lines and hashes against each other. */

struct lines_check {
  struct str events, hashes; /* the files; hashes.p NULL: it is not there */
  int64_t expected;          /* number of events */
  struct str head;           /* the last hash there should be */
};

void lines_judge(struct seal_bundle *b, const struct lines_check *c);

#endif
