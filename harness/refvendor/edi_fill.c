/* A letter from its template: every ${...} of it replaced, as its syntax wants it. */
#include "base/file.h"
#include "base/utf8.h"
#include "formats/xml.h"
#include "refvendor/edi.h"

#define TEMPLATE_MAX ((size_t)1 << 20)
#define ID_LENGTH 13
#define NAME_LENGTH 35 /* of an organisation */

struct filling {
  struct refvendor *v;
  struct arena *a;
  const struct rv_letter_order *o;
  bool edifact;
  struct map ids; /* label -> struct str */
  struct rv_letter_text *out;
};

static struct str short_id(struct refvendor *v, struct arena *a) {
  struct buf b;
  struct str id = rv_id(v, a);
  buf_init(&b, ID_LENGTH);
  for (size_t i = 0; i < id.n && b.n < ID_LENGTH; i++)
    if (id.p[i] != '-') buf_byte(&b, id.p[i]);
  return buf_take(&b, a);
}

/* What a defect makes of a new identifier. */
static struct str reused(const struct filling *f, struct str label, struct str id) {
  bool mail = str_ends(label, STR("-envelope"));
  if (mail && rv_has(f->v, DEFECT_LETTER_SAME_INTERCHANGE)) return STR("GENBRUGT00001");
  bool letter = str_index(label, '-') == SIZE_MAX || str_ends(label, STR("attachment")) || str_ends(label, STR("pdf"));
  if (letter && rv_has(f->v, DEFECT_LETTER_SAME_ID)) return STR("GENBRUGT00002");
  return id;
}

/* The same label is the same identifier within a letter. */
static struct str id_of(struct filling *f, struct str label) {
  struct str *id = map_get(&f->ids, label);
  if (!id) {
    id = ARENA_NEW(f->a, struct str);
    *id = reused(f, label, short_id(f->v, f->a));
    if (f->o->episode.n && str_ends(label, STR("-episode"))) *id = f->o->episode;
    map_set(&f->ids, label, id);
  }
  if (str_ends(label, STR("-envelope"))) f->out->mail = *id;
  if (str_ends(label, STR("-episode"))) f->out->episode = *id;
  return *id;
}

/* "yyyyMMddHHmm": what each sign of the form takes from "2026-01-05T10:00:00+01:00". */
static struct str time_of(struct arena *a, struct str stamp, struct str form) {
  static const struct {
    const char *sign;
    size_t from, to;
  } parts[] = {{"yyyy", 0, 4}, {"yy", 2, 4},   {"MM", 5, 7},  {"dd", 8, 10},
               {"HH", 11, 13}, {"mm", 14, 16}, {"ss", 17, 19}};
  struct buf b;
  buf_init(&b, NAME_LENGTH);
  for (size_t at = 0; at < form.n;) {
    size_t i = 0, n = sizeof parts / sizeof *parts;
    while (i < n && !str_starts(str_sub(form, at, form.n), str_z(parts[i].sign))) i++;
    if (i == n) {
      buf_byte(&b, form.p[at++]);
      continue;
    }
    buf_add(&b, str_sub(stamp, parts[i].from, parts[i].to));
    at += str_z(parts[i].sign).n;
  }
  return buf_take(&b, a);
}

/* "now-1 min:HH:mm" */
static struct str moment(struct filling *f, struct str name) {
  struct str form = name, offset = str_sub(str_cut(&form, ':'), 3, name.n);
  int64_t now = 0, ms = 0;
  bool zone;
  (void)time_parse(rv_now(f->v, f->a), &now, &zone);
  (void)duration_parse(str_trim(str_sub(offset, 1, offset.n)), &ms);
  return time_of(f->a, time_danish(f->a, str_starts(offset, STR("-")) ? now - ms : now + ms), form);
}

static struct str short_name(struct str name) {
  size_t chars = 0, end = 0;
  for (; end < name.n; end++) {
    if (((unsigned char)name.p[end] & 0xC0) != 0x80 && chars++ == NAME_LENGTH) break;
  }
  return str_trim(str_sub(name, 0, end));
}

