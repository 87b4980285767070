#include "console/client_certificate.h"

#include "console/complaint.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#define ASN1_SEQUENCE '\x30'

/* What is no certificate, by what stands in it, and what its owner is told. */
enum wrong {
  WRONG_EMPTY,
  WRONG_SIZE,
  WRONG_KEY,
  WRONG_STORE,
  WRONG_REQUEST,
  WRONG_PUBLIC_KEY,
  WRONG_SEVERAL,
  WRONG_ISSUER
};

static const struct said wrongs[] = {
    [WRONG_EMPTY] = {STR_INIT("Nothing was handed in: choose a file, or paste the certificate."),
                     STR_INIT("Der er ikke indleveret noget: vælg en fil, eller indsæt certifikatet.")},
    [WRONG_SIZE] = {STR_INIT("That is too large for a certificate (64 KB at most). Hand in the system's own alone."),
                    STR_INIT("Det er for stort til et certifikat (højst 64 KB). Indlevér kun systemets eget.")},
    [WRONG_KEY] = {STR_INIT(
                       "That holds a private key, and nothing of it was kept. A private key never leaves its system: "
                       "hand in the certificate alone, from BEGIN CERTIFICATE to END CERTIFICATE. The key has been "
                       "sent over a network now: if it is more than a test key, get a new one."),
                   STR_INIT(
                       "Det indeholder en privat nøgle, og intet af det er gemt. En privat nøgle forlader aldrig sit "
                       "system: indlevér kun certifikatet, fra BEGIN CERTIFICATE til END CERTIFICATE. Nøglen er nu "
                       "sendt over et netværk: er den mere end en testnøgle, så få en ny.")},
    [WRONG_STORE] = {STR_INIT("That is a PKCS#12 file (.p12, .pfx), which is for certificates with their private keys; "
                              "nothing of it was kept. Export the certificate alone, in PEM."),
                     STR_INIT(
                         "Det er en PKCS#12-fil (.p12, .pfx), som er til certifikater med deres private nøgler; intet "
                         "af det er gemt. Eksportér certifikatet alene, i PEM.")},
    [WRONG_REQUEST] = {STR_INIT(
                           "That is a request for a certificate (CSR). Hand in the certificate that was issued on it."),
                       STR_INIT(
                           "Det er en anmodning om et certifikat (CSR). Indlevér det certifikat, der blev udstedt på "
                           "den.")},
    [WRONG_PUBLIC_KEY] = {STR_INIT("That is a public key without a certificate. Hand in the certificate."),
                          STR_INIT("Det er en offentlig nøgle uden certifikat. Indlevér certifikatet.")},
    [WRONG_SEVERAL] = {STR_INIT("There are certificates of several systems in it. Hand in one at a time."),
                       STR_INIT("Der er certifikater for flere systemer i det. Indlevér ét ad gangen.")},
    [WRONG_ISSUER] = {STR_INIT("That is the certificate of an authority, which issues others. Hand in the one that the "
                               "system itself shows."),
                      STR_INIT(
                          "Det er certifikatet for en udsteder, som udsteder andre. Indlevér det, som systemet selv "
                          "viser.")},
};

static bool holds(struct str bytes, const char *text) {
  return str_find(bytes, str_z(text), 0) != SIZE_MAX;
}

/* Whatever its label ("RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), and also without one. */
static bool is_key(struct arena *a, struct str bytes) {
  struct certificate_key key;
  struct error e;
  if (holds(bytes, "PRIVATE KEY")) return true;
  return bytes.p[0] == ASN1_SEQUENCE && certificate_key_read(&key, NULL, a, bytes, &e) == 0;
}

static bool is_store(struct str bytes) {
  const unsigned char *p = (const unsigned char *)bytes.p;
  PKCS12 *store = bytes.p[0] == ASN1_SEQUENCE ? d2i_PKCS12(NULL, &p, (long)bytes.n) : NULL;
  bool is = store != NULL;
  PKCS12_free(store);
  ERR_clear_error();
  return is;
}

static const struct said *refused(struct arena *a, struct str bytes) {
  if (!str_trim(bytes).n) return &wrongs[WRONG_EMPTY];
  if (is_key(a, bytes)) return &wrongs[WRONG_KEY];
  if (is_store(bytes)) return &wrongs[WRONG_STORE];
  if (holds(bytes, "BEGIN CERTIFICATE-----")) return NULL;
  if (holds(bytes, "CERTIFICATE REQUEST-----")) return &wrongs[WRONG_REQUEST];
  return holds(bytes, "BEGIN PUBLIC KEY-----") ? &wrongs[WRONG_PUBLIC_KEY] : NULL;
}

/* The system's own: that which is no authority; of one alone also that which issued itself. */
static const struct said *choose(struct certificate *out, const struct certificates *all) {
  size_t own = 0;
  for (size_t i = 0; i < all->n; i++) {
    bool may = all->n == 1 && all->v[i].own_issuer && all->v[i].client;
    if (all->v[i].authority && !may) continue;
    *out = all->v[i];
    own++;
  }
  if (own == 1) return NULL;
  return &wrongs[own ? WRONG_SEVERAL : WRONG_ISSUER];
}

/* The first rule that it breaks. */
static bool is_sound(struct said *why, struct arena *a, const struct certificate *c, int64_t now) {
  struct findings f;
  struct certificate_check how = {.message = STR("certificate"), .at = now, .purpose = CERTIFICATE_CLIENT};
  findings_init(&f, a);
  certificate_judge(&f, c, &how);
  for (size_t i = 0; i < f.list.n; i++) {
    if (f.list.v[i].severity != SEV_ERROR) continue;
    *why = (struct said){f.list.v[i].en, f.list.v[i].da};
    return false;
  }
  return true;
}

bool client_certificate_take(struct certificate *out, struct said *why, struct arena *a, struct str bytes,
                             int64_t now) {
  struct certificates all;
  struct error e;
  if (bytes.n > CLIENT_CERTIFICATE_MAX) return *why = wrongs[WRONG_SIZE], false;
  const struct said *no = refused(a, bytes);
  if (!no && certificates_read(&all, a, bytes, &e) < 0) {
    struct str danish, text = str_z(e.text);
    if (!complaint_in_danish(a, text, &danish)) danish = text;
    why->en = arena_printf(a, "That is no certificate in PEM or DER: %.*s.", STR_F(text));
    why->da = arena_printf(a, "Det er ikke et certifikat i PEM eller DER: %.*s.", STR_F(danish));
    return false;
  }
  if (!no) no = choose(out, &all);
  if (no) return *why = *no, false;
  return is_sound(why, a, out, now);
}
