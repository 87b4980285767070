/* document: the findings about many files as one document for programs, written to standard output as they come.
 *
 *   json   a list of findings; the man page names the members
 *   sarif  SARIF 2.1.0 (OASIS): every rule of the program with its texts, then a result a finding */
#ifndef CLI_DOCUMENT_H
#define CLI_DOCUMENT_H

#include "cli/opts.h"
#include "formats/json.h"

struct document {
  struct cli *cli;
  const struct document_format *format;
  struct buf buf; /* what is not printed yet */
  struct json_writer w;
  struct arena *arena;
  struct str again; /* the command that finds what is found in this file again: document_again; its caller's */
  VEC(struct document_note) notes;
  VEC(const struct rule *) rules; /* of SARIF: each id once */
};

/* What the document says of the program's own work. */
struct document_note {
  struct str file;
  struct str text;
  bool failed; /* the file was not judged */
};

/* False if there is no such format. */
bool document_begin(struct document *d, struct cli *c, const char *format);
/* The findings about one file. */
void document_add(struct document *d, const char *file, const struct findings *f);
/* A file that could not be judged at all. */
void document_fail(struct document *d, const char *file, const struct error *e);
/* Ends the document; code is the exit code that follows. */
void document_end(struct document *d, int code);

/* How the command was called, without files and what is only about the form of the document. Call it when the options
 * are read and nothing is put in for those that were not given. */
void document_called(struct opt_words *out, struct cli *c, const struct command *self, const struct opt *table);
/* That command with these files (record/find_again.h). */
struct str document_again(struct cli *c, const struct opt_words *called, const char *const *files, size_t n);

/* A format; rows of one table in document.c. */
struct document_format {
  const char *name;
  void (*begin)(struct document *d);
  void (*finding)(struct document *d, const struct finding *x);
  void (*end)(struct document *d, int code);
};
extern const struct document_format document_json, document_sarif;

#endif
