#include "endpoint/form.h"

#include <criterion/criterion.h>

#define MANY 40000

Test(form, what_is_kept_of_many_empty_secrets_is_all_of_it) {
  static const char *const secrets[] = {"code", NULL};
  struct arena *a = arena_new(0);
  struct buf b;
  buf_init(&b, (size_t)1 << 20);
  for (size_t i = 0; i < MANY; i++) buf_addz(&b, "code=&");
  buf_addz(&b, "last=1");
  struct str kept = form_kept(a, buf_take(&b, a), secrets);
  cr_expect(str_ends(kept, STR("&last=1")), "%zu bytes", kept.n);
  cr_expect(str_starts(kept, STR("code=sha256:")));
  arena_free(a);
}
