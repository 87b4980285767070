/* skeleton: what an EDIFACT message of a type and version is made of, as data, and how a message fits it.
 *
 * fixtures/standards/edifact/ has a file a version (README.md there tells the format): groups and segments with how
 * often they stand, and of each element what it holds. The catalogue (letters.h) says which versions there are, what
 * each is judged by, and how faithful that is: full (its own structure is public), older (only that of another version
 * is), none. The index is read once and is small; a skeleton is read when it is needed. All lives in the arena it was
 * read into, strings borrow from the bytes of the files.
 *
 * skeleton_match lays a message over a skeleton: every segment gets its place, and what does not fit is a list of
 * deviations, plain data without texts and severities (validate/edifact_judge.h makes findings of them). It goes
 * through the message once, from the front, and weighs for every segment the places where it could stand by how well it
 * fits there and what would be passed over; whether that comes next is looked at first, and nothing is missing before
 * its group is at an end, so that one segment that is wrong is one deviation. The same message always gives the same
 * result. */
#ifndef STANDARDS_SKELETON_H
#define STANDARDS_SKELETON_H

#include "formats/edifact.h"

#define SKELETON_DIR "fixtures/standards/edifact"
#define SKELETON_BYTES_MAX ((size_t)256 << 10) /* of a file */
#define SKELETON_DEPTH_MAX 8                   /* of groups in groups */
#define SKELETON_ITEMS_MAX 2000                /* of a skeleton */
#define SKELETON_CODES_MAX 400                 /* of a list */
#define SKELETON_DEVIATIONS_MAX 300            /* of a message; more are counted */
#define SKELETON_UNLIMITED UINT32_MAX

struct skeleton_codes {
  struct str name; /* "party"; empty for a list that stands in the skeleton itself */
  VEC(struct str) codes;
  size_t span; /* how many components a code has */
};

struct skeleton_lists {
  VEC(struct skeleton_codes) lists;
};

enum skeleton_part_kind {
  SKELETON_FIXED,  /* one value */
  SKELETON_CODED,  /* one of codes */
  SKELETON_TEXT,   /* at most max characters (0: no limit is known) */
  SKELETON_NUMBER, /* digits */
  SKELETON_DATE,   /* in the format that the next component names */
  SKELETON_FREE    /* free text: up to 5 components of 70 */
};

/* What one component holds, or several: those of a code with colons, those of free text. */
struct skeleton_part {
  enum skeleton_part_kind kind;
  size_t element, component, span; /* from 1, as in paths */
  bool optional;
  size_t max;
  struct str text; /* the fixed value, or the format of a date */
  const struct skeleton_codes *codes;
};

enum skeleton_item_kind {
  SKELETON_SEGMENT,
  SKELETON_GROUP,   /* begins with a trigger segment of its name, which is its first item */
  SKELETON_HIDDEN,  /* a group without a trigger: begins with its first item */
  SKELETON_SEQUENCE /* segments or groups that repeat together; no group of the tree */
};

struct skeleton_item {
  enum skeleton_item_kind kind;
  struct str name; /* "NAD", "S01"; of a sequence empty */
  uint32_t min, max;
  bool alternative; /* instead of the item before: counted together with it */
  int line;
  VEC(struct skeleton_part) parts;
  const struct skeleton_part *key; /* of a segment: what tells it from others of its name; NULL if nothing does */
  VEC(struct skeleton_item) items;
};

struct skeleton {
  struct str file;
  struct skeleton_item root; /* a sequence */
  size_t items;
};

enum skeleton_fidelity { SKELETON_FULL, SKELETON_OLDER, SKELETON_NONE };

/* A row of the catalogue that has an EDIFACT form. */
struct skeleton_version {
  struct str type, version; /* "DIS91", "D9134L" */
  struct str message;       /* "MEDDIS:D:93A:UN", as in UNH */
  struct str function;      /* the last element of UNH: "DIS91" */
  bool current;             /* among the versions that are approved today */
  enum skeleton_fidelity fidelity;
  struct str skeleton; /* the file it is judged by, without ".skel"; empty if there is none */
  struct str revision; /* of the XML namespace that the structure belongs to: "2006-07-01" */
};

/* A row of accept.tsv: what is accepted beside a skeleton, because a published example has it. */
struct skeleton_accept {
  struct str skeleton, segment, place; /* place: "1" or "2.4" */
  struct str value, source;
};

/* A row of alike.tsv: the skeleton of a version that shares it with others. */
struct skeleton_alike {
  struct str version, skeleton;
};

struct skeletons {
  struct str dir;
  VEC(struct skeleton_alike) alike;
  VEC(struct skeleton_accept) accepts;
  VEC(struct skeleton_version) versions;
  struct skeleton_lists lists;
};

/* Reads lines "list NAME CODE..." into lists, behind what is there; a mistake is an error with line and column. */
MUST_CHECK int skeleton_lists_read(struct skeleton_lists *out, struct arena *a, struct str bytes, struct str name,
                                   struct error *e);
/* Reads a skeleton, with the lists that it names. */
MUST_CHECK int skeleton_read(struct skeleton **out, struct arena *a, struct str bytes, struct str name,
                             const struct skeleton_lists *lists, struct error *e);
