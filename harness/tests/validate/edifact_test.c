/* EDIFACT messages by their skeletons: one of our own with something wrong in it, and the published examples. */
#include "validate/edifact_judge.h"

#include <criterion/criterion.h>

#include "base/file.h"
#include "tests/validate/shared.h"

#define BYTES_MAX ((size_t)4 << 20)

/* A correspondence letter (D9134L) of the harness's own, a segment a line. */
static const char *const letter[] = {
    "UNB+UNOC:3+5790000000005:14+5790000000012:14+260228:1200+K1++++0",
    "UNH+B1+MEDDIS:D:93A:UN:D9134L+DIS91",
    "BGM+EPI++9+NA",
    "DTM+137:202602281200:203",
    "S01+01",
    "NAD+SSP+123456:YNR:SFU++Prøveklinikken:::::US",
    "SEQ++1",
    "SPR+ORG+99:SKS:SST+DIS91:SKS:SST",
    "S01+01",
    "NAD+PO+5790000000012::9++Prøvekommunen:::::US",
    "SEQ++2",
    "S02+02",
    "GIS+N",
    "RFF+SRI:B1",
    "DTM+182:202602281200:203",
    "S07+07",
    "PNA+PAT+2512489996:::CPR:IM+++SU:Testperson+FO:Nancy",
    "S11+11",
    "GIS+N",
    "RFF+AHI:1",
    "SEQ++1",
    "PAS+POT",
    "S14+14",
    "FTX+OE+P00++Emne",
    "FTX+NC+P00++Tekst",
    "UNT+25+B1",
    "UNZ+1+K1",
};
#define LETTER_N (sizeof letter / sizeof letter[0])

/* The letter with the line that begins like `old` replaced: by nothing, or by lines with "|" between them. */
static struct str letter_with(struct arena *a, const char *old, const char *new) {
  struct str out = {0};
  size_t found = 0;
  for (size_t i = 0; i < LETTER_N; i++) {
    struct str line = str_z(letter[i]);
    bool this = old && !found && str_starts(line, str_z(old));
    struct str rest = this ? str_z(new) : line;
    found += this;
    while (rest.n) {
      struct str part = this ? str_cut(&rest, '|') : rest;
      if (!this) rest.n = 0;
      out = arena_printf(a, "%.*s%.*s'\n", STR_F(out), STR_F(part));
    }
  }
  cr_assert(!old || found, "no line begins like %s", old);
  return out;
}

static void judge(struct findings *f, struct arena *a, struct str bytes) {
  struct message m;
  findings_init(f, a);
  message_read(&m, a, (struct source){STR("m"), bytes});
  validate_message(&m, VALIDATE_BUNDLE, NULL, f);
  shared_drop(f, "identifier.");
  shared_drop(f, "edifact.");
}

/* "severity rule path" of what is more than information, one a line. */
static struct str told(struct arena *a, const struct findings *f) {
  struct str out = {0};
  for (size_t i = 0; i < f->list.n; i++) {
    const struct finding *x = &f->list.v[i];
    if (x->severity == SEV_INFO || !str_starts(x->rule, STR("skeleton."))) continue;
    out = arena_printf(a, "%.*s%s %.*s %.*s\n", STR_F(out), severity_name(x->severity), STR_F(x->rule),
                       STR_F(x->where.path));
  }
  return out;
}

static void expect_told(const char *old, const char *new, const char *want) {
  struct arena *a = arena_new(0);
  struct findings f;
  judge(&f, a, letter_with(a, old, new));
  struct str found = told(a, &f);
  cr_expect(str_eqz(found, want), "%s -> %s:\n%.*snot\n%s", old ? old : "", new ? new : "", STR_F(found), want);
  arena_free(a);
}

Test(edifact, a_letter_as_it_should_be) {
  expect_told(NULL, NULL, "");
}

static const struct finding *find(const struct findings *f, const char *rule) {
  for (size_t i = 0; i < f->list.n; i++)
    if (str_eqz(f->list.v[i].rule, rule)) return &f->list.v[i];
  cr_assert_fail("there is no finding %s", rule);
  return NULL;
}

