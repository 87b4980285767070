#include "console/guide.h"

#include "console/runpage_int.h"
#include "report/meaning.h"

#include <string.h>

/* ---- which topic ---- */

static const struct {
  const char *path, *id; /* the longest beginning that fits is the one */
} pages[] = {{"/", "first"},       {"/runs", "run"},         {"/start", "start"},     {"/review", "review"},
             {"/courses", "live"}, {"/approved", "live"},    {"/campaigns", "camps"}, {"/board", "camps"},
             {"/camps", "camps"},  {"/systems", "systems"},  {"/check", "check"},     {"/explain", "verdicts"},
             {"/login", "login"},  {"/invitation", "login"}, {"/people", "roles"}};

static bool is_within(struct str path, const char *head) {
  size_t n = strlen(head);
  return str_starts(path, str_z(head)) && (path.n == n || path.p[n] == '/');
}

/* Pages of a run that are about something of their own. */
static const struct { const char *end, *id; } of_run[] = {{"/handover", "handover"}};

const char *guide_of(struct str path) {
  const char *id = "first";
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
    if (is_within(path, pages[i].path)) id = pages[i].id;
  for (size_t i = 0; i < sizeof of_run / sizeof *of_run; i++)
    if (is_within(path, "/runs") && str_ends(path, str_z(of_run[i].end))) id = of_run[i].id;
  return id;
}

static const struct guide_topic *find_topic(const char *id) {
  for (const struct guide_topic *t = guide_topics; t->id; t++)
    if (!strcmp(t->id, id)) return t;
  BUG("no help about %s", id);
}

static void open_link(struct visit *v, const struct guide_topic *t) {
  page_open(v, "a", NULL);
  page_attr(v, "href", "/help#%s", t->id);
  page_attr(v, "target", "_blank"), page_attr(v, "rel", "noopener");
}

void guide_link(struct visit *v) {
  const struct guide_topic *t = find_topic(guide_of(v->request->path));
  if (str_eqz(v->request->path, "/help")) return;
  open_link(v, t);
  page_say(v, "Help", "Hjælp");
  page_printf_in(v, "span", "hidden", ": %s (%s)", visit_word(v, t->en, t->da),
                 visit_word(v, "opens a new window", "åbner et nyt vindue"));
  page_close(v);
}

void guide_first(struct visit *v, const char *id) {
  const struct guide_topic *t = find_topic(id);
  page_open(v, "p", NULL);
  open_link(v, t);
  page_printf_in(v, "span", NULL, "%s: %s", visit_word(v, "Help", "Hjælp"), visit_word(v, t->en, t->da));
  page_close(v);
  page_close(v);
}

/* ---- its texts ---- */

/* Every second part, between asterisks, is a word of the console. */
static void write_marked(struct visit *v, struct str text) {
  for (bool label = false; text.n; label = !label) {
    struct str part = str_cut(&text, '*');
    if (label)
      page_text_in(v, "strong", NULL, part);
    else
      page_text(v, part);
  }
}

static void write_term(struct visit *v, struct str text) {
  struct str word = str_cut(&text, '|');
  page_text_in(v, "dt", NULL, word);
  page_open(v, "dd", NULL), write_marked(v, text), page_close(v);
}

static void write_line(struct visit *v, const struct guide_line *l) {
  static const char *const elements[] = {
      [GUIDE_TEXT] = "p", [GUIDE_PART] = "h3", [GUIDE_STEP] = "li", [GUIDE_ITEM] = "li"};
  struct str text = str_z(visit_word(v, l->en, l->da));
  if (l->kind == GUIDE_TERM) {
    write_term(v, text);
    return;
  }
  page_open(v, elements[l->kind], NULL);
  write_marked(v, text);
  page_close(v);
}

/* Lines of one kind in a row are one list. */
static void write_lines(struct visit *v, const struct guide_line *l) {
  static const char *const lists[] = {[GUIDE_STEP] = "ol", [GUIDE_ITEM] = "ul", [GUIDE_TERM] = "dl"};
  while (l && l->en) {
    enum guide_kind kind = l->kind;
    const char *list = kind >= GUIDE_STEP ? lists[kind] : NULL;
    if (list) page_open(v, list, NULL);
    do write_line(v, l++);
    while (list && l->en && l->kind == kind);
    if (list) page_close(v);
  }
}

