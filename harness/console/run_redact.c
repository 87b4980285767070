/* What should never have come in is blacked out or erased, for good: first a page that says what goes, then the deed.
 */
#include "console/runpage_int.h"
#include "console/source.h"
#include "seal/blackout.h"

#define BLOBS_MAX 2 /* what was on the wire, and the bare payload */
#define PATTERN_MAX ((size_t)64 << 10)

/* A message or evidence, and what there is of it to go. */
struct target {
  struct str name, title;        /* name: as the command has it */
  const struct state_message *m; /* NULL: evidence */
  const struct event *gone;      /* it was redacted before: the last tombstone */
  struct {
    struct str digest, bytes, copy;
    const char *en, *da;
    char letter;
    size_t places;
  } left[BLOBS_MAX];
  size_t n;
};

static struct str field(const struct visit *v, const char *name) {
  return webform_get(&v->form, name);
}

/* ---- what there is ---- */

/* Of what was blacked out before, its copy is what is left; of what was erased, nothing. */
static void add_left(struct visit *v, struct target *t, struct str digest, char letter, const char *en,
                     const char *da) {
  const struct event *gone = state_tombstone(run_state(v->run), digest);
  if (gone) t->gone = gone, digest = event_get(gone, "copy");
  for (size_t i = 0; i < t->n; i++)
    if (str_eq(t->left[i].digest, digest)) return;
  if (!digest.n) return;
  t->left[t->n].digest = digest, t->left[t->n].letter = letter;
  t->left[t->n].en = en, t->left[t->n].da = da;
  t->n++;
}

static const struct record_evidence *evidence_in(const struct record_step *s, struct str digest) {
  for (size_t i = 0; i < s->evidence.n; i++)
    if (str_eq(s->evidence.v[i].digest, digest)) return &s->evidence.v[i];
  for (size_t a = 0; a < s->attempts.n; a++)
    for (size_t i = 0; i < s->attempts.v[a].evidence.n; i++)
      if (str_eq(s->attempts.v[a].evidence.v[i].digest, digest)) return &s->attempts.v[a].evidence.v[i];
  return NULL;
}

const struct record_evidence *run_page_evidence_find(const struct record *r, struct str digest) {
  const struct record_evidence *x = NULL;
  for (size_t c = 0; c < r->cases.n; c++)
    for (size_t s = 0; s < r->cases.v[c].steps.n && !x; s++) x = evidence_in(&r->cases.v[c].steps.v[s], digest);
  return x;
}

static bool find_target(struct visit *v, struct target *t) {
  const struct state *s = run_state(v->run);
  const struct state_message *m = state_message_of(s, v->parts[1]);
  const struct record_evidence *x = m ? NULL : run_page_evidence_find(run_page_record(v), v->parts[1]);
  *t = (struct target){.name = v->parts[1], .m = m};
  /* The command takes a name that a step gave for the message before an id. */
  if ((!m && !x) || (m && state_message_find(s, m->id) != m)) {
    visit_refuse(v, 404, "The run has no such message or evidence.",
                 "Testforløbet har ikke den meddelelse eller dokumentation.");
    return false;
  }
  if (x) {
    t->title = x->name;
    add_left(v, t, x->digest, 'E', "The file", "Filen");
    return true;
  }
  t->title = arena_printf(v->arena, "%.*s %.*s", STR_F(m->id), STR_F(m->name));
  if (m->payload.n) add_left(v, t, m->payload, 'P', "What was in the envelope", "Det, der lå i kuverten");
  add_left(v, t, m->digest, 'L', "As it was on the wire", "Som den blev overført");
  return true;
}

/* What who decides has to have seen. */
static struct str left_of(struct visit *v, const struct target *t) {
  struct str all = STR("");
  for (size_t i = 0; i < t->n; i++) all = arena_printf(v->arena, "%.*s %.*s", STR_F(all), STR_F(t->left[i].digest));
  return str_trim(all);
}

