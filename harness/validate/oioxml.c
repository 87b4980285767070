/* OIOXML letters: what each says that it is, the rules on what it holds, and its structure: by the operator's schemas
 * where there are any, else by the facts that are shipped. */
#include "validate/oioxml_int.h"

#include "base/file.h"
#include "validate/validate_int.h"

struct place oioxml_place(const struct oioxml *o, const struct node *n) {
  if (!n) return (struct place){.message = o->message, .line = 1, .col = 1};
  return node_place_for(o->f, o->message, n);
}

void oioxml_of_structure(const struct oioxml *o, struct finding *f) {
  if (!f) return;
  f->source = arena_str(o->f->arena, o->source);
  if (o->older && f->severity == SEV_ERROR) f->severity = SEV_UNDECIDED;
}

/* --- the shelf ----------------------------------------------------------------------- */

void letter_shelf_init(struct letter_shelf *s, struct arena *a, const char *schemas) {
  *s = (struct letter_shelf){.arena = a, .schemas = schemas};
  map_init(&s->structures, a);
  map_init(&s->compiled, a);
}

static int find_data(struct letter_shelf *s, struct error *e) {
  char *dir;
  if (s->data_dir) return 0;
  if (file_data_dir(&dir, s->arena, e)) return -1;
  s->data_dir = dir;
  return 0;
}

int letter_shelf_letters(struct letter_shelf *s, const struct letters **out, struct error *e) {
  if (find_data(s, e) || (!s->letters && letters_load(&s->letters, s->arena, s->data_dir, e))) return -1;
  *out = s->letters;
  return 0;
}

int letter_shelf_structure(struct letter_shelf *s, struct str ns, const struct outline **out, struct error *e) {
  static struct outline none; /* what is known not to be there */
  struct outline *found = map_get(&s->structures, ns);
  if (!found) {
    if (find_data(s, e) || outline_load(&found, s->arena, s->data_dir, ns, e)) return -1;
    map_set(&s->structures, arena_str(s->arena, ns), found ? found : &none);
  }
  *out = found == &none ? NULL : found;
  return 0;
}

/* --- structure ------------------------------------------------------------------------ */

/* Whose structure a letter of this row is judged by: its own, or that of the earlier version which is known. */
static const struct outline_type *type_of(struct oioxml *o, const struct letter_type *t, const struct outline **of,
                                          struct error *e) {
  const struct letter_type *from = letters_of_version_code(o->letters, t->xml.from);
  *of = NULL;
  if (!from || !from->namespaces.n) return NULL;
  struct str ns = from == t && letter_has_namespace(t, o->root->ns) ? o->root->ns : from->namespaces.v[0];
  if (letter_shelf_structure(o->shelf, ns, of, e)) return NULL;
  const struct outline_particle *p = *of ? outline_find((*of)->root, from->element) : NULL;
  return p ? p->type : NULL;
}

static void start_structure(struct oioxml *o, const struct letter_type *t) {
  o->older = t->xml.fidelity == LETTER_OLDER;
  o->source = arena_printf(o->scratch, "MedCom OIOXML, structure of %.*s as of %.*s (%s)", STR_F(t->xml.from),
                           STR_F(t->xml.revision), letter_fidelity_name(t->xml.fidelity));
}

static void judge_by(struct oioxml *o, const struct node *n, const struct outline_type *type,
                     const struct letter_type *t) {
  start_structure(o, t);
  oioxml_judge_structure(o, n, type);
}

static void say_none(struct oioxml *o, const struct node *letter, const struct letter_type *t) {
  OIOXML(o, OIOXML_STRUCTURE_NONE, letter, t->xml_type, t->xml.version);
}

/* What a vendor may add is not in every namespace. */
static void judge_local(struct oioxml *o, const struct outline *of, const struct letter_type *t) {
  if (!o->local || outline_find(of->root, o->local->name)) return;
  start_structure(o, t);
  OIOXML_STRUCTURE(o, OIOXML_UNKNOWN, o->local, o->local->name, o->root->name);
  o->local = NULL;
}

