#include "tls_test.h"

#include "net/http_server_int.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* curl with the certificate of that name; NULL: without. */
static struct str curl_as(struct tls_web *w, int *code, const char *name) {
  if (!name) return tls_web_curl(w, code, "/who", NULL);
  return tls_web_curl(w, code, "/who",
                      ARGS("--cert", tls_web_file(w, arena_printf(w->t.arena, "%s.pem", name).p), "--key",
                           tls_web_file(w, arena_printf(w->t.arena, "%s.key", name).p)));
}

#define REFUSED(w, text)                                                                                               \
  cr_assert(str_find(buf_str(&(w)->refused), str_z(text), 0) != SIZE_MAX, "refused: \"%s\", not \"%s\"",               \
            (w)->refused.p ? (w)->refused.p : "", (text))

Test(tls_server, the_right_certificate_is_known) {
  struct tls_web w;
  struct certificates own;
  struct error e;
  int code;
  TLS_NEEDS("curl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_REQUIRED, HTTP_SPEAKS_TLS);
  cr_assert(str_starts(str_z(http_server_url(w.server)), STR("https://127.0.0.1:")));
  struct str got = curl_as(&w, &code, "client");
  cr_assert_eq(code, 0, "%.*s; %s", STR_F(got), w.refused.p ? w.refused.p : "");
  cr_assert(TLS_HAS(got, "body=0"));
  cr_assert_eq(certificates_read(&own, w.t.arena, w.pki.client.certificate, &e), 0);
  cr_assert_eq(w.peer.state, HTTP_PEER_VERIFIED, "%.*s", STR_F(w.peer.why));
  cr_assert(str_eq(w.peer.thumbprint, own.v[0].thumbprint));
  cr_assert(str_eq(w.peer.der, own.v[0].der));
  cr_assert(str_eqz(w.peer.subject, "CN=Journal,O=Test,C=DK"), "%.*s", STR_F(w.peer.subject));
  cr_assert(str_eqz(w.peer.protocol, "TLS1.3"));
  cr_assert_eq(w.refusals, 0, "%s", w.refused.p);
  tls_web_close(&w);
}

Test(tls_server, where_a_certificate_is_required_no_other_comes_in) {
  static const struct {
    const char *name, *why;
  } rows[] = {{NULL, "0 TLS: the client was refused: the client showed no certificate (alert certificate_required)"},
              {"rogue", "leads to no authority that is trusted here (alert unknown_ca)"},
              {"client-expired", "it has expired (alert certificate_expired)"},
              {"client-not-yet-valid", "it is not valid yet"},
              {"client-unknown-authority", "(alert "},
              {"server", "it is not meant for clients"}};
  struct tls_web w;
  int code;
  TLS_NEEDS("curl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_REQUIRED, HTTP_SPEAKS_TLS);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str got = curl_as(&w, &code, rows[i].name);
    cr_assert_neq(code, 0, "%s: came in", rows[i].name);
    cr_assert(TLS_HAS(got, "alert"), "%.*s", STR_F(got));
    cr_assert_eq(w.refusals, i + 1, "row %zu: %zu", i, w.refusals);
    REFUSED(&w, rows[i].why);
  }
  cr_assert_eq(w.requests, 0);
  tls_web_close(&w);
}

Test(tls_server, where_it_is_only_asked_for_the_handler_sees_what_came) {
  static const struct {
    const char *name;
    enum http_peer_state state;
    const char *why;
  } rows[] = {{NULL, HTTP_PEER_NONE, "the client showed no certificate"},
              {"rogue", HTTP_PEER_UNVERIFIED, "it leads to no authority that is trusted here"},
              {"client-expired", HTTP_PEER_UNVERIFIED, "it has expired"},
              {"server", HTTP_PEER_UNVERIFIED, "it is not meant for clients (extended key usage)"},
              {"client", HTTP_PEER_VERIFIED, ""}};
  struct tls_web w;
  int code;
  TLS_NEEDS("curl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ASKED, HTTP_SPEAKS_TLS);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct str got = curl_as(&w, &code, rows[i].name);
    cr_assert_eq(code, 0, "%zu: %.*s", i, STR_F(got));
    cr_assert_eq(w.peer.state, rows[i].state, "%zu: %d", i, w.peer.state);
    cr_assert(str_eqz(w.peer.why, rows[i].why), "%.*s", STR_F(w.peer.why));
  }
  cr_assert_eq(w.requests, 5);
  tls_web_close(&w);
}

/* Clients that the handler knows by their certificates alone: no authority has to be there. */
Test(tls_server, whom_the_handler_knows_need_not_be_trusted) {
  struct tls_web w;
  struct error e;
  int code;
  TLS_NEEDS("curl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ASKED, HTTP_SPEAKS_TLS);
  struct http_tls tls = w.tls;
  tls.authorities = (struct str){0};
  cr_assert_eq(http_server_retls(w.server, &tls, &e), -1);
  tls.known = true;
  cr_assert_eq(http_server_retls(w.server, &tls, &e), 0, "%s", e.text);
  struct str got = curl_as(&w, &code, "rogue");
  cr_assert_eq(code, 0, "%.*s", STR_F(got));
  cr_assert_eq(w.peer.state, HTTP_PEER_UNVERIFIED);
  cr_assert(str_eq(w.peer.thumbprint, certificate_thumbprint(w.t.arena, w.peer.der)));
  tls_web_close(&w);
}

/* OpenSSL as a client lets no such key be used but at its lowest level. */
Test(tls_server, a_weak_key_is_no_proof) {
  struct tls_web w;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ASKED, HTTP_SPEAKS_TLS);
  int fd = tls_web_raw(&w, ARGS("-cipher", "DEFAULT@SECLEVEL=0", "-cert", tls_web_file(&w, "client-weak-key.pem"),
                                "-key", tls_web_file(&w, "client-weak-key.key")));
  dprintf(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  struct str got = tls_web_read(&w, fd, "body=");
  cr_assert(TLS_HAS(got, "200 OK"), "%.*s %s", STR_F(got), w.refused.p ? w.refused.p : "");
  cr_assert_eq(w.peer.state, HTTP_PEER_UNVERIFIED);
  cr_assert(TLS_HAS(w.peer.why, "too weak"), "%.*s", STR_F(w.peer.why));
  close(fd);
  tls_web_close(&w);
}

/* OA-06: what is wrong with the server, and what of the client's refusal is seen. */
Test(tls_server, a_client_that_refuses_the_server_is_seen) {
  static const struct {
    enum certificate_fault fault;
    const char *why;
  } rows[] = {{CERTIFICATE_FAULT_EXPIRED, "the client refused the server with the alert certificate_expired"},
              {CERTIFICATE_FAULT_NOT_YET, "the client refused the server with the alert bad_certificate"},
              {CERTIFICATE_FAULT_AUTHORITY, "the client refused the server with the alert"},
              {CERTIFICATE_FAULT_NAME, "the client left without a request"},
              {CERTIFICATE_FAULT_KEY, "the client refused the server with the alert"}};
  struct tls_web w;
  int code;
  TLS_NEEDS("curl");
  tls_web_open(&w);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    tls_web_listen(&w, &w.pki.faulty[rows[i].fault], HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
    struct str got = curl_as(&w, &code, NULL);
    cr_assert_neq(code, 0, "%s was taken", certificate_fault_names[rows[i].fault]);
    cr_assert_eq(w.refusals, i + 1, "%s went unseen: %.*s", certificate_fault_names[rows[i].fault], STR_F(got));
    REFUSED(&w, rows[i].why);
  }
  cr_assert_eq(w.requests, 0);
  tls_web_close(&w);
}

Test(tls_server, tls_1_1_alone_is_refused_by_what_speaks_1_2) {
  struct tls_web w;
  int code;
  TLS_NEEDS("curl");
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS_1_1);
  tls_web_curl(&w, &code, "/", ARGS("--tlsv1.2"));
  cr_assert_neq(code, 0);
  cr_assert_eq(w.refusals, 1);
  REFUSED(&w, "no version of TLS that both sides want (alert protocol_version)");
  /* It really speaks it. */
  int fd = tls_web_raw(&w, ARGS("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"));
  dprintf(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  struct str got = tls_web_read(&w, fd, "body=");
  cr_assert(TLS_HAS(got, "200 OK"), "%.*s %s", STR_F(got), w.refused.p);
  cr_assert(str_eqz(w.peer.protocol, "TLS1.1"));
  close(fd);
  tls_web_close(&w);
}

Test(tls_server, what_bcp_195_does_not_recommend_is_not_spoken) {
  static const char *const rows[][5] = {{"-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"},
                                        {"-tls1_2", "-cipher", "AES128-GCM-SHA256"},
                                        {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"},
                                        {"-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384"}};
  struct tls_web w;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int fd = tls_web_raw(&w, rows[i]);
    tls_web_read(&w, fd, NULL);
    close(fd);
    cr_assert_eq(w.refusals, i + 1, "row %zu was spoken", i);
  }
  int fd = tls_web_raw(&w, ARGS("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"));
  dprintf(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  struct str got = tls_web_read(&w, fd, "body=");
  cr_assert(TLS_HAS(got, "200 OK"), "%.*s", STR_F(got));
  cr_assert(str_eqz(w.peer.protocol, "TLS1.2") && str_eqz(w.peer.cipher, "AES-128-GCM"));
  close(fd);
  tls_web_close(&w);
}

Test(tls_server, weak_ciphers_alone_are_offered_where_that_is_the_fault) {
  struct certificate_pair rsa;
  struct certificate_plan plan = {.kind = CERTIFICATE_OF_SERVER, .common_name = STR("localhost"), .serial = 7};
  struct str host = STR("127.0.0.1");
  struct tls_web w;
  struct error e;
  int code;
  TLS_NEEDS("curl");
  tls_web_open(&w);
  plan.from = clock_wall() - 1000;
  plan.until = plan.from + 86400000;
  plan.key = CERTIFICATE_RSA_2048;
  plan.names = &host;
  plan.names_n = 1;
  plan.issuer = &w.pki.ca;
  cr_assert_eq(certificate_make(&rsa, w.t.arena, &plan, &e), 0, "%s", e.text);
  tls_web_listen(&w, &rsa, HTTP_CLIENTS_ANY, HTTP_SPEAKS_WEAK_CIPHERS);
  struct str got = tls_web_curl(&w, &code, "/", ARGS("--ciphers", "AES128-SHA"));
  cr_assert_eq(code, 0, "%.*s", STR_F(got));
  cr_assert(str_eqz(w.peer.cipher, "AES-128-CBC"), "%.*s", STR_F(w.peer.cipher));
  tls_web_curl(&w, &code, "/", ARGS("--ciphers", "ECDHE+AESGCM"));
  cr_assert_neq(code, 0);
  REFUSED(&w, "(alert handshake_failure)");
  tls_web_close(&w);
}

/* A session that is taken up again would not show the certificate again. */
Test(tls_server, no_session_is_taken_up_again) {
  static const char *const versions[] = {"-tls1_2", "-tls1_3"};
  struct tls_web w;
  int code;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ASKED, HTTP_SPEAKS_TLS);
  for (size_t i = 0; i < 2; i++) {
    struct str got =
        tls_web_run(&w, &code,
                    ARGS("openssl", "s_client", "-reconnect", versions[i], "-CAfile", tls_web_file(&w, "ca.pem"),
                         "-connect", arena_printf(w.t.arena, "127.0.0.1:%s", tls_web_port(&w)).p));
    cr_assert(TLS_HAS(got, "New, TLSv1"), "%.*s", STR_F(got));
    cr_assert(!TLS_HAS(got, "Reused"), "%.*s", STR_F(got));
  }
  tls_web_close(&w);
}

Test(tls_server, plain_http_is_named) {
  struct tls_web w;
  int code;
  TLS_NEEDS("curl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  tls_web_run(
      &w, &code,
      ARGS("curl", "-sS", "--noproxy", "*", arena_printf(w.t.arena, "http://127.0.0.1:%s/", tls_web_port(&w)).p));
  cr_assert_neq(code, 0);
  cr_assert_eq(w.refusals, 1);
  REFUSED(&w, "what came is no TLS");
  tls_web_close(&w);
}

static int plain_connection(struct tls_web *w) {
  int64_t port;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in at = {.sin_family = AF_INET};
  cr_assert(str_int(str_z(tls_web_port(w)), &port));
  at.sin_port = htons((uint16_t)port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connect(fd, (const void *)&at, sizeof at);
  return fd;
}

/* A client that does what no program of others does: the far end of GnuTLS, in TLS 1.2. */
struct odd_client {
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  int fd;
};

static int odd_handshake(struct tls_web *w, struct odd_client *c) {
  int code = GNUTLS_E_AGAIN;
  NET_TEST_UNTIL(&w->t, (code = gnutls_handshake(c->session)) != GNUTLS_E_AGAIN);
  return code;
}

static void odd_open(struct tls_web *w, struct odd_client *c) {
  *c = (struct odd_client){.fd = plain_connection(w)};
  cr_assert_eq(gnutls_init(&c->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL), 0);
  cr_assert_eq(gnutls_certificate_allocate_credentials(&c->credentials), 0);
  gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE, c->credentials);
  gnutls_priority_set_direct(c->session, "NORMAL:-VERS-ALL:+VERS-TLS1.2", NULL);
  gnutls_transport_set_int(c->session, c->fd);
  net_test_turns(&w->t, 20);
  cr_assert_eq(odd_handshake(w, c), 0);
}

static void odd_close(struct odd_client *c) {
  gnutls_deinit(c->session);
  gnutls_certificate_free_credentials(c->credentials);
  close(c->fd);
}

/* Else a client could show another certificate in the midst of a connection. */
Test(tls_server, a_handshake_is_not_begun_anew) {
  struct tls_web w;
  struct odd_client c;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ASKED, HTTP_SPEAKS_TLS);
  odd_open(&w, &c);
  cr_assert_eq(odd_handshake(&w, &c), GNUTLS_E_WARNING_ALERT_RECEIVED);
  cr_assert_eq(gnutls_alert_get(c.session), GNUTLS_A_NO_RENEGOTIATION);
  cr_assert_eq(w.requests, 0);
  odd_close(&c);
  tls_web_close(&w);
}

Test(tls_server, who_only_warns_is_ended) {
  struct tls_web w;
  struct odd_client c;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  odd_open(&w, &c);
  cr_assert_eq(w.server->bridges_n, 1);
  for (int i = 0; i < 20; i++) (void)gnutls_alert_send(c.session, GNUTLS_AL_WARNING, GNUTLS_A_USER_CANCELED);
  NET_TEST_UNTIL(&w.t, w.server->bridges_n == 0);
  cr_assert_eq(w.server->bridges_n, 0);
  odd_close(&c);
  tls_web_close(&w);
}

Test(tls_server, who_only_connects_is_nobody_and_who_falls_silent_is_ended) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  w.server->handshake_ms = 100;
  int fd = plain_connection(&w);
  net_test_turns(&w.t, 20);
  close(fd);
  net_test_turns(&w.t, 20);
  cr_assert_eq(w.refusals, 0, "%s", w.refused.p);
  cr_assert_eq(w.server->bridges_n, 0);
  fd = plain_connection(&w);
  net_test_turns(&w.t, 20);
  cr_assert_eq(write(fd, "\x16\x03\x01", 3), 3);
  NET_TEST_UNTIL(&w.t, w.refusals == 1);
  REFUSED(&w, "fell silent in the handshake");
  cr_assert_eq(w.server->bridges_n, 0);
  close(fd);
  fd = plain_connection(&w);
  net_test_turns(&w.t, 20);
  cr_assert_eq(write(fd, "\x16\x03\x01", 3), 3);
  net_test_turns(&w.t, 20);
  close(fd);
  NET_TEST_UNTIL(&w.t, w.refusals == 2);
  REFUSED(&w, "hung up in the handshake");
  fd = plain_connection(&w);
  net_test_turns(&w.t, 20);
  cr_assert_eq(write(fd, "\x16\x03\x01\x00\x04\xff\x00\x00\x00", 9), 9);
  NET_TEST_UNTIL(&w.t, w.refusals == 3);
  REFUSED(&w, "TLS: the client was refused");
  close(fd);
  tls_web_close(&w);
}

