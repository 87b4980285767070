/* The rules on what letters hold (legacy.md 2.4): references and the objects they name, pathology codes. */
#include "base/base64.h"
#include "validate/oioxml_int.h"

#define CLINICAL_MAX 10
#define REFERENCES_MAX 10
#define PATHOLOGY_CODES_MAX 40 /* of a sample: one topography and 39 results */

static struct str number(struct oioxml *o, size_t n) {
  return arena_printf(o->scratch, "%zu", n);
}

/* --- how many --------------------------------------------------------------------------- */

static void judge_number(struct oioxml *o, const struct node *letter, const char *name, size_t max,
                         enum oioxml_rule rule) {
  size_t n = node_count(letter, name);
  if (n <= max) return;
  const struct node *x = node_child(letter, name);
  for (size_t i = 0; x && i < max; i++) x = node_again(x);
  OIOXML(o, rule, x, number(o, n), number(o, max));
}

/* --- references and objects ----------------------------------------------------------- */

/* A UUID is written with hyphens where there is room for them: a reference has 35 characters. */
static struct str object_key(struct arena *a, struct str id) {
  char *z = arena_z(a, id), *out = z;
  for (const char *p = z; *p; p++)
    if (*p != '-') *out++ = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
  return (struct str){z, (size_t)(out - z)};
}

static void collect_objects(struct oioxml *o) {
  map_init(&o->objects, o->scratch);
  for (NODE_EACH(letter, o->root)) {
    if (!str_eqz(letter->name, "BinaryLetter")) continue;
    o->has_objects = true;
    for (NODE_EACH(object, letter))
      if (str_eqz(object->name, "BinaryObject"))
        map_set(&o->objects, object_key(o->scratch, oioxml_text(object, "ObjectIdentifier")), object);
  }
}

static void judge_reference(struct oioxml *o, const struct node *bin) {
  struct str id = oioxml_text(bin, "ObjectIdentifier"), size = oioxml_text(bin, "OriginalObjectSize");
  const struct node *object = map_get(&o->objects, object_key(o->scratch, id));
  if (!o->has_objects)
    OIOXML(o, OIOXML_REFERENCE_ELSEWHERE, bin, id);
  else if (!object)
    OIOXML(o, OIOXML_REFERENCE_OBJECT, bin, id);
  else if (!str_eq(size, oioxml_text(object, "OriginalObjectSize")))
    OIOXML(o, OIOXML_REFERENCE_SIZE, bin, id, size, oioxml_text(object, "OriginalObjectSize"));
}

/* References stand in the letter itself, of requests in the sample. */
static void judge_references(struct oioxml *o, const struct node *n) {
  for (NODE_EACH(c, n)) {
    if (c->kind != NODE_ELEMENT) continue;
    const struct node *bin = str_eqz(c->name, "Reference") ? node_child(c, "BIN") : NULL;
    if (bin)
      judge_reference(o, bin);
    else
      judge_references(o, c);
  }
}

static void judge_object(struct oioxml *o, const struct node *object) {
  const struct node *data = node_child(object, "Object_Base64Encoded"),
                    *size = node_child(object, "OriginalObjectSize");
  int64_t said;
  size_t bad;
  struct str bytes;
  struct arena *own = arena_new(0);
  if (!data) {
    arena_free(own);
    return;
  }
  if (base64_decode(&bytes, own, data->text, &bad) < 0)
    OIOXML(o, OIOXML_OBJECT_BASE64, data, number(o, bad));
  else if (size && str_int(str_trim(size->text), &said) && said != (int64_t)bytes.n)
    OIOXML(o, OIOXML_OBJECT_SIZE, size, str_trim(size->text), number(o, bytes.n));
  arena_free(own);
}

static void judge_objects(struct oioxml *o, const struct node *letter) {
  if (!str_eqz(letter->name, "BinaryLetter")) return;
  for (NODE_EACH(c, letter))
    if (str_eqz(c->name, "BinaryObject")) judge_object(o, c);
}

/* --- pathology ------------------------------------------------------------------------- */

