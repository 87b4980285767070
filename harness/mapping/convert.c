#include "mapping/convert.h"
#include "base/clock.h"
#include "envelope/vans.h"
#include "mapping/convert_int.h"

const char *const convert_type_names[CONVERT_TYPES_N] = {
    [CONVERT_CARECOMMUNICATION] = "CareCommunication", [CONVERT_XDIS91] = "XDIS91", [CONVERT_DIS91] = "DIS91",
    [CONVERT_ACKNOWLEDGEMENT] = "Acknowledgement",     [CONVERT_XCTL] = "XCTL",     [CONVERT_CTL] = "CTL"};

static const struct {
  const char *name;
  enum convert_type type;
} other_names[] = {{"CC", CONVERT_CARECOMMUNICATION},
                   {"FDIS91", CONVERT_CARECOMMUNICATION},
                   {"XBIN01", CONVERT_XDIS91},
                   {"BIN01", CONVERT_DIS91},
                   {"ACK", CONVERT_ACKNOWLEDGEMENT},
                   {"FCTL", CONVERT_ACKNOWLEDGEMENT},
                   {"XCTL01", CONVERT_XCTL},
                   {"XCTL02", CONVERT_XCTL},
                   {"XCTL03", CONVERT_XCTL},
                   {"CTL01", CONVERT_CTL},
                   {"CTL02", CONVERT_CTL},
                   {"CTL03", CONVERT_CTL}};

bool convert_type_parse(struct str name, enum convert_type *out) {
  for (size_t i = 0; i < CONVERT_TYPES_N; i++)
    if (str_eq_nocase(name, str_z(convert_type_names[i]))) {
      *out = (enum convert_type)i;
      return true;
    }
  for (size_t i = 0; i < sizeof other_names / sizeof other_names[0]; i++)
    if (str_eq_nocase(name, str_z(other_names[i].name))) {
      *out = other_names[i].type;
      return true;
    }
  return false;
}

enum kind { KIND_LETTER, KIND_OBJECTS, KIND_RECEIPT, KIND_OTHER };

static enum kind kind_of(struct str type) {
  static const struct {
    const char *type;
    enum kind kind;
  } kinds[] = {{"CareCommunication", KIND_LETTER},
               {"DIS91", KIND_LETTER},
               {"DIS90", KIND_LETTER},
               {"BIN01", KIND_OBJECTS},
               {"CTL01", KIND_RECEIPT},
               {"CTL02", KIND_RECEIPT},
               {"CTL03", KIND_RECEIPT},
               {"Acknowledgement", KIND_RECEIPT}};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (str_eqz(type, kinds[i].type)) return kinds[i].kind;
  return KIND_OTHER;
}

static bool is_legacy(enum convert_type t) {
  return t != CONVERT_CARECOMMUNICATION && t != CONVERT_ACKNOWLEDGEMENT;
}

/* ---- letters ---- */

