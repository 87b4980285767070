/* Declared defects: how the file is read, and what is changed in the bytes of the wire. */
#include "refvendor/declared.h"

#include "base/file.h"
#include "peer.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct rig {
  struct peer p;
  struct declared_list list;
  struct error error;
  char *dir;
};

static char *file_of(struct rig *r, const char *name) {
  return file_join(r->p.arena, r->dir, arena_printf(r->p.arena, DECLARED_DIR "/%s", name).p);
}

static void write_file(struct rig *r, const char *name, const char *text) {
  cr_assert_eq(file_write(file_of(r, name), str_z(text), &r->error), 0, "%s", r->error.text);
}

/* Reads files of those texts in place of the shipped ones (other: NULL, none); the result of declared_read. */
static int read_two(struct rig *r, const char *common, const char *other) {
  const char *tmp = getenv("TMPDIR");
  r->dir = file_join(r->p.arena, tmp && *tmp ? tmp : P_tmpdir, "declared-test-XXXXXX");
  cr_assert_not_null(mkdtemp(r->dir));
  cr_assert_eq(file_mkdirs(file_join(r->p.arena, r->dir, DECLARED_DIR), &r->error), 0, "%s", r->error.text);
  write_file(r, "common.yaml", common);
  if (other) write_file(r, "another.yaml", other);
  int result = declared_read(&r->list, r->p.arena, r->dir, &r->error);
  unlink(file_of(r, "common.yaml"));
  if (other) unlink(file_of(r, "another.yaml"));
  return result;
}

static int read_text(struct rig *r, const char *text) {
  return read_two(r, text, NULL);
}

static void begin(struct rig *r) {
  *r = (struct rig){0};
  peer_init(&r->p);
}

static void end(struct rig *r) {
  if (r->dir) {
    rmdir(file_join(r->p.arena, r->dir, DECLARED_DIR));
    rmdir(file_join(r->p.arena, r->dir, "fixtures/refvendor"));
    rmdir(file_join(r->p.arena, r->dir, "fixtures"));
    rmdir(r->dir);
  }
  peer_close(&r->p);
}

#define ONE "defects:\n  - id: odd\n    en: e\n    da: d\n"

Test(declared, mistakes_of_the_file_are_named) {
  static const struct {
    const char *text, *says;
    int line;
  } rows[] = {
      {"defect: []\n", "\"defect\" is not known", 1},
      {"defects:\n  - id: odd\n    en: e\n", "are needed", 2},
      {ONE, "changes nothing", 2},
      {ONE "    chance: [{remove: Bundle.id}]\n", "\"chance\" is not known", 5},
      {ONE "    change: {remove: Bundle.id}\n", "a list", 5},
      {ONE "    change: [{remove: Bundle.id, copy: Bundle.id}]\n", "one verb", 5},
      {ONE "    change: [{set: Bundle.id}]\n", "needs", 5},
      {ONE "    change: [{remove: \"Bundle..id\"}]\n", "", 5},
      {ONE "    change: [{remove: \"${it}.id\"}]\n", "no \"it\"", 5},
      {ONE "    change: [{remove: \"${it.id\"}]\n", "without", 5},
      {ONE "    where: \"1 +\"\n    change: [{remove: Bundle.id}]\n", "", 5},
      {ONE "    envelope: {colour: red}\n", "no such field", 5},
      {ONE "    wire: [{by: x}]\n", "\"find\"", 5},
      {ONE "    payload: [{find: x, by: y}]\n", "belongs to a \"letter\"", 5},
      {ONE "    letter: XDIS16\n    payload: [{by: y}]\n", "\"find\"", 6},
      {"defects:\n  - {id: a, en: e, da: d, wire: [{find: x, by: y}]}\n  - {id: a, en: e, da: d, wire: [{find: x, by: "
       "y}]}\n",
       "already", 3},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    begin(&r);
    cr_expect_eq(read_text(&r, rows[i].text), -1, "row %zu", i);
    cr_expect_neq(str_find(str_z(r.error.text), str_z(rows[i].says), 0), SIZE_MAX, "row %zu: %s", i, r.error.text);
    cr_expect_eq(r.error.line, rows[i].line, "row %zu: line %d", i, r.error.line);
    end(&r);
  }
}