static size_t count_codes(const struct node *coded) {
  return node_count(coded, "Topography") + node_count(coded, "Result");
}

/* CodedResults of a sample, wherever in it they stand. */
static size_t codes_of(const struct node *n) {
  size_t codes = 0;
  for (NODE_EACH(c, n))
    if (c->kind == NODE_ELEMENT) codes += str_eqz(c->name, "CodedResults") ? count_codes(c) : codes_of(c);
  return codes;
}

/* The samples of a report stand in it at any depth. */
static size_t judge_samples(struct oioxml *o, const struct node *n) {
  size_t all = 0;
  for (NODE_EACH(c, n)) {
    if (c->kind != NODE_ELEMENT) continue;
    if (!str_eqz(c->name, "Sample")) {
      all += judge_samples(o, c);
      continue;
    }
    size_t codes = codes_of(c);
    all += codes;
    if (codes > PATHOLOGY_CODES_MAX)
      OIOXML(o, OIOXML_PATHOLOGY_CODES, c, number(o, codes), number(o, PATHOLOGY_CODES_MAX));
  }
  return all;
}

static void judge_pathology(struct oioxml *o, const struct node *letter) {
  if (!str_eqz(letter->name, "CervixcytologyReport") && !str_eqz(letter->name, "HistopathologyReport")) return;
  size_t all = judge_samples(o, letter);
  if (all > PATHOLOGY_CODES_MAX)
    OIOXML(o, OIOXML_PATHOLOGY_REPORT, letter, number(o, all), number(o, PATHOLOGY_CODES_MAX));
}

/* --- the rest --------------------------------------------------------------------------- */

static void judge_patient(struct oioxml *o, const struct node *letter) {
  const struct node *n = node_at(letter, "Patient.AlternativeIdentifier");
  if (n && (str_eqz(letter->name, "NotificationOfAdmission") || str_eqz(letter->name, "NotificationOfDischarge")))
    OIOXML(o, OIOXML_REPLACEMENT_CPR, n, letter->name);
}

/* UTF-8 that was taken for ISO-8859-1 and written anew: the three Danish letters show it; so does the character that
 * stands for what could not be read. */
static const struct node *find_mojibake(const struct node *n, struct str *what) {
  static const struct str signs[] = {STR_INIT("Ã¦"),
                                     STR_INIT("Ã¸"),
                                     STR_INIT("Ã¥"),
                                     STR_INIT("\xC3\x83\xC2\x86"),
                                     STR_INIT("Ã˜"),
                                     STR_INIT("Ã…"),
                                     STR_INIT("\xC3\x83\xC2\x98"),
                                     STR_INIT("\uFFFD")};
  bool file = str_eqz(n->name, "Object_Base64Encoded");
  for (size_t i = 0; !file && n->text.n && i < sizeof signs / sizeof *signs; i++) {
    if (str_find(n->text, signs[i], 0) == SIZE_MAX) continue;
    *what = signs[i];
    return n;
  }
  for (NODE_EACH(c, n)) {
    const struct node *found = find_mojibake(c, what);
    if (found) return found;
  }
  return NULL;
}

void oioxml_judge_content(struct oioxml *o) {
  struct str what;
  o->content_from = o->f->list.n;
  collect_objects(o);
  const struct node *mojibake = find_mojibake(o->root, &what);
  if (mojibake) OIOXML(o, OIOXML_CHARACTERS, mojibake, what);
  for (NODE_EACH(letter, o->root)) {
    if (!oioxml_is_letter(letter)) continue;
    if (str_eqz(letter->name, "ClinicalEmail"))
      judge_number(o, letter, "ClinicalInformation", CLINICAL_MAX, OIOXML_CLINICAL_INFORMATION);
    judge_number(o, letter, "Reference", REFERENCES_MAX, OIOXML_REFERENCE);
    judge_references(o, letter);
    judge_objects(o, letter);
    judge_pathology(o, letter);
    judge_patient(o, letter);
  }
  o->content_to = o->f->list.n;
}
