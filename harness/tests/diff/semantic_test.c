/* Letters compared by meaning: MedCom's pairs are equal, and every element that is changed is found. */
#include "base/file.h"
#include "diff/semantic.h"
#include "tests/cpu.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define SAMPLES "legacy/edi-oioxml/test/complete/files"
#define LETTER TEST_ROOT "/harness/tests/data/mapping/xdis91.xml"
#define FILE_MAX ((size_t)64 << 20)

static struct arena *a;
static struct conversion_rules *rules;

static void setup(void) {
  struct error e;
  a = arena_new(0);
  cr_assert_eq(conversion_rules_load(&rules, a, TEST_ROOT, &e), 0, "%s", e.text);
}
static void teardown(void) {
  arena_free(a);
}
TestSuite(semantic, .init = setup, .fini = teardown);

static struct str bytes_of(const char *path) {
  struct error e;
  struct str s;
  cr_assert_eq(file_read(&s, a, path, FILE_MAX, &e), 0, "%s: %s", path, e.text);
  return s;
}

static struct correspondence letter(const char *name, struct str bytes) {
  struct correspondence c;
  struct error e;
  cr_assert_eq(correspondence_read(&c, a, rules, (struct source){str_z(name), bytes}, &e), 0, "%s: %s", name, e.text);
  return c;
}

static size_t compare(struct findings *f, struct str expected, struct str actual) {
  struct correspondence x = letter("expected", expected), y = letter("actual", actual);
  findings_init(f, a);
  return diff_semantic(f, &x, &y);
}

static struct str replaced(struct str s, const char *from, const char *to) {
  size_t at = str_find(s, str_z(from), 0);
  cr_assert_neq(at, SIZE_MAX, "%s", from);
  return arena_printf(a, "%.*s%s%.*s", STR_F(str_sub(s, 0, at)), to, STR_F(str_sub(s, at + strlen(from), s.n)));
}

/* MedCom's own pairs: read from the shared folder, where it is. */
static const char *samples(void) {
  const char *set = getenv("TESTCAMP_SHARED"), *shared = set ? set : TEST_ROOT "/../shared";
  const char *folder = file_join(a, shared, SAMPLES);
  if (!file_is_dir(folder)) cr_skip_test("MedCom's samples are not here");
  return folder;
}

static struct str sample(const char *folder, const char *stem, const char *kind, const char *end) {
  return bytes_of(file_join(a, folder, arena_printf(a, "%s/%s.%s", kind, stem, end).p));
}

static size_t told(const struct findings *f, const char *rule) {
  size_t n = 0;
  for (size_t i = 0; i < f->list.n; i++) n += str_eqz(f->list.v[i].rule, rule);
  return n;
}

/* Correspondence, receipts and notifications are compared whole; of the others something is not, and that is told. */
static bool is_whole(const char *name) {
  static const char *const whole[] = {"DIS91", "DIS20", "DIS17", "CTL"};
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
    if (strncmp(name, whole[i], strlen(whole[i])) == 0) return true;
  return false;
}

Test(semantic, medcoms_pairs_of_edifact_and_oioxml_say_the_same) {
  const char *folder = samples();
  struct error e;
  char **names;
  size_t n, compared = 0;
  cr_assert_eq(file_list(&names, &n, a, file_join(a, folder, "xml"), &e), 0);
  for (size_t i = 0; i < n; i++, compared++) {
    struct findings f;
    char *stem = arena_z(a, str_sub(str_z(names[i]), 0, strlen(names[i]) - 4));
    size_t differences = compare(&f, sample(folder, stem, "edifact", "edi"), sample(folder, stem, "xml", "xml"));
    cr_expect_eq(differences, is_whole(stem) ? 0 : 1, "%s: %.*s", stem, STR_F(f.list.n ? f.list.v[0].en : STR("")));
    cr_expect_eq(told(&f, "diff.semantic.partial"), is_whole(stem) ? 0 : 1, "%s", stem);
  }
  cr_expect_eq(compared, 42);
}

