/* The event chain of EDS: what a right system reports passes, for every topology, and each single fault is told by its
 * own rule and no other. */
#include "validate/eds_chain.h"

#include "base/clock.h"
#include "base/file.h"
#include "tests/validate/shared.h"
#include "validate/message.h"

#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>

#define START CLOCK_LOGICAL_START
#define HOME                                                                                                           \
  { STR_INIT("8888021000016001"), STR_INIT("5790008888025") }
#define GP                                                                                                             \
  { STR_INIT("8888011000016005"), STR_INIT("5790008888018") }
#define EVENTS_MAX 60
#define SIGHTS_MAX 12

static struct arena *a;
static struct eds_data *d;

/* The four documents of one message, as an envelope has them, and ids that are told apart at a glance. */
static const struct eds_sight documents[EDS_DOCUMENTS_N] = {
    [EDS_DOC_MESSAGE] = {.what = EDS_DOC_MESSAGE,
                         .message = STR_INIT("m-1"),
                         .type = STR_INIT("homecareobservation-message"),
                         .version = STR_INIT("1.1"),
                         .statistic = STR_INIT("MCM:homecareobservation-message"),
                         .envelope = STR_INIT("b-1"),
                         .envelope_type = STR_INIT("Bundle"),
                         .transport = STR_INIT("t-1"),
                         .transport_version = STR_INIT("1.0"),
                         .sender = HOME,
                         .receiver = GP,
                         .cpr = STR_INIT("2512489996")},
    [EDS_DOC_RECEIPT] = {.what = EDS_DOC_RECEIPT,
                         .message = STR_INIT("m-2"),
                         .type = STR_INIT("ehmisbdh-acknowledgement"),
                         .version = STR_INIT("ebbp-signals-2.0"),
                         .transport = STR_INIT("t-2"),
                         .transport_version = STR_INIT("1.0"),
                         .orig_message = STR_INIT("m-1"),
                         .orig_type = STR_INIT("homecareobservation-message"),
                         .orig_version = STR_INIT("1.1"),
                         .orig_transport = STR_INIT("t-1"),
                         .sender = GP,
                         .receiver = HOME},
    [EDS_DOC_ACKNOWLEDGEMENT] = {.what = EDS_DOC_ACKNOWLEDGEMENT,
                                 .message = STR_INIT("m-3"),
                                 .type = STR_INIT("acknowledgement-message"),
                                 .version = STR_INIT("2.0"),
                                 .envelope = STR_INIT("b-3"),
                                 .envelope_type = STR_INIT("Bundle"),
                                 .transport = STR_INIT("t-3"),
                                 .transport_version = STR_INIT("1.0"),
                                 .orig_message = STR_INIT("m-1"),
                                 .orig_type = STR_INIT("homecareobservation-message"),
                                 .orig_version = STR_INIT("1.1"),
                                 .sender = GP,
                                 .receiver = HOME},
    [EDS_DOC_ACK_RECEIPT] = {.what = EDS_DOC_ACK_RECEIPT,
                             .message = STR_INIT("m-4"),
                             .type = STR_INIT("ehmisbdh-acknowledgement"),
                             .version = STR_INIT("ebbp-signals-2.0"),
                             .transport = STR_INIT("t-4"),
                             .transport_version = STR_INIT("1.0"),
                             .orig_message = STR_INIT("m-3"),
                             .orig_type = STR_INIT("acknowledgement-message"),
                             .orig_version = STR_INIT("2.0"),
                             .orig_transport = STR_INIT("t-3"),
                             .sender = HOME,
                             .receiver = GP}};

/* Ten seconds between two documents; all hops of one at the same time. */
static int64_t time_of(enum eds_document k) {
  return START + 10000 * (int64_t)k;
}

struct scene {
  struct eds_sight sights[SIGHTS_MAX];
  struct eds_component components[4];
  struct eds_told told[EVENTS_MAX];
  struct eds_story story;
  struct eds_reports reports;
  struct eds_count count;
  struct findings found;
};

static struct str at_text(int64_t ms) {
  return time_utc(a, ms);
}

