/* MedCom's own protocol document, filled in with what a run has seen, by `testcamp report --format docx`. */
#include "base/file.h"
#include "base/utf8.h"
#include "console/runpage_int.h"

#define DOCUMENT_MAX ((size_t)16 << 20) /* filled in: it is a part of the page that says what did not fit */
#define SAID_MAX ((size_t)64 << 10)

static void begin(struct visit *v) {
  struct str id = run_page_id(v);
  visit_begin(v, "Fill in MedCom's Word document", "Udfyld MedComs Word-dokument");
  page_open(v, "p", "links");
  page_link(v, str_z(visit_word(v, "Back to the run", "Tilbage til testforløbet")), "/runs/%.*s", STR_F(id));
  page_close(v);
  page_say_in(
      v, "p", NULL,
      "The test protocol as MedCom publishes it: each row gets, by its step number, test data, actual result and, of "
      "a live test, the assessment. The rest of the document stays as it is.",
      "Testprotokollen, som MedCom udgiver den: hver række får efter sit teststepnummer testdata, aktuelt resultat "
      "og, ved en livetest, vurderingen. Resten af dokumentet bliver, som det er.");
  form_open(v, true, "/runs/%.*s/word", STR_F(id));
  page_open(v, "div", "drop");
  page_attr(v, "data-drop", "%s", "");
  form_input(v, "file", "document", STR(""), "Word document (.docx); it can be dropped here",
             "Word-dokument (.docx); det kan trækkes hertil");
  page_close(v);
  form_button(v, NULL, NULL, "main", "Fill in", "Udfyld");
  page_close(v);
}

static void get_word(struct visit *v) {
  begin(v);
  visit_page(v);
}

static void show(struct visit *v, const struct done *d) {
  struct str said = str_trim(d->err), bytes;
  struct error e;
  bool filled = d->code == 0 && file_read(&bytes, v->arena, v->job_file, DOCUMENT_MAX, &e) == 0;
  begin(v);
  if (filled)
    page_say_in(v, "p", "notice", "It is filled in.", "Det er udfyldt.");
  else
    page_say_in(v, "p", "notice error", "It could not be filled in.", "Det kunne ikke udfyldes.");
  if (said.n) page_complaint_in(v, "pre", "wrap", str_sub(said, 0, utf8_whole(str_sub(said, 0, SAID_MAX))));
  if (filled) page_save_link(v, arena_printf(v->arena, "%.*s.docx", STR_F(run_page_id(v))).p, bytes);
  visit_page_status(v, filled ? 200 : 400);
}

static void post_word(struct visit *v) {
  const struct webform_field *f = webform_nth(&v->form, "document", 0);
  struct arena *a = v->arena;
  if (!f || !f->is_file || !f->value.n) {
    visit_ask_again(v, begin, "Choose a Word document.", "Vælg et Word-dokument.");
    return;
  }
  const char *path = visit_file(v, STR("document.docx"), f->value);
  if (!path) return;
  v->job_file = file_join(a, file_dir(a, path), "filled.docx");
  camp_settle(v->console->options.camp);
  do_reading(
      v,
      (const char *const[]){"report", run_page_id(v).p, "--format=docx", arena_printf(a, "--template=%s", path).p,
                            arena_printf(a, "--output=%s", v->job_file).p, lang_option(v), store_option(v), NULL},
      show);
}

const struct route run_word_routes[] = {{"GET", "/runs/*/word", FOR_PARTNERS, ROUTE_RUN, get_word},
                                        {"POST", "/runs/*/word", FOR_PARTNERS, ROUTE_RUN, post_word},
                                        {0}};