/* One element of the OIOXML of a pair is another than in EDIFACT: found, and by nothing else. */
static const struct {
  const char *stem, *from, *to, *rule, *row;
} broken[] = {
    {"RPT01_2", "NPU01807", "NPU01808", "diff.semantic.value", "analysis code"},
    {"RPT01_2", "<Value>128", "<Value>129", "diff.semantic.value", "value"},
    {"RPT01_2", "mol/l</Unit>", "mol</Unit>", "diff.semantic.value", "unit"},
    {"RPT01_2", "<LowerLimit>60", "<LowerLimit>61", "diff.semantic.value", "lower limit"},
    {"RPT01_2", "<UpperLimit>130</UpperLimit>", "", "diff.semantic.missing", "upper limit"},
    {"RPT01_2", "</Unit>", "</Unit><ResultValidation>for_hoej</ResultValidation>", "diff.semantic.extra",
     "mark of an abnormal result"},
    {"RPT01_2", "svar_endeligt", "svar_rettet", "diff.semantic.value", "whether the result is corrected"},
    {"RPT01_3", "svar_rettet", "svar_endeligt", "diff.semantic.value", "whether the result is corrected"},
    {"RPT01_2", "<LaboratoryInternalSampleIdentifier>00875137", "<LaboratoryInternalSampleIdentifier>00875138",
     "diff.semantic.value", "identifier of the sample at the laboratory"},
    {"RPT01_1", "<Value>Ja", "<Value>Nej", "diff.semantic.value", "value"},
    {"RPT01_1", "<ResultComments>Mobil digitus malleus<Break/></ResultComments>", "", "diff.semantic.value",
     "comment to the result"},
    {"RPT03_1", "<Code>M09462", "<Code>M09463", "diff.semantic.value", "code"},
    {"RPT04_1", "Regredieret", "Progredieret", "diff.semantic.value", "conclusion"},
    {"PRE01_1", "<PackageIdentifier>168740", "<PackageIdentifier>168741", "diff.semantic.value", "package number"},
    {"PRE01_1", "<DrugStrength>200 mg", "<DrugStrength>20 mg", "diff.semantic.value", "strength"},
    {"PRE01_1", "<NumberOfPackings>1", "<NumberOfPackings>2", "diff.semantic.value", "number of packages"},
    {"PRE01_1", "1 tablet 2 gange", "2 tablet 2 gange", "diff.semantic.value", "dosage"},
    {"PRE60_1", "<CivilRegistrationNumber>2512484916", "<CivilRegistrationNumber>2512484917", "diff.semantic.value",
     "CPR number"},
    {"REQ01_1", "NPU03946", "NPU03947", "diff.semantic.value", "analysis code"},
    {"REQ02_1", "<CodeText>Antibiotika efter</CodeText>", "<CodeText>Antibiotika</CodeText>", "diff.semantic.value",
     "question"},
    {"REQ02_1", "<Text>Ampicillin", "<Text>Penicillin", "diff.semantic.value", "answer"},
    {"REQ03_1", "<RequesterSampleIdentifier>12501200000182", "<RequesterSampleIdentifier>12501200000183",
     "diff.semantic.value", "identifier of the sample at the requester"},
};

Test(semantic, an_element_that_is_another_is_found_in_results_prescriptions_and_requests) {
  const char *folder = samples();
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    struct findings f;
    struct str xml = replaced(sample(folder, broken[i].stem, "xml", "xml"), broken[i].from, broken[i].to);
    size_t n = compare(&f, sample(folder, broken[i].stem, "edifact", "edi"), xml);
    cr_assert_eq(n, 2, "%s, %s: %zu", broken[i].stem, broken[i].from, n);
    cr_expect(str_eqz(f.list.v[0].rule, broken[i].rule), "%s: %.*s", broken[i].row, STR_F(f.list.v[0].rule));
    cr_expect(str_starts(f.list.v[0].en, str_z(broken[i].row)), "%s: %.*s", broken[i].row, STR_F(f.list.v[0].en));
  }
}