static struct eds_event event_of(const struct eds_row *row, const struct eds_component *c, int64_t at) {
  static const struct node some = {0};
  const struct eds_sight *x = &documents[row->document];
  const struct eds_thing things[EDS_ENTITIES_N] = {
      [EDS_MESSAGE] = {&some, x->message, x->type, x->version, x->statistic},
      [EDS_ENVELOPE] = {&some, x->envelope, x->envelope_type, {0}, {0}},
      [EDS_TRANSPORT] = {&some, x->transport, STR("SBDH"), x->transport_version, {0}},
      [EDS_ORIG_MESSAGE] = {&some, x->orig_message, x->orig_type, x->orig_version, {0}},
      [EDS_ORIG_TRANSPORT] = {&some, x->orig_transport, STR("SBDH"), STR("1.0"), {0}},
      [EDS_PERSON] = {&some, x->cpr, {0}, {0}, {0}}};
  struct eds_event e = {.profile = row->profile,
                        .subtype = row->subtype,
                        .station = STR("?"),
                        .outcome = STR("0"),
                        .recorded = at_text(at),
                        .device = c->device,
                        .sender = x->sender,
                        .receiver = x->receiver};
  for (enum eds_entity k = 0; k < EDS_ENTITIES_N; k++)
    if (row->entities & (1U << k)) e.entities[k] = things[k];
  for (size_t i = 0; i < d->codes.n && str_eqz(e.station, "?"); i++)
    if ((d->codes.v[i].stations & row->station) && !(d->codes.v[i].stations & ~c->stations) &&
        (d->codes.v[i].stations == c->stations || c->stations == (EDS_EUA | EDS_MSH | EDS_AP)))
      e.station = d->codes.v[i].code;
  return e;
}

/* What a right system reports: what it must, and with `all` what it may. */
static void report(struct scene *s, bool all) {
  for (size_t i = 0; i < d->chain.n; i++) {
    const struct eds_row *row = &d->chain.v[i];
    for (size_t k = 0; k < s->story.components_n; k++) {
      const struct eds_component *c = &s->components[k];
      if (row->side != c->side || !(row->station & c->stations) || (!all && (row->with & c->stations))) continue;
      cr_assert_lt(s->reports.n, (size_t)EVENTS_MAX);
      s->told[s->reports.n++] =
          (struct eds_told){.event = event_of(row, c, time_of(row->document) + 10 * (int64_t)i), .name = row->number};
    }
  }
}

static void scene_open(struct scene *s, const unsigned *stations, size_t n, enum eds_side side) {
  *s = (struct scene){.story.components_n = n};
  for (size_t i = 0; i < n; i++)
    s->components[i] = (struct eds_component){stations[i], side, arena_printf(a, "device-%zu", i)};
  for (enum eds_document k = 0; k < EDS_DOCUMENTS_N; k++)
    for (enum eds_direction w = 0; w < EDS_DIRECTIONS_N; w++) {
      struct eds_sight *x = &s->sights[s->story.sights_n++];
      *x = documents[k];
      x->direction = w;
      x->at = time_of(k);
    }
  s->story.sights = s->sights;
  s->story.components = s->components;
  s->reports.events = s->told;
}

static void judge(struct scene *s) {
  findings_init(&s->found, a);
  s->count = eds_chain_judge(&s->found, a, d, &s->story, &s->reports);
}

/* "rule rule": each once, in order of appearance. */
static struct str rules(const struct scene *s) {
  struct str out = STR("");
  for (size_t i = 0; i < s->found.list.n; i++) {
    struct str r = s->found.list.v[i].rule;
    if (str_eq(out, r) || str_ends(out, arena_printf(a, " %.*s", STR_F(r)))) continue;
    out = arena_printf(a, "%.*s%s%.*s", STR_F(out), out.n ? " " : "", STR_F(r));
  }
  return out;
}

