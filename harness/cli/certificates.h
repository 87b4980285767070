/* certificates: a folder with a test authority, and the certificates that it issued, each a file beside its key.
 *
 * An authority that is there is never replaced, nor is any other file: what is asked for is added to it, or nothing at
 * all is made. Keys can be read by their owner alone. Strings live in the arena handed in. */
#ifndef CLI_CERTIFICATES_H
#define CLI_CERTIFICATES_H

#include "crypto/certificate.h"

#include "base/vec.h"

struct certificates_wanted {
  const char *dir;
  const char *const *hosts; /* of one server; none: this machine, where the authority is new */
  size_t hosts_n;
  const char *const *clients; /* a system each; none: one, where the authority is new */
  size_t clients_n;
  const char *organisation; /* of the systems; NULL: a made-up one */
  bool faults;              /* a server for each fault as well */
  bool rsa;                 /* keys of RSA instead of elliptic curves; of a new authority too */
  int64_t days, now;
};

struct certificates_made {
  struct said what;
  struct certificate certificate;
  const char *file, *key_file;
};

struct certificates_issuer {
  const char *dir;
  bool is_new;
  struct certificate_pair pair;
  VEC(struct certificates_made) made; /* the authority first if it is new */
};

/* Makes them. */
MUST_CHECK int certificates_issue(struct certificates_issuer *out, struct arena *a, const struct certificates_wanted *w,
                                  struct error *e);
/* Reads the certificates of a file; errors name it. */
MUST_CHECK int certificates_file(struct certificates *out, struct str *bytes, struct arena *a, const char *path,
                                 struct error *e);

#endif
