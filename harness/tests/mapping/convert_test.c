/* Letters there and back: what must be there, what is told, and that nothing else is lost. */
#include "world.h"

#include "tests/cpu.h"

#include <libxml/xmlschemas.h>

static struct world w;

static void setup(void) {
  world_open(&w);
}
static void teardown(void) {
  world_close(&w);
}
TestSuite(convert, .init = setup, .fini = teardown);

static struct str value(const struct correspondence *c, const char *key, size_t i) {
  return correspondence_value(c, key, i);
}
#define EXPECT(c, key, i, text)                                                                                        \
  cr_expect(str_eqz(value((c), (key), (i)), (text)), "%s is \"%.*s\"", (key), STR_F(value((c), (key), (i))))

static void both(struct source *in) {
  in[0] = world_data(&w, "xdis91.xml");
  in[1] = world_data(&w, "xbin01.xml");
}

Test(convert, xdis91_and_xbin01_become_one_carecommunication) {
  struct source in[2];
  both(in);
  struct conversion x = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  cr_assert_eq(x.out.n, 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  EXPECT(&c, "patient.cpr", 0, "2512489996");
  EXPECT(&c, "patient.given", 0, "Nancy Ann");
  EXPECT(&c, "patient.status", 0, "indlagt");
  EXPECT(&c, "episode.id", 0, "4f0c2c6a5d1b5b3e9a7d2f10c6b8e421");
  EXPECT(&c, "letter.time", 0, "2026-07-14T09:30");
  EXPECT(&c, "message.category", 0, "other");
  EXPECT(&c, "message.priority", 0, "høj_prioritet");
  EXPECT(&c, "attachment.title", 1, "Sårskema");
  EXPECT(&c, "attachment.extension", 0, "png");
  EXPECT(&c, "sender.sor", 0, "8888021000016001");
  EXPECT(&c, "text.phone", 0, "00001201");
  cr_expect(correspondence_at(&c, "attachment.data", 0) && correspondence_at(&c, "attachment.data", 1));
  cr_expect(str_ends(correspondence_literal(&c, "letter.time", 0), STR("+02:00")));
  cr_expect_eq(x.missing, 0);
  cr_expect(world_told(&w, "convert.priority"));
}

Test(convert, a_pair_of_ids_is_told_for_each_letter) {
  struct source in[2];
  both(in);
  struct conversion x = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  cr_assert_eq(x.made.n, 2);
  cr_expect(str_eq(x.made.v[0].header, x.out.v[0].header) && str_eq(x.made.v[1].header, x.out.v[0].header));
  cr_expect(str_eqz(x.made.v[0].letter, "TCB26071400001"));
  cr_expect(str_eqz(x.made.v[1].letter, "TCB26071400002"));
  cr_expect(str_eqz(x.made.v[1].version, "XB0131X"));
}

Test(convert, the_same_inputs_and_seed_give_the_same_bytes) {
  struct source in[2];
  both(in);
  struct conversion x = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  struct conversion y = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  cr_expect(str_eq(x.out.v[0].bytes, y.out.v[0].bytes));
  w.o.seed = STR("another");
  y = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  cr_expect(!str_eq(x.out.v[0].bundle, y.out.v[0].bundle));
}

/* Lines go whole into the next section; only one that alone fills more than a section is cut, and told as sections. */
Test(convert, a_long_text_takes_several_sections_of_edifact_and_comes_back_whole) {
  struct str letter = world_data(&w, "xdis91.xml").bytes;
  struct buf b;
  size_t at = str_find(letter, STR("<Text01>"), 0) + 8;
  buf_init(&b, FILE_MAX);
  buf_add(&b, str_sub(letter, 0, at));
  for (int i = 0; i < 120; i++)
    buf_printf(&b,
               "Linje %d: åben journal + 'prøve' ? : der er længere end en komponent kan rumme i EDIFACT, og lidt til"
               "<Break/><Break/>",
               i);
  buf_add(&b, str_sub(letter, at, letter.n));
  struct source xml = {STR("long"), buf_take(&b, w.a)};
  struct conversion x = world_convert(&w, CONVERT_DIS91, &xml, 1);
  struct source edi = world_out(&x, 0);
  struct conversion y = world_convert(&w, CONVERT_XDIS91, &edi, 1);
  struct correspondence before = world_read(&w, xml), between = world_read(&w, edi),
                        after = world_read(&w, world_out(&y, 0));
  cr_expect_gt(correspondence_count(&between, "text"), correspondence_count(&before, "text"));
  struct str whole = value(&before, "text.content", 0);
  for (size_t i = 0; i + 1 < correspondence_count(&after, "text"); i++)
    for (struct str rest = value(&after, "text.content", i); rest.n;) {
      struct str line = str_cut(&rest, '\n');
      cr_expect(str_starts(whole, line), "\"%.*s\" is not next", STR_F(line));
      whole = str_trim(str_sub(whole, line.n, whole.n));
    }
  cr_expect_eq(whole.n, 0);
}

Test(convert, an_object_that_is_not_there_leaves_an_attachment_without_content_and_title) {
  struct source in = world_data(&w, "xdis91.xml");
  struct conversion x = world_convert(&w, CONVERT_CARECOMMUNICATION, &in, 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  cr_expect_eq(x.missing, 2);
  cr_expect_eq(correspondence_count(&c, "attachment"), 2);
  cr_expect_null(correspondence_at(&c, "attachment.title", 0));
  cr_expect_null(correspondence_at(&c, "attachment.data", 0));
  cr_expect(world_told(&w, "convert.no-object"));
}

Test(convert, objects_alone_are_not_converted_to_fhir) {
  struct source in = world_data(&w, "xbin01.xml");
  world_refused(&w, CONVERT_CARECOMMUNICATION, &in, 1, "passed on as they are");
}

static void there_and_back(enum convert_type to, enum convert_type back) {
  struct source in[2], out[2];
  both(in);
  struct conversion x = world_convert(&w, to, in, 2);
  cr_assert_eq(x.out.n, 2);
  out[0] = world_out(&x, 0);
  out[1] = world_out(&x, 1);
  struct conversion y = world_convert(&w, back, out, 2);
  cr_assert_eq(y.out.n, 2);
  for (size_t i = 0; i < 2; i++) {
    struct correspondence before = world_read(&w, in[i]), after = world_read(&w, world_out(&y, i));
    cr_expect_eq(before.list.n + 1, after.list.n, "the speciality 99 of EDIFACT is all that comes to it");
    for (size_t k = 0; k < before.list.n; k++) {
      const struct mapping_element *e = &before.list.v[k];
      EXPECT(&after, arena_z(w.a, e->row->key), e->group, arena_z(w.a, e->value));
    }
  }
}

Test(convert, xdis91_to_dis91_and_back_keeps_every_element) {
  there_and_back(CONVERT_DIS91, CONVERT_XDIS91);
}

/* What MedCom's map does not carry, and the ids, are all that may be lost over FHIR. */
Test(convert, xdis91_over_carecommunication_and_back) {
  struct source in[2];
  both(in);
  struct conversion x = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  struct source cc = world_out(&x, 0);
  struct conversion y = world_convert(&w, CONVERT_XDIS91, &cc, 1);
  cr_assert_eq(y.out.n, 2);
  struct correspondence before = world_read(&w, in[0]), after = world_read(&w, world_out(&y, 0));
  static const char *const kept[] = {
      "envelope.sent",    "letter.time",          "letter.status",     "episode.id",      "sender.gln",
      "sender.id",        "sender.organisation",  "sender.phone",      "receiver.gln",    "receiver.id",
      "patient.cpr",      "patient.surname",      "patient.given",     "patient.street",  "patient.district",
      "patient.postcode", "patient.status",       "message.priority",  "message.subject", "attachment.title",
      "attachment.id",    "attachment.extension", "attachment.object", "attachment.size"};
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
    EXPECT(&after, kept[i], 0, arena_z(w.a, value(&before, kept[i], 0)));
  struct correspondence objects = world_read(&w, in[1]), again = world_read(&w, world_out(&y, 1));
  for (size_t i = 0; i < 2; i++)
    EXPECT(&again, "attachment.data", i, arena_z(w.a, value(&objects, "attachment.data", i)));
}

Test(convert, a_reply_says_so_first_and_the_thread_stands_behind) {
  struct source in = world_fixture(&w, "carecommunication/reply.json");
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &in, 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  cr_expect(str_starts(value(&c, "text.content", 0), STR("Denne meddelelse er et svar på en tidligere meddelelse.")));
  cr_expect(str_starts(value(&c, "text.content", 1), STR("Tidligere meddelelse fra Jonas Øveby, 2026-01-12T08:00:")));
  cr_expect_eq(x.out.n, 2, "its own attachment goes in an XBIN01");
  cr_expect(world_told(&w, "convert.note") && world_told(&w, "convert.history"));
}

Test(convert, a_forward_says_so) {
  struct source in = world_fixture(&w, "carecommunication/forward.json");
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &in, 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  cr_expect(str_starts(value(&c, "text.content", 0), STR("Denne meddelelse er en videresendelse")));
}

Test(convert, an_old_attachment_without_content_is_named_at_the_end_of_the_text) {
  struct source in = world_fixture(&w, "carecommunication/forward-attachment.json");
  struct buf b;
  size_t from = str_find(in.bytes, STR("\"data\""), 0), to = str_index(str_sub(in.bytes, from, in.bytes.n), ',');
  cr_assert_neq(from, SIZE_MAX);
  buf_init(&b, FILE_MAX);
  buf_add(&b, str_sub(in.bytes, 0, from));
  buf_add(&b, str_sub(in.bytes, from + to + 1, in.bytes.n));
  in.bytes = buf_take(&b, w.a);
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &in, 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  size_t n = correspondence_count(&c, "text");
  cr_expect(str_starts(value(&c, "text.content", n - 1), STR("Bilag til en tidligere meddelelse: ")));
  cr_expect_eq(x.out.n, 1);
  cr_expect(world_told(&w, "convert.old-file"));
}

Test(convert, of_several_identifiers_the_cpr_number_is_the_patients_and_the_others_stand_in_the_text) {
  struct source in = world_fixture(&w, "carecommunication/cpr-and-two-ecpr.json");
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &in, 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  EXPECT(&c, "patient.cpr", 0, "2512489996");
  EXPECT(&c, "text.content", 1,
         "Patienten har flere numre, end der er plads til i brevet; de resterende CPR-numre: 0703921VJ4, 1206550VK9");
}

Test(convert, of_two_replacement_numbers_the_national_one_is_the_patients) {
  struct source in = world_fixture(&w, "carecommunication/two-ecpr.json");
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &in, 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  EXPECT(&c, "patient.replacement", 0, "0703921VJ4");
  cr_expect(str_ends(value(&c, "text.content", 1), STR("CPR-numre: 1206550VK9")));
}

Test(convert, zulu_time_becomes_danish_clock_time) {
  struct source in = world_fixture(&w, "carecommunication/display-zulu.json");
  struct correspondence c = world_read(&w, in);
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &in, 1);
  struct correspondence after = world_read(&w, world_out(&x, 0));
  EXPECT(&after, "letter.time", 0, arena_z(w.a, value(&c, "letter.time", 0)));
}

/* Eleven attachments: all go along, in two XBIN01. */
Test(convert, more_than_ten_attachments_are_all_sent) {
  struct source in[12];
  struct str letter = world_data(&w, "xdis91.xml").bytes, one = world_data(&w, "xbin01.xml").bytes;
  struct buf b;
  size_t from = str_find(letter, STR("<Reference>"), 0), to = str_find(letter, STR("</Reference>"), 0) + 12;
  buf_init(&b, FILE_MAX);
  buf_add(&b, str_sub(letter, 0, from));
  buf_add(&b, str_sub(letter, from, str_find(letter, STR("</ClinicalEmail>"), 0)));
  (void)to;
  buf_add(&b, STR("</ClinicalEmail></Emessage>"));
  in[0] = (struct source){STR("letter"), buf_take(&b, w.a)};
  for (size_t i = 1; i < 11; i++) {
    char *copy = arena_z(w.a, one);
    char *id = strstr(copy, "5b1f6d2a");
    id[0] = "0123456789abcdef"[i];
    id = strstr(copy, "0a1b2c3d");
    id[1] = "0123456789abcdef"[i];
    in[i] = (struct source){STR("objects"), {copy, one.n}};
  }
  struct conversion x = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 11);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  size_t n = correspondence_count(&c, "attachment");
  cr_expect_gt(n, 10);
  cr_expect(world_told(&w, "convert.many-files"));
  struct source cc = world_out(&x, 0);
  struct conversion y = world_convert(&w, CONVERT_XDIS91, &cc, 1);
  size_t objects = 0;
  for (size_t i = 1; i < y.out.n; i++) {
    struct correspondence o = world_read(&w, world_out(&y, i));
    cr_expect_leq(correspondence_count(&o, "attachment"), 10);
    objects += correspondence_count(&o, "attachment");
  }
  cr_expect_eq(objects + x.missing, n);
}

