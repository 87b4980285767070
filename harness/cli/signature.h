/* signature: the detached signature beside a bundle: made, and checked. */
#ifndef CLI_SIGNATURE_H
#define CLI_SIGNATURE_H

#include "cli/cli.h"

/* What stands behind the name of a bundle in that of its signature. */
#define SIGNATURE_EXTENSION ".p7s"
/* A key with a passphrase is opened by what this variable of the environment holds. */
#define SIGNATURE_PASSPHRASE "TESTCAMP_PASSPHRASE"

/* The signature of bytes, by a key and a certificate in PEM files. */
MUST_CHECK int signature_make(struct cli *c, struct buf *out, struct str bytes, const char *key, const char *cert,
                              struct error *e);

struct signature_check {
  const char *bundle;    /* its path */
  const char *signature; /* NULL: beside the bundle, if there is one */
  const char *ca;        /* NULL: nobody is trusted */
  const char *at;        /* NULL: now */
};

/* Checks and prints by whom the bytes are signed, or that they are not. 1: good, or unsigned and nobody asked; 0: not
 * good; *signer becomes the name of who signed, with a word that nobody vouches for it where nobody is trusted;
 * empty if nobody signed. */
MUST_CHECK int signature_check(struct cli *c, struct str bytes, const struct signature_check *how, struct str *signer,
                               struct error *e);

#endif