static void set_up(void) {
  struct error e;
  a = arena_new(0);
  cr_assert_eq(eds_data_load(&d, a, TEST_ROOT, &e), 0, "%s", e.text);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(eds_chain, .init = set_up, .fini = tear_down);

static const struct {
  unsigned stations[3];
  size_t n;
} topologies[] = {{{EDS_EUA}, 1},
                  {{EDS_MSH}, 1},
                  {{EDS_AP}, 1},
                  {{EDS_EUA | EDS_MSH}, 1},
                  {{EDS_MSH | EDS_AP}, 1},
                  {{EDS_EUA, EDS_MSH, EDS_AP}, 3},
                  {{EDS_EUA, EDS_MSH | EDS_AP}, 2},
                  {{EDS_EUA | EDS_MSH, EDS_AP}, 2},
                  {{EDS_EUA | EDS_MSH | EDS_AP}, 1}};
#define TOPOLOGIES (sizeof topologies / sizeof *topologies)

Test(eds_chain, what_a_right_system_reports_passes_for_every_topology_and_side) {
  for (size_t t = 0; t < TOPOLOGIES; t++)
    for (int side = 0; side < EDS_SIDES_N; side++)
      for (int all = 0; all < 2; all++) {
        struct scene s;
        scene_open(&s, topologies[t].stations, topologies[t].n, (enum eds_side)side);
        report(&s, all);
        judge(&s);
        cr_expect_eq(s.found.list.n, (size_t)0, "topology %zu, side %d: %.*s: %.*s", t, side, STR_F(rules(&s)),
                     STR_F(s.found.list.v[0].en));
        cr_expect_eq(s.count.expected, s.count.reported);
        cr_expect_gt(s.count.expected, (size_t)0);
        cr_expect_eq(s.count.reported + s.count.more, s.reports.n);
      }
}

Test(eds_chain, each_event_that_must_be_there_is_missed_and_no_other) {
  for (size_t t = 0; t < TOPOLOGIES; t++)
    for (int side = 0; side < EDS_SIDES_N; side++) {
      struct scene s;
      scene_open(&s, topologies[t].stations, topologies[t].n, (enum eds_side)side);
      report(&s, false);
      size_t all = s.reports.n;
      for (size_t out = 0; out < all; out++) {
        struct eds_told left[EVENTS_MAX];
        size_t n = 0;
        for (size_t i = 0; i < all; i++)
          if (i != out) left[n++] = s.told[i];
        s.reports = (struct eds_reports){left, n};
        judge(&s);
        struct str number = arena_printf(a, "Event %.*s ", STR_F(s.told[out].name));
        cr_expect_eq(s.found.list.n, (size_t)1, "topology %zu without %.*s: %.*s", t, STR_F(s.told[out].name),
                     STR_F(rules(&s)));
        cr_expect(s.found.list.n && str_eqz(s.found.list.v[0].rule, "eds.chain.missing") &&
                      str_starts(s.found.list.v[0].en, number),
                  "%.*s", STR_F(s.found.list.v[0].en));
      }
    }
}

/* ---- one fault ---- */

static void subtype(struct scene *s, struct eds_event *e) {
  (void)s;
  e->subtype = STR("msg-finalized-somehow");
}

static void station(struct scene *s, struct eds_event *e) {
  (void)s;
  e->station = STR("AP");
}

static void no_station(struct scene *s, struct eds_event *e) {
  (void)s;
  e->station = STR("XYZ");
}

static void profile(struct scene *s, struct eds_event *e) {
  (void)s;
  e->profile = e->profile == EDS_BASIC ? EDS_PATIENT : EDS_BASIC;
}

static void profile_url(struct scene *s, struct eds_event *e) {
  (void)s;
  e->profile_url = STR("http://medcomehmi.dk/ig/dk-ehmi-eds/StructureDefinition/EdsPatientDeliveryStatus");
}

static void no_message(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_ENVELOPE] = (struct eds_thing){0};
}

static void more(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_ORIG_TRANSPORT] = e->entities[EDS_MESSAGE];
}

static void sender(struct scene *s, struct eds_event *e) {
  (void)s;
  e->sender.sor = STR("8888101000016009");
}

static void receiver_gln(struct scene *s, struct eds_event *e) {
  (void)s;
  e->receiver.gln = STR("5790008888100");
}

static void prefix(struct scene *s, struct eds_event *e) {
  (void)s;
  e->sender.gln = arena_printf(a, "0088:%.*s", STR_F(e->sender.gln));
}

static void swapped(struct scene *s, struct eds_event *e) {
  (void)s;
  struct eds_party p = e->sender;
  e->sender = e->receiver;
  e->receiver = p;
}

static void device(struct scene *s, struct eds_event *e) {
  (void)s;
  e->device = STR("another");
}

static void message_id(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_MESSAGE].id = STR("m-9");
}

static void envelope_id(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_ENVELOPE].id = STR("b-9");
}

static void urn(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_MESSAGE].id = arena_printf(a, "urn:uuid:%.*s", STR_F(e->entities[EDS_MESSAGE].id));
}

static void patient(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_PERSON].id = STR("2509479989");
}

static void type(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_MESSAGE].type = STR("carecommunication-message");
}

static void spelling(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_MESSAGE].type = STR("HomeCareObservation");
}

static void version(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_MESSAGE].version = STR("1.0");
}

static void transport_version(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_TRANSPORT].version = STR("2.0");
}

static void transport_version_unknown(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_TRANSPORT].version = STR("7");
}

static void statistic(struct scene *s, struct eds_event *e) {
  (void)s;
  e->entities[EDS_MESSAGE].statistic = STR("MCM:other");
}

static void recorded(struct scene *s, struct eds_event *e) {
  (void)s;
  e->recorded = at_text(START + 900000);
}

static void no_time(struct scene *s, struct eds_event *e) {
  (void)s;
  e->recorded = STR("yesterday");
}

/* A seeded run has a clock of its own, which no system reports by. */
static void undated(struct scene *s, struct eds_event *e) {
  recorded(s, e);
  s->story.undated = true;
}

static void order(struct scene *s, struct eds_event *e) {
  (void)s;
  e->recorded = at_text(START + 20000);
}

