#include "base/map.h"
#include "envelope/interchange_int.h"
#include "formats/edifact.h"

struct walk {
  struct interchange_judge j;
  const struct node *unb, *unz;
  size_t messages;
  bool outside, over; /* in a run of segments in no message; behind UNZ */
  struct map seen;    /* references of messages */
};

struct place interchange_place(const struct interchange_judge *j, const struct node *n) {
  return node_place_for(j->f, j->name, n);
}

static bool is_segment(const struct node *n, const char *tag) {
  return n && n->kind == NODE_SEGMENT && str_eqz(n->name, tag);
}

static struct str number(const struct interchange_judge *j, size_t n) {
  return arena_printf(j->f->arena, "%zu", n);
}

/* Whether a count that is written is the one that was counted; an empty one is told as missing. */
static bool says(struct str text, size_t counted) {
  int64_t n;
  return !text.n || (str_int(text, &n) && n >= 0 && (uint64_t)n == counted);
}

/* References are compared where both are there. */
static bool differ(struct str x, struct str y) {
  return x.n && y.n && !str_eq(x, y);
}

/* ---- octets ---- */

static void check_unp(const struct interchange_judge *j, const struct node *uno, const struct node *octets,
                      const struct node *unp) {
  struct str size = edifact_text(unp, 1, 1), reference = edifact_text(unp, 2, 1), of_uno = edifact_text(uno, 1, 1);
  interchange_check_segment(j, unp);
  if (!uno || !octets)
    INTERCHANGE_TELL(j, UNP_ALONE, unp);
  else if (!says(size, octets->text.n))
    INTERCHANGE_TELL(j, UNP_SIZE, edifact_element(unp, 1, 1), size, number(j, octets->text.n));
  if (uno && octets && differ(reference, of_uno))
    INTERCHANGE_TELL(j, UNP_REFERENCE, edifact_element(unp, 2, 1), reference, of_uno);
}

void interchange_check_octets(const struct interchange_judge *j, const struct node *message) {
  const struct node *uno = NULL, *octets = NULL;
  for (NODE_EACH(c, message)) {
    if (c->kind == NODE_GROUP) interchange_check_octets(j, c);
    if (is_segment(c, "UNP")) check_unp(j, uno, octets, c);
    if (c->kind == NODE_BINARY) {
      octets = c;
      continue;
    }
    uno = is_segment(c, "UNO") ? c : NULL;
    octets = NULL;
  }
}

/* ---- messages ---- */

static size_t segments_of(const struct node *n) {
  size_t count = n->kind == NODE_SEGMENT;
  if (n->kind == NODE_GROUP)
    for (NODE_EACH(c, n)) count += segments_of(c);
  return count;
}

static void check_unique(struct walk *w, const struct node *unh) {
  struct str reference = edifact_text(unh, 1, 1);
  if (!reference.n) return;
  const struct node *first = map_get(&w->seen, reference);
  if (first)
    INTERCHANGE_TELL(&w->j, UNH_REPEATED, edifact_element(unh, 1, 1), reference, number(&w->j, (size_t)first->line));
  else
    map_set(&w->seen, reference, (void *)(uintptr_t)unh);
}

static void check_unt(const struct interchange_judge *j, const struct node *message, const struct node *unt) {
  struct str count = edifact_text(unt, 1, 1), reference = edifact_text(unt, 2, 1);
  struct str of_unh = edifact_text(message->first, 1, 1);
  size_t counted = segments_of(message);
  interchange_check_segment(j, unt);
  if (!says(count, counted)) INTERCHANGE_TELL(j, UNT_COUNT, edifact_element(unt, 1, 1), count, number(j, counted));
  if (differ(reference, of_unh)) INTERCHANGE_TELL(j, UNT_REFERENCE, edifact_element(unt, 2, 1), reference, of_unh);
}

static void check_message(struct walk *w, const struct node *message) {
  w->messages++;
  w->outside = false;
  interchange_check_segment(&w->j, message->first);
  check_unique(w, message->first);
  interchange_check_octets(&w->j, message);
  if (is_segment(message->last, "UNT"))
    check_unt(&w->j, message, message->last);
  else
    INTERCHANGE_TELL(&w->j, UNT_MISSING, message->first);
}

