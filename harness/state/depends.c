#include "state/depends.h"

#include "base/map.h"

struct maker {
  struct depends *d;
  struct depends_files files;
  struct map givers; /* name -> number of the step + 1, as a pointer */
  struct map labels; /* "case\nlabel" -> the same, of the first step that uses it */
  size_t first;      /* of the case at hand */
};

static void link_steps(struct depends *d, size_t step, size_t on, bool fresh) {
  if (step != on) VEC_PUSH(d->arena, &d->links, ((struct depends_link){step, on, fresh}));
}

static void number_steps(struct depends *d) {
  size_t n = 0;
  for (size_t c = 0; c < d->plan->cases.n; c++) d->n += d->plan->cases.v[c].c->steps.n;
  d->steps = ARENA_ARRAY(d->arena, struct step *, d->n + 1);
  for (size_t c = 0; c < d->plan->cases.n; c++) {
    const struct plan_case *pc = &d->plan->cases.v[c];
    for (size_t i = 0; i < pc->c->steps.n; i++, n++) {
      struct step *s = pc->c->steps.v[i];
      d->steps[n] = pc->applies && plan_step_applies(d->plan, s) ? s : NULL;
    }
  }
}

/* Names are given once in a protocol, so the map is whole before any use is looked at. */
static void collect_givers(struct maker *m) {
  for (size_t i = 0; i < m->d->n; i++) {
    struct str as = m->d->steps[i] ? node_text_at(m->d->steps[i]->args_node, "as") : (struct str){0};
    if (as.n) map_set(&m->givers, as, (void *)(uintptr_t)(i + 1));
  }
}

static bool giver_of(const struct maker *m, struct str name, size_t *at) {
  uintptr_t found = (uintptr_t)map_get(&m->givers, name);
  *at = found ? (size_t)found - 1 : 0;
  return found != 0;
}

static void use_name(struct maker *m, size_t step, struct str name, bool fresh) {
  size_t at;
  if (giver_of(m, name, &at)) link_steps(m->d, step, at, fresh);
}

static void use_label(struct maker *m, size_t step, struct str label) {
  struct arena *a = m->d->arena;
  struct str key = arena_printf(a, "%.*s\n%.*s", STR_F(m->d->steps[step]->in->id), STR_F(label));
  uintptr_t found = (uintptr_t)map_get(&m->labels, key);
  if (found)
    link_steps(m->d, step, (size_t)found - 1, true);
  else
    map_set(&m->labels, key, (void *)(uintptr_t)(step + 1));
}

/* Each ${...}: a label, a variable, or "name.fact". */
static void use_variables(struct maker *m, size_t step, struct str text) {
  for (size_t at = 0, open; (open = str_find(text, STR("${"), at)) != SIZE_MAX;) {
    size_t close = str_find(text, STR("}"), open);
    if (close == SIZE_MAX) return;
    struct str name = str_trim(str_sub(text, open + 2, close));
    if (str_starts(name, STR("uuid:")) || str_starts(name, STR("id:")))
      use_label(m, step, str_sub(name, str_index(name, ':') + 1, name.n));
    else
      use_name(m, step, str_sub(name, 0, str_index(name, '.')), false);
    at = close + 1;
  }
}

static bool is_name_byte(char c) {
  return ascii_is_alnum(c) || c == '-' || c == '_';
}

/* Each %name of a FHIRPath. */
static void use_percents(struct maker *m, size_t step, struct str text) {
  for (size_t i = 0; i < text.n; i++) {
    if (text.p[i] != '%') continue;
    size_t end = i + 1;
    while (end < text.n && is_name_byte(text.p[end])) end++;
    use_name(m, step, str_sub(text, i + 1, end), false);
  }
}

static void use_texts(struct maker *m, size_t step, const struct node *n) {
  use_variables(m, step, n->text);
  for (NODE_EACH(c, n)) use_texts(m, step, c);
}

/* Keys that name a message, but for the word in which they mean something else. What answers a message, or is compared
 * with one, can be had again while that message stays. */
static const struct {
  const char *key, *except;
  bool fresh;
} naming[] = {{"on", "fault", true},    {"to", "send", true}, {"again", NULL, true}, {"pass", NULL, true},
              {"answers", NULL, false}, {"of", NULL, false},  {"body", NULL, false}, {"expected", NULL, false}};