/* A CareCommunication with so many small attachments, as an XDIS91 and its XBIN01 would come. */
static struct source letter_with(size_t n, size_t octets) {
  struct str letter = world_data(&w, "xdis91.xml").bytes;
  struct source in[2] = {{STR("letter"), {0}}, {STR("objects"), {0}}};
  struct buf text, objects, data;
  struct str one = world_data(&w, "xbin01.xml").bytes;
  size_t from = str_find(one, STR("<BinaryObject>"), 0);
  buf_init(&data, 4 * octets + 64);
  for (size_t i = 0; i < octets; i += 3) buf_addz(&data, "QUJD");
  buf_init(&text, FILE_MAX);
  buf_init(&objects, (size_t)512 << 20);
  buf_add(&text, str_sub(letter, 0, str_find(letter, STR("<Reference>"), 0)));
  buf_add(&objects, str_sub(one, 0, from));
  for (size_t i = 0; i < n; i++) {
    const char *bin =
        "<ObjectIdentifier>%08zx000040008000000000000000</ObjectIdentifier><ObjectCode>tekstfil</ObjectCode>"
        "<ObjectExtensionCode>txt</ObjectExtensionCode><OriginalObjectSize>%zu</OriginalObjectSize>";
    struct str said = arena_printf(w.a, bin, i, octets);
    buf_printf(&text, "<Reference><RefDescription>Bilag %zu</RefDescription><BIN>%.*s</BIN></Reference>", i,
               STR_F(said));
    buf_printf(&objects, "<BinaryObject>%.*s<Object_Base64Encoded>", STR_F(said));
    buf_add(&objects, buf_str(&data));
    buf_addz(&objects, "</Object_Base64Encoded></BinaryObject>");
  }
  buf_addz(&text, "</ClinicalEmail></Emessage>");
  buf_addz(&objects, "</BinaryLetter></Emessage>");
  in[0].bytes = buf_take(&text, w.a);
  in[1].bytes = buf_take(&objects, w.a);
  buf_release(&data);
  struct conversion x = world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  return world_out(&x, 0);
}

