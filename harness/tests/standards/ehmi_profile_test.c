#include "standards/ehmi_profile.h"

#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "standards/catalogue.h"

#define CASES_MAX ((size_t)1 << 20)

static const struct ehmi_profile *shipped(struct arena *a) {
  struct ehmi_profile *p;
  struct error e = {0};
  cr_assert_eq(ehmi_profile_load(&p, a, TEST_ROOT, &e), 0, "%s:%d:%d: %s", e.file, e.line, e.col, e.text);
  return p;
}

Test(ehmi_profile, values) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  cr_expect_eq(p->deadline_ms, 600000);
  cr_expect_eq(p->resends_n, 2);
  cr_expect_eq(p->bytes_max, 100000000);
  cr_expect_eq(ehmi_choice_fit(&p->process_id, STR("urn:ehmi:sdn-emergence")), EHMI_RIGHT);
  cr_expect_eq(ehmi_choice_fit(&p->process_id, STR("sdn-emergence")), EHMI_ACCEPTED);
  cr_expect_eq(ehmi_choice_fit(&p->process_id, STR("")), EHMI_WRONG);
  cr_expect(str_eqz(ehmi_choice_text(&p->mime_type, a), "application/fhir+json, application/fhir+xml"));
  cr_expect_gt(p->process_id.source.n, 0);
  arena_free(a);
}

Test(ehmi_profile, types) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  const struct ehmi_type *receipts = ehmi_type_of_receipts(p);
  cr_assert_not_null(receipts);
  cr_expect_eq(ehmi_type_of(p, STR("ebbp-signals")), receipts);
  cr_expect_null(ehmi_type_of(p, STR("")));
  cr_expect_null(ehmi_type_of_event(p, STR("")));
  cr_expect_eq(ehmi_type_of_event(p, STR("care-communication-message")),
               ehmi_type_of(p, STR("carecommunication-message")));
  for (size_t i = 0; i < p->types.n; i++)
    cr_expect(p->types.v[i].receipt || message_type_of_event(p->types.v[i].event), "%.*s has an event that is unknown",
              STR_F(p->types.v[i].standard));
  arena_free(a);
}

Test(ehmi_profile, scopes) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  const struct ehmi_scope *s = ehmi_scope_of(p, STR("XDS_METADATA"));
  cr_assert_not_null(s);
  cr_expect_eq(s, ehmi_scope_of(p, STR("XDS-METADATA")));
  cr_expect_eq(s->need[EHMI_COPY], EHMI_MUST);
  cr_expect_eq(s->need[EHMI_MESSAGE], EHMI_ABSENT);
  cr_expect_eq(ehmi_scope_of(p, STR("ORIGINALMESSAGESTANDARD"))->need[EHMI_ACKNOWLEDGEMENT], EHMI_MAY);
  cr_expect_eq(p->scopes.n, 15);
  arena_free(a);
}

/* No two types have a document id in common, not even when it is written in another way. */
Test(ehmi_profile, document_ids_tell_types_apart) {
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  struct map seen;
  map_init(&seen, a);
  for (size_t i = 0; i < p->types.n; i++) {
    const struct ehmi_choice *c = &p->types.v[i].document_id;
    for (size_t k = 0; k < c->is.n + c->accept.n; k++) {
      struct str id = ehmi_document_id_normal(p, a, k < c->is.n ? c->is.v[k] : c->accept.v[k - c->is.n]);
      void *other = map_get(&seen, id);
      cr_expect(!other || other == &p->types.v[i], "%.*s", STR_F(id));
      map_set(&seen, id, &p->types.v[i]);
    }
  }
  arena_free(a);
}

Test(ehmi_profile, document_ids_in_another_syntax) {
  static const struct {
    const char *id, *normal;
  } rows[] = {{"urn:x::a-message##urn:b::1.0", "urn:x:a#urn:b:1.0"},
              {"urn:prod:x:a#urn:b:1.0", "urn:x:a#urn:b:1.0"},
              {"", ""},
              {":::", "::"}};
  struct arena *a = arena_new(0);
  const struct ehmi_profile *p = shipped(a);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str found = ehmi_document_id_normal(p, a, str_z(rows[i].id));
    cr_expect(str_eqz(found, rows[i].normal), "%s: %.*s", rows[i].id, STR_F(found));
  }
  arena_free(a);
}

