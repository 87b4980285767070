/* A request to the simulated FHIR server: method, path, query, Content-Type and Accept on a line each, then the body.
 * It is answered, whatever it is, and what is refused says so in a form that can be read again. */
#include <stdint.h>
#include <stdlib.h>

#include "endpoint/rest.h"

#define FUZZ_BODY_MAX ((size_t)1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct rest_resource held[] = {
    {.type = STR_INIT("Patient"),
     .id = STR_INIT("1"),
     .version = 1,
     .digest = STR_INIT("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"A\"}],\"birthDate\":\"2000-01-01\"}")}};

static int bytes_of(void *context, struct str digest, struct arena *a, struct str *out, struct error *e) {
  (void)context, (void)a, (void)e;
  *out = digest;
  return 0;
}

static bool is_resource(struct arena *a, struct str bytes) {
  struct findings found;
  enum resource_form form;
  struct node *root;
  findings_init(&found, a);
  return resource_read(&root, &form, a, (struct source){STR("answer"), bytes}, &found) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size > FUZZ_BODY_MAX) return 0;
  struct arena *a = arena_new(0);
  struct str rest = {(const char *)data, size};
  struct rest_request q = {0};
  struct rest_target t;
  struct rest_answer answer;
  q.method = str_cut(&rest, '\n');
  q.path = str_cut(&rest, '\n');
  q.query = str_cut(&rest, '\n');
  q.content_type = str_cut(&rest, '\n');
  q.accept = str_cut(&rest, '\n');
  q.body = rest;
  q.size = rest.n;
  struct rest_site site = {
      .base = STR("http://here"), .new_id = STR("new"), .resources = held, .resources_n = 1, .bytes = bytes_of};
  rest_target_read(&t, a, &q, NULL, NULL);
  rest_answer(&answer, a, &q, &t, &site);
  if (answer.status < 200 || answer.status > 599) abort();
  if (answer.status >= 400 && (!answer.issue.n || !answer.da.n)) abort();
  if (answer.status >= 400 && !is_resource(a, answer.body)) abort();
  if (answer.status == 201 && !rest_id_valid(answer.id)) abort();
  arena_free(a);
  return 0;
}
