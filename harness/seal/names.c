/* MedCom's names of evidence (test protocols, "Documentation of self-test"): CareCommunication_3.4_A_S.xml. */
#include "formats/sniff.h"
#include "seal/seal_int.h"

#include <string.h>

#define LETTERS 26
#define EXTENSION_MAX 8

void namer_init(struct namer *n, struct arena *a, const struct record *r) {
  *n = (struct namer){.arena = a, .record = r};
  map_init(&n->letters, a);
}

static bool is_plain(char c) {
  return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

struct str plain_name(struct arena *a, struct str name) {
  char *z = arena_z(a, name);
  for (size_t i = 0; i < name.n; i++)
    if (!is_plain(z[i]) || (i == 0 && z[i] == '.')) z[i] = '-';
  return name.n ? (struct str){z, name.n} : STR("file");
}

/* "3.3.4.5" of "3.3.4.5+1" and "3.3.4.5#2": a step of ours documents the one of MedCom's before it. */
static struct str number_of(struct str step) {
  size_t n = 0;
  while (n < step.n && step.p[n] != '+' && step.p[n] != '#') n++;
  return str_sub(step, 0, n);
}

/* A, B, ... Z, AA, AB, ... */
static struct str letter(struct arena *a, size_t n) {
  struct str tail = arena_printf(a, "%c", (char)('A' + n % LETTERS));
  return n < LETTERS ? tail : arena_printf(a, "%.*s%.*s", STR_F(letter(a, n / LETTERS - 1)), STR_F(tail));
}

struct str namer_next(struct namer *n, const char *folder, struct str step, struct str extension) {
  struct arena *a = n->arena;
  struct str number = step.n ? plain_name(a, number_of(step)) : STR("unmatched");
  size_t *used = map_get(&n->letters, number);
  if (!used) {
    used = ARENA_NEW(a, size_t);
    map_set(&n->letters, number, used);
  }
  struct str standard = plain_name(a, n->record->standard);
  struct str which = letter(a, (*used)++);
  char role = str_eqz(n->record->role, "sender") ? 'S' : str_eqz(n->record->role, "operator") ? 'O' : 'R';
  return arena_printf(a, "%s/%.*s_%.*s_%.*s_%c.%.*s", folder, STR_F(standard), STR_F(number), STR_F(which), role,
                      STR_F(extension));
}

struct str extension_by_bytes(struct str bytes) {
  static const char *const extensions[] = {[SNIFF_JSON] = "json",
                                           [SNIFF_XML] = "xml",
                                           [SNIFF_EDIFACT] = "edi",
                                           [SNIFF_EMPTY] = "txt",
                                           [SNIFF_UNKNOWN] = "txt"};
  return str_z(extensions[sniff_bytes(bytes)]);
}

struct str extension_by_name(struct arena *a, struct str name) {
  size_t dot = name.n;
  while (dot > 0 && name.p[dot - 1] != '.') dot--;
  struct str ext = dot ? str_sub(name, dot, name.n) : (struct str){0};
  if (!ext.n || ext.n > EXTENSION_MAX) return STR("bin");
  char *z = arena_z(a, ext);
  for (size_t i = 0; i < ext.n; i++) {
    if (!ascii_is_alnum(z[i])) return STR("bin");
    if (z[i] >= 'A' && z[i] <= 'Z') z[i] = (char)(z[i] - 'A' + 'a');
  }
  return (struct str){z, ext.n};
}
