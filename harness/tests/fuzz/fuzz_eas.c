/* fuzz_eas: a request to EHMI's addressing service: "operation type method\n", and behind it the Parameters or the
 * query. Whatever is asked either has a mistake with a rule, or an answer: organisations, or the rule why not. */
#include "endpoint/eas_answer.h"
#include "fhir/resource.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define QUERY_MAX 300

static const char register_text[] =
    "postal-codes: {\"9994\": A, \"9995\": B}\n"
    "patients: {\"2512489996\": a, \"2509479989\": b, \"2103009996\": none}\n"
    "units:\n"
    "  a: {name: A, unit: gp, sor: \"8888011000016005\", gln: \"5790008888018\", yder: \"888801\", postal-code: "
    "\"9994\",\n"
    "      endpoint: {connection: vansMessaging, address: a, start: \"2024-01-01\", media: [m],\n"
    "        payloads: [\"urn:structuredefinition::x-message##y::1.1\", \"urn:z\"]}}\n"
    "  b: {name: B, unit: gp, sor: \"8888071000016002\", yder: \"888807\", postal-code: \"9994\"}\n"
    "  c: {name: C, unit: ward, sor: \"8888111000016006\", parent: a}\n";

static const struct sor_register *units(void) {
  static struct sor_register *r;
  struct error e;
  if (!r && sor_register_read(&r, arena_new(0), str_z(register_text), STR("register"), &e) < 0) BUG("%s", e.text);
  return r;
}

static void split_query(struct eas_asking *in, struct arena *a, struct str query) {
  struct fact *list = ARENA_ARRAY(a, struct fact, QUERY_MAX);
  while (query.n && in->query_n < QUERY_MAX) {
    struct str value = str_cut(&query, '&'), name = str_cut(&value, '=');
    list[in->query_n++] = (struct fact){name, value};
  }
  in->query = list;
}

static void read_body(struct eas_asking *in, struct arena *a, struct str bytes) {
  struct findings f;
  struct node *root = NULL;
  enum resource_form form;
  findings_init(&f, a);
  if (resource_read(&root, &form, a, (struct source){STR("body"), bytes}, &f) == 0) in->body = root;
}

static void check(const struct eas_request *q, const struct findings *f, struct arena *a) {
  struct eas_answer x;
  struct findings noted;
  for (size_t i = 0; i < f->list.n; i++)
    if (!eas_answer_of(f->list.v[i].rule)) BUG("a finding without a row");
  if (findings_count(f, SEV_ERROR)) return;
  if (!q->operation || q->keys.n < q->operation->min) BUG("too little was asked, and nobody says so");
  findings_init(&noted, a);
  eas_answer_find(&x, a, units(), q, &noted);
  if (!x.units.n && x.why == EAS_RULES_N) BUG("neither an answer nor a reason");
  (void)eas_bundle(a, &x, STR("http://here"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str rest = {(const char *)data, size}, line = str_cut(&rest, '\n');
  struct eas_asking in = {.operation = str_cut(&line, ' '), .type = str_cut(&line, ' '), .get = str_eqz(line, "GET")};
  struct eas_request q;
  struct findings f;
  findings_init(&f, a);
  if (str_eqz(in.type, "-")) in.type = (struct str){0};
  if (in.get)
    split_query(&in, a, rest);
  else
    read_body(&in, a, rest);
  eas_request_read(&q, a, &in, &f);
  check(&q, &f, a);
  arena_free(a);
  return 0;
}
