/* seal: evidence bundles: made, checked offline, and read again at the lab (docs/bundle.md is the manual of the form).
 *
 * A bundle is a .tar.gz of a run: the exact lines of its events, the record, and every blob the events name, each under
 * a name that people know. What it is proven by: each file has its digest in manifest.json, the events are a hash chain
 * (record/event.h), and the chain names the blobs by digest. Only a signature (crypto/cms.h) proves who made it:
 * without one a bundle that was made anew from altered data is as intact as the first.
 *
 * seal_make reads the store and gives the same bytes for the same run. seal_verify believes nothing it reads: archives
 * come from strangers (formats/archive.h), and what is over a limit below is refused. Everything that is given out
 * lives in the arena that was handed in. */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include "formats/node.h"
#include "record/record.h"
#include "seal/chain.h"
#include "store/store.h"

#define SEAL_VERSION 1
#define SEAL_BUNDLE_MAX ((size_t)1 << 30)      /* bytes of a bundle, packed */
#define SEAL_FILE_MAX ((size_t)512 << 20)      /* of one file in it */
#define SEAL_TOTAL_MAX ((size_t)2 << 30)       /* of all, unpacked */
#define SEAL_FILES_MAX ((size_t)20000)         /* files */
#define SEAL_EVENTS_MAX ((size_t)256 << 20)    /* bytes of events.jsonl, and of record.json */
#define SEAL_MANIFEST_MAX ((size_t)16 << 20)   /* bytes of manifest.json, and of chain.txt */
#define SEAL_EVENTS_N_MAX INT64_C(10000000)    /* events */
#define SEAL_TIME_MAX INT64_C(253402300799999) /* ms since 1970: the year 9999 */
#define SEAL_FAULTS_MAX ((size_t)200)          /* faults that are told; more are counted */
#define SEAL_RUN_ID_MAX ((size_t)64)

/* --- making --- */

struct seal_order {
  struct store *store;
  struct str run;
  const struct record *record;  /* as it may be shown: masked */
  const char *program;          /* that makes the bundle */
  const struct facts *packages; /* NAME@VERSION -> SHA-256 of what it was judged by; may be NULL */
  bool review;                  /* MedCom's own: with what it said of the run beside its log (STORE_REVIEW) */
};

/* The bundle of a run. A blob that is neither in the store nor withheld by the chain is an error: a store that is
 * damaged gives no evidence. */
MUST_CHECK int seal_make(struct buf *out, const struct seal_order *o, struct error *e);

/* --- checking --- */

enum seal_state { SEAL_INTACT, SEAL_INCOMPLETE, SEAL_ALTERED };

struct seal_fault {
  enum seal_state state;
  struct text text; /* what and where; what it is and what it should be */
};

struct seal_file {
  struct str name, digest;
  size_t size;
  struct str kind;     /* record, events, chain, protocol, vendor, exchange, evidence, blob */
  struct str of, file; /* what it belongs to ("m3", step); its original name */
};

struct seal_bundle {
  struct arena *arena;
  enum seal_state state; /* the worst of the faults */
  VEC(struct seal_fault) faults;
  size_t dropped; /* faults beyond SEAL_FAULTS_MAX */
  /* What the manifest says. */
  struct str run, program, made_by, head;
  struct str protocol, protocol_version, protocol_digest;
  struct str system, system_version, vendor_digest;
  VEC(struct str) standards;
  struct facts packages; /* NAME@VERSION -> digest */
  int64_t events;
  int64_t reviews; /* events of what MedCom said of the run beside its log; 0: not in this bundle, or nothing */
  struct str review_head;
  VEC(struct seal_file) files;
  /* What the events say. */
  struct seal_chain chain;
  VEC(struct str) lines;       /* the event lines, as they stand */
  VEC(struct str) review;      /* those of the review */
  const struct record *record; /* NULL: not there or not readable */
};

/* Checks a bundle. -1: it cannot be read at all (no archive, no manifest, over a limit). */
MUST_CHECK int seal_verify(struct seal_bundle **out, struct arena *a, struct source src, struct error *e);
/* The same for a run in a store: chain and blobs. */
MUST_CHECK int seal_verify_run(struct seal_bundle **out, struct arena *a, struct store *s, struct str run,
                               struct error *e);
/* Puts the blobs of a bundle that was found intact, and the events behind the first `known` ones, into a store; within
 * its transaction. A review in it is not taken in: what MedCom says of a run is said where it is received. What its
 * events call redacted is erased, unless another run of the store names it. */
MUST_CHECK int seal_import(struct store *s, const struct seal_bundle *b, struct source src, size_t known,
                           struct error *e);
/* "intact", "incomplete", "altered". */
const char *seal_state_name(enum seal_state s);

#endif