static struct str back_to(struct visit *v, const struct target *t) {
  struct str run = run_page_id(v);
  if (t->m) return arena_printf(v->arena, "/runs/%.*s/messages/%.*s", STR_F(run), STR_F(t->name));
  return arena_printf(v->arena, "/runs/%.*s", STR_F(run));
}

static struct str redact_page(struct visit *v, const struct target *t) {
  return arena_printf(v->arena, "/runs/%.*s/redact/%.*s", STR_F(run_page_id(v)), STR_F(run_page_encoded(v, t->name)));
}

/* ---- the pattern ---- */

/* A text as it stands: a backslash before each ASCII character that is no letter or digit takes its meaning away
 * (pcre2pattern, BACKSLASH). */
static void quote(struct buf *b, struct str text) {
  for (size_t i = 0; i < text.n; i++) {
    unsigned char c = (unsigned char)text.p[i];
    bool plain = c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!plain) buf_byte(b, '\\');
    buf_byte(b, text.p[i]);
  }
}

/* Each line is one thing to go; empty if there is none. */
static struct str pattern_of(struct visit *v) {
  struct str rest = field(v, "text");
  bool as_patterns = field(v, "patterns").n > 0;
  struct buf b;
  buf_init(&b, PATTERN_MAX);
  while (rest.n) {
    struct str line = str_trim(str_cut(&rest, '\n'));
    if (!line.n) continue;
    buf_addz(&b, b.n ? "|(?:" : "(?:");
    if (as_patterns)
      buf_add(&b, line);
    else
      quote(&b, line);
    buf_byte(&b, ')');
  }
  bool full = b.full;
  struct str pattern = buf_take(&b, v->arena);
  return full ? STR("") : pattern;
}

/* ---- links and tombstones, for other pages ---- */

void run_page_redact_link(struct visit *v, struct str name) {
  if (v->who.role != ROLE_MEDCOM) return;
  page_link(v, str_z(visit_word(v, "Black out or erase", "Overstreg eller slet")), "/runs/%.*s/redact/%.*s",
            STR_F(run_page_id(v)), STR_F(run_page_encoded(v, name)));
}

void run_page_tombstone(struct visit *v, const struct event *t) {
  bool copy = event_get(t, "copy").n > 0;
  struct str by = event_get(t, "by"), why = event_get(t, "why");
  page_printf_in(v, "span", "soft", "%s %.*s · %.*s · %.*s",
                 copy ? visit_word(v, "Blacked out by", "Overstreget af") : visit_word(v, "Erased by", "Slettet af"),
                 STR_F(by), STR_F(when_text(v, t->at)), STR_F(why));
}

/* ---- the form ---- */

static void write_choice(struct visit *v, const char *type, const char *name, const char *value, bool chosen,
                         const char *en, const char *da) {
  page_open(v, "label", "choice");
  page_open(v, "input", NULL);
  page_attr(v, "type", "%s", type), page_attr(v, "name", "%s", name), page_attr(v, "value", "%s", value);
  if (chosen) page_attr(v, "checked", "%s", "");
  page_close(v);
  page_text(v, STR(" "));
  page_say(v, en, da);
  page_close(v);
}

static void begin(struct visit *v, const struct target *t, const char *en, const char *da) {
  const char *title = arena_printf(v->arena, "%s %.*s", visit_word(v, en, da), STR_F(t->title)).p;
  visit_begin(v, title, title);
  page_open(v, "p", "links");
  if (t->m)
    page_link(v, str_z(visit_word(v, "Back to the message", "Tilbage til meddelelsen")), "%.*s", STR_F(back_to(v, t)));
  page_link(v, str_z(visit_word(v, "Back to the run", "Tilbage til testforløbet")), "/runs/%.*s",
            STR_F(run_page_id(v)));
  page_close(v);
}

