#include "cli/signature.h"

#include "base/clock.h"
#include "base/file.h"
#include "crypto/cms.h"

#include <stdlib.h>

#define DAY_CHARS 10 /* of "2026-01-05" */

static const char *say(const struct cli *c, const char *en, const char *da) {
  return c->danish ? da : en;
}

int signature_make(struct cli *c, struct buf *out, struct str bytes, const char *key, const char *cert,
                   struct error *e) {
  struct cms_signing how = {.passphrase = getenv(SIGNATURE_PASSPHRASE), .now = clock_wall()};
  if (file_read(&how.key, c->arena, key, CMS_SIGNATURE_MAX, e) < 0) return -1;
  if (file_read(&how.certificate, c->arena, cert, CMS_SIGNATURE_MAX, e) < 0) return -1;
  return cms_sign(out, bytes, &how, e);
}

static struct str day(struct cli *c, int64_t at) {
  return at ? str_sub(time_utc(c->arena, at), 0, DAY_CHARS) : STR("?");
}

static int read_time(const char *at, int64_t *out, struct error *e) {
  bool has_zone;
  struct arena *a = arena_new(0);
  bool is_day = at && str_z(at).n == DAY_CHARS;
  struct str text = is_day ? arena_printf(a, "%sT12:00:00Z", at) : str_z(at);
  *out = clock_wall();
  int rc = !at || time_parse(text, out, &has_zone)
               ? 0
               : error_set(e, ERR_CONFIG, "--at %s: a day (2026-01-05) or a time (2026-01-05T09:00:00Z) is needed", at);
  arena_free(a);
  return rc;
}

static void say_signer(struct cli *c, const struct cms_result *r) {
  static const struct {
    const char *en, *da;
  } words[] = {[CMS_UNKNOWN] = {"nobody vouches for the certificate: name whom you trust by --ca",
                                "ingen står inde for certifikatet: angiv med --ca, hvem du har tillid til"},
               [CMS_TRUSTED] = {"trusted", "betroet"},
               [CMS_UNTRUSTED] = {"not trusted", "ikke betroet"}};
  fprintf(c->out, "  %s %.*s (%s %.*s, %.*s %s %.*s)\n", say(c, "signed by", "underskrevet af"), STR_F(r->subject),
          say(c, "certificate from", "certifikat fra"), STR_F(r->issuer), STR_F(day(c, r->from)), say(c, "to", "til"),
          STR_F(day(c, r->until)));
  if (r->signed_at)
    fprintf(c->out, "  %s %.19s UTC\n", say(c, "on, as the signer says,", "ifølge underskriveren"),
            time_utc(c->arena, r->signed_at).p);
  fprintf(c->out, "  %s", say(c, words[r->trust].en, words[r->trust].da));
  fprintf(c->out, r->why.n ? ": %.*s\n" : "%.*s\n", STR_F(r->why));
}

static int unsigned_one(struct cli *c, const struct signature_check *how) {
  fprintf(c->out, "  %s\n",
          say(c, "unsigned: who made the bundle is not proven",
              "usigneret: hvem der har lavet evidenspakken, er ikke bevist"));
  return how->ca ? 0 : 1; /* who names whom he trusts wants a signature */
}

int signature_check(struct cli *c, struct str bytes, const struct signature_check *how, struct str *signer,
                    struct error *e) {
  struct cms_check check = {0};
  struct cms_result r;
  struct str signature;
  const char *path = how->signature ? how->signature : arena_printf(c->arena, "%s" SIGNATURE_EXTENSION, how->bundle).p;
  *signer = (struct str){0};
  if (!how->signature && !file_exists(path)) return unsigned_one(c, how);
  if (read_time(how->at, &check.at, e) < 0 || file_read(&signature, c->arena, path, CMS_SIGNATURE_MAX, e) < 0)
    return -1;
  if (how->ca && file_read(&check.trusted, c->arena, how->ca, CMS_SIGNATURE_MAX, e) < 0) return -1;
  if (how->ca && !check.trusted.n) return error_set(e, ERR_SYNTAX, "--ca %s: the file is empty", how->ca);
  if (cms_verify(&r, c->arena, bytes, signature, &check, e) < 0) return -1;
  if (!r.matches) {
    fprintf(c->out, "  %s: %.*s\n",
            say(c, "the signature is not of this bundle", "underskriften hører ikke til denne evidenspakke"),
            STR_F(r.why));
    return 0;
  }
  say_signer(c, &r);
  if (r.trust == CMS_TRUSTED) *signer = r.subject;
  if (r.trust == CMS_UNKNOWN) *signer = arena_printf(c->arena, "%.*s (nobody vouches for it)", STR_F(r.subject));
  return r.trust != CMS_UNTRUSTED;
}
