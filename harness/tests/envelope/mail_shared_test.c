/* Mail and receipts against the shared material: a letter says the same in EDIFACT and in OIOXML, and the receipts that
 * we write fit MedCom's schemas. Skipped where it is not there. */
#include <criterion/criterion.h>
#include <libxml/xmlschemas.h>
#include <stdlib.h>

#include "base/file.h"
#include "envelope/receipt_judge.h"
#include "formats/edifact.h"
#include "formats/xml.h"

#define SAMPLE_MAX ((size_t)4 << 20)
#define SAMPLES "legacy/edi-oioxml/test/complete/files"
#define SCHEMA "legacy/edi-oioxml/data/xml/Schemas/2005/08/07/EMessage.xsd"

static const char *shared_dir(void) {
  const char *set = getenv("TESTCAMP_SHARED");
  const char *dir = set ? set : TEST_ROOT "/../shared";
  return file_is_dir(dir) ? dir : NULL;
}

#define SHARED_OR_SKIP(a, dir, what)                                                                                   \
  const char *dir = shared_dir();                                                                                      \
  if (!dir || !file_exists(file_join((a), dir, (what)))) cr_skip_test("the shared material is not there")

static bool read_mail(struct mail *m, struct arena *a, const char *path) {
  struct findings f;
  struct error e;
  struct str bytes;
  struct node *root = NULL;
  findings_init(&f, a);
  if (file_read(&bytes, a, path, SAMPLE_MAX, &e) < 0) return false;
  struct source src = {str_z(path), bytes};
  int read = bytes.p[0] == '<' ? xml_read(&root, a, src, &f) : edifact_read(&root, a, src, &f);
  if (read == 0) mail_read(m, a, root);
  return read == 0;
}

/* XDIS91 and DIS91; the letters of prescriptions have names of their own. */
static bool same_type(struct str xml, struct str edi) {
  return str_eq(xml, edi) || (str_starts(xml, STR("X")) && str_eq(str_sub(xml, 1, xml.n), edi));
}

static void compare(const char *name, const struct mail *edi, const struct mail *xml) {
  cr_expect(str_eq(edi->id, xml->id), "%s id: %.*s, %.*s", name, STR_F(edi->id), STR_F(xml->id));
  cr_expect(str_eq(edi->sender, xml->sender), "%s sender: %.*s, %.*s", name, STR_F(edi->sender), STR_F(xml->sender));
  cr_expect(str_eq(edi->receiver, xml->receiver), "%s receiver", name);
  cr_expect(str_ends(edi->time, str_sub(xml->time, 2, xml->time.n)), "%s time: %.*s, %.*s", name, STR_F(edi->time),
            STR_F(xml->time));
  cr_expect((edi->ack == MAIL_ACK_YES) == (xml->ack == MAIL_ACK_YES), "%s acknowledgement", name);
  cr_assert_eq(edi->letters.n, xml->letters.n, "%s: %zu letters, %zu", name, edi->letters.n, xml->letters.n);
  for (size_t i = 0; i < edi->letters.n; i++) {
    const struct mail_letter *e = &edi->letters.v[i], *x = &xml->letters.v[i];
    cr_expect(str_eq(e->id, x->id), "%s letter: %.*s, %.*s", name, STR_F(e->id), STR_F(x->id));
    cr_expect(same_type(x->version, e->version), "%s version: %.*s, %.*s", name, STR_F(e->version), STR_F(x->version));
    cr_expect(same_type(x->type, e->type), "%s type: %.*s, %.*s", name, STR_F(e->type), STR_F(x->type));
    cr_expect(str_eq(e->patient, x->patient), "%s patient: %.*s, %.*s", name, STR_F(e->patient), STR_F(x->patient));
    cr_expect(str_eq(e->episode, x->episode), "%s episode: %.*s, %.*s", name, STR_F(e->episode), STR_F(x->episode));
    cr_expect(str_eq(e->time, x->time), "%s time: %.*s, %.*s", name, STR_F(e->time), STR_F(x->time));
  }
}

