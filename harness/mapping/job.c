/* What the writers of a conversion share. */
#include "base/utf8.h"
#include "base/uuid.h"
#include "mapping/convert_int.h"

#define NAME_ROOM 35 /* OrganisationName */
#define SHORT_ID 14  /* OIOXML String_1_14 */

static struct said name_of(const struct job *j, const char *key) {
  const struct mapping_row *row = conversion_row(j->o->rules, str_z(key));
  return row ? (struct said){row->en, row->da} : said_same(str_z(key));
}

static struct place place_of(const struct job *j, const char *key) {
  const struct mapping_element *x = correspondence_get(j->c, key);
  return x ? element_place(j->c, x) : (struct place){.message = j->c->names.v[0]};
}

void job_tell(struct job *j, enum convert_rule rule, const char *key, struct str second, struct str third) {
  struct said args[] = {name_of(j, key), said_same(second), said_same(third)};
  const struct mapping_row *row = conversion_row(j->o->rules, str_z(key));
  struct finding *f = findings_add_said(j->f, &convert_rules[rule], place_of(j, key), 3, args);
  if (f && row && rule == CONVERT_LOST) f->source = arena_str(j->f->arena, row->source);
}

void job_say(struct job *j, enum convert_rule rule, const char *key, struct str first, struct str second) {
  FINDING(j->f, &convert_rules[rule], place_of(j, key), first, second);
}

void job_lost(struct job *j, const char *key, struct str value) {
  if (value.n) job_tell(j, CONVERT_LOST, key, value, (struct str){0});
}

struct str job_fit(struct job *j, const char *key, struct str text, size_t max) {
  size_t at = 0, n = 0;
  uint32_t cp;
  for (; at < text.n && n < max; n++) {
    size_t step = utf8_decode(text, at, &cp);
    at += step ? step : 1;
  }
  if (at >= text.n) return text;
  job_tell(j, CONVERT_CUT, key, arena_printf(j->a, "%zu", max), str_sub(text, at, text.n));
  return str_sub(text, 0, at);
}

struct str job_or(struct job *j, const char *key, struct str text, struct str instead) {
  if (text.n) return text;
  job_tell(j, CONVERT_FILLED, key, instead, (struct str){0});
  return instead;
}

struct str job_uuid(struct job *j, const char *label) {
  struct str parts[] = {str_z(label), j->letter ? j->letter->envelope : (struct str){0},
                        j->letter ? j->letter->id : (struct str){0}};
  return uuid_derive(j->a, j->o->seed, sizeof parts / sizeof parts[0], parts);
}

struct str job_short_id(struct job *j, const char *label) {
  struct str u = job_uuid(j, label);
  struct buf b;
  buf_init(&b, SHORT_ID);
  for (size_t i = 0; i < u.n && b.n < SHORT_ID; i++)
    if (u.p[i] != '-') buf_byte(&b, u.p[i]);
  return buf_take(&b, j->a);
}

void job_ids(struct job *j, const char *label, struct str *envelope, struct str *letter) {
  if (j->c->format != MAPPING_FHIR) {
    *envelope = j->letter->envelope;
    *letter = j->letter->id;
    return;
  }
  *envelope = job_short_id(j, arena_printf(j->a, "%s envelope", label).p);
  *letter = job_short_id(j, arena_printf(j->a, "%s letter", label).p);
}

struct str job_hyphens(struct arena *a, struct str id) {
  if (id.n != 32) return id;
  struct str u = arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", id.p, id.p + 8, id.p + 12, id.p + 16, id.p + 20);
  return uuid_valid(u) ? u : id;
}

const struct mapping_codes *job_codes(const struct job *j, const char *name) {
  const struct mapping_codes *c = conversion_codes(j->o->rules, str_z(name));
  if (!c) BUG("no code list %s in the table", name);
  return c;
}

const struct register_unit *job_unit(const struct job *j, struct str gln) {
  return j->o->sor && gln.n ? sor_register_find(j->o->sor, gln) : NULL;
}

void job_divide_name(struct letter_party *p) {
  struct str rest = p->organisation, *parts[] = {&p->organisation, &p->department, &p->unit};
  if (utf8_length(rest) <= NAME_ROOM || p->department.n || p->unit.n) return;
  for (size_t i = 0; i < 3 && rest.n; i++) {
    size_t at = i < 2 ? str_find(rest, STR(", "), 0) : SIZE_MAX;
    *parts[i] = str_sub(rest, 0, at);
    rest = at == SIZE_MAX ? (struct str){0} : str_sub(rest, at + 2, rest.n);
  }
}

void job_number(const struct job *j, struct letter_party *p) {
  const struct register_unit *u = job_unit(j, p->gln);
  struct str sor = p->sor.n ? p->sor : u ? u->sor : (struct str){0};
  if (!p->id.n) {
    p->id = sor.n ? sor : p->gln;
    p->code = sor.n ? STR("sorkode") : (struct str){0};
  }
  if (!p->code.n) p->code = STR("lokationsnummer");
}