Test(ehmi_profile, severities) {
  static const struct rule rules[] = {{"x.a", SEV_ERROR, "s", "a", "a"}, {"x.b", SEV_ERROR, "s", "b", "b"}};
  struct arena *a = arena_new(0);
  struct ehmi_profile p = {0};
  struct findings f;
  struct error e;
  findings_init(&f, a);
  VEC_PUSH(a, &p.rules, ((struct ehmi_severity){.rule = STR("x.a"), .source = STR("here"), .severity = SEV_INFO}));
  VEC_PUSH(a, &p.rules, ((struct ehmi_severity){.rule = STR("x.b"), .source = STR("here"), .off = true}));
  for (int i = 0; i < 2; i++) {
    FINDING(&f, &rules[0], (struct place){0});
    FINDING(&f, &rules[1], (struct place){0});
  }
  ehmi_profile_apply(&p, &f, 1);
  cr_assert_eq(f.list.n, 2);
  cr_expect_eq(f.list.v[0].severity, SEV_ERROR);
  cr_expect_eq(f.list.v[1].severity, SEV_INFO);
  cr_expect(str_eqz(f.list.v[1].source, "here"));
  cr_expect_eq(ehmi_profile_check_rules(&p, "x.", rules, 2, &e), 0);
  cr_expect_eq(ehmi_profile_check_rules(&p, "x.", rules, 1, &e), -1);
  cr_expect_not_null(strstr(e.text, "did you mean \"x.a\""));
  cr_expect_eq(ehmi_profile_check_rules(&p, "y.", rules, 1, &e), 0);
  arena_free(a);
}

/* ehmi_profile_bad.cases: "- old" and "+ new" in the shipped profile, "=> line:column: part of the error", "---"; lines
 * are counted from that of the change, so that the profile can grow. */
static struct str with_mistake(struct arena *a, struct str yaml, struct str old, struct str new, int *line) {
  size_t at = str_find(yaml, old, 0);
  cr_assert_neq(at, SIZE_MAX, "\"%.*s\" is not there", STR_F(old));
  *line = 1;
  for (size_t i = 0; i < at; i++) *line += yaml.p[i] == '\n';
  struct str before = str_sub(yaml, 0, at), after = str_sub(yaml, at + old.n, yaml.n);
  return arena_printf(a, "%.*s%.*s%.*s", STR_F(before), STR_F(new), STR_F(after));
}

Test(ehmi_profile, mistakes) {
  struct arena *a = arena_new(0);
  struct str yaml, rest;
  struct error e;
  size_t n = 0;
  cr_assert_eq(file_read(&yaml, a, TEST_ROOT "/" EHMI_PROFILE_FILE, CASES_MAX, &e), 0);
  cr_assert_eq(file_read(&rest, a, TEST_DATA "/ehmi_profile_bad.cases", CASES_MAX, &e), 0);
  for (; rest.n; n++) {
    struct str old = str_sub(str_cut(&rest, '\n'), 2, SIZE_MAX), new = str_sub(str_cut(&rest, '\n'), 2, SIZE_MAX);
    struct str wanted = str_sub(str_cut(&rest, '\n'), 3, SIZE_MAX);
    struct ehmi_profile *p;
    int line;
    cr_assert(str_eqz(str_cut(&rest, '\n'), "---"));
    cr_assert_eq(ehmi_profile_read(&p, a, with_mistake(a, yaml, old, new, &line), STR("p.yaml"), &e), -1, "%.*s",
                 STR_F(wanted));
    struct str said = arena_printf(a, "%+d:%d: %s", e.line - line, e.col, e.text);
    cr_expect(str_starts(said, wanted), "%.*s\nis not\n%.*s", STR_F(said), STR_F(wanted));
  }
  cr_assert_geq(n, 20);
  arena_free(a);
}
