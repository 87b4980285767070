/* Our client before systems that others wrote: openssl s_server, with what can be wrong with it. */
#include "tls_test.h"

#include "base/file.h"
#include "net/child.h"

#include <criterion/criterion.h>

#define ARGUMENTS_MAX 40
#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

struct peer {
  struct tls_web w;
  struct child *child;
  struct str address; /* "127.0.0.1:4711" */
};

/* "ACCEPT 127.0.0.1:4711" */
static void on_line(void *payload, struct str line) {
  struct peer *p = payload;
  if (p->address.n || !str_starts(line, STR("ACCEPT "))) return;
  size_t colon = line.n;
  while (colon > 0 && line.p[colon - 1] != ':') colon--;
  p->address = arena_printf(p->w.t.arena, "127.0.0.1:%.*s", STR_F(str_trim(str_sub(line, colon, line.n))));
}

static void peer_stop(struct peer *p) {
  child_stop(p->child);
  p->child = NULL;
}

/* s_server with the certificate of that name, and more arguments. */
static void peer_start(struct peer *p, const char *name, const char *const *more) {
  struct error e;
  struct arena *a = p->w.t.arena;
  const char *argv[ARGUMENTS_MAX + 1] = {"openssl",
                                         "s_server",
                                         "-accept",
                                         "127.0.0.1:0",
                                         "-www",
                                         "-cert",
                                         tls_web_file(&p->w, arena_printf(a, "%s.pem", name).p),
                                         "-key",
                                         tls_web_file(&p->w, arena_printf(a, "%s.key", name).p)};
  struct child_events ev = {.line = on_line, .payload = p};
  for (size_t i = 0, n = 9; more && more[i]; i++) argv[n++] = more[i];
  peer_stop(p);
  p->address = STR("");
  cr_assert_eq(child_start(&p->child, p->w.t.loop, argv, &ev, &e), 0, "%s", e.text);
  NET_TEST_UNTIL(&p->w.t, p->address.n > 0);
  cr_assert(p->address.n, "openssl s_server %s does not listen", name);
}

static void on_answer(void *payload, const struct http_answer *a) {
  struct tls_web *w = payload;
  w->answers++;
  w->status = a->status;
  buf_clear(&w->failure);
  buf_clear(&w->answer);
  if (a->failure) buf_addz(&w->failure, a->failure);
  buf_add(&w->answer, a->body);
}

static void ask(struct tls_web *w, const char *url, const struct http_identity *id) {
  size_t before = w->answers;
  struct http_call call = {
      .method = "GET", .url = url, .timeout_ms = 15000, .identity = id, .done = on_answer, .payload = w};
  http_call(w->client, &call);
  NET_TEST_UNTIL(&w->t, w->answers > before);
  cr_assert_eq(w->answers, before + 1);
}

static void peer_ask(struct peer *p, const struct http_identity *id) {
  ask(&p->w, arena_printf(p->w.t.arena, "https://%.*s/", STR_F(p->address)).p, id);
}

#define SAYS(w, text)                                                                                                  \
  cr_assert(str_find(buf_str(&(w)->failure), str_z(text), 0) != SIZE_MAX, "\"%s\", not \"%s\"",                        \
            (w)->failure.p ? (w)->failure.p : "", (text))

Test(tls_client, a_sound_system_answers) {
  struct peer p = {0};
  TLS_NEEDS("openssl");
  tls_web_open(&p.w);
  struct http_identity id = {.ca = p.w.pki.ca.certificate};
  static const char *const rows[][2] = {{"-tls1_2", NULL}, {"-tls1_3", NULL}};
  for (size_t i = 0; i < 2; i++) {
    peer_start(&p, "server", rows[i]);
    peer_ask(&p, &id);
    cr_assert_eq(p.w.status, 200, "%s", p.w.failure.p);
  }
  peer_stop(&p);
  tls_web_close(&p.w);
}

