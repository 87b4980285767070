#include "base/map.h"
#include "validate/edifact_judge_int.h"

/* A reference (FTX+BIN) says of a file its id, kind, extension and size, in the components behind the description. */
enum { REFERENCE_ID = 2, REFERENCE_SIZE = 5 };

/* The ids of files are written with and without hyphens, in capitals or not. */
static struct str plain_id(struct arena *a, struct str id) {
  char *p = arena_alloc(a, id.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < id.n; i++)
    if (id.p[i] != '-') p[n++] = id.p[i] >= 'A' && id.p[i] <= 'Z' ? (char)(id.p[i] + 'a' - 'A') : id.p[i];
  return (struct str){p, n};
}

/* The first of each id. */
static void index_files(struct map *out, const struct edifact_judge *j, const struct edifact_hits *files) {
  map_init(out, j->scratch);
  for (size_t i = 0; i < files->n; i++) {
    struct str id = plain_id(j->scratch, edifact_text(files->v[i], 2, 2));
    if (!map_get(out, id)) map_set(out, id, (void *)(uintptr_t)files->v[i]);
  }
}

static void judge_reference(const struct edifact_judge *j, const struct node *ftx, const struct map *files) {
  struct str id = edifact_text(ftx, 4, REFERENCE_ID), size = edifact_text(ftx, 4, REFERENCE_SIZE);
  const struct node *uno = map_get(files, plain_id(j->scratch, id));
  if (!uno)
    EDIFACT_FAULT(j, SKELETON_OBJECT_UNKNOWN, ftx, id);
  else if (size.n && !str_eq(size, edifact_text(uno, 4, 1)))
    EDIFACT_FAULT(j, SKELETON_OBJECT_SIZE, ftx, id, edifact_text(uno, 4, 1), STR("FTX"), size);
}

/* UNP repeats what UNO says. */
static void judge_file(const struct edifact_judge *j, const struct node *uno) {
  const struct node *unp = uno->next;
  while (unp && unp->kind == NODE_BINARY) unp = unp->next;
  if (!unp || !str_eqz(unp->name, "UNP")) return; /* that is a finding of the structure */
  struct str size = edifact_text(uno, 4, 1), said = edifact_text(unp, 1, 1);
  if (!str_eq(size, said)) EDIFACT_FAULT(j, SKELETON_OBJECT_SIZE, unp, edifact_text(uno, 2, 2), size, STR("UNP"), said);
}

static void find(struct edifact_hits *out, const struct edifact_judge *j, const struct node *root, const char *path) {
  struct error e;
  if (edifact_find(out, j->scratch, root, str_z(path), &e) < 0) BUG("%s: %s", path, e.text);
}

void edifact_judge_objects(const struct edifact_judge *j, const struct node *root) {
  struct edifact_hits files = {0}, references = {0};
  struct map by_id;
  find(&files, j, root, "UNO");
  for (size_t i = 0; i < files.n; i++) judge_file(j, files.v[i]);
  if (!files.n) return; /* they may come in another interchange */
  index_files(&by_id, j, &files);
  find(&references, j, root, "FTX+BIN");
  for (size_t i = 0; i < references.n; i++) judge_reference(j, references.v[i], &by_id);
}
