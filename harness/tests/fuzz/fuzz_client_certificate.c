/* fuzz_client_certificate: what a vendor hands in as a certificate: what is taken holds no key and is taken again, what
 * is not is told of in both languages. */
#include "base/utf8.h"
#include "console/client_certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOON INT64_C(1767603600000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct certificate c, again;
  struct said why = {0};
  struct str bytes = {(const char *)data, size};
  if (client_certificate_take(&c, &why, a, bytes, NOON)) {
    if (str_find(c.pem, STR("PRIVATE"), 0) != SIZE_MAX) BUG("a private key is kept");
    if (!client_certificate_take(&again, &why, a, c.pem, NOON)) BUG("what was taken is not taken again");
    if (!str_eq(c.thumbprint, again.thumbprint)) BUG("another certificate");
  } else if (!why.en.n || !why.da.n || utf8_check(why.en) != SIZE_MAX || utf8_check(why.da) != SIZE_MAX) {
    BUG("a refusal that says nothing");
  }
  arena_free(a);
  return 0;
}