Test(tls_client, what_is_wrong_with_the_system_is_told) {
  static const struct {
    const char *certificate, *more[4], *text;
  } rows[] = {
      {"server-expired", {NULL}, "the certificate of the system has expired"},
      {"server-not-yet-valid", {NULL}, "is not valid yet"},
      {"server-wrong-name", {NULL}, "is for another host"},
      {"server-unknown-authority", {NULL}, "leads to none of the trusted authorities"},
      {"rogue", {NULL}, "leads to none of the trusted authorities"},
      {"client", {NULL}, "is not meant for servers"},
      {"server-weak-key", {"-cipher", "DEFAULT@SECLEVEL=0"}, "too weak"},
      {"server", {"-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"}, "speaks no TLS 1.2 or later"},
  };
  struct peer p = {0};
  TLS_NEEDS("openssl");
  tls_web_open(&p.w);
  struct http_identity id = {.ca = p.w.pki.ca.certificate};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    peer_start(&p, rows[i].certificate, rows[i].more);
    peer_ask(&p, &id);
    cr_assert_eq(p.w.status, 0, "%s was taken", rows[i].certificate);
    SAYS(&p.w, rows[i].text);
  }
  peer_stop(&p);
  tls_web_close(&p.w);
}

/* The authorities of this machine do not vouch for it, nor does ours for another. */
Test(tls_client, only_the_given_authority_counts) {
  struct peer p = {0};
  TLS_NEEDS("openssl");
  tls_web_open(&p.w);
  struct http_identity rogue = {.ca = p.w.pki.rogue_ca.certificate};
  peer_start(&p, "server", NULL);
  peer_ask(&p, NULL);
  cr_assert_eq(p.w.status, 0);
  SAYS(&p.w, "trusted");
  peer_ask(&p, &rogue);
  cr_assert_eq(p.w.status, 0);
  SAYS(&p.w, "trusted");
  peer_stop(&p);
  tls_web_close(&p.w);
}

Test(tls_client, a_client_certificate_is_shown) {
  static const char *const versions[] = {"-tls1_2", "-tls1_3"};
  struct peer p = {0};
  TLS_NEEDS("openssl");
  tls_web_open(&p.w);
  struct pki *k = &p.w.pki;
  struct http_identity none = {.ca = k->ca.certificate};
  struct http_identity right = {.cert = k->client.certificate, .key = k->client.key, .ca = k->ca.certificate};
  struct http_identity rogue = {.cert = k->rogue.certificate, .key = k->rogue.key, .ca = k->ca.certificate};
  for (size_t i = 0; i < 2; i++) {
    peer_start(&p, "server",
               ARGS("-CAfile", tls_web_file(&p.w, "ca.pem"), "-Verify", "1", "-verify_return_error", versions[i]));
    peer_ask(&p, &right);
    cr_assert_eq(p.w.status, 200, "%s", p.w.failure.p);
    peer_ask(&p, &none);
    cr_assert_eq(p.w.status, 0);
    SAYS(&p.w, "give cert and key");
    peer_ask(&p, &rogue);
    cr_assert_eq(p.w.status, 0);
    SAYS(&p.w, "client certificate");
  }
  peer_stop(&p);
  tls_web_close(&p.w);
}

Test(tls_client, plain_http_on_the_other_side) {
  struct tls_web w;
  struct http_server *plain;
  struct http_handler h = {0};
  struct error e;
  tls_web_open(&w);
  const char *spool = file_join(w.t.arena, w.t.dir, "spool");
  cr_assert_eq(http_server_open(&plain, w.t.loop, "127.0.0.1:0", spool, &h, &e), 0, "%s", e.text);
  struct str address = str_z(http_server_url(plain));
  ask(&w, arena_printf(w.t.arena, "https%.*s/", STR_F(str_sub(address, 4, address.n))).p, NULL);
  cr_assert_eq(w.status, 0);
  SAYS(&w, "TLS on that port");
  http_server_close(plain);
  tls_web_close(&w);
}