static void use_names(struct maker *m, size_t step) {
  const struct step *s = m->d->steps[step];
  if (s->args_node->kind != NODE_OBJECT) return;
  for (size_t i = 0; i < sizeof naming / sizeof *naming; i++) {
    if (naming[i].except && str_eqz(str_z(s->kind->word), naming[i].except)) continue;
    use_name(m, step, node_text_at(s->args_node, naming[i].key), naming[i].fresh);
  }
  use_percents(m, step, node_text_at(s->args_node, "fhirpath"));
}

/* The labels in what a step is made from, or compared with. */
static void use_fixture(struct maker *m, size_t step) {
  static const char *const keys[] = {"fixture", "expected"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys && m->files.read; i++) {
    struct str file = node_text_at(m->d->steps[step]->args_node, keys[i]);
    size_t at;
    if (!file.n || giver_of(m, file, &at)) continue;
    use_variables(m, step, m->files.read(m->files.context, m->d->arena, file));
  }
}

/* The last step before this one in its case that plays that part; d->n if there is none. */
static size_t last_before(const struct maker *m, size_t step, enum step_part part) {
  for (size_t i = step; i > m->first; i--)
    if (m->d->steps[i - 1] && m->d->steps[i - 1]->kind->part == part) return i - 1;
  return m->d->n;
}

static bool names_its_cause(const struct maker *m, size_t step) {
  size_t at;
  return giver_of(m, node_text_at(m->d->steps[step]->args_node, "to"), &at);
}

static void link_cause(struct maker *m, size_t step) {
  if (names_its_cause(m, step)) return; /* linked by name */
  size_t cause = last_before(m, step, STEP_ACTS);
  if (cause == m->d->n) cause = last_before(m, step, STEP_ASKS);
  if (cause < m->d->n) link_steps(m->d, step, cause, true);
}

/* What stands between the last step that did something and this one, to make ready for it. */
static void link_preparing(struct maker *m, size_t step) {
  for (size_t i = step; i > m->first; i--) {
    const struct step *s = m->d->steps[i - 1];
    if (s && (s->kind->part == STEP_ACTS || s->kind->part == STEP_WAITS)) return;
    if (s && s->kind->part == STEP_PREPARES) link_steps(m->d, step, i - 1, true);
  }
}

/* A person acts on what has come about so far; a request to the system's hook says itself what it is about. */
static void link_person(struct maker *m, size_t step) {
  const struct step *s = m->d->steps[step];
  bool by_word = str_eqz(str_z(s->kind->word), "instruct") && !node_child(s->args_node, "trigger");
  size_t before = last_before(m, step, STEP_ACTS);
  if ((s->kind->part == STEP_ASKS || by_word) && before < m->d->n) link_steps(m->d, step, before, false);
}

static void link_one(struct maker *m, size_t step) {
  enum step_part part = m->d->steps[step]->kind->part;
  use_names(m, step);
  use_texts(m, step, m->d->steps[step]->node);
  use_fixture(m, step);
  if (part == STEP_WAITS) link_cause(m, step);
  if (part == STEP_WAITS || part == STEP_ACTS) link_preparing(m, step);
  link_person(m, step);
}

struct depends *depends_make(struct arena *a, const struct plan *p, struct depends_files files) {
  struct depends *d = ARENA_NEW(a, struct depends);
  struct maker m = {.d = d, .files = files};
  *d = (struct depends){.arena = a, .plan = p};
  map_init(&m.givers, a);
  map_init(&m.labels, a);
  number_steps(d);
  collect_givers(&m);
  for (size_t c = 0, n = 0; c < p->cases.n; c++) {
    m.first = n;
    for (size_t i = 0; i < p->cases.v[c].c->steps.n; i++, n++)
      if (d->steps[n]) link_one(&m, n);
  }
  return d;
}

size_t depends_index(const struct depends *d, const struct step *s) {
  size_t i = 0;
  while (i < d->n && d->steps[i] != s) i++;
  return i;
}

void depends_close(struct depends_mark *marks, const struct depends *d, bool anew) {
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < d->links.n; i++) {
      const struct depends_link *l = &d->links.v[i];
      bool step = marks[l->step].why != DEPENDS_NOT, on = marks[l->on].why != DEPENDS_NOT;
      if (on && !step)
        marks[l->step] = (struct depends_mark){DEPENDS_USES, l->on};
      else if (step && !on && (l->fresh || anew))
        marks[l->on] = (struct depends_mark){DEPENDS_NEEDED, l->step};
      else
        continue;
      more = true;
    }
  }
}