static void outcome(struct scene *s, struct eds_event *e) {
  (void)s;
  e->outcome = STR("8");
}

static void unexpected(struct scene *s, struct eds_event *e) {
  struct eds_told *t = &s->told[s->reports.n++];
  *t = (struct eds_told){.event = *e, .name = STR("extra")};
  for (enum eds_entity k = 0; k < EDS_ENTITIES_N; k++)
    if (t->event.entities[k].node) t->event.entities[k].id = STR("emr");
}

static void repeated(struct scene *s, struct eds_event *e) {
  s->told[s->reports.n++] = (struct eds_told){.event = *e, .name = STR("again")};
}

/* One that is refused comes as often as it is tried. */
static void refused(struct scene *s, struct eds_event *e) {
  repeated(s, e);
  for (size_t i = 0; i < s->reports.n; i++)
    if (&s->told[i].event == e) s->told[i].refused = true;
}

/* Its answer was lost, and it comes again with another time. */
static void retried(struct scene *s, struct eds_event *e) {
  repeated(s, e);
  s->told[s->reports.n - 1].event.recorded = at_text(START + 2000);
  for (size_t i = 0; i < s->reports.n; i++)
    if (&s->told[i].event == e) s->told[i].unanswered = true;
}

static void copied(struct scene *s, struct eds_event *e) {
  static const struct str copies[] = {STR_INIT("t-copy")};
  repeated(s, e);
  s->told[s->reports.n - 1].event.entities[EDS_TRANSPORT].id = STR("T-COPY");
  s->story.copies = copies;
  s->story.copies_n = 1;
}

static void not_seen(struct scene *s, struct eds_event *e) {
  (void)e;
  for (size_t i = 0; i < s->story.sights_n; i++) s->sights[i].cpr = (struct str){0};
}

static void failed(struct scene *s, struct eds_event *e) {
  (void)e;
  s->sights[0].failed = true;
}

static void failed_and_told(struct scene *s, struct eds_event *e) {
  s->sights[0].failed = true;
  e->outcome = STR("8");
}

/* It went out first, and failed afterwards: two events of the same kind. */
static void failed_afterwards(struct scene *s, struct eds_event *e) {
  s->sights[0].failed = true;
  s->told[s->reports.n] = (struct eds_told){.event = *e, .name = STR("afterwards")};
  s->told[s->reports.n].event.outcome = STR("8");
  s->told[s->reports.n++].event.recorded = at_text(START + 3000);
}

static void unseen_parties(struct scene *s, struct eds_event *e) {
  (void)e;
  for (size_t i = 0; i < s->story.sights_n; i++)
    if (s->sights[i].what != EDS_DOC_MESSAGE) s->sights[i].sender = s->sights[i].receiver = (struct eds_party){0};
}

