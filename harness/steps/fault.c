/* fault: from here on, until its case ends, something goes wrong on the wire (endpoint/fault.h). */
#include "endpoint/fault.h"
#include "steps/steps_int.h"

#define STATUS_UNAVAILABLE 503

static const struct key keys[] = {
    {"kind", KEY_TEXT, true,
     "refuse|reset|unavailable|time-out|cut|drop-receipt|duplicate|delay|reorder|wrong-receipt|corrupt-envelope|"
     "unfit|forbidden|unauthorized|lost-answer|bad-tls|wrong-answer"},
    {"on", KEY_TEXT, false, "sent|received"},
    {"event", KEY_TEXT, false, NULL},
    {"nth", KEY_INT, false, NULL},
    {"count", KEY_INT, false, NULL},
    {"ms", KEY_INT, false, NULL},
    {"status", KEY_INT, false, NULL},
    {"how", KEY_TEXT, false, fault_hows},
    {"persistent", KEY_BOOL, false, NULL},
    {"as", KEY_TEXT, false, NULL},
    {0}};

static void within(struct keys *k, const struct node *args, const char *key, int64_t value, int64_t least,
                   int64_t most) {
  if (node_child(args, key) && (value < least || value > most))
    keys_complain(k, node_child(args, key), "\"%s\" must be a number from %lld to %lld", key, (long long)least,
                  (long long)most);
}

/* A key that says nothing for this kind. */
static void idle(struct keys *k, const struct node *args, const char *key, bool idle) {
  const struct node *n = node_child(args, key);
  if (n && idle) keys_complain(k, n, "\"%s\" says nothing for the fault %.*s", key, STR_F(keys_text(args, "kind")));
}

static void check(struct keys *k, const struct node *args, const struct fault *f) {
  const struct fault_row *row = &fault_rows[f->kind];
  if (!(row->directions & f->on))
    keys_complain(k, node_child(args, "on"), "the fault %s hits what is %s only", row->name,
                  row->directions & FAULT_SENT ? "sent" : "received");
  within(k, args, "nth", f->nth, 1, FAULT_COUNT_MAX);
  within(k, args, "count", f->count, 1, FAULT_COUNT_MAX);
  within(k, args, "ms", f->ms, 1, FAULT_MS_MAX);
  within(k, args, "status", f->status, 400, 599);
  idle(k, args, "ms", row->ms == 0);
  idle(k, args, "status", f->kind != FAULT_UNAVAILABLE);
  idle(k, args, "how", f->how.n && !fault_how_fits(f));
  if (!f->how.n && !fault_how_fits(f)) keys_complain(k, args, "\"how\" must say what is wrong");
  idle(k, args, "event", row->port);
  idle(k, args, "as", !row->lost);
  idle(k, args, "persistent", f->again && !fault_may_hit_again(f));
  idle(k, args, "nth", f->kind == FAULT_REFUSE || f->kind == FAULT_BAD_TLS);
  idle(k, args, "count", f->kind == FAULT_REFUSE);
}

static struct fault read(const struct node *args) {
  enum fault_kind kind = fault_kind_find(keys_text(args, "kind"));
  const struct fault_row *row = &fault_rows[kind];
  struct str on = keys_text(args, "on");
  bool again = keys_bool(args, "persistent");
  enum fault_direction otherwise = row->directions & FAULT_SENT ? FAULT_SENT : FAULT_RECEIVED;
  return (struct fault){.kind = kind,
                        .on = !on.n                     ? otherwise
                              : str_eqz(on, "received") ? FAULT_RECEIVED
                                                        : FAULT_SENT,
                        .event = keys_text(args, "event"),
                        .nth = keys_int(args, "nth", 1),
                        .count = keys_int(args, "count", again ? FAULT_COUNT_MAX : 1),
                        .again = again,
                        .ms = keys_int(args, "ms", row->ms),
                        .status = (int)keys_int(args, "status", kind == FAULT_UNAVAILABLE ? STATUS_UNAVAILABLE : 0),
                        .how = keys_text(args, "how")};
}

