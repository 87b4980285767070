/* hash: SHA-256 (OpenSSL), the name of every blob and the link of every chain; other digests only to check what others
 * give with their files. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/arena.h"

#define SHA256_HEX 64

/* Lower-case hex digest of bytes, with a NUL. */
void sha256_hex(char out[SHA256_HEX + 1], struct str bytes);

/* True for 64 lower-case hex digits: only such a digest may become part of a path. */
bool sha256_is_hex(struct str s);

/* The same in pieces: new, add..., then hex (which frees). */
struct sha256;
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *h, struct str bytes);
void sha256_hex_free(struct sha256 *h, char out[SHA256_HEX + 1]);

#define HASH_BYTES_MAX 64

/* Digest of bytes by a function's name as package registries write it ("sha1", "sha256", "sha384", "sha512"); gives
 * the number of bytes in out, 0 if there is no such function here. */
size_t hash_named(unsigned char out[HASH_BYTES_MAX], struct str function, struct str bytes);

#endif