/* A door that is closed in the answer to a refusal, in the midst of a handshake of another. */
static void deafen(void *payload, struct str peer, struct str path, int status, const char *why) {
  struct tls_web *w = payload;
  (void)peer, (void)path, (void)status, (void)why;
  w->refusals++;
  http_server_deafen(w->server);
}

Test(tls_server, the_door_may_be_closed_when_a_client_was_refused) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  w.server->handler.refused = deafen;
  int young = plain_connection(&w), bad = plain_connection(&w);
  net_test_turns(&w.t, 20);
  cr_assert_eq(w.server->bridges_n, 2);
  cr_assert_eq(write(bad, "GET / HTTP/1.1\r\n\r\n", 18), 18);
  NET_TEST_UNTIL(&w.t, w.refusals == 1);
  cr_assert_eq(w.server->bridges_n, 0);
  close(young);
  close(bad);
  tls_web_close(&w);
}

/* Its certificate was good when it connected. */
Test(tls_server, a_connection_does_not_outlive_its_certificate) {
  struct tls_web w;
  struct error e;
  struct certificate_pair brief;
  struct certificate_plan plan = {.kind = CERTIFICATE_OF_SYSTEM, .common_name = STR("brief"), .serial = 3};
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_REQUIRED, HTTP_SPEAKS_TLS);
  plan.from = clock_wall() - 86400000;
  plan.until = (clock_wall() / 1000 + 1) * 1000;
  plan.issuer = &w.pki.ca;
  cr_assert_eq(certificate_make(&brief, w.t.arena, &plan, &e), 0, "%s", e.text);
  tls_web_keep(&w, "brief", &brief);
  int fd = tls_web_raw(&w, ARGS("-cert", tls_web_file(&w, "brief.pem"), "-key", tls_web_file(&w, "brief.key")));
  dprintf(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  struct str got = tls_web_read(&w, fd, "body=");
  int64_t end = plan.until + 1100; /* the last second counts, and time() lags behind */
  bool late = clock_wall() >= end; /* on a very slow machine nothing is shown */
  cr_assert(late || TLS_HAS(got, "200 OK"), "%.*s %s", STR_F(got), w.refused.p ? w.refused.p : "");
  while (clock_wall() < end) net_test_turns(&w.t, 50);
  dprintf(fd, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  got = tls_web_read(&w, fd, NULL);
  cr_assert(late || TLS_HAS(got, "HTTP/1.1 403 "), "%.*s", STR_F(got));
  REFUSED(&w, "it has expired");
  cr_assert_leq(w.requests, 1);
  close(fd);
  tls_web_close(&w);
}

Test(tls_server, what_cannot_be_used_is_not_opened) {
  struct tls_web w;
  struct error e;
  struct http_server *s;
  struct http_handler h = {0};
  tls_web_open(&w);
  const struct pki *p = &w.pki;
  const struct {
    struct http_tls tls;
    const char *text;
  } rows[] = {
      {{.certificate = p->server.certificate, .key = p->client.key}, "does not belong"},
      {{.certificate = STR("nothing"), .key = p->client.key}, "cannot be used"},
      {{.certificate = p->server.certificate, .key = p->server.key, .clients = HTTP_CLIENTS_ASKED},
       "no authority is given"},
      {{.certificate = p->server.certificate,
        .key = p->server.key,
        .clients = HTTP_CLIENTS_REQUIRED,
        .authorities = STR("x")},
       "authorit"},
      {{.certificate = p->server.certificate, .key = p->server.key, .speaks = HTTP_SPEAKS_WEAK_CIPHERS}, "RSA key"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert_eq(http_server_open_tls(&s, w.t.loop, "127.0.0.1:0", w.t.dir, &h, &rows[i].tls, &e), -1, "row %zu", i);
    cr_assert(str_find(str_z(e.text), str_z(rows[i].text), 0) != SIZE_MAX, "row %zu: %s", i, e.text);
  }
  tls_web_close(&w);
}

/* ---- what holds without TLS holds with it ---- */

#define SMUGGLED "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

Test(tls_server, what_can_be_framed_in_two_ways_is_refused_and_closed) {
  static const struct {
    const char *headers, *body;
    int status;
  } rows[] = {{"Content-Length: 4\r\nContent-Length: 5\r\n", "abcde", 400},
              {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 400},
              {"Content-Length : 36\r\n", SMUGGLED, 400}};
  struct tls_web w;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int fd = tls_web_raw(&w, NULL);
    dprintf(fd, "POST /in HTTP/1.1\r\nHost: a\r\n%s\r\n%s", rows[i].headers, rows[i].body);
    struct str got = tls_web_read(&w, fd, NULL);
    cr_assert(str_starts(got, arena_printf(w.t.arena, "HTTP/1.1 %d ", rows[i].status)), "row %zu: %.*s", i, STR_F(got));
    cr_assert_eq(str_find(got, STR("HTTP/1.1"), 1), SIZE_MAX, "row %zu was answered twice", i);
    cr_assert_eq(w.refusals, i + 1);
    close(fd);
  }
  cr_assert_eq(w.requests, 0);
  tls_web_close(&w);
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

static void ask_as(struct tls_web *w, const char *method, const char *path, struct str body,
                   const struct http_identity *id) {
  struct http_call call = {.method = method,
                           .url = tls_web_url(w, path),
                           .body = body,
                           .timeout_ms = 15000,
                           .identity = id,
                           .done = on_answer,
                           .payload = w};
  http_call(w->client, &call);
}

static void ask(struct tls_web *w, const char *method, const char *path, struct str body) {
  struct http_identity id = {.ca = w->pki.ca.certificate};
  ask_as(w, method, path, body, &id);
}

static void ask_wait(struct tls_web *w, const char *method, const char *path, struct str body) {
  size_t before = w->answers;
  ask(w, method, path, body);
  NET_TEST_UNTIL(&w->t, w->answers > before);
  cr_assert_eq(w->answers, before + 1);
}

Test(tls_server, a_full_server_sends_away_the_oldest_handshakes) {
  enum { SILENT = 40 };
  struct tls_web w;
  int fds[SILENT];
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  w.server->connections_max = 20;
  for (size_t i = 0; i < SILENT; i++) {
    fds[i] = plain_connection(&w);
    net_test_turns(&w.t, 1);
    cr_expect_leq(http_connections(w.server), w.server->connections_max);
  }
  ask_wait(&w, "GET", "/now", STR(""));
  cr_expect_eq(w.status, 200, "%s", w.failure.p);
  for (size_t i = 0; i < SILENT; i++) close(fds[i]);
  tls_web_close(&w);
}

Test(tls_server, a_body_of_megabytes_comes_back_byte_for_byte) {
  static const size_t sizes[] = {1, 16384, 16385, 1000000};
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct str body = net_test_bytes(w.t.arena, sizes[i]);
    ask_wait(&w, "POST", "/echo", body);
    cr_assert_eq(w.status, 200, "%s", w.failure.p);
    cr_assert(str_eq(buf_str(&w.answer), body));
  }
  ask_wait(&w, "POST", "/in", net_test_bytes(w.t.arena, (size_t)8 << 20));
  cr_assert(str_eqz(buf_str(&w.answer), "body=8388608"));
  cr_assert_eq(w.refusals, 0, "%s", w.refused.p);
  tls_web_close(&w);
}

/* More than all buffers on the way hold: what comes late has to wait, in the midst of a record too. */
Test(tls_server, an_answer_of_many_megabytes_is_whole) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  for (int i = 0; i < 2; i++) {
    ask_wait(&w, "GET", "/big", STR(""));
    cr_assert_eq(w.status, 200, "%s", w.failure.p);
    cr_assert(str_eq(buf_str(&w.answer), net_test_bytes(w.t.arena, TLS_BIG)));
  }
  tls_web_close(&w);
}

