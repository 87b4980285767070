#include "formats/sniff.h"

enum sniff sniff_bytes(struct str bytes) {
  if (str_starts(bytes, STR("\xEF\xBB\xBF"))) bytes = str_sub(bytes, 3, bytes.n);
  bytes = str_trim(bytes);
  if (!bytes.n) return SNIFF_EMPTY;
  if (bytes.p[0] == '{' || bytes.p[0] == '[') return SNIFF_JSON;
  if (bytes.p[0] == '<') return SNIFF_XML;
  if (str_starts(bytes, STR("UNA")) || str_starts(bytes, STR("UNB"))) return SNIFF_EDIFACT;
  /* XML in UTF-16, with or without a byte order mark */
  if (str_starts(bytes, STR("\xFF\xFE<")) || str_starts(bytes, STR("\xFE\xFF\0<")) || str_starts(bytes, STR("\0<")))
    return SNIFF_XML;
  return SNIFF_UNKNOWN;
}

const char *sniff_name(enum sniff s) {
  static const char *const names[] = {
      [SNIFF_UNKNOWN] = "unknown", [SNIFF_EMPTY] = "empty",     [SNIFF_JSON] = "json",
      [SNIFF_XML] = "xml",         [SNIFF_EDIFACT] = "edifact",
  };
  return names[s];
}
