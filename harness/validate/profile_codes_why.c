/* Which codes would have done: all of a value set where they are few, else those that look like the one found. */
#include "validate/profile_int.h"

#define CODES_SHOWN 12    /* a value set with no more is listed whole */
#define CODES_NEAREST 3   /* of a larger one, those like the code that was found */
#define CODES_SEEN 100000 /* codes looked at in one list */

struct codes {
  struct checker *k;
  struct str system, wanted; /* wanted: the code that was found */
  struct buf all;            /* the first CODES_SHOWN */
  size_t n;
  struct str near[CODES_NEAREST];
  size_t distance[CODES_NEAREST], near_n;
};

#define LETTERS 32 /* bytes that are alike in the last five bits count as one */

/* A cheap bound below the distance: each letter that only one of the two has costs an edit. Most codes of a large value
 * set go by this, which matters where each message of a kind has the same finding. */
static bool may_be_near(struct str x, struct str y, size_t most) {
  int letters[LETTERS] = {0};
  size_t more = 0, less = 0;
  if ((x.n > y.n ? x.n - y.n : y.n - x.n) > most) return false;
  for (size_t i = 0; i < x.n; i++) letters[(unsigned char)x.p[i] % LETTERS]++;
  for (size_t i = 0; i < y.n; i++) letters[(unsigned char)y.p[i] % LETTERS]--;
  for (size_t i = 0; i < LETTERS; i++) {
    if (letters[i] > 0)
      more += (size_t)letters[i];
    else
      less += (size_t)-letters[i];
  }
  return more <= most && less <= most;
}

static void keep_near(struct codes *c, struct str code) {
  size_t at = c->near_n, most = c->wanted.n / 4 + 1;
  if (!c->wanted.n || !may_be_near(c->wanted, code, most)) return;
  size_t distance = str_distance(c->wanted, code);
  if (distance > most) return;
  while (at > 0 && c->distance[at - 1] > distance) at--;
  if (at == CODES_NEAREST) return;
  if (c->near_n < CODES_NEAREST) c->near_n++;
  for (size_t i = c->near_n - 1; i > at; i--) {
    c->near[i] = c->near[i - 1];
    c->distance[i] = c->distance[i - 1];
  }
  c->near[at] = code;
  c->distance[at] = distance;
}

static void offer(struct codes *c, struct str code) {
  if (c->n++ >= CODES_SEEN) return;
  if (c->n <= CODES_SHOWN) {
    if (c->n > 1) buf_addz(&c->all, ", ");
    buf_add(&c->all, code);
  }
  keep_near(c, code);
}

static struct str near_list(struct codes *c) {
  struct buf b;
  buf_init(&b, 1000);
  for (size_t i = 0; i < c->near_n; i++) buf_printf(&b, "%s%.*s", i ? ", " : "", STR_F(c->near[i]));
  return buf_take(&b, c->k->a);
}

static void tell(struct codes *c, struct reasons *r) {
  struct str all = buf_take(&c->all, c->k->a);
  if (c->n && c->n <= CODES_SHOWN)
    reasons_add(r, c->k->a, 0, (struct place){0},
                why_printf(c->k, "its codes: %y (from %x)", "dets koder: %y (fra %x)", c->system, all));
  else if (c->near_n)
    reasons_add(r, c->k->a, 0, (struct place){0},
                why_printf(c->k, "did you mean %y (from %x)?", "mente du %y (fra %x)?", c->system, near_list(c)));
}

static struct codes codes_of(struct checker *k, struct str system, struct str wanted) {
  struct codes c = {.k = k, .system = system, .wanted = wanted};
  buf_init(&c.all, 1000);
  return c;
}

static void tell_system(struct checker *k, struct reasons *r, struct str system, struct str wanted) {
  struct code_system *cs = book_code_system(k->cache->book, system, NULL);
  struct codes c = codes_of(k, system, wanted);
  for (size_t i = 0; cs && cs->content == CONTENT_COMPLETE && i < cs->concepts.n; i++)
    if (!cs->concepts.v[i].abstract) offer(&c, cs->concepts.v[i].code);
  tell(&c, r);
}

/* What is not listed here is said to be there. */
static bool tell_by_rule(struct checker *k, struct reasons *r, const struct value_set_part *part) {
  struct said text = why_printf(k, "codes that its rule chooses (from %x)", "koder, som dets regel udvælger (fra %x)",
                                part->system, part->system);
  if (part->value_sets.n)
    text =
        why_printf(k, "the codes of the value set %x", "koderne i værdisættet %x", part->value_sets.v[0], part->system);
  else if (!part->filters.n)
    return false;
  reasons_add(r, k->a, 0, (struct place){0}, text);
  return true;
}

static void tell_part(struct checker *k, struct reasons *r, const struct value_set_part *part, struct str wanted) {
  if (tell_by_rule(k, r, part)) return;
  if (!part->concepts.n) {
    tell_system(k, r, part->system, wanted);
    return;
  }
  struct codes c = codes_of(k, part->system, wanted);
  for (size_t i = 0; i < part->concepts.n; i++) offer(&c, part->concepts.v[i].code);
  tell(&c, r);
}

static struct str code_of(const struct node *n) {
  const struct node *coding = node_child(n, "coding"), *code = node_child(coding ? coding : n, "code");
  return code ? code->text : n->text;
}

void why_value_set(struct checker *k, struct finding *f, const struct node *n, const struct schema_element *e,
                   struct str value_set) {
  struct value_set *vs = book_value_set(k->cache->book, value_set, e->schema->structure->package);
  struct reasons why = {0};
  if (!f || !vs || vs->excludes.n) return;
  for (size_t i = 0; i < vs->includes.n && i < WHY_CANDIDATES_MAX; i++)
    tell_part(k, &why, &vs->includes.v[i], code_of(n));
  findings_explain(k->f, f, &why);
}

void why_code_system(struct checker *k, struct finding *f, struct str system, struct str code) {
  struct reasons why = {0};
  if (!f) return;
  tell_system(k, &why, system, code);
  findings_explain(k->f, f, &why);
}
