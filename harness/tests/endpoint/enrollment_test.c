/* Enrollments, and the names in certificates. */
#include "endpoint/oauth.h"

#include <criterion/criterion.h>

static struct arena *a;

static void set_up(void) {
  a = arena_new(0);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(enrollment, .init = set_up, .fini = tear_down);

#define HEAD "{\"token_endpoint_auth_method\":\"tls_client_auth\",\"client_name\":\"EPJ\","
#define DN "\"tls_client_auth_subject_dn\":\"CN=EPJ,O=Region,C=DK\""
#define GRANT "\"grant_types\":[\"client_credentials\"],"
#define SCOPE "\"scope\":\"EDS system/AuditEvent.crs\","

static int read_text(struct oauth_client *out, struct findings *f, struct str text) {
  findings_init(f, a);
  return oauth_enrollment_read(out, a, (struct source){STR("client.json"), text}, f);
}

Test(enrollment, each_mistake_is_found_where_it_stands) {
  static const struct {
    const char *text, *rule;
    int rc, line, col;
  } rows[] = {
      {"", "enrollment.form", -1, 1, 1},
      {"[]", "enrollment.form", -1, 1, 1},
      {"{\n\"a\":1,}", "enrollment.form", -1, 2, 7},
      {"{\"scope\":\"EDS\",\n\"scope\":\"EDS\"}", "enrollment.form", -1, 2, 1},
      {"{" GRANT SCOPE DN ",\"client_name\":\"x\"}", "enrollment.missing", -1, 1, 1},
      {HEAD GRANT SCOPE "\n\"tls_client_auth_subject_dn\":\"EPJ\"}", "enrollment.subject", -1, 2, 30},
      {HEAD GRANT SCOPE DN ",\n\"client_id\":\"\"}", "enrollment.kind", -1, 2, 13},
      {HEAD GRANT SCOPE DN ",\n\"client_id\":1}", "enrollment.kind", -1, 2, 13},
      {HEAD GRANT SCOPE DN ",\n\"redirect_uris\":\"https://a\"}", "enrollment.kind", -1, 2, 17},
      {HEAD GRANT SCOPE DN ",\n\"redirect_uris\":[1]}", "enrollment.kind", -1, 2, 18},
      {HEAD GRANT SCOPE DN ",\n\"redirect_uris\":[\"http://a\"]}", "enrollment.redirect-uri", -1, 2, 18},
      {HEAD GRANT SCOPE DN ",\n\"redirect_uris\":[\"https://a#b\"]}", "enrollment.redirect-uri", -1, 2, 18},
      {HEAD GRANT SCOPE DN ",\n\"redirect_uris\":[\"https://\"]}", "enrollment.redirect-uri", -1, 2, 18},
      {HEAD SCOPE DN ",\n\"grant_types\":[\"implicit\"]}", "enrollment.grant", -1, 2, 16},
      {HEAD SCOPE DN ",\n\"grant_types\":[\"a\",\"a\",\"a\",\"a\"]}", "enrollment.many", -1, 2, 15},
      {HEAD SCOPE DN ",\"grant_types\":[\"authorization_code\"]}", "enrollment.redirect-uri.missing", -1, 1, 1},
      {HEAD GRANT DN ",\n\"scope\":\"EDS write\"}", "enrollment.scope", -1, 2, 9},
      {HEAD GRANT SCOPE DN ",\n\"ehmi:org_context\":[{\"sor\":\"1\"}]}", "enrollment.org-context", -1, 2, 21},
      {HEAD GRANT SCOPE DN ",\n\"ehmi:org_context\":[{\"sor\":\"1\",\"gln\":\"x\"}]}", "enrollment.org-context", -1, 2,
       21},
      {HEAD GRANT SCOPE DN ",\n\"ehmi:org_context\":[\"x\"]}", "enrollment.kind", -1, 2, 21},
      {HEAD GRANT SCOPE DN ",\n\"color\":1}", "enrollment.unknown", 0, 2, 9},
      {"{\n\"token_endpoint_auth_method\":\"private_key_jwt\",\"client_name\":\"x\"," GRANT SCOPE DN "}",
       "enrollment.method", -1, 2, 30},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct oauth_client c;
    struct findings f;
    cr_expect_eq(read_text(&c, &f, str_z(rows[i].text)), rows[i].rc, "%s", rows[i].text);
    cr_assert_eq(f.list.n, 1, "%s: %zu", rows[i].text, f.list.n);
    const struct finding *x = &f.list.v[0];
    cr_expect(str_eqz(x->rule, rows[i].rule), "%s: %.*s", rows[i].text, STR_F(x->rule));
    cr_expect(x->where.line == rows[i].line && x->where.col == rows[i].col, "%s: %d:%d", rows[i].text, x->where.line,
              x->where.col);
  }
}

Test(enrollment, a_client_without_an_id_always_gets_the_same_one) {
  struct oauth_client one, same;
  struct findings f;
  cr_assert_eq(read_text(&one, &f, STR(HEAD GRANT SCOPE DN "}")), 0);
  cr_assert_eq(read_text(&same, &f, STR(HEAD GRANT SCOPE DN "}")), 0);
  cr_expect(one.client_id.n && str_eq(one.client_id, same.client_id));
}

Test(enrollment, one_byte_too_many_is_refused) {
  struct oauth_client c;
  struct findings f;
  char *text = arena_alloc(a, ENROLLMENT_MAX + 1);
  memset(text, ' ', ENROLLMENT_MAX + 1);
  cr_expect_eq(read_text(&c, &f, (struct str){text, ENROLLMENT_MAX + 1}), -1);
  cr_expect(str_eqz(f.list.v[0].rule, "enrollment.size"));
}
