/* report: documents made from a record, one format a file, one table.
 *
 * A format is a function of a finished record into a buf: same record, same bytes. Nothing here knows a run or the
 * store. Exchanges whose bytes are not in the record (over RECORD_EMBED_MAX) are linked as
 * exchanges/<report_exchange_file>; the caller puts the files there. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "record/record.h"

#define REPORT_MAX ((size_t)512 << 20)

enum report_lang { REPORT_EN, REPORT_DA };

struct report_format {
  const char *name;      /* "html", "junit", "json", "testreport", "svg", "csv", "xlsx" */
  const char *extension; /* "html", "xml", "json", "svg", "csv", "xlsx" */
  const char *file;      /* its name in the folder of a run, without extension; NULL: as the format */
  bool by_lang;          /* one document a language */
  void (*write)(struct buf *out, const struct record *r, enum report_lang lang);
};

extern const struct report_format *const report_formats[]; /* NULL-terminated */

const struct report_format *report_format_named(struct str name);
/* The file name of an exchange under exchanges/: "m3-in.xml", in a. */
struct str report_exchange_file(struct arena *a, const struct record_exchange *x);
/* "report.da.html", "junit.xml", "record.json", in a. */
struct str report_file_name(struct arena *a, const struct report_format *f, enum report_lang lang);
/* "da" or "en". */
bool report_lang_parse(struct str name, enum report_lang *out);

#endif