Test(convert, ten_attachments_are_as_many_as_a_letter_names) {
  struct source cc = letter_with(10, 3);
  cr_expect(!world_told(&w, "convert.many-files"));
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &cc, 1);
  cr_expect(!world_told(&w, "convert.many-files"));
  cr_assert_eq(x.out.n, 2);
  struct correspondence objects = world_read(&w, world_out(&x, 1));
  cr_expect_eq(correspondence_count(&objects, "attachment"), 10);
}

Test(convert, of_eleven_attachments_ten_are_named_and_all_are_sent) {
  struct source cc = letter_with(11, 3);
  cr_expect(world_told(&w, "convert.many-files"));
  struct conversion x = world_convert(&w, CONVERT_XDIS91, &cc, 1);
  cr_assert_eq(x.out.n, 3);
  struct correspondence letter = world_read(&w, world_out(&x, 0)), first = world_read(&w, world_out(&x, 1)),
                        second = world_read(&w, world_out(&x, 2));
  cr_expect_eq(correspondence_count(&letter, "attachment"), 10);
  cr_expect_eq(correspondence_count(&first, "attachment"), 10);
  cr_expect_eq(correspondence_count(&second, "attachment"), 1);
}

Test(convert, what_is_too_large_for_an_envelope_is_converted_and_told) {
  struct source cc = letter_with(1, 78 * 1000 * 1000);
  cr_expect_gt(cc.bytes.n, (size_t)100 * 1000 * 1000);
  cr_expect(world_told(&w, "convert.too-large"));
  cr_expect(!world_told(&w, "convert.size"));
}

