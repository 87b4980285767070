/* file: whole files, paths and safe writing. Names are NUL terminated. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* Reads a whole regular file of at most max bytes into a. */
MUST_CHECK int file_read(struct str *out, struct arena *a, const char *path, size_t max, struct error *e);
/* Maps a whole file read-only, unmapped with the arena; for large bodies. */
MUST_CHECK int file_map(struct str *out, struct arena *a, const char *path, size_t max, struct error *e);
/* Writes bytes beside path, syncs (file and folder), then renames over it. */
MUST_CHECK int file_write(const char *path, struct str bytes, struct error *e);
/* Writes a new file without waiting for the disk: for what a crash may take. */
MUST_CHECK int file_write_scratch(const char *path, struct str bytes, struct error *e);
/* Makes a folder and those above it, each safe on disk; 0 if it is there already. */
MUST_CHECK int file_mkdirs(const char *path, struct error *e);
/* True if path can be reached. */
bool file_exists(const char *path);
bool file_is_dir(const char *path);
/* "a/b" from "a" and "b"; an absolute b stands alone. */
char *file_join(struct arena *a, const char *dir, const char *name);
/* The part before the last '/', "." if there is none. */
char *file_dir(struct arena *a, const char *path);
/* The part behind the last '/'. */
const char *file_base(const char *path);
/* Names in a folder, sorted by bytes, without those starting with '.'. */
MUST_CHECK int file_list(char ***names, size_t *n, struct arena *a, const char *dir, struct error *e);
/* The folder of data files (protocols, fixtures): $TESTCAMP_DATA, else found
 * upwards from the executable as the folder that has fixtures/ and protocols/. */
MUST_CHECK int file_data_dir(char **out, struct arena *a, struct error *e);
/* True if name, joined to a folder, stays in it: no "..", not absolute. */
bool file_name_is_inside(struct str name);

#endif
