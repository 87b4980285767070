#include "mapping/letter.h"
#include "mapping/convert_rules.h"
#include "mapping/mapping_int.h"
#include "standards/identifier.h"

#define TEXT_MAX ((size_t)8 << 20)

struct maker {
  struct arena *a;
  const struct correspondence *c;
  struct letter *l;
  struct findings *f;
};

#define GET(m, key) correspondence_value((m)->c, (key), 0)

static void tell(struct maker *m, enum convert_rule rule, const struct mapping_element *x, struct str first,
                 struct str second) {
  struct place where = x ? element_place(m->c, x) : (struct place){.message = m->c->names.v[0]};
  if (m->f) FINDING(m->f, &convert_rules[rule], where, first, second);
}

static void take_party(struct maker *m, struct letter_party *p, const char *role) {
  const struct {
    const char *name;
    struct str *to;
  } fields[] = {{"gln", &p->gln},
                {"sor", &p->sor},
                {"id", &p->id},
                {"organisation", &p->organisation},
                {"department", &p->department},
                {"unit", &p->unit},
                {"street", &p->street},
                {"suburb", &p->suburb},
                {"district", &p->district},
                {"postcode", &p->postcode},
                {"phone", &p->phone},
                {"speciality", &p->speciality}};
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
    *fields[i].to = GET(m, arena_printf(m->a, "%s.%s", role, fields[i].name).p);
  const struct mapping_element *id = correspondence_get(m->c, arena_printf(m->a, "%s.id", role).p);
  p->code = id ? id->system : (struct str){0};
  const struct mapping_element *phone = correspondence_get(m->c, arena_printf(m->a, "%s.phone", role).p);
  if (phone) p->phone = mapping_trimmed(m->a, phone->literal);
}

static void take_patient(struct maker *m) {
  struct letter *l = m->l;
  l->cpr = GET(m, "patient.cpr");
  l->replacement = l->cpr.n ? (struct str){0} : GET(m, "patient.replacement");
  l->replacement_system = ecpr_is_national(l->replacement) ? STR(X_ECPR_SYSTEM) : STR(D_ECPR_SYSTEM);
  l->surname = GET(m, "patient.surname");
  l->given = GET(m, "patient.given");
  l->street = GET(m, "patient.street");
  l->suburb = GET(m, "patient.suburb");
  l->district = GET(m, "patient.district");
  l->postcode = GET(m, "patient.postcode");
  l->occupancy = GET(m, "patient.occupancy");
  l->status = GET(m, "patient.status");
  l->episode = GET(m, "episode.id");
}

static void take_attachment(struct maker *m, size_t i) {
  struct letter_attachment *t = VEC_ADD(m->a, &m->l->attachments);
  const struct mapping_element *data = correspondence_at(m->c, "attachment.data", i);
  const struct mapping_element *type = correspondence_at(m->c, "attachment.extension", i);
  t->title = correspondence_value(m->c, "attachment.title", i);
  t->id = correspondence_value(m->c, "attachment.id", i);
  t->url = correspondence_value(m->c, "attachment.url", i);
  t->time = correspondence_value(m->c, "attachment.time", i);
  t->size = correspondence_value(m->c, "attachment.size", i);
  t->object = correspondence_value(m->c, "attachment.object", i);
  t->extension = type ? type->value : (struct str){0};
  t->mime = type && m->c->format == MAPPING_FHIR ? str_trim(type->literal) : (struct str){0};
  t->from = data ? data : correspondence_at(m->c, "attachment.title", i);
  t->has_data = data && element_octets(&t->octets, m->a, m->c, data) && t->octets.n;
  t->elsewhere = m->c->format != MAPPING_FHIR && !t->id.n && !t->url.n;
}

/* ---- the texts of a CareCommunication ---- */

static bool is_segment(const struct correspondence *c, struct str id) {
  return correspondence_count(c, "segment") == 0 || correspondence_find(c, "segment.id", id);
}

static bool is_new(const struct maker *m, struct str id) {
  return is_segment(m->c, id);
}

bool letter_sends(const struct correspondence *c, size_t i) {
  return c->format != MAPPING_FHIR || is_segment(c, correspondence_value(c, "attachment.id", i)) ||
         correspondence_at(c, "attachment.data", i) || correspondence_at(c, "attachment.url", i);
}

static void push_text(struct maker *m, struct str s) {
  if (s.n) VEC_PUSH(m->a, &m->l->texts, s);
}

static struct str note_of(const struct maker *m) {
  if (str_eqz(m->l->activity, "reply-message")) return STR(LETTER_REPLY_SENTENCE);
  if (str_eqz(m->l->activity, "forward-message")) return STR(LETTER_FORWARD_SENTENCE);
  return (struct str){0};
}

static struct str without_line_end(struct str s) {
  while (s.n && str_is_blank(s.p[s.n - 1])) s.n--;
  return s;
}