static const struct {
  const char *name, *event; /* the event that is changed, of a sender's EUA and MSH that are apart */
  void (*change)(struct scene *s, struct eds_event *e);
  const char *rules;
  enum severity severity;
} faults[] = {
    {"subtype", "2.1", subtype, "eds.chain.subtype", SEV_ERROR},
    {"station", "2.2", station, "eds.chain.station", SEV_ERROR},
    {"no station", "10.1", no_station, "eds.chain.station", SEV_ERROR},
    {"profile", "1.1", profile, "eds.chain.profile", SEV_ERROR},
    {"profile's address", "1.1", profile_url, "eds.profile.url", SEV_WARNING},
    {"profile of a receipt", "10.1", profile, "eds.chain.profile", SEV_ERROR},
    {"entity missing", "1.1", no_message, "eds.chain.entity.missing", SEV_ERROR},
    {"entity more", "1.1", more, "eds.chain.entity.more", SEV_WARNING},
    {"sender", "2.2", sender, "eds.chain.agent.sor", SEV_ERROR},
    {"receiver", "16.1", receiver_gln, "eds.chain.agent.gln", SEV_ERROR},
    {"0088:", "16.1", prefix, "eds.chain.agent.gln.prefix", SEV_WARNING},
    {"swapped", "10.1", swapped, "eds.chain.agent.swapped", SEV_ERROR},
    {"swapped in a message", "1.1", swapped, "eds.chain.agent.swapped", SEV_ERROR},
    {"device", "2.1", device, "eds.chain.device", SEV_ERROR},
    {"message id", "2.2", message_id, "eds.chain.id", SEV_ERROR},
    {"envelope id", "2.1", envelope_id, "eds.chain.id", SEV_ERROR},
    {"urn:uuid:", "15.2", urn, "eds.chain.id.form", SEV_WARNING},
    {"patient", "2.1", patient, "eds.chain.patient", SEV_ERROR},
    {"type", "2.1", type, "eds.chain.type", SEV_ERROR},
    {"spelling", "2.1", spelling, "eds.chain.type.spelling", SEV_WARNING},
    {"version", "2.1", version, "eds.chain.version", SEV_ERROR},
    {"transport version", "2.2", transport_version, "eds.chain.version.spelling", SEV_WARNING},
    {"transport version unknown", "2.2", transport_version_unknown, "eds.chain.version", SEV_ERROR},
    {"statistic", "2.2", statistic, "eds.chain.statistic", SEV_WARNING},
    {"recorded", "2.2", recorded, "eds.chain.recorded", SEV_ERROR},
    {"recorded by another clock", "2.2", undated, "eds.chain.not-shown", SEV_UNDECIDED},
    {"no time", "2.2", no_time, "eds.chain.recorded", SEV_ERROR},
    {"order", "2.1", order, "eds.chain.order", SEV_ERROR},
    {"outcome", "2.2", outcome, "eds.chain.outcome", SEV_ERROR},
    {"unexpected", "2.2", unexpected, "eds.chain.unexpected", SEV_WARNING},
    {"repeated", "2.2", repeated, "eds.chain.repeated", SEV_INFO},
    {"refused and tried again", "2.2", refused, "", SEV_INFO},
    {"another content after a lost answer", "2.2", retried, "eds.chain.retry", SEV_ERROR},
    {"a copy", "2.2", copied, "eds.chain.copy", SEV_INFO},
    {"the receipt of a copy", "10.1", copied, "eds.chain.copy", SEV_INFO},
    {"not seen", "2.2", not_seen, "eds.chain.not-shown", SEV_UNDECIDED},
    {"failure", "2.2", failed, "eds.chain.failure", SEV_ERROR},
    {"failure that is told", "2.2", failed_and_told, "", SEV_INFO},
    {"failure that is told afterwards", "2.2", failed_afterwards, "", SEV_INFO},
    {"parties of the message", "10.1", unseen_parties, "", SEV_INFO},
};

static struct eds_event *event_named(struct scene *s, const char *number) {
  for (size_t i = 0; i < s->reports.n; i++)
    if (str_eqz(s->told[i].name, number)) return &s->told[i].event;
  cr_assert_fail("no event %s", number);
  return NULL;
}

Test(eds_chain, each_single_fault_is_told_by_its_rule) {
  static const unsigned apart[] = {EDS_EUA, EDS_MSH};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    struct scene s;
    scene_open(&s, apart, 2, EDS_SENDER);
    report(&s, false);
    faults[i].change(&s, event_named(&s, faults[i].event));
    judge(&s);
    cr_expect(str_eqz(rules(&s), faults[i].rules), "%s: %.*s: %.*s", faults[i].name, STR_F(rules(&s)),
              STR_F(s.found.list.n ? s.found.list.v[0].en : STR("")));
    cr_expect(!s.found.list.n || s.found.list.v[0].severity == faults[i].severity, "%s", faults[i].name);
  }
}

/* ---- what is not a matter of one event ---- */

Test(eds_chain, the_text_of_the_standard_for_statistics_is_taken) {
  static const unsigned one[] = {EDS_MSH};
  struct scene s;
  scene_open(&s, one, 1, EDS_SENDER);
  report(&s, false);
  event_named(&s, "2.2")->entities[EDS_MESSAGE].statistic = STR("MCM:homecareobservation-message|1.1");
  judge(&s);
  cr_expect_eq(s.found.list.n, (size_t)0, "%.*s", STR_F(rules(&s)));
}

Test(eds_chain, created_and_sent_may_be_two_events) {
  static const unsigned one[] = {EDS_EUA};
  struct scene s;
  scene_open(&s, one, 1, EDS_SENDER);
  report(&s, false);
  struct eds_event *e = event_named(&s, "1.1");
  e->subtype = STR("msg-created");
  judge(&s);
  cr_expect(str_eqz(rules(&s), "eds.chain.missing"), "%.*s", STR_F(rules(&s)));
  s.told[s.reports.n++] = (struct eds_told){.event = *e, .name = STR("1.2")};
  s.told[s.reports.n - 1].event.subtype = STR("msg-sent");
  judge(&s);
  cr_expect_eq(s.found.list.n, (size_t)0, "%.*s", STR_F(rules(&s)));
}

/* EDS is out of reach while the message goes out. */
static void outage_open(struct scene *s, const struct eds_outage *o) {
  static const unsigned one[] = {EDS_MSH};
  scene_open(s, one, 1, EDS_SENDER);
  report(s, false);
  s->story.outages = o;
  s->story.outages_n = 1;
}