Test(tls_server, sixty_at_once) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  for (int i = 0; i < 60; i++) ask(&w, "POST", "/late", STR("x"));
  NET_TEST_UNTIL(&w.t, w.held_n == 60);
  cr_assert_eq(w.held_n, 60);
  for (int i = 0; i < 60; i++) http_reply(w.all_held[i], 202, "text/plain", STR("late"));
  NET_TEST_UNTIL(&w.t, w.answers == 60);
  cr_assert_eq(w.answers, 60);
  cr_assert_eq(w.status, 202, "%s", w.failure.p);
  tls_web_close(&w);
}

Test(tls_server, three_hundred_megabytes_are_refused_at_once) {
  struct tls_web w;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  int fd = tls_web_raw(&w, NULL);
  dprintf(fd, "POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 314572800\r\n\r\n");
  struct str got = tls_web_read(&w, fd, NULL);
  cr_assert(str_starts(got, STR("HTTP/1.1 413 ")), "%.*s", STR_F(got));
  cr_assert_eq(w.refusals, 1);
  cr_assert_eq(w.requests, 0);
  close(fd);
  tls_web_close(&w);
}

Test(tls_server, a_request_that_is_held_and_one_that_is_cut) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  ask(&w, "POST", "/late", STR("x"));
  NET_TEST_UNTIL(&w.t, w.held_n == 1);
  int turns = 0;
  for (int64_t end = clock_monotonic() + 200; clock_monotonic() < end; turns++) loop_turn(w.t.loop, 50);
  cr_assert_lt(turns, 20, "%d turns with nothing to do", turns);
  http_reply(w.held, 202, "text/plain", STR("late"));
  NET_TEST_UNTIL(&w.t, w.answers == 1);
  cr_assert_eq(w.status, 202);
  ask_wait(&w, "GET", "/cut", STR(""));
  cr_assert_eq(w.status, 0);
  tls_web_close(&w);
}

