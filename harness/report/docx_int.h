/* docx_int: the tags of a document with their offsets, and what a row gets. */
#ifndef REPORT_DOCX_INT_H
#define REPORT_DOCX_INT_H

#include "report/docx.h"

/* A tag as it stands in the text. */
struct docx_tag {
  size_t from, to;   /* of "<w:p>" whole */
  struct str prefix; /* "w:" or empty */
  struct str name;   /* "p" */
  bool closes;       /* </w:p> */
  bool empty;        /* <w:p/> */
};

/* The next tag at or behind *at, which is moved behind it; false at the end. Comments and the like are passed over. */
bool docx_next_tag(struct docx_tag *out, struct str xml, size_t *at);
/* The value of an attribute of that local name; empty if it has none. */
struct str docx_attribute(const struct docx_tag *t, struct str xml, const char *name);

enum docx_column { DOCX_TEST_DATA, DOCX_ACTUAL, DOCX_ASSESSMENT, DOCX_COLUMNS };

/* Which column a heading names; DOCX_COLUMNS if none. */
enum docx_column docx_column_of(struct arena *a, struct str heading);
/* True if text is formed like the number of a step: "3.3.4.5". */
bool docx_is_number(struct str text);
/* What the step of that number has for each column, lines divided by '\n'; false if the record has no such step. */
bool docx_cells_of(struct str cells[DOCX_COLUMNS], struct arena *a, const struct record *r, struct str number,
                   enum report_lang lang);

#endif
