/* diff_int: what the files of this room share.
 *
 * A comparison first makes a *view* of each tree: what the rules ignore is gone, children stand in groups of one
 * name, every node has a hash of all that is compared below it. Lists are then aligned by hash, and pairs compared. A
 * hash only decides who meets whom, never what is equal. Views live in an arena of the comparison and borrow the trees.
 */
#ifndef DIFF_DIFF_INT_H
#define DIFF_DIFF_INT_H

#include "base/buf.h"
#include "base/map.h"
#include "diff/diff.h"

/* Limits of rule files. */
#define DIFF_RULES_MAX 256
#define DIFF_SEGMENTS_MAX 32
#define DIFF_KEYS_MAX 8
/* Limits of trees: what is deeper, or has more nodes, is diff.limit. */
#define DIFF_DEPTH_MAX 512
#define DIFF_NODES_MAX 1000000
/* Cells of exact alignment in one list and in one comparison; longer lists are aligned by hash only. */
#define DIFF_LCS_CELLS 4000000
#define DIFF_LCS_CELLS_ALL 64000000
/* Pairs looked at, and nodes a pair, when changed items are matched by likeness. */
#define DIFF_LIKE_CELLS 1024
#define DIFF_LIKE_NODES 64
#define DIFF_LIKE_COST 8 /* in cells, of one such pair */
/* Bytes of a list key. */
#define DIFF_KEY_MAX 4096
/* Groups in a node over which a map finds them. */
#define DIFF_GROUPS_LINEAR 12
/* Characters of a value that a finding shows. */
#define DIFF_SHOWN_MAX 60

enum diff_rule {
  DIFF_MISSING, /* {1} what */
  DIFF_EXTRA,   /* {1} what */
  DIFF_VALUE,   /* {1} expected, {2} actual; so in all below */
  DIFF_TYPE,
  DIFF_ORDER, /* {1} how many moved, {2} of how many, {3} index expected, {4} index actual of the first */
  DIFF_ZONE,
  DIFF_MAPPING, /* {3} the id that {1} met before, {4} where */
  DIFF_KIND,
  DIFF_LIMIT, /* {1} which limit */
  DIFF_RULES_N,
  /* Other wordings of the same ids. */
  DIFF_VALUE_NUMBER = DIFF_RULES_N,
  DIFF_VALUE_BLANKS,
  DIFF_VALUE_UNICODE,
  DIFF_VALUE_INSTANT,
  DIFF_VALUE_FORM,
  DIFF_VALUE_XHTML,
  DIFF_VALUE_TARGET,
  DIFF_VALUE_ABSENT,
  DIFF_VALUE_UNWANTED,
  DIFF_MAPPING_BACK, /* {3} the expected id that {2} met before, {4} where */
  DIFF_ORDER_NAMES,  /* {1} the element, {2} behind which one it is expected */
  DIFF_TEXTS_N
};
extern const struct rule diff_texts[DIFF_TEXTS_N];

enum match_kind { MATCH_IGNORE, MATCH_MAPPED, MATCH_TIME, MATCH_ONLY, MATCH_SET, MATCH_KEYED };

/* One path of a rule file: bit i of a state means that i segments are used up. */
struct match {
  enum match_kind kind;
  size_t n;
  struct str segment[DIFF_SEGMENTS_MAX];
  size_t keys_n;
  struct str keys[DIFF_KEYS_MAX]; /* dotted paths from an item of the list */
};

struct diff_rules {
  VEC(struct match) list;
  bool only; /* there is an `only` */
};

/* The states before the root, and those behind one more name. */
uint64_t diff_match_begin(const struct match *m);
uint64_t diff_match_step(const struct match *m, uint64_t states, struct str name);
bool diff_match_done(const struct match *m, uint64_t states);

/* The ways to hash a view: mapped ids all alike, told apart by the content of what they occur in, or by the resource
 * types of that. The later ones find the right one of several that are the same but for their ids. */
enum hash { HASH_ALIKE, HASH_CONTENT, HASH_TYPE, HASHES };

