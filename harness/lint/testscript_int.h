/* testscript_int: what the files of testscript share. */
#ifndef LINT_TESTSCRIPT_INT_H
#define LINT_TESTSCRIPT_INT_H

#include "base/buf.h"
#include "base/map.h"
#include "lint/testscript.h"

enum testscript_rule {
  TS_FORM,            /* {1} what is wrong */
  TS_UNSUPPORTED,     /* {1} feature */
  TS_VARIABLE,        /* {1} name */
  TS_VARIABLE_NEAR,   /* {1} name, {2} nearest */
  TS_VARIABLE_SOURCE, /* {1} variable, {2} source */
  TS_VARIABLE_UNUSED, /* {1} name */
  TS_VARIABLE_BARE,   /* {1} name */
  TS_FHIRPATH,        /* {1} why */
  TS_UNQUOTED,        /* {1} name */
  TS_TYPES,           /* {1} function */
  TS_FIXTURE,         /* {1} id, {2} reference */
  TS_FIXTURE_OUTSIDE, /* {1} reference */
  TS_FIXTURE_UNREAD,  /* {1} id, {2} what is read instead */
  TS_REFERENCE,       /* {1} id */
  TS_PROFILE,         /* {1} id */
  TS_RULES_N
};
extern const struct rule testscript_rules[TS_RULES_N];

enum ts_where { TS_NOWHERE, TS_IN_SET, TS_STAND_IN, TS_OUTSIDE };

struct ts_fixture {
  const struct node *node;
  struct str id, reference;
  enum ts_where where;
  struct source file;      /* of one in the set */
  const struct node *aid;  /* of a stand-in */
  const struct node *tree; /* NULL: not read */
  bool sent;               /* the harness itself puts or posts it */
  bool read;               /* something reads it back */
  struct said fault;       /* it is needed, and not there */
};

struct ts_variable {
  const struct node *node;
  struct str name, source;
  struct said fault; /* why it has no value; empty: it may have one */
  bool used;
};

/* An operation or an assertion. */
struct ts_action {
  const struct node *node;
  const struct node *test; /* that it stands in; NULL: setup or teardown */
  bool asserts;
  struct said fault; /* why it cannot be done; empty: it can */
};

struct ts_script {
  struct source src;
  const struct node *root; /* NULL: it cannot be read */
  struct str why;          /* then */
  struct str id, title, folder;
  bool server; /* the system under test is the client of our server; else we are the client of its */
  bool all;    /* every operation is the system's, whether it has an origin or not */
  bool checked;
  VEC(struct ts_fixture) fixtures;
  VEC(struct ts_variable) variables;
  VEC(struct ts_action) actions; /* in order: setup, tests, teardown */
};

/* An aid: the trees of fixtures/testscripts. */
struct testscript_set {
  struct arena *arena;
  const struct testscript_options *o;
  struct str name;  /* as given */
  const char *dir;  /* files that are not in `files` are looked for there; NULL: an archive */
  struct map files; /* name -> struct source * */
  size_t bytes;
  const struct node *package; /* package.json; NULL */
  VEC(const struct node *) aids;
  VEC(struct ts_script *) scripts;
};

/* testscript_files.c */

/* The file of that name in the set; NULL. */
const struct source *ts_file(struct testscript_set *s, struct str name);
/* Fills in the set's files. */
int ts_files_read(struct testscript_set *s, const char *path, struct error *e);
/* The name in the set of what a file in folder calls `reference`; false if that leaves the set. */
bool ts_resolve(struct arena *a, struct str folder, struct str reference, struct str *out);
/* The entry `name` of the map `kind` of the aids; NULL. */
const struct node *ts_aid(const struct testscript_set *s, const char *kind, struct str name);

/* testscript.c */
const struct ts_fixture *ts_fixture_find(const struct ts_script *x, struct str id);
struct ts_variable *ts_variable_find(const struct ts_script *x, struct str name);
/* True if the system under test does it, as the client of our server. */
bool ts_by_system(const struct ts_script *x, const struct ts_action *act);
/* The code of an operation: "read"; empty: an assertion, or none. */
struct str ts_code(const struct ts_action *act);
/* A path of XPath or JSONPath as FHIRPath, where it is a simple one; empty: it is not. */
struct str ts_path(struct arena *a, struct str path);
/* The expression of a variable, a fixture or an assertion: `expression`, else a simple `path`. */
struct str ts_expression(struct arena *a, const struct node *n);
/* Calls fn for each ${name} in the text; fn gets where it begins and ends. */
void ts_each_variable(struct str text, void (*fn)(void *payload, struct str name, size_t from, size_t to),
                      void *payload);

/* testscript_check.c */
void ts_check(struct testscript_set *s, struct ts_script *x, struct findings *f);

/* testscript_case.c */

struct ts_writer {
  struct testscript_set *set;
  struct ts_script *script;
  struct arena *arena;
  struct buf out;
  struct str case_id;  /* of the script's id, unique in the protocol */
  size_t number;       /* of the script in the protocol; 0: it is the only one */
  struct map names;    /* taken in the protocol */
  struct map aliases;  /* id of the script -> name of a message, struct str * */
  struct map captured; /* "variable message" -> name, struct str * */
  struct map embedded; /* fixtures that travel with the protocol: name -> struct source * */
  struct str last;     /* message of the last operation */
  size_t sent, read;   /* by the system so far, in this script */
};
void ts_write_case(struct ts_writer *w);
/* A text in quotes, the same in JSON and YAML. */
void ts_quote(struct ts_writer *w, struct str text);
/* The first `from` in s becomes `to`. */
struct str ts_replaced(struct arena *a, struct str s, struct str from, struct str to);
/* {en: ..., da: ...} */
void ts_quote2(struct ts_writer *w, struct str en, struct str da);
void ts_unsupported(struct ts_writer *w, struct said why);
/* The name of the message that an id of the script stands for; empty: none yet. */
struct str ts_alias(const struct ts_writer *w, struct str id);
void ts_alias_set(struct ts_writer *w, struct str id, struct str name);
/* A name for the protocol, made of base. */
struct str ts_name(struct ts_writer *w, struct str base);
/* A text of the script with its variables as those of the protocol; `capture` steps that it needs are written first.
 * False (and an unsupported step) if one of them has no value. */
bool ts_text(struct ts_writer *w, struct str text, struct str *out);
/* The same where no message is there yet: from the fixtures as they are written. */
bool ts_text_early(struct ts_writer *w, struct str text, struct str *out);

/* testscript_operation.c */
void ts_write_operation(struct ts_writer *w, struct ts_action *act);
/* Fixtures with autocreate. */
void ts_write_autocreate(struct ts_writer *w);
/* testscript_assert.c */
void ts_write_assert(struct ts_writer *w, struct ts_action *act);
/* True if the assertion is of a kind that can be done; else why names what cannot. */
bool ts_assert_known(const struct ts_action *act, struct str *why);
/* The HTTP status of a code such as "okay"; empty: there is no such code. */
struct str ts_status(struct str code);
bool ts_operation_known(const struct ts_script *x, const struct ts_action *act, struct arena *a, struct str *why);

#endif