/* The envelope is the same in all namespaces; it is judged with the first letter that has a structure. */
static void judge_letter_structure(struct oioxml *o, const struct node *letter, const struct letter_type *t,
                                   bool *envelope_done) {
  const struct outline *of;
  struct error e = {0};
  const struct outline_type *type = t->xml.fidelity >= LETTER_OLDER ? type_of(o, t, &of, &e) : NULL;
  const struct node *envelope = o->envelope;
  if (e.code) {
    OIOXML(o, OIOXML_CATALOGUE, letter, str_z(e.text));
    return;
  }
  if (!type) {
    say_none(o, letter, t);
    return;
  }
  OIOXML(o, OIOXML_FIDELITY, letter, t->xml_type, t->xml.version, t->xml.from, t->xml.revision);
  if (t->xml.fidelity == LETTER_OLDER) OIOXML(o, OIOXML_FIDELITY_OLDER, letter, t->xml_type, t->xml.version);
  judge_by(o, letter, type, t);
  const struct outline_particle *p = outline_find(of->root, STR("Envelope"));
  judge_local(o, of, t);
  if (*envelope_done || !envelope || !p) return;
  judge_by(o, envelope, p->type, t);
  *envelope_done = true;
}

/* Envelope first, then letters, then what a vendor may add. */
static void judge_order(struct oioxml *o) {
  const struct node *n = o->root->first;
  bool local = false;
  o->older = false;
  o->source = STR("MedCom OIOXML, Emessage");
  if (!o->envelope) OIOXML_STRUCTURE(o, OIOXML_MISSING, o->root, o->root->name, STR("Envelope"));
  for (size_t i = 0; n; n = n->next) {
    if (n->kind == NODE_TEXT && str_trim(n->text).n) OIOXML_STRUCTURE(o, OIOXML_TEXT, n, o->root->name);
    if (n->kind != NODE_ELEMENT) continue;
    bool envelope = str_eqz(n->name, "Envelope");
    if (envelope && i > 0)
      OIOXML_STRUCTURE(o, o->envelope == n ? OIOXML_ORDER : OIOXML_REPEATED, n, n->name,
                       o->envelope == n ? o->root->name : STR("1"));
    if (local) OIOXML_STRUCTURE(o, OIOXML_ORDER, n, n->name, o->root->name);
    local |= str_eqz(n->name, "Local_Elements");
    i++;
  }
}

/* --- the whole -------------------------------------------------------------------------- */

static size_t judge_letters(struct oioxml *o, bool structures) {
  size_t n = 0;
  bool envelope_done = false;
  for (NODE_EACH(letter, o->root)) {
    if (!oioxml_is_letter(letter)) continue;
    const struct letter_type *t = oioxml_judge_letter(o, letter);
    if (t && structures) judge_letter_structure(o, letter, t, &envelope_done);
    n++;
  }
  return n;
}

static void judge_emessage(struct oioxml *o, struct str bytes) {
  if (!str_eqz(o->root->name, "Emessage")) {
    OIOXML(o, OIOXML_ROOT, o->root, o->root->name);
    return;
  }
  o->envelope = node_child(o->root, "Envelope");
  o->local = node_child(o->root, "Local_Elements");
  oioxml_judge_content(o);
  bool schema = o->shelf->schemas && oioxml_judge_schema(o, bytes);
  if (!schema) judge_order(o);
  if (judge_letters(o, !schema) == 0) OIOXML(o, OIOXML_NO_LETTER, o->root);
  oioxml_judge_times(o);
}

void validate_oioxml(const struct message *m, struct findings *f) {
  struct arena *own = arena_new(0);
  struct letter_shelf shelf;
  struct error e;
  struct oioxml o = {.f = f, .scratch = own, .message = m->payload.name, .root = m->letter, .shelf = m->letters};
  if (!o.shelf) {
    letter_shelf_init(&shelf, own, NULL);
    o.shelf = &shelf;
  }
  if (letter_shelf_letters(o.shelf, &o.letters, &e))
    OIOXML(&o, OIOXML_CATALOGUE, m->letter, str_z(e.text));
  else
    judge_emessage(&o, m->payload.bytes);
  arena_free(own);
}