Test(mail_shared, both_syntaxes_say_the_same) {
  struct arena *a = arena_new(0);
  SHARED_OR_SKIP(a, dir, SAMPLES);
  static const char *const types[] = {"CTL01", "CTL02", "CTL03", "DIS01", "DIS02", "DIS03", "DIS05", "DIS06", "DIS07",
                                      "DIS08", "DIS13", "DIS14", "DIS17", "DIS20", "DIS91", "REF01", "REF02", "REF06",
                                      "REF07", "REQ01", "REQ02", "REQ03", "RPT01", "RPT03", "RPT04", "PRE01", "PRE60"};
  size_t n = 0;
  for (size_t i = 0; i < 3 * sizeof types / sizeof *types; i++) {
    struct mail edi, xml;
    struct str name = arena_printf(a, "%s_%zu", types[i / 3], i % 3 + 1);
    const char *folder = file_join(a, dir, SAMPLES);
    if (!read_mail(&edi, a, arena_printf(a, "%s/edifact/%.*s.edi", folder, STR_F(name)).p)) continue;
    cr_assert(read_mail(&xml, a, arena_printf(a, "%s/xml/%.*s.xml", folder, STR_F(name)).p), "%s", name.p);
    compare(name.p, &edi, &xml);
    n++;
  }
  cr_expect_eq(n, 42);
  arena_free(a);
}

static void silent(void *context, const char *text, ...) {
  (void)context;
  (void)text;
}

static bool fits(xmlSchemaPtr schema, const struct receipt *r) {
  struct buf b;
  buf_init(&b, RECEIPT_BYTES_MAX);
  receipt_write(&b, r);
  struct str bytes = buf_str(&b);
  xmlDocPtr doc = xmlReadMemory(bytes.p, (int)bytes.n, "receipt", NULL, XML_PARSE_NONET);
  xmlSchemaValidCtxtPtr v = xmlSchemaNewValidCtxt(schema);
  bool valid = doc && xmlSchemaValidateDoc(v, doc) == 0;
  xmlSchemaFreeValidCtxt(v);
  xmlFreeDoc(doc);
  buf_release(&b);
  return valid;
}

Test(mail_shared, receipts_fit_the_schema) {
  struct arena *a = arena_new(0);
  SHARED_OR_SKIP(a, dir, SCHEMA);
  struct mail to;
  cr_assert(read_mail(&to, a, file_join(a, dir, SAMPLES "/xml/REF01_1.xml")));
  xmlSetGenericErrorFunc(NULL, silent);
  xmlSchemaPtr schema = xmlSchemaParse(xmlSchemaNewParserCtxt(file_join(a, dir, SCHEMA)));
  cr_assert_not_null(schema);
  for (size_t i = 0; i < 2 * receipt_rows_n; i++) {
    const struct receipt_row *row = &receipt_rows[i / 2];
    struct receipt r;
    struct receipt_order o = {.row = row,
                              .to = &to,
                              .id = STR("S1"),
                              .letter_id = STR("S2"),
                              .at = INT64_C(1767610800000),
                              .code = STR("MID"),
                              .text = STR("Første\nAnden & sidste"),
                              .about_letter = i % 2,
                              .mailbox = STR("DKTESTCAMP")};
    if (row->syntax != MAIL_OIOXML) continue;
    receipt_make(&r, a, &o);
    cr_expect(fits(schema, &r), "%s, about the %s", row->name, i % 2 ? "letter" : "envelope");
    receipt_fault_named(STR("no-letters"))->spoil(&r, a);
    cr_expect(fits(schema, &r), "a receipt without letters fits the schema, so that is for a rule to find");
    r.of = STR("longer than 14 characters");
    cr_expect(!fits(schema, &r), "the schema is looked at");
  }
  xmlSchemaFree(schema);
  arena_free(a);
}