static void write_consequences(struct visit *v) {
  static const char *const items[][2] = {
      {"The bytes go for good: from the store, from every run that has them, for everybody. Nobody can bring them "
       "back.",
       "Indholdet forsvinder for altid: fra databasen, fra alle testforløb, der har det, og for alle. Ingen kan hente "
       "det "
       "tilbage."},
      {"What stays: the checksum, who did it, when and why. The run is still whole, and what was judged stands.",
       "Tilbage bliver: kontrolsummen, hvem der gjorde det, hvornår og hvorfor. Testforløbet er stadig helt, og det "
       "vurderede står ved magt."},
      {"What this does not reach: what the event log took out of it (facts, findings, answers), backups, and reports, "
       "bundles and files that were written or fetched before.",
       "Det når ikke: det, hændelsesloggen har uddraget (oplysninger, fund, svar), sikkerhedskopier samt rapporter, "
       "evidenspakker og filer, der er skrevet eller hentet før."}};
  page_open(v, "ul", NULL);
  for (size_t i = 0; i < sizeof items / sizeof *items; i++) page_say_in(v, "li", NULL, items[i][0], items[i][1]);
  page_close(v);
}

static void write_form(struct visit *v, const struct target *t) {
  bool erase = str_eqz(field(v, "how"), "erase");
  form_open(v, false, "%.*s", STR_F(redact_page(v, t)));
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, "What is done", "Hvad der gøres");
  write_choice(v, "radio", "how", "black-out", t->m && !erase, "Black out some of it: the rest can still be read",
               "Overstreg noget af det: resten kan stadig læses");
  write_choice(v, "radio", "how", "erase", !t->m || erase, "Erase all of it", "Slet det hele");
  page_close(v);
  form_area(v, "text", field(v, "text"), "To be blacked out, one thing a line (numbers, names; found in base64 too)",
            "Det, der overstreges, én ting pr. linje (numre, navne; findes også i base64)");
  write_choice(v, "checkbox", "patterns", "yes", field(v, "patterns").n > 0, "Each line is a pattern (PCRE2)",
               "Hver linje er et mønster (PCRE2)");
  form_input(v, "text", "why", field(v, "why"), "Because", "Fordi");
  run_page_initials(v);
  form_button(v, NULL, NULL, "main", "See what will go", "Se hvad der forsvinder");
  page_close(v);
}

/* Somebody read the store while it was to be cleaned: the same again cleans it. */
static void write_clean(struct visit *v, const struct target *t) {
  page_say_in(v, "p", NULL, "Nothing is left of it that is shown.", "Der er intet tilbage af det, der vises.");
  form_open(v, false, "%.*s", STR_F(redact_page(v, t)));
  form_hidden(v, "how", STR("erase")), form_hidden(v, "sure", STR("yes"));
  form_hidden(v, "why", event_get(t->gone, "why")), form_hidden(v, "seen", left_of(v, t));
  form_hidden(v, "by", event_get(t->gone, "by"));
  page_say_in(v, "p", "soft", "If it was said that the store could not be cleaned, clean it now.",
              "Hvis der blev sagt, at databasen ikke kunne renses, så rens den nu.");
  form_button(v, NULL, NULL, NULL, "Clean the store", "Rens databasen");
  page_close(v);
}

static void show_form(struct visit *v, const struct target *t, int status) {
  begin(v, t, "Black out or erase", "Overstreg eller slet");
  if (t->gone) page_open(v, "p", "notice"), run_page_tombstone(v, t->gone), page_close(v);
  if (t->n) {
    write_consequences(v);
    write_form(v, t);
  } else {
    write_clean(v, t);
  }
  visit_page_status(v, status);
}

static void get_redact(struct visit *v) {
  struct target t;
  if (find_target(v, &t)) show_form(v, &t, 200);
}

/* ---- what will go ---- */

static void complain(struct visit *v, const struct target *t, const char *en, const char *da) {
  v->notice = str_z(visit_word(v, en, da));
  v->notice_is_error = true;
  show_form(v, t, 400);
}

