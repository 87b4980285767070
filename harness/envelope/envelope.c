#include "envelope/envelope.h"

#include "envelope/sbdh.h"
#include "envelope/vans.h"

const struct envelope_kind *const envelope_kinds[] = {&vans_kind, &sbdh_kind};
const size_t envelope_kinds_n = sizeof envelope_kinds / sizeof envelope_kinds[0];

/* The root element must begin within this many bytes to be recognised. */
#define SNIFF_MAX ((size_t)64 * 1024)
#define BOM "\xef\xbb\xbf"

/* Behind the comment, declaration or processing instruction that begins at `at`; SIZE_MAX if it does not end. */
static size_t skip_markup(struct str s, size_t at) {
  struct str rest = str_sub(s, at, s.n);
  struct str end = str_starts(rest, STR("<!--")) ? STR("-->") : str_starts(rest, STR("<?")) ? STR("?>") : STR(">");
  size_t found = str_find(s, end, at);
  return found == SIZE_MAX ? SIZE_MAX : found + end.n;
}

static bool is_name_end(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '>' || c == '/';
}

/* The local name of the element whose '<' was just passed. */
static struct str local_name(struct str s) {
  size_t n = 0;
  while (n < s.n && !is_name_end(s.p[n])) n++;
  struct str whole = str_sub(s, 0, n);
  size_t colon = str_index(whole, ':');
  return colon == SIZE_MAX ? whole : str_sub(whole, colon + 1, whole.n);
}

struct str envelope_root_name(struct str bytes) {
  struct str s = str_sub(bytes, str_starts(bytes, STR(BOM)) ? sizeof BOM - 1 : 0, SNIFF_MAX);
  size_t at = 0;
  while (at < s.n) {
    char c = s.p[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      at++;
      continue;
    }
    if (c != '<' || at + 1 >= s.n) return (struct str){0};
    if (s.p[at + 1] != '!' && s.p[at + 1] != '?') return local_name(str_sub(s, at + 1, s.n));
    at = skip_markup(s, at);
  }
  return (struct str){0};
}

const struct envelope_kind *envelope_sniff(struct str bytes) {
  for (size_t i = 0; i < envelope_kinds_n; i++)
    if (envelope_kinds[i]->sniff(bytes)) return envelope_kinds[i];
  return NULL;
}

const struct envelope_kind *envelope_kind_named(struct str name) {
  for (size_t i = 0; i < envelope_kinds_n; i++)
    if (str_eqz(name, envelope_kinds[i]->name)) return envelope_kinds[i];
  return NULL;
}

struct str envelope_tag_value(const struct envelope_meta *m, const char *name) {
  for (size_t i = 0; i < m->tags_n; i++)
    if (str_eqz(m->tags[i].name, name)) return m->tags[i].value;
  return (struct str){0};
}

const char *receipt_kind_name(enum receipt_kind k) {
  static const char *const names[] = {[RECEIPT_POSITIVE_MESSAGE] = "PositiveMessage",
                                      [RECEIPT_NEGATIVE_MESSAGE] = "NegativeMessage",
                                      [RECEIPT_NEGATIVE_VANS] = "NegativeVans"};
  return names[k];
}