Test(tls_server, a_client_that_is_gone_does_not_make_it_spin) {
  struct tls_web w;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  int fd = tls_web_raw(&w, NULL);
  dprintf(fd, "GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
  NET_TEST_UNTIL(&w.t, w.held_n == 1);
  close(fd);
  net_test_turns(&w.t, 100);
  int turns = 0;
  for (int64_t end = clock_monotonic() + 200; clock_monotonic() < end; turns++) loop_turn(w.t.loop, 50);
  cr_assert_lt(turns, 20, "%d turns with nothing to do", turns);
  http_reply(w.held, 200, "text/plain", STR("to nobody"));
  net_test_turns(&w.t, 20);
  tls_web_close(&w);
}

Test(tls_server, what_is_no_request_is_seen) {
  struct tls_web w;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  int fd = tls_web_raw(&w, NULL);
  dprintf(fd, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  NET_TEST_UNTIL(&w.t, w.refusals == 1);
  REFUSED(&w, "no HTTP/1.1 request");
  cr_assert_eq(w.requests, 0);
  close(fd);
  tls_web_close(&w);
}

/* Who never reads its answer holds a place that others need. */
Test(tls_server, a_client_that_does_not_read_is_ended) {
  struct tls_web w;
  TLS_NEEDS("openssl");
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  w.server->stall_ms = 200;
  int fd = tls_web_raw(&w, NULL);
  dprintf(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
  NET_TEST_UNTIL(&w.t, w.requests == 1);
  cr_assert_eq(w.server->bridges_n, 1);
  NET_TEST_UNTIL(&w.t, w.server->bridges_n == 0);
  cr_assert_eq(w.server->bridges_n, 0);
  close(fd);
  tls_web_close(&w);
}

Test(tls_server, closing_with_requests_held_is_clean) {
  struct tls_web w;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  for (int i = 0; i < 3; i++) ask(&w, "GET", "/late", STR(""));
  NET_TEST_UNTIL(&w.t, w.held_n == 3);
  tls_web_close(&w);
}

Test(tls_server, a_closed_door_and_resets) {
  struct tls_web w;
  struct error e;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.status, 200, "%s", w.failure.p);
  http_server_deafen(w.server);
  net_test_turns(&w.t, 20);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.status, 0);
  cr_assert(TLS_HAS(buf_str(&w.failure), "could not connect"), "%s", w.failure.p);
  cr_assert_eq(http_server_listen(w.server, &e), 0);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.status, 200, "%s", w.failure.p);
  http_server_reset_next(w.server, 0, 1);
  net_test_turns(&w.t, 20);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.resets, 1);
  cr_assert_eq(w.status, 0);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.status, 200, "%s", w.failure.p);
  tls_web_close(&w);
}

