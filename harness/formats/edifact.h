/* edifact: UN/EDIFACT interchanges (ISO 9735 version 3, MedCom's dialect) into a tree, and back.
 *
 * The tree
 *   NODE_GROUP    the root, name "interchange"; below it a group "message" for every UNH..UNT, and in that a group for
 *                 every explicit trigger segment ("S01", its first child is the trigger segment itself), up to the next
 *                 trigger or UNT. Groups without a trigger on the wire are made by who knows the skeleton
 *                 (standards/skeleton.h).
 *   NODE_SEGMENT  name = tag; its children are the elements, in order, the first one after the tag first
 *   NODE_STRING   an element of one component, or a component; the text is unescaped and in UTF-8, whatever the
 *                 character set of the interchange. Empty elements are there, with empty text
 *   NODE_ARRAY    an element of several components, each a NODE_STRING
 *   NODE_BINARY   name "octets", a sibling behind its UNO: as many raw bytes as UNO says (MEDBIN; legacy.md 3.6)
 * Positions are those of the first character of the segment, element or component, column in characters of the source.
 * `prefix` of a segment holds the blanks and line ends that stood before it, `prefix` of the root the UNA as written.
 * Where a text stands otherwise than it would be written (a line end in it, a release character that releases nothing),
 * its `prefix` is what stands there, and is written as long as it still means `text`; of a segment, `text` is so for
 * its tag.
 *
 * What is wrong with the syntax is a finding and the reading goes on: an interchange without UNB or UNZ, with segments
 * outside messages, or cut off in the middle gives a tree of what was there. What the counts and references say is not
 * looked at here (envelope/interchange.h). */
#ifndef FORMATS_EDIFACT_H
#define FORMATS_EDIFACT_H

#include "base/buf.h"
#include "formats/node.h"

#define EDIFACT_SIZE_MAX (128u << 20) /* bytes of an interchange */
#define EDIFACT_SEGMENTS_MAX 1000000
#define EDIFACT_ELEMENTS_MAX 200   /* of a segment */
#define EDIFACT_COMPONENTS_MAX 200 /* of an element */
#define EDIFACT_MESSAGES_MAX 10000
#define EDIFACT_NODES_MAX 5000000 /* segments, elements and components */

/* Flag of the root when the reading stopped at a limit, and of a last segment that is not ended. */
#define EDIFACT_CUT 4

/* Two digits are a year of 20.. up to this one, else of 19.. (legacy.md 3.1: the pivot is an assumption). */
#define EDIFACT_YEAR_PIVOT 79

/* What separates what; the defaults of ISO 9735 where there is no UNA. */
struct edifact_signs {
  char component, element, decimal, release, end;
};

#define EDIFACT_UNA_BYTES 9

/* What the bytes begin with. BAD: too short, or its signs cannot be told from each other or from letters; the defaults
 * are taken then. */
enum edifact_una { EDIFACT_UNA_NONE, EDIFACT_UNA_USUAL, EDIFACT_UNA_OTHER, EDIFACT_UNA_BAD };
enum edifact_una edifact_una_of(struct str bytes);

/* How bytes are characters; CAPITALS and ASCII are the levels A and B of ISO 9735. */
enum edifact_coding { EDIFACT_LATIN1, EDIFACT_CAPITALS, EDIFACT_ASCII, EDIFACT_UTF8 };
/* MEDCOM: the one that MedCom writes. UNREAD: known, but its bytes are taken for ISO-8859-1 here. */
enum edifact_charset_use { EDIFACT_CHARSET_MEDCOM, EDIFACT_CHARSET_OTHER, EDIFACT_CHARSET_UNREAD };

struct edifact_charset {
  const char *id; /* "UNOC" */
  enum edifact_coding coding;
  enum edifact_charset_use use;
};

/* Of a syntax identifier (UNB, 0001); NULL if there is none of that name. */
const struct edifact_charset *edifact_charset_named(struct str id);

/* Reads src into *out; -1 (and a finding) if there is no segment at all. */
int edifact_read(struct node **out, struct arena *a, struct source src, struct findings *f);
/* The service characters that these bytes begin with, or the defaults. */
struct edifact_signs edifact_signs_of(struct str bytes);
/* Writes a tree, byte for byte as it was read; what the character set (UNB, else UNOC) does not have becomes '_'. */
void edifact_write(struct buf *out, const struct node *root);

/* Component c of element e of a segment, both counted from 1 as in paths; empty if it is not there (or n is NULL). */
struct str edifact_text(const struct node *segment, size_t e, size_t c);
/* The node of it, or of element e as a whole (c 0); NULL if it is not there. */
struct node *edifact_element(const struct node *segment, size_t e, size_t c);
/* The first message of an interchange, and the next one; NULL if there is none. */
struct node *edifact_message(const struct node *root);
struct node *edifact_message_next(const struct node *message);

/* Paths: "S07/PNA+PAT/2.1". Names of groups and segments divided by '/', at the end element or element.component as
 * numbers. "PNA+PAT" is a PNA whose first element is PAT, "NAD+PO" one whose first is PO, "RFF+SRI" one whose first
 * component is SRI; further elements and components may follow ("FTX+NC+P00", "CIN+HI+2:HET"); empty ones are not
 * compared. "[n]" behind a name takes the n-th of those that fit. A path begins in the message (of an interchange: in
 * any of its messages, "message[2]/..." in the second). Groups may be left out: what no child fits is looked for in the
 * groups below, so that "PNA+PAT" finds it in every group, but "DTM+137" only in the head of a message if it is there.
 * UNB and UNZ are found from the root. */
struct edifact_hits {
  const struct node **v;
  size_t n, cap;
};

/* All nodes at a path, in order; -1 with e set when the path is none. */
MUST_CHECK int edifact_find(struct edifact_hits *out, struct arena *a, const struct node *root, struct str path,
                            struct error *e);
/* The path of a node of such a tree: "S07/PNA+PAT/2.1", "message[2]/S01[2]/NAD+PO". node_path gives the same. */
struct str edifact_path(struct arena *a, const struct node *n);

#endif