/* Two results, each with an interval: S20 ends the explicit group, so that the second stands in the S20 of the first.
 */
static struct str two_results(const char *second) {
  return arena_printf(
      a,
      "UNA:+.? 'UNB+UNOC:3+5790000120284:14+5790000125012:14+000116:1247+1'UNH+1+MEDRPT:D:93A:UN:R0130K+RPT01'"
      "BGM+LRP++9+NA'DTM+137:200001161252:203'S16+16'SPC+SCI+ATT'GIS+N'INV+MQ+NPU01807:CQU:SST:Creatinin'"
      "RSL+NV+128++:::mmol/l'STS++FR'S20+20'RND+U+60+130'%s'UNT+19+1'UNZ+1+1'",
      second);
}

Test(semantic, the_rest_of_a_result_goes_to_the_next_one_whatever_group_it_is_in) {
  struct str text =
      two_results("GIS+M'INV+MQ+NPU03946:CQU:SST:Calcium'RSL+NV+2++:::mmol/l+HI'STS++FR'S20+20'RND+F+1+3");
  struct correspondence c = letter("results", text);
  cr_assert_eq(correspondence_count(&c, "result"), 2);
  cr_expect(str_eqz(correspondence_value(&c, "result.lower", 0), "60"));
  cr_expect(str_eqz(correspondence_value(&c, "result.lower", 1), "1"));
  cr_expect(str_eqz(correspondence_value(&c, "result.interval", 1), "fysiologisk"));
  cr_expect(str_eqz(correspondence_value(&c, "result.corrected", 1), "svar_rettet"));
  cr_expect_null(correspondence_at(&c, "result.mark", 0));
  cr_expect(str_eqz(correspondence_value(&c, "result.mark", 1), "for_hoej"));
}

Test(semantic, an_interval_of_the_second_result_is_not_taken_for_the_first_ones) {
  struct str text = two_results("GIS+N'INV+MQ+NPU03946:CQU:SST:Calcium'RSL+NV+2++:::mmol/l'STS++FR");
  struct correspondence c = letter("results", text);
  cr_expect_null(correspondence_at(&c, "result.lower", 1));
  cr_expect(str_eqz(correspondence_value(&c, "result.lower", 0), "60"));
}

/* Each row of each result is looked for from its own INV: not from the beginning of the group that all stand in. */
Test(semantic, thousands_of_results_are_read_in_time_that_grows_with_them, .timeout = 120) {
  struct buf b;
  int64_t start = cpu_ms();
  buf_init(&b, FILE_MAX);
  for (int i = 0; i < 3000; i++) buf_printf(&b, "GIS+N'INV+MQ+NPU%05d:CQU:SST:C'RSL+NV+%d++:::mmol/l'STS++FR'", i, i);
  buf_addz(&b, "GIS+N'INV+MQ+NPU09999:CQU:SST:C'RSL+NV+1");
  struct correspondence c = letter("results", two_results(arena_z(a, buf_take(&b, a))));
  cr_assert_eq(correspondence_count(&c, "result"), 3002);
  cr_expect(str_eqz(correspondence_value(&c, "result.value", 2001), "2000"));
  cr_expect_lt(cpu_ms() - start, 5000);
}