Test(tls_server, a_chain_is_sent_whole_or_as_it_was_given) {
  struct tls_web w;
  struct error e;
  struct certificate_pair between, own, client;
  struct str host = STR("127.0.0.1");
  tls_web_open(&w);
  struct certificate_plan plan = {.kind = CERTIFICATE_OF_AUTHORITY,
                                  .common_name = STR("between"),
                                  .serial = 5,
                                  .from = clock_wall() - 1000,
                                  .until = clock_wall() + 86400000,
                                  .issuer = &w.pki.ca};
  cr_assert_eq(certificate_make(&between, w.t.arena, &plan, &e), 0, "%s", e.text);
  plan.issuer = &between;
  plan.kind = CERTIFICATE_OF_SYSTEM;
  cr_assert_eq(certificate_make(&client, w.t.arena, &plan, &e), 0, "%s", e.text);
  plan.kind = CERTIFICATE_OF_SERVER;
  plan.names = &host;
  plan.names_n = 1;
  cr_assert_eq(certificate_make(&own, w.t.arena, &plan, &e), 0, "%s", e.text);
  struct str own_alone = own.certificate, client_alone = client.certificate;
  own.certificate = arena_printf(w.t.arena, "%.*s%.*s", STR_F(own_alone), STR_F(between.certificate));
  client.certificate = arena_printf(w.t.arena, "%.*s%.*s", STR_F(client_alone), STR_F(between.certificate));
  const struct {
    struct str own, client;
    bool good;
    const char *failure;
  } rows[] = {{own.certificate, client.certificate, true, ""},
              {own_alone, client.certificate, false, "none of the trusted authorities"},
              {own.certificate, client_alone, false, "does not trust the authority of our client certificate"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct certificate_pair shown = {rows[i].own, own.key};
    struct http_identity id = {.cert = rows[i].client, .key = client.key, .ca = w.pki.ca.certificate};
    tls_web_listen(&w, &shown, HTTP_CLIENTS_REQUIRED, HTTP_SPEAKS_TLS);
    ask_as(&w, "GET", "/", STR(""), &id);
    NET_TEST_UNTIL(&w.t, w.answers == i + 1);
    cr_assert_eq(w.status, rows[i].good ? 200 : 0, "row %zu: %s", i, w.failure.p);
    cr_assert(str_find(buf_str(&w.failure), str_z(rows[i].failure), 0) != SIZE_MAX, "row %zu: %s", i, w.failure.p);
  }
  tls_web_close(&w);
}

Test(tls_server, another_certificate_from_the_next_connection_on) {
  struct tls_web w;
  struct error e;
  tls_web_open(&w);
  tls_web_listen(&w, &w.pki.server, HTTP_CLIENTS_ANY, HTTP_SPEAKS_TLS);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.status, 200, "%s", w.failure.p);
  struct http_tls bad = w.tls;
  bad.certificate = w.pki.faulty[CERTIFICATE_FAULT_EXPIRED].certificate;
  bad.key = w.pki.faulty[CERTIFICATE_FAULT_EXPIRED].key;
  cr_assert_eq(http_server_retls(w.server, &bad, &e), 0, "%s", e.text);
  net_test_turns(&w.t, 20);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.status, 0);
  cr_assert(TLS_HAS(buf_str(&w.failure), "expired"), "%s", w.failure.p);
  NET_TEST_UNTIL(&w.t, w.refusals == 1);
  REFUSED(&w, "alert certificate_expired");
  cr_assert_eq(http_server_retls(w.server, &w.tls, &e), 0, "%s", e.text);
  ask_wait(&w, "GET", "/", STR(""));
  cr_assert_eq(w.status, 200, "%s", w.failure.p);
  tls_web_close(&w);
}

