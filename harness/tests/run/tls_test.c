/* A run over TLS: its own address shows a certificate and asks for one, and it shows one where it sends to. */
#include "tests/run/bench.h"
#include "tests/run/pki.h"

#include <criterion/criterion.h>
#include <string.h>

#define CASE "  - id: \"1\"\n    title: {en: One, da: En}\n    status: mandatory\n    steps:\n"
#define SAY "      - step: \"1.1\"\n        say: {text: hello}\n"
#define HEAR "      - step: \"1.2\"\n        hear: {text: thanks, within: 5 s}\n      - pause: {for: 100 ms}\n"

struct secure {
  struct bench b;
  struct pki_pair ca, server, client, rogue_ca, rogue;
  struct http_server *vendor;
  const struct pki_pair *shows; /* what the vendor's system calls us with */
  struct str seen;              /* subject of whom the vendor saw */
  enum http_peer_state state;
  size_t messages;
  struct arena *arena; /* of the certificates */
};

static void on_message(void *payload, struct http_request *r) {
  struct secure *s = payload;
  const struct http_peer_certificate *p = http_peer_certificate(r);
  s->messages++;
  s->state = p->state;
  s->seen = arena_str(s->b.arena, p->subject);
  http_reply(r, 202, "text/plain", STR("taken"));
}

static const char *keep(struct secure *s, const char *name, struct str bytes) {
  return bench_file(&s->b, name, arena_z(s->b.arena, bytes));
}

/* The system under test as a TLS server that wants to know who we are. The vendor file's exchange and tls. */
static void secure_open(struct secure *s, const char *more) {
  struct arena *a = arena_new(0);
  struct error e;
  struct http_handler h = {.request = on_message, .payload = s};
  *s = (struct secure){.arena = a, .ca = pki_make(a, PKI_AUTHORITY, "Test CA", NULL)};
  s->rogue_ca = pki_make(a, PKI_AUTHORITY, "Rogue CA", NULL);
  s->server = pki_make(a, PKI_SERVER, "127.0.0.1", &s->ca);
  s->client = pki_make(a, PKI_SYSTEM, "testcamp", &s->ca);
  s->rogue = pki_make(a, PKI_SYSTEM, "rogue", &s->rogue_ca);
  bench_open(&s->b, "{kind: vans-http}\ntrigger: {kind: person}\n", CASE SAY HEAR);
  struct http_tls tls = {s->server.certificate, s->server.key, s->ca.certificate, HTTP_CLIENTS_REQUIRED, 0, false};
  cr_assert_eq(http_server_open_tls(&s->vendor, s->b.loop, "127.0.0.1:0", bench_path(&s->b, "spool2"), &h, &tls, &e), 0,
               "%s", e.text);
  const char *ca = keep(s, "ca.pem", s->ca.certificate), *cert = keep(s, "us.pem", s->client.certificate),
             *key = keep(s, "us.key", s->client.key), *own = keep(s, "server.pem", s->server.certificate),
             *own_key = keep(s, "server.key", s->server.key);
  struct vendor *v = s->b.options.plan->vendor;
  v->address = arena_printf(s->b.arena, "%s/in", http_server_url(s->vendor));
  v->identity = (struct vendor_pem){str_z(cert), str_z(key), str_z(ca)};
  v->tls = (struct vendor_pem){str_z(own), str_z(own_key), str_z(ca)};
  v->clients = str_z(more);
  s->shows = &s->client;
}

static void secure_close(struct secure *s) {
  http_server_close(s->vendor);
  bench_close(&s->b);
  arena_free(s->arena);
}

static void on_answer(void *payload, const struct http_answer *an) {
  struct secure *s = payload;
  s->b.answers++;
  s->b.code = an->status;
}

static void send_to_us(struct bench *b) {
  struct secure *s = (struct secure *)b;
  if (b->ticks != 1) return;
  struct http_identity id = {.ca = s->ca.certificate};
  if (s->shows) id.cert = s->shows->certificate, id.key = s->shows->key;
  struct http_call call = {.method = "POST",
                           .url = run_address(b->run),
                           .content_type = "text/plain",
                           .body = STR("thanks"),
                           .identity = &id,
                           .done = on_answer,
                           .payload = s};
  http_call(b->client, &call);
}

Test(tls, messages_go_both_ways_and_each_side_shows_who_it_is, .timeout = 120) {
  struct secure s;
  secure_open(&s, "required");
  s.b.each = send_to_us;
  bench_run(&s.b);
  cr_expect_eq(strncmp(run_address(s.b.run), "https://", 8), 0, "%s", run_address(s.b.run));
  cr_expect_eq(s.messages, (size_t)1);
  cr_expect_eq(s.state, HTTP_PEER_VERIFIED);
  cr_expect_neq(str_find(s.seen, STR("testcamp"), 0), SIZE_MAX, "%.*s", STR_F(s.seen));
  cr_expect_eq(s.b.code, 202);
  bench_expect(&s.b, "1.1", VERDICT_PASS);
  bench_expect(&s.b, "1.2", VERDICT_PASS);
  secure_close(&s);
}

/* Whoever shows another's certificate has not sent a message; the refusal is in the log. */
Test(tls, a_certificate_of_somebody_else_gets_nothing_in, .timeout = 120) {
  struct secure s;
  secure_open(&s, "required");
  s.shows = &s.rogue;
  s.b.each = send_to_us;
  s.b.options.clock.scale = 20;
  bench_run(&s.b);
  cr_expect_eq(s.b.code, 0);
  bench_expect(&s.b, "1.2", VERDICT_FAIL);
  cr_expect_gt(bench_count(&s.b, "refused", NULL), (size_t)0);
  secure_close(&s);
}

Test(tls, a_certificate_that_is_not_there_stops_the_run_before_it_starts) {
  struct secure s;
  struct error e;
  secure_open(&s, "any");
  s.b.options.plan->vendor->tls.key = STR("/nowhere/key.pem");
  cr_assert_eq(store_open(&s.b.store, s.b.path, STORE_WRITE, &e), 0, "%s", e.text);
  s.b.options.store = s.b.store;
  cr_expect_eq(run_start(&s.b.run, &s.b.options, &e), -1);
  cr_expect_neq(str_find(str_z(e.text), STR("/nowhere/key.pem"), 0), SIZE_MAX, "%s", e.text);
  s.b.run = NULL;
  store_close(s.b.store);
  secure_close(&s);
}