Test(eds_chain, what_happened_in_an_outage_is_reported_afterwards_with_its_own_time) {
  static const struct eds_outage o = {START - 1000, START + 5000};
  struct scene s;
  outage_open(&s, &o);
  judge(&s);
  cr_expect_eq(s.found.list.n, (size_t)0, "%.*s", STR_F(rules(&s)));
  event_named(&s, "2.2")->recorded = at_text(START + 6000);
  judge(&s);
  cr_expect(str_eqz(rules(&s), "eds.chain.recorded.late"), "%.*s", STR_F(rules(&s)));
}

Test(eds_chain, what_is_never_reported_after_an_outage_is_lost) {
  static const struct eds_outage o = {START - 1000, START + 5000};
  struct scene s;
  outage_open(&s, &o);
  *event_named(&s, "2.2") = s.told[--s.reports.n].event;
  judge(&s);
  cr_expect(str_eqz(rules(&s), "eds.chain.lost") && s.found.list.n == 1, "%.*s", STR_F(rules(&s)));
}

/* The message that goes out again has a new transport envelope: the MSH reports that, the EUA nothing. */
Test(eds_chain, a_message_that_goes_out_again_is_reported_again_by_whom_it_concerns) {
  static const unsigned apart[] = {EDS_EUA, EDS_MSH};
  struct scene s;
  scene_open(&s, apart, 2, EDS_SENDER);
  report(&s, false);
  struct eds_sight *again = &s.sights[s.story.sights_n++];
  *again = s.sights[0];
  again->transport = STR("t-1-again");
  again->at += 5000;
  judge(&s);
  cr_expect(str_eqz(rules(&s), "eds.chain.missing"), "%.*s", STR_F(rules(&s)));
  cr_expect_eq(s.found.list.n, (size_t)1, "2.2, of the new envelope");
  struct eds_told *t = &s.told[s.reports.n++];
  *t = (struct eds_told){.event = *event_named(&s, "2.2"), .name = STR("2.2 again")};
  t->event.entities[EDS_TRANSPORT].id = STR("t-1-again");
  t->event.recorded = at_text(START + 5000);
  judge(&s);
  cr_expect_eq(s.found.list.n, (size_t)0, "%.*s", STR_F(rules(&s)));
}

/* What the MSH refuses never comes to an EUA apart from it: that the MSH got it is all there is to tell. */
Test(eds_chain, what_is_refused_is_told_by_the_first_station_that_had_it) {
  static const unsigned apart[] = {EDS_EUA, EDS_MSH};
  for (int told = 0; told < 2; told++) {
    struct scene s;
    scene_open(&s, apart, 2, EDS_RECEIVER);
    s.story.sights_n = 2 * (EDS_DOC_RECEIPT + 1);
    s.sights[0].failed = s.sights[1].failed = true;
    report(&s, false);
    struct eds_told left[] = {{.event = *event_named(&s, "7.1"), .name = STR("7.1")},
                              {.event = *event_named(&s, "5.1"), .name = STR("5.1")}};
    left[1].event.outcome = STR("8");
    s.reports = (struct eds_reports){left, told ? 2 : 1};
    judge(&s);
    bool missing = s.found.list.n && str_starts(s.found.list.v[0].en, STR("Event 5.1 "));
    cr_expect_eq(s.found.list.n > 0, !told, "%.*s", STR_F(rules(&s)));
    cr_expect_eq(missing, !told, "%.*s", STR_F(rules(&s)));
  }
}

/* Whoever gets a second one may ignore it; whoever sent it did send it. */
Test(eds_chain, a_second_receipt_is_told_by_whom_it_is_from) {
  static const unsigned msh[] = {EDS_MSH};
  for (int side = 0; side < EDS_SIDES_N; side++) {
    struct scene s;
    scene_open(&s, msh, 1, (enum eds_side)side);
    report(&s, false);
    struct eds_sight *again = &s.sights[s.story.sights_n++];
    *again = s.sights[2 * EDS_DOC_RECEIPT];
    again->message = STR("m-2-again");
    again->transport = STR("t-2-again");
    judge(&s);
    bool wanted = side == EDS_RECEIVER;
    cr_expect_eq(s.found.list.n, (size_t)wanted, "side %d: %.*s", side, STR_F(rules(&s)));
    cr_expect(!wanted || str_starts(s.found.list.v[0].en, STR("Event 7.1 ")), "%.*s", STR_F(rules(&s)));
  }
}