Test(edifact, what_it_was_judged_by) {
  struct arena *a = arena_new(0);
  struct findings f;
  judge(&f, a, letter_with(a, "PAS+POT", "PAS+XX"));
  const struct finding *fidelity = find(&f, "skeleton.fidelity"), *code = find(&f, "skeleton.element.code");
  cr_expect(str_eqz(fidelity->en, "DIS91 D9134L is judged by the structure of D9134L, 2006-07-01 (fidelity: full)."));
  cr_expect(str_eqz(code->source, "DIS91 D9134L, 2006-07-01 (full)"));
  cr_expect(str_eqz(code->where.path, "S11/PAS+XX/1"));
  cr_expect_eq(code->where.line, 22);
  cr_expect_eq(code->where.col, 5);
  arena_free(a);
}

Test(edifact, segments) {
  expect_told("RFF+SRI", "", "error skeleton.segment.missing S02/DTM+182\n");
  expect_told("PAS+POT", "PAS+POT|PAS+HS", "error skeleton.segment.often S11/PAS+HS\n");
  expect_told("SEQ++1", "SPR+ORG+99:SKS:SST+DIS91:SKS:SST|SEQ++1",
              "error skeleton.segment.order S01[1]/SPR+ORG[1]\nerror skeleton.segment.often S01[1]/SPR+ORG[2]\n");
  expect_told("BGM", "XYZ+1|BGM+EPI++9+NA", "error skeleton.segment.unknown XYZ+1\n");
  expect_told("RFF+SRI", "RFF+QQ:1|RFF+SRI:B1", "error skeleton.qualifier S02/RFF+QQ/1.1\n");
}

Test(edifact, groups) {
  expect_told("S07+07", "", "error skeleton.segment.missing S07/PNA+PAT\n");
  expect_told("S14+14", "S07+07|PNA+PAT+2512489996:::CPR:IM+++SU:Testperson|S14+14",
              "error skeleton.group.often S07[2]/S07\n");
  expect_told("S14+14", "S15+15|ABC+1|S14+14", "error skeleton.group.unknown S11/S15/S15\n");
  expect_told("NAD+PO", "NAD+XX+5790000000012::9++Prøvekommunen:::::US", "error skeleton.qualifier S01[2]/NAD+XX/1\n");
}

Test(edifact, values) {
  expect_told("BGM", "BGM+EPI++8+NA", "error skeleton.element.fixed BGM+EPI/3\n");
  expect_told("DTM+137", "DTM+137:202602301200:203", "error skeleton.element.date DTM+137/1.2\n");
  expect_told("DTM+137", "DTM+137:20260228120000:204", "error skeleton.element.fixed DTM+137/1.3\n");
  expect_told("NAD+SSP", "NAD+SSP+123456789012345678:YNR:SFU++Prøveklinikken:::::US",
              "error skeleton.element.long S01[1]/NAD+SSP/2.1\n");
  expect_told("NAD+SSP", "NAD+SSP+123456:YNX:SFU++Prøveklinikken:::::US",
              "error skeleton.element.code S01[1]/NAD+SSP/2.2\n");
  expect_told("NAD+SSP", "NAD+SSP+123456:YNR:SFU", "error skeleton.element.missing S01[1]/NAD+SSP\n");
  expect_told("PAS+POT", "PAS+POT+7", "warning skeleton.element.extra S11/PAS+POT/2\n");
}

Test(edifact, free_text) {
  expect_told("FTX+NC", "FTX+NC+P00++1:2:3:4:5:6", "error skeleton.text.lines S14/FTX+NC/4.6\n");
  expect_told("FTX+NC", "FTX+NC+P00++12345678901234567890123456789012345678901234567890123456789012345678901",
              "error skeleton.text.line S14/FTX+NC/4\n");
  expect_told("FTX+NC", "FTX+NC+XXX++Tekst", "error skeleton.element.code S14/FTX+NC/2\n");
  expect_told("FTX+NC", "FTX+NC+P00++1|S14+14|FTX+OE+P00++2|FTX+NC+P00++3", "error skeleton.text.subject S14[2]/S14\n");
  expect_told("FTX+OE", "FTX+NC+P00++0|FTX+OE+P00++Emne", "error skeleton.text.subject S14/FTX+OE\n");
}

Test(edifact, at_most_nine_segments_of_text) {
  expect_told("FTX+NC",
              "FTX+NC+P00++1|FTX+NC+P00++2|FTX+NC+P00++3|FTX+NC+P00++4|FTX+NC+P00++5|FTX+NC+P00++6|"
              "FTX+NC+P00++7|FTX+NC+P00++8",
              "");
  expect_told("FTX+NC",
              "FTX+NC+P00++1|FTX+NC+P00++2|FTX+NC+P00++3|FTX+NC+P00++4|FTX+NC+P00++5|FTX+NC+P00++6|"
              "FTX+NC+P00++7|FTX+NC+P00++8|FTX+NC+P00++9",
              "error skeleton.text.segments S14/FTX+NC[9]\n");
}

