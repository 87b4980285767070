/* DIS91 D9134L and BIN01 B0131X. Order and qualifiers: MedCom's converter between OIOXML and EDIFACT, legacy.md 3. */
#include "base/utf8.h"
#include "formats/edifact.h"
#include "formats/edifact_text.h"
#include "mapping/convert_int.h"

#define SECTION_MAX 9 /* FTX of an S14; one less beside the subject */
#define UNA ":+.? '"

static struct node *add(struct edi *x, struct node *parent, enum node_kind kind, struct str text) {
  struct node *n = node_new(x->a, kind);
  n->text = text;
  node_append(parent, n);
  return n;
}

static struct node *put_segment(struct edi *x, struct node *parent, struct str tag) {
  struct node *s = add(x, parent, NODE_SEGMENT, (struct str){0});
  s->name = tag;
  if (parent != x->root) x->segments++;
  return s;
}

/* What ISO 8859-1 has not is written as something like it, or '?'. */
static struct str plain(struct edi *x, struct str s) {
  static const struct {
    uint32_t cp;
    const char *like;
  } likes[] = {{0x2013, "-"},  {0x2014, "-"},  {0x2018, "'"}, {0x2019, "'"},   {0x201c, "\""},
               {0x201d, "\""}, {0x201e, "\""}, {0x2022, "*"}, {0x2026, "..."}, {0x20ac, "EUR"}};
  struct buf b;
  uint32_t cp;
  buf_init(&b, 4 * s.n + 1);
  for (size_t i = 0, n; i < s.n; i += n) {
    n = utf8_decode(s, i, &cp);
    if (!n) n = 1, cp = '?';
    if (cp < 0x100) {
      utf8_put(&b, cp < 0x20 ? ' ' : cp);
      continue;
    }
    const char *like = "?";
    for (size_t k = 0; k < sizeof likes / sizeof likes[0]; k++)
      if (likes[k].cp == cp) like = likes[k].like;
    buf_addz(&b, like);
    x->replaced = true;
  }
  return buf_take(&b, x->a);
}

static void drop_empty_end(struct node *n) {
  while (n->last && !n->last->text.n && !n->last->first) node_remove(n->last);
}

/* The text of a piece of a pattern: %s is the next of the texts. */
static struct str piece(struct edi *x, struct str p, size_t *at, size_t n, const struct str *texts) {
  size_t mark = str_find(p, STR("%s"), 0);
  if (mark == SIZE_MAX) return p;
  if (*at >= n) BUG("a pattern has more texts than there are");
  return plain(x, texts[(*at)++]);
}

static void put_element(struct edi *x, struct node *segment, struct str pattern, size_t *at, size_t n,
                        const struct str *texts) {
  if (str_index(pattern, ':') == SIZE_MAX) {
    add(x, segment, NODE_STRING, piece(x, pattern, at, n, texts));
    return;
  }
  struct node *list = add(x, segment, NODE_ARRAY, (struct str){0});
  for (bool last = false; !last;) {
    last = str_index(pattern, ':') == SIZE_MAX;
    add(x, list, NODE_STRING, piece(x, str_cut(&pattern, ':'), at, n, texts));
  }
  drop_empty_end(list);
}

static void put_in(struct edi *x, struct node *parent, const char *pattern, size_t n, const struct str *texts) {
  struct str rest = str_z(pattern);
  size_t at = 0;
  struct node *s = put_segment(x, parent, str_cut(&rest, '+'));
  for (bool last = !rest.n; !last;) {
    last = str_index(rest, '+') == SIZE_MAX;
    put_element(x, s, str_cut(&rest, '+'), &at, n, texts);
  }
  drop_empty_end(s);
}

void edi_put(struct edi *x, const char *pattern, size_t n, const struct str *texts) {
  put_in(x, x->group ? x->group : x->message, pattern, n, texts);
}

void edi_group(struct edi *x, const char *name) {
  x->group = add(x, x->message, NODE_GROUP, (struct str){0});
  x->group->name = str_z(name);
  EDI(x, arena_printf(x->a, "%s+%s", name, name + 1).p);
}

void edi_octets(struct edi *x, struct str octets) {
  struct node *n = add(x, x->group, NODE_BINARY, octets);
  n->name = STR("octets");
}