/* Reads what is left, and how it will look; false: the visit is ended. */
static bool look(struct visit *v, struct target *t, struct str pattern) {
  struct error e;
  size_t places = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (store_blob_get(v->console->options.store, t->left[i].digest, v->arena, &t->left[i].bytes, &e) < 0)
      return visit_fail(v, &e), false;
    if (!pattern.n) continue;
    if (black_out(&t->left[i].copy, &t->left[i].places, v->arena, t->left[i].bytes, pattern, &e) < 0) {
      visit_complain(v, str_z(e.text));
      return show_form(v, t, 400), false;
    }
    places += t->left[i].places;
  }
  if (!pattern.n || places) return true;
  complain(v, t, "That is found nowhere in it: nothing would be changed.",
           "Det findes ingen steder i den: intet ville blive ændret.");
  return false;
}

static void write_what_goes(struct visit *v, const struct target *t, bool erase) {
  static const char *const heads[][2] = {{"What", "Hvad"},
                                         {"Bytes", "Byte"},
                                         {"Goes", "Forsvinder"},
                                         {"Checksum, which stays", "Kontrolsum, som bliver"},
                                         {NULL, NULL}};
  page_table(v, "goes", heads);
  for (size_t i = 0; i < t->n; i++) {
    page_open(v, "tr", NULL);
    page_say_in(v, "td", NULL, t->left[i].en, t->left[i].da);
    page_printf_in(v, "td", "number", "%zu", t->left[i].bytes.n);
    if (erase)
      page_say_in(v, "td", NULL, "all of it", "det hele");
    else
      page_printf_in(v, "td", NULL, visit_word(v, "places: %zu", "steder: %zu"), t->left[i].places);
    page_printf_in(v, "td", NULL, "%.*s…", 12, t->left[i].digest.p);
    page_close(v);
  }
  page_table_end(v);
}

static bool is_named(struct str *names, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(names[i], name)) return true;
  return false;
}

/* Other runs that hold the same bytes lose them too; chains that are no runs (the audit's) have other names. */
static void write_other_runs(struct visit *v, const struct target *t) {
  struct str *runs, shown[BLOBS_MAX * 20];
  struct error e;
  size_t n, told = 0;
  for (size_t i = 0; i < t->n; i++) {
    if (store_runs_with(v->console->options.store, v->arena, t->left[i].digest, &runs, &n, &e) < 0) continue;
    for (size_t k = 0; k < n && told < sizeof shown / sizeof *shown; k++) {
      bool is_run = runs[k].n && runs[k].p[0] >= '0' && runs[k].p[0] <= '9';
      if (!is_run || str_eq(runs[k], run_page_id(v)) || is_named(shown, told, runs[k])) continue;
      if (!told) page_open(v, "p", "notice wait");
      if (!told)
        page_say(v, "The same bytes are in other runs, and go there too: ",
                 "Samme indhold er i andre testforløb og forsvinder også dér: ");
      page_link(v, runs[k], "/runs/%.*s", STR_F(runs[k]));
      page_text(v, STR(" "));
      shown[told++] = runs[k];
    }
  }
  if (told) page_close(v);
}

static void write_sure(struct visit *v, const struct target *t, bool erase) {
  static const char *const kept[] = {"how", "text", "patterns", "why", "by"};
  form_open(v, false, "%.*s", STR_F(redact_page(v, t)));
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) form_hidden(v, kept[i], field(v, kept[i]));
  form_hidden(v, "seen", left_of(v, t));
  form_hidden(v, "sure", STR("yes"));
  page_open(v, "div", "row");
  if (erase)
    form_button(v, NULL, NULL, "danger", "Erase it for good", "Slet det for altid");
  else
    form_button(v, NULL, NULL, "danger", "Black it out for good", "Overstreg det for altid");
  page_link(v, str_z(visit_word(v, "No, leave it as it is", "Nej, lad det være")), "%.*s", STR_F(back_to(v, t)));
  page_close(v);
  page_close(v);
}