/* What the catalogue says of a version holds without a skeleton of its own. */
Test(edifact, older_version_of_another_letter) {
  struct arena *a = arena_new(0);
  struct findings f;
  judge(&f, a, letter_with(a, "UNH", "UNH+B1+MEDDIS:D:93A:UN:D0134L+DIS02"));
  cr_expect(str_find(told(a, &f), STR("error skeleton.version.type UNH\n"), 0) != SIZE_MAX);
  arena_free(a);
}

/* Nothing that is not judged may pass, and by the structure of another version nothing is an error. */
Test(edifact, versions) {
  expect_told("UNH", "UNH+B1+MEDREF:D:93A:UN:H0832R+REF08", "undecided skeleton.not-public UNH\n");
  expect_told("UNH", "UNH+B1+MEDDIS:D:93A:UN:D9135L+DIS91", "undecided skeleton.version.unknown UNH\n");
  expect_told("UNH", "UNH+B1+MEDDIS:D:93A:UN:D9134L+DIS90", "error skeleton.version.type UNH\n");
  expect_told("UNH", "UNH+B1+MEDREF:D:93A:UN:D9134L+DIS91", "error skeleton.version.message UNH\n");
  expect_told("UNH", "UNH+B1", "error skeleton.version.missing UNH\n");
  expect_told("UNH", "UNH+B1+XXXXXX:D:93A:UN:Y9999Y+YYY99", "undecided skeleton.version.unknown UNH\n");
}

Test(edifact, by_the_structure_of_an_older_version) {
  struct arena *a = arena_new(0);
  struct findings f;
  judge(&f, a, letter_with(a, "UNH", "UNH+B1+MEDDIS:D:93A:UN:D0134L+DIS01"));
  cr_expect(str_eqz(find(&f, "skeleton.fidelity")->en,
                    "DIS01 D0134L is judged by the structure of D0133L, 2005-08-07 (fidelity: older)."));
  struct str found = told(a, &f);
  cr_expect(str_starts(found, STR("undecided skeleton.")) && str_find(found, STR("error "), 0) == SIZE_MAX, "%.*s",
            STR_F(found));
  arena_free(a);
}

static const char binary[] = "UNB+UNOC:3+5790000000005:14+5790000000012:14+260228:1200+K1++++0'"
                             "UNH+B1+MEDDIS:D:93A:UN:D9134L+DIS91'S14+14'FTX+BIN+P00++Fil:%s:IMG:PNG:%s'UNT+4+B1'"
                             "UNH+B2+MEDBIN:D:93A:UN:B0131X+BIN01'S11+11'"
                             "UNO+1+AID:0000000A0000400080000000000000AB+OBJ:IMG:PNG:91+3:14:1:A'\x01'\x02UNP+%s+1'"
                             "UNT+5+B2'UNZ+2+K1'";

static void expect_objects(const char *id, const char *size, const char *unp, const char *want) {
  struct arena *a = arena_new(0);
  struct findings f;
  judge(&f, a, arena_printf(a, binary, id, size, unp));
  struct str all = told(a, &f), found = {0};
  while (all.n) {
    struct str line = str_cut(&all, '\n');
    if (str_find(line, STR("skeleton.object"), 0) != SIZE_MAX)
      found = arena_printf(a, "%.*s%.*s\n", STR_F(found), STR_F(line));
  }
  cr_expect(str_eqz(found, want), "%s %s %s: %.*s", id, size, unp, STR_F(found));
  arena_free(a);
}

Test(edifact, files) {
  expect_objects("0000000a-0000-4000-8000-0000000000ab", "3", "3", "");
  expect_objects("0000000a-0000-4000-8000-0000000000ab", "4", "3",
                 "error skeleton.object.size message[1]/S14/FTX+BIN\n");
  expect_objects("0000000b-0000-4000-8000-0000000000ab", "3", "3",
                 "warning skeleton.object.unknown message[1]/S14/FTX+BIN\n");
  expect_objects("0000000a-0000-4000-8000-0000000000ab", "3", "4", "error skeleton.object.size message[2]/S11/UNP\n");
}