static struct str digits(struct arena *a, struct str local) {
  struct buf b;
  buf_init(&b, 12);
  for (size_t i = 0; i < local.n; i++)
    if (local.p[i] >= '0' && local.p[i] <= '9') buf_byte(&b, local.p[i]);
  while (b.n < 12) buf_byte(&b, '0');
  return buf_take(&b, a);
}

void edi_begin(struct edi *x, struct arena *a, struct str sender, struct str receiver, struct str local, struct str id,
               struct str acknowledge) {
  *x = (struct edi){.a = a, .root = node_new(a, NODE_GROUP)};
  struct str time = digits(a, local);
  struct str v[] = {sender, receiver, str_sub(time, 2, 8), str_sub(time, 8, 12), id, acknowledge};
  x->root->name = STR("interchange");
  x->root->prefix = STR("UNA" UNA);
  put_in(x, x->root, "UNB+UNOC:3+%s:14+%s:14+%s:%s+%s++++%s", 6, v);
  x->message = add(x, x->root, NODE_GROUP, (struct str){0});
  x->message->name = STR("message");
}

struct str edi_end(struct edi *x, struct str letter, struct str envelope) {
  struct buf b;
  x->group = NULL;
  EDI(x, "UNT+%s+%s", arena_printf(x->a, "%zu", x->segments + 1), letter);
  put_in(x, x->root, "UNZ+1+%s", 1, &envelope);
  buf_init(&b, CONVERT_BYTES_MAX);
  edifact_write(&b, x->root);
  return buf_take(&b, x->a);
}

/* ---- free text ---- */

/* How many components a line takes. */
static size_t components_of(struct edi *x, struct str line) {
  struct node *scratch = node_new(x->a, NODE_GROUP);
  struct free_text t = {0};
  size_t n = 0;
  free_text_add(&t, x->a, line);
  free_text_write(scratch, x->a, STR("NC"), &t);
  for (NODE_EACH(s, scratch)) n += s->last->count;
  return n;
}

/* The beginning of a line that alone is more than there is room for, up to a blank if there is one. */
static struct str part_of(struct edi *x, struct str line, size_t room) {
  while (line.n > 1 && components_of(x, line) > room) {
    size_t half = utf8_whole(str_sub(line, 0, line.n / 2 + 1)), at = half;
    line = str_sub(line, 0, half);
    while (at > 0 && line.p[at - 1] != ' ') at--;
    if (at) line = str_sub(line, 0, at);
  }
  return line;
}

/* Whole lines, as many as there is room for. */
struct str edi_free_text(struct edi *x, const char *code, struct str text, size_t max) {
  struct free_text t = {0};
  size_t room = max * FREE_TEXT_COMPONENTS, used = 0;
  for (bool more = true; more;) {
    struct str rest = text, line = str_cut(&rest, '\n');
    size_t n = components_of(x, plain(x, line));
    if (used + n > room && used) break;
    if (n > room) {
      line = part_of(x, line, room);
      rest = str_sub(text, line.n, text.n);
      used = room;
    }
    used += n;
    free_text_add(&t, x->a, plain(x, line));
    text = rest;
    more = text.n > 0;
  }
  x->segments += free_text_write(x->group ? x->group : x->message, x->a, str_z(code), &t);
  return text;
}

/* ---- letters ---- */

static struct str code_of(struct job *j, const char *list, struct str value) {
  return mapping_code_text(job_codes(j, list), MAPPING_EDIFACT, value);
}

static void put_address(struct edi *x, const struct letter_party *p) {
  if (p->street.n || p->suburb.n || p->district.n || p->postcode.n)
    EDI(x, "ADR++US:%s:%s+%s+%s", p->street, p->suburb, p->district, p->postcode);
}

static void put_party(struct job *j, struct edi *x, const struct letter_party *party, const char *role,
                      const char *name) {
  struct letter_party p = *party;
  job_divide_name(&p);
  job_number(j, &p);
  struct str codes = code_of(j, "identifier", p.code), list = str_cut(&codes, ':'),
             organisation = job_organisation(j, &p);
  edi_group(x, "S01");
  EDI(x, "NAD+%s+%s:%s:%s++%s:%s:%s:::US", str_z(role), p.id, list, codes.n ? codes : STR("9"),
      organisation.n ? job_fit(j, name, organisation, 35) : STR("_"), p.department, p.unit);
  put_address(x, &p);
}

