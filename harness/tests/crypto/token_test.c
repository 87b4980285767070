/* Tokens: what is signed here is taken again, what is not sound is refused for the right reason. */
#include "crypto/token.h"

#include <criterion/criterion.h>

#define CLAIMS "{\"iss\":\"https://as.invalid\",\"exp\":1767604000}"

static struct arena *a;
static struct token_keys keys;
static const struct token_key *key_of[TOKEN_ALGS_N];

static void add_key(enum token_alg alg) {
  struct error e;
  cr_assert_eq(token_key_new(&key_of[alg], a, alg, &e), 0, "%s", e.text);
  VEC_PUSH(a, &keys, key_of[alg]);
}

/* One of RSA takes its time to be found: only where it is needed. */
static void with_rsa(void) {
  add_key(TOKEN_PS256);
}

static void set_up(void) {
  a = arena_new(0);
  keys = (struct token_keys){0};
  add_key(TOKEN_ES256);
  add_key(TOKEN_EDDSA);
}

static void tear_down(void) {
  arena_free(a);
}

TestSuite(token, .init = set_up, .fini = tear_down);

static struct str made(enum token_alg alg, enum token_flaw flaw, const char *claims) {
  struct str token;
  struct error e;
  struct token_making how = {.key = key_of[alg], .typ = "at+jwt", .flaw = flaw};
  cr_assert_eq(token_sign(&token, a, &how, str_z(claims), &e), 0, "%s", e.text);
  return token;
}

/* The id of the rule by which it is refused; "": it counts. */
static struct str verdict_by(struct str token, const struct token_keys *by) {
  struct findings f;
  struct token t;
  findings_init(&f, a);
  if (token_verify(&t, a, token, by, &f) == 0) return STR("");
  cr_assert_gt(f.list.n, 0, "refused without a reason");
  return f.list.v[0].rule;
}

static void expect_verdict(struct str token, const char *rule) {
  struct str got = verdict_by(token, &keys);
  cr_expect(str_eqz(got, rule), "%.*s: '%.*s' instead of '%s'", STR_F(token), STR_F(got), rule);
}

Test(token, each_algorithm_signs_and_verifies) {
  with_rsa();
  for (int alg = 0; alg < TOKEN_ALGS_N; alg++) {
    struct findings f;
    struct token t;
    int64_t exp;
    findings_init(&f, a);
    struct str token = made((enum token_alg)alg, TOKEN_SOUND, CLAIMS);
    cr_assert_eq(token_verify(&t, a, token, &keys, &f), 0, "%s", token_alg_name((enum token_alg)alg));
    cr_expect_eq(t.alg, (enum token_alg)alg);
    cr_expect(str_eq(t.kid, token_key_id(key_of[alg])));
    cr_expect(str_eqz(node_text_at(t.claims, "iss"), "https://as.invalid"));
    cr_expect(token_time(t.claims, "exp", &exp));
    cr_expect_eq(exp, INT64_C(1767604000000));
    cr_expect_not(token_time(t.claims, "nbf", &exp));
  }
}