static void tell_left_out(struct job *j) {
  static const char *const keys[] = {"message.category", "message.recipient", "text.author"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    job_lost(j, keys[i], correspondence_value(j->c, keys[i], 0));
  struct str second = correspondence_value(j->c, "episode.second", 0);
  struct str first = correspondence_value(j->c, "episode.id", 0);
  if (!second.n || str_eq(first, second)) return;
  job_say(j, CONVERT_EPISODE, "episode.id", first, second);
}

static int write_letter(struct job *j, enum kind kind, struct error *e) {
  enum convert_type to = j->o->to;
  struct str time = j->letter->time.n ? j->letter->time : j->letter->sent;
  if (to == CONVERT_CARECOMMUNICATION) return write_carecommunication(j, e);
  if (j->c->format == MAPPING_FHIR) tell_left_out(j);
  legacy_prepare(j);
  if (kind == KIND_LETTER) (to == CONVERT_XDIS91 ? write_xdis91 : write_dis91)(j);
  if (kind == KIND_OBJECTS || j->c->format == MAPPING_FHIR)
    (to == CONVERT_XDIS91 ? write_xbin01 : write_bin01)(j, time);
  return 0;
}

/* A size that lies, at the place where it does. What came with the objects was looked at there. */
static void tell_sizes(struct job *j, const struct correspondence *c) {
  for (size_t i = 0, n = correspondence_count(c, "attachment"); i < n; i++) {
    const struct mapping_element *size = correspondence_at(c, "attachment.size", i),
                                 *data = correspondence_at(c, "attachment.data", i);
    struct arena_mark mark = arena_mark(j->a);
    struct str octets = {0};
    int64_t told = -1;
    bool there = size && !size->source && data && element_octets(&octets, j->a, c, data);
    arena_rewind(j->a, mark);
    if (!there || (str_int(size->value, &told) && told >= 0 && (uint64_t)told == octets.n)) continue;
    struct str first = size->value, second = arena_printf(j->a, "%zu", octets.n);
    FINDING(j->f, &convert_rules[CONVERT_SIZE], element_place(c, size), first, second);
  }
}

static void tell_too_large(struct job *j) {
  for (size_t i = 0; i < j->out->out.n; i++) {
    size_t n = j->out->out.v[i].bytes.n;
    if (n > VANS_MESSAGE_MAX)
      job_say(j, CONVERT_TOO_LARGE, "envelope.id", arena_printf(j->a, "%zu", n),
              arena_printf(j->a, "%zu", VANS_MESSAGE_MAX));
  }
}

static int one_letter(struct job *base, const struct correspondence *c, enum kind kind, struct error *e) {
  struct letter letter;
  struct job j = *base;
  j.c = c;
  j.letter = &letter;
  letter_of(&letter, j.a, c, j.f);
  if (letter.attachments.n > CONVERT_ATTACHMENTS_MAX)
    return error_at(e, ERR_LIMIT, c->names.v[0], 0, 0, "a letter has at most %d attachments", CONVERT_ATTACHMENTS_MAX);
  if (c->letters > 1) job_say(&j, CONVERT_LETTERS, "letter.id", arena_printf(j.a, "%zu", c->letters), (struct str){0});
  tell_sizes(&j, c);
  return write_letter(&j, kind, e);
}

/* The pairs of the XBIN01 that became part of a FHIR message: each has a receipt of its own. */
static void pair_objects(struct job *j, const struct correspondence *objects) {
  const struct convert_pair letter = j->out->made.v[0];
  struct convert_pair *p = VEC_ADD(j->a, &j->out->made);
  *p = letter;
  p->envelope = correspondence_value(objects, "envelope.id", 0);
  p->letter = correspondence_value(objects, "letter.id", 0);
  p->version = correspondence_literal(objects, "letter.version", 0);
}

static struct correspondence *the_letter(struct correspondence *list, size_t n, struct error *e) {
  struct correspondence *found = NULL;
  for (size_t i = 0; i < n; i++) {
    if (kind_of(list[i].type) != KIND_LETTER) continue;
    if (found) {
      error_at(e, ERR_CONFIG, list[i].names.v[0], 0, 0, "there are two letters; one is converted at a time");
      return NULL;
    }
    found = &list[i];
  }
  if (!found)
    error_at(e, ERR_CONFIG, list[0].names.v[0], 0, 0,
             "objects without a letter that refers to them are passed on as they are, not converted");
  return found;
}

static int to_fhir(struct job *j, struct correspondence *list, size_t n, struct error *e) {
  struct correspondence *letter = the_letter(list, n, e);
  if (!letter) return -1;
  if (letter->format == MAPPING_FHIR)
    return error_at(e, ERR_CONFIG, letter->names.v[0], 0, 0, "it is a CareCommunication already");
  for (size_t i = 0; i < n; i++)
    if (&list[i] != letter) correspondence_join(letter, &list[i]);
  if (one_letter(j, letter, KIND_LETTER, e) < 0) return -1;
  for (size_t i = 0; i < n; i++)
    if (&list[i] != letter) tell_sizes(j, &list[i]);
  j->c = letter;
  tell_too_large(j);
  for (size_t i = 0; i < n; i++)
    if (&list[i] != letter) pair_objects(j, &list[i]);
  return 0;
}

static int to_legacy(struct job *j, struct correspondence *list, size_t n, struct error *e) {
  for (int kind = KIND_LETTER; kind <= KIND_OBJECTS; kind++)
    for (size_t i = 0; i < n; i++)
      if ((int)kind_of(list[i].type) == kind && one_letter(j, &list[i], (enum kind)kind, e) < 0) return -1;
  return 0;
}

/* ---- */

static int check_kinds(const struct correspondence *list, size_t n, bool receipts, struct error *e) {
  for (size_t i = 0; i < n; i++) {
    enum kind k = kind_of(list[i].type);
    if (k == KIND_OTHER || (k == KIND_RECEIPT) != receipts)
      return error_at(e, ERR_UNSUPPORTED, list[i].names.v[0], 0, 0, "a %.*s is not converted to that",
                      STR_F(list[i].type));
  }
  return 0;
}

int convert(struct conversion *out, struct arena *a, const struct convert_options *o, const struct source *inputs,
            size_t n, struct findings *f, struct error *e) {
  struct job j = {.a = a, .o = o, .f = f, .out = out};
  bool receipts = o->to == CONVERT_ACKNOWLEDGEMENT || o->to == CONVERT_XCTL || o->to == CONVERT_CTL;
  *out = (struct conversion){0};
  if (!n || n > CONVERT_INPUTS_MAX) return error_set(e, ERR_LIMIT, "1 to %d letters are converted", CONVERT_INPUTS_MAX);
  struct correspondence *list = ARENA_ARRAY(a, struct correspondence, n);
  for (size_t i = 0; i < n; i++)
    if (correspondence_read(&list[i], a, o->rules, inputs[i], e) < 0) return -1;
  if (check_kinds(list, n, receipts, e) < 0) return -1;
  if (receipts) return convert_receipts(out, a, o, list, n, f, e);
  return is_legacy(o->to) ? to_legacy(&j, list, n, e) : to_fhir(&j, list, n, e);
}