struct str job_organisation(const struct job *j, const struct letter_party *p) {
  const struct register_unit *u = job_unit(j, p->gln);
  return p->organisation.n ? p->organisation : u ? u->name : (struct str){0};
}

struct converted *job_add(struct job *j, struct str bytes, const char *type, const char *version) {
  struct converted *x = VEC_ADD(j->a, &j->out->out);
  x->bytes = bytes;
  x->type = str_z(type);
  x->version = str_z(version);
  x->format = *type == 'X' ? STR("XML") : STR("EDIFACT");
  x->name = arena_printf(j->a, "MCM:%s", type);
  x->envelope_version = x->version;
  x->statistic = x->type;
  return x;
}

struct convert_pair *job_pair(struct job *j) {
  struct convert_pair *p = VEC_ADD(j->a, &j->out->made);
  p->sender = j->letter->sender.gln;
  p->receiver = j->letter->receiver.gln;
  if (j->c->format == MAPPING_FHIR) {
    p->bundle = correspondence_literal(j->c, "envelope.id", 0);
    p->header = correspondence_literal(j->c, "letter.id", 0);
    p->time = correspondence_literal(j->c, "envelope.sent", 0);
    p->activity = j->letter->activity;
  } else {
    p->envelope = j->letter->envelope;
    p->letter = j->letter->id;
    p->version = correspondence_literal(j->c, "letter.version", 0);
  }
  return p;
}

/* ---- attachments and texts of legacy letters ---- */

struct str attachment_extension(struct job *j, const struct letter_attachment *t) {
  const struct mapping_codes *c = job_codes(j, "extension");
  const struct mapping_code *code = t->mime.n ? mapping_code_of(c, MAPPING_FHIR, t->mime) : NULL;
  if (code) return code->value;
  if (!t->mime.n && mapping_code_text(c, MAPPING_OIOXML, t->extension).n) return t->extension;
  job_say(j, CONVERT_NO_MIME, "attachment.extension", t->mime.n ? t->mime : t->extension, STR("inh"));
  return STR("inh");
}

struct str attachment_object(struct job *j, const struct letter_attachment *t) {
  const struct mapping_codes *c = job_codes(j, "extension");
  if (t->object.n) return t->object;
  const struct mapping_code *code = t->mime.n ? mapping_code_of(c, MAPPING_FHIR, t->mime) : NULL;
  if (!code) code = mapping_code_of(c, MAPPING_OIOXML, t->extension);
  return code && code->object.n ? code->object : STR("proprietaert_indhold");
}

static void merge_sections(struct job *j) {
  struct letter *l = j->letter;
  if (l->texts.n <= CONVERT_SECTIONS_MAX) return;
  job_say(j, CONVERT_SECTIONS, "text.content", arena_printf(j->a, "%zu", l->texts.n),
          arena_printf(j->a, "%d", CONVERT_SECTIONS_MAX));
  struct str *last = &l->texts.v[CONVERT_SECTIONS_MAX - 1];
  for (size_t i = CONVERT_SECTIONS_MAX; i < l->texts.n; i++)
    *last = arena_printf(j->a, "%.*s\n\n%.*s", STR_F(*last), STR_F(l->texts.v[i]));
  l->texts.n = CONVERT_SECTIONS_MAX;
}

static void name_files(struct job *j) {
  struct letter *l = j->letter;
  if (l->attachments.n <= CONVERT_FILES_A_LETTER) return;
  job_say(j, CONVERT_MANY_FILES, "attachment.title", arena_printf(j->a, "%zu", l->attachments.n), (struct str){0});
  for (size_t i = CONVERT_FILES_A_LETTER; i < l->attachments.n; i++)
    VEC_PUSH(j->a, &l->texts, arena_printf(j->a, "Yderligere bilag: %.*s", STR_F(l->attachments.v[i].title)));
}

/* XB0131X wants UUIDs; a payload may have no identifier, and XB0130X had free ones. */
static void name_objects(struct job *j) {
  for (size_t i = 0; i < j->letter->attachments.n; i++) {
    struct letter_attachment *t = &j->letter->attachments.v[i];
    if (!t->has_data || uuid_valid(job_hyphens(j->a, t->id))) continue;
    struct str u = job_uuid(j, arena_printf(j->a, "object %zu %.*s", i, STR_F(t->id)).p);
    t->id = arena_printf(j->a, "%.8s%.4s%.4s%.4s%.12s", u.p, u.p + 9, u.p + 14, u.p + 19, u.p + 24);
  }
}

void legacy_prepare(struct job *j) {
  name_objects(j);
  name_files(j);
  merge_sections(j);
}
