#include "validate/known_issues.h"

#include "base/clock.h"
#include "formats/json.h"

static const struct {
  const char *name;
  enum severity severity;
} effects[KNOWN_EFFECTS_N] = {[KNOWN_IGNORE] = {"ignore", SEV_INFO},
                              [KNOWN_WARN] = {"warn", SEV_WARNING},
                              [KNOWN_UNDECIDED] = {"undecided", SEV_UNDECIDED}};

const char *known_effect_name(enum known_effect e) {
  return effects[e].name;
}

const struct known_issue *known_issues_find(const struct known_issues *k, struct str id) {
  for (size_t i = 0; i < k->list.n; i++)
    if (str_eq(k->list.v[i].id, id)) return &k->list.v[i];
  return NULL;
}

bool known_issues_add(struct known_issues *k, const struct known_issue *issue) {
  if (known_issues_find(k, issue->id)) return false;
  VEC_PUSH(k->arena, &k->list, *issue);
  return true;
}

bool known_issue_expired(const struct known_issue *issue, int64_t at) {
  return at >= issue->ends;
}

/* --- does it fit? --------------------------------------------------------------- */

static bool fits_text(struct str pattern, struct str text) {
  if (!pattern.n) return true;
  if (str_ends(pattern, STR("*"))) return str_starts(text, str_sub(pattern, 0, pattern.n - 1));
  return str_eq(pattern, text);
}

static bool fits_version(struct str range, struct str version) {
  size_t dots = str_find(range, STR(".."), 0);
  if (!range.n) return true;
  if (dots == SIZE_MAX) return package_version_fits(version, range);
  struct str from = str_sub(range, 0, dots), to = str_sub(range, dots + 2, range.n);
  return package_version_cmp(version, from) >= 0 && package_version_cmp(version, to) <= 0;
}

static bool fits_package(struct str wanted, const struct package *p) {
  struct str range = wanted, name = str_cut(&range, '@');
  return p && str_eq(p->name, name) && fits_version(range, p->version);
}

static bool is_of_package(struct str wanted, struct book *b, struct str profile) {
  struct package **pinned;
  if (!wanted.n) return true;
  if (!b) return false;
  struct structure *s = profile.n ? book_structure(b, profile, NULL) : NULL;
  if (s && fits_package(wanted, s->package)) return true;
  size_t n = book_pinned(&pinned, b);
  for (size_t i = 0; i < n; i++)
    if (fits_package(wanted, pinned[i])) return true;
  return false;
}

static bool fits(const struct known_issue *issue, const struct finding *f, struct book *b) {
  return fits_text(issue->rule, f->rule) && fits_text(issue->profile, canonical_cut(f->profile, NULL)) &&
         fits_text(issue->element, f->element) && fits_text(issue->constraint, f->constraint) &&
         is_of_package(issue->package, b, f->profile);
}

/* --- what becomes of the finding -------------------------------------------------- */

static void excuse(struct arena *a, struct finding *f, const struct known_issue *issue) {
  const char *was = severity_name(f->severity);
  f->severity = effects[issue->effect].severity;
  f->issue = arena_str(a, issue->id);
  f->en = arena_printf(a, "%.*s [known issue %.*s, else %s: %.*s]", STR_F(f->en), STR_F(issue->id), was,
                       STR_F(issue->reason.en));
  f->da = arena_printf(a, "%.*s [kendt fejl %.*s, ellers %s: %.*s]", STR_F(f->da), STR_F(issue->id), was,
                       STR_F(issue->reason.da));
}

/* The first that fits decides; one that would not lower the severity is none. */
static bool apply_one(const struct known_issues *k, struct arena *a, struct finding *f, struct book *b, int64_t at) {
  for (size_t i = 0; i < k->list.n && !f->issue.n; i++) {
    const struct known_issue *issue = &k->list.v[i];
    if (known_issue_expired(issue, at) || f->severity <= effects[issue->effect].severity) continue;
    if (fits(issue, f, b)) excuse(a, f, issue);
  }
  return f->issue.n > 0;
}

size_t known_issues_apply(const struct known_issues *k, struct findings *f, struct book *b, int64_t at) {
  size_t n = 0;
  for (size_t i = 0; k && i < f->list.n; i++) n += apply_one(k, f->arena, &f->list.v[i], b, at);
  return n;
}

/* --- writing ------------------------------------------------------------------------ */

static void put(struct buf *out, const char *key, struct str value) {
  if (!value.n) return;
  buf_printf(out, "    %s: ", key);
  json_write_string(out, value); /* which is YAML too */
  buf_byte(out, '\n');
}

void known_issues_write(struct buf *out, const struct known_issues *k) {
  buf_addz(out, k->list.n ? "issues:\n" : "issues: []\n");
  for (size_t i = 0; i < k->list.n; i++) {
    const struct known_issue *x = &k->list.v[i];
    buf_addz(out, "  - id: ");
    json_write_string(out, x->id);
    buf_byte(out, '\n');
    put(out, "rule", x->rule);
    put(out, "profile", x->profile);
    put(out, "element", x->element);
    put(out, "constraint", x->constraint);
    put(out, "package", x->package);
    put(out, "effect", str_z(known_effect_name(x->effect)));
    buf_addz(out, "    reason: {en: ");
    json_write_string(out, x->reason.en);
    buf_addz(out, ", da: ");
    json_write_string(out, x->reason.da);
    buf_addz(out, "}\n");
    put(out, "by", x->by);
    put(out, "expires", x->expires);
  }
}