/* Makes the only defect of that text on a message in its envelope; gives it opened, *changed what was said. */
static struct message *make(struct rig *r, const char *text, struct str wire, bool *changed) {
  begin(r);
  struct message *m = ARENA_NEW(r->p.arena, struct message);
  cr_assert_eq(read_text(r, text), 0, "%s", r->error.text);
  if (!wire.n) wire = peer_wrap(&r->p, peer_fixture(&r->p, "new.json", "x", RESOURCE_JSON), NULL);
  struct str before = wire;
  cr_assert_eq(declared_apply(&wire, changed, &r->list.list.v[0], r->p.arena, r->p.shapes, &r->error), 0, "%s",
               r->error.text);
  if (!*changed) cr_expect(str_eq(before, wire));
  message_read(m, r->p.arena, (struct source){STR("changed"), wire});
  return m;
}

Test(declared, content_is_changed_and_the_envelope_fits_it) {
  struct rig r;
  bool changed;
  struct message *m = make(&r,
                           "names: {it: \"%resource.id\", that: \"${it}.first()\"}\n" ONE
                           "    on: [new-message, reply-message]\n    change: [{set: \"${that}\", value: other}]\n",
                           (struct str){0}, &changed);
  cr_expect(changed);
  cr_expect(str_eqz(peer_fact(m, "bundle.id"), "other"));
  cr_expect_eq(m->envelope->meta.size, (int64_t)m->payload.bytes.n);
  end(&r);
}

Test(declared, only_what_is_meant_is_changed) {
  static const char *const rows[] = {
      ONE "    on: acknowledgement\n    change: [{set: Bundle.id, value: other}]\n",
      ONE "    event: acknowledgement-message\n    change: [{set: Bundle.id, value: other}]\n",
      ONE "    event: [\"!care-communication-message\"]\n    change: [{set: Bundle.id, value: other}]\n",
      "event: acknowledgement-message\n" ONE "    change: [{set: Bundle.id, value: other}]\n",
      ONE "    where: Bundle.type = 'collection'\n    change: [{set: Bundle.id, value: other}]\n",
      ONE "    on: acknowledgement\n    envelope: {sender: \"1\"}\n",
      ONE "    change: [{remove: Bundle.link}]\n",
      ONE "    wire: [{find: this stands nowhere, by: x}]\n",
      ONE "    letter: XDIS16\n    payload: [{find: message, by: other}]\n",
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    bool changed;
    struct message *m = make(&r, rows[i], (struct str){0}, &changed);
    cr_expect_not(changed, "row %zu", i);
    cr_expect_not(str_eqz(peer_fact(m, "bundle.id"), "other"), "row %zu", i);
    end(&r);
  }
}

Test(declared, the_envelope_is_changed_alone) {
  static const struct {
    const char *text, *fact, *value;
  } rows[] = {{ONE "    envelope: {sender: \"5790009999997\"}\n", "envelope.sender", "5790009999997"},
              {ONE "    envelope: {receiver: \"5790009999997\"}\n", "envelope.receiver", "5790009999997"},
              {ONE "    envelope: {id: \"4711\"}\n", "envelope.id", "4711"},
              {ONE "    envelope: {message: \"4712\"}\n", "envelope.message", "4712"},
              {ONE "    envelope: {name: odd}\n", "envelope.name", "odd"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    bool changed;
    struct message *m = make(&r, rows[i].text, (struct str){0}, &changed);
    cr_expect(changed, "row %zu", i);
    cr_expect(str_eqz(peer_fact(m, rows[i].fact), rows[i].value), "%s", rows[i].fact);
    end(&r);
  }
}

Test(declared, the_rest_of_the_envelope) {
  struct rig r;
  bool changed;
  struct message *m =
      make(&r, ONE "    envelope: {version: \"1\", format: XML, mime: m, sent: now, more-bytes: \"7\"}\n",
           (struct str){0}, &changed);
  const struct envelope_meta *meta = &m->envelope->meta;
  cr_expect(str_eqz(meta->version, "1") && str_eqz(meta->format, "XML") && str_eqz(m->envelope->sent, "now"));
  cr_expect(str_eqz(envelope_tag_value(meta, "MCM:MIME"), "m"));
  cr_expect_eq(meta->size, (int64_t)m->payload.bytes.n + 7);
  end(&r);
}

Test(declared, an_event_that_is_meant_is_changed) {
  static const char *const rows[] = {
      ONE "    event: care-communication-message\n    change: [{set: Bundle.id, value: other}]\n",
      ONE "    event: \"!acknowledgement-message\"\n    change: [{set: Bundle.id, value: other}]\n",
      "event: acknowledgement-message\n" ONE
      "    event: [a, care-communication-message]\n    change: [{set: Bundle.id, value: other}]\n",
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    bool changed;
    (void)make(&r, rows[i], (struct str){0}, &changed);
    cr_expect(changed, "row %zu", i);
    end(&r);
  }
}

Test(declared, names_of_the_common_file_hold_in_the_others) {
  struct rig r;
  begin(&r);
  const char *other =
      "names: {here: \"${it}.id\"}\ndefects:\n  - {id: odd, en: e, da: d, change: [{remove: \"${here}\"}]}\n";
  cr_assert_eq(read_two(&r, "names: {it: Bundle}\n", other), 0, "%s", r.error.text);
  const struct declared *d = declared_find(&r.list, STR("odd"));
  cr_expect(d && str_eqz(d->standard, "another") && str_eqz(d->changes.v[0].path, "Bundle.id"));
  end(&r);
}

Test(declared, ids_are_unique_over_all_files) {
  struct rig r;
  begin(&r);
  const char *one = "defects:\n  - {id: odd, en: e, da: d, change: [{remove: Bundle.id}]}\n";
  cr_expect_eq(read_two(&r, one, one), -1);
  cr_expect_neq(str_find(str_z(r.error.file), STR("another.yaml"), 0), SIZE_MAX, "%s", r.error.text);
  end(&r);
}

Test(declared, what_is_no_message_stays_as_it_is) {
  static const char *const rows[] = {"neither JSON nor XML", "<VANSEnvelope"};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    bool changed;
    (void)make(&r, ONE "    change: [{set: Bundle.id, value: other}]\n", str_z(rows[i]), &changed);
    cr_expect_not(changed, "row %zu", i);
    end(&r);
  }
}

