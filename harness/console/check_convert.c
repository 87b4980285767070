/* /check/convert: letters and what is attached to them, or receipts, in another format, by `testcamp convert`. */
#include "base/file.h"
#include "base/utf8.h"
#include "console/check_int.h"

#define FILES_MAX 20

static const char *const types[] = {"CareCommunication", "XDIS91", "DIS91", "Acknowledgement", "XCTL", "CTL"};

static void begin(struct visit *v) {
  struct str to = webform_get(&v->form, "to");
  visit_begin(v, "Convert a letter", "Konvertér et brev");
  check_tabs(v);
  page_say_in(
      v, "p", "soft",
      "A letter in EDIFACT, OIOXML or FHIR, and the BIN letters that hold what is attached to it; or receipts. What "
      "finds no place in the other format is told. Nothing is kept. Use test persons only.",
      "Et brev i EDIFACT, OIOXML eller FHIR og de BIN-breve, der rummer det vedhæftede; eller kvitteringer. "
      "Det, der ikke har en plads i det andet format, bliver fortalt. Intet gemmes. Brug kun testpersoner.");
  form_open(v, true, "/check/convert");
  check_input(v, "file", "text", "Letter", "Brev");
  form_input(v, "file", "with", STR(""), "What is attached (BIN), if any", "Vedhæftet (BIN), hvis der er noget");
  page_open(v, "div", "row");
  form_select(v, "to", "To", "Til");
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    form_option(v, str_z(types[i]), str_z(types[i]), str_eqz(to, types[i]));
  form_select_end(v);
  form_button(v, NULL, NULL, "main", "Convert", "Konvertér");
  page_close(v);
  page_close(v);
}

static void get_convert(struct visit *v) {
  begin(v);
  visit_page(v);
}

static bool is_text(struct str bytes) {
  return utf8_whole(bytes) == bytes.n && str_index(bytes, '\0') == SIZE_MAX;
}

/* EDIFACT is in ISO-8859-1; the bytes of the file are those of the link. */
static struct str shown(struct arena *a, struct str bytes) {
  struct buf b;
  if (is_text(bytes)) return bytes;
  buf_init(&b, 2 * CHECK_KEPT_MAX);
  for (size_t i = 0; i < bytes.n; i++) utf8_put(&b, (unsigned char)bytes.p[i]);
  return buf_take(&b, a);
}

static void write_one(struct visit *v, const char *folder, const char *name) {
  struct str bytes;
  struct error e;
  page_open(v, "section", NULL);
  page_text_in(v, "h2", NULL, str_z(name));
  if (file_read(&bytes, v->arena, file_join(v->arena, folder, name), CHECK_KEPT_MAX, &e) < 0) {
    page_say_in(v, "p", "notice error", "It is too large for a page; use: testcamp convert",
                "Den er for stor til en side; brug: testcamp convert");
  } else {
    page_save_link(v, name, bytes);
    page_open(v, "pre", "code");
    page_attr(v, "tabindex", "0");
    page_text(v, shown(v->arena, bytes));
    page_close(v);
  }
  page_close(v);
}

static void show(struct visit *v, const struct done *d) {
  char **names = NULL;
  size_t n = check_made(v, d, &names);
  begin(v);
  if (!n) page_say_in(v, "p", "notice error", "It could not be converted.", "Det kunne ikke konverteres.");
  if (str_trim(d->err).n) page_say_in(v, "h2", NULL, "What has to be known", "Det, man skal vide");
  check_said(v, d->err);
  for (size_t i = 0; i < n && i < FILES_MAX; i++) write_one(v, v->job_file, names[i]);
  visit_page_status(v, n ? 200 : 400);
}

static void post_convert(struct visit *v) {
  struct given g = given_read(v, "file", "text", "letter");
  const struct webform_field *with = webform_nth(&v->form, "with", 0);
  struct str to = webform_get(&v->form, "to");
  const char *argv[9] = {"convert", lang_option(v)};
  size_t n = 2;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (str_eqz(to, types[i])) argv[n++] = arena_printf(v->arena, "--to=%s", types[i]).p;
  if (!g.bytes.n || n == 2) {
    visit_ask_again(v, begin, "A letter is needed, and a format.", "Der skal et brev og et format til.");
    return;
  }
  const char *path = visit_file(v, g.name, g.bytes);
  const char *second = path && with && with->value.n ? visit_file(v, with->file_name, with->value) : NULL;
  if (!path || (with && with->value.n && !second)) return;
  v->job_file = file_join(v->arena, file_dir(v->arena, path), "converted");
  argv[n++] = arena_printf(v->arena, "--out=%s", v->job_file).p;
  argv[n++] = "--", argv[n++] = path, argv[n++] = second;
  do_reading(v, argv, show);
}

const struct route check_convert_routes[] = {{"GET", "/check/convert", FOR_PARTNERS, ROUTE_PLAIN, get_convert},
                                             {"POST", "/check/convert", FOR_PARTNERS, ROUTE_PLAIN, post_convert},
                                             {0}};