Test(convert, what_fits_an_envelope_is_not_told) {
  (void)letter_with(1, 3000);
  cr_expect(!world_told(&w, "convert.too-large"));
}

/* ---- sizes ---- */

static struct source changed(struct source s, const char *from, const char *to) {
  size_t at = str_find(s.bytes, str_z(from), 0);
  cr_assert_neq(at, SIZE_MAX, "%s", from);
  s.bytes = arena_printf(w.a, "%.*s%s%.*s", STR_F(str_sub(s.bytes, 0, at)), to,
                         STR_F(str_sub(s.bytes, at + strlen(from), s.bytes.n)));
  return s;
}

static size_t sizes_told(void) {
  size_t n = 0;
  for (size_t i = 0; i < w.f.list.n; i++) n += str_eqz(w.f.list.v[i].rule, "convert.size");
  return n;
}

Test(convert, a_size_that_is_right_is_not_told) {
  struct source in[2];
  both(in);
  (void)world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
  cr_expect_eq(sizes_told(), 0);
}

Test(convert, a_size_that_lies_is_told_where_it_stands) {
  for (size_t lying = 0; lying < 2; lying++) {
    struct source in[2];
    both(in);
    findings_init(&w.f, w.a);
    in[lying] = changed(in[lying], "<OriginalObjectSize>", "<OriginalObjectSize>9");
    (void)world_convert(&w, CONVERT_CARECOMMUNICATION, in, 2);
    cr_assert_eq(sizes_told(), 1, "%zu", lying);
    for (size_t i = 0; i < w.f.list.n; i++) {
      if (!str_eqz(w.f.list.v[i].rule, "convert.size")) continue;
      cr_expect(str_eq(w.f.list.v[i].where.message, in[lying].name));
      cr_expect_gt(w.f.list.v[i].where.line, 0);
    }
  }
}

