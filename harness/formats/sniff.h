/* sniff: what kind of bytes are these? By the first bytes only; the readers decide
 * whether they are well-formed. */
#ifndef FORMATS_SNIFF_H
#define FORMATS_SNIFF_H

#include "base/str.h"

enum sniff { SNIFF_UNKNOWN, SNIFF_EMPTY, SNIFF_JSON, SNIFF_XML, SNIFF_EDIFACT };

/* Skips blanks and a byte order mark: '{' or '[' JSON, '<' XML, UNA/UNB EDIFACT. */
enum sniff sniff_bytes(struct str bytes);
/* "json", "xml", "edifact", "empty", "unknown". */
const char *sniff_name(enum sniff s);

#endif
