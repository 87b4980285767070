#include "console/webform.h"

#include "base/percent.h"
#include "base/utf8.h"

static struct webform_field *add(struct webform *f, struct arena *a, struct str name, struct error *e) {
  if (f->fields.n == WEBFORM_FIELDS_MAX) {
    error_set(e, ERR_LIMIT, "the form has more than %d fields", WEBFORM_FIELDS_MAX);
    return NULL;
  }
  struct webform_field *field = VEC_ADD(a, &f->fields);
  *field = (struct webform_field){.name = name};
  return field;
}

/* Browsers send CR LF for the line ends of a text. */
static struct str plain_lines(struct arena *a, struct str s) {
  char *out = arena_alloc(a, s.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] != '\r')
      out[n++] = s.p[i];
    else if (i + 1 == s.n || s.p[i + 1] != '\n')
      out[n++] = '\n';
  out[n] = '\0';
  return (struct str){out, n};
}

static int check_text(struct str name, struct str value, struct error *e) {
  struct str said = utf8_head(name, 40);
  if (value.n > WEBFORM_VALUE_MAX)
    return error_set(e, ERR_LIMIT, "the field %.*s holds more than %zu bytes", STR_F(said), WEBFORM_VALUE_MAX);
  if (utf8_check(value) == SIZE_MAX && str_index(value, '\0') == SIZE_MAX) return 0;
  return error_set(e, ERR_SYNTAX, "the field %.*s is not UTF-8 text", STR_F(said));
}

static int read_urlencoded(struct webform *f, struct arena *a, struct str body, struct error *e) {
  while (body.n) {
    struct str value = str_cut(&body, '&'), name = str_cut(&value, '=');
    if (!percent_decode(&name, a, name) || !percent_decode(&value, a, value))
      return error_set(e, ERR_SYNTAX, "the form is not encoded as forms are");
    if (check_text(STR("?"), name, e) < 0 || check_text(name, value, e) < 0) return -1;
    struct webform_field *field = add(f, a, name, e);
    if (!field) return -1;
    field->value = plain_lines(a, value);
  }
  return 0;
}

/* ---- multipart ---- */

/* The value of a parameter of a header field: name=value or name="value", in a browser's way of quoting ("%22" for
 * a quote); false if it has none of that name. */
static bool parameter(struct str field, const char *name, struct str *out) {
  struct str rest = field;
  (void)str_cut(&rest, ';');
  while (rest.n) {
    rest = str_trim(rest);
    size_t eq = str_index(rest, '=');
    if (eq == SIZE_MAX) return false;
    struct str key = str_trim(str_sub(rest, 0, eq)), value = str_sub(rest, eq + 1, rest.n);
    bool quoted = value.n && value.p[0] == '"';
    if (quoted) value = str_sub(value, 1, value.n);
    size_t end = str_index(value, quoted ? '"' : ';');
    if (end == SIZE_MAX) end = value.n;
    rest = str_sub(value, end, value.n);
    (void)str_cut(&rest, ';');
    *out = str_sub(value, 0, end);
    if (str_eq_nocase(key, str_z(name))) return true;
  }
  return false;
}

static struct str safe_file_name(struct arena *a, struct str s) {
  for (size_t i = s.n; i > 0; i--)
    if (s.p[i - 1] == '/' || s.p[i - 1] == '\\') {
      s = str_sub(s, i, s.n);
      break;
    }
  s = str_sub(s, s.n > WEBFORM_FILE_NAME_MAX ? s.n - WEBFORM_FILE_NAME_MAX : 0, s.n);
  char *out = arena_alloc(a, s.n + 1);
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    out[i] = c < 0x20 || c == 0x7f ? '_' : (char)c;
  }
  out[s.n] = '\0';
  struct str name = {out, s.n};
  if (str_eqz(name, ".") || str_eqz(name, "..") || utf8_check(name) != SIZE_MAX) return STR("file");
  return name;
}

static int read_part(struct webform *f, struct arena *a, struct str part, struct error *e) {
  struct str disposition = {NULL, 0}, name, file;
  size_t end = str_find(part, STR("\r\n\r\n"), 0);
  if (end == SIZE_MAX) return error_set(e, ERR_SYNTAX, "a part of the form has no end of its header");
  struct str head = str_sub(part, 0, end), value = str_sub(part, end + 4, part.n);
  while (head.n) {
    struct str line = str_trim(str_cut(&head, '\n')), rest = line;
    if (str_eq_nocase(str_trim(str_cut(&rest, ':')), STR("Content-Disposition"))) disposition = str_trim(rest);
  }
  if (!parameter(disposition, "name", &name)) return error_set(e, ERR_SYNTAX, "a part of the form has no name");
  bool is_file = parameter(disposition, "filename", &file);
  if (check_text(STR("?"), name, e) < 0 || (!is_file && check_text(name, value, e) < 0)) return -1;
  struct webform_field *field = add(f, a, name, e);
  if (!field) return -1;
  field->is_file = is_file;
  field->value = is_file ? value : plain_lines(a, value);
  if (is_file) field->file_name = safe_file_name(a, file);
  return 0;
}

static int read_multipart(struct webform *f, struct arena *a, struct str boundary, struct str body, struct error *e) {
  if (!boundary.n || boundary.n > WEBFORM_BOUNDARY_MAX)
    return error_set(e, ERR_SYNTAX, "the boundary of the form has %zu characters; 1 to %d are allowed", boundary.n,
                     WEBFORM_BOUNDARY_MAX);
  struct str mark = arena_printf(a, "\r\n--%.*s", STR_F(boundary)), first = str_sub(mark, 2, mark.n);
  if (!str_starts(body, first)) return error_set(e, ERR_SYNTAX, "the form does not begin with its boundary");
  body = str_sub(body, first.n, body.n);
  while (!str_starts(body, STR("--"))) {
    if (!str_starts(body, STR("\r\n")))
      return error_set(e, ERR_SYNTAX, "a boundary of the form is followed by rubbish");
    size_t end = str_find(body, mark, 2);
    if (end == SIZE_MAX) return error_set(e, ERR_SYNTAX, "the form ends in the middle; it was not sent as a whole");
    if (read_part(f, a, str_sub(body, 2, end), e) < 0) return -1;
    body = str_sub(body, end + mark.n, body.n);
  }
  return 0;
}

int webform_read(struct webform *out, struct arena *a, struct str content_type, struct str body, struct error *e) {
  struct str rest = content_type, kind = str_trim(str_cut(&rest, ';')), boundary;
  *out = (struct webform){0};
  if (!body.n) return 0;
  if (str_eq_nocase(kind, STR("application/x-www-form-urlencoded"))) return read_urlencoded(out, a, body, e);
  if (str_eq_nocase(kind, STR("multipart/form-data")) && parameter(content_type, "boundary", &boundary))
    return read_multipart(out, a, boundary, body, e);
  return error_set(e, ERR_UNSUPPORTED, "a form is sent as application/x-www-form-urlencoded or multipart/form-data");
}

struct str webform_get(const struct webform *f, const char *name) {
  for (size_t i = 0; i < f->fields.n; i++)
    if (!f->fields.v[i].is_file && str_eqz(f->fields.v[i].name, name)) return f->fields.v[i].value;
  return STR("");
}

const struct webform_field *webform_nth(const struct webform *f, const char *name, size_t n) {
  for (size_t i = 0; i < f->fields.n; i++)
    if (str_eqz(f->fields.v[i].name, name) && n-- == 0) return &f->fields.v[i];
  return NULL;
}