/* ---- tables ---- */

static enum report_lang language(const struct visit *v) {
  return v->danish ? REPORT_DA : REPORT_EN;
}

void guide_assessments(struct visit *v) {
  static const char *const heads[][2] = {{"Assessment", "Vurdering"}, {"Meaning", "Betydning"}, {NULL, NULL}};
  static const enum assessment rows[] = {ASSESSMENT_OK, ASSESSMENT_F4, ASSESSMENT_F3,
                                         ASSESSMENT_F2, ASSESSMENT_F1, ASSESSMENT_NOT_RELEVANT};
  page_table(v, NULL, heads);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    page_open(v, "tr", NULL);
    page_text_in(v, "td", NULL, str_z(assessment_word(v, rows[i])));
    page_text_in(v, "td", NULL, str_z(meaning_of_assessment(language(v), rows[i])));
    page_close(v);
  }
  page_table_end(v);
  page_text_in(v, "p", NULL, str_z(meaning_of_approval(language(v))));
}

/* What a verdict asks of whom; its meaning where the reports have none. */
static const struct asked {
  enum verdict verdict;
  const char *vendor_en, *vendor_da, *medcom_en, *medcom_da, *means_en, *means_da;
} asked[] = {{VERDICT_PASS, "Nothing.", "Ingenting.", "In a live test: to assess it, all OK ones at once if you like.",
              "I en livetest: at vurdere det, eventuelt alle OK på én gang.", "what was expected was seen",
              "det forventede blev set"},
             {VERDICT_FAIL, "Read the findings, mend the system, and repeat the step. Contest a finding that is wrong.",
              "Læs fundene, ret systemet, og gentag teststeppet. Gør indsigelse mod et fund, der er forkert.",
              "In a live test: F1 to F4; what the protocol suggests stands at the verdict.",
              "I en livetest: F1 til F4; testprotokollens forslag står ved bedømmelsen.", NULL, NULL},
             {VERDICT_INCONCLUSIVE, "Show what is missing: answer with evidence, send the message, or repeat the step.",
              "Vis det, der mangler: svar med dokumentation, send meddelelsen, eller gentag teststeppet.",
              "To look at it, and to give a verdict with a reason.",
              "At se på det og give en bedømmelse med begrundelse.", NULL, NULL},
             {VERDICT_WAITING, "To act where it says that the vendor acts.",
              "At handle, hvor der står, at leverandøren handler.", "To act where it says that MedCom acts.",
              "At handle, hvor der står, at MedCom handler.", NULL, NULL},
             {VERDICT_ERROR, "Nothing: the system is not blamed. Repeat the step when MedCom says so.",
              "Ingenting: det bebrejdes ikke systemet. Gentag teststeppet, når MedCom siger til.",
              "To find the fault in the test tool, and to have the step repeated.",
              "At finde fejlen i testværktøjet og få teststeppet gentaget.", NULL, NULL},
             {VERDICT_NOT_APPLICABLE, "If it does concern the system: correct its capabilities, and begin a new run.",
              "Hvis det alligevel gælder systemet: ret dets kapabiliteter, og begynd et nyt testforløb.", "Nothing.",
              "Ingenting.", NULL, NULL},
             {VERDICT_NONE, "Nothing yet.", "Ikke noget endnu.", "Nothing yet.", "Ikke noget endnu.",
              "the run has not come so far", "testforløbet er ikke nået så langt"}};

/* Where the heads of the table have no room, whose it is stands before it. */
static void write_of(struct visit *v, const char *who_en, const char *who_da, const char *en, const char *da) {
  page_open(v, "td", NULL);
  page_say_in(v, "b", "narrow", who_en, who_da);
  page_say(v, en, da);
  page_close(v);
}