static void put_parties(struct job *j, struct edi *x, const char *type) {
  const struct letter *l = j->letter;
  struct str speciality = code_of(j, "speciality", l->sender.speciality);
  put_party(j, x, &l->sender, "SSP", "sender.organisation");
  if (l->sender.phone.n) EDI(x, "CON++%s:TE", job_fit(j, "sender.phone", l->sender.phone, 25));
  EDI(x, "SEQ++1");
  EDI(x, "SPR+ORG+%s:SKS:SST+%s:SKS:SST", speciality.n ? speciality : STR("99"), str_z(type));
  put_party(j, x, &l->receiver, "PO", "receiver.organisation");
  EDI(x, "SEQ++2");
}

static void put_head(struct job *j, struct edi *x, const char *message, const char *version, const char *type,
                     struct str id, struct str time) {
  const struct letter *l = j->letter;
  EDI(x, "UNH+%s+%s:D:93A:UN:%s+%s", id, str_z(message), str_z(version), str_z(type));
  EDI(x, "BGM+%s++9+NA", str_eqz(str_z(type), "BIN01") ? STR("OBJ") : STR("EPI"));
  EDI(x, "DTM+137:%s:203", digits(j->a, time));
  put_parties(j, x, type);
  edi_group(x, "S02");
  struct str status = code_of(j, "status", l->kind);
  EDI(x, "GIS+%s", status.n ? status : STR("N"));
  EDI(x, "RFF+SRI:%s", id);
  struct str priority = code_of(j, "priority", l->priority);
  if (priority.n) EDI(x, "RFF+%s:NC", priority);
  EDI(x, "DTM+182:%s:203", digits(j->a, time));
}

static void put_person(struct job *j, struct edi *x) {
  const struct letter *l = j->letter;
  struct str surname = job_fit(j, "patient.surname", l->surname.n ? l->surname : STR("Ukendt"), 70);
  struct str given = job_fit(j, "patient.given", l->given, 70);
  edi_group(x, "S07");
  if (l->cpr.n && given.n)
    EDI(x, "PNA+PAT+%s:::CPR:IM+++SU:%s+FO:%s", l->cpr, surname, given);
  else if (l->cpr.n)
    EDI(x, "PNA+PAT+%s:::CPR:IM+++SU:%s", l->cpr, surname);
  else if (given.n)
    EDI(x, "PNA+PAT++++SU:%s+FO:%s", surname, given);
  else
    EDI(x, "PNA+PAT++++SU:%s", surname);
  if (!l->cpr.n && l->replacement.n) EDI(x, "RFF+XPI:%s", l->replacement);
}

static void put_patient(struct job *j, struct edi *x) {
  const struct letter *l = j->letter;
  put_person(j, x);
  if (l->street.n || l->suburb.n || l->district.n || l->postcode.n)
    EDI(x, "ADR++US:%s:%s+%s+%s", job_fit(j, "patient.street", l->street, 35), l->suburb, l->district, l->postcode);
  if (l->occupancy.n) EDI(x, "EMP+1++:::%s", l->occupancy);
  edi_group(x, "S11");
  EDI(x, "GIS+N");
  if (l->episode.n)
    EDI(x, "RFF+REI:%s", job_fit(j, "episode.id", l->episode, 35));
  else
    EDI(x, "RFF+AHI:1");
  EDI(x, "SEQ++1");
  struct str status = code_of(j, "episode-status", l->status);
  EDI(x, "PAS+%s", status.n ? status : STR("POT"));
}

static void put_texts(struct job *j, struct edi *x) {
  const struct letter *l = j->letter;
  size_t sections = 0;
  for (size_t i = 0; i < l->texts.n || (!i && l->subject.n); i++) {
    struct str rest = i < l->texts.n ? l->texts.v[i] : (struct str){0};
    do {
      bool first = !sections++;
      edi_group(x, "S14");
      struct str left = {0};
      if (first && l->subject.n) EDI(x, "FTX+OE+P00++%s", job_fit(j, "message.subject", l->subject, 70));
      if (rest.n) left = edi_free_text(x, "NC", rest, first && l->subject.n ? SECTION_MAX - 1 : SECTION_MAX);
      rest = left;
    } while (rest.n);
  }
  if (sections > CONVERT_SECTIONS_MAX)
    job_say(j, CONVERT_SECTIONS, "text.content", arena_printf(j->a, "%zu", sections),
            arena_printf(j->a, "%d", CONVERT_SECTIONS_MAX));
}

