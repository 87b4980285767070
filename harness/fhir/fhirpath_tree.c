/* Tree navigation (FHIRPath N1, 5.8). */
#include "fhir/fhirpath_functions.h"

int fp_fn_children(struct fp_call *c) {
  for (size_t i = 0; i < c->input->n; i++)
    if (c->input->v[i].node && fp_all_children(c->ev, c->out, &c->input->v[i])) return -1;
  return 0;
}

int fp_fn_descendants(struct fp_call *c) {
  if (fp_fn_children(c)) return -1;
  for (size_t i = 0; i < c->out->n; i++) {
    struct fhirpath_value item = c->out->v[i];
    if (item.node && fp_all_children(c->ev, c->out, &item)) return -1;
  }
  return 0;
}