static bool plain_value(const struct filling *f, struct str name, struct str *value) {
  const struct rv_letter_order *o = f->o;
  const struct refvendor_party *from = &f->v->o->own;
  const struct {
    const char *name;
    struct str value;
  } rows[] = {{"from.gln", from->gln},
              {"from.sor", from->sor},
              {"from.organisation", short_name(from->name)},
              {"to.gln", o->to.gln},
              {"to.sor", o->to.sor},
              {"to.organisation", short_name(o->to.name)},
              {"person.cpr", o->patient.cpr},
              {"person.given", o->patient.given},
              {"person.family", o->patient.family},
              {"referral", o->referral}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!str_eqz(name, rows[i].name)) continue;
    *value = rows[i].value;
    return true;
  }
  return false;
}

static struct str value_of(struct filling *f, struct str name) {
  struct str value;
  if (plain_value(f, name, &value)) return value;
  if (str_starts(name, STR("id:"))) return id_of(f, str_sub(name, 3, name.n));
  if (str_starts(name, STR("now"))) return moment(f, name);
  BUG("a template of a letter has a variable that nobody knows");
}

/* What EDIFACT would take for a sign of its own is released; two bytes of UTF-8 are one of ISO-8859-1. */
static void put_edifact(struct buf *b, struct str value) {
  for (size_t i = 0; i < value.n; i++) {
    unsigned char c = (unsigned char)value.p[i];
    if (strchr("+:'?", c)) buf_byte(b, '?');
    if ((c & 0xFC) == 0xC0 && i + 1 < value.n) c = (unsigned char)((c & 3) << 6 | (value.p[++i] & 0x3F));
    buf_byte(b, (char)c);
  }
}

static void put(const struct filling *f, struct buf *b, struct str value) {
  if (f->edifact)
    put_edifact(b, value);
  else
    xml_escape_text(b, value);
}

static void fill(struct filling *f, struct buf *b, struct str template) {
  for (size_t at = 0; at < template.n;) {
    size_t open = str_find(template, STR("${"), at),
           end = open == SIZE_MAX ? SIZE_MAX : str_find(template, STR("}"), open);
    buf_add(b, str_sub(template, at, end == SIZE_MAX ? template.n : open));
    if (end == SIZE_MAX) return;
    put(f, b, value_of(f, str_sub(template, open + 2, end)));
    at = end + 1;
  }
}

/* A defect: UTF-8 where UNOC says ISO-8859-1. */
static struct str in_utf8(struct arena *a, struct str bytes) {
  struct buf b;
  buf_init(&b, 2 * TEMPLATE_MAX);
  for (size_t i = 0; i < bytes.n; i++) {
    unsigned char c = (unsigned char)bytes.p[i];
    if (c >= 0x80) buf_byte(&b, (char)(0xC0 | c >> 6));
    buf_byte(&b, (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c));
  }
  return buf_take(&b, a);
}

/* "XDIS91" and "-attachment": xdis91-attachment. */
static struct str lower(struct arena *a, struct str s) {
  char *z = arena_z(a, s);
  for (size_t i = 0; i < s.n; i++)
    if (z[i] >= 'A' && z[i] <= 'Z') z[i] = (char)(z[i] | 0x20);
  return (struct str){z, s.n};
}

bool rv_letter_fill(struct rv_letter_text *out, struct refvendor *v, struct arena *a, const struct rv_letter_order *o) {
  struct filling f = {.v = v, .a = a, .o = o, .edifact = !str_starts(o->type, STR("X")), .out = out};
  struct str template, name = lower(a, o->type);
  struct error e;
  struct buf b;
  const char *path = file_join(
      a, v->data_dir, arena_printf(a, "fixtures/edi/%.*s%s.%s", STR_F(name), o->variant, f.edifact ? "edi" : "xml").p);
  *out = (struct rv_letter_text){0};
  if (file_read(&template, a, path, TEMPLATE_MAX, &e) < 0) {
    rv_log(v, "%s", e.text);
    return false;
  }
  map_init(&f.ids, a);
  buf_init(&b, 2 * TEMPLATE_MAX);
  fill(&f, &b, template);
  out->bytes = buf_take(&b, a);
  out->id = id_of(&f, arena_printf(a, "%.*s%s", STR_F(f.edifact ? name : str_sub(name, 1, name.n)), o->variant));
  if (f.edifact && rv_has(v, DEFECT_LETTER_IN_UTF8)) out->bytes = in_utf8(a, out->bytes);
  return true;
}
