/* A command on a run, built up word by word, and what becomes of it. */
#include "console/runpage_int.h"

void run_words_add(struct run_words *w, const char *word) {
  if (w->n == RUN_WORDS_MAX) BUG("a command of more than %d words", RUN_WORDS_MAX);
  w->v[w->n++] = word;
}

void run_words_option(struct run_words *w, const char *name, struct str value) {
  value = str_trim(value);
  if (value.n) run_words_add(w, arena_printf(w->visit->arena, "--%s=%.*s", name, STR_F(value)).p);
}

void run_words_by(struct run_words *w) {
  struct str own = w->visit->who.initials, given = str_trim(webform_get(&w->visit->form, "by"));
  if (!own.n && given.n) run_page_keep_initials(w->visit, given);
  run_words_option(w, "by", own.n ? own : given.n ? given : run_page_own_initials(w->visit));
}

struct run_words run_words(struct visit *v, const char *name) {
  struct run_words w = {.visit = v};
  run_words_add(&w, name);
  run_words_add(&w, arena_z(v->arena, run_page_id(v)));
  return w;
}

bool run_page_knows_who(struct visit *v, struct str address) {
  if (str_trim(webform_get(&v->form, "by")).n || run_page_own_initials(v).n) return true;
  v->notice = str_z(
      visit_word(v, "Nothing was changed: write your initials first.", "Intet er ændret: skriv dine initialer først."));
  v->notice_is_error = true;
  visit_go(v, "%.*s", STR_F(address));
  return false;
}

struct str run_page_written(const struct visit *v) {
  struct str why = str_trim(webform_get(&v->form, "why"));
  return why.n ? why : str_trim(webform_get(&v->form, "text"));
}

bool run_words_done(struct run_words *w) {
  struct visit *v = w->visit;
  struct str text = run_page_written(v);
  w->v[w->n] = NULL;
  struct done d = do_command(v, w->v);
  bool well = done_well(v, &d);
  if (!well && text.n)
    v->notice = arena_printf(v->arena, "%s %.*s", visit_word(v, "What you wrote:", "Det du skrev:"), STR_F(text));
  return well;
}

void run_words_do(struct run_words *w, struct str address) {
  (void)run_words_done(w);
  visit_go(w->visit, "%.*s", STR_F(address));
}

void run_page_tell_later(struct visit *v, struct str address, const char *en, const char *da, struct str who,
                         struct str what) {
  struct str text = run_page_written(v);
  v->notice_is_error = true;
  v->notice =
      arena_printf(v->arena, "%s %s %.*s %.*s. %s%s%.*s",
                   visit_word(v, "Nothing was changed: while you looked at it,", "Intet er ændret: mens du så på det,"),
                   visit_word(v, en, da), STR_F(who), STR_F(what),
                   visit_word(v, "Look again, and decide anew.", "Se igen, og tag stilling på ny."),
                   text.n ? visit_word(v, "\n\nYou wrote: ", "\n\nDu skrev: ") : "", STR_F(text));
  visit_go(v, "%.*s", STR_F(address));
}
