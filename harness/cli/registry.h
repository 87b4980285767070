/* registry: a FHIR package registry, asked over HTTPS as npm's are.
 *
 * GET {registry}/{name} gives the versions of a package, and for each where its archive is and its digests; the archive
 * is fetched from there, over https even where an http address is listed. What is asked for stays until the close.
 * Errors: ERR_CONFIG when the registry has no such package or version, ERR_SYNTAX when an archive is not what the
 * registry says it is, ERR_PEER when the registry cannot be had or does not answer as one. */
#ifndef CLI_REGISTRY_H
#define CLI_REGISTRY_H

#include "cli/cli.h"
#include "formats/node.h"

#define REGISTRY_DEFAULT "https://packages.fhir.org"
#define REGISTRY_LISTING_MAX ((size_t)16 << 20) /* bytes of the list of versions of a package */
#define REGISTRY_STILL_SECONDS 30               /* without a byte before it is given up */

struct registry;

struct registry_options {
  const char *url;
  const char *ca_file; /* NULL: the authorities that the system trusts */
  int64_t still_ms;
  bool unverified; /* an archive without any digest is taken */
};

/* One version of a package, as the registry lists it. */
struct release {
  struct str name, version, tarball;
  struct str shasum, integrity; /* empty where the registry gives none */
};

MUST_CHECK int registry_open(struct registry **out, struct cli *c, const struct registry_options *o, struct error *e);
void registry_close(struct registry *r);
/* The release that wanted means: a version, one with wildcards (the newest that fits, a pre-release only if nothing
 * else does), or empty or "latest" (what the registry calls so, else the newest). */
MUST_CHECK int registry_find(struct release *out, struct registry *r, struct str name, struct str wanted,
                             struct error *e);
/* The archive of a release into a, its digests checked: *checked is false if there were none (unverified). */
MUST_CHECK int registry_fetch(struct str *tgz, bool *checked, struct registry *r, const struct release *release,
                              struct arena *a, struct error *e);

/* The release in a listing, as registry_find; listing is the JSON that came from url. */
MUST_CHECK int registry_choose(struct release *out, struct arena *a, struct source listing, struct str name,
                               struct str wanted, struct error *e);
/* Checks bytes against all digests of the release; *checked is false if it has none that is known. */
MUST_CHECK int registry_check(const struct release *release, struct str bytes, bool *checked, struct error *e);

#endif
