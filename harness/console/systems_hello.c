/* What a vendor needs to connect: the certificate of the systems' address, and "Send me a test message": a run of one
 * step, protocols/test-message, whose page shows what was sent and what came back. */
#include "base/buf.h"
#include "console/offers.h"
#include "console/systems.h"

#define TEST_MESSAGE "test-message"

static void begin(struct visit *v, const struct offer *p, const char *file, int64_t organisation) {
  struct error e;
  const char *vendor = arena_printf(v->arena, "--vendor=%s", file).p;
  struct done d = do_command(
      v, (const char *const[]){"run", offers_path(v->console, v->arena, p->path), vendor, "--mode=self-test", NULL});
  struct str line = d.out, run = str_cut(&line, ' ');
  if (!run.n || run.p[0] < '0' || run.p[0] > '9' || !done_well(v, &d)) {
    visit_complain(v, d.err);
    visit_go(v, "/systems/%lld", (long long)v->system);
  } else if (run_owner_set(v->console, run, organisation, v->system, &e) < 0) {
    visit_fail(v, &e);
  } else {
    visit_go(v, "/runs/%.*s", STR_F(run));
  }
}

static void post_hello(struct visit *v) {
  const struct offer *p = offers_protocol(v->console, STR(TEST_MESSAGE));
  const char *file;
  int64_t organisation;
  struct error e;
  if (!p)
    visit_refuse(v, 404, "The data folder has no protocol test-message.",
                 "Datamappen har ingen testprotokol test-message.");
  else if (system_vendor_file(v, v->system, &file, &organisation, &e) < 0)
    visit_fail(v, &e);
  else if (!run_cards_are_full(v))
    begin(v, p, file, organisation);
}

/* Certificates alone: the file that serve was given may hold the key as well. */
static struct str certificates_of(struct arena *a, struct str pem) {
  static const struct str begin = STR_INIT("-----BEGIN CERTIFICATE-----"), end = STR_INIT("-----END CERTIFICATE-----");
  struct buf b;
  buf_init(&b, pem.n + end.n);
  for (size_t at = 0; (at = str_find(pem, begin, at)) != SIZE_MAX;) {
    size_t to = str_find(pem, end, at);
    if (to == SIZE_MAX) break;
    buf_add(&b, str_sub(pem, at, to + end.n));
    buf_byte(&b, '\n');
    at = to;
  }
  return buf_take(&b, a);
}

static void get_certificate(struct visit *v) {
  struct str pem = certificates_of(v->arena, v->console->options.certificate);
  if (pem.n)
    visit_send(v, "application/x-pem-file", "testcamp.pem", pem);
  else
    visit_refuse(v, 404, "The systems' address speaks no TLS.", "Systemernes adresse bruger ikke TLS.");
}

const struct route systems_hello_routes[] = {
    {"GET", "/systems/*/certificate", FOR_PARTNERS, ROUTE_SYSTEM, get_certificate},
    {"POST", "/systems/*/hello", FOR_PARTNERS, ROUTE_SYSTEM, post_hello},
    {0}};