/* A client that looks overlooks none of them; one that does not look at just that gets through. */
Test(tls_server, what_is_wrong_on_purpose_is_refused_by_who_looks) {
  static const struct {
    enum certificate_fault fault;
    enum http_speaks speaks;
    enum http_lax lax;
  } rows[] = {{CERTIFICATE_FAULT_AUTHORITY, HTTP_SPEAKS_TLS, HTTP_TRUSTS_ANYBODY},
              {CERTIFICATE_FAULT_NAME, HTTP_SPEAKS_TLS, HTTP_IGNORES_NAME},
              {CERTIFICATE_FAULT_EXPIRED, HTTP_SPEAKS_TLS, HTTP_IGNORES_TIME},
              {CERTIFICATE_SOUND, HTTP_SPEAKS_TLS_1_1, HTTP_OLD_TLS}};
  struct tls_web w;
  tls_web_open(&w);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct http_identity id = {.ca = w.pki.ca.certificate};
    size_t refusals = w.refusals;
    tls_web_listen(&w, rows[i].fault ? &w.pki.faulty[rows[i].fault] : &w.pki.server, HTTP_CLIENTS_ANY, rows[i].speaks);
    ask_as(&w, "GET", "/", STR(""), &id);
    NET_TEST_UNTIL(&w.t, w.answers == 2 * i + 1 && w.refusals == refusals + 1);
    cr_expect_eq(w.status, 0, "row %zu", i);
    cr_expect(http_client_declined(w.refused.p + 2), "row %zu: %s", i, w.refused.p); /* behind the status, 0 */
    id.lax = rows[i].lax;
    ask_as(&w, "GET", "/", STR(""), &id);
    NET_TEST_UNTIL(&w.t, w.answers == 2 * i + 2);
    cr_expect_eq(w.status, 200, "row %zu: %s", i, w.failure.p);
  }
  tls_web_close(&w);
}

Test(tls_server, whom_we_refuse_has_not_refused_us) {
  cr_expect(!http_client_declined("TLS: the client was refused: the client showed no certificate (alert x)"));
  cr_expect(!http_client_declined("TLS: the client fell silent in the handshake"));
  cr_expect(!http_client_declined("what came is no TLS (http instead of https?)"));
  cr_expect(http_client_declined("TLS: the client hung up in the handshake"));
}
