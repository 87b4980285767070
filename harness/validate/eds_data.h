/* eds_data: who reports what to EHMI Delivery Status, and when: fixtures/standards/eds.yaml, read strictly.
 *
 * Everything lives in the arena given, as long as it is used; texts borrow from the bytes. Nobody changes it. */
#ifndef VALIDATE_EDS_DATA_H
#define VALIDATE_EDS_DATA_H

#include "validate/eds_event.h"
#include "validate/eds_rules.h"

#define EDS_DATA_FILE "fixtures/standards/eds.yaml"
#define EDS_DATA_BYTES_MAX ((size_t)256 << 10)
#define EDS_ROWS_MAX 100
#define EDS_WORDS_MAX 100 /* of one list */

enum eds_side { EDS_SENDER, EDS_RECEIVER, EDS_SIDES_N };
/* Bits: a component may be several. */
enum eds_station { EDS_EUA = 1, EDS_MSH = 2, EDS_AP = 4 };
enum eds_document {
  EDS_DOC_MESSAGE,
  EDS_DOC_RECEIPT,         /* SBDH acknowledgement of the message */
  EDS_DOC_ACKNOWLEDGEMENT, /* FHIR */
  EDS_DOC_ACK_RECEIPT,     /* SBDH acknowledgement of that */
  EDS_DOCUMENTS_N
};

/* One event of the chain. */
struct eds_row {
  struct str number; /* "2.1" */
  enum eds_document document;
  enum eds_side side, from; /* of whom the station is; whose document it is */
  unsigned station;         /* one bit */
  struct str subtype;
  enum eds_profile profile;
  unsigned entities; /* bits 1 << enum eds_entity */
  unsigned with;     /* stations: not needed of a component that is one of them as well */
};

struct eds_code {
  struct str code;
  unsigned stations;
};

struct eds_words {
  VEC(struct str) list;
};

struct eds_data {
  struct arena *arena;
  VEC(struct eds_row) chain;
  VEC(struct eds_code) codes;
  VEC(struct eds_words) spellings;
  struct eds_words transport_versions;
  int64_t tolerance_ms, skew_ms;
  enum severity severity[EDS_RULES_N];
};

/* -1 with a finding eds.data for each mistake, with its place. */
MUST_CHECK int eds_data_read(struct eds_data **out, struct arena *a, struct source src, struct findings *f);
MUST_CHECK int eds_data_load(struct eds_data **out, struct arena *a, const char *data_dir, struct error *e);
/* The stations of a code of source.type; 0: there is no such code. */
unsigned eds_stations(const struct eds_data *d, struct str code);
/* Do two words mean the same, though they are written differently? */
bool eds_same_word(const struct eds_data *d, struct str x, struct str y);
bool eds_words_have(const struct eds_words *w, struct str s);
/* "message", "receipt", ...; "EUA", "EUA-MSH", "EUA-MSH-AP". */
const char *eds_document_name(enum eds_document d);
const char *eds_stations_name(unsigned stations);

#endif
