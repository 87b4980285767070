/* scripts: what came of the system's runs of TestScripts settles a step that a person is asked about otherwise. */
#include "steps/steps_int.h"

#define SCRIPTS_TEXT_MAX ((size_t)1 << 20)

static const struct key keys[] = {{"package", KEY_TEXT, true, NULL},
                                  {"only", KEY_TEXT, false, NULL},
                                  {"count", KEY_INT, false, NULL},
                                  {"wrong", KEY_LIST, false, NULL},
                                  {0}};

static const struct node *args(const struct step *s) {
  return node_child(s->args_node, "scripts");
}

void scripts_parse(struct step *s, struct keys *k) {
  const struct node *n = args(s);
  if (!n || !keys_check(k, n, keys)) return;
  struct str version = keys_text(n, "package"), name = str_cut(&version, '@');
  if (!name.n || !version.n)
    keys_complain(k, node_child(n, "package"), "\"%.*s\" is no package: write NAME@VERSION",
                  STR_F(keys_text(n, "package")));
}

int scripts_effect(const struct step_view *v, struct step_host *h, struct error *e) {
  const struct node *n = args(v->at->step);
  if (!n) return 0;
  struct str only = keys_text(n, "only");
  struct step_scripts q = {.package = keys_text(n, "package"), .only = only.n ? only : STR("*")};
  return h->scripts(h->context, v, &q, e);
}

/* What a script comes to for the step. */
enum sort { SORT_PASSED, SORT_FAILED, SORT_FAULTY, SORT_OPEN, SORT_UNPLAYED, SORTS };

static const enum steps_rule rules[SORTS] = {[SORT_FAILED] = RULE_SCRIPTS_FAILED,
                                             [SORT_FAULTY] = RULE_SCRIPTS_FAULTY,
                                             [SORT_OPEN] = RULE_SCRIPTS_OPEN,
                                             [SORT_UNPLAYED] = RULE_SCRIPTS_UNPLAYED};

static struct str datum(const struct step_view *v, size_t n, const char *what) {
  return event_get(v->at->scripts, arena_printf(v->scratch, "script.%zu%s", n, what).p);
}

static enum sort sort_of(const struct step_view *v, size_t n) {
  struct str verdict = datum(v, n, ".verdict");
  const char *id = arena_z(v->scratch, datum(v, n, ""));
  if (!verdict.n) return SORT_UNPLAYED;
  if (str_eqz(verdict, verdict_name(VERDICT_PASS))) return SORT_PASSED;
  if (datum(v, n, ".faulty").n || list_has(node_child(args(v->at->step), "wrong"), id)) return SORT_FAULTY;
  return str_eqz(verdict, verdict_name(VERDICT_FAIL)) ? SORT_FAILED : SORT_OPEN;
}

/* "name (verdict, run)" of each of that sort. */
static struct str words(const struct step_view *v, enum sort sort, size_t *n) {
  struct buf b;
  buf_init(&b, SCRIPTS_TEXT_MAX);
  *n = 0;
  for (size_t i = 1; datum(v, i, "").n; i++) {
    if (sort_of(v, i) != sort) continue;
    buf_printf(&b, "%s%.*s", (*n)++ ? ", " : "", STR_F(datum(v, i, "")));
    if (sort != SORT_UNPLAYED)
      buf_printf(&b, " (%.*s, %.*s)", STR_F(datum(v, i, ".verdict")), STR_F(datum(v, i, ".run")));
  }
  return buf_take(&b, v->scratch);
}

bool scripts_judge(const struct step_view *v, struct judgement *j) {
  struct arena *a = v->scratch;
  size_t n, passed = 0, all = 0;
  if (!v->at->scripts) return false;
  struct str package = event_get(v->at->scripts, "package"), good = words(v, SORT_PASSED, &passed);
  all = passed;
  for (int sort = SORT_FAILED; sort < SORTS; sort++) {
    struct str names = words(v, (enum sort)sort, &n);
    all += n;
    if (n) JUDGE(j, rules[sort], ((struct place){0}), arena_printf(a, "%zu", n), names);
  }
  int64_t count = keys_int(args(v->at->step), "count", 0);
  if ((int64_t)all < count)
    JUDGE(j, RULE_SCRIPTS_COUNT, ((struct place){0}), package, arena_printf(a, "%lld", (long long)count),
          arena_printf(a, "%zu", all));
  judge_actual(j,
               arena_printf(a, "%zu of %zu TestScripts of %.*s passed: %.*s", passed, all, STR_F(package),
                            STR_F(good.n ? good : STR("-"))),
               arena_printf(a, "%zu af %zu TestScripts i %.*s er bestået: %.*s", passed, all, STR_F(package),
                            STR_F(good.n ? good : STR("-"))));
  return true;
}