Test(token, each_flaw_is_refused) {
  with_rsa();
  static const struct {
    enum token_alg alg;
    enum token_flaw flaw;
    const char *rule;
  } rows[] = {
      {TOKEN_PS256, TOKEN_FLAW_NONE, "token.alg.none"},       {TOKEN_ES256, TOKEN_FLAW_NONE, "token.alg.none"},
      {TOKEN_PS256, TOKEN_FLAW_RS256, "token.alg"},           {TOKEN_PS256, TOKEN_FLAW_HS256, "token.alg"},
      {TOKEN_EDDSA, TOKEN_FLAW_HS256, "token.alg"},           {TOKEN_PS256, TOKEN_FLAW_SIGNATURE, "token.signature"},
      {TOKEN_ES256, TOKEN_FLAW_SIGNATURE, "token.signature"}, {TOKEN_EDDSA, TOKEN_FLAW_SIGNATURE, "token.signature"},
      {TOKEN_ES256, TOKEN_FLAW_CRIT, "token.crit"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    expect_verdict(made(rows[i].alg, rows[i].flaw, CLAIMS), rows[i].rule);
}

Test(token, rs256_needs_a_key_of_rsa) {
  struct str token;
  struct error e;
  struct token_making how = {.key = key_of[TOKEN_EDDSA], .typ = "JWT", .flaw = TOKEN_FLAW_RS256};
  cr_expect_lt(token_sign(&token, a, &how, STR(CLAIMS), &e), 0);
}

/* The parts joined, the first two as plain text; no key made this signature. */
static struct str joined(const char *header, const char *claims, const char *signature) {
  struct str h = base64url(a, str_z(header)), c = base64url(a, str_z(claims));
  return arena_printf(a, "%.*s.%.*s.%s", STR_F(h), STR_F(c), signature);
}

Test(token, each_broken_form_is_refused) {
  static const struct {
    const char *token, *rule;
  } whole[] = {{"", "token.form"},
               {"a", "token.form"},
               {"YQ.YQ", "token.form"},
               {".YQ.YQ", "token.form"},
               {"YQ..YQ", "token.form"},
               {"YQ.YQ.YQ.YQ", "token.form"},
               {"Y!.YQ.YQ", "token.base64url"},
               {"YQ=.YQ.YQ", "token.base64url"},
               {"YR.YQ.YQ", "token.base64url"},
               {"YQ.Y+.YQ", "token.base64url"},
               {"YQ.YQ.Y Q", "token.base64url"},
               {"YQ.YQ.YQ", "token.json"}};
  static const struct {
    const char *header, *rule;
  } headers[] = {
      {"[]", "token.json"},
      {"{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}", "token.json"},
      {"{\"alg\":\"EdDSA\"} x", "token.json"},
      {"{\"alg\":\"EdDSA\",\"x\":[[[[[[[[1]]]]]]]]}", "token.depth"},
      {"{}", "token.alg.missing"},
      {"{\"alg\":null}", "token.alg.missing"},
      {"{\"alg\":1}", "token.alg.missing"},
      {"{\"alg\":\"NONE\"}", "token.alg.none"},
      {"{\"alg\":\"nOnE\"}", "token.alg.none"},
      {"{\"alg\":\"RS256\"}", "token.alg"},
      {"{\"alg\":\"PS512\"}", "token.alg"},
      {"{\"alg\":\"es256\"}", "token.alg"},
      {"{\"alg\":\"HS256\"}", "token.alg"},
      {"{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"]}", "token.b64"},
      {"{\"alg\":\"EdDSA\",\"b64\":true}", "token.b64"},
      {"{\"alg\":\"EdDSA\",\"crit\":[]}", "token.crit"},
      {"{\"alg\":\"EdDSA\",\"crit\":\"exp\"}", "token.crit"},
      {"{\"alg\":\"EdDSA\",\"kid\":\"\"}", "token.kid"},
      {"{\"alg\":\"EdDSA\",\"kid\":\"none of them\"}", "token.kid"},
      {"{\"alg\":\"EdDSA\"}", "token.signature"},
      {"{\"alg\":\"ES256\"}", "token.signature"},
      {"{\"alg\":\"PS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"YQ\"}}", "token.signature"},
  };
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) expect_verdict(str_z(whole[i].token), whole[i].rule);
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
    expect_verdict(joined(headers[i].header, CLAIMS, "YQ"), headers[i].rule);
}

Test(token, the_key_says_which_algorithm) {
  with_rsa();
  struct str kid = token_key_id(key_of[TOKEN_PS256]);
  struct str header = arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%.*s\"}", STR_F(kid));
  expect_verdict(joined(header.p, CLAIMS, "YQ"), "token.key-type");
}

Test(token, claims_are_one_object_without_fault) {
  expect_verdict(made(TOKEN_EDDSA, TOKEN_SOUND, "[1]"), "token.json");
  expect_verdict(made(TOKEN_EDDSA, TOKEN_SOUND, "{\"exp\":1,\"exp\":2}"), "token.json");
  expect_verdict(made(TOKEN_EDDSA, TOKEN_SOUND, "{\"a\":[[[[[[[[1]]]]]]]]}"), "token.depth");
}

Test(token, one_byte_too_many_is_refused) {
  char *claims = arena_alloc(a, TOKEN_MAX + 1);
  memset(claims, ' ', TOKEN_MAX);
  claims[0] = '{';
  claims[TOKEN_MAX / 4 * 3 - 400] = '}';
  claims[TOKEN_MAX / 4 * 3 - 399] = '\0';
  expect_verdict(made(TOKEN_EDDSA, TOKEN_SOUND, claims), "");
  struct str token = made(TOKEN_EDDSA, TOKEN_SOUND, claims);
  char *longer = arena_alloc(a, TOKEN_MAX + 1);
  memset(longer, 'A', TOKEN_MAX + 1);
  memcpy(longer, token.p, token.n);
  expect_verdict((struct str){longer, TOKEN_MAX + 1}, "token.size");
}

Test(token, another_key_of_the_same_kind_does_not_do) {
  const struct token_key *key;
  struct token_keys other = {0};
  struct error e;
  cr_assert_eq(token_key_derive(&key, a, TOKEN_EDDSA, STR("7"), &e), 0);
  VEC_PUSH(a, &other, key);
  struct str got = verdict_by(made(TOKEN_EDDSA, TOKEN_SOUND, CLAIMS), &other);
  cr_expect(str_eqz(got, "token.kid"), "%.*s", STR_F(got));
}