Test(convert, a_lying_size_is_not_handed_on_to_edifact) {
  struct source in[2];
  both(in);
  in[1] = changed(in[1], "<OriginalObjectSize>", "<OriginalObjectSize>9");
  struct conversion x = world_convert(&w, CONVERT_DIS91, &in[1], 1);
  cr_expect_eq(sizes_told(), 1);
  struct correspondence c = world_read(&w, world_out(&x, 0));
  struct correspondence right = world_read(&w, world_data(&w, "xbin01.xml"));
  cr_expect(str_eq(value(&c, "attachment.size", 0), value(&right, "attachment.size", 0)));
}

/* Some thousand sections and attachments, each looked up by its number and its id. */
Test(convert, thousands_of_sections_are_read_in_time_that_grows_with_them, .timeout = 120) {
  struct str cc = letter_with(1, 3).bytes;
  size_t at = str_find(cc, STR("\"payload\": ["), 0);
  struct buf b;
  cr_assert_neq(at, SIZE_MAX);
  at += 12;
  buf_init(&b, FILE_MAX);
  buf_add(&b, str_sub(cc, 0, at));
  for (int i = 0; i < 5000; i++)
    buf_printf(&b,
               "{\"extension\": [{\"url\": \"http://medcomfhir.dk/ig/core/StructureDefinition/"
               "medcom-core-identifier-extension\", \"valueIdentifier\": {\"value\": \"urn:uuid:%08x-0000-4000-8000-"
               "000000000001\"}}], \"contentString\": \"Linje %d\"},",
               i, i);
  buf_add(&b, str_sub(cc, at, cc.n));
  struct source in = {STR("letter"), buf_take(&b, w.a)};
  struct correspondence c = world_read(&w, in);
  cr_expect_geq(correspondence_count(&c, "text"), 5000);
  const struct mapping_element *found = correspondence_find(&c, "text.id", STR("00000fff000040008000000000000001"));
  cr_assert_not_null(found);
  cr_expect(str_eqz(value(&c, "text.content", found->group), "Linje 4095"));
  int64_t start = cpu_ms();
  for (size_t i = 0; i < 5000; i++) cr_assert_gt(value(&c, "text.content", i).n, 0);
  cr_expect_lt(cpu_ms() - start, 2000);
}

