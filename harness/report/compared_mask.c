#include "report/compared_mask.h"

#include "base/clock.h"
#include "base/uuid.h"

#define MASKED_MAX ((size_t)16 << 20)
#define URN "urn:uuid:"
#define TIME_MIN (sizeof "2026-01-05T10:00:00" - 1)

/* Facts that are ids and numbers of any form, by which a message is told from others (validate/message.h). */
static const char *const ids[] = {"envelope.id",
                                  "envelope.message",
                                  "envelope.original",
                                  "sbdh.document-id",
                                  "bundle.id",
                                  "header.id",
                                  "response.to",
                                  "previous",
                                  "thread",
                                  "letter.id",
                                  "rest.id",
                                  "document.identifier",
                                  "episode",
                                  "stay",
                                  "oauth.token-id"};

static bool is_time(struct str s, int64_t *ms) {
  bool has_zone;
  return s.n >= TIME_MIN && s.p[10] == 'T' && time_parse(s, ms, &has_zone);
}

static bool is_id_fact(struct str name) {
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
    if (str_eqz(name, ids[i])) return true;
  return false;
}

static struct str without_urn(struct str s) {
  return str_starts(s, STR(URN)) ? str_sub(s, sizeof URN - 1, s.n) : s;
}

/* What the message is to the protocol; of one that no step matched, where and which way it went. */
static struct str role(struct arena *a, const struct record_exchange *x) {
  if (x->name.n) return x->name;
  return arena_printf(a, "%s %.*s", x->outbound ? "sent in" : "come in", STR_F(x->step.n ? x->step : x->case_id));
}

/* The first place that holds a value names it: an answer quotes what was asked. */
static const struct str *note(struct compared_mask *m, struct str value, struct str word) {
  struct str *kept = map_get(&m->words, value);
  if (kept || !value.n) return kept;
  kept = ARENA_NEW(m->arena, struct str);
  *kept = word;
  map_set(&m->words, value, kept);
  return kept;
}

static void note_exchange(struct compared_mask *m, const struct record_exchange *x) {
  int64_t ms;
  struct str is = role(m->arena, x);
  note(m, x->id, arena_printf(m->arena, "{%.*s}", STR_F(is)));
  for (size_t i = 0; i < x->facts.list.n; i++) {
    const struct fact *f = &x->facts.list.v[i];
    struct str value = without_urn(f->value);
    if (is_id_fact(f->name) || uuid_valid(value) || is_time(value, &ms))
      note(m, value, arena_printf(m->arena, "{%.*s %.*s}", STR_F(is), STR_F(f->name)));
  }
}

void compared_mask_init(struct compared_mask *m, struct arena *a, const struct record *r) {
  *m = (struct compared_mask){.arena = a, .record = r};
  map_init(&m->words, a);
  for (size_t i = 0; i < r->exchanges.n; i++) note_exchange(m, &r->exchanges.v[i]);
}

static bool holds(const struct record_exchange *x, struct str value) {
  return str_find(x->bytes, value, 0) != SIZE_MAX || str_find(x->payload, value, 0) != SIZE_MAX;
}

/* The word for an id or a time that is no fact: it stands in a message, or is when one came or went. */
static const struct str *look_up(struct compared_mask *m, struct str value) {
  const struct record *r = m->record;
  int64_t ms = 0;
  bool time = is_time(value, &ms);
  const struct str *known = map_get(&m->words, value);
  if (known || (!time && !uuid_valid(value))) return known;
  for (size_t i = 0; i < r->exchanges.n; i++) {
    const struct record_exchange *x = &r->exchanges.v[i];
    if (!holds(x, value) && !(time && ms / 1000 == x->at / 1000)) continue;
    return note(m, value, arena_printf(m->arena, "{%s in %.*s}", time ? "time" : "id", STR_F(role(m->arena, x))));
  }
  return NULL;
}

static bool is_part(char c) {
  return ascii_is_alnum(c) || c == '-' || c == '_' || c == ':' || c == '.' || c == '+';
}

/* Length of the word at the beginning; a stop or colon behind it is not of it. */
static size_t word_length(struct str s) {
  size_t n = 0;
  while (n < s.n && is_part(s.p[n])) n++;
  while (n && (s.p[n - 1] == '.' || s.p[n - 1] == ':')) n--;
  return n;
}

struct str compared_mask_text(struct compared_mask *m, struct str text) {
  struct buf b;
  buf_init(&b, MASKED_MAX);
  for (size_t at = 0; at < text.n;) {
    size_t n = word_length(str_sub(text, at, text.n));
    struct str word = str_sub(text, at, at + n);
    const struct str *masked = n ? look_up(m, without_urn(word)) : NULL;
    buf_add(&b, masked ? *masked : n ? word : str_sub(text, at, at + 1));
    at += n ? n : 1;
  }
  return buf_take(&b, m->arena);
}
