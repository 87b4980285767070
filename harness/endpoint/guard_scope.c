/* Scopes as SMART App Launch 2.0 writes them: context/Type.letters. */
#include "endpoint/resource_guard.h"

struct permission {
  struct str context, type, letters;
};

/* Letters of "cruds", each at most once and in this order. */
static bool letters_valid(struct str s) {
  const char *at = "cruds";
  for (size_t i = 0; i < s.n; i++) {
    at = s.p[i] ? strchr(at, s.p[i]) : NULL;
    if (!at) return false;
    at++;
  }
  return s.n > 0;
}

static bool split(struct permission *out, struct str s) {
  size_t slash = str_index(s, '/');
  *out = (struct permission){.context = slash == SIZE_MAX ? (struct str){0} : str_sub(s, 0, slash)};
  out->letters = str_sub(s, slash == SIZE_MAX ? 0 : slash + 1, s.n);
  out->type = str_cut(&out->letters, '.');
  return out->type.n && letters_valid(out->letters);
}

static bool holds(const struct permission *has, const struct permission *needed) {
  bool context = needed->context.n ? str_eq(has->context, needed->context)
                                   : str_eqz(has->context, "system") || str_eqz(has->context, "user");
  if (!context || (!str_eq(has->type, needed->type) && !str_eqz(has->type, "*"))) return false;
  for (size_t i = 0; i < needed->letters.n; i++)
    if (str_index(has->letters, needed->letters.p[i]) == SIZE_MAX) return false;
  return true;
}

bool guard_scope_has(struct str scope, const char *permission) {
  struct permission needed, has;
  if (!split(&needed, str_z(permission))) BUG("\"%s\" is no permission", permission);
  while (scope.n)
    if (split(&has, str_cut(&scope, ' ')) && holds(&has, &needed)) return true;
  return false;
}