/* How it will look. What is in quarantine is shown to nobody, blacked out or not. */
static void write_copies(struct visit *v, const struct target *t) {
  if (!t->m || t->m->quarantined) return;
  page_say_in(v, "h2", NULL, "How it will look", "Sådan kommer det til at se ud");
  for (size_t i = 0; i < t->n; i++) {
    page_say_in(v, "h3", NULL, t->left[i].en, t->left[i].da);
    page_open(v, "div", "scroll preview");
    page_attr(v, "tabindex", "0"), page_attr(v, "role", "group");
    page_attr(v, "aria-label", "%s", visit_word(v, t->left[i].en, t->left[i].da));
    page_source_as(v, t->left[i].letter, t->left[i].places ? t->left[i].copy : t->left[i].bytes, NULL, 0);
    page_close(v);
  }
}

static void show_sure(struct visit *v, const struct target *t, bool erase) {
  if (erase)
    begin(v, t, "Erase for good:", "Slet for altid:");
  else
    begin(v, t, "Black out for good:", "Overstreg for altid:");
  page_say_in(v, "p", "notice error", "Nothing has been done yet. This cannot be undone.",
              "Der er ikke sket noget endnu. Det kan ikke fortrydes.");
  write_what_goes(v, t, erase);
  write_other_runs(v, t);
  page_open(v, "p", NULL);
  page_say_in(v, "strong", NULL, "Because: ", "Fordi: ");
  page_text(v, field(v, "why"));
  page_close(v);
  write_sure(v, t, erase);
  write_consequences(v);
  if (!erase) write_copies(v, t);
  visit_page(v);
}

/* ---- the deed ---- */

static void carry_out(struct visit *v, const struct target *t, struct str pattern) {
  struct str address = back_to(v, t), here = redact_page(v, t);
  struct run_words w = run_words(v, "redact");
  run_words_by(&w);
  run_words_option(&w, "why", field(v, "why"));
  if (pattern.n)
    run_words_option(&w, "black-out", pattern);
  else
    run_words_add(&w, "--erase");
  run_words_add(&w, "--");
  run_words_add(&w, arena_z(v->arena, t->name));
  w.v[w.n] = NULL;
  struct done d = do_command(v, w.v);
  console_touched(v->console, run_page_id(v));
  if (d.code != 0) d.code = 2; /* whatever kept it from being done as a whole is told, where it can be made up for */
  if (done_well(v, &d))
    v->notice = str_z(pattern.n ? visit_word(v, "It is blacked out, for good.", "Det er overstreget for altid.")
                                : visit_word(v, "It is erased, for good.", "Det er slettet for altid."));
  visit_go(v, "%.*s", STR_F(v->notice_is_error ? here : address));
}

static void post_redact(struct visit *v) {
  struct target t;
  if (!find_target(v, &t)) return;
  bool erase = str_eqz(field(v, "how"), "erase"), sure = field(v, "sure").n > 0;
  struct str pattern = erase ? STR("") : pattern_of(v);
  if (sure && !str_eq(field(v, "seen"), left_of(v, &t)))
    run_page_tell_later(v, back_to(v, &t), "somebody else did this:", "har en anden gjort dette:",
                        t.gone ? event_get(t.gone, "by") : STR(""), t.gone ? event_get(t.gone, "why") : STR(""));
  else if (!erase && !pattern.n)
    complain(v, &t, "Write what is to be blacked out.", "Skriv, hvad der skal overstreges.");
  else if (!str_trim(field(v, "why")).n)
    complain(v, &t, "It needs a reason.", "Det kræver en begrundelse.");
  else if (!str_trim(field(v, "by")).n && !run_page_own_initials(v).n)
    complain(v, &t, "Write your initials.", "Skriv dine initialer.");
  else if (sure)
    carry_out(v, &t, pattern);
  else if (look(v, &t, pattern))
    show_sure(v, &t, erase);
}

const struct route run_redact_routes[] = {{"GET", "/runs/*/redact/*", FOR_MEDCOM, ROUTE_RUN, get_redact},
                                          {"POST", "/runs/*/redact/*", FOR_MEDCOM, ROUTE_RUN, post_redact},
                                          {0}};