static void write_asked(struct visit *v, const struct asked *a) {
  const char *meaning = meaning_of_verdict(language(v), a->verdict);
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL), page_verdict(v, a->verdict), page_close(v);
  page_text_in(v, "td", NULL, str_z(*meaning ? meaning : visit_word(v, a->means_en, a->means_da)));
  write_of(v, "Vendor: ", "Leverandør: ", a->vendor_en, a->vendor_da);
  write_of(v, "MedCom: ", "MedCom: ", a->medcom_en, a->medcom_da);
  page_close(v);
}

void guide_verdicts(struct visit *v) {
  static const char *const heads[][2] = {{"Verdict", "Bedømmelse"},
                                         {"Meaning", "Betydning"},
                                         {"Asks of the vendor", "Kræver af leverandøren"},
                                         {"Asks of MedCom", "Kræver af MedCom"},
                                         {NULL, NULL}};
  page_table(v, "steps", heads);
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) write_asked(v, &asked[i]);
  page_table_end(v);
}

/* Of static/app.js and of the buttons of an assessment; keys with blanks between. */
static const struct {
  const char *keys, *en, *da;
} keys[] = {{"j ArrowDown", "to the next test step (live test)", "til næste teststep (livetest)"},
            {"k ArrowUp", "to the test step before it (live test)", "til forrige teststep (livetest)"},
            {"5 o", "assess that test step: OK", "vurdér det teststep: OK"},
            {"1", "assess it: F1", "vurdér det: F1"},
            {"2", "assess it: F2", "vurdér det: F2"},
            {"3", "assess it: F3", "vurdér det: F3"},
            {"4", "assess it: F4", "vurdér det: F4"},
            {"0", "assess it: Not relevant", "vurdér det: Ikke relevant"},
            {"n", "to the next finding, beside a message", "til næste fund, ved en meddelelse"},
            {"p", "to the finding before it", "til forrige fund"}};

static struct str key_word(const struct visit *v, struct str key) {
  if (str_eqz(key, "ArrowDown")) return str_z(visit_word(v, "down", "pil ned"));
  return str_eqz(key, "ArrowUp") ? str_z(visit_word(v, "up", "pil op")) : key;
}

void guide_keys(struct visit *v) {
  static const char *const heads[][2] = {{"Key", "Tast"}, {"Does", "Gør"}, {NULL, NULL}};
  page_table(v, NULL, heads);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    struct str rest = str_z(keys[i].keys);
    page_open(v, "tr", NULL);
    page_open(v, "td", NULL);
    while (rest.n) {
      struct str key = str_cut(&rest, ' ');
      page_open(v, "kbd", NULL), page_attr(v, "data-name", "%.*s", STR_F(key)), page_text(v, key_word(v, key));
      page_close(v);
      if (rest.n) page_text(v, STR(" "));
    }
    page_close(v);
    page_say_in(v, "td", NULL, keys[i].en, keys[i].da);
    page_close(v);
  }
  page_table_end(v);
}

/* ---- the page ---- */

static void write_contents(struct visit *v) {
  page_open(v, "nav", "contents");
  page_attr(v, "aria-label", "%s", visit_word(v, "Topics", "Emner"));
  page_open(v, "ul", NULL);
  for (const struct guide_topic *t = guide_topics; t->id; t++) {
    page_open(v, "li", NULL);
    page_link(v, str_z(visit_word(v, t->en, t->da)), "#%s", t->id);
    page_close(v);
  }
  page_close(v);
  page_close(v);
}

static void write_topic(struct visit *v, const struct guide_topic *t) {
  page_open(v, "section", NULL), page_attr(v, "id", "%s", t->id);
  page_say_in(v, "h2", NULL, t->en, t->da);
  write_lines(v, t->lines);
  if (t->more) t->more(v);
  page_close(v);
}

static void get_guide(struct visit *v) {
  visit_begin(v, "Help", "Hjælp");
  page_open(v, "div", "help");
  write_contents(v);
  page_open(v, "div", NULL);
  for (const struct guide_topic *t = guide_topics; t->id; t++) write_topic(v, t);
  visit_page(v);
}

const struct route guide_routes[] = {{"GET", "/help", FOR_ANYONE, ROUTE_PLAIN, get_guide}, {0}};