/* Connections are kept for the next request: not for one of another identity. */
Test(tls_client, each_request_is_made_by_its_own_certificate) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ASKED, HTTP_SPEAKS_TLS);
  const struct pki *k = &w.pki;
  const struct {
    struct http_identity id;
    enum http_peer_state state;
  } rows[] = {{{.ca = k->ca.certificate}, HTTP_PEER_NONE},
              {{.cert = k->client.certificate, .key = k->client.key, .ca = k->ca.certificate}, HTTP_PEER_VERIFIED},
              {{.cert = k->rogue.certificate, .key = k->rogue.key, .ca = k->ca.certificate}, HTTP_PEER_UNVERIFIED},
              {{.ca = k->ca.certificate}, HTTP_PEER_NONE}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    ask(&w, tls_web_url(&w, "/"), &rows[i].id);
    cr_assert_eq(w.status, 200, "%s", w.failure.p);
    cr_assert_eq(w.peer.state, rows[i].state, "row %zu: %d", i, w.peer.state);
  }
  ask(&w, tls_web_url(&w, "/"), &(struct http_identity){.ca = k->rogue_ca.certificate});
  cr_assert_eq(w.status, 0, "a connection was used that another authority vouched for");
  tls_web_close(&w);
}

Test(tls_client, a_host_name_has_to_be_among_the_alternative_names) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  struct http_identity id = {.ca = w.pki.ca.certificate};
  ask(&w, arena_printf(w.t.arena, "https://localhost:%s/", tls_web_port(&w)).p, &id);
  cr_assert_eq(w.status, 200, "%s", w.failure.p);
  struct certificate_pair named;
  struct certificate_plan plan = {.kind = CERTIFICATE_OF_SERVER,
                                  .common_name = STR("localhost"),
                                  .serial = 9,
                                  .from = clock_wall() - 1000,
                                  .until = clock_wall() + 86400000,
                                  .issuer = &w.pki.ca};
  struct error e;
  cr_assert_eq(certificate_make(&named, w.t.arena, &plan, &e), 0, "%s", e.text);
  tls_web_listen(&w, &named, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  ask(&w, arena_printf(w.t.arena, "https://localhost:%s/", tls_web_port(&w)).p, &id);
  cr_assert_eq(w.status, 0, "a common name was taken for a host name (RFC 9525)");
  SAYS(&w, "is for another host");
  tls_web_close(&w);
}

Test(tls_client, an_identity_is_read_from_files) {
  struct tls_web w;
  struct http_identity id;
  struct error e;
  tls_web_open(&w);
  const char *cert = tls_web_file(&w, "client.pem"), *key = tls_web_file(&w, "client.key");
  const char *other = tls_web_file(&w, "rogue.key"), *ca = tls_web_file(&w, "ca.pem");
  const struct {
    const char *cert, *key, *ca, *text;
  } rows[] = {{cert, key, ca, NULL},
              {NULL, NULL, ca, NULL},
              {cert, NULL, ca, "go together"},
              {cert, other, ca, "does not belong"},
              {key, key, ca, "no certificate in PEM"},
              {cert, cert, ca, "private key cannot be read"},
              {cert, key, key, "no certificate in PEM"},
              {cert, key, "/nowhere.pem", "/nowhere.pem"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int rc = http_identity_read(&id, w.t.arena, rows[i].cert, rows[i].key, rows[i].ca, &e);
    char text[2048] = "";
    if (rc) error_format(&e, text, sizeof text);
    cr_assert_eq(rc, rows[i].text ? -1 : 0, "row %zu: %s", i, text);
    cr_assert(!rows[i].text || strstr(text, rows[i].text), "row %zu: %s", i, text);
  }
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_REQUIRED, HTTP_SPEAKS_TLS);
  cr_assert_eq(http_identity_read(&id, w.t.arena, cert, key, ca, &e), 0);
  ask(&w, tls_web_url(&w, "/"), &id);
  cr_assert_eq(w.status, 200, "%s", w.failure.p);
  tls_web_close(&w);
}
