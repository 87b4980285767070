/* present: findings, verdicts and steps as lines for people. */
#ifndef CLI_PRESENT_H
#define CLI_PRESENT_H

#include "cli/cli.h"
#include "state/state.h"

/* "file:line:col", or "file" where nothing is said of the place in it; "-" without a file. In a. */
struct str present_position(struct arena *a, const struct place *p);
/* With blanks for tabs and line ends; in a. */
struct str present_one_line(struct arena *a, struct str s);
/* "    error  file:line:col  rule  text" for each finding that is worth a look (all when verbose), with what
 * demands it and the reasons below. */
void present_findings(struct cli *c, FILE *to, const struct findings *f, const char *indent, bool colour);
/* Below findings, each command once: what finds them again (record/find_again.h; run empty: none) and what explains
 * them. */
void present_commands(struct cli *c, FILE *to, const struct findings *f, struct str run, const char *indent);
/* One line a finding, as compilers write them: "file:line:column: error: text [rule]". */
void present_lines(struct cli *c, FILE *to, const struct findings *f, bool colour);
/* One line a finding, tab separated: severity, file:line:column, path, rule, text. */
void present_tsv(struct cli *c, const struct findings *f);
/* The live step list: one line a case when it opens and one a step when it is judged, or begins to wait. */
/* "GET /Bundle/1: HTTP 200", of an interaction with the simulated FHIR server; in a. */
struct str present_interaction(struct arena *a, const struct facts *f);
void present_event(struct cli *c, const struct state *s, const struct event *ev);
/* Counts by verdict and the verdict of the run, on standard output. */
void present_summary(struct cli *c, const struct state *s);
/* A verdict in the language of the command. */
const char *present_verdict(const struct cli *c, enum verdict v);
/* Escape code of a verdict's colour. */
const char *present_verdict_colour(bool on, enum verdict v);

#endif