/* Sixty messages at once: each event goes to its own. */
Test(eds_chain, many_messages_are_told_apart) {
  enum { MESSAGES = 60 };
  static const unsigned one[] = {EDS_MSH};
  static struct eds_sight sights[MESSAGES];
  static struct eds_told told[2 * MESSAGES];
  struct scene s;
  scene_open(&s, one, 1, EDS_SENDER);
  report(&s, false);
  for (size_t i = 0; i < MESSAGES; i++) {
    struct str id = arena_printf(a, "m-%zu", i + 100);
    sights[i] = s.sights[0];
    sights[i].message = sights[i].envelope = sights[i].transport = id;
    for (size_t k = 0; k < 2; k++) {
      struct eds_told *t = &told[2 * i + k];
      *t = (struct eds_told){.event = *event_named(&s, k ? "2.1" : "2.2"), .name = id};
      for (enum eds_entity e = EDS_MESSAGE; e <= EDS_TRANSPORT; e++)
        if (t->event.entities[e].node) t->event.entities[e].id = id;
    }
  }
  s.story.sights = sights;
  s.story.sights_n = MESSAGES;
  s.reports = (struct eds_reports){told, 2 * (size_t)MESSAGES - 1};
  judge(&s);
  cr_expect_eq(s.found.list.n, (size_t)1, "%.*s", STR_F(rules(&s)));
  cr_expect(str_eqz(rules(&s), "eds.chain.missing") && s.count.expected == 2 * (size_t)MESSAGES);
}

Test(eds_chain, nothing_seen_and_nothing_reported_is_nothing_found) {
  struct scene s = {0};
  judge(&s);
  cr_expect_eq(s.found.list.n, (size_t)0);
  cr_expect_eq(s.count.expected, (size_t)0);
}

Test(eds_chain, a_severity_is_data) {
  static const unsigned one[] = {EDS_MSH};
  struct scene s;
  scene_open(&s, one, 1, EDS_SENDER);
  report(&s, false);
  event_named(&s, "2.2")->device = STR("another");
  d->severity[EDS_CHAIN_DEVICE] = SEV_WARNING;
  judge(&s);
  cr_expect(s.found.list.n == 1 && s.found.list.v[0].severity == SEV_WARNING);
}

/* ---- what was lost, refused, or went out again ---- */

/* That it is sent once more, too, explains an event like the first. */
Test(eds_chain, after_a_lost_answer_a_message_that_goes_out_again_is_no_retry) {
  static const unsigned one[] = {EDS_EUA | EDS_MSH};
  struct scene s;
  scene_open(&s, one, 1, EDS_SENDER);
  report(&s, false);
  retried(&s, event_named(&s, "1.1"));
  judge(&s);
  cr_expect(str_eqz(rules(&s), "eds.chain.retry"), "%.*s", STR_F(rules(&s)));
  struct eds_sight *again = &s.sights[s.story.sights_n++];
  *again = s.sights[0];
  again->transport = STR("t-1-again");
  judge(&s);
  for (size_t i = 0; i < s.found.list.n; i++) cr_expect_lt(s.found.list.v[i].severity, SEV_ERROR);
}

/* Whether an EUA hears that an MSH refused its message, or what it refused before the EUA, is not published. */
Test(eds_chain, an_eua_by_itself_need_not_tell_of_a_failure) {
  static const unsigned kinds[] = {EDS_EUA, EDS_MSH, EDS_EUA | EDS_MSH};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    struct scene s;
    scene_open(&s, &kinds[i], 1, EDS_SENDER);
    report(&s, false);
    s.sights[0].failed = true;
    judge(&s);
    cr_expect_eq(str_eqz(rules(&s), "eds.chain.failure"), i > 0, "%zu: %.*s", i, STR_F(rules(&s)));
  }
  struct scene s;
  scene_open(&s, kinds, 1, EDS_RECEIVER);
  s.sights[0].failed = true;
  s.story.sights_n = 1;
  judge(&s);
  cr_expect_eq(s.found.list.n, (size_t)0, "%.*s", STR_F(rules(&s)));
}

/* What is refused was received, and is final with that. */
Test(eds_chain, a_refused_message_is_told_as_received_or_as_finalised) {
  static const unsigned one[] = {EDS_EUA | EDS_MSH};
  static const char *const subtypes[] = {"msg-received", "msg-received-and-finalized"};
  for (size_t i = 0; i <= 2; i++) {
    struct scene s;
    scene_open(&s, one, 1, EDS_RECEIVER);
    report(&s, false);
    s.sights[0].failed = true;
    s.story.sights_n = 1;
    s.told[0].event = *event_named(&s, "6.1");
    s.told[0].event.outcome = STR("8");
    if (i < 2) s.told[0].event.subtype = str_z(subtypes[i]);
    struct eds_thing *te = &s.told[0].event.entities[EDS_TRANSPORT];
    *te = s.told[0].event.entities[EDS_MESSAGE];
    te->id = STR("t-1");
    te->type = STR("SBDH");
    te->version = STR("1.0");
    s.reports.n = i < 2;
    judge(&s);
    cr_expect(str_eqz(rules(&s), i < 2 ? "" : "eds.chain.missing eds.chain.failure"), "%zu: %.*s", i, STR_F(rules(&s)));
  }
}

