#include "fhir/fhirpath_int.h"

static const char *const plain_names[] = {
    [FHIRPATH_BOOLEAN] = "boolean", [FHIRPATH_STRING] = "string",     [FHIRPATH_INTEGER] = "integer",
    [FHIRPATH_DECIMAL] = "decimal", [FHIRPATH_DATE] = "date",         [FHIRPATH_DATETIME] = "dateTime",
    [FHIRPATH_TIME] = "time",       [FHIRPATH_QUANTITY] = "Quantity", [FHIRPATH_NODE] = "Element",
};

static void add_escaped(struct buf *out, struct str text) {
  static const char from[] = "\\\t\r\n", to[] = "\\trn";
  for (size_t i = 0; i < text.n; i++) {
    size_t k = 0;
    while (from[k] && from[k] != text.p[i]) k++;
    if (from[k]) buf_byte(out, '\\');
    buf_byte(out, from[k] ? to[k] : text.p[i]);
  }
}

static void add_value(struct buf *out, const struct fhirpath_value *v, bool tsv) {
  if (v->type != FHIRPATH_NODE || !v->node) {
    (tsv ? add_escaped : buf_add)(out, v->text);
    return;
  }
  struct buf json;
  buf_init(&json, out->max);
  resource_write(&json, v->node, RESOURCE_JSON, NULL, 0);
  (tsv ? add_escaped : buf_add)(out, buf_str(&json));
  buf_release(&json);
}

void fhirpath_print(struct buf *out, const struct fhirpath_result *r, bool tsv) {
  for (size_t i = 0; i < r->values.n; i++) {
    const struct fhirpath_value *v = &r->values.v[i];
    if (tsv) {
      if (v->fhir.n)
        buf_add(out, v->fhir);
      else
        buf_addz(out, plain_names[v->type]);
      buf_byte(out, ':');
    }
    add_value(out, v, tsv);
    buf_byte(out, '\n');
  }
}
