/* compiled: the packages of one folder, or the shipped standards, in one file that is mapped, not read.
 *
 * Unpacking the packages costs most of a cold start. So their definitions, prose dropped, are kept in a file of our
 * own: rows of packages, dependencies and definitions, then their bytes. Opening it costs a look at the names, sizes
 * and times of the package files, and at the rows; the pages of a definition are touched when it is parsed. It is made
 * anew when a package file, or COMPILED_VERSION, is another one; always beside the old file and renamed over it, so
 * that processes that have the old one mapped keep it, and two that make it at once make the same.
 *
 * Its digest is over what the packages hold, not over names of folders or times: the same packages give the same
 * digest everywhere. A file that is damaged, cut or of another machine is made anew.
 *
 * Trust: offsets and lengths are checked on opening, and a sum finds damage of an image; but the sum is no signature.
 * Who can write the file can make this program follow pointers of their choice. So only a file is used that belongs to
 * the user who runs the program, or to root, and that not everybody may write; any other is made anew. */
#ifndef FHIR_COMPILED_H
#define FHIR_COMPILED_H

#include "base/hash.h"
#include "fhir/book.h"

/* Of the form of the file and of what package_load drops: raise it when either changes (compiled_test tells). */
#define COMPILED_VERSION 4
#define COMPILED_FILE_MAX ((size_t)UINT32_MAX)

/* Like book_add_folder, by way of the compiled file in the folder cache (made if needed). Where that cannot be written,
 * the packages are used as they are, and digest is empty. digest: SHA-256 in hex; may be NULL. A package that cannot be
 * read is a problem (book_problems), each time. */
MUST_CHECK int book_add_compiled(struct book *b, const char *dir, const char *cache, char digest[SHA256_HEX + 1],
                                 struct error *e);
/* Like book_add_facts (fhir/facts.h), by way of a compiled file in the same way. The digest is always there: where
 * cache cannot be written, or is NULL, the compiled bytes are made in memory, each time. It is over what the facts
 * files say, so the same shipped standards give the same digest on every machine of one byte order. */
MUST_CHECK int book_add_standards(struct book *b, const char *dir, const char *cache, char digest[SHA256_HEX + 1],
                                  struct error *e);
/* Name of the compiled file of dir in cache. */
const char *compiled_path(struct arena *a, const char *dir, const char *cache);

#endif