static void put_references(struct job *j, struct edi *x) {
  const struct letter *l = j->letter;
  for (size_t i = 0; i < l->attachments.n && i < CONVERT_FILES_A_LETTER; i++) {
    const struct letter_attachment *t = &l->attachments.v[i];
    if (i % SECTION_MAX == 0) edi_group(x, "S14");
    struct str title = job_fit(j, "attachment.title", t->title.n ? t->title : STR("Bilag"), 69), text = title;
    bool object = t->has_data || (t->id.n && !t->url.n && j->c->format != MAPPING_FHIR);
    if (object)
      text = arena_printf(j->a, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s", STR_F(title), STR_F(t->id),
                          STR_F(code_of(j, "object", attachment_object(j, t))),
                          STR_F(code_of(j, "extension", attachment_extension(j, t))),
                          STR_F(t->has_data ? arena_printf(j->a, "%zu", t->octets.n) : t->size));
    else if (t->url.n)
      text = arena_printf(j->a, "%.*s\n%.*s", STR_F(title), STR_F(t->url));
    edi_free_text(x, object ? "BIN" : t->url.n ? "URL" : "SUP", text, 2);
  }
}

static void finish(struct job *j, struct edi *x, const char *type, const char *version, struct str envelope,
                   struct str id) {
  struct converted *c = job_add(j, edi_end(x, id, envelope), type, version);
  struct convert_pair *p = job_pair(j);
  if (x->replaced) job_say(j, CONVERT_CHARACTER, "text.content", str_z(type), (struct str){0});
  c->sender = j->letter->sender.gln;
  c->receiver = j->letter->receiver.gln;
  c->envelope = p->envelope = envelope;
  c->letter = p->letter = id;
  p->version = str_z(version);
}

static struct str wish(struct job *j) {
  struct str s = code_of(j, "acknowledge", j->letter->acknowledge);
  return s.n ? s : STR("1");
}

void write_dis91(struct job *j) {
  const struct letter *l = j->letter;
  struct edi x;
  struct str envelope, id, time = l->time.n ? l->time : l->sent;
  job_ids(j, "dis91", &envelope, &id);
  edi_begin(&x, j->a, l->sender.gln, l->receiver.gln, l->sent, envelope, wish(j));
  put_head(j, &x, "MEDDIS", "D9134L", "DIS91", id, time);
  put_patient(j, &x);
  put_texts(j, &x);
  put_references(j, &x);
  finish(j, &x, "DIS91", "D9134L", envelope, id);
}

static void put_object(struct job *j, struct edi *x, const struct letter_attachment *t, size_t number) {
  struct str n = arena_printf(j->a, "%zu", number), size = arena_printf(j->a, "%zu", t->octets.n);
  EDI(x, "UNO+%s+AID:%s+OBJ:%s:%s:91+%s:14:1:A", n, t->id, code_of(j, "object", attachment_object(j, t)),
      code_of(j, "extension", attachment_extension(j, t)), size);
  edi_octets(x, t->octets);
  EDI(x, "UNP+%s+%s", size, n);
}

void write_bin01(struct job *j, struct str time) {
  const struct letter *l = j->letter;
  size_t i = 0;
  for (size_t k = 0; i < l->attachments.n; k++) {
    struct edi x;
    struct str envelope, id;
    size_t written = 0;
    job_ids(j, arena_printf(j->a, "bin01 %zu", k).p, &envelope, &id);
    edi_begin(&x, j->a, l->sender.gln, l->receiver.gln, l->sent, envelope, wish(j));
    put_head(j, &x, "MEDBIN", "B0131X", "BIN01", id, time);
    put_person(j, &x);
    edi_group(&x, "S11");
    for (; i < l->attachments.n && written < CONVERT_FILES_A_LETTER; i++)
      if (l->attachments.v[i].has_data) put_object(j, &x, &l->attachments.v[i], ++written);
    if (written) finish(j, &x, "BIN01", "B0131X", envelope, id);
  }
}