/* ---- receipts ---- */

static struct source receipt(const char *kind, const char *type, const char *version, const char *original,
                             const char *refusal) {
  return (struct source){
      STR("receipt"),
      arena_printf(w.a,
                   "<Emessage xmlns=\"http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2005/08/07/\"><Envelope><Sent>"
                   "<Date>2026-07-14</Date><Time>09:40</Time></Sent><Identifier>K%s</Identifier><AcknowledgementCode>"
                   "minuspositivkvitt</AcknowledgementCode></Envelope><%s><Letter><Identifier>R%s</Identifier>"
                   "<VersionCode>%s</VersionCode><StatisticalCode>%s</StatisticalCode></Letter><Sender><EANIdentifier>"
                   "5790008888049</EANIdentifier></Sender><Receiver><EANIdentifier>5790008888025</EANIdentifier>"
                   "</Receiver><OriginalEmessage><OriginalEnvelopeIdentifier>E</OriginalEnvelopeIdentifier>"
                   "<OriginalSender><EANIdentifier>5790008888025</EANIdentifier></OriginalSender><OriginalReceiver>"
                   "<EANIdentifier>5790008888049</EANIdentifier></OriginalReceiver><OriginalLetter>"
                   "<OriginalLetterIdentifier>%s</OriginalLetterIdentifier><OriginalVersionCode>XD9134L"
                   "</OriginalVersionCode>%s</OriginalLetter></OriginalEmessage></%s></Emessage>",
                   original, kind, original, version, type, original, refusal, kind)};
}

static struct source positive(const char *original) {
  return receipt("PositiveReceipt", "XCTL03", "XC0330Q", original, "");
}

static struct source negative(const char *original) {
  return receipt(
      "NegativeReceipt", "XCTL02", "XC0230Q", original,
      "<RefuseCode>problem_med_version</RefuseCode><RefuseText>Kan ikke modtages<Break/>Hilsen</RefuseText>");
}

