/* convert: a letter from one format into another, as a conversion service at a VANS operator does it.
 *
 *   CareCommunication 5.0 (JSON or XML)   <->  XDIS91 + XBIN01  <->  DIS91 + BIN01
 *   Acknowledgement 2.0                   <->  XCTL01..03       <->  CTL01..03
 *
 * A pure function of its inputs and options: ids come from `seed`, times from the letters and from `now`; nothing is
 * remembered between two calls. Who converts for others (the reference converter) keeps the pairs of ids that `made`
 * tells, and gives them back as `pairs` when receipts come. All that is lost, cut, moved to the text, or filled in
 * because the sender left it out is a finding (`convert.*`, mapping/convert_rules.c). What was produced borrows
 * nothing: it lives in the arena.
 * Sources: MedCom's map between XDIS91 and CareCommunication v3.0.1, MedCom's conversion test examples, and the test
 * protocol of the conversion service (1.4); what they leave open is marked "project assumption" in the rule table,
 * fixtures/standards/conversion.yaml. */
#ifndef MAPPING_CONVERT_H
#define MAPPING_CONVERT_H

#include "fhir/resource.h"
#include "mapping/conversion_rules.h"
#include "standards/register.h"

#define CONVERT_INPUTS_MAX 100      /* letters of one conversion */
#define CONVERT_ATTACHMENTS_MAX 500 /* of one letter, over all its XBIN01 */
#define CONVERT_PAIRS_MAX 10000

enum convert_type {
  CONVERT_CARECOMMUNICATION, /* FHIR, with its attachments */
  CONVERT_XDIS91,            /* OIOXML; attachments in one XBIN01 for each ten */
  CONVERT_DIS91,             /* EDIFACT; attachments in BIN01 */
  CONVERT_ACKNOWLEDGEMENT,   /* FHIR */
  CONVERT_XCTL,              /* OIOXML; XCTL01 only where a CTL01 is converted */
  CONVERT_CTL,               /* EDIFACT */
  CONVERT_TYPES_N
};
/* "CareCommunication", "XDIS91", "DIS91", "Acknowledgement", "XCTL", "CTL". */
extern const char *const convert_type_names[CONVERT_TYPES_N];
/* The type of such a name, any case; also "CC", "ACK", "XCTL01".., "FDIS91", "FCTL". False if there is none. */
bool convert_type_parse(struct str name, enum convert_type *out);

/* What a letter became: kept by who converts, needed for its receipts. */
struct convert_pair {
  struct str bundle, header;   /* Bundle.id and MessageHeader.id of the FHIR message, without urn:uuid: */
  struct str envelope, letter; /* Envelope/Identifier and Letter/Identifier of the legacy letter */
  struct str version;          /* its VersionCode, XML form: "XD9134L", "XB0131X" */
  struct str sender, receiver; /* location numbers, as in the original letter */
  struct str time, activity;   /* of the FHIR message's Provenance; empty: now, new-message */
  /* What the conversion itself knew to be wrong with what it sent (an XBIN01 that did not come in time): stands before
   * the receiver's own words in a negative XCTL. Empty: nothing. */
  struct str why_invalid;
};

struct convert_options {
  enum convert_type to;
  const struct conversion_rules *rules; /* mapping/conversion_rules.h */
  struct str seed;                      /* every id is made of this and of the ids of the inputs */
  int64_t now;                          /* milliseconds; for what is sent now */
  const struct sor_register *sor;       /* for SOR ids, names, telephone numbers; NULL: no look-up */
  const struct shapes *shapes;          /* of FHIR: needed to write XML, and JSON from what came as XML */
  enum resource_form form;              /* of FHIR output */
  const struct convert_pair *pairs;     /* receipts: what they may answer */
  size_t pairs_n;
};

/* One letter that was produced. */
struct converted {
  struct str bytes;
  struct str type;    /* "CareCommunication", "XDIS91", "XBIN01", "DIS91", "BIN01", "Acknowledgement", "XCTL03", ... */
  struct str version; /* "5.0", "XD9134L", "D9134L", "2.0", "XC0330Q", ... */
  /* What an envelope around it says (VANSEnvelope: Document/Format, Name, Version; MCM:MIME, empty for legacy). */
  struct str format, name, envelope_version, mime;
  struct str statistic;        /* StatisticalCode of an OIOXML letter; of FHIR the code behind # in `name` */
  struct str sender, receiver; /* location numbers */
  struct str bundle, header;   /* of FHIR; else empty */
  struct str envelope, letter; /* of OIOXML and EDIFACT; else empty */
};

struct conversion {
  VEC(struct converted) out;     /* XDIS91 before its XBIN01 */
  VEC(struct convert_pair) made; /* letters only: one for each legacy letter, read or written */
  size_t missing;                /* references to objects that are in none of the inputs */
};

/* Converts the inputs (bare payloads, of any of the formats) into o->to; letters and their XBIN01/BIN01 in any order,
 * receipts to one Acknowledgement together. -1 with e set: an input that cannot be read or converted to that type, a
 * receipt whose pair is not known. */
MUST_CHECK int convert(struct conversion *out, struct arena *a, const struct convert_options *o,
                       const struct source *inputs, size_t n, struct findings *f, struct error *e);

/* What a converter must know of a letter before it converts: no more than that is read. */
struct convert_glance {
  struct str type; /* as in struct converted; empty: none of ours */
  struct str version;
  struct str sender, receiver; /* location numbers */
  struct str envelope, letter; /* or Bundle.id and MessageHeader.id */
  struct str patient;
  bool receipt, negative;
  VEC(struct str) objects; /* XDIS91: the objects that it refers to; XBIN01: those that it holds; without hyphens */
  VEC(struct str) answers; /* receipts: letter (or header) ids that they answer */
};
/* -1 (nothing said) if it is no letter that this room knows. */
int convert_glance(struct convert_glance *out, struct arena *a, const struct conversion_rules *r, struct source input);

extern const struct rule *const convert_rule_table;
extern const size_t convert_rule_table_n;

#endif
