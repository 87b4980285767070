/* The messages that are measured, made from a fixture of the project and from nothing else. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "fhir/resource.h"
#include "tests/bench/bench.h"

static const struct {
  const char *name, *value;
} values[] = {
    {"from.gln", "5790009998013"},
    {"from.sor", "9998011000016003"},
    {"from.organisation", "Test Hospital"},
    {"to.gln", "5790009998020"},
    {"to.sor", "9998021000016007"},
    {"to.organisation", "Test Municipality"},
    {"person.cpr", "2512489996"},
    {"person.given", "Nanna"},
    {"person.family", "Testperson"},
    {"now", "2026-01-12T10:00:00+01:00"},
    {"initials", "NT"},
    {"yder", "099018"},
};

/* One uuid a name: what matters is that equal names give equal ones. */
static void put_uuid(struct buf *out, struct str name) {
  uint64_t h = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < name.n; i++) h = (h ^ (unsigned char)name.p[i]) * UINT64_C(1099511628211);
  buf_printf(out, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(h >> 32), (unsigned)(h >> 16 & 0xffff),
             (unsigned)(h >> 4 & 0xfff), (unsigned)(h >> 20 & 0xfff),
             (unsigned long long)(h * UINT64_C(0x9E3779B97F4A7C15) >> 16));
}

static void put_value(struct buf *out, struct str name) {
  if (str_starts(name, STR("uuid:"))) return put_uuid(out, name);
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    if (str_eqz(name, values[i].name) || (str_starts(name, STR("now")) && !strcmp(values[i].name, "now")))
      return buf_addz(out, values[i].value);
  fprintf(stderr, "bench: the template has ${%.*s}, which has no value here\n", STR_F(name));
}

static void fill(struct buf *out, struct str text) {
  for (size_t at; (at = str_find(text, STR("${"), 0)) != SIZE_MAX;) {
    size_t end = str_find(text, STR("}"), at);
    buf_add(out, str_sub(text, 0, at));
    put_value(out, str_sub(text, at + 2, end));
    text = str_sub(text, end + 1, text.n);
  }
  buf_add(out, text);
}

struct str bench_filled(struct arena *a, struct str text) {
  struct buf b;
  buf_init(&b, BENCH_FILE_MAX);
  fill(&b, text);
  return buf_take(&b, a);
}

void bench_write(const char *dir, const char *name, struct str bytes) {
  struct error e;
  struct arena *a = arena_new(0);
  if (file_mkdirs(dir, &e) || file_write(file_join(a, dir, name), bytes, &e)) bench_die(&e);
  arena_free(a);
}

static void write_xml(const char *dir, const char *name, struct str json) {
  struct arena *a = arena_new((size_t)4 << 30);
  struct findings f;
  struct node *n;
  struct error e = {0};
  struct buf out;
  enum resource_form form;
  findings_init(&f, a);
  buf_init(&out, BENCH_FILE_MAX);
  if (resource_read(&n, &form, a, (struct source){str_z(name), json}, &f)) {
    findings_error(&f, &e);
    bench_die(&e);
  }
  resource_write(&out, n, RESOURCE_XML, NULL, 2);
  bench_write(dir, name, buf_str(&out));
  buf_release(&out);
  arena_free(a);
}

/* The message with its attachment made as large as wanted. */
static void large(struct buf *out, struct str message, size_t bytes) {
  size_t from = str_find(message, STR("\"data\": \""), 0);
  size_t at = from == SIZE_MAX ? message.n : from + strlen("\"data\": \"");
  buf_add(out, str_sub(message, 0, at));
  for (size_t i = 0; i < bytes / 4; i++) buf_addz(out, i % 2 ? "Vm9y" : "dGVz");
  buf_add(out, str_sub(message, at, message.n));
}

/* A collection: one person, and observations that each refer to that person and to the one before. */
static void collection(struct buf *out, size_t entries) {
  buf_addz(out,
           "{\"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [\n"
           "{\"fullUrl\": \"http://testcamp.example/fhir/Patient/p\", \"resource\": {\"resourceType\": \"Patient\", "
           "\"id\": \"p\", \"name\": [{\"family\": \"Testperson\"}]}}");
  for (size_t i = 1; i < entries; i++) {
    buf_printf(out,
               ",\n{\"fullUrl\": \"http://testcamp.example/fhir/Observation/o%zu\", \"resource\": {\n"
               " \"resourceType\": \"Observation\", \"id\": \"o%zu\", \"status\": \"final\",\n"
               " \"code\": {\"text\": \"Temperature\"}, \"subject\": {\"reference\": \"Patient/p\"},\n",
               i, i);
    if (i > 1) buf_printf(out, " \"derivedFrom\": [{\"reference\": \"Observation/o%zu\"}],\n", i - 1);
    buf_addz(out, " \"effectiveDateTime\": \"2026-01-12T10:00:00+01:00\",\n"
                  " \"valueQuantity\": {\"value\": 37.5, \"unit\": \"C\", \"system\": \"http://unitsofmeasure.org\", "
                  "\"code\": \"Cel\"}}}");
  }
  buf_addz(out, "\n]}\n");
}

