/* ehmi_profile: what EHMI's public material leaves open or says in several ways, as data.
 *
 * A profile (fixtures/standards/ehmi-profile.yaml) has for every value of the ehmiSBDH that is not held by its schema
 * what is right, what is accepted beside it because some source says so, and which source that is; which scopes an
 * envelope of a kind must have; which types of document there are; and how severe a broken rule is. Checks ask it and
 * hold no such value themselves, so that another profile is another file. Everything lives in the arena that it was
 * read into; strings borrow from the file's bytes. */
#ifndef STANDARDS_EHMI_PROFILE_H
#define STANDARDS_EHMI_PROFILE_H

#include "base/finding.h"

#define EHMI_PROFILE_FILE "fixtures/standards/ehmi-profile.yaml"
#define EHMI_PROFILE_BYTES_MAX ((size_t)1 << 20)
/* Of each list in a profile: types, scopes, attributes, rules, values of a choice. */
#define EHMI_LIST_MAX 200

struct ehmi_words {
  struct str *v;
  size_t n, cap;
};

/* A value and its alternatives; the first of `is` is what we write ourselves. */
struct ehmi_choice {
  struct ehmi_words is, accept;
  struct str source;
};

enum ehmi_fit { EHMI_RIGHT, EHMI_ACCEPTED, EHMI_WRONG };

/* The kinds of envelope, as the scopes tell them apart. */
enum ehmi_kind { EHMI_MESSAGE, EHMI_COPY, EHMI_ACKNOWLEDGEMENT, EHMI_RECEIPT, EHMI_KINDS_N };
enum ehmi_need { EHMI_MAY, EHMI_MUST, EHMI_ABSENT };

/* A row of BusinessScope: its Type, other spellings of that, its Identifier, and which kinds of envelope have it. */
struct ehmi_scope {
  struct str type;
  struct ehmi_words also;
  struct ehmi_choice identifier;
  enum ehmi_need need[EHMI_KINDS_N];
  struct str source;
};

/* A type of document, by its DocumentIdentification/Standard. */
struct ehmi_type {
  struct str standard, event; /* event: MessageHeader.eventCoding.code, empty for a receipt */
  struct ehmi_words also;     /* other names of the standard */
  bool receipt, pilot;        /* pilot: the published schema allows it */
  struct ehmi_choice version, type, exception_type, document_id;
};

/* An attribute of ServiceTransaction. */
struct ehmi_attribute {
  struct str name;
  struct ehmi_choice value;
};

/* The scope of reliable messaging in a request, or in a response. */
struct ehmi_transaction {
  struct ehmi_choice service;
  struct {
    struct ehmi_attribute *v;
    size_t n, cap;
  } attributes;
};

/* How severe a broken rule is; off: it is not told at all. */
struct ehmi_severity {
  struct str rule, source;
  enum severity severity;
  bool off;
  int line, col;
};

/* A piece of a document id that makes no difference. */
struct ehmi_replacement {
  struct str from, to;
};

struct ehmi_profile {
  struct str name, source, file;
  struct ehmi_choice authority, participant_scheme, header_version, transport_version, process_id, patient_id;
  struct ehmi_choice mime_type, receipt_mime_type, encoding, content_namespace, expected_in_response;
  struct ehmi_choice acknowledged_original; /* what a FHIR acknowledgement says of an envelope that it does not know */
  struct ehmi_choice acknowledge_within, resends, resend_interval, message_bytes_max;
  struct ehmi_choice statistics, receipt_statistics; /* with {standard}, {version} and {original} in them */
  struct ehmi_transaction request, response;
  VEC(struct ehmi_scope) scopes;
  VEC(struct ehmi_type) types;
  VEC(struct ehmi_severity) rules;
  VEC(struct ehmi_replacement) normalise;
  int64_t deadline_ms, resend_interval_ms, resends_n, bytes_max; /* of the values above */
};

/* Reads the bytes of a profile; a mistake is an error with line and column, and the nearest word. */
MUST_CHECK int ehmi_profile_read(struct ehmi_profile **out, struct arena *a, struct str bytes, struct str name,
                                 struct error *e);
/* Reads EHMI_PROFILE_FILE below data_dir. */
MUST_CHECK int ehmi_profile_load(struct ehmi_profile **out, struct arena *a, const char *data_dir, struct error *e);

/* Whether a value is right, or accepted, or neither. */
enum ehmi_fit ehmi_choice_fit(const struct ehmi_choice *c, struct str value);
/* What we write; empty if the choice is. */
struct str ehmi_choice_default(const struct ehmi_choice *c);
/* "a, b": what is right, for the text of a finding. */
struct str ehmi_choice_text(const struct ehmi_choice *c, struct arena *a);
/* The type with that Standard (or another name of it), or with that MessageHeader event; NULL if none. */
const struct ehmi_type *ehmi_type_of(const struct ehmi_profile *p, struct str standard);
const struct ehmi_type *ehmi_type_of_event(const struct ehmi_profile *p, struct str event);
/* The type of receipts; NULL if the profile has none. */
const struct ehmi_type *ehmi_type_of_receipts(const struct ehmi_profile *p);
/* The scope of that Type, whatever way it is spelt; NULL if none. */
const struct ehmi_scope *ehmi_scope_of(const struct ehmi_profile *p, struct str type);
/* A document id without what makes no difference. */
struct str ehmi_document_id_normal(const struct ehmi_profile *p, struct arena *a, struct str id);
/* A copy of the findings at `from` and behind takes the severities of the profile; what is off is taken out. */
void ehmi_profile_apply(const struct ehmi_profile *p, struct findings *f, size_t from);
/* An error if the profile decides on a rule whose id begins like that and that is not among these. */
MUST_CHECK int ehmi_profile_check_rules(const struct ehmi_profile *p, const char *prefix, const struct rule *rules,
                                        size_t n, struct error *e);
/* "message", "copy", "acknowledgement", "receipt". */
const char *ehmi_kind_name(enum ehmi_kind kind);

#endif
