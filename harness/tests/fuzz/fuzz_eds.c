/* What is read of EDS: AuditEvents, one a line, that are compared with a message that was seen; or the file that says
 * who reports what. */
#include <stdint.h>
#include <stdlib.h>

#include "validate/eds_chain.h"
#include "validate/message.h"

#define EVENTS_MAX 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A chain of two events. */
static const char chain[] =
    "tolerance: 60 s\nskew: 1 s\nanswers: {created: 201, unfit: 422}\nseverities: {}\ncodes: [{code: MSH, stations: "
    "[MSH]}]\n"
    "spellings: [[a, b]]\ntransport-versions: [\"1.0\"]\nchain:\n"
    "- {event: \"2.1\", document: message, side: sender, from: sender, station: MSH, subtype: msg-received,\n"
    "   profile: patient, entities: [patient, message, envelope], with: [EUA]}\n"
    "- {event: \"2.2\", document: message, side: sender, from: sender, station: MSH, subtype: msg-created-and-sent,\n"
    "   profile: patient, entities: [patient, message, envelope, transport], with: []}\n";

static struct eds_data *data_of(struct arena *a) {
  struct eds_data *d;
  struct findings f;
  findings_init(&f, a);
  if (eds_data_read(&d, a, (struct source){STR("chain"), str_z(chain)}, &f) < 0) abort();
  return d;
}

static void judge(struct arena *a, const struct eds_told *told, size_t n) {
  static const struct eds_component msh = {.stations = EDS_MSH, .side = EDS_SENDER, .device = STR_INIT("d")};
  static const struct eds_outage outage = {1, 2000};
  struct eds_sight seen = {.what = EDS_DOC_MESSAGE,
                           .at = 1000,
                           .message = STR("m"),
                           .envelope = STR("b"),
                           .transport = STR("t"),
                           .sender = {STR("1"), STR("2")},
                           .cpr = STR("c")};
  struct eds_story story = {
      .sights = &seen, .sights_n = 1, .components = &msh, .components_n = 1, .outages = &outage, .outages_n = 1};
  struct eds_reports reports = {told, n};
  struct findings f;
  findings_init(&f, a);
  struct eds_count c = eds_chain_judge(&f, a, data_of(a), &story, &reports);
  if (c.reported > c.expected || c.reported + c.more != n) abort();
  if (c.reported < c.expected && !findings_count(&f, SEV_ERROR)) abort();
  for (size_t i = 0; i < f.list.n; i++)
    if (!f.list.v[i].en.n || !f.list.v[i].da.n) abort();
}

static void read_events(struct arena *a, struct str rest) {
  struct eds_told told[EVENTS_MAX];
  size_t n = 0;
  while (rest.n && n < EVENTS_MAX) {
    struct message *m = ARENA_NEW(a, struct message);
    message_read(m, a, (struct source){STR("event"), str_cut(&rest, '\n')});
    told[n] = (struct eds_told){.name = STR("m")};
    if (eds_event_read(&told[n].event, m->resource)) n++;
  }
  judge(a, told, n);
}

static void read_data(struct arena *a, struct str bytes) {
  struct eds_data *d;
  struct findings f;
  findings_init(&f, a);
  int result = eds_data_read(&d, a, (struct source){STR("data"), bytes}, &f);
  if ((result < 0) != (findings_count(&f, SEV_ERROR) > 0)) abort();
  if (d->chain.n > EDS_ROWS_MAX || d->codes.n > EDS_ROWS_MAX) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct str bytes = {(const char *)data, size};
  if (size > EDS_DATA_BYTES_MAX) return 0;
  struct arena *a = arena_new(0);
  if (str_starts(bytes, STR("{")))
    read_events(a, bytes);
  else
    read_data(a, bytes);
  arena_free(a);
  return 0;
}
