/* certificate: X.509 certificates and their keys: read, described, judged, and made for tests.
 *
 * A struct certificate is plain data: strings live in the arena handed in, and the DER in it is all that is needed to
 * work with it further. Times are ms since 1970 in UTC and come from the caller, like serial numbers; only keys are
 * random. What is made is for tests: a test authority and what it issues, sound or with one fault on purpose. Names in
 * it are the caller's to make up. Nothing is fetched: revocation cannot be told offline. */
#ifndef CRYPTO_CERTIFICATE_H
#define CRYPTO_CERTIFICATE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/finding.h"
#include "base/vec.h"

#define CERTIFICATE_FILE_MAX ((size_t)1 << 20) /* bytes of a file of certificates or keys */
#define CERTIFICATE_CHAIN_MAX 32               /* certificates in one */
#define CERTIFICATE_NAMES_MAX 256              /* subject alternative names that are kept */

enum public_key_kind { PUBLIC_KEY_OTHER, PUBLIC_KEY_RSA, PUBLIC_KEY_EC, PUBLIC_KEY_ED25519 };

struct certificate_key {
  enum public_key_kind kind;
  const char *name; /* "RSA", "EC", "Ed25519", or what OpenSSL calls it */
  int bits;
  bool strong; /* RSA >= 2048, EC >= 224 bits, or Ed25519 (FAPI 2.0) */
};

struct certificate {
  struct str der;
  struct str pem;             /* the same in PEM */
  struct str subject, issuer; /* RFC 4514: "serialNumber=...,CN=...,O=...,C=DK" as it stands, last part first */
  struct str common_name;     /* empty if it has none */
  struct str serial;          /* lower-case hex */
  int64_t from, until;        /* validity; until is the last valid second */
  struct str thumbprint;      /* SHA-256 of the DER, base64url: x5t#S256 of RFC 8705 */
  struct certificate_key key;
  struct str signature;       /* its algorithm, "ecdsa-with-SHA256" */
  bool authority, own_issuer; /* it may issue others; it is named as its own issuer */
  bool server, client;        /* what it may be used for in TLS */
  VEC(struct str) names;      /* "DNS:eds.example.dk", "IP:127.0.0.1" */
};

struct certificates {
  struct certificate *v;
  size_t n, cap;
};

/* Reads PEM (all certificates in it, other PEM blocks are passed over) or DER (one). Error: none is in it, one cannot
 * be read, too many or too large. */
MUST_CHECK int certificates_read(struct certificates *out, struct arena *a, struct str bytes, struct error *e);
/* Reads a private key, PEM without a passphrase or DER, and tells its kind; *pem (may be NULL) becomes it in PEM. */
MUST_CHECK int certificate_key_read(struct certificate_key *out, struct str *pem, struct arena *a, struct str bytes,
                                    struct error *e);
/* True if the private key belongs to the certificate; false also where either cannot be read. */
bool certificate_key_matches(const struct certificate *c, struct str key);
/* True if the certificate is for that host (name or IP address), by its alternative names alone (RFC 9525). */
bool certificate_is_for(const struct certificate *c, struct str host);
#define CERTIFICATE_SUBJECT_MAX ((size_t)4096) /* bytes of a distinguished name that is compared */
/* True if two distinguished names in text (RFC 4514) are the same: escapes, case (of ASCII) and blanks do not count,
 * nor whether a type stands as a name or a number, nor from which end it is written. False if either is empty or cannot
 * be read. For tls_client_auth_subject_dn of RFC 8705. */
bool certificate_subject_same(struct str a, struct str b);
/* The first value of a type ("O", "organizationIdentifier") in such a name; empty if it is not there. */
struct str certificate_subject_get(struct arena *a, struct str subject, const char *type);
/* NULL if c leads to one of trusted (PEM) over others (any number, may be NULL) and each was valid at that time (0:
 * time is not asked); else why not. */
const char *certificate_distrust(const struct certificate *c, const struct certificates *others, struct str trusted,
                                 int64_t at);
/* The thumbprint (x5t#S256) of a certificate in DER. */
struct str certificate_thumbprint(struct arena *a, struct str der);

/* ---- judging ---- */

enum certificate_rule {
  CERTIFICATE_EXPIRED,
  CERTIFICATE_EXPIRES_SOON,
  CERTIFICATE_NOT_YET_VALID,
  CERTIFICATE_KEY_WEAK,
  CERTIFICATE_KEY_KIND,
  CERTIFICATE_SIGNATURE_WEAK,
  CERTIFICATE_UNTRUSTED,
  CERTIFICATE_NAME_OTHER,
  CERTIFICATE_NAME_NONE,
  CERTIFICATE_PURPOSE,
  CERTIFICATE_KEY_OTHER,
  CERTIFICATE_RULES_N
};

extern const struct rule certificate_rules[CERTIFICATE_RULES_N];

enum certificate_purpose { CERTIFICATE_ANY, CERTIFICATE_SERVER, CERTIFICATE_CLIENT };

struct certificate_check {
  struct str message;                /* name of the file, for the place of findings */
  int64_t at;                        /* when it has to be valid */
  struct str trusted;                /* PEM; empty: it is not asked whom it leads to */
  const struct certificates *others; /* those between, may be NULL */
  struct str host;                   /* empty: any */
  struct str key;                    /* private key that should be its own; empty: not asked */
  enum certificate_purpose purpose;  /* what it is used for */
};

/* Adds a finding for each rule that c breaks. */
void certificate_judge(struct findings *f, const struct certificate *c, const struct certificate_check *how);

/* ---- making ---- */

enum certificate_kind { CERTIFICATE_OF_AUTHORITY, CERTIFICATE_OF_SERVER, CERTIFICATE_OF_SYSTEM };

/* What is wrong with it, for tests of what refuses such a one. */
enum certificate_fault {
  CERTIFICATE_SOUND,
  CERTIFICATE_FAULT_EXPIRED,
  CERTIFICATE_FAULT_NOT_YET,
  CERTIFICATE_FAULT_NAME,      /* of another host */
  CERTIFICATE_FAULT_AUTHORITY, /* issued by another authority of the same name */
  CERTIFICATE_FAULT_KEY,       /* RSA with 1024 bits */
  CERTIFICATE_FAULTS_N
};

/* "sound", "expired", "not-yet-valid", "wrong-name", "unknown-authority", "weak-key". */
extern const char *const certificate_fault_names[CERTIFICATE_FAULTS_N];

enum certificate_key_choice { CERTIFICATE_EC_P256, CERTIFICATE_RSA_2048, CERTIFICATE_RSA_1024, CERTIFICATE_ED25519 };

/* A certificate with its private key, PEM. */
struct certificate_pair {
  struct str certificate, key;
};

struct certificate_plan {
  enum certificate_kind kind;
  enum certificate_fault fault;
  struct str common_name, organisation;    /* organisation may be empty */
  struct str organisation_id, serial_name; /* attributes organizationIdentifier and serialNumber; may be empty */
  const struct str *names;                 /* of a server: host names and IP addresses */
  size_t names_n;
  uint64_t serial;     /* at least 1 */
  int64_t from, until; /* of a sound one; the faults move them */
  enum certificate_key_choice key;
  const struct certificate_pair *issuer; /* NULL: it issues itself */
};

/* Makes it. Error: a name that cannot stand in a certificate, an issuer that cannot be read. */
MUST_CHECK int certificate_make(struct certificate_pair *out, struct arena *a, const struct certificate_plan *plan,
                                struct error *e);

#endif
