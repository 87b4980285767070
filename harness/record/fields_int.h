/* fields_int: what event and record share in writing and reading JSON.
 *
 * Writers leave empty values out. Text is made valid UTF-8 before it is written, so that what we wrote can always be
 * read back. Readers take from a mapping by key: what is absent is empty; what has another kind than asked for sets
 * `bad`, to be checked once at the end. Everything read is copied into the arena. */
#ifndef RECORD_FIELDS_INT_H
#define RECORD_FIELDS_INT_H

#include "base/fact.h"
#include "formats/json.h"

struct taker {
  struct arena *arena;
  const struct node *bad; /* the first node of a wrong kind */
};

void put_text(struct json_writer *w, const char *key, struct str value);
void put_facts(struct json_writer *w, const char *key, const struct facts *f);
/* The findings, and in "dropped" those that were counted only, by severity. run: the commands of each finding
 * are told as well (record/find_again.h); empty: they are not. */
void put_findings(struct json_writer *w, const char *key, const char *dropped, const struct findings *f,
                  struct str run);
/* s, or a copy in which each byte that is no UTF-8 is U+FFFD; longer than max bytes: cut at a whole character. */
struct str clean_text(struct arena *a, struct str s, size_t max);

/* The child of that kind, or NULL. */
const struct node *take(struct taker *t, const struct node *n, const char *key, enum node_kind kind);
struct str take_text(struct taker *t, const struct node *n, const char *key);
int64_t take_int(struct taker *t, const struct node *n, const char *key);
bool take_bool(struct taker *t, const struct node *n, const char *key);
void take_facts(struct taker *t, struct facts *out, const struct node *n, const char *key);
void take_findings(struct taker *t, struct findings *out, const struct node *n, const char *key, const char *dropped);

#endif
