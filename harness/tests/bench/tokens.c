/* Tokens: how many a second are signed, verified, and given out by the authorization server. */
#include "tests/bench/bench.h"

#include "endpoint/oauth.h"

#include <stdio.h>

#define NOW INT64_C(1767603600000)
#define DN "CN=EPJ,organizationIdentifier=NTRDK-12345678,O=Region Test,C=DK"
#define TIMES_EACH 20 /* between two looks at the clock */
#define FORM "grant_type=client_credentials&client_id=c&scope=EDS+system%2FAuditEvent.crs+SOR%3A1+GLN%3A2"

struct work {
  struct arena *a; /* forgotten after each piece */
  struct token_keys keys;
  struct str token;
  struct oauth_client client;
  struct oauth_setup setup;
  size_t done;
};

static void give_out(struct work *w) {
  struct oauth_answer an;
  struct oauth_request q = {.method = STR("POST"),
                            .path = STR("/mtls/token"),
                            .content_type = STR("application/x-www-form-urlencoded"),
                            .body = STR(FORM),
                            .size = sizeof FORM - 1,
                            .tls = true,
                            .verified = true,
                            .subject = STR(DN),
                            .thumbprint = STR("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2")};
  struct oauth_site site = {
      .setup = &w->setup, .issuer = STR("https://as.invalid"), .id = arena_printf(w->a, "%zu", w->done), .now = NOW};
  oauth_answer(&an, w->a, &q, &site);
  if (an.status != 200) BUG("no token: %.*s", STR_F(an.issue));
}

static void sign(struct work *w) {
  struct str token;
  struct error e;
  struct token_making how = {.key = w->setup.key, .typ = "at+jwt"};
  if (token_sign(&token, w->a, &how, STR("{\"iss\":\"https://as.invalid\",\"exp\":1767604000}"), &e) < 0) bench_die(&e);
}

static void verify(struct work *w) {
  struct findings f;
  struct token t;
  findings_init(&f, w->a);
  if (token_verify(&t, w->a, w->token, &w->keys, &f) < 0) BUG("a token that was just made is refused");
}

static double rate(struct work *w, double seconds, void (*piece)(struct work *w)) {
  double from = bench_cpu_seconds(), spent = 0;
  for (w->done = 0; spent < seconds; spent = bench_cpu_seconds() - from) {
    for (size_t i = 0; i < TIMES_EACH; i++, w->done++) piece(w);
    arena_reset(w->a);
  }
  return (double)w->done / spent;
}

static void prepare(struct work *w, struct arena *keep, enum token_alg alg) {
  const struct token_key *key;
  struct error e;
  if (token_key_new(&key, keep, alg, &e) < 0) bench_die(&e);
  w->keys = (struct token_keys){0};
  VEC_PUSH(keep, &w->keys, key);
  w->client = (struct oauth_client){.client_id = STR("c"),
                                    .subject_dn = STR(DN),
                                    .grants = {true},
                                    .scope = STR("EDS system/AuditEvent.crs"),
                                    .orgs_n = 1,
                                    .orgs = {{STR_INIT("A"), STR_INIT("1"), STR_INIT("2")}},
                                    .device_id = STR("d")};
  w->setup =
      (struct oauth_setup){.clients = &w->client, .clients_n = 1, .key = key, .keys = &w->keys, .seed = STR("7")};
  if (token_sign(&w->token, keep, &(struct token_making){.key = key, .typ = "JWT"}, STR("{\"exp\":1}"), &e) < 0)
    bench_die(&e);
}

int bench_tokens(double seconds) {
  struct arena *keep = arena_new(0);
  struct work w = {.a = arena_new(0)};
  double first = 0;
  for (int alg = 0; alg < TOKEN_ALGS_N; alg++) {
    prepare(&w, keep, (enum token_alg)alg);
    double signs = rate(&w, seconds, sign), checks = rate(&w, seconds, verify), given = rate(&w, seconds, give_out);
    if (alg == 0) first = given;
    printf("%s\tsigned %.0f\tverified %.0f\tgiven out %.0f a second\tratio to PS256 %.1f\n",
           token_alg_name((enum token_alg)alg), signs, checks, given, given / first);
  }
  arena_free(w.a);
  arena_free(keep);
  return 0;
}
