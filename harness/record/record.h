/* record: a finished or standing run as plain data: all that a report needs, and nothing live.
 *
 * Built from the state by state_record (state/state.h), written and read as JSON (record_write, record_read; versioned
 * by RECORD_VERSION). Everything lives in the arena it was made in. A report reads a record only. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/buf.h"
#include "base/fact.h"
#include "base/finding.h"
#include "record/algebra.h"

/* 2: the history of assessments and revisions, alternatives. 1 is read as well. */
#define RECORD_VERSION 2
/* Bytes of an exchange larger than this are linked, not embedded. */
#define RECORD_EMBED_MAX ((size_t)1 << 20)
/* Pictures larger than this, and what comes to more than that together, are named and not embedded. */
#define RECORD_PICTURE_MAX ((size_t)2 << 20)
#define RECORD_PICTURES_MAX ((size_t)16 << 20)
/* The reason of a case that was left out by choice (--case); every other reason is a declared capability. */
#define RECORD_NOT_CHOSEN "not chosen"

/* The mode of a run that MedCom assesses; every other is a self-test. */
#define RECORD_CERTIFY "certify"

struct text {
  struct str en, da;
};

/* Another system that took part. */
struct record_party {
  struct str name; /* as the protocol calls it */
  struct text title;
  struct str vendor, system, system_version, vendor_digest;
};

struct record_exchange {
  struct str id;   /* "m3" */
  struct str name; /* the step's name for it (`as`), empty if unmatched */
  bool outbound;
  struct str party;  /* the system that sent or got it, or the service that got it; empty: the system under test */
  struct str relays; /* id of the exchange that went on to this party unchanged; else empty */
  int64_t at;
  struct str case_id, step; /* the step that sent, matched or gathered it; of a service the case in which it came */
  struct str via;           /* "http", "folder", "upload" */
  struct str status;        /* outbound: what became of it (endpoint_result.status); empty: not known, or it failed */
  struct str failure;       /* outbound: why it could not be sent */
  struct str fault;         /* what a fault step did to it on its way; else empty */
  bool lost;                /* inbound: that fault kept it from being taken */
  struct str file;          /* original file name, if it had one */
  struct str digest;
  size_t size;
  struct facts facts;
  struct str bytes;                      /* as on the wire; empty when over RECORD_EMBED_MAX or withheld */
  struct str payload;                    /* what the envelope held, when it was read; same limit */
  struct findings findings;              /* of reading it and its envelope */
  struct str near_miss_en, near_miss_da; /* unmatched: which step it nearly fits, and why not */
  struct str withheld; /* why the bytes are not here: "quarantined", "erased", "blacked-out"; else empty */
  struct str withheld_by, withheld_why;
  struct str copy; /* digest of the blacked-out copy that is shown instead */
};

struct record_evidence {
  struct str name, digest;
  struct str media, bytes; /* of a picture that documents show: "image/png", "image/jpeg"; else empty */
};

/* MedCom's word on a step: who (initials), when, and why. The last of a step stands. */
struct record_assessment {
  enum assessment assessment;
  struct str by, why;
  int64_t at;
};

/* A verdict that a person put in the place of another. */
struct record_revision {
  enum verdict verdict, was;
  struct str by, why;
  int64_t at;
};

/* One time that a step was played, where it was played more than once. */
struct record_attempt {
  int64_t number; /* 1, 2, ... */
  enum verdict verdict;
  bool stands;               /* it is the one that counts; the columns of the step show it */
  struct str system_version; /* of the system under test */
  struct str by, why;        /* who had it played, and why; empty for the first */
  int64_t at;                /* of the verdict; 0 if none */
  struct text actual;
  enum assessment assessment;
  struct str answered_by;
  VEC(struct str) exchanges; /* ids */
  VEC(struct record_evidence) evidence;
  struct findings findings;
};

/* A finding that the vendor contests, and MedCom's answer. */
struct record_dispute {
  int64_t finding; /* its number in the step, from 1 */
  struct str rule, by, why;
  int64_t at;
  struct str answered_by, answer; /* empty: not answered yet */
  int64_t answered_at;
};

