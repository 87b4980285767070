/* Pages in gzip: who takes it, and that it is the same page. */
#include "console/squeeze.h"

#include <criterion/criterion.h>
#include <zlib.h>

Test(squeeze, who_takes_it) {
  static const struct {
    const char *header;
    bool taken;
  } rows[] = {{"gzip, deflate, br", true}, {"deflate, GZIP;q=0.5", true},
              {"gzip;q=0", false},         {"gzip; q=0.000, br", false},
              {"identity", false},         {"", false},
              {"gzipped", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    cr_expect_eq(squeeze_is_taken(str_z(rows[i].header)), rows[i].taken, "%s", rows[i].header);
}

Test(squeeze, it_is_the_same_page) {
  enum { N = 100000 };
  struct arena *a = arena_new(0);
  struct str out;
  char *page = arena_alloc(a, N), *back = arena_alloc(a, N);
  for (size_t i = 0; i < N; i++) page[i] = "<td>Kvittering</td>\n"[i % 20];
  cr_assert(squeeze(&out, a, (struct str){page, N}));
  cr_expect_lt(out.n, N / 10);
  z_stream z = {.next_in = (Bytef *)out.p, .avail_in = (uInt)out.n, .next_out = (Bytef *)back, .avail_out = N};
  cr_assert_eq(inflateInit2(&z, MAX_WBITS + 16), Z_OK);
  cr_expect_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
  cr_expect(str_eq((struct str){back, z.total_out}, (struct str){page, N}));
  inflateEnd(&z);
  arena_free(a);
}

Test(squeeze, what_does_not_shrink_goes_as_it_is) {
  struct arena *a = arena_new(0);
  uint32_t x = 1;
  char noise[4096];
  struct str page = {noise, sizeof noise};
  for (size_t i = 0; i < sizeof noise; i++) noise[i] = (char)((x = x * 1664525u + 1013904223u) >> 24);
  cr_expect_not(squeeze(&page, a, page));
  cr_expect(page.p == noise && page.n == sizeof noise, "who squeezes it in its place has it still");
  arena_free(a);
}
