#include "base/finding.h"

#include "base/utf8.h"

/* Longest text of a finding; arguments beyond are cut. */
#define FINDING_TEXT_MAX ((size_t)16 << 10)

static const char *const severity_names[FINDING_SEVERITIES] = {
    [SEV_INFO] = "info",
    [SEV_WARNING] = "warning",
    [SEV_UNDECIDED] = "undecided",
    [SEV_ERROR] = "error",
};

void findings_init(struct findings *f, struct arena *a) {
  *f = (struct findings){.arena = a};
}

static bool has_kept(const struct findings *f, enum severity s) {
  for (size_t i = f->list.n; i > 0; i--)
    if (f->list.v[i - 1].severity >= s) return true;
  return false;
}

static void count_dropped(struct findings *f, enum severity s) {
  f->dropped++;
  f->dropped_of[s]++;
}

/* A place for a finding of severity s, or NULL. When the list is full, one
 * that is worse than all kept takes the last place: its reason must be seen. */
static struct finding *place_for(struct findings *f, enum severity s) {
  if (f->list.n < FINDINGS_MAX) return VEC_ADD(f->arena, &f->list);
  if (f->dropped_of[s] || has_kept(f, s)) {
    count_dropped(f, s);
    return NULL;
  }
  struct finding *last = &f->list.v[f->list.n - 1];
  count_dropped(f, last->severity);
  return last;
}

/* The text of a rule with {1}..{4} replaced; a number without an argument
 * stays as it is, and so do braces inside arguments. */
static struct str fill_text(struct arena *a, const char *text, size_t n, const struct str *args) {
  struct buf b;
  buf_init(&b, FINDING_TEXT_MAX);
  for (const char *c = text; *c; c++) {
    if (c[0] == '{' && c[1] >= '1' && c[1] <= '0' + FINDING_ARGS_MAX && c[2] == '}' && (size_t)(c[1] - '1') < n) {
      buf_add(&b, args[c[1] - '1']);
      c += 2;
    } else {
      buf_byte(&b, *c);
    }
  }
  if (b.full) b.n = utf8_whole(buf_str(&b));
  return buf_take(&b, a);
}

static struct place copy_place(struct arena *a, struct place p) {
  if (p.message.n) p.message = arena_str(a, p.message);
  if (p.path.n) p.path = arena_str(a, p.path);
  return p;
}

struct finding *findings_add_said(struct findings *f, const struct rule *r, struct place where, size_t n,
                                  const struct said *args) {
  struct str en[FINDING_ARGS_MAX], da[FINDING_ARGS_MAX];
  if (n > FINDING_ARGS_MAX) BUG("rule %s is given %zu arguments", r->id, n);
  struct finding *found = place_for(f, r->severity);
  if (!found) return NULL;
  for (size_t i = 0; i < n; i++) {
    en[i] = args[i].en;
    da[i] = args[i].da;
  }
  *found = (struct finding){
      .rule = arena_str(f->arena, str_z(r->id)),
      .severity = r->severity,
      .where = copy_place(f->arena, where),
      .en = fill_text(f->arena, r->en, n, en),
      .da = fill_text(f->arena, r->da, n, da),
      .source = arena_str(f->arena, str_z(r->source)),
  };
  return found;
}

struct finding *findings_add(struct findings *f, const struct rule *r, struct place where, size_t n,
                             const struct str *args) {
  struct said both[FINDING_ARGS_MAX];
  if (n > FINDING_ARGS_MAX) BUG("rule %s is given %zu arguments", r->id, n);
  for (size_t i = 0; i < n; i++) both[i] = said_same(args[i]);
  return findings_add_said(f, r, where, n, both);
}

struct said said_same(struct str s) {
  return (struct said){s, s};
}

/* --- reasons --- */

void reasons_add(struct reasons *r, struct arena *a, int depth, struct place where, struct said text) {
  if (depth >= FINDING_REASON_DEPTH) depth = FINDING_REASON_DEPTH - 1;
  if (r->n < FINDING_REASONS_MAX)
    VEC_PUSH(a, r, ((struct reason){depth, where, text}));
  else
    r->v[r->n - 1] = (struct reason){0, {0}, {STR("and more of the kind"), STR("og flere af samme slags")}};
}