Test(declared, the_shipped_files_are_read) {
  struct rig r;
  begin(&r);
  cr_assert_eq(declared_read(&r.list, r.p.arena, TEST_ROOT, &r.error), 0, "%s", r.error.text);
  cr_expect_geq(r.list.list.n, (size_t)40);
  cr_expect_not_null(declared_find(&r.list, STR("lost-segments")));
  cr_expect_null(declared_find(&r.list, STR("lost")));
  for (size_t i = 0; i < r.list.list.n; i++)
    cr_expect_eq(defect_find(r.list.list.v[i].id), -1, "%.*s is a defect of the wire too", STR_F(r.list.list.v[i].id));
  end(&r);
}

/* A letter is changed as text, in its payload, and the envelope fits it. */
Test(declared, letters_are_changed_as_text) {
  struct rig r, writer;
  bool changed;
  begin(&writer);
  struct str letter = STR("<Emessage xmlns=\"urn:oio:medcom:municipality:1.0.4\"><X><Letter><TypeCode>XDIS16</TypeCode>"
                          "<Identifier>1</Identifier></Letter></X></Emessage>");
  struct str wire = peer_wrap(&writer.p, letter, NULL);
  size_t at = str_find(wire, STR("MCM:FDIS91#other"), 0);
  wire = arena_printf(writer.p.arena, "%.*sMCM:XDIS16%.*s", (int)at, wire.p, STR_F(str_sub(wire, at + 16, wire.n)));
  struct message *m = make(&r, ONE "    letter: XDIS16\n    payload: [{find: r>1<, by: r>4711<}]\n", wire, &changed);
  cr_expect(changed);
  cr_expect(str_eqz(peer_fact(m, "letter.id"), "4711"));
  cr_expect_eq(m->envelope->meta.size, (int64_t)m->payload.bytes.n);
  end(&r);
  end(&writer);
}

/* "BIN*" means every type that begins so; bytes of zero in the object do not end the letter. */
Test(declared, types_that_begin_alike_and_bytes_of_zero) {
  static const struct {
    const char *text;
    bool changed;
  } rows[] = {{ONE "    letter: BIN*\n    payload: [{find: UNZ+1, by: UNZ+27}]\n", true},
              {ONE "    letter: [XBIN*, BIN]\n    payload: [{find: UNZ+1, by: UNZ+27}]\n", false}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct rig r;
    struct str before, wire;
    bool changed;
    begin(&r);
    cr_assert_eq(read_text(&r, rows[i].text), 0, "%s", r.error.text);
    cr_assert_eq(file_read(&before, r.p.arena, TEST_ROOT "/fixtures/edi/bin01.edi", (size_t)1 << 20, &r.error), 0);
    wire = before;
    cr_expect_eq(declared_apply(&wire, &changed, &r.list.list.v[0], r.p.arena, NULL, &r.error), 0);
    cr_expect_eq(changed, rows[i].changed, "row %zu", i);
    cr_expect_eq(wire.n, before.n + (rows[i].changed ? 1 : 0), "row %zu", i);
    end(&r);
  }
}
