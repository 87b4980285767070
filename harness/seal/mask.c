#include "seal/mask.h"

#define TOKEN_MIN ((size_t)16) /* bytes of a token; shorter ones are words */
#define KEY_LABEL_MAX                                                                                                  \
  ((size_t)64) /* bytes of what a key says it is: "ENCRYPTED PRIVATE KEY-----" and room for others */

static bool is_token(char c) {
  return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/' || c == '=';
}

static size_t token_end(struct str s, size_t at) {
  while (at < s.n && is_token(s.p[at])) at++;
  return at;
}

static bool starts_nocase(struct str s, size_t at, struct str head) {
  return s.n - at >= head.n && str_eq_nocase(str_sub(s, at, at + head.n), head);
}

/* RFC 6750: "Bearer" and a token, as in a header. */
static size_t bearer_at(struct str s, size_t at, size_t *end) {
  static const struct str scheme = STR_INIT("Bearer ");
  if (!starts_nocase(s, at, scheme)) return SIZE_MAX;
  size_t from = at + scheme.n;
  *end = token_end(s, from);
  return *end - from >= TOKEN_MIN ? from : SIZE_MAX;
}

/* RFC 7519: a JSON Web Token anywhere: three parts, of which the first is a JSON object. */
static size_t jwt_at(struct str s, size_t at, size_t *end) {
  size_t dots = 0;
  if (!str_starts(str_sub(s, at, s.n), STR("eyJ")) || (at && is_token(s.p[at - 1]) && s.p[at - 1] != '='))
    return SIZE_MAX;
  *end = token_end(s, at);
  for (size_t i = at; i < *end; i++) dots += s.p[i] == '.';
  return dots >= 2 && *end - at >= TOKEN_MIN ? at : SIZE_MAX;
}

static size_t token_next(void *context, struct str s, size_t from, size_t *end) {
  (void)context;
  for (size_t i = from; i < s.n; i++) {
    if (s.p[i] != 'B' && s.p[i] != 'b' && s.p[i] != 'e') continue;
    size_t at = s.p[i] == 'e' ? jwt_at(s, i, end) : bearer_at(s, i, end);
    if (at != SIZE_MAX) return at;
  }
  return SIZE_MAX;
}

/* Where the label that begins at `at` says that it is a private key; SIZE_MAX if it is another one. Looked for nearby
 * only: a text may be full of beginnings. */
static size_t key_label(struct str s, size_t at) {
  static const struct str key = STR_INIT("PRIVATE KEY-----");
  size_t room = s.n - at < KEY_LABEL_MAX ? s.n - at : KEY_LABEL_MAX;
  struct str near = str_sub(s, at, at + room);
  size_t label = str_find(near, key, 0);
  if (label == SIZE_MAX || str_index(str_sub(near, 0, label), '-') != SIZE_MAX) return SIZE_MAX;
  return at + label;
}

/* RFC 7468: from the first line to the last, or to the end where that is missing. */
static size_t key_next(void *context, struct str s, size_t from, size_t *end) {
  static const struct str begin = STR_INIT("-----BEGIN "), key = STR_INIT("PRIVATE KEY-----");
  (void)context;
  for (size_t at; (at = str_find(s, begin, from)) != SIZE_MAX; from = at + begin.n) {
    size_t label = key_label(s, at + begin.n);
    if (label == SIZE_MAX) continue;
    size_t last = str_find(s, STR("-----END "), label);
    size_t tail = last == SIZE_MAX ? SIZE_MAX : str_find(s, key, last);
    *end = tail == SIZE_MAX ? s.n : tail + key.n;
    return at;
  }
  return SIZE_MAX;
}

struct str mask_bytes(struct mask *m, struct arena *a, struct str bytes) {
  const struct deep_finder keys = {.next = key_next}, tokens = {.next = token_next};
  const struct deep_finder cprs = {.next = deep_number_next, .context = &m->foreign};
  m->keys += deep_blank(&bytes, a, bytes, &keys);
  m->tokens += deep_blank(&bytes, a, bytes, &tokens);
  if (m->foreign.wanted) m->cprs += deep_blank(&bytes, a, bytes, &cprs);
  return bytes;
}

struct masking {
  struct mask *m;
  struct arena *a;
};

static void one(struct masking *k, struct str *s) {
  *s = mask_bytes(k->m, k->a, *s);
}

static void both(struct masking *k, struct text *t) {
  one(k, &t->en);
  one(k, &t->da);
}

static void facts(struct masking *k, struct facts *f) {
  for (size_t i = 0; i < f->list.n; i++) one(k, &f->list.v[i].value);
}

static void place(struct masking *k, struct place *p) {
  one(k, &p->path);
}

static void finding(struct masking *k, struct finding *f) {
  place(k, &f->where);
  place(k, &f->other);
  one(k, &f->en);
  one(k, &f->da);
  one(k, &f->found);
  one(k, &f->expression);
  for (size_t i = 0; i < f->reasons.n; i++) {
    place(k, &f->reasons.v[i].where);
    one(k, &f->reasons.v[i].text.en);
    one(k, &f->reasons.v[i].text.da);
  }
}

static void findings(struct masking *k, struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) finding(k, &f->list.v[i]);
}

static void attempt(struct masking *k, struct record_attempt *t) {
  both(k, &t->actual);
  one(k, &t->why);
  for (size_t i = 0; i < t->evidence.n; i++) one(k, &t->evidence.v[i].name);
  findings(k, &t->findings);
}

static void step(struct masking *k, struct record_step *s) {
  both(k, &s->action);
  both(k, &s->test_data);
  both(k, &s->expected);
  both(k, &s->actual);
  for (size_t i = 0; i < s->evidence.n; i++) one(k, &s->evidence.v[i].name);
  one(k, &s->stands_why);
  one(k, &s->inserted_why);
  for (size_t i = 0; i < s->attempts.n; i++) attempt(k, &s->attempts.v[i]);
  for (size_t i = 0; i < s->assessments.n; i++) one(k, &s->assessments.v[i].why);
  for (size_t i = 0; i < s->revisions.n; i++) one(k, &s->revisions.v[i].why);
  for (size_t i = 0; i < s->disputes.n; i++) {
    one(k, &s->disputes.v[i].why);
    one(k, &s->disputes.v[i].answer);
  }
  findings(k, &s->findings);
}

static void exchange(struct masking *k, struct record_exchange *x) {
  one(k, &x->file);
  one(k, &x->failure);
  one(k, &x->bytes);
  one(k, &x->payload);
  one(k, &x->withheld_why);
  one(k, &x->near_miss_en);
  one(k, &x->near_miss_da);
  facts(k, &x->facts);
  findings(k, &x->findings);
}

void mask_record(struct mask *m, struct arena *a, struct record *r) {
  struct masking k = {m, a};
  one(&k, &r->decision.remarks);
  one(&k, &r->damage);
  findings(&k, &r->findings);
  for (size_t i = 0; i < r->parameters.n; i++) one(&k, &r->parameters.v[i].value);
  for (size_t i = 0; i < r->exchanges.n; i++) exchange(&k, &r->exchanges.v[i]);
  for (size_t i = 0; i < r->cases.n; i++)
    for (size_t j = 0; j < r->cases.v[i].steps.n; j++) step(&k, &r->cases.v[i].steps.v[j]);
  r->masked_tokens = (int64_t)m->tokens;
  r->masked_keys = (int64_t)m->keys;
  r->masked_cprs = (int64_t)m->cprs;
}
