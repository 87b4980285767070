/* tls_test: certificates in files, a server that speaks TLS, and programs that others wrote (curl, openssl) against it,
 * for the tests of TLS. */
#ifndef TESTS_NET_TLS_TEST_H
#define TESTS_NET_TLS_TEST_H

#include "net_test.h"

#include "base/buf.h"
#include "crypto/certificate.h"
#include "net/http_client.h"
#include "net/http_server.h"

#define TLS_NOTE_MAX ((size_t)1 << 20)
#define TLS_BIG ((size_t)16 << 20) /* bytes of /big */
#define TLS_HELD_MAX 64

/* What is in the files of the folder, by name: "ca", "server", "client", "rogue" ... */
struct pki {
  struct certificate_pair ca, rogue_ca, server, client, rogue;
  struct certificate_pair faulty[CERTIFICATE_FAULTS_N]; /* servers */
  struct certificate_pair stale[CERTIFICATE_FAULTS_N];  /* clients */
};

struct tls_web {
  struct net_test t;
  struct pki pki;
  struct http_server *server;
  struct http_client *client;
  struct http_tls tls;
  size_t requests, refusals, resets, answers;
  struct buf refused, failure, answer; /* the last reason; the last failure; the last answer */
  int status;
  struct http_peer_certificate peer; /* of the last request */
  struct http_request *held;         /* of /late, the last */
  struct http_request *all_held[TLS_HELD_MAX];
  size_t held_n;
};

/* A folder, certificates in it and a client; no server yet. */
void tls_web_open(struct tls_web *w);
void tls_web_close(struct tls_web *w);
/* Has the server listen: its certificate, who may come, what it speaks. */
void tls_web_listen(struct tls_web *w, const struct certificate_pair *own, enum http_clients clients,
                    enum http_speaks speaks);
const char *tls_web_url(struct tls_web *w, const char *path);
const char *tls_web_port(struct tls_web *w);
/* Puts NAME.pem and NAME.key into the folder. */
void tls_web_keep(struct tls_web *w, const char *name, const struct certificate_pair *p);
/* The path of a file of the folder: "client.pem". */
const char *tls_web_file(struct tls_web *w, const char *name);
/* Runs a program (argv up to NULL) while the loop turns; what it wrote, both streams; its exit code. */
struct str tls_web_run(struct tls_web *w, int *code, const char *const *argv);
/* The same for `curl -sS --cacert ca.pem URL` and more arguments. */
struct str tls_web_curl(struct tls_web *w, int *code, const char *path, const char *const *more);
/* A socket whose other end is `openssl s_client` of the server, with more arguments. */
int tls_web_raw(struct tls_web *w, const char *const *more);
/* What comes on it until the other side ends, or it holds `until`. */
struct str tls_web_read(struct tls_web *w, int fd, const char *until);
/* True if a program is there; else the test says so and is skipped. */
bool tls_tool(const char *name);

#define TLS_NEEDS(name)                                                                                                \
  if (!tls_tool(name)) {                                                                                               \
    cr_skip_test("skipped: no " name);                                                                                 \
    return;                                                                                                            \
  }
#define TLS_HAS(text, part) (str_find((text), STR(part), 0) != SIZE_MAX)

#endif