static void put_new(struct maker *m) {
  struct str note = note_of(m);
  for (size_t i = 0, n = correspondence_count(m->c, "text"); i < n; i++) {
    if (!is_new(m, correspondence_value(m->c, "text.id", i))) continue;
    struct str text = without_line_end(correspondence_literal(m->c, "text.content", i));
    if (note.n) text = arena_printf(m->a, "%.*s\n\n%.*s", STR_F(note), STR_F(text));
    if (note.n) tell(m, CONVERT_NOTE, correspondence_get(m->c, "message.activity"), note, (struct str){0});
    note.n = 0;
    push_text(m, text);
  }
}

static void put_identifiers(struct maker *m) {
  struct buf b;
  const struct letter *l = m->l;
  struct str used = l->cpr.n ? l->cpr : l->replacement;
  bool skipped = false;
  buf_init(&b, TEXT_MAX);
  for (size_t i = 0, n = correspondence_count(m->c, "other-id"); i < n; i++) {
    struct str id = correspondence_value(m->c, "other-id.value", i);
    if (!id.n || (!skipped && str_eq(id, used))) {
      skipped |= id.n > 0;
      continue;
    }
    buf_printf(&b, "%s%.*s", b.n ? ", " : "", STR_F(id));
  }
  struct str rest = buf_take(&b, m->a);
  if (!rest.n) return;
  tell(m, CONVERT_CPR_IN_TEXT, correspondence_get(m->c, "other-id.value"), rest, (struct str){0});
  push_text(m, arena_printf(m->a, LETTER_CPR_SENTENCE ": %.*s", STR_F(rest)));
}

static void put_old(struct maker *m) {
  size_t told = 0;
  const struct mapping_element *first = NULL;
  for (size_t i = 0, n = correspondence_count(m->c, "text"); i < n; i++) {
    if (is_new(m, correspondence_value(m->c, "text.id", i))) continue;
    struct str text = without_line_end(correspondence_literal(m->c, "text.content", i));
    struct str time = correspondence_value(m->c, "text.time", i), author = correspondence_value(m->c, "text.author", i);
    push_text(m, arena_printf(m->a, "Tidligere meddelelse%s%.*s%s%.*s:\n%.*s", author.n ? " fra " : "", STR_F(author),
                              time.n ? ", " : "", STR_F(time), STR_F(text)));
    if (!told++) first = correspondence_at(m->c, "text.content", i);
  }
  if (told) tell(m, CONVERT_HISTORY, first, arena_printf(m->a, "%zu", told), (struct str){0});
}

/* Attachments of earlier messages that are not there themselves go to the end of the text. */
static void name_old_files(struct maker *m) {
  size_t kept = 0;
  for (size_t i = 0; i < m->l->attachments.n; i++) {
    struct letter_attachment t = m->l->attachments.v[i];
    if (is_new(m, t.id) || t.has_data || t.url.n) {
      m->l->attachments.v[kept++] = t;
      continue;
    }
    tell(m, CONVERT_OLD_FILE, t.from, t.title, (struct str){0});
    push_text(m, arena_printf(m->a, "Bilag til en tidligere meddelelse: %.*s%s%.*s", STR_F(t.title),
                              t.time.n ? ", " : "", STR_F(t.time)));
  }
  m->l->attachments.n = kept;
}

/* ---- */

static void take_fhir(struct maker *m) {
  struct letter *l = m->l;
  l->category = GET(m, "message.category");
  l->activity = GET(m, "message.activity");
  l->sender.phone = (struct str){0};
  for (size_t i = 0, n = correspondence_count(m->c, "text"); i < n; i++)
    if (is_new(m, correspondence_value(m->c, "text.id", i)))
      l->sender.phone = correspondence_literal(m->c, "text.phone", i);
  put_new(m);
  put_identifiers(m);
  put_old(m);
  name_old_files(m);
}

void letter_of(struct letter *out, struct arena *a, const struct correspondence *c, struct findings *f) {
  struct maker m = {a, c, out, f};
  *out = (struct letter){0};
  out->envelope = GET(&m, "envelope.id");
  out->id = GET(&m, "letter.id");
  out->sent = GET(&m, "envelope.sent");
  out->time = GET(&m, "letter.time");
  out->acknowledge = GET(&m, "envelope.acknowledge");
  out->kind = GET(&m, "letter.status");
  out->priority = GET(&m, "message.priority");
  out->subject = GET(&m, "message.subject");
  take_party(&m, &out->sender, "sender");
  take_party(&m, &out->receiver, "receiver");
  take_patient(&m);
  for (size_t i = 0, n = correspondence_count(c, "attachment"); i < n; i++) take_attachment(&m, i);
  if (c->format == MAPPING_FHIR) {
    take_fhir(&m);
    return;
  }
  for (size_t i = 0, n = correspondence_count(c, "text"); i < n; i++)
    push_text(&m, without_line_end(correspondence_literal(c, "text.content", i)));
}