/* An id of one side, by what urn:uuid:X, Type/X, #X and X have in common. */
struct id {
  struct str value;
  uint64_t signature[HASHES];  /* of the places where it occurs */
  struct id *partner;          /* of the other side, once met */
  const struct node *met;      /* where that was on this side */
  VEC(const struct id *) told; /* ids of the other side about which there was a finding */
};

/* A reference taken apart; type is empty where none is named. */
struct reference {
  struct str type, id;
};
struct reference diff_reference_parse(struct str s);

enum view_flag {
  VIEW_TIME = 1,
  VIEW_PARTIAL = 2, /* only children are compared (`only`) */
  VIEW_MOVED = 4,   /* its partner stands elsewhere in the list */
  VIEW_XHTML = 8    /* text is the canonical form of the markup */
};

struct view {
  const struct node *n;
  struct str text; /* what is compared: the literal, or canonical XHTML */
  uint64_t hash[HASHES];
  const struct match *list; /* the rule of the list that it is an item of, or NULL */
  struct group *groups;
  struct id *id; /* where the value is a mapped id */
  struct view *partner;
  unsigned groups_n, flags;
  unsigned index, seq; /* position in its group, and among all that the parent has left */
};

/* Children of one name, or the items of a JSON list. */
struct group {
  VEC(struct view *) items;
};

enum syntax { SYNTAX_FHIR, SYNTAX_JSON, SYNTAX_XML, SYNTAX_EDIFACT };

struct tree {
  struct arena *a;
  const struct diff_rules *rules;
  enum syntax syntax;
  struct map ids;
  struct view *root; /* NULL when nothing is left to compare */
  size_t nodes;
  const struct node *over; /* the first node beyond a limit */
  uint64_t *states[DIFF_DEPTH_MAX + 1];
};

/* An interchange made ready: elements and components have their numbers as names, free text is a list of its lines.
 * Where its nodes come from is kept in origins. */
const struct node *diff_letter_tree(struct arena *a, const struct node *root, struct map *origins);
/* The node of the interchange itself; any other node stays what it is. */
const struct node *diff_origin(const struct map *origins, const struct node *n);

/* Fills t->root. t has a, rules and syntax. */
void diff_tree_view(struct tree *t, const struct node *root);
/* Finds the group of a name in v; by a map in a where there are many. */
struct groups_index {
  struct arena *arena;
  const struct view *v;
  struct map map;
};
void diff_groups_index(struct groups_index *x, struct arena *a, const struct view *v);
struct group *diff_groups_find(const struct groups_index *x, const struct node *like);
/* True if both have the same element name. */
bool diff_same_name(const struct node *x, const struct node *y);
/* The kind with what a FHIR tree does not tell apart made one. */
enum node_kind diff_view_kind(enum syntax syntax, const struct node *n);

/* Pairs the items of two lists by position (partner, VIEW_MOVED). scratch is reset; *cells is what is left of
 * DIFF_LCS_CELLS_ALL. */
void diff_align_lists(struct arena *scratch, struct group *expected, struct group *actual, size_t *cells);
/* The same without order, by the keys of rule m (MATCH_KEYED) or as a set. */
void diff_align_keyed(struct arena *scratch, struct group *expected, struct group *actual, const struct match *m,
                      size_t *cells);

/* A date or time: its form (number of characters for dates; with or without zone). */
struct instant {
  int form;
  int64_t ms;
  struct str zone;
};
bool diff_instant_parse(struct arena *a, struct str s, struct instant *out);
/* The canonical form of XHTML markup: attributes sorted, blanks as a browser shows them. */
struct str diff_narrative(struct arena *a, struct str markup);
/* The wording for two texts that differ; DIFF_VALUE when there is nothing special to say. */
enum diff_rule diff_value_wording(struct arena *a, struct str expected, struct str actual, bool numbers);
/* The part of a text around the first difference from another, short and on one line. */
struct str diff_value_shown(struct arena *a, struct str text, struct str other);
/* What a node is, for people: 'status "final"', 'entry (Patient)'. */
struct str diff_node_shown(struct arena *a, const struct node *n);

#endif