/* Reads the table of versions that share a skeleton. */
MUST_CHECK int skeleton_alike_read(struct skeletons *out, struct arena *a, struct str bytes, struct str name,
                                   struct error *e);
/* Reads the table of what is accepted besides. */
MUST_CHECK int skeleton_accepts_read(struct skeletons *out, struct arena *a, struct str bytes, struct str name,
                                     struct error *e);
/* Reads the catalogue, lists and what is accepted, below data_dir. */
MUST_CHECK int skeletons_load(struct skeletons **out, struct arena *a, const char *data_dir, struct error *e);
/* The row of a version; NULL if there is none. */
const struct skeleton_version *skeletons_version(const struct skeletons *s, struct str version);
/* The first row of a type, for what is known of a type but not of the version; NULL if there is none. */
const struct skeleton_version *skeletons_type(const struct skeletons *s, struct str type);
/* The row that accepts a value at a place; NULL if none does. */
const struct skeleton_accept *skeletons_accept(const struct skeletons *s, struct str skeleton, struct str segment,
                                               struct str place, struct str value);
/* Reads the skeleton of a version that has one. */
MUST_CHECK int skeletons_open(struct skeleton **out, struct arena *a, const struct skeletons *s,
                              const struct skeleton_version *v, struct error *e);
/* "full", "older", "none". */
const char *skeleton_fidelity_name(enum skeleton_fidelity f);

/* How well a segment fits an item: not even by its name, by that alone, by what tells it from others of its name, in
 * every fixed value and code. */
enum skeleton_fit { SKELETON_FIT_NONE, SKELETON_FIT_TAG, SKELETON_FIT_KEY, SKELETON_FIT_FULL };
enum skeleton_fit skeleton_fit(const struct skeleton_item *item, const struct node *segment);

enum skeleton_deviation_kind {
  SKELETON_MISSING, /* a segment; node is what stands in its place, or its group */
  SKELETON_MISSING_GROUP,
  SKELETON_OFTEN,           /* a segment more than its max */
  SKELETON_OFTEN_GROUP,     /* a group; node is its first segment */
  SKELETON_ORDER,           /* it belongs further up */
  SKELETON_STRAY,           /* it belongs nowhere here */
  SKELETON_QUALIFIER,       /* there are others of its name here, not this one */
  SKELETON_ELEMENT_MISSING, /* from here on: of one part of a segment */
  SKELETON_ELEMENT_EXTRA,
  SKELETON_TOO_LONG,
  SKELETON_WRONG_FIXED,
  SKELETON_WRONG_CODE,
  SKELETON_WRONG_DATE,
  SKELETON_WRONG_NUMBER,
  SKELETON_WRONG_TEXT, /* free text of more than 5 components, or a line of more than 70 characters */
  SKELETON_DEVIATIONS_N
};

struct skeleton_deviation {
  enum skeleton_deviation_kind kind;
  const struct node *node;            /* segment, element or component; the message where there is none */
  const struct skeleton_item *item;   /* what was expected, or what it is; NULL where nothing is known */
  const struct skeleton_item *group;  /* the group it stands in */
  const struct skeleton_item *parent; /* and the one around that, of what concerns a segment as a whole */
  const struct skeleton_part *part;   /* of the element ones */
  size_t element, component;          /* of the element ones, from 1 */
};

/* A segment and its place; item is NULL where it has none. group is an index into groups. */
struct skeleton_place {
  struct node *segment;
  const struct skeleton_item *item;
  size_t group;
};

/* A group that was found (or the message, the first one); sequences too. */
struct skeleton_group {
  const struct skeleton_item *item; /* NULL: a trigger that the skeleton does not know */
  size_t parent;
  struct node *node; /* made by skeleton_regroup */
};

struct skeleton_match {
  VEC(struct skeleton_place) places;
  VEC(struct skeleton_group) groups;
  VEC(struct skeleton_deviation) deviations;
  size_t dropped; /* deviations beyond SKELETON_DEVIATIONS_MAX; at twice as many the rest is not looked at */
};

/* Lays a message (the group "message" of formats/edifact.h) over a skeleton; UNH and UNT are not looked at. */
void skeleton_match(struct skeleton_match *out, struct arena *a, const struct skeleton *s, struct node *message);
/* Rebuilds the groups of the message as they were matched, hidden ones too, so that paths such as S16/RFF hold. The
 * order of the segments stays, and so what edifact_write writes. */
void skeleton_regroup(struct skeleton_match *m, struct arena *a, struct node *message);
/* The same for every message below root (an interchange) whose version has a skeleton. */
MUST_CHECK int skeletons_regroup(const struct skeletons *s, struct arena *a, struct node *root, struct error *e);
/* The UNH of a message tells its version and function: elements 2.5 and 3. */
struct str skeleton_version_of(const struct node *message);
struct str skeleton_function_of(const struct node *message);
/* "NAD+SSP", "S01", "RFF+REI or RFF+AHI": an item as it is named in texts. */
struct str skeleton_item_text(struct arena *a, const struct skeleton_item *item);

#endif