struct str reason_path(const struct finding *f, size_t i) {
  struct str above = f->where.path, path = f->reasons.v[i].where.path;
  int depth = f->reasons.v[i].depth;
  for (size_t j = i; j > 0 && depth > 0; j--) {
    const struct reason *r = &f->reasons.v[j - 1];
    if (r->depth >= depth) continue;
    depth = r->depth;
    if (!r->where.path.n) continue;
    above = r->where.path;
    break;
  }
  if (!above.n || !str_starts(path, above)) return path;
  if (path.n == above.n) return (struct str){0};
  return path.p[above.n] == '.' ? str_sub(path, above.n + 1, path.n) : path;
}

static struct reasons copy_reasons(struct arena *a, const struct reasons *from) {
  struct reasons to = {0};
  for (size_t i = 0; i < from->n; i++) {
    const struct reason *r = &from->v[i];
    struct said text = {arena_str(a, r->text.en), arena_str(a, r->text.da)};
    VEC_PUSH(a, &to, ((struct reason){r->depth, copy_place(a, r->where), text}));
  }
  return to;
}

void findings_explain(struct findings *f, struct finding *found, const struct reasons *why) {
  if (found) found->reasons = copy_reasons(f->arena, why);
}

/* What the same arena holds needs no copy; reasons that are added to one of the two have to go elsewhere. */
static void share_one(struct finding *copy, const struct finding *one) {
  *copy = *one;
  copy->reasons.cap = copy->reasons.n;
}

static void join_one(struct findings *f, const struct finding *one, bool is_same_arena) {
  struct finding *copy = place_for(f, one->severity);
  if (!copy) return;
  if (is_same_arena) return share_one(copy, one);
  *copy = (struct finding){
      .rule = arena_str(f->arena, one->rule),
      .severity = one->severity,
      .where = copy_place(f->arena, one->where),
      .other = copy_place(f->arena, one->other),
      .en = arena_str(f->arena, one->en),
      .da = arena_str(f->arena, one->da),
      .source = arena_str(f->arena, one->source),
      .profile = arena_str(f->arena, one->profile),
      .element = arena_str(f->arena, one->element),
      .found = arena_str(f->arena, one->found),
      .expression = arena_str(f->arena, one->expression),
      .constraint = arena_str(f->arena, one->constraint),
      .issue = arena_str(f->arena, one->issue),
      .origin = arena_str(f->arena, one->origin),
      .reasons = copy_reasons(f->arena, &one->reasons),
  };
}

void findings_join(struct findings *f, const struct findings *more) {
  for (size_t i = 0; i < more->list.n; i++) join_one(f, &more->list.v[i], f->arena == more->arena);
  f->dropped += more->dropped;
  for (int s = 0; s < FINDING_SEVERITIES; s++) f->dropped_of[s] += more->dropped_of[s];
}

int findings_worst(const struct findings *f) {
  for (int s = FINDING_SEVERITIES - 1; s >= 0; s--)
    if (findings_count(f, (enum severity)s)) return s;
  return -1;
}

size_t findings_count(const struct findings *f, enum severity s) {
  size_t n = f->dropped_of[s];
  for (size_t i = 0; i < f->list.n; i++) n += f->list.v[i].severity == s;
  return n;
}

int findings_error(const struct findings *f, struct error *e) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *found = &f->list.v[i];
    if (found->severity != SEV_ERROR) continue;
    return error_at(e, ERR_SYNTAX, found->where.message, found->where.line, found->where.col, "%.*s", STR_F(found->en));
  }
  if (f->dropped_of[SEV_ERROR] == 0) return 0;
  return error_set(e, ERR_LIMIT, "%zu errors were found behind the first %d findings; solve those first",
                   f->dropped_of[SEV_ERROR], FINDINGS_MAX);
}

const char *severity_name(enum severity s) {
  size_t i = (size_t)s;
  return i < FINDING_SEVERITIES ? severity_names[i] : "unknown";
}

bool severity_parse(struct str name, enum severity *out) {
  for (int s = 0; s < FINDING_SEVERITIES; s++) {
    if (!str_eqz(name, severity_names[s])) continue;
    *out = (enum severity)s;
    return true;
  }
  return false;
}