static const struct token_key *derived(enum token_alg alg, const char *seed) {
  const struct token_key *key;
  struct error e;
  cr_assert_eq(token_key_derive(&key, a, alg, str_z(seed), &e), 0, "%s", e.text);
  return key;
}

Test(token, what_was_seen_vouches_for_nothing_else) {
  struct token_seen seen = {0};
  struct findings f;
  struct token t;
  struct str one = made(TOKEN_ES256, TOKEN_SOUND, CLAIMS), two = made(TOKEN_ES256, TOKEN_SOUND, CLAIMS);
  struct token_keys others = {0};
  const struct token_key *other;
  struct error e;
  findings_init(&f, a);
  cr_assert_eq(token_key_new(&other, a, TOKEN_ES256, &e), 0, "%s", e.text);
  VEC_PUSH(a, &others, other);
  for (int i = 0; i < 2; i++) cr_expect_eq(token_verify_seen(&t, a, one, &keys, &seen, &f), 0);
  cr_expect_eq(seen.next, (size_t)1, "seen twice, kept once");
  cr_expect(str_eqz(node_text_at(t.claims, "iss"), "https://as.invalid"));
  char *spoilt = arena_z(a, two);
  spoilt[two.n - 10] = spoilt[two.n - 10] == 'A' ? 'B' : 'A';
  cr_expect_neq(token_verify_seen(&t, a, (struct str){spoilt, two.n}, &keys, &seen, &f), 0);
  cr_expect_neq(token_verify_seen(&t, a, one, &others, &seen, &f), 0, "other keys");
  cr_expect_eq(seen.next, (size_t)1, "what is refused is not kept");
}

/* What is remembered has a bound. */
Test(token, the_oldest_that_was_seen_gives_way) {
  struct token_seen seen = {0};
  struct findings f;
  struct token t;
  findings_init(&f, a);
  for (size_t i = 0; i <= TOKEN_SEEN_MAX; i++)
    cr_expect_eq(token_verify_seen(&t, a, made(TOKEN_ES256, TOKEN_SOUND, CLAIMS), &keys, &seen, &f), 0);
  cr_expect_eq(seen.next, (size_t)1);
}

Test(token, a_seed_gives_one_key) {
  with_rsa();
  for (int alg = 0; alg < TOKEN_ALGS_N; alg++) {
    const struct token_key *one = derived((enum token_alg)alg, "7"), *same = derived((enum token_alg)alg, "7");
    struct token_keys by = {0};
    cr_expect(str_eq(token_key_id(one), token_key_id(same)), "%s", token_alg_name((enum token_alg)alg));
    cr_expect_not(str_eq(token_key_id(one), token_key_id(derived((enum token_alg)alg, "8"))));
    key_of[alg] = one;
    VEC_PUSH(a, &by, same);
    struct str got = verdict_by(made((enum token_alg)alg, TOKEN_SOUND, CLAIMS), &by);
    cr_expect(str_eqz(got, ""), "%s: %.*s", token_alg_name((enum token_alg)alg), STR_F(got));
  }
}

Test(token, with_eddsa_a_seed_gives_one_token) {
  key_of[TOKEN_EDDSA] = derived(TOKEN_EDDSA, "7");
  cr_expect(str_eq(made(TOKEN_EDDSA, TOKEN_SOUND, CLAIMS), made(TOKEN_EDDSA, TOKEN_SOUND, CLAIMS)));
}

Test(token, a_key_in_pem_is_the_same_key) {
  with_rsa();
  for (int alg = 0; alg < TOKEN_ALGS_N; alg++) {
    const struct token_key *whole, *public_half;
    struct error e;
    struct str token;
    cr_assert_eq(token_key_read(&whole, a, token_key_write(a, key_of[alg], true), &e), 0, "%s", e.text);
    cr_assert_eq(token_key_read(&public_half, a, token_key_write(a, key_of[alg], false), &e), 0, "%s", e.text);
    cr_expect(str_eq(token_key_id(whole), token_key_id(key_of[alg])));
    cr_expect(str_eq(token_key_id(public_half), token_key_id(key_of[alg])));
    cr_expect_lt(token_sign(&token, a, &(struct token_making){.key = public_half, .typ = "JWT"}, STR(CLAIMS), &e), 0);
  }
}

/* --- key sets --- */

static int read_set(struct token_keys *out, struct findings *f, struct str text) {
  findings_init(f, a);
  return jwks_read(out, a, (struct source){STR("jwks"), text}, f);
}

Test(token, a_key_set_is_read_as_it_was_written) {
  struct token_keys read;
  struct findings f;
  with_rsa();
  cr_assert_eq(read_set(&read, &f, jwks_write(a, &keys)), 0);
  cr_assert_eq(read.n, keys.n);
  cr_expect_eq(f.list.n, 0);
  for (size_t i = 0; i < keys.n; i++) {
    cr_expect(str_eq(token_key_id(read.v[i]), token_key_id(keys.v[i])));
    struct str got = verdict_by(made(token_key_alg(keys.v[i]), TOKEN_SOUND, CLAIMS), &read);
    cr_expect(str_eqz(got, ""), "%.*s", STR_F(got));
  }
}

