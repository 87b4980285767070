/* Each row of cases.tsv: letters that belong together, what is declared of them, and the rules that must be told. */
#include "validate/flow.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"

#define DATA TEST_DATA "/flow/"
#define FILE_MAX ((size_t)1 << 20)
#define ANSWERS_MAX 5

static struct arena *a;
static struct flows *flows;

static void set_up(void) {
  struct error e;
  a = arena_new(0);
  cr_assert_eq(flows_load(&flows, a, TEST_ROOT, &e), 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(flow, .init = set_up, .fini = tear_down);

static struct str file_of(struct str name) {
  struct str bytes;
  struct error e;
  cr_assert_eq(file_read(&bytes, a, arena_printf(a, DATA "%.*s", STR_F(name)).p, FILE_MAX, &e), 0, "%s", e.text);
  return bytes;
}

static struct str replaced(struct str s, struct str from, struct str to) {
  struct buf out;
  size_t at = 0, next;
  buf_init(&out, FILE_MAX);
  while ((next = str_find(s, from, at)) != SIZE_MAX) {
    buf_add(&out, str_sub(s, at, next));
    buf_add(&out, to);
    at = next + from.n;
  }
  cr_assert_gt(at, 0, "%.*s is nowhere", STR_F(from));
  buf_add(&out, str_sub(s, at, s.n));
  return buf_take(&out, a);
}

/* NAME~from~to!statistic */
static const struct message *message_of(struct str what) {
  struct message *m = ARENA_NEW(a, struct message);
  bool enveloped = str_index(what, '!') != SIZE_MAX;
  struct str statistic = what, change = str_cut(&statistic, '!'), name = str_cut(&change, '~');
  struct str from = str_cut(&change, '~'), bytes = file_of(name);
  if (from.n) bytes = replaced(bytes, from, change);
  message_read(m, a, (struct source){name, bytes});
  if (enveloped) {
    m->envelope = ARENA_NEW(a, struct envelope);
    m->envelope->meta.tags[0] = (struct envelope_tag){STR("MCM:STATISTIC"), statistic};
    m->envelope->meta.tags_n = statistic.n > 0;
  }
  return m;
}

static void read_given(struct facts *out, struct str s) {
  facts_init(out, a);
  while (!str_eqz(s, "-") && s.n) {
    struct str value = str_cut(&s, ' '), name = str_cut(&value, '=');
    cr_assert(flow_fact_exists(name), "%.*s", STR_F(name));
    facts_put(out, name, value);
  }
}

static struct str rules_of(const struct findings *f) {
  struct str s = {0};
  for (size_t i = 0; i < f->list.n; i++)
    s = arena_printf(a, "%.*s%s%.*s", STR_F(s), s.n ? " " : "", STR_F(f->list.v[i].rule));
  return s.n ? s : STR("-");
}

static void check_texts(const struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    cr_expect(x->where.line > 0 && x->where.message.n, "%.*s has no place", STR_F(x->rule));
    cr_expect_eq(str_index(x->en, '{'), SIZE_MAX, "%.*s", STR_F(x->en));
    cr_expect_eq(str_index(x->da, '{'), SIZE_MAX, "%.*s", STR_F(x->da));
  }
}

struct row {
  struct str rule, request, answers, given, expected;
};

static void judge_row(struct findings *f, const struct row *row) {
  const struct message *answers[ANSWERS_MAX];
  struct facts given;
  struct flow_case c = {.flows = flows, .rule = row->rule, .answers = answers, .given = &given};
  struct str rest = row->answers;
  findings_init(f, a);
  cr_assert(flow_rule_exists(row->rule), "%.*s", STR_F(row->rule));
  read_given(&given, row->given);
  c.request = message_of(row->request);
  while (!str_eqz(row->answers, "-") && rest.n) answers[c.answers_n++] = message_of(str_cut(&rest, ';'));
  flow_judge(f, a, &c);
}

static void each_row(void (*fn)(const struct row *row, void *context), void *context) {
  struct str table = file_of(STR("cases.tsv"));
  while (table.n) {
    struct str line = str_cut(&table, '\n');
    struct row row;
    if (line.n && line.p[0] == '#') continue;
    row.rule = str_cut(&line, '\t');
    row.request = str_cut(&line, '\t');
    row.answers = str_cut(&line, '\t');
    row.given = str_cut(&line, '\t');
    row.expected = line;
    fn(&row, context);
  }
}

static void check_row(const struct row *row, void *context) {
  struct findings f;
  size_t *n = context;
  judge_row(&f, row);
  check_texts(&f);
  struct str found = rules_of(&f);
  cr_expect(str_eq(found, row->expected), "%.*s of %.*s and %.*s (%.*s): %.*s, expected %.*s", STR_F(row->rule),
            STR_F(row->request), STR_F(row->answers), STR_F(row->given), STR_F(found), STR_F(row->expected));
  ++*n;
}

Test(flow, cases) {
  size_t n = 0;
  each_row(check_row, &n);
  cr_expect_gt(n, 70);
}

static void note_rules(const struct row *row, void *context) {
  struct str rest = row->expected;
  while (rest.n) map_set(context, str_cut(&rest, ' '), context);
}

/* The order and the address need a value that is not published: they are judged below. */
Test(flow, every_rule_has_a_case) {
  struct map seen;
  map_init(&seen, a);
  each_row(note_rules, &seen);
  for (size_t i = 0; i < FLOW_RULES_N; i++)
    cr_expect(map_get(&seen, str_z(flow_rules[i].id)) || i == FLOW_BINARY_ORDER || i == FLOW_REFERRAL_ADDRESS,
              "no case raises %s", flow_rules[i].id);
}

static struct str judge_at(const char *rule, int64_t letter, int64_t binary) {
  const struct message *answers[] = {message_of(STR("bin01.edi"))};
  int64_t at[] = {letter, binary};
  struct facts given;
  struct findings f;
  facts_init(&given, a);
  facts_put(&given, STR("route"), STR("dnhf"));
  struct flow_case c = {flows, str_z(rule), message_of(STR("ref01.edi")), answers, 1, at, &given};
  findings_init(&f, a);
  flow_judge(&f, a, &c);
  return rules_of(&f);
}

Test(flow, the_order_counts_once_it_is_known) {
  flows->binary.order = FLOW_LETTER_FIRST;
  cr_expect(str_eqz(judge_at("flow.binary", 1, 2), "-"));
  cr_expect(str_eqz(judge_at("flow.binary", 2, 1), "flow.binary.order"));
  flows->binary.order = FLOW_BINARY_FIRST;
  cr_expect(str_eqz(judge_at("flow.binary", 1, 2), "flow.binary.order"));
  cr_expect(str_eqz(judge_at("flow.binary", 2, 1), "-"));
}

Test(flow, the_address_counts_once_it_is_known) {
  flows->referral.address = STR("5790000121526");
  cr_expect(str_eqz(judge_at("flow.referral", 1, 2), "-"));
  flows->referral.address = STR("5790000209354");
  cr_expect(str_eqz(judge_at("flow.referral", 1, 2), "flow.referral.address"));
}

static enum severity worst_of(const char *rule) {
  struct findings f;
  struct row row = {str_z(rule), STR("ref01.edi"), STR("bin01.edi"), STR("-"), {0}};
  judge_row(&f, &row);
  return (enum severity)findings_worst(&f);
}

/* What is not published must not make a whole family undecided, but does make its own rule so. */
Test(flow, what_is_open_is_undecided_by_its_own_name) {
  cr_expect_eq(worst_of("flow.binary"), SEV_INFO);
  cr_expect_eq(worst_of("flow.binary.order"), SEV_UNDECIDED);
}

Test(flow, a_limit_that_is_raised_counts_from_its_day) {
  struct findings f;
  for (size_t i = 0; i < flows->limits.n; i++) {
    struct flow_limit *x = &flows->limits.v[i];
    if (x->revised && str_eqz(x->letter, "RPT03")) x->most = 20, x->from = STR("2026-06-01");
  }
  struct row row = {STR("flow.limit"), STR("rpt03.edi"), STR("-"), STR("revision=2026-05-31"), {0}};
  judge_row(&f, &row);
  cr_expect(str_eqz(rules_of(&f), "flow.limit"));
  row.given = STR("revision=2026-06-01");
  judge_row(&f, &row);
  cr_expect(str_eqz(rules_of(&f), "-"));
}

/* 2 and 1 of the path of a place: findings stand where the mistake is. */
Test(flow, places) {
  struct findings f;
  struct row row = {STR("flow.binary"), STR("ref01.edi"), STR("-"), STR("-"), {0}};
  judge_row(&f, &row);
  cr_assert_eq(f.list.n, 1);
  cr_expect_eq(f.list.v[0].where.line, 8);
  cr_expect(str_eqz(f.list.v[0].where.path, "S12/FTX+BIN"), "%.*s", STR_F(f.list.v[0].where.path));
}
