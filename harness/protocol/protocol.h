/* protocol: one YAML file, loaded and checked: the executable test, the printed protocol, and the coverage.
 *
 * protocol_read needs the table of step kinds (steps room) to know the words. Everything lives in the arena; strings
 * borrow from it. Every mistake is a finding with line and column; unknown keys name the nearest known word.
 * protocols/README.md is the manual of the language. */
#ifndef PROTOCOL_PROTOCOL_H
#define PROTOCOL_PROTOCOL_H

#include "base/fact.h"
#include "formats/node.h"
#include "protocol/step_kind.h"
#include "standards/severities.h"

#define PROTOCOL_STEPS_MAX 5000
#define REPEAT_TIMES_MAX 100
#define EXPAND_DEPTH_MAX 8
/* Nodes that all repeats and calls together may copy, and files of fragments. */
#define PROTOCOL_COPIES_MAX 200000
#define FRAGMENT_FILES_MAX 50
/* Begins the line behind which a file of fragments follows in the bytes of a protocol, with its name. */
#define PROTOCOL_FRAGMENT_MARK "#%fragment "
#define PROTOCOL_BYTES_MAX ((size_t)4 << 20)

/* How a capability shows in the messages of a system: facts (validate/message.h) with their values; "*" is any. */
struct protocol_capability {
  struct str name;
  struct facts seen;
};

struct protocol_text {
  struct str en, da;
};

/* Another system that takes part beside the system under test; variables of its vendor file begin with its name. */
struct protocol_party {
  struct str name;
  struct protocol_text title;
  bool carries; /* what it sends is from others too: a VANS operator */
  const struct node *node;
};

/* A wire beside the one for messages, which testcamp plays for a system: a FHIR server, say. It has a mailbox and an
 * address of its own, and needs no vendor file (protocol/service.h). */
struct protocol_service {
  struct str name, kind;
  struct str of; /* the party whose service it is; empty: the system under test */
  bool shared;   /* the other systems use it too */
  struct protocol_text title;
  const struct node *node;
};

struct protocol_parameter {
  struct str name, value, source;
  const struct node *node;
};

struct step {
  const struct step_kind *kind;
  struct protocol_case *in;
  size_t index;      /* in its case */
  struct str id;     /* "3.3.4.5", "3.3.4.5+1", "3.3.4.5#2": unique in the protocol, made from the number or the last
                      * one before, and the time of a repeat */
  struct str number; /* MedCom's, or empty */
  const struct source *source;  /* where it is written: the protocol, or a file of fragments */
  const struct node *node;      /* the whole step mapping; a copy where it stands in a repeat or fragment */
  const struct node *args_node; /* value of the step word */
  void *args;                   /* made by kind->parse */
  struct protocol_text action, test_data, expected;
  struct str when;  /* capability of the system that it is about; "!name" = declared false; empty: always */
  struct str party; /* the system that it is about: a party of the protocol; empty: the system under test */
  struct str at; /* whose mailbox it looks into: that of the party, or a service's; empty: of the system under test */
  bool optional;
  struct str either;   /* name of a group of alternatives, or empty */
  struct str severity; /* F1..F4 that a failure suggests, or empty */
  VEC(struct str) verifies, evidence;
  bool added; /* MedCom's own, put into a run (protocol/insert.h) */
};

enum case_status { CASE_MANDATORY, CASE_OPTIONAL, CASE_CONDITIONAL };

struct protocol_case {
  struct str id; /* MedCom's section number */
  struct protocol_text title;
  enum case_status status;
  struct str when;
  const struct node *node;
  VEC(struct step *) steps;
};

struct protocol {
  struct source
      source; /* with the files of fragments behind, each led in by PROTOCOL_FRAGMENT_MARK: it needs no others */
  struct str id, version, role; /* role: sender, receiver, operator (passes on what others wrote) */
  struct str standard, danish, standard_version, type;
  struct protocol_text title;
  VEC(struct str) packages, requires;
  VEC(struct protocol_party) parties;
  VEC(struct protocol_service) services;
  bool receipts; /* the simulated MSH answers each ehmiSBDH by itself; else steps do */
  VEC(struct protocol_capability) capabilities;
  VEC(const struct node *) tolerate; /* ids of known issues (validate/known_issues.h) that do not count in its runs */
  struct severities severities;      /* of rules that validate and flow steps judge by, where not their own */
  VEC(struct protocol_parameter) parameters;
  const struct node *fixtures; /* texts by name, for `fixture: "#name"`; may be NULL */
  VEC(struct protocol_case *) cases;
  struct str digest; /* of source.bytes */
};

/* Reads a protocol from bytes that hold its fragments too; -1 when any finding is an error (the tree may still be
 * there, for lint). */
int protocol_read(struct protocol **out, struct arena *a, struct source src, const struct step_kind *const *kinds,
                  struct findings *f);
/* The same; files of fragments are looked for beside src.name, then in data_dir/protocols (data_dir may be NULL). */
int protocol_read_beside(struct protocol **out, struct arena *a, struct source src, const char *data_dir,
                         const struct step_kind *const *kinds, struct findings *f);
/* Reads path, relative to the working directory, else to data_dir; first error of the findings into e. */
MUST_CHECK int protocol_load(struct protocol **out, struct arena *a, const char *path, const char *data_dir,
                             const struct step_kind *const *kinds, struct error *e);
/* The step with that id, or with that number; NULL. */
struct step *protocol_step(const struct protocol *p, struct str id);
/* The other system of that name that takes part; NULL. */
const struct protocol_party *protocol_party(const struct protocol *p, struct str name);
/* The service of that name; NULL. */
const struct protocol_service *protocol_service(const struct protocol *p, struct str name);
/* The system whose mailbox has that name: a party, or the one that a service is of; empty: the system under test. */
struct str protocol_owner(const struct protocol *p, struct str mailbox);
/* The fixture of that name that stands in the protocol itself; NULL. */
const struct node *protocol_fixture(const struct protocol *p, struct str name);
struct protocol_case *protocol_case_find(const struct protocol *p, struct str id);

#endif
