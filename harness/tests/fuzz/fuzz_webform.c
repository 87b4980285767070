/* fuzz_webform: what a browser sends: the first line is the Content-Type, the rest the body. */
#include "base/utf8.h"
#include "console/webform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What pages rely on: texts are text, and the name of a file leads nowhere. */
static void look(const struct webform_field *f) {
  if (utf8_check(f->name) != SIZE_MAX || f->file_name.n > WEBFORM_FILE_NAME_MAX) BUG("a name that is no text");
  for (size_t i = 0; i < f->file_name.n; i++) {
    unsigned char c = (unsigned char)f->file_name.p[i];
    if (c == '/' || c == '\\' || c < 0x20 || c == 0x7f) BUG("the name of a file leads elsewhere");
  }
  if (utf8_check(f->file_name) != SIZE_MAX || str_eqz(f->file_name, "..")) BUG("the name of a file is no name");
  if (f->is_file) return;
  if (f->value.n > WEBFORM_VALUE_MAX || utf8_check(f->value) != SIZE_MAX) BUG("a value that is no text");
  if (str_index(f->value, '\0') != SIZE_MAX || str_index(f->value, '\r') != SIZE_MAX)
    BUG("a line end that is not ours");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *a = arena_new(0);
  struct str body = {(const char *)data, size}, type = str_cut(&body, '\n');
  struct webform form;
  struct error e;
  if (webform_read(&form, a, type, body, &e) == 0)
    for (size_t i = 0; i < form.fields.n; i++) look(&form.fields.v[i]);
  else if (!e.text[0] || utf8_check(str_z(e.text)) != SIZE_MAX)
    BUG("an error that says nothing");
  arena_free(a);
  return 0;
}