static const struct convert_pair pairs[] = {{STR_INIT("b-1"),
                                             STR_INIT("11111111-1111-4111-8111-111111111111"),
                                             STR_INIT("E1"),
                                             STR_INIT("L1"),
                                             STR_INIT("XD9134L"),
                                             STR_INIT("5790008888025"),
                                             STR_INIT("5790008888049"),
                                             {0},
                                             {0},
                                             STR_INIT("XBIN01 kom ikke inden 60 minutter")},
                                            {STR_INIT("b-1"),
                                             STR_INIT("11111111-1111-4111-8111-111111111111"),
                                             STR_INIT("E2"),
                                             STR_INIT("L2"),
                                             STR_INIT("XB0131X"),
                                             STR_INIT("5790008888025"),
                                             STR_INIT("5790008888049"),
                                             {0},
                                             {0},
                                             {0}},
                                            {STR_INIT("b-2"),
                                             STR_INIT("22222222-2222-4222-8222-222222222222"),
                                             STR_INIT("E3"),
                                             STR_INIT("L3"),
                                             STR_INIT("XD9134L"),
                                             STR_INIT("5790008888025"),
                                             STR_INIT("5790008888049"),
                                             {0},
                                             {0},
                                             {0}}};

static struct correspondence acknowledged(const struct source *in, size_t n) {
  w.o.pairs = pairs;
  w.o.pairs_n = 3;
  struct conversion x = world_convert(&w, CONVERT_ACKNOWLEDGEMENT, in, n);
  cr_assert_eq(x.out.n, 1);
  return world_read(&w, world_out(&x, 0));
}

Test(convert, positive_receipts_of_letter_and_objects_are_one_positive_acknowledgement) {
  struct source in[] = {positive("L1"), positive("L2")};
  struct correspondence c = acknowledged(in, 2);
  EXPECT(&c, "receipt.kind", 0, "positive");
  EXPECT(&c, "receipt.header", 0, "11111111-1111-4111-8111-111111111111");
  EXPECT(&c, "sender.gln", 0, "5790008888049");
  cr_expect(!world_told(&w, "convert.mixed"));
}

Test(convert, one_negative_receipt_makes_the_acknowledgement_negative) {
  struct source in[] = {positive("L1"), negative("L2")};
  struct correspondence c = acknowledged(in, 2);
  EXPECT(&c, "receipt.kind", 0, "negative");
  EXPECT(&c, "receipt.code", 0, "problem_med_version");
  EXPECT(&c, "receipt.text", 0, "Kan ikke modtages\nHilsen");
  cr_expect(world_told(&w, "convert.mixed"));
}

Test(convert, receipts_of_other_messages_are_refused) {
  struct source mixed[] = {positive("L1"), positive("L3")}, unknown[] = {positive("L9")};
  w.o.pairs = pairs;
  w.o.pairs_n = 3;
  world_refused(&w, CONVERT_ACKNOWLEDGEMENT, mixed, 2, "more than one message");
  world_refused(&w, CONVERT_ACKNOWLEDGEMENT, unknown, 1, "no pair of ids");
}

Test(convert, an_acknowledgement_answers_every_letter_and_says_what_the_conversion_knew) {
  struct source in[] = {negative("L1")};
  w.o.pairs = pairs;
  w.o.pairs_n = 3;
  struct conversion x = world_convert(&w, CONVERT_ACKNOWLEDGEMENT, in, 1);
  struct source ack = world_out(&x, 0);
  struct conversion y = world_convert(&w, CONVERT_XCTL, &ack, 1);
  cr_assert_eq(y.out.n, 2);
  struct correspondence first = world_read(&w, world_out(&y, 0)), second = world_read(&w, world_out(&y, 1));
  EXPECT(&first, "original.letter", 0, "L1");
  EXPECT(&first, "receipt.envelope", 0, "E1");
  EXPECT(&first, "original.text", 0, "XBIN01 kom ikke inden 60 minutter\nKan ikke modtages\nHilsen");
  EXPECT(&second, "original.letter", 0, "L2");
  EXPECT(&second, "original.text", 0, "Kan ikke modtages\nHilsen");
  EXPECT(&second, "receipt.kind", 0, "negative");
}