/* ---- the segments around messages ---- */

static void meet_unb(struct walk *w, const struct node *unb) {
  w->outside = false;
  if (w->unb) {
    INTERCHANGE_TELL(&w->j, UNB_REPEATED, unb);
    return;
  }
  w->unb = unb;
  interchange_check_unb(&w->j, unb);
}

static void meet_unz(struct walk *w, const struct node *unz) {
  struct str count = edifact_text(unz, 1, 1), reference = edifact_text(unz, 2, 1);
  struct str of_unb = edifact_text(w->unb, 5, 1);
  const struct interchange_judge *j = &w->j;
  w->unz = unz;
  interchange_check_segment(j, unz);
  if (!says(count, w->messages))
    INTERCHANGE_TELL(j, UNZ_COUNT, edifact_element(unz, 1, 1), count, number(j, w->messages));
  if (differ(reference, of_unb)) INTERCHANGE_TELL(j, UNZ_REFERENCE, edifact_element(unz, 2, 1), reference, of_unb);
}

static void meet_outside(struct walk *w, const struct node *segment) {
  if (!w->outside) INTERCHANGE_TELL(&w->j, OUTSIDE, segment, segment->name);
  w->outside = true;
}

/* A run that ends in UNT is a message without its UNH, and counts as one. */
static void meet_unt(struct walk *w, const struct node *unt) {
  meet_outside(w, unt);
  w->outside = false;
  w->messages++;
}

static void meet_ung(struct walk *w, const struct node *ung) {
  w->outside = false;
  INTERCHANGE_TELL(&w->j, UNG, ung);
}

static void meet_une(struct walk *w, const struct node *une) {
  (void)une;
  w->outside = false;
}

static void meet_segment(struct walk *w, const struct node *n) {
  static const struct {
    const char *tag;
    void (*meet)(struct walk *w, const struct node *n);
  } tags[] = {{"UNB", meet_unb}, {"UNZ", meet_unz}, {"UNT", meet_unt}, {"UNG", meet_ung}, {"UNE", meet_une}};
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
    if (is_segment(n, tags[i].tag)) {
      tags[i].meet(w, n);
      return;
    }
  meet_outside(w, n);
}

static const struct node *first_segment(const struct node *n) {
  while (n->kind == NODE_GROUP) n = n->first;
  return n;
}

/* Gives false when the interchange is over. */
static bool meet(struct walk *w, const struct node *n) {
  const struct node *segment = first_segment(n);
  if (w->unz && segment->kind == NODE_SEGMENT) {
    INTERCHANGE_TELL(&w->j, AFTER_UNZ, segment, segment->name);
    return false;
  }
  if (n->kind == NODE_GROUP)
    check_message(w, n);
  else if (n->kind == NODE_SEGMENT)
    meet_segment(w, n);
  return true;
}

static void check_whole(struct walk *w) {
  const struct node *first = first_segment(w->j.root), *n = w->j.root->first;
  if (!is_segment(first, "UNB")) INTERCHANGE_TELL(&w->j, UNB_MISSING, first);
  while (n && meet(w, n)) n = n->next;
  if (!w->messages) INTERCHANGE_TELL(&w->j, NO_MESSAGE, w->unb ? w->unb : first);
  if (!w->unz) INTERCHANGE_TELL(&w->j, UNZ_MISSING, w->unb ? w->unb : first);
}

void interchange_check(const struct node *root, struct str name, struct findings *f) {
  struct arena *scratch = arena_new(0);
  struct walk w = {.j = {root, name, f}};
  map_init(&w.seen, scratch);
  const struct node *first = first_segment(root);
  if (edifact_una_of(root->prefix) == EDIFACT_UNA_NONE) INTERCHANGE_TELL(&w.j, UNA_MISSING, first);
  if (!(root->flags & EDIFACT_CUT))
    check_whole(&w);
  else if (is_segment(first, "UNB"))
    interchange_check_unb(&w.j, first);
  arena_free(scratch);
}
