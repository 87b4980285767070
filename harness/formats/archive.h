/* archive: the files in a .tgz, .tar or .zip, handed over one by one, and .tgz and .zip files written (libarchive).
 *
 * Nothing is ever written to disk. Archives come from strangers: a link, a device, an absolute name, a name with "..",
 * "\" or a control character, a name twice, and sizes or numbers over the limits are errors, and end the reading. Names
 * are without empty and "." parts, and end at their first nul (as POSIX ustar has it). The sizes count what is really
 * unpacked, not what a header says. */
#ifndef FORMATS_ARCHIVE_H
#define FORMATS_ARCHIVE_H

#include "base/buf.h"
#include "base/error.h"
#include "formats/node.h"

#define ARCHIVE_NAME_MAX 1000 /* bytes of a name */

struct archive_limits {
  size_t member_max;  /* bytes of one file */
  size_t total_max;   /* bytes of all files, those passed over too */
  size_t members_max; /* files and folders */
};

struct archive_visitor {
  struct archive_limits limits;
  void *context;
  /* False: the file is passed over. NULL: all are wanted. */
  bool (*wants)(void *context, struct str name);
  /* A file; bytes are gone when it returns. 1 ends the reading in peace, -1 (with e filled) as an error. */
  int (*member)(void *context, struct str name, struct str bytes, struct error *e);
};

/* Reads the archive; src.name is used in errors. */
MUST_CHECK int archive_each(struct source src, const struct archive_visitor *v, struct error *e);

struct archive_file {
  struct str name, bytes;
};

/* A .tgz of these files in this order, the same bytes for the same files: no times, no owners. */
MUST_CHECK int archive_pack(struct buf *out, const struct archive_file *files, size_t n, struct error *e);
/* The same as a .zip (ZIP version 2.0, deflate), as offices' documents are: their times are the first that ZIP knows.
 */
MUST_CHECK int archive_zip(struct buf *out, const struct archive_file *files, size_t n, struct error *e);

#endif