/* ": 2 times from the 3rd on, 503". */
static struct protocol_text words(struct arena *a, const struct fault *f) {
  const struct fault_row *row = &fault_rows[f->kind];
  struct str time = f->ms ? arena_printf(a, ", %.*s", STR_F(duration_format(a, f->ms))) : STR("");
  struct str status = f->status ? arena_printf(a, ", HTTP %d", f->status) : STR("");
  struct str event = f->event.n ? arena_printf(a, ", %.*s", STR_F(f->event)) : STR("");
  bool wrong =
      (f->kind == FAULT_WRONG_ANSWER || f->kind == FAULT_BAD_TLS || f->kind == FAULT_WRONG_RECEIPT) && f->how.n;
  if (wrong) event = arena_printf(a, ", %.*s", STR_F(f->how));
  long long nth = f->nth, last = f->again ? nth : f->nth + f->count - 1;
  struct str which = f->kind == FAULT_REFUSE ? STR("")
                     : nth == last           ? arena_printf(a, ", no. %lld", nth)
                                             : arena_printf(a, ", no. %lld-%lld", nth, last);
  struct str which_da = f->kind == FAULT_REFUSE ? STR("")
                        : nth == last           ? arena_printf(a, ", nr. %lld", nth)
                                                : arena_printf(a, ", nr. %lld-%lld", nth, last);
  return (struct protocol_text){
      arena_printf(a, "A fault on purpose: %s (%s%.*s%.*s%s%.*s%.*s)", row->en, row->name, STR_F(event), STR_F(which),
                   f->again ? ", and the same again" : "", STR_F(time), STR_F(status)),
      arena_printf(a, "En bevidst fejl: %s (%s%.*s%.*s%s%.*s%.*s)", row->da, row->name, STR_F(event), STR_F(which_da),
                   f->again ? ", og den samme igen" : "", STR_F(time), STR_F(status))};
}

static void parse(struct step *s, struct keys *k) {
  struct fault *f = ARENA_NEW(k->arena, struct fault);
  *f = read(s->args_node);
  s->args = f;
  check(k, s->args_node, f);
  steps_default_texts(s, words(k->arena, f),
                      (struct protocol_text){STR("The system copes with it: the steps that follow hold nevertheless"),
                                             STR("Systemet håndterer det: de følgende teststep holder alligevel")});
}

static int effect(const struct step_view *v, struct step_host *h, struct error *e) {
  struct facts facts;
  facts_init(&facts, v->scratch);
  fault_put(&facts, v->at->step->args);
  facts_put(&facts, STR("as"), keys_text(v->at->step->args_node, "as"));
  return h->arm(h->context, v, &facts, e);
}

static void judge(const struct step_view *v, struct judgement *j) {
  struct protocol_text text = words(v->scratch, v->at->step->args);
  judge_actual(j, text.en, text.da);
}

static int fits(const struct step *s, const struct vendor_wire *w, struct error *e) {
  const struct fault *f = s->args;
  if (f->kind == FAULT_BAD_TLS && !w->vendor->tls.certificate.n)
    return error_set(e, ERR_CONFIG,
                     "the fault bad-tls needs \"tls\" in the vendor file: without it the addresses of testcamp are in "
                     "the clear; leave its case out with --case");
  if (f->again && !str_eqz(w->exchange, "eds"))
    return error_at(e, ERR_CONFIG, s->source->name, s->node->line, s->node->col,
                    "\"persistent\" knows events of a service \"eds\" again, and nothing else: name it by \"party\"");
  const char *why = fault_refusal(f, w->exchange, w->shared_port);
  if (!why) return 0;
  return error_set(e, ERR_CONFIG, "the fault %s cannot be made over %s (exchange %.*s); leave its case out with --case",
                   fault_rows[f->kind].name, why, STR_F(w->exchange));
}

const struct step_kind step_fault = {.word = "fault",
                                     .part = STEP_PREPARES,
                                     .keys = keys,
                                     .parse = parse,
                                     .effect = effect,
                                     .judge = judge,
                                     .fits = fits};