/* A notification of a stay in FHIR, and the letter of the same: all that MedCom's map names. */
static struct str notification(const char *activity, const char *status, const char *end) {
  return arena_printf(
      a,
      "{\"resourceType\": \"Bundle\", \"id\": \"b1\", \"type\": \"message\", \"timestamp\": "
      "\"2026-01-24T21:30:00+01:00\","
      "\"entry\": [{\"fullUrl\": \"http://x/MessageHeader/h\", \"resource\": {\"resourceType\": \"MessageHeader\","
      "\"id\": \"h\", \"extension\": [{\"url\": \"http://x/medcom-messaging-reportOfAdmissionRecipientExtension\","
      "\"valueReference\": {\"reference\": \"Organization/s\"}}], \"eventCoding\": {\"code\":"
      "\"hospital-notification-message\"}, \"destination\": [{\"receiver\": {\"reference\": \"Organization/r\"}}],"
      "\"sender\": {\"reference\": \"Organization/s\"}}}, {\"fullUrl\": \"http://x/Organization/s\", \"resource\":"
      "{\"resourceType\": \"Organization\", \"id\": \"s\", \"identifier\": [{\"system\": \"https://www.gs1.org/gln\","
      "\"value\": \"5790008888025\"}], \"name\": \"Sygehuset, Afdeling A\"}}, {\"fullUrl\": "
      "\"http://x/Organization/r\","
      "\"resource\": {\"resourceType\": \"Organization\", \"id\": \"r\", \"identifier\": [{\"system\":"
      "\"https://www.gs1.org/gln\", \"value\": \"5790008888049\"}], \"name\": \"Kommunen\"}}, {\"fullUrl\":"
      "\"http://x/Patient/p\", \"resource\": {\"resourceType\": \"Patient\", \"id\": \"p\", \"identifier\": "
      "[{\"system\":"
      "\"urn:oid:1.2.208.176.1.2\", \"value\": \"2512489996\"}]}}, {\"fullUrl\": \"http://x/Encounter/e\", "
      "\"resource\":"
      "{\"resourceType\": \"Encounter\", \"id\": \"e\", \"meta\": {\"profile\": "
      "[\"http://x/medcom-hospitalNotification-"
      "encounter\"]}, \"status\": \"%s\", \"class\": {\"code\": \"IMP\"}, \"episodeOfCare\": [{\"identifier\":"
      "{\"system\": \"https://sor2.sum.dsdn.dk/#id=1\", \"value\": \"24681012\"}}], \"period\": {\"start\":"
      "\"2026-01-24T21:15:00+01:00\"%s}}}, {\"fullUrl\": \"http://x/Provenance/v\", \"resource\": {\"resourceType\":"
      "\"Provenance\", \"id\": \"v\", \"target\": [{\"reference\": \"MessageHeader/h\"}], \"activity\": {\"coding\":"
      "[{\"code\": \"%s\"}]}}}]}",
      status, end, activity);
}

static struct str stay_letter(const char *element, const char *type, const char *version, const char *status,
                              const char *event, const char *time) {
  return arena_printf(
      a,
      "<Emessage "
      "xmlns=\"http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2005/08/07/\"><Envelope><Sent><Date>2026-01-24"
      "</Date><Time>21:30</Time></Sent><Identifier>E1</Identifier><AcknowledgementCode>minuspositivkvitt"
      "</AcknowledgementCode></Envelope><%s><Letter><Identifier>L1</Identifier><VersionCode>%s</VersionCode>"
      "<StatisticalCode>%s</StatisticalCode><Authorisation><Date>2026-01-24</Date><Time>%s</Time></Authorisation>"
      "<TypeCode>%s</TypeCode><StatusCode>nytbrev</StatusCode><NotificationIdentifier>24681012</NotificationIdentifier>"
      "</Letter><Sender><EANIdentifier>5790008888025</EANIdentifier><Identifier>4202090</Identifier><IdentifierCode>"
      "sygehusafdelingsnummer</IdentifierCode><OrganisationName>Sygehuset</OrganisationName><DepartmentName>Afdeling A"
      "</DepartmentName><AnswerTo><EANIdentifier>5790008888025</EANIdentifier></AnswerTo></Sender><Receiver>"
      "<EANIdentifier>5790008888049</EANIdentifier><OrganisationName>Kommunen</OrganisationName></Receiver><Patient>"
      "<CivilRegistrationNumber>2512489996</CivilRegistrationNumber><EpisodeOfCareStatusCode>%s"
      "</EpisodeOfCareStatusCode></Patient><%s><Date>2026-01-24</Date><Time>%s</Time></%s></%s></Emessage>",
      element, version, type, time, type, status, event, time, event, element);
}

