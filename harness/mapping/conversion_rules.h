/* conversion_rules: the table of what stands where, in FHIR, OIOXML and EDIFACT.
 *
 * Read from fixtures/standards/conversion.yaml: families of letters (which NAD role is the sender), code lists with
 * the value of each format, lists (what there can be several of) and rows. A row is one element of a correspondence:
 * its key, its name in both languages, how its text is normalised (`as`), its place in each format, and the source
 * that says so; a source that begins with "project assumption" is said as such in findings. Everything lives in the
 * arena it was read into; strings borrow from the file's bytes.
 *
 * Places
 *   fhir     FHIRPath from the Bundle, or from the item of the list; %resource is the Bundle
 *   oioxml   names divided by '/', from the letter; a leading '/' means from Emessage; [Child=text] and [Child^text]
 *            (begins with) choose
 *   edifact  a path of formats/edifact.h, from the message; a leading '/' means from the interchange. Behind '^' comes
 *            what is looked for in the same group, behind '>' segments that follow at once, behind '~' those
 *            up to the next of the first one's name, in whatever group ("INV+MQ~RSL/2.1"), behind '<' the one at once
 *            before. {sender} and {receiver} are the NAD roles of the family. "#2" is the second line of the free text
 * of an FTX. In a list whose item is a segment the path begins with that segment itself. "=octets" are the octets
 * behind a UNO Several places are alternatives: the first that is there counts. */
#ifndef MAPPING_CONVERSION_RULES_H
#define MAPPING_CONVERSION_RULES_H

#include "base/buf.h"
#include "fhir/fhirpath.h"
#include "formats/node.h"

#define CONVERSION_FILE "fixtures/standards/conversion.yaml"
#define CONVERSION_BYTES_MAX ((size_t)1 << 20)
#define CONVERSION_ROWS_MAX 500
#define CONVERSION_CODES_MAX 2000 /* values of one code list */
#define CONVERSION_PLACES_MAX 8   /* alternatives of one row in one format */

enum mapping_format { MAPPING_FHIR, MAPPING_OIOXML, MAPPING_EDIFACT, MAPPING_FORMATS_N };
/* "fhir", "oioxml", "edifact"; and as people say it: "FHIR", "OIOXML", "EDIFACT". */
extern const char *const mapping_format_keys[MAPPING_FORMATS_N];
extern const char *const mapping_format_names[MAPPING_FORMATS_N];

/* How the text of a place becomes the value that is compared. */
enum mapping_as {
  AS_TEXT,    /* blanks at the ends and in runs do not count */
  AS_EXACT,   /* as it stands */
  AS_UUID,    /* without urn:uuid: and hyphens, in small letters */
  AS_CPR,     /* without a hyphen */
  AS_NAME,    /* as TEXT */
  AS_WORDS,   /* several hits are words of one text */
  AS_LINES,   /* free text: lines without formatting */
  AS_TIME,    /* Danish local time to the minute: "2026-01-05T10:00" */
  AS_PHONE,   /* digits */
  AS_VERSION, /* without the X of OIOXML */
  AS_SIZE,
  AS_DATA, /* decoded octets: their digest */
  AS_N
};

struct mapping_place {
  struct str text; /* as it stands in the table */
  struct fhirpath *path;
};

struct mapping_places {
  struct mapping_place v[CONVERSION_PLACES_MAX];
  size_t n;
};

struct mapping_code {
  struct str value;
  struct str object; /* of extensions: the ObjectCode that goes with it */
  struct str system; /* of FHIR codes; empty: the usual one */
  struct {
    struct str v[CONVERSION_PLACES_MAX];
    size_t n;
  } in[MAPPING_FORMATS_N];
};

struct mapping_codes {
  struct str name;
  VEC(struct mapping_code) list;
};

struct mapping_list {
  struct str name, en, da;
  bool unordered; /* the order of its items means nothing */
  struct mapping_places at[MAPPING_FORMATS_N];
};

struct mapping_types {
  struct str v[CONVERSION_PLACES_MAX];
  size_t n;
};

struct mapping_row {
  struct str key, en, da, source;
  enum mapping_as as;
  struct str missing;                /* `default`: what it means where it is not there; empty: nothing */
  bool technical;                    /* an id of the exchange: differs by nature from one format to the other */
  bool optional;                     /* compared only where both letters have it */
  bool assumption;                   /* the source is this project's own */
  struct mapping_types only, except; /* types of letters that it is compared in; only: empty: all */
  const struct mapping_codes *codes, *systems;
  const struct mapping_list *list; /* NULL: there is one */
  struct mapping_places at[MAPPING_FORMATS_N], system[MAPPING_FORMATS_N];
  struct mapping_place shown; /* FHIR: where it stands, if the place is a computed value */
  size_t index;               /* in the table */
};

struct mapping_family {
  VEC(struct str) types; /* "DIS20", or the message "MEDDIS" */
  struct str sender, receiver;
};

/* Types of letters of which some content has no rows: what that is. */
struct mapping_partial {
  struct mapping_types types; /* none: all that are neither named here nor whole */
  struct str en, da;
};

struct conversion_rules {
  VEC(struct mapping_family) families;
  VEC(struct mapping_codes *) codes;
  VEC(struct mapping_list *) lists;
  VEC(struct mapping_row *) rows;
  VEC(struct mapping_partial) partial;
  VEC(struct str) whole; /* types of which all content has rows */
};

/* Reads the bytes of a table; a mistake is an error with line and column. */
MUST_CHECK int conversion_rules_read(struct conversion_rules **out, struct arena *a, struct str bytes, struct str name,
                                     struct error *e);
/* Reads CONVERSION_FILE below data_dir. */
MUST_CHECK int conversion_rules_load(struct conversion_rules **out, struct arena *a, const char *data_dir,
                                     struct error *e);
/* The row of a key, the code list or list of a name; NULL if there is none. */
const struct mapping_row *conversion_row(const struct conversion_rules *r, struct str key);
const struct mapping_codes *conversion_codes(const struct conversion_rules *r, struct str name);
const struct mapping_list *conversion_list(const struct conversion_rules *r, struct str name);
/* Is a row of letters of that type, by its only and except? */
bool mapping_row_is_for(const struct mapping_row *row, struct str type);
/* What of letters of a type is not compared; NULL: nothing. */
const struct mapping_partial *conversion_partial(const struct conversion_rules *r, struct str type);
/* The code that a format writes so; NULL if it is not in the list. */
const struct mapping_code *mapping_code_of(const struct mapping_codes *c, enum mapping_format f, struct str text);
/* What a format writes for a value: the first of its spellings; empty if it has none. */
struct str mapping_code_text(const struct mapping_codes *c, enum mapping_format f, struct str value);

#endif
