#include "base/hash.h"

#include "base/uuid.h"

#include <criterion/criterion.h>

/* FIPS 180-4 examples. */
static const struct {
  struct str bytes;
  const char *hex;
} digests[] = {
    {STR_INIT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {STR_INIT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {STR_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

Test(hash, whole_and_in_pieces) {
  char hex[SHA256_HEX + 1];
  for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
    struct str bytes = digests[i].bytes;
    sha256_hex(hex, bytes);
    cr_assert_str_eq(hex, digests[i].hex);
    struct sha256 *h = sha256_new();
    for (size_t at = 0; at < bytes.n; at += 7) sha256_add(h, str_sub(bytes, at, at + 7));
    sha256_add(h, (struct str){0});
    sha256_hex_free(h, hex);
    cr_assert_str_eq(hex, digests[i].hex);
  }
  sha256_hex(hex, (struct str){0});
  cr_assert_str_eq(hex, digests[0].hex);
}

/* First and last byte of the digests of "abc" (FIPS 180-4, examples). */
Test(hash, by_name) {
  static const struct {
    struct str name;
    size_t n;
    unsigned char first, last;
  } rows[] = {{STR_INIT("sha1"), 20, 0xA9, 0x9D},
              {STR_INIT("sha256"), 32, 0xBA, 0xAD},
              {STR_INIT("sha384"), 48, 0xCB, 0xA7},
              {STR_INIT("sha512"), 64, 0xDD, 0x9F}};
  unsigned char out[HASH_BYTES_MAX];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert_eq(hash_named(out, rows[i].name, STR("abc")), rows[i].n, "%s", rows[i].name.p);
    cr_expect_eq(out[0], rows[i].first, "%s", rows[i].name.p);
    cr_expect_eq(out[rows[i].n - 1], rows[i].last, "%s", rows[i].name.p);
  }
  cr_expect_eq(hash_named(out, STR("md5"), STR("abc")), 0);
  cr_expect_eq(hash_named(out, STR(""), STR("abc")), 0);
}

Test(uuid, derived) {
  struct arena *a = arena_new(0);
  struct str parts[] = {STR("ab"), STR("c")}, other[] = {STR("a"), STR("bc")}, joined[] = {STR("abc")};
  struct str id = uuid_derive(a, STR("seed"), 2, parts);
  cr_assert(uuid_valid(id));
  cr_assert_eq(uuid_version(id), 4);
  cr_assert_neq(str_index(STR("89ab"), id.p[19]), SIZE_MAX);
  cr_assert(str_eq(id, uuid_derive(a, STR("seed"), 2, parts)));
  cr_assert(!str_eq(id, uuid_derive(a, STR("seed"), 2, other)));
  cr_assert(!str_eq(id, uuid_derive(a, STR("seed"), 1, joined)));
  cr_assert(!str_eq(id, uuid_derive(a, STR("seeds"), 2, parts)));
  cr_assert(uuid_valid(uuid_derive(a, (struct str){0}, 0, NULL)));
  arena_free(a);
}

/* What a seeded run wrote yesterday it must write tomorrow. */
Test(uuid, derived_ids_do_not_change) {
  struct arena *a = arena_new(0);
  struct str part = STR("message-1");
  cr_assert_str_eq(uuid_derive(a, STR("42"), 1, &part).p, "7ad27952-c7df-435e-9244-40a66104aeec");
  arena_free(a);
}

Test(uuid, random) {
  struct arena *a = arena_new(0);
  for (int i = 0; i < 100; i++) {
    struct str id = uuid_random(a);
    cr_assert_eq(uuid_version(id), 4);
    cr_assert_neq(str_index(STR("89ab"), id.p[19]), SIZE_MAX);
    cr_assert(!str_eq(id, uuid_random(a)));
  }
  arena_free(a);
}

Test(uuid, form) {
  static const struct {
    struct str s;
    int version;
  } rows[] = {
      {STR_INIT("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), 1},  {STR_INIT("F81D4FAE-7DEC-41D0-A765-00A0C91E6BF6"), 4},
      {STR_INIT("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), 7},  {STR_INIT("ffffffff-ffff-ffff-ffff-ffffffffffff"), 15},
      {STR_INIT("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"), 15}, {STR_INIT(""), -1},
      {STR_INIT("f81d4fae-7dec-11d0-a765-00a0c91e6bf"), -1},  {STR_INIT("f81d4fae-7dec-11d0-a765-00a0c91e6bf6a"), -1},
      {STR_INIT("f81d4fae-7dec-11d0-a765-00a0c91e6bfg"), -1}, {STR_INIT("f81d4fae07dec-11d0-a765-00a0c91e6bf6"), -1},
      {STR_INIT("f81d4fae-7dec-11d0-a76-500a0c91e6bf6"), -1}, {STR_INIT("{81d4fae-7dec-11d0-a765-00a0c91e6bf}"), -1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    cr_assert_eq(uuid_valid(rows[i].s), rows[i].version >= 0, "row %zu", i);
    cr_assert_eq(uuid_version(rows[i].s), rows[i].version, "row %zu", i);
  }
}