struct record_step {
  struct str id;     /* "3.3.4.5", "3.3.4.5+1", or "3.3.4.5+M1": MedCom's own */
  struct str number; /* MedCom's number, empty for a step of our own */
  struct str word;   /* "expect" */
  struct str party;  /* another system or a service that it is about; empty: the system under test */
  struct text action, test_data, expected, actual;
  enum verdict verdict;
  bool optional;
  struct str either;          /* its group of alternatives, or empty */
  struct str suggests;        /* "F2": what a failure suggests */
  enum assessment assessment; /* MedCom's that stands; none in a self-test */
  struct str reason;          /* why not applicable: the capability */
  struct str owner;           /* who must act, while waiting */
  int64_t at;                 /* of the verdict; 0 if none */
  struct str answered_by;
  struct str system_version;            /* where it is another than the run's */
  struct str stands_by, stands_why;     /* MedCom's word on which attempt counts; empty: the newest */
  struct str inserted_by, inserted_why; /* MedCom's own step; empty: of the protocol */
  struct str carried_from;              /* the run that the verdict was taken over from; empty: played in this one */
  struct str confirmed_by;              /* MedCom's initials; empty: not confirmed yet */
  VEC(struct record_attempt) attempts;  /* oldest first; empty where there was one only */
  VEC(struct str) verifies;
  VEC(struct str) exchanges; /* ids */
  VEC(struct record_evidence) evidence;
  VEC(struct record_assessment) assessments; /* oldest first */
  VEC(struct record_revision) revisions;
  VEC(struct record_dispute) disputes; /* oldest first */
  struct findings findings;
};

struct record_case {
  struct str id;
  struct text title;
  struct str status; /* mandatory, optional, conditional */
  struct str reason; /* why not applicable */
  enum verdict verdict;
  VEC(struct record_step) steps;
};

/* MedCom's decision on the course that a live test belongs to (section 2.3 of its test protocols). */
struct record_decision {
  bool approved;
  struct str by, remarks, date, place; /* initials, text, YYYY-MM-DD, text */
  int64_t at;                          /* 0: none */
};

/* The definitions (profiles, value sets) that messages were judged by, from that time on. */
struct record_standards {
  struct str digest;  /* SHA-256 of what they hold */
  struct str schemas; /* the same of the folder of schemas of letters; empty: none was given, or it was not noted */
  int64_t since;
};

/* What testcamp does of the standard as it is published, or not (standards/fidelity.h). */
struct record_fidelity {
  struct str is; /* as-published, simplified, differs, not-shown */
  struct text text;
};

/* A finding that is agreed upon (validate/known_issues.h), as the run was told of it. */
struct record_issue {
  struct str id, rule, profile, element, constraint, package;
  struct str effect; /* ignore, warn, undecided */
  struct text reason;
  struct str by, expires;
  bool expired;    /* when the run began: it was not applied */
  int64_t applied; /* findings of the run that it changed */
};

struct record_parameter {
  struct str name, value, source;
};

/* A service that testcamp played for a system. */
struct record_service {
  struct str name, kind;
  struct str of; /* the party that it was played for; empty: the system under test */
  bool shared;   /* for all systems that take part */
  struct text title;
  struct str address; /* the last one; in a seeded run a symbol */
};

struct record {
  struct str run;
  int64_t started, ended; /* ended 0: still open */
  struct str mode;        /* self-test, certify */
  struct str course;      /* that a live test belongs to; else empty */
  struct str seed, program, clock_scale;
  struct str protocol, protocol_version, protocol_digest, role;
  struct str standard, standard_danish, standard_version, standard_type;
  struct text title;
  struct str vendor, contact, system, system_version, system_type, vendor_digest;
  VEC(struct record_party) parties; /* other systems that took part */
  VEC(struct record_service) services;
  struct facts capabilities; /* name -> true, false */
  VEC(struct record_parameter) parameters;
  VEC(struct str) packages;               /* of the protocol: NAME@VERSION */
  VEC(struct record_standards) standards; /* more than one: the harness was given others while the run was open */
  VEC(struct record_issue) issues;
  VEC(struct record_case) cases;
  VEC(struct record_exchange) exchanges;
  struct record_decision decision;
  VEC(struct record_fidelity) fidelity;
  struct str fidelity_program; /* the version of testcamp that those notes are of: that made the record */
  struct findings findings;    /* about the run as a whole: what was declared against what was seen */
  enum verdict verdict;
  struct str damage; /* why this is not the whole of it: the log or a message was damaged or lost; empty: it is whole */
  int64_t masked_tokens, masked_keys, masked_cprs; /* places that were masked, for the record is shared */
};

/* What the run comes to, or a part of it, and what keeps it from a certification (record/algebra.h), in a. */
void record_sum(struct sum *out, struct arena *a, const struct record *r, struct str scope);
/* Writes what a record holds, and its sum, which is not read back. */
void record_write(struct buf *out, const struct record *r);
/* A JSON Schema (draft 7) of that, of RECORD_VERSION. */
void record_schema(struct buf *out);
MUST_CHECK int record_read(struct record **out, struct arena *a, struct str json, struct str name, struct error *e);
/* Number of steps with that verdict. */
size_t record_count(const struct record *r, enum verdict v);
const struct record_exchange *record_exchange_find(const struct record *r, struct str id);

#endif
