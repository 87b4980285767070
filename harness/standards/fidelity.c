#include "standards/fidelity.h"

#include "base/file.h"
#include "formats/yaml.h"
#include "standards/reading.h"

static const char *const names[FIDELITIES] = {
    [FIDELITY_AS_PUBLISHED] = "as-published",
    [FIDELITY_SIMPLIFIED] = "simplified",
    [FIDELITY_DIFFERS] = "differs",
    [FIDELITY_NOT_SHOWN] = "not-shown",
};

const char *fidelity_name(enum fidelity f) {
  return names[f];
}

static int read_kind(struct reading *r, const struct node *n, void *out) {
  for (int i = 0; i < FIDELITIES; i++) {
    if (!str_eqz(n->text, names[i])) continue;
    *(enum fidelity *)out = (enum fidelity)i;
    return 0;
  }
  return COMPLAIN(r, n, "\"%.*s\" is none of as-published, simplified, differs, not-shown", STR_F(n->text));
}

static int read_texts(struct reading *r, const struct node *n, void *out) {
  struct fidelity_names *to = out;
  if (n->kind != NODE_ARRAY || !n->count) return COMPLAIN(r, n, "a list of names is needed");
  for (NODE_EACH(c, n)) {
    struct str name;
    if (config_text(r, c, &name) < 0) return -1;
    VEC_PUSH(r->arena, &to->list, name);
  }
  return 0;
}

#define KEY(member, read, required)                                                                                    \
  { #member, read, offsetof(struct fidelity_note, member), required }

static const struct key note_keys[] = {KEY(is, read_kind, true),          KEY(standards, read_texts, false),
                                       KEY(protocols, read_texts, false), KEY(en, config_text, true),
                                       KEY(da, config_text, true),        KEY(see, config_text, true)};

static int read_notes(struct reading *r, const struct node *n, void *out) {
  struct fidelity_notes *to = out;
  if (n->kind != NODE_ARRAY) return COMPLAIN(r, n, "\"notes\" is a list");
  if (n->count > FIDELITY_NOTES_MAX) return COMPLAIN(r, n, "there are more than %d notes", FIDELITY_NOTES_MAX);
  for (NODE_EACH(c, n)) {
    struct fidelity_note *note = VEC_ADD(r->arena, &to->list);
    if (config_mapping(r, c, note_keys, KEYS_N(note_keys), note) < 0) return -1;
    if (!note->standards.list.n && !note->protocols.list.n)
      return COMPLAIN(r, c, "a note is about \"standards\" or \"protocols\"");
  }
  return 0;
}

static const struct key file_keys[] = {{"notes", read_notes, 0, true}};

int fidelity_read(struct fidelity_notes **out, struct arena *a, struct source src, struct error *e) {
  struct reading r = {.arena = a, .file = src.name, .e = e};
  struct findings found;
  struct node *yaml;
  r.out = *out = ARENA_NEW(a, struct fidelity_notes);
  **out = (struct fidelity_notes){0};
  findings_init(&found, a);
  int read = yaml_read(&yaml, a, src, &found);
  if (findings_error(&found, e) < 0) return -1;
  if (read < 0) return error_at(e, ERR_SYNTAX, src.name, 0, 0, "it cannot be read");
  return config_mapping(&r, yaml, file_keys, KEYS_N(file_keys), *out);
}

int fidelity_load(struct fidelity_notes **out, struct arena *a, const char *data, struct error *e) {
  const char *path = file_join(a, file_join(a, data, "fixtures"), FIDELITY_FILE);
  struct source src = {.name = str_z(path)};
  if (!file_exists(path)) {
    *out = ARENA_NEW(a, struct fidelity_notes);
    **out = (struct fidelity_notes){0};
    return 0;
  }
  return file_read(&src.bytes, a, path, FIDELITY_BYTES_MAX, e) < 0 ? -1 : fidelity_read(out, a, src, e);
}

bool fidelity_concerns(const struct fidelity_note *n, struct str standard, struct str protocol) {
  for (size_t i = 0; i < n->standards.list.n; i++)
    if (str_eqz(n->standards.list.v[i], "*") || str_eq(n->standards.list.v[i], standard)) return true;
  for (size_t i = 0; i < n->protocols.list.n; i++)
    if (str_eq(n->protocols.list.v[i], protocol)) return true;
  return false;
}
