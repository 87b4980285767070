/* fuzz_certificate: certificates, keys and distinguished names; what is read is read the same again, and can be judged.
 */
#include "crypto/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOON INT64_C(1767603600000)
#define X5T_LETTERS 43

static void judge(struct arena *a, const struct certificate *c, const struct certificates *all, struct str bytes) {
  struct findings f;
  struct certificate_check how = {
      .at = NOON, .trusted = bytes, .others = all, .host = c->common_name, .key = bytes, .purpose = CERTIFICATE_SERVER};
  findings_init(&f, a);
  certificate_judge(&f, c, &how);
}

static void read_again(struct arena *a, const struct certificate *c) {
  struct certificates again;
  struct error e;
  if (c->thumbprint.n != X5T_LETTERS) BUG("a thumbprint of %zu letters", c->thumbprint.n);
  if (certificates_read(&again, a, c->pem, &e) || again.n != 1) BUG("what was read is not read again: %s", e.text);
  if (!str_eq(again.v[0].thumbprint, c->thumbprint)) BUG("another thumbprint");
  for (size_t i = 0; i < c->names.n; i++)
    if (str_index(c->names.v[i], '\n') != SIZE_MAX) BUG("a name of two lines");
  if (str_index(c->subject, '\n') != SIZE_MAX) BUG("a subject of two lines");
}

/* The name of a name compared with itself is itself, if it can be compared with anything. */
static void compare(struct str bytes) {
  struct str rest = bytes, one = str_cut(&rest, '\n');
  bool same = certificate_subject_same(one, rest);
  if (same != certificate_subject_same(rest, one)) BUG("equal one way only");
  if (same && !certificate_subject_same(one, one)) BUG("equal to another, not to itself");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str bytes = {(const char *)data, size}, pem;
  struct certificates all;
  struct certificate_key key;
  struct error e;
  if (certificates_read(&all, a, bytes, &e) == 0)
    for (size_t i = 0; i < all.n; i++) {
      read_again(a, &all.v[i]);
      judge(a, &all.v[i], &all, bytes);
    }
  /* Else nothing but slow. */
  bool may_be_key = size && (data[0] == 0x30 || str_find(bytes, STR("PRIVATE KEY"), 0) != SIZE_MAX);
  if (may_be_key && certificate_key_read(&key, &pem, a, bytes, &e) == 0 && certificate_key_read(&key, NULL, a, pem, &e))
    BUG("a key is not read again: %s", e.text);
  compare(bytes);
  arena_free(a);
  return 0;
}