/* RFC 8037, appendix A: the key, its thumbprint, and a signature over what is no JSON. */
#define ED_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define ED_KEY "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" ED_X "\"}"
#define ED_TOKEN                                                                                                       \
  "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."                                                          \
  "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"

/* RFC 7515, appendix A.3. */
#define EC_KEY                                                                                                         \
  "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                           \
  "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define EC_TOKEN                                                                                                       \
  "eyJhbGciOiJFUzI1NiJ9."                                                                                              \
  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."                    \
  "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

Test(token, the_signatures_of_the_standards_count) {
  struct token_keys set;
  struct findings f;
  cr_assert_eq(read_set(&set, &f, STR("{\"keys\":[" ED_KEY "," EC_KEY "]}")), 0);
  cr_expect(str_eqz(token_key_id(set.v[0]), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"), "%.*s",
            STR_F(token_key_id(set.v[0])));
  struct str got = verdict_by(STR(EC_TOKEN), &set);
  cr_expect(str_eqz(got, ""), "%.*s", STR_F(got));
  /* The signature counts; what it is over is no claim. */
  got = verdict_by(STR(ED_TOKEN), &set);
  cr_expect(str_eqz(got, "token.json"), "%.*s", STR_F(got));
}

/* RFC 7638, 3.1. */
Test(token, the_thumbprint_of_the_standard_is_ours) {
  struct token_keys set;
  struct findings f;
  cr_assert_eq(
      read_set(
          &set, &f,
          STR("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86z"
              "wu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5"
              "v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4"
              "vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\",\"e\":\"AQAB\"}]}")),
      0);
  cr_expect(str_eqz(token_key_id(set.v[0]), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"), "%.*s",
            STR_F(token_key_id(set.v[0])));
}

Test(token, each_fault_of_a_key_set_is_found) {
  static const struct {
    const char *set, *rule;
    int rc;
  } rows[] = {
      {"", "jwks.form", -1},
      {"[]", "jwks.form", -1},
      {"{\"keys\":[],\"keys\":[]}", "jwks.form", -1},
      {"{}", "jwks.member", -1},
      {"{\"keys\":{}}", "jwks.member", -1},
      {"{\"keys\":[1]}", "jwks.key", -1},
      {"{\"keys\":[{\"kty\":\"oct\",\"k\":\"YQ\"}]}", "jwks.private", -1},
      {"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" ED_X "\",\"d\":\"YQ\"}]}", "jwks.private", -1},
      {"{\"keys\":[{\"kty\":\"oct\"}]}", "jwks.passed-over", 0},
      {"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" ED_X "\"}]}", "jwks.passed-over", 0},
      {"{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\"}]}", "jwks.passed-over", 0},
      {"{\"keys\":[{\"kty\":\"RSA\",\"use\":\"enc\"}]}", "jwks.passed-over", 0},
      {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-192\"}]}", "jwks.passed-over", 0},
      {"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}]}", "jwks.member", -1},
      {"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"YQ\"}]}", "jwks.member", -1},
      {"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":1}]}", "jwks.member", -1},
      {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", "jwks.weak", -1},
      {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\"}]}", "jwks.weak", -1},
      {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQ\"}]}", "jwks.key", -1},
      {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AAE\"}]}", "jwks.key", -1},
      {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AA\"}]}", "jwks.key", -1},
      {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" ED_X "\",\"y\":\"" ED_X "\"}]}", "jwks.key", -1},
      {"{\"keys\":[" ED_KEY "," ED_KEY "]}", "jwks.kid.repeated", -1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct token_keys set;
    struct findings f;
    cr_expect_eq(read_set(&set, &f, str_z(rows[i].set)), rows[i].rc, "%s", rows[i].set);
    cr_assert_gt(f.list.n, 0, "%s", rows[i].set);
    cr_expect(str_eqz(f.list.v[0].rule, rows[i].rule), "%s: %.*s", rows[i].set, STR_F(f.list.v[0].rule));
  }
}

Test(token, base64url_is_strict) {
  static const char *const wrong[] = {"=", "YQ==", "YQ=", "Y", "YR", "+/", "Y Q", "YQ\n"};
  struct str out;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    cr_expect_not(base64url_read(&out, a, str_z(wrong[i])), "%s", wrong[i]);
  cr_expect(str_eqz(base64url(a, STR("\xfb\xff\xfe")), "-__-"));
  cr_expect(base64url_read(&out, a, STR("-__-YQ")) && str_eq(out, STR("\xfb\xff\xfe"
                                                                      "a")));
}
