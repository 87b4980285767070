/* letters: the catalogue of the messages that are sent as EDIFACT and as OIOXML, a row a type and version.
 *
 * The rows are data (fixtures/standards/letters.tsv). A row has an EDIFACT form, an OIOXML form, or both; of each form
 * it says how well its structure is known: full (of this very version), older (only of an earlier version, which `from`
 * names) or none (nothing is public, so that nothing can be judged). Everything lives in the arena that it was read
 * into; strings borrow from the file's bytes. */
#ifndef STANDARDS_LETTERS_H
#define STANDARDS_LETTERS_H

#include "base/error.h"
#include "base/map.h"
#include "base/vec.h"
#include "formats/node.h"

#define LETTERS_FILE "fixtures/standards/letters.tsv"
#define LETTERS_BYTES_MAX ((size_t)1 << 20)
#define LETTERS_MAX 1000
#define LETTER_NAMESPACES_MAX 8

enum letter_fidelity {
  LETTER_ABSENT, /* the type has no such form */
  LETTER_NONE,   /* it has, but its structure is not public */
  LETTER_OLDER,  /* the structure of an earlier version is */
  LETTER_FULL
};

/* What is known of one of the two forms. */
struct letter_form {
  enum letter_fidelity fidelity;
  struct str version;  /* "D9134L" (UNH association code), "XD9134L" (VersionCode); empty if absent */
  struct str from;     /* the version whose structure is known; empty for absent and none */
  struct str revision; /* the date of that structure: "2006-07-01" */
  bool current;        /* approved today in this form */
};

struct letter_type {
  struct str type;     /* "DIS91", also of a message that has no EDIFACT form */
  struct str message;  /* UNH: "MEDDIS:D:93A:UN"; empty if absent, as the next two */
  struct str function; /* UNH, last element: "DIS91"; of RPT01F "RPT01" */
  struct letter_form edifact;
  struct str xml_type;  /* "XDIS91" */
  struct str type_code; /* Letter/TypeCode: "XDIS91"; empty of receipts, which have none, and where absent */
  struct str element;   /* name of the letter element: "ClinicalEmail"; empty if it is not known */
  struct {
    struct str *v;
    size_t n, cap;
  } namespaces; /* of the OIOXML form, the latest first; none if they are not known */
  struct letter_form xml;
  struct str danish, english;
  struct str source; /* words that README.md explains, separated by blanks: "xsd map approved" */
};

struct letters {
  struct arena *arena;
  VEC(struct letter_type) list; /* in order of the file: by type, then version */
  struct map by_version, by_version_code, by_element;
};

/* Reads a catalogue; what is wrong with it is told with its line. */
MUST_CHECK int letters_read(struct letters **out, struct arena *a, struct source src, struct error *e);
/* Reads the one that is shipped, from the folder of data files. */
MUST_CHECK int letters_load(struct letters **out, struct arena *a, const char *data_dir, struct error *e);
/* The row of an EDIFACT version ("D9134L") or of a VersionCode ("XD9134L"); NULL if there is none. */
const struct letter_type *letters_of_version(const struct letters *l, struct str version);
const struct letter_type *letters_of_version_code(const struct letters *l, struct str version_code);
/* The row of a letter element in a namespace; NULL if there is none. */
const struct letter_type *letters_of_element(const struct letters *l, struct str ns, struct str element);
/* The next row of a type, "DIS91" or "XDIS91", behind `after` (NULL: the first); NULL at the end. */
const struct letter_type *letters_of_type(const struct letters *l, struct str type, const struct letter_type *after);
/* True if the OIOXML form is known to have this namespace. */
bool letter_has_namespace(const struct letter_type *t, struct str ns);
/* "full", "older", "none", "absent". */
const char *letter_fidelity_name(enum letter_fidelity f);
/* The folder that MedCom keeps the schemas of a namespace in: "2006/07/01", "municipality/1.0.4"; empty if the
 * namespace is none of MedCom's. */
struct str letter_namespace_dir(struct arena *a, struct str ns);

#endif