static struct str read_example(struct arena *a, const char *path) {
  struct str bytes;
  struct error e;
  cr_assert_eq(file_read(&bytes, a, path, BYTES_MAX, &e), 0, "%s", e.text);
  return bytes;
}

static const char *legacy_dir(struct arena *a, const char *sub) {
  const char *dir = shared_dir(a);
  if (!dir) cr_skip_test("the shared material is absent: legacy");
  return file_join(a, dir, sub);
}

/* Every published example is sound. */
Test(edifact, published_examples) {
  struct arena *a = arena_new(0);
  const char *dir = legacy_dir(a, "legacy/edi-oioxml/test/complete/files/edifact");
  struct error e;
  char **names;
  size_t n, judged = 0;
  cr_assert_eq(file_list(&names, &n, a, dir, &e), 0, "%s", e.text);
  for (size_t i = 0; i < n; i++) {
    struct findings f;
    if (!str_ends(str_z(names[i]), STR(".edi"))) continue;
    judge(&f, a, read_example(a, file_join(a, dir, names[i])));
    struct str found = told(a, &f);
    cr_expect_eq(found.n, 0, "%s:\n%.*s", names[i], STR_F(found));
    judged++;
  }
  cr_expect_eq(judged, 42);
  arena_free(a);
}

static size_t str_last(struct str s, char c) {
  size_t i = s.n;
  while (i > 0 && s.p[i - 1] != c) i--;
  return i - 1;
}

/* Files of which only what is around the octets is published, with octets of our own. */
Test(edifact, published_examples_of_files) {
  struct arena *a = arena_new(0);
  const char *dir = legacy_dir(a, "legacy/edi-oioxml/test/complete/files/edifact");
  for (int i = 1; i <= 6; i++) {
    struct str rest = read_example(a, file_join(a, dir, arena_printf(a, "BIN01_%d.HEADERS-ONLY.txt", i).p));
    struct buf b;
    buf_init(&b, 64u << 20);
    for (size_t at; (at = str_find(rest, STR("<binary octets removed>"), 0)) != SIZE_MAX;) {
      struct str head = str_sub(rest, 0, at), size = str_sub(head, str_last(head, '+') + 1, at);
      int64_t n = 0;
      cr_assert(str_int(str_cut(&size, ':'), &n));
      buf_add(&b, head);
      for (; n > 0; n--) buf_add(&b, STR("x"));
      rest = str_sub(rest, at + strlen("<binary octets removed>"), rest.n);
    }
    buf_add(&b, rest);
    struct findings f;
    judge(&f, a, buf_take(&b, a));
    struct str found = told(a, &f);
    cr_expect_eq(found.n, 0, "BIN01_%d:\n%.*s", i, STR_F(found));
  }
  arena_free(a);
}

/* What is wrong with the structure of the published examples that are broken, as their names and differences say. */
Test(edifact, broken_examples) {
  static const char *const cases[][2] = {
      {"DIS14_ok", ""},
      {"DIS17_ok", ""},
      {"DIS20_ok", ""},
      {"DIS20_ok_UNA", ""},
      {"DIS91_ok", ""},
      {"PRE60_ok", ""},
      {"XBIN_hello_World", ""},
      {"sygehushenv_ver30", ""},
      {"DIS20_ERROR_UNH0", "error skeleton.version.missing UNH\n"},
      {"DIS20_ERROR_UNH1", ""},
      {"DIS20_ERROR_UNH2", ""},
      {"DIS20_ERROR_UNT0", ""},
      {"DIS20_ERROR_UNT1", ""},
      {"DIS20_ERROR_UNT2", ""},
      {"DIS20_ERROR_XSL0", "error skeleton.qualifier S01[1]/NAD+SORT/1\n"},
      {"DIS20_ERROR_XSL1", "error skeleton.element.code S11/PAS+HA/1\n"},
      {"DIS20_ERROR_XSL2", "error skeleton.element.fixed S11/DTM+90/1.3\n"},
  };
  struct arena *a = arena_new(0);
  const char *dir = legacy_dir(a, "legacy/edi-oioxml/test/files");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct findings f;
    judge(&f, a, read_example(a, file_join(a, dir, arena_printf(a, "%s.edi", cases[i][0]).p)));
    struct str found = told(a, &f);
    cr_expect(str_eqz(found, cases[i][1]), "%s:\n%.*s", cases[i][0], STR_F(found));
  }
  arena_free(a);
}
