#include "validate/edifact_judge_int.h"

/* A reference (FTX+BIN) says of a file its id, kind, extension and size, in the components behind the description. */
enum { REFERENCE_ID = 2, REFERENCE_SIZE = 5 };

/* The ids of files are written with and without hyphens. */
static bool is_same_id(struct arena *a, struct str x, struct str y) {
  struct str in[] = {x, y}, out[2];
  for (size_t k = 0; k < 2; k++) {
    char *p = arena_alloc(a, in[k].n + 1);
    size_t n = 0;
    for (size_t i = 0; i < in[k].n; i++)
      if (in[k].p[i] != '-') p[n++] = in[k].p[i];
    out[k] = (struct str){p, n};
  }
  return str_eq_nocase(out[0], out[1]);
}

static void judge_reference(const struct edifact_judge *j, const struct node *ftx, const struct edifact_hits *files) {
  struct str id = edifact_text(ftx, 4, REFERENCE_ID), size = edifact_text(ftx, 4, REFERENCE_SIZE);
  for (size_t i = 0; i < files->n; i++) {
    const struct node *uno = files->v[i];
    if (!is_same_id(j->scratch, id, edifact_text(uno, 2, 2))) continue;
    if (size.n && !str_eq(size, edifact_text(uno, 4, 1)))
      EDIFACT_FAULT(j, SKELETON_OBJECT_SIZE, ftx, id, edifact_text(uno, 4, 1), STR("FTX"), size);
    return;
  }
  EDIFACT_FAULT(j, SKELETON_OBJECT_UNKNOWN, ftx, id);
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
  find(&files, j, root, "UNO");
  for (size_t i = 0; i < files.n; i++) judge_file(j, files.v[i]);
  if (!files.n) return; /* they may come in another interchange */
  find(&references, j, root, "FTX+BIN");
  for (size_t i = 0; i < references.n; i++) judge_reference(j, references.v[i], &files);
}