Test(convert, receipts_keep_everything_between_oioxml_and_edifact) {
  struct source in = negative("L1");
  struct conversion x = world_convert(&w, CONVERT_CTL, &in, 1);
  struct source edi = world_out(&x, 0);
  struct conversion y = world_convert(&w, CONVERT_XCTL, &edi, 1);
  struct correspondence before = world_read(&w, in), after = world_read(&w, world_out(&y, 0));
  for (size_t k = 0; k < before.list.n; k++)
    EXPECT(&after, arena_z(w.a, before.list.v[k].row->key), before.list.v[k].group,
           arena_z(w.a, before.list.v[k].value));
}

/* ---- by the schemas ---- */

static void valid(struct str bytes, const char *schema) {
  char *path = file_join(w.a, w.shared, arena_printf(w.a, SCHEMAS "%s/EMessage.xsd", schema).p);
  xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
  xmlSchemaPtr s = xmlSchemaParse(parser);
  cr_assert_not_null(s, "%s", path);
  xmlDocPtr doc = xmlReadMemory(bytes.p, (int)bytes.n, "out", NULL, XML_PARSE_HUGE);
  xmlSchemaValidCtxtPtr v = xmlSchemaNewValidCtxt(s);
  cr_expect_eq(xmlSchemaValidateDoc(v, doc), 0, "%.*s", STR_F(bytes));
  xmlSchemaFreeValidCtxt(v);
  xmlFreeDoc(doc);
  xmlSchemaFree(s);
  xmlSchemaFreeParserCtxt(parser);
}

Test(convert, what_is_written_is_valid_by_medcoms_schemas) {
  static const char *const fixtures[] = {"reply", "forward-attachment", "new-full", "cpr-and-two-ecpr", "new-episode"};
  if (!w.shared) cr_skip_test("MedCom's schemas are not here");
  for (size_t i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++) {
    struct source in = world_fixture(&w, arena_printf(w.a, "carecommunication/%s.json", fixtures[i]).p);
    struct conversion x = world_convert(&w, CONVERT_XDIS91, &in, 1);
    valid(x.out.v[0].bytes, "2006/07/01");
    for (size_t k = 1; k < x.out.n; k++) valid(x.out.v[k].bytes, "2012/03/28");
  }
}

Test(convert, receipts_that_are_written_are_valid_by_medcoms_schemas) {
  struct source in[] = {negative("L1")};
  if (!w.shared) cr_skip_test("MedCom's schemas are not here");
  w.o.pairs = pairs;
  w.o.pairs_n = 3;
  struct conversion x = world_convert(&w, CONVERT_ACKNOWLEDGEMENT, in, 1);
  struct source ack = world_out(&x, 0);
  struct conversion y = world_convert(&w, CONVERT_XCTL, &ack, 1);
  for (size_t i = 0; i < y.out.n; i++) valid(y.out.v[i].bytes, "2005/08/07");
}

/* MedCom's own pairs: what we write is byte for byte what MedCom's converter wrote. */
Test(convert, oioxml_becomes_the_very_edifact_of_medcoms_samples) {
  static const char *const names[] = {"DIS91_1", "DIS91_2", "CTL01_1", "CTL02_1", "CTL03_1"};
  if (!w.shared) cr_skip_test("MedCom's samples are not here");
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    struct source xml = world_file(&w, arena_printf(w.a, SAMPLES "xml/%s.xml", names[i]).p);
    struct source edi = world_file(&w, arena_printf(w.a, SAMPLES "edifact/%s.edi", names[i]).p);
    struct buf b;
    struct conversion x = world_convert(&w, *names[i] == 'D' ? CONVERT_DIS91 : CONVERT_CTL, &xml, 1);
    buf_init(&b, FILE_MAX);
    for (size_t k = 0; k < edi.bytes.n; k++)
      if (edi.bytes.p[k] != '\r' && edi.bytes.p[k] != '\n') buf_byte(&b, edi.bytes.p[k]);
    cr_expect(str_eq(x.out.v[0].bytes, buf_take(&b, w.a)), "%s", names[i]);
  }
}
