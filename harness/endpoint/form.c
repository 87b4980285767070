#include "endpoint/form.h"

#include "base/percent.h"
#include "base/utf8.h"
#include "crypto/token.h"

static bool decode(struct str *out, struct arena *a, struct str s) {
  return percent_decode(out, a, s) && utf8_check(*out) == SIZE_MAX;
}

static void add(struct form *f, struct arena *a, struct str piece) {
  struct fact *pair = VEC_ADD(a, &f->pairs);
  struct str value = piece, name = str_cut(&value, '='), raw = name;
  bool sound = decode(&pair->name, a, name) && decode(&pair->value, a, value);
  if (sound || f->broken) return;
  f->broken = true;
  f->broken_at = raw;
}

void form_read(struct form *out, struct arena *a, struct str text) {
  *out = (struct form){0};
  while (text.n) {
    struct str piece = str_cut(&text, '&');
    if (!piece.n) continue;
    if (out->pairs.n == FORM_PAIRS_MAX) {
      out->full = true;
      return;
    }
    add(out, a, piece);
  }
}

const struct str *form_get(const struct form *f, const char *name) {
  for (size_t i = 0; i < f->pairs.n; i++)
    if (str_eqz(f->pairs.v[i].name, name)) return &f->pairs.v[i].value;
  return NULL;
}

size_t form_count(const struct form *f, struct str name) {
  size_t n = 0;
  for (size_t i = 0; i < f->pairs.n; i++) n += str_eq(f->pairs.v[i].name, name);
  return n;
}

bool form_mentions(struct arena *a, struct str text, const char *name) {
  while (text.n) {
    struct str value = str_cut(&text, '&'), got = str_cut(&value, '=');
    struct arena_mark mark = arena_mark(a);
    (void)decode(&got, a, got);
    bool same = str_eqz(got, name);
    arena_rewind(a, mark);
    if (same) return true;
  }
  return false;
}

static bool is_secret(struct str name, const char *const *secrets) {
  while (*secrets && !str_eqz(name, *secrets)) secrets++;
  return *secrets;
}

/* "code=" becomes "code=sha256:" and 43 characters. */
#define KEPT_GROWTH 10

struct str form_kept(struct arena *a, struct str text, const char *const *secrets) {
  struct buf b;
  buf_init(&b, text.n * KEPT_GROWTH + FORM_MAX);
  for (bool first = true; text.n; first = false) {
    struct str piece = str_cut(&text, '&'), value = piece, raw = str_cut(&value, '='), name;
    if (!first) buf_byte(&b, '&');
    (void)decode(&name, a, raw);
    if (!is_secret(name, secrets)) {
      buf_add(&b, piece);
      continue;
    }
    (void)decode(&value, a, value);
    buf_printf(&b, "%.*s=sha256:%.*s", STR_F(raw), STR_F(token_thumbprint(a, value)));
  }
  return buf_take(&b, a);
}

bool form_is(struct str content_type) {
  struct str type = str_trim(str_cut(&content_type, ';'));
  return str_eq_nocase(type, STR("application/x-www-form-urlencoded"));
}
