/* What a new test will test, case by case, and a form to begin only some of them (`run --case`). */
#include "console/start_int.h"

static void write_step(struct visit *v, const struct node *s) {
  static const struct {
    const char *name, *cls, *en, *da;
  } kinds[] = {{"machine", "badge pass", "by machine", "maskinelt"},
               {"person", "badge waiting", "by a person", "af en person"},
               {"not-tested", "badge na", "not tested", "testes ikke"},
               {"inconclusive", "badge inconclusive", "inconclusive", "uafklaret"}};
  struct str tested = node_text_at(s, "tested");
  page_open(v, "tr", NULL);
  page_text_in(v, "td", NULL, node_text_at(s, "step"));
  page_open(v, "td", NULL);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (str_eqz(tested, kinds[i].name)) page_say_in(v, "span", kinds[i].cls, kinds[i].en, kinds[i].da);
  page_close(v);
  page_text_in(v, "td", NULL, node_text_at(s, v->danish ? "why.da" : "why.en"));
  page_close(v);
}

static void write_steps(struct visit *v, const struct node *c) {
  static const char *const heads[][2] = {{"Step", "Teststep"}, {"Tested", "Testes"}, {"Why", "Hvorfor"}, {NULL, NULL}};
  page_open(v, "details", NULL);
  page_open(v, "summary", NULL);
  page_printf_in(v, "span", NULL, "%s %.*s", visit_word(v, "Steps of", "Teststep i"), STR_F(node_text_at(c, "case")));
  page_close(v);
  page_table(v, "steps", heads);
  for (NODE_EACH(s, node_at(c, "steps"))) write_step(v, s);
  page_table_end(v);
  page_close(v);
}

static bool is_ticked(const struct start_chosen *chosen, struct str id) {
  bool ticked = chosen->whole;
  for (size_t i = 0; i < chosen->cases.n; i++) ticked = ticked || str_eq(chosen->cases.v[i], id);
  return ticked;
}

/* What the vendor file excuses cannot be chosen; what was only not chosen can. */
static bool can_be_chosen(const struct start_chosen *chosen, const struct node *c) {
  return str_eqz(node_text_at(c, "applies"), "true") || !is_ticked(chosen, node_text_at(c, "case"));
}

static void write_case(struct visit *v, const struct start_chosen *chosen, const struct node *c) {
  struct str id = node_text_at(c, "case"), why = node_text_at(c, v->danish ? "why.da" : "why.en");
  bool offered = can_be_chosen(chosen, c);
  page_open(v, "li", NULL);
  page_open(v, "label", "choice");
  page_open(v, "input", NULL);
  page_attr(v, "type", "checkbox");
  if (offered) page_attr(v, "name", "case"), html_attr(&v->html, "value", id);
  if (!offered) page_attr(v, "disabled", "%s", "");
  if (offered && is_ticked(chosen, id)) page_attr(v, "checked", "%s", "");
  page_close(v);
  page_printf_in(v, "strong", NULL, " %.*s ", STR_F(id));
  page_text(v, node_text_at(c, v->danish ? "title.da" : "title.en"));
  page_close(v);
  if (why.n) page_text_in(v, "p", "soft", why);
  write_steps(v, c);
  page_close(v);
}

static void write_form(struct visit *v, const struct start_chosen *c, const struct offer *p, const struct node *cases) {
  size_t offered = 0;
  for (NODE_EACH(one, cases)) offered += can_be_chosen(c, one);
  form_open(v, false, "/start");
  form_hidden(v, "protocol", c->protocol), form_hidden(v, "system", c->system), form_hidden(v, "mode", c->mode);
  for (size_t i = 0; i < p->parties.n && i < START_PARTIES_MAX; i++)
    form_hidden(v, arena_printf(v->arena, "party-%zu", i).p, c->parties[i]);
  form_hidden(v, "offered", arena_printf(v->arena, "%zu", offered));
  page_open(v, "fieldset", NULL);
  page_say_in(v, "legend", NULL, "Cases that are tested", "Afsnit, der testes");
  page_open(v, "ul", "picks");
  for (NODE_EACH(one, cases)) write_case(v, c, one);
  page_close(v);
  page_close(v);
  page_open(v, "div", "row");
  form_button(v, "do", "start", "main", "Start with the ticked cases", "Start med de afkrydsede afsnit");
  form_button(v, "do", "look", NULL, "What will be tested of these?", "Hvad bliver testet af dem?");
  page_close(v);
  page_close(v);
}

void start_preview(struct visit *v, const struct start_chosen *c, const struct offer *p, const struct node *root) {
  static const char *const counts[][3] = {{"machine", "by machine", "maskinelt"},
                                          {"person", "by a person", "af en person"},
                                          {"not-tested", "not tested", "testes ikke"},
                                          {"inconclusive", "inconclusive", "uafklaret"}};
  const struct node *steps = node_at(root, "steps");
  page_say_in(v, "h2", NULL, "What will be tested", "Det, der testes");
  page_open(v, "p", NULL);
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    page_text_in(v, "strong", NULL, node_text_at(steps, counts[i][0]));
    page_say(v, arena_printf(v->arena, " %s%s", counts[i][1], i < 3 ? ", " : "").p,
             arena_printf(v->arena, " %s%s", counts[i][2], i < 3 ? ", " : "").p);
  }
  page_close(v);
  write_form(v, c, p, node_at(root, "cases"));
}

void start_trouble(struct visit *v, struct str text) {
  page_say_in(v, "h2", NULL, "It cannot be started like this", "Det kan ikke startes sådan");
  page_complaint_in(v, "pre", "wrap", text);
}
