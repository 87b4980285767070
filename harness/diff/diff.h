/* diff: an expected tree against an actual one, under match rules.
 *
 * Trees are FHIR trees (JSON and XML alike), XML trees (an OIOXML letter), JSON trees, or EDIFACT interchanges. Each
 * difference is a finding with both positions: `where` in the actual message, `other` in the expected one. Rules (YAML,
 * or `rules:` of a diff step): ignore:  [Bundle.id, "Bundle.entry.resource.text", "**.meta.lastUpdated"]     paths not
 * compared; * one name,
 *                                                                               ** any number
 *   keyed:   {Bundle.entry: resource.id, Communication.payload: extension.url}    lists matched by a key (or a list of
 *                                                keys) instead of by position; order is then not compared. The name
 *                                                resourceType in a key is the type of a FHIR resource
 *   set:     [Patient.name.given]                lists in any order, matched by content
 *                                                (as well: keyed: {Patient.name.given: set})
 *   mapped:  [Bundle.entry.fullUrl, "**.reference"]   ids that may differ but one-to-one: the same expected value
 *                                                must always meet the same actual value (urn:uuid:, Type/id, bare id)
 *   times:   [Bundle.timestamp]                       any valid instant of the same form is equal; elsewhere the same
 *                                                instant in another zone is its own kind of finding
 *   only:    [Communication.payload]                  compare just these
 * A path begins at the root (a FHIR tree: with the resource type; an XML tree: with the root element; a JSON tree:
 * with a member) or at any resource inside another, with its type. It has no indexes. In XML "@name" is an attribute,
 * and a path that begins with / has / between its names, for names that hold a point.
 *
 * Of an interchange a path has the names of groups and segments and the numbers of element and component:
 * "message.S07.PNA.2.1", "UNB.5"; free text is FTX.text, a list of lines: how it was cut into components and segments
 * is not compared, nor a count in UNT that is right.
 *
 * Without rules everything must be equal; XHTML is compared in canonical form, numbers by literal. The order of
 * children of different names counts in XML trees only. A hash of what is compared finds what was inserted, removed
 * or moved in a list, so that one such item is one finding. */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "base/buf.h"
#include "formats/node.h"

#define DIFF_FINDINGS_MAX 500

struct diff_rules;

/* Reads rules from a YAML mapping; unknown keys and bad paths are errors with position. */
MUST_CHECK int diff_rules_read(struct diff_rules **out, struct arena *a, const struct node *yaml, struct str file,
                               struct error *e);
/* Appends a finding for each difference; rules may be NULL. Rule ids: diff.missing, diff.extra, diff.value,
 * diff.type, diff.order, diff.zone, diff.mapping, diff.kind, and diff.limit (undecided) for what is nested or sized
 * beyond all use. Returns the number of differences; those over DIFF_FINDINGS_MAX count in f->dropped. */
size_t diff_trees(struct findings *f, const struct node *expected, struct str expected_name, const struct node *actual,
                  struct str actual_name, const struct diff_rules *rules);

/* Prints findings of diff_trees as text, in English: a line with rule, severity and values, then a line
 * "expected FILE:LINE:COLUMN PATH" and one "actual FILE:LINE:COLUMN PATH". */
void diff_print(struct buf *out, const struct findings *f);

extern const struct rule *const diff_rule_table;
extern const size_t diff_rule_table_n;

#endif