/* ---- the published examples ---- */

/* One flow of thirty-four events; what its acknowledgements say of themselves is told by the first event of each. */
static const struct eds_component cast[] = {
    {EDS_EUA, EDS_SENDER, STR_INIT("Cura-EUA")},       {EDS_MSH, EDS_SENDER, STR_INIT("Cura-MSH")},
    {EDS_AP, EDS_SENDER, STR_INIT("KvalitetsIT-AP")},  {EDS_AP, EDS_RECEIVER, STR_INIT("MultiMed-AP")},
    {EDS_MSH, EDS_RECEIVER, STR_INIT("MultiMed-MSH")}, {EDS_EUA, EDS_RECEIVER, STR_INIT("EGClinea-EUA")}};

static struct eds_sight sight_of(enum eds_document what, const struct eds_event *e) {
  const struct eds_thing *x = e->entities;
  bool zone;
  struct eds_sight s = {.what = what,
                        .message = x[EDS_MESSAGE].id,
                        .type = x[EDS_MESSAGE].type,
                        .version = x[EDS_MESSAGE].version,
                        .envelope = x[EDS_ENVELOPE].id,
                        .envelope_type = x[EDS_ENVELOPE].type,
                        .transport = x[EDS_TRANSPORT].id,
                        .transport_version = x[EDS_TRANSPORT].version,
                        .orig_message = x[EDS_ORIG_MESSAGE].id,
                        .orig_type = x[EDS_ORIG_MESSAGE].type,
                        .orig_version = x[EDS_ORIG_MESSAGE].version,
                        .orig_transport = x[EDS_ORIG_TRANSPORT].id,
                        .sender = e->sender,
                        .receiver = e->receiver,
                        .cpr = x[EDS_PERSON].id};
  cr_assert(time_parse(e->recorded, &s.at, &zone));
  return s;
}

/* The first event that tells all of a document, by its number in the chain. */
static const char *const tellers[EDS_DOCUMENTS_N] = {"PDS-02.2", "BDS-07.1", "BDS-12.2", "BDS-17.1"};

static size_t count_of(const struct scene *s, const char *rule) {
  size_t n = 0;
  for (size_t i = 0; i < s->found.list.n; i++) n += str_eqz(s->found.list.v[i].rule, rule);
  return n;
}

/* They report sending beside created-and-sent (1.2, 11.2); SBDH acknowledgements have an envelope without an
 * identifier; and 17 to 20 are told by the devices of the other side. */
static const struct {
  const char *rule;
  size_t n;
} known[] = {
    {"eds.chain.unexpected", 2}, {"eds.chain.entity.more", 12}, {"eds.chain.device", 2}, {"eds.chain.order", 1}};

Test(eds_chain, the_published_examples_fit_but_for_what_is_known) {
  const char *dir = shared_dir(a);
  glob_t g = {0};
  struct scene s = {.story = {.components = cast, .components_n = sizeof cast / sizeof *cast}};
  if (!dir || glob(file_join(a, dir, "examples/dk.ehmi.eds-1.0.2/AuditEvent-*.json"), 0, NULL, &g) != 0) {
    fprintf(stderr, "skipped: the published examples are not here\n");
    return;
  }
  for (size_t i = 0; i < g.gl_pathc; i++) {
    struct message m;
    struct str bytes;
    struct error e;
    cr_assert_eq(file_read(&bytes, a, g.gl_pathv[i], (size_t)1 << 20, &e), 0, "%s", e.text);
    message_read(&m, a, (struct source){arena_str(a, str_z(g.gl_pathv[i])), bytes});
    struct eds_told *t = &s.told[s.reports.n++];
    t->name = m.raw.name;
    cr_assert(eds_event_read(&t->event, m.resource));
    for (enum eds_document k = 0; k < EDS_DOCUMENTS_N; k++)
      if (str_find(t->name, str_z(tellers[k]), 0) != SIZE_MAX) s.sights[s.story.sights_n++] = sight_of(k, &t->event);
  }
  globfree(&g);
  s.story.sights = s.sights;
  s.reports.events = s.told;
  cr_assert_eq(s.story.sights_n, (size_t)EDS_DOCUMENTS_N);
  judge(&s);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    cr_expect_eq(count_of(&s, known[i].rule), known[i].n, "%s: %zu", known[i].rule, count_of(&s, known[i].rule));
  cr_expect_eq(s.found.list.n, (size_t)(2 + 12 + 2 + 1), "%.*s", STR_F(rules(&s)));
}
