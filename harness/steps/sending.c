/* What every word that sends shares: identifiers, and how a sending is judged. */
#include "base/uuid.h"
#include "endpoint/endpoint.h"
#include "steps/steps_int.h"

struct str step_uuid(const struct step_view *v, struct str label) {
  return view_uuid(v, v->at->step->id, label);
}

static void put_party(struct facts *own, const struct step_view *v, const char *as, struct str gln) {
  static const char *const fields[] = {"sor", "organisation", "name"};
  struct str party = party_of(v, gln);
  struct error e;
  facts_put(own, arena_printf(v->scratch, "%s.gln", as), gln);
  const struct register_unit *u = party.n ? NULL : view_register(v, gln, &e);
  for (size_t i = 0; u && i < sizeof fields / sizeof *fields; i++)
    facts_put(own, arena_printf(v->scratch, "%s.%s", as, fields[i]), register_unit_field(u, str_z(fields[i])));
  for (size_t i = 0; party.n && i < sizeof fields / sizeof *fields; i++)
    facts_put(own, arena_printf(v->scratch, "%s.%s", as, fields[i]), party_field(v, party, fields[i]));
}

void parcel_parties(struct facts *own, const struct step_view *v, struct str from, struct str to) {
  put_party(own, v, "from", from);
  put_party(own, v, "to", to);
}

/* "3.1.1.1_received.xml". */
static struct str file_name(const struct step_view *v, struct str as, struct str wire) {
  const char *ext = wire.n && wire.p[0] == '{' ? "json" : letter_is(wire) && wire.p[0] == 'U' ? "edi" : "xml";
  struct str name = arena_printf(v->scratch, "%.*s%s%.*s.%s", STR_F(v->at->step->id), as.n ? "_" : "", STR_F(as), ext);
  /* "3.1.1#2", the second time of a repeat: '#' would end a URL. */
  char *z = arena_z(v->scratch, name);
  for (size_t i = 0; i < name.n; i++)
    if (z[i] == '#') z[i] = '-';
  return (struct str){z, name.n};
}

void parcel_finish(struct step_send *out, const struct step_view *v, struct str as, struct str wire, struct str payload,
                   const char *content_type) {
  struct message m;
  message_read(&m, v->scratch, (struct source){STR("sent"), wire});
  *out = (struct step_send){.name = as,
                            .wire = wire,
                            .payload = payload,
                            .content_type = str_z(content_type),
                            .file = file_name(v, as, wire),
                            .facts = m.facts};
}

/* What cannot be built because an earlier message never came is not sent, and judged so. */
int sending_effect(const struct step_view *v, struct step_host *h,
                   int (*build)(struct step_send *out, const struct step_view *v, int64_t now, struct error *e),
                   struct error *e) {
  struct step_send m = {0};
  int64_t now = v->services->clock ? clock_stamp(v->services->clock) : v->state->last_at;
  h->wait(h->context, v, "harness", -1);
  if (build(&m, v, now, e) < 0) return e->code == ERR_PEER ? 0 : -1;
  return h->send(h->context, v, &m, e);
}

enum step_ready sending_ready(const struct step_view *v) {
  const struct state_message *m = v->at->message;
  return !m || m->status.n || m->failure.n ? STEP_READY : STEP_WAIT;
}

static void judge_unsent(const struct step_view *v, struct judgement *j,
                         int (*build)(struct step_send *out, const struct step_view *v, int64_t now, struct error *e)) {
  struct step_send m = {0};
  struct error e;
  if (build(&m, v, v->at->opened_at, &e) == 0) error_set(&e, ERR_PEER, "\"%.*s\"", STR_F(v->at->step->id));
  judge_unresolved(j, &e);
  judge_actual(j, STR("Nothing was sent"), STR("Intet blev sendt"));
}

/* What a fault held back or spoilt is no refusal of the system's: later steps show how it took it. */
static bool is_accepted(const struct step_view *v, const struct state_message *m) {
  struct str status = m->status;
  bool ours = str_eqz(status, "ready") || str_eqz(status, ENDPOINT_DELAYED) || str_eqz(status, ENDPOINT_DROPPED);
  bool bad = str_eqz(m->fault, fault_rows[FAULT_CORRUPT_ENVELOPE].name) ||
             str_eqz(m->fault, fault_rows[FAULT_WRONG_RECEIPT].name) || keys_bool(v->at->step->args_node, "refusable");
  bool spoilt = bad && status.n == 3 && status.p[0] == '4';
  return ours || spoilt || (status.n == 3 && status.p[0] == '2');
}

/* The HTTP client names the address too. */
static struct str without_address(struct str failure, struct str address) {
  if (!str_starts(failure, address) || !str_starts(str_sub(failure, address.n, failure.n), STR(": "))) return failure;
  return str_sub(failure, address.n + 2, failure.n);
}

/* What became of it: the answer over HTTP, or in words. */
static struct said what_became(struct arena *a, struct str status) {
  static const struct {
    const char *status;
    struct said words;
  } own[] = {{"ready", {STR_INIT("ready to be fetched"), STR_INIT("klar til afhentning")}},
             {ENDPOINT_DELAYED, {STR_INIT("held back"), STR_INIT("holdt tilbage")}},
             {ENDPOINT_DROPPED, {STR_INIT("not sent, on purpose"), STR_INIT("med vilje ikke sendt")}}};
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (str_eqz(status, own[i].status)) return own[i].words;
  return said_same(arena_printf(a, "status %.*s", STR_F(status)));
}

static void judge_delivery(const struct step_view *v, struct judgement *j, const struct state_message *m) {
  struct arena *a = v->scratch;
  const struct vendor *vendor = view_vendor(v);
  struct str what = message_words(a, m), address = vendor->address;
  if (!address.n) address = vendor->folder_to;
  if (!address.n) address = vendor->exchange;
  if (m->failure.n) {
    JUDGE(j, RULE_SEND_UNREACHABLE, message_place(m), address, without_address(m->failure, address));
    j->verdict = VERDICT_ERROR;
    judge_actual(j, arena_printf(a, "Could not deliver %.*s", STR_F(what)),
                 arena_printf(a, "Kunne ikke aflevere %.*s", STR_F(what)));
    return;
  }
  if (!is_accepted(v, m)) JUDGE(j, RULE_SEND_REFUSED, message_place(m), m->status);
  struct str fault = m->fault.n ? arena_printf(a, "; fault: %.*s", STR_F(m->fault)) : STR("");
  struct str fault_da = m->fault.n ? arena_printf(a, "; fejl: %.*s", STR_F(m->fault)) : STR("");
  struct said became = what_became(a, m->status);
  judge_actual(j, arena_printf(a, "Sent %.*s; %.*s%.*s", STR_F(what), STR_F(became.en), STR_F(fault)),
               arena_printf(a, "Sendte %.*s; %.*s%.*s", STR_F(what), STR_F(became.da), STR_F(fault_da)));
}

void sending_judge(const struct step_view *v, struct judgement *j,
                   int (*build)(struct step_send *out, const struct step_view *v, int64_t now, struct error *e)) {
  if (v->at->message)
    judge_delivery(v, j, v->at->message);
  else
    judge_unsent(v, j, build);
}

int sending_fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  if (!rest_is_used(w)) return 0;
  return error_set(e, ERR_CONFIG,
                   "\"%s\" cannot be done over %.*s, the exchange of %.*s: nothing is sent to a system that reads "
                   "what lies on a FHIR server; use \"preload\"",
                   s->kind->word, STR_F(w->exchange), STR_F(w->vendor->source.name));
}
