#include "validate/flow.h"

#include "base/clock.h"
#include "validate/flow_int.h"

#define MINUTE_MS 60000

/* One case being judged: letters in their order, those of the request first. */
struct flowing {
  const struct flow_case *c;
  const struct flows *flows;
  struct arena *arena;
  struct findings *f;
  struct flow_letters request, answers;
};

#define TELL(j, rule, letter, node, ...)                                                                               \
  FINDING((j)->f, &flow_rules[rule], flow_place((j)->arena, (letter), (node)), ##__VA_ARGS__)

static const char *const fact_names[] = {"asks", "sent", "revision", "handled", "route"};

bool flow_fact_exists(struct str name) {
  for (size_t i = 0; i < sizeof fact_names / sizeof *fact_names; i++)
    if (str_eqz(name, fact_names[i])) return true;
  return false;
}

bool flow_rule_exists(struct str rule) {
  for (size_t i = 0; rule.n && i < FLOW_RULES_N; i++)
    if (str_starts(str_z(flow_rules[i].id), rule)) return true;
  return false;
}

static struct str given(const struct flowing *j, const char *name) {
  return j->c->given ? facts_get(j->c->given, name) : (struct str){0};
}

static struct str words(struct arena *a, int64_t n) {
  return arena_printf(a, "%lld", (long long)n);
}

static struct str or_none(struct str s) {
  return s.n ? s : STR("-");
}

static bool same(struct str x, struct str y) {
  return str_eq_nocase(x, y);
}

/* ---- flow.default-answer ---- */

static const struct flow_answer *answer_to(const struct flowing *j, const struct flow_letter *l) {
  for (size_t i = 0; i < j->flows->answers.n; i++)
    if (str_eq(j->flows->answers.v[i].letter, l->type)) return &j->flows->answers.v[i];
  return NULL;
}

static void judge_answer(const struct flowing *j, const struct flow_letter *request, const struct flow_answer *want,
                         const struct flow_letter *l) {
  if (!str_eq(l->type, want->answer)) TELL(j, want->rule, l, NULL, request->type, want->answer, or_none(l->type));
  if (request->patient.n && !same(request->patient, l->patient))
    TELL(j, FLOW_ANSWER_PATIENT, l, NULL, or_none(l->patient), request->patient);
  if (!str_eq(l->receiver, request->sender) || !str_eq(l->sender, request->receiver))
    TELL(j, FLOW_ANSWER_PARTIES, l, NULL, or_none(l->sender), or_none(l->receiver));
}

static bool judge_default_answers(const struct flowing *j) {
  bool any = false;
  for (size_t i = 0; i < j->request.list.n; i++) {
    const struct flow_letter *r = j->request.list.v[i];
    const struct flow_answer *want = answer_to(j, r);
    if (!want) continue;
    any = true;
    if (!j->answers.list.n) TELL(j, want->rule, r, NULL, r->type, want->answer, STR("-"));
    for (size_t k = 0; k < j->answers.list.n; k++) judge_answer(j, r, want, j->answers.list.v[k]);
  }
  return any;
}

/* ---- flow.admission-report ---- */

static bool may_ask(const struct flowing *j, const struct flow_letter *l) {
  const struct flow_report *r = &j->flows->report;
  return flow_words_have(l->message->resource ? &r->events : &r->letters, l->type);
}

static bool asks(const struct flowing *j, const struct flow_letter *l) {
  struct str said = given(j, "asks");
  return said.n ? str_eqz(said, "true") : l->answer_to.n > 0;
}

static bool is_manual(const struct flowing *j) {
  return str_eqz(given(j, "sent"), "manual");
}

static struct str list_words(struct arena *a, const struct flow_words *w) {
  struct str s = STR("-");
  for (size_t i = 0; i < w->n; i++) s = arena_printf(a, "%.*s, %.*s", STR_F(s), STR_F(w->v[i]));
  return s;
}

/* A report that a person sent has none, or one of manual. */
static void judge_statistic(const struct flowing *j, const struct flow_letter *l) {
  const struct flow_report *r = &j->flows->report;
  bool manual = is_manual(j);
  bool right =
      manual ? !l->statistic.n || flow_words_have(&r->manual, l->statistic) : str_eq(l->statistic, r->automatic);
  struct str want = manual ? list_words(j->arena, &r->manual) : r->automatic;
  if (!l->message->envelope) {
    TELL(j, FLOW_REPORT_UNMARKED, l, NULL);
    return;
  }
  const struct said args[] = {said_same(or_none(l->statistic)),
                              {manual ? STR("manual") : STR("automatic"), manual ? STR("manuel") : STR("automatisk")},
                              said_same(want)};
  if (!right) findings_add_said(j->f, &flow_rules[FLOW_REPORT_STATISTIC], flow_place(j->arena, l, NULL), 3, args);
}

/* Letters tell minutes: one of the same minute is not before. */
static void judge_time(const struct flowing *j, const struct flow_letter *n, const struct flow_letter *l) {
  if (n->time == INT64_MIN || l->time == INT64_MIN) return;
  int64_t from = l->minutes ? n->time - n->time % MINUTE_MS : n->time;
  if (l->time < from)
    TELL(j, FLOW_REPORT_TIME, l, NULL, time_danish(j->arena, l->time), time_danish(j->arena, n->time));
}

static void judge_episode(const struct flowing *j, const struct flow_letter *n, const struct flow_letter *l) {
  struct str is = flow_bare(j->arena, l->episode), want = flow_bare(j->arena, n->episode);
  if (want.n && !str_eq(is, want)) TELL(j, FLOW_REPORT_EPISODE, l, NULL, or_none(l->episode), n->episode);
  if (str_index(l->episode, '-') != SIZE_MAX) TELL(j, FLOW_REPORT_HYPHENS, l, NULL, l->episode);
}

static void judge_report(const struct flowing *j, const struct flow_letter *n, const struct flow_letter *l) {
  if (!is_manual(j) && !asks(j, n)) TELL(j, FLOW_REPORT_UNASKED, l, NULL, l->type);
  judge_statistic(j, l);
  judge_time(j, n, l);
  judge_episode(j, n, l);
  if (n->answer_to.n && !str_eq(l->receiver, n->answer_to))
    TELL(j, FLOW_REPORT_ADDRESS, l, NULL, or_none(l->receiver), n->answer_to);
  if (n->patient.n && !same(n->patient, l->patient))
    TELL(j, FLOW_REPORT_PATIENT, l, NULL, or_none(l->patient), n->patient);
}

static bool judge_reports(const struct flowing *j) {
  bool any = false;
  for (size_t i = 0; i < j->request.list.n; i++) {
    const struct flow_letter *n = j->request.list.v[i];
    size_t reports = 0;
    if (!may_ask(j, n)) continue;
    any = true;
    for (size_t k = 0; k < j->answers.list.n; k++) {
      const struct flow_letter *l = j->answers.list.v[k];
      if (!str_eq(l->type, j->flows->report.letter)) continue;
      judge_report(j, n, l);
      reports++;
    }
    if (!reports && !is_manual(j) && asks(j, n)) TELL(j, FLOW_REPORT_MISSING, n, NULL, j->flows->report.letter);
  }
  return any;
}

/* ---- rules of one letter ---- */

static bool each_letter(const struct flowing *j, bool (*fn)(const struct flowing *j, const struct flow_letter *l)) {
  const struct flow_letters *const all[] = {&j->request, &j->answers};
  bool any = false;
  for (size_t i = 0; i < 2; i++)
    for (size_t k = 0; k < all[i]->list.n; k++) any |= fn(j, all[i]->list.v[k]);
  return any;
}

/* Asked for by its own name; else those that no letter can show are told once, not each of every letter. */
static bool is_asked_for(const struct flowing *j, enum flow_rule wish) {
  return j->c->rule.n > strlen("flow.wish") && str_starts(str_z(flow_rules[wish].id), j->c->rule);
}

static bool judge_wish(const struct flowing *j, const struct flow_letter *l) {
  bool any = false;
  for (size_t i = 0; i < j->flows->wishes.n; i++) {
    const struct flow_wish *w = &j->flows->wishes.v[i];
    if (!flow_words_have(&w->letters, l->type)) continue;
    any = true;
    const struct node *n = w->edifact.n ? flow_organisation(j->arena, l, w->oioxml, w->edifact) : NULL;
    if (n || (!w->edifact.n && is_asked_for(j, w->rule)))
      TELL(j, w->rule, l, n, l->type, n ? str_trim(n->text) : STR(""));
  }
  return any;
}

static size_t count_unseen(const struct flowing *j, const struct flow_letter *l) {
  size_t n = 0;
  for (size_t i = 0; i < j->flows->wishes.n; i++) {
    const struct flow_wish *w = &j->flows->wishes.v[i];
    n += !w->edifact.n && flow_words_have(&w->letters, l->type);
  }
  return n;
}

static bool tell_unseen(const struct flowing *j, const struct flow_letter *l) {
  size_t n = count_unseen(j, l);
  for (size_t i = 0; n && i < j->f->list.n; i++)
    if (str_eqz(j->f->list.v[i].rule, flow_rules[FLOW_WISH_UNSEEN].id)) return false;
  if (n) TELL(j, FLOW_WISH_UNSEEN, l, NULL, words(j->arena, (int64_t)n), l->type);
  return false;
}

static bool judge_wishes(const struct flowing *j) {
  bool any = each_letter(j, judge_wish);
  (void)each_letter(j, tell_unseen);
  return any;
}

/* ---- flow.limit ---- */

static bool is_of_version(const struct flows *flows, const struct flow_limit *x, const struct flow_letter *l) {
  if (x->version.n) return str_eq(x->version, l->version);
  for (size_t i = 0; i < flows->limits.n; i++)
    if (str_eq(flows->limits.v[i].letter, l->type) && str_eq(flows->limits.v[i].version, l->version)) return false;
  return true;
}

/* True if the revision that a row is about is the one that the system sends by. A revision whose day is open may be
 * any that is declared. */
static bool is_in_force(const struct flowing *j, const struct flow_limit *x) {
  struct str revision = given(j, "revision");
  if (!x->revised || !revision.n) return !x->revised;
  return !x->from.n || memcmp(x->from.p, revision.p, x->from.n < revision.n ? x->from.n : revision.n) <= 0;
}

/* The row that applies (the last one in force), and the most that any row of this letter publishes. */
static const struct flow_limit *limit_of(const struct flowing *j, const struct flow_letter *l, struct str what,
                                         int64_t *published) {
  const struct flow_limit *found = NULL;
  *published = -1;
  for (size_t i = 0; i < j->flows->limits.n; i++) {
    const struct flow_limit *x = &j->flows->limits.v[i];
    if (!str_eq(x->letter, l->type) || !str_eq(x->what, what)) continue;
    if (x->most > *published) *published = x->most;
    if (is_of_version(j->flows, x, l) && is_in_force(j, x)) found = x;
  }
  return found;
}

/* Each thing that is counted once, by the first row that is about it. */
static bool is_first_of(const struct flows *flows, size_t at) {
  for (size_t i = 0; i < at; i++)
    if (str_eq(flows->limits.v[i].letter, flows->limits.v[at].letter) &&
        str_eq(flows->limits.v[i].what, flows->limits.v[at].what))
      return false;
  return true;
}

static void tell_limit(const struct flowing *j, enum flow_rule rule, const struct flow_letter *l,
                       const struct said *args) {
  findings_add_said(j->f, &flow_rules[rule], flow_place(j->arena, l, NULL), 4, args);
}

static bool judge_limit_of(const struct flowing *j, const struct flow_letter *l, struct str what) {
  int64_t published;
  const struct flow_limit *x = limit_of(j, l, what, &published);
  int64_t n = x ? flow_count(j->arena, l, x->oioxml, x->edifact) : -1;
  if (n < 0) return false;
  struct str count = words(j->arena, n), most = words(j->arena, x->most);
  struct said named = {x->what, x->danish};
  if (x->most >= 0 && n > x->most)
    tell_limit(j, FLOW_LIMIT, l, (struct said[]){said_same(count), named, said_same(l->version), said_same(most)});
  else if (x->most < 0 && n > published)
    tell_limit(j, FLOW_LIMIT_OPEN, l,
               (struct said[]){said_same(count), named, said_same(words(j->arena, published)),
                               said_same(or_none(l->version))});
  return true;
}

static bool judge_limit(const struct flowing *j, const struct flow_letter *l) {
  bool any = false;
  for (size_t i = 0; i < j->flows->limits.n; i++) {
    const struct flow_limit *x = &j->flows->limits.v[i];
    if (str_eq(x->letter, l->type) && is_first_of(j->flows, i)) any |= judge_limit_of(j, l, x->what);
  }
  return any;
}

static bool judge_limits(const struct flowing *j) {
  return each_letter(j, judge_limit);
}

/* ---- flow.binary ---- */

static bool is_binary(const struct flowing *j, const struct flow_letter *l) {
  return flow_words_have(&j->flows->binary.letters, l->type);
}

static const struct flow_object *object_in(const struct flow_letters *in, struct str id,
                                           const struct flow_letter **of) {
  for (size_t i = 0; i < in->list.n; i++)
    for (size_t k = 0; k < in->list.v[i]->objects.n; k++) {
      *of = in->list.v[i];
      if (str_eq((*of)->objects.v[k].id, id)) return &(*of)->objects.v[k];
    }
  return NULL;
}

/* The object of that id in some letter of objects, be it in the same message; its letter in *of. */
static const struct flow_object *object_named(const struct flowing *j, struct str id, const struct flow_letter **of) {
  const struct flow_object *o = object_in(&j->answers, id, of);
  return o ? o : object_in(&j->request, id, of);
}

static bool is_referred_to(const struct flow_letters *in, struct str id) {
  for (size_t i = 0; i < in->list.n; i++)
    for (size_t k = 0; k < in->list.v[i]->references.n; k++)
      if (str_eq(in->list.v[i]->references.v[k].id, id)) return true;
  return false;
}

static void judge_order(const struct flowing *j, const struct flow_letter *l, const struct flow_letter *b) {
  enum flow_order order = j->flows->binary.order;
  if (l->message == b->message) return;
  if (order == FLOW_ORDER_OPEN) {
    TELL(j, FLOW_BINARY_ORDER_OPEN, b, NULL);
    return;
  }
  if (l->at == INT64_MIN || b->at == INT64_MIN) return;
  const struct flow_letter *first = order == FLOW_LETTER_FIRST ? l : b, *second = order == FLOW_LETTER_FIRST ? b : l;
  if (second->at < first->at) TELL(j, FLOW_BINARY_ORDER, second, NULL, second->type, first->type);
}

static void judge_pair(const struct flowing *j, const struct flow_letter *l, const struct flow_letter *b) {
  if (l->patient.n && !same(l->patient, b->patient))
    TELL(j, FLOW_BINARY_PATIENT, b, NULL, or_none(b->patient), l->patient);
  if (!str_eq(l->sender, b->sender) || !str_eq(l->receiver, b->receiver))
    TELL(j, FLOW_BINARY_PARTIES, b, NULL, or_none(b->sender), or_none(b->receiver));
  judge_order(j, l, b);
}

/* A letter and its objects; each letter of objects is compared with it once, however many it refers to. */
static void judge_references(const struct flowing *j, const struct flow_letter *l) {
  const struct flow_letter *last = NULL, *b = NULL;
  for (size_t i = 0; i < l->references.n; i++) {
    const struct flow_object *r = &l->references.v[i], *o = object_named(j, r->id, &b);
    if (!o) {
      TELL(j, FLOW_BINARY_MISSING, l, r->node, or_none(r->id));
      continue;
    }
    if (r->size != o->bytes)
      TELL(j, FLOW_BINARY_SIZE, l, r->node, r->id, words(j->arena, r->size), words(j->arena, o->bytes));
    if (b != last) judge_pair(j, l, b);
    last = b;
  }
}

static void judge_objects(const struct flowing *j, const struct flow_letter *b) {
  for (size_t i = 0; i < b->objects.n; i++) {
    const struct flow_object *o = &b->objects.v[i];
    if (!is_referred_to(&j->request, o->id)) TELL(j, FLOW_BINARY_UNREFERENCED, b, o->node, or_none(o->id));
    if (o->size != o->bytes)
      TELL(j, FLOW_BINARY_SIZE, b, o->node, or_none(o->id), words(j->arena, o->size), words(j->arena, o->bytes));
  }
}

static bool judge_binary_letter(const struct flowing *j, const struct flow_letter *l) {
  if (is_binary(j, l)) judge_objects(j, l);
  return is_binary(j, l);
}

static bool judge_binary(const struct flowing *j) {
  bool any = false;
  for (size_t i = 0; i < j->request.list.n; i++) {
    any |= j->request.list.v[i]->references.n > 0;
    judge_references(j, j->request.list.v[i]);
  }
  return each_letter(j, judge_binary_letter) || any;
}

/* ---- flow.pathology ---- */

static bool judge_codes(const struct flowing *j, const struct flow_letter *l) {
  const struct flow_pathology *p = &j->flows->pathology;
  struct str handled = given(j, "handled");
  if (!flow_words_have(&p->letters, l->type)) return false;
  int64_t n = flow_count(j->arena, l, p->oioxml, p->edifact), said;
  if (n <= p->most && !handled.n) return true;
  if (!str_int(handled, &said))
    TELL(j, FLOW_PATHOLOGY_HANDLED, l, NULL, words(j->arena, n), words(j->arena, p->most));
  else if (said != n)
    TELL(j, FLOW_PATHOLOGY_WHOLE, l, NULL, words(j->arena, n), handled);
  return true;
}

static bool judge_pathology(const struct flowing *j) {
  return each_letter(j, judge_codes);
}

/* ---- flow.referral ---- */

static bool has_document(const struct flowing *j, const struct flow_letter *l) {
  const struct flow_letter *b;
  for (size_t i = 0; i < l->references.n; i++)
    if (object_named(j, l->references.v[i].id, &b)) return true;
  return false;
}

static void judge_extensions(const struct flowing *j, const struct flow_letter *l) {
  for (size_t i = 0; i < l->references.n; i++) {
    const struct flow_object *r = &l->references.v[i];
    if (!str_eq(r->extension, j->flows->referral.extension))
      TELL(j, FLOW_REFERRAL_EXTENSION, l, r->node, or_none(r->extension), j->flows->referral.extension);
  }
}

static bool judge_referral(const struct flowing *j, const struct flow_letter *l) {
  const struct flow_referral *r = &j->flows->referral;
  if (!flow_words_have(&r->letters, l->type) || !str_eqz(given(j, "route"), "dnhf")) return false;
  if (!has_document(j, l)) TELL(j, FLOW_REFERRAL_DOCUMENT, l, NULL, l->type);
  judge_extensions(j, l);
  if (!r->address.n)
    TELL(j, FLOW_REFERRAL_ADDRESS_OPEN, l, NULL);
  else if (!str_eq(l->receiver, r->address))
    TELL(j, FLOW_REFERRAL_ADDRESS, l, NULL, or_none(l->receiver), r->address);
  return true;
}

static bool judge_referrals(const struct flowing *j) {
  bool any = false;
  for (size_t i = 0; i < j->request.list.n; i++) any |= judge_referral(j, j->request.list.v[i]);
  return any;
}

/* ---- all ---- */

static const struct family {
  const char *name;
  bool (*judge)(const struct flowing *j); /* false: none of the messages is one that it is about */
} families[] = {{"flow.default-answer", judge_default_answers},
                {"flow.admission-report", judge_reports},
                {"flow.wish", judge_wishes},
                {"flow.limit", judge_limits},
                {"flow.binary", judge_binary},
                {"flow.pathology", judge_pathology},
                {"flow.referral", judge_referrals}};

static bool is_asked(const struct family *x, struct str rule) {
  return str_starts(str_z(x->name), rule) || str_starts(rule, str_z(x->name));
}

/* What is not published is undecided where it is asked for by name; a whole family is judged without it. */
static void soften(struct findings *f, const struct family *x, struct str rule) {
  const enum flow_rule open[] = {FLOW_BINARY_ORDER_OPEN, FLOW_REFERRAL_ADDRESS_OPEN};
  for (size_t i = 0; rule.n <= strlen(x->name) && i < f->list.n; i++)
    for (size_t k = 0; k < sizeof open / sizeof *open; k++)
      if (str_eqz(f->list.v[i].rule, flow_rules[open[k]].id)) f->list.v[i].severity = SEV_INFO;
}

static void keep_asked(struct findings *f, struct str rule) {
  size_t kept = 0;
  for (size_t i = 0; i < f->list.n; i++)
    if (str_starts(f->list.v[i].rule, rule)) f->list.v[kept++] = f->list.v[i];
  f->list.n = kept;
}

static void open_letters(struct flowing *j) {
  const struct flow_case *c = j->c;
  if (c->request) flow_letters_add(&j->request, j->arena, c->request, c->at ? c->at[0] : INT64_MIN);
  for (size_t i = 0; i < c->answers_n; i++) {
    size_t before = j->answers.list.n;
    flow_letters_add(&j->answers, j->arena, c->answers[i], c->at ? c->at[i + 1] : INT64_MIN);
    struct place start = {.message = c->answers[i]->payload.name, .line = 1, .col = 1};
    if (j->answers.list.n == before) FINDING(j->f, &flow_rules[FLOW_UNREADABLE], start);
  }
}

void flow_judge(struct findings *f, struct arena *scratch, const struct flow_case *c) {
  struct flowing j = {.c = c, .flows = c->flows, .arena = scratch, .f = f};
  bool any = false;
  open_letters(&j);
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    struct findings own;
    if (!is_asked(&families[i], c->rule)) continue;
    findings_init(&own, scratch);
    j.f = &own;
    any |= families[i].judge(&j);
    soften(&own, &families[i], c->rule);
    keep_asked(&own, c->rule);
    findings_join(f, &own);
  }
  struct place start = {.message = c->request ? c->request->payload.name : STR(""), .line = 1, .col = 1};
  if (!any) FINDING(f, &flow_rules[FLOW_NOTHING], start, c->rule);
}