static void put_payloads(struct buf *out, size_t n) {
  for (size_t i = 0; i < n; i++)
    buf_printf(out,
               "{\"extension\": [\n"
               " {\"url\": \"http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-datetime-extension\",\n"
               "  \"valueDateTime\": \"2026-01-12T10:00:00+01:00\"},\n"
               " {\"url\": \"http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-identifier-extension\",\n"
               "  \"valueIdentifier\": {\"value\": \"urn:uuid:%08zx-0000-4000-8000-000000000000\",\n"
               "   \"assigner\": {\"reference\": \"Organization/${uuid:new-attachment-sender}\"}}},\n"
               " {\"url\": \"http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-practitioner-extension\",\n"
               "  \"valueReference\": {\"reference\": \"PractitionerRole/${uuid:role-%zu}\"}},\n"
               " {\"url\": \"http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-contact-extension\",\n"
               "  \"valueContactPoint\": {\"system\": \"phone\", \"value\": \"+4500001201\"}}],\n"
               " \"contentString\": \"Svar %zu\"},\n",
               i, i, i);
}

#define HEAD(type, profile)                                                                                            \
  ",\n{\"fullUrl\": \"https://testcamp.example/fhir/" type "/${uuid:%s-%zu}\", \"resource\": {\n"                      \
  " \"resourceType\": \"" type "\", \"id\": \"${uuid:%s-%zu}\",\n"                                                     \
  " \"meta\": {\"profile\": [\"http://medcomfhir.dk/ig/core/StructureDefinition/" profile "\"]},\n"                    \
  " \"text\": {\"status\": \"generated\", \"div\": \"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">"                 \
  "<p>${uuid:%s-%zu}</p></div>\"},\n"

static void put_authors(struct buf *out, size_t n) {
  for (size_t i = 0; i < n; i++) {
    buf_printf(
        out,
        HEAD(
            "PractitionerRole",
            "medcom-core-practitionerrole") " \"practitioner\": {\"reference\": \"Practitioner/${uuid:author-%zu}\"},\n"
                                            " \"code\": [{\"coding\": [{\"system\": "
                                            "\"http://medcomfhir.dk/ig/terminology/CodeSystem/"
                                            "medcom-core-PractitionerRolesSKSadministrativ\", \"code\": "
                                            "\"sygeplejerske\"}]}]}}",
        "role", i, "role", i, "role", i, i);
    buf_printf(out,
               HEAD("Practitioner",
                    "medcom-core-practitioner") " \"name\": [{\"family\": \"Testperson\", \"given\": [\"Nanna\"]}]}}",
               "author", i, "author", i, "author", i);
  }
}

/* The message with n more parts, each with an author: 2 * n entries more. */
static void message(struct buf *out, struct str template, size_t n) {
  struct str list = STR("\"payload\": [");
  size_t at = str_find(template, list, 0), end = template.n;
  while (end && template.p[end - 1] != ']') end--;
  if (at == SIZE_MAX || !end) return;
  buf_add(out, str_sub(template, 0, at + list.n));
  put_payloads(out, n);
  buf_add(out, str_sub(template, at + list.n, end - 1));
  put_authors(out, n);
  buf_add(out, str_sub(template, end - 1, template.n));
}

static void make_series(const char *dir, struct str template) {
  for (size_t n = 10; n <= 10000; n *= 10) {
    char name[60];
    struct buf raw, out;
    buf_init(&raw, BENCH_FILE_MAX);
    buf_init(&out, BENCH_FILE_MAX);
    collection(&out, n);
    snprintf(name, sizeof name, "collection-%05zu.json", n);
    bench_write(dir, name, buf_str(&out));
    buf_clear(&out);
    message(&raw, template, n / 2);
    fill(&out, buf_str(&raw));
    snprintf(name, sizeof name, "message-%05zu.json", n);
    bench_write(dir, name, buf_str(&out));
    buf_release(&raw);
    buf_release(&out);
  }
}

void bench_make(const char *dir, const char *template, size_t bytes) {
  struct arena *a = arena_new(0);
  struct str text;
  struct error e;
  struct buf out, big;
  if (file_read(&text, a, template, BENCH_FILE_MAX, &e)) bench_die(&e);
  buf_init(&out, BENCH_FILE_MAX);
  buf_init(&big, BENCH_FILE_MAX);
  fill(&out, text);
  bench_write(dir, "message.json", buf_str(&out));
  write_xml(dir, "message.xml", buf_str(&out));
  large(&big, buf_str(&out), bytes);
  bench_write(dir, "large.json", buf_str(&big));
  write_xml(dir, "large.xml", buf_str(&big));
  make_series(dir, text);
  buf_release(&out);
  buf_release(&big);
  arena_free(a);
}