static struct str admission(void) {
  return stay_letter("NotificationOfAdmission", "XDIS20", "XD2030C", "indlagt", "Admission", "21:15");
}

Test(semantic, a_notification_of_admission_says_the_same_as_its_xdis20) {
  struct findings f;
  size_t n = compare(&f, admission(), notification("admit-inpatient", "in-progress", ""));
  cr_expect_eq(n, 0, "%.*s", STR_F(f.list.n ? f.list.v[0].en : STR("")));
}

Test(semantic, a_notification_of_discharge_says_the_same_as_its_xdis17) {
  struct findings f;
  struct str fhir = notification("discharge-inpatient-home", "finished", ", \"end\": \"2026-01-24T22:45:00+01:00\"");
  struct str letter_text = stay_letter("NotificationOfDischarge", "XDIS17", "XD1730C", "inaktiv", "Discharge", "22:45");
  size_t n = compare(&f, letter_text, fhir);
  cr_expect_eq(n, 0, "%.*s", STR_F(f.list.n ? f.list.v[0].en : STR("")));
}

static const struct {
  const char *from, *to, *rule, *row;
} stays[] = {
    {"2512489996", "2512489997", "diff.semantic.value", "CPR number"},
    {"24681012", "24681013", "diff.semantic.value", "identifier of the episode"},
    {"<Admission><Date>2026-01-24</Date><Time>21:15", "<Admission><Date>2026-01-24</Date><Time>20:15",
     "diff.semantic.value", "time of the admission"},
    {"indlagt", "ambulant", "diff.semantic.value", "status of the episode"},
    {"nytbrev", "annulleretbrev", "diff.semantic.value", "status of the letter"},
    {"<AnswerTo><EANIdentifier>5790008888025", "<AnswerTo><EANIdentifier>5790008888049", "diff.semantic.value",
     "who gets the report"},
    {"<AnswerTo><EANIdentifier>5790008888025</EANIdentifier></AnswerTo>", "", "diff.semantic.extra",
     "who gets the report"},
    {"Afdeling A", "Afdeling B", "diff.semantic.value", "organisation of the sender"},
};

Test(semantic, a_notification_that_says_something_else_than_its_xdis20_is_found) {
  for (size_t i = 0; i < sizeof stays / sizeof *stays; i++) {
    struct findings f;
    struct str letter_text = replaced(admission(), stays[i].from, stays[i].to);
    cr_assert_eq(compare(&f, letter_text, notification("admit-inpatient", "in-progress", "")), 1, "%s", stays[i].to);
    cr_expect(str_eqz(f.list.v[0].rule, stays[i].rule), "%s: %.*s", stays[i].to, STR_F(f.list.v[0].rule));
    cr_expect(str_starts(f.list.v[0].en, str_z(stays[i].row)), "%s: %.*s", stays[i].to, STR_F(f.list.v[0].en));
  }
}

static const struct {
  const char *from, *to, *rule, *path;
} changes[] = {
    {"2512489996", "2512489997", "diff.semantic.value", "CivilRegistrationNumber"},
    {"<PersonGivenName>Nancy Ann</PersonGivenName>", "", "diff.semantic.missing", ""},
    {"<PersonGivenName>Nancy Ann</PersonGivenName>", "<PersonGivenName>Nancy</PersonGivenName>", "diff.semantic.value",
     "PersonGivenName"},
    {"<Subject>Sår", "<Subject>Saar", "diff.semantic.value", "Subject"},
    {"<Time>09:30</Time>", "<Time>09:32</Time>", "diff.semantic.value", "Authorisation"},
    {"<IdentifierCode>sorkode", "<IdentifierCode>ydernummer", "diff.semantic.system", "Sender/Identifier"},
    {"indlagt", "ambulant", "diff.semantic.value", "EpisodeOfCareStatusCode"},
    {"inden fredag", "inden lørdag", "diff.semantic.value", "Text01"},
    {"<RefDescription>Sårskema", "<RefDescription>Skema", "diff.semantic.value", "RefDescription"},
    {"<StreetName>Omsorgsvej 12</StreetName>", "<StreetName>Omsorgsvej 12</StreetName><SuburbName>Nord</SuburbName>",
     "diff.semantic.extra", "SuburbName"},
};

