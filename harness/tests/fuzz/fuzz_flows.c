/* fuzz_flows: the bytes as the data of the flow rules, and as a letter that is judged with itself and by itself. */
#include "validate/flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the shipped file has, in short: the rules must be reached whatever the letter is. */
static const char own[] =
    "default-answers:\n  - {rule: flow.default-answer.ref01, letter: REF01, answer: DIS02, source: s}\n"
    "admission-report: {letter: DIS16, letters: [DIS20], events: [hospital-notification-message], automatic: automatic,"
    " manual: [manual], source: s}\n"
    "wishes:\n  - {rule: flow.wish.sor, letters: [RUC05], edifact: SKS, oioxml: sygehusafdelingsnummer, source: s}\n"
    "limits:\n  - {letter: RPT01, version: ~, what: results, danish: svar, most: 1, oioxml: A/B|C, edifact: "
    "INV+MQ|S16, source: s}\n"
    "binary: {letters: [BIN01], order: letter-first, source: s}\n"
    "pathology: {letters: [RPT04], most: 1, oioxml: A, edifact: CIN+CCI, source: s}\n"
    "referral: {letters: [REF01], extension: PDF, address: ~, source: s}\n";

static void judge(struct arena *a, const struct flows *flows, struct str bytes) {
  struct message m;
  struct findings f;
  struct facts given;
  const struct message *answers[] = {&m};
  int64_t at[] = {1, 0};
  facts_init(&given, a);
  facts_put(&given, STR("route"), STR("dnhf"));
  findings_init(&f, a);
  message_read(&m, a, (struct source){STR("letter"), bytes});
  struct flow_case c = {flows, STR("flow"), &m, answers, 1, at, &given};
  flow_judge(&f, a, &c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str bytes = {(const char *)data, size};
  struct flows *flows;
  struct error e;
  if (flows_read(&flows, a, (struct source){STR("fuzz"), bytes}, &e) == 0 && !flows->file.n) BUG("no name");
  if (flows_read(&flows, a, (struct source){STR("own"), str_z(own)}, &e) < 0) BUG("%s", e.text);
  judge(a, flows, bytes);
  arena_free(a);
  return 0;
}
