#include "console/kept.h"

#include <stdlib.h>

struct slip {
  struct arena *arena; /* NULL: free */
  struct str who, path;
  struct webform form;
  int64_t at;
};

struct kept {
  struct slip slips[KEPT_FORMS_MAX];
};

struct kept *kept_new(void) {
  struct kept *k = calloc(1, sizeof *k);
  if (!k) BUG("out of memory");
  return k;
}

static void let_go(struct slip *s) {
  arena_free(s->arena);
  *s = (struct slip){0};
}

void kept_free(struct kept *k) {
  for (size_t i = 0; k && i < KEPT_FORMS_MAX; i++)
    if (k->slips[i].arena) let_go(&k->slips[i]);
  free(k);
}

static struct slip *find(struct kept *k, struct str who) {
  for (size_t i = 0; i < KEPT_FORMS_MAX; i++)
    if (k->slips[i].arena && str_eq(k->slips[i].who, who)) return &k->slips[i];
  return NULL;
}

/* A free one, else the oldest. */
static struct slip *room(struct kept *k) {
  struct slip *oldest = &k->slips[0];
  for (size_t i = 0; i < KEPT_FORMS_MAX; i++) {
    if (!k->slips[i].arena) return &k->slips[i];
    if (k->slips[i].at < oldest->at) oldest = &k->slips[i];
  }
  let_go(oldest);
  return oldest;
}

static bool is_kept(const struct webform_field *f) {
  return !f->is_file && !str_eqz(f->name, "csrf") && str_find(f->name, STR("password"), 0) == SIZE_MAX;
}

static void copy(struct webform *to, struct arena *a, const struct webform *from) {
  for (size_t i = 0; i < from->fields.n; i++) {
    const struct webform_field *f = &from->fields.v[i];
    struct webform_field field = {.name = arena_str(a, f->name), .value = arena_str(a, f->value)};
    if (is_kept(f)) VEC_PUSH(a, &to->fields, field);
  }
}

static size_t size_of(const struct webform *f) {
  size_t n = 0;
  for (size_t i = 0; i < f->fields.n; i++)
    if (is_kept(&f->fields.v[i])) n += f->fields.v[i].name.n + f->fields.v[i].value.n;
  return n;
}

void kept_put(struct kept *k, struct str who, struct str path, const struct webform *f, int64_t now) {
  struct slip *s = find(k, who);
  if (s) let_go(s);
  if (!who.n || size_of(f) > KEPT_BYTES_MAX) return;
  s = room(k);
  s->arena = arena_new_small(0);
  s->who = arena_str(s->arena, who), s->path = arena_str(s->arena, path), s->at = now;
  copy(&s->form, s->arena, f);
}

bool kept_take(struct kept *k, struct str who, int64_t now, struct arena *a, struct str *path, struct webform *out) {
  struct slip *s = find(k, who);
  *path = STR("");
  *out = (struct webform){0};
  if (!s) return false;
  bool fresh = now - s->at <= KEPT_MS;
  if (fresh) *path = arena_str(a, s->path), copy(out, a, &s->form);
  let_go(s);
  return fresh;
}