Test(semantic, what_is_changed_is_found_where_it_stands) {
  struct str text = bytes_of(LETTER);
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
    struct findings f;
    cr_expect_geq(compare(&f, text, replaced(text, changes[i].from, changes[i].to)), 1, "%s", changes[i].to);
    cr_assert_geq(f.list.n, 1, "%s", changes[i].to);
    const struct finding *one = &f.list.v[0];
    cr_expect(str_eqz(one->rule, changes[i].rule), "%s: %.*s", changes[i].to, STR_F(one->rule));
    cr_expect(str_ends(one->where.path, str_z(changes[i].path)) ||
                  str_find(one->where.path, str_z(changes[i].path), 0) != SIZE_MAX,
              "%s: %.*s", changes[i].to, STR_F(one->where.path));
    cr_expect(!*changes[i].path || one->where.line > 0);
  }
}

Test(semantic, formatting_of_text_and_blanks_do_not_count) {
  struct str text = bytes_of(LETTER);
  struct findings f;
  cr_expect_eq(compare(&f, text, replaced(text, "større siden", "<Bold>større</Bold>  siden")), 0);
  cr_expect_eq(compare(&f, text, replaced(text, "<Subject>Sår på", "<Subject> Sår  på")), 0);
}

Test(semantic, attachments_in_another_order_are_told_as_such) {
  struct str text = bytes_of(LETTER);
  size_t from = str_find(text, STR("<Reference>"), 0), to = str_find(text, STR("</ClinicalEmail>"), 0);
  struct str both = str_sub(text, from, to);
  size_t second = str_find(both, STR("<Reference>"), 5);
  struct str turned =
      arena_printf(a, "%.*s%.*s%.*s%.*s", STR_F(str_sub(text, 0, from)), STR_F(str_sub(both, second, both.n)),
                   STR_F(str_sub(both, 0, second)), STR_F(str_sub(text, to, text.n)));
  struct findings f;
  cr_expect_eq(compare(&f, text, turned), 0);
  cr_assert_eq(f.list.n, 1);
  cr_expect(str_eqz(f.list.v[0].rule, "diff.semantic.order"));
}

Test(semantic, sections_that_are_divided_otherwise_are_told_as_such) {
  struct str text = bytes_of(LETTER);
  struct str one = replaced(text, "</Text01></ClinicalInformation>\n    <ClinicalInformation><Text01>", "<Break/>");
  struct findings f;
  cr_expect_eq(compare(&f, text, one), 0);
  cr_assert_eq(f.list.n, 1);
  cr_expect(str_eqz(f.list.v[0].rule, "diff.semantic.divided"));
}

/* The bare beginning of a CareCommunication, for its times. */
static struct str message(const char *timestamp) {
  return arena_printf(
      a,
      "{\"resourceType\": \"Bundle\", \"type\": \"message\", \"timestamp\": \"%s\", \"entry\": [{\"resource\": "
      "{\"resourceType\": \"MessageHeader\", \"eventCoding\": {\"code\": \"care-communication-message\"}}}]}",
      timestamp);
}

Test(semantic, an_instant_in_another_zone_is_the_same_and_a_clock_time_without_its_zone_is_not) {
  struct findings f;
  struct str letter_text = bytes_of(LETTER);
  compare(&f, letter_text, message("2026-07-14T07:31:00Z"));
  bool zone = false, clock = false;
  for (size_t i = 0; i < f.list.n; i++) zone |= str_eqz(f.list.v[i].rule, "diff.semantic.zone");
  cr_expect(zone);
  compare(&f, letter_text, message("2026-07-14T09:31:00Z"));
  for (size_t i = 0; i < f.list.n; i++) clock |= str_eqz(f.list.v[i].rule, "diff.semantic.clock");
  cr_expect(clock);
}
