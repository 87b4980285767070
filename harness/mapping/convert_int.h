/* convert_int: one conversion at work, and what its writers share. */
#ifndef MAPPING_CONVERT_INT_H
#define MAPPING_CONVERT_INT_H

#include "fhir/messaging.h"
#include "mapping/convert.h"
#include "mapping/convert_rules.h"
#include "mapping/letter.h"
#include "mapping/mapping_int.h"

#define CONVERT_BYTES_MAX ((size_t)512 << 20)
#define CONVERT_FILES_A_LETTER 10 /* XBIN01 B0131X: BinaryObject 1..10; XDIS91 D9134L: Reference 0..10 */
#define CONVERT_SECTIONS_MAX 10   /* XDIS91 D9134L: ClinicalInformation 0..10 */

struct job {
  struct arena *a;
  const struct convert_options *o;
  const struct correspondence *c; /* the letter that is converted */
  struct letter *letter;
  struct findings *f;
  struct conversion *out;
};

/* Tells of the element of a key, which is what {1} says. */
void job_tell(struct job *j, enum convert_rule rule, const char *key, struct str second, struct str third);
/* The same where {1} is no element. */
void job_say(struct job *j, enum convert_rule rule, const char *key, struct str first, struct str second);
/* What is left out because the target has no place for it, if there is anything. */
void job_lost(struct job *j, const char *key, struct str value);
/* A text of at most max characters; what is cut off is told. */
struct str job_fit(struct job *j, const char *key, struct str text, size_t max);
/* Text, or what is demanded instead, which is told. */
struct str job_or(struct job *j, const char *key, struct str text, struct str instead);
/* An id made of the seed, the inputs and a label: a UUID, or the 14 characters that a legacy letter has room for. */
struct str job_uuid(struct job *j, const char *label);
struct str job_short_id(struct job *j, const char *label);
/* The ids of a legacy letter: those that it has if it came from one, else new ones. */
void job_ids(struct job *j, const char *label, struct str *envelope, struct str *letter);
/* 32 hexadecimal digits as a UUID with hyphens; anything else as it is. */
struct str job_hyphens(struct arena *a, struct str id);
/* A code list of the table, which must be there. */
const struct mapping_codes *job_codes(const struct job *j, const char *name);
/* The row of a party in the register; NULL: no look-up, or unknown. */
const struct register_unit *job_unit(const struct job *j, struct str gln);

/* A name of FHIR that is too long for OrganisationName, "A, B, C", as organisation, department and unit. */
void job_divide_name(struct letter_party *p);

/* Its Identifier and IdentifierCode: those of the letter, else the SOR id, else the location number. */
void job_number(const struct job *j, struct letter_party *p);
/* The name of the organisation: the letter's, else the register's; empty if there is none. */
struct str job_organisation(const struct job *j, const struct letter_party *p);

/* A letter that was written; the fields of an envelope around it are filled in. */
struct converted *job_add(struct job *j, struct str bytes, const char *type, const char *version);
/* The pair of ids of the source letter and a legacy letter or FHIR message that it became. */
struct convert_pair *job_pair(struct job *j);

/* The writers: from j->letter into j->out. */
int write_carecommunication(struct job *j, struct error *e);
void write_xdis91(struct job *j);
void write_dis91(struct job *j);
/* The objects of a letter in XBIN01 or BIN01, ten in each. */
void write_xbin01(struct job *j, struct str letter_time);
void write_bin01(struct job *j, struct str letter_time);

/* How the attachments of a letter are written in legacy formats: at most ten references. */
struct str attachment_object(struct job *j, const struct letter_attachment *t);
struct str attachment_extension(struct job *j, const struct letter_attachment *t);
/* The sections that a letter's texts fill, priority and what comes by other ways included. */
void legacy_prepare(struct job *j);

/* A FHIR message under construction. */
struct draft {
  struct arena *a;
  struct node *bundle, *header;
};
void draft_begin(struct draft *d, struct arena *a, const char *profile, struct str id, struct str time);
struct node *draft_resource(struct draft *d, const char *type, const char *profile, struct str id);
void draft_party(struct draft *d, struct str id, struct str gln, struct str sor, struct str name);
void draft_header(struct draft *d, const char *event, const char *profile, struct str id, struct str sender,
                  struct str receiver, struct str from, struct str to);
struct node *draft_provenance(struct draft *d, const char *profile, const char *activity, struct str id,
                              struct str sender, struct str time);
/* Narratives, and the bytes. */
struct str draft_bytes(struct draft *d, const struct convert_options *o);

#define MEDCOM MESSAGING_MEDCOM
#define MEDCOM_CORE MEDCOM "core/StructureDefinition/"
#define MEDCOM_TERMS MEDCOM "terminology/CodeSystem/"

/* Receipts. */
int convert_receipts(struct conversion *out, struct arena *a, const struct convert_options *o,
                     const struct correspondence *receipts, size_t n, struct findings *f, struct error *e);

/* XML in pieces. */
void oio_open(struct buf *b, const char *name);
void oio_close(struct buf *b, const char *name);
/* Nothing is written of an empty text. */
void oio_leaf(struct buf *b, const char *name, struct str text);
void oio_formatted(struct buf *b, const char *name, struct str text);
void oio_begin(struct buf *b, const char *ns, struct str local, struct str id, struct str acknowledge);

/* EDIFACT in pieces. */
struct edi {
  struct arena *a;
  struct node *root, *message, *group;
  size_t segments;
  bool replaced; /* a character was not in ISO 8859-1 */
};
void edi_begin(struct edi *x, struct arena *a, struct str sender, struct str receiver, struct str local, struct str id,
               struct str acknowledge);
/* A segment: "PNA+PAT+%s:::CPR:IM" with each %s the next text; trailing empty components and elements are dropped. */
void edi_put(struct edi *x, const char *pattern, size_t n, const struct str *texts);
#define EDI(x, pattern, ...)                                                                                           \
  edi_put((x), (pattern), sizeof((struct str[]){{0}, ##__VA_ARGS__}) / sizeof(struct str) - 1,                         \
          &((struct str[]){{0}, ##__VA_ARGS__})[1])
void edi_group(struct edi *x, const char *name);
/* FTX segments of a text: at most `max`; gives what did not fit. */
struct str edi_free_text(struct edi *x, const char *code, struct str text, size_t max);
void edi_octets(struct edi *x, struct str octets);
struct str edi_end(struct edi *x, struct str letter, struct str envelope);

#endif
