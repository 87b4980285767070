/* uuid: identifiers of messages, by RFC 9562. */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/arena.h"

#define UUID_LEN 36

/* The version-4 shaped UUID of hash(seed, parts...): same input, same id. */
struct str uuid_derive(struct arena *a, struct str seed, size_t n, const struct str *parts);
/* A random version-4 UUID from the operating system. */
struct str uuid_random(struct arena *a);
/* True if s has the form of a UUID (any version, hex of any case). */
bool uuid_valid(struct str s);
/* The version digit of a valid UUID, else -1. */
int uuid_version(struct str s);

#endif
