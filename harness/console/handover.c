/* The way of a run between vendor and MedCom: whose it is, handing it in, what the review said, and objections. */
#include "console/inspection.h"
#include "console/organisations.h"

static void write_owner_form(struct visit *v, int64_t owner) {
  struct organisation *o;
  struct error e;
  size_t n;
  if (v->who.role != ROLE_MEDCOM || organisations_get(v->console->db, v->arena, 0, &o, &n, &e) < 0) return;
  page_say_in(v, "h2", NULL, "Whose run it is", "Hvis testforløb det er");
  form_open(v, false, "/runs/%.*s/owner", STR_F(run_page_id(v)));
  form_select(v, "organisation", "Organisation that sees it", "Organisation, der ser det");
  form_option(v, STR("0"), str_z(visit_word(v, "MedCom alone", "Kun MedCom")), owner == 0);
  for (size_t i = 0; i < n; i++)
    form_option(v, arena_printf(v->arena, "%lld", (long long)o[i].id), o[i].name, o[i].id == owner);
  form_select_end(v);
  form_button(v, NULL, NULL, NULL, "Set", "Sæt");
  page_close(v);
}

static void post_owner(struct visit *v) {
  struct organisation *o;
  struct error e;
  int64_t id = -1;
  size_t n = 1;
  if (!str_int(webform_get(&v->form, "organisation"), &id) || id < 0 ||
      (id && organisations_get(v->console->db, v->arena, id, &o, &n, &e) < 0) || !n) {
    visit_refuse(v, 400, "There is no such organisation.", "Den organisation findes ikke.");
    return;
  }
  if (run_owner_set(v->console, run_page_id(v), id, 0, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  audit(v, "owner", webform_get(&v->form, "organisation"));
  visit_go(v, "/runs/%.*s/handover", STR_F(run_page_id(v)));
}

/* ---- handing in ---- */

static bool may_submit(const struct visit *v, const struct inspection *r) {
  struct str state = review_state(r);
  return run_state(v->run)->ended_at && (!state.n || str_eqz(state, "returned"));
}

static void write_submit(struct visit *v, const struct inspection *r) {
  if (!may_submit(v, r)) {
    if (!run_state(v->run)->ended_at)
      page_say_in(v, "p", "soft", "It can be handed in when it has ended.", "Det kan indsendes, når det er afsluttet.");
    return;
  }
  form_open(v, false, "/runs/%.*s/submit", STR_F(run_page_id(v)));
  form_area(v, "text", STR(""), "Text for MedCom", "Tekst til MedCom");
  run_page_initials(v);
  form_button(v, NULL, NULL, "main", "Submit for review", "Indsend til gennemsyn");
  page_close(v);
}

static void post_submit(struct visit *v) {
  struct inspection r;
  struct error e;
  if (review_read(v, run_page_id(v), &r, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  v->notice_is_error = true;
  if (!may_submit(v, &r)) {
    v->notice = str_z(visit_word(v, "It has not ended, or has been handed in already.",
                                 "Det er ikke afsluttet eller allerede indsendt."));
  } else if (review_act_add(v, run_page_id(v), "submitted", str_trim(webform_get(&v->form, "text")), &e) < 0) {
    visit_complain(v, str_z(e.text));
  } else {
    v->notice_is_error = false;
    v->notice = str_z(visit_word(v, "Handed in: MedCom looks at it next.", "Indsendt: nu ser MedCom på det."));
  }
  visit_go(v, "/runs/%.*s/handover", STR_F(run_page_id(v)));
}

/* ---- objections ---- */

static bool is_contested(const struct record_step *s, size_t number) {
  for (size_t i = 0; i < s->disputes.n; i++)
    if (s->disputes.v[i].finding == (int64_t)number) return true;
  return false;
}

static void write_contest(struct visit *v, const struct record_step *s, size_t number) {
  form_fold(v, "form", "Contest this finding", "Gør indsigelse mod fundet", "step", s->id, "/runs/%.*s/contest",
            STR_F(run_page_id(v)));
  form_hidden(v, "finding", arena_printf(v->arena, "%zu", number));
  form_area(v, "why", STR(""), "Because", "Fordi");
  run_page_initials(v);
  form_button(v, NULL, NULL, NULL, "Contest", "Gør indsigelse");
  page_close(v);
  page_close(v);
}

/* What came as a bundle is evidence, and stays as it came. */
static void say_contest_elsewhere(struct visit *v) {
  page_say_in(v, "p", "notice wait",
              "This run came as a bundle and stays as it came. Contest a finding where the run was made (testcamp "
              "contest), and hand in its bundle anew: what is new of it is taken in here.",
              "Testforløbet kom som en evidenspakke og bliver, som det kom. Gør indsigelse, hvor testforløbet er lavet "
              "(testcamp contest), og indsend evidenspakken igen: det nye i den bliver føjet til her.");
}

static void write_step(struct visit *v, const struct inspection *r, const struct record_step *s) {
  if (!s->findings.list.n) return;
  page_printf_in(v, "h3", NULL, "%.*s", STR_F(s->id));
  page_open(v, "ul", "findings");
  for (size_t i = 0; i < s->findings.list.n; i++) {
    run_page_finding(v, &s->findings.list.v[i], i + 1);
    if (r->received || is_contested(s, i + 1)) continue;
    page_open(v, "li", NULL), write_contest(v, s, i + 1), page_close(v);
  }
  page_close(v);
  for (size_t i = 0; i < s->disputes.n; i++)
    page_printf_in(v, "p", "said", "%lld: %.*s · %.*s → %.*s %.*s", (long long)s->disputes.v[i].finding,
                   STR_F(s->disputes.v[i].why), STR_F(s->disputes.v[i].by), STR_F(s->disputes.v[i].answer),
                   STR_F(s->disputes.v[i].answered_by));
}

static void write_findings(struct visit *v, const struct inspection *r, const struct record *rec) {
  size_t n = 0;
  page_say_in(v, "h2", NULL, "Findings", "Fund");
  if (r->received) say_contest_elsewhere(v);
  for (size_t c = 0; c < rec->cases.n; c++)
    for (size_t i = 0; i < rec->cases.v[c].steps.n; i++) {
      n += rec->cases.v[c].steps.v[i].findings.list.n;
      write_step(v, r, &rec->cases.v[c].steps.v[i]);
    }
  if (!n) page_say_in(v, "p", "soft", "The run has no findings.", "Testforløbet har ingen fund.");
}

static void post_contest(struct visit *v) {
  struct str run = arena_str(v->arena, run_page_id(v));
  int64_t finding;
  if (!str_int(webform_get(&v->form, "finding"), &finding)) {
    visit_refuse(v, 400, "The form is not whole.", "Formularen er ikke hel.");
    return;
  }
  struct str why = str_trim(webform_get(&v->form, "why"));
  struct done d =
      do_command(v, (const char *const[]){"contest", arena_printf(v->arena, "--by=%.*s", STR_F(review_by(v))).p,
                                          arena_printf(v->arena, "--why=%.*s", STR_F(why)).p, "--",
                                          arena_z(v->arena, run), arena_z(v->arena, webform_get(&v->form, "step")),
                                          arena_printf(v->arena, "%lld", (long long)finding).p, NULL});
  (void)done_well(v, &d);
  visit_go(v, "/runs/%.*s/handover", STR_F(run));
}

/* ---- the page ---- */

static void get_handover(struct visit *v) {
  const struct record *rec = run_page_record(v);
  struct inspection r;
  struct error e;
  int64_t owner = 0;
  if (review_read(v, rec->run, &r, &e) < 0 || run_owner(v->console, rec->run, &owner, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Hand-over and review", "Indsendelse og gennemsyn");
  page_open(v, "p", NULL);
  page_link(v, rec->run, "/runs/%.*s", STR_F(rec->run));
  page_printf_in(v, "span", NULL, " · %.*s %.*s · %s", STR_F(rec->system), STR_F(rec->system_version),
                 review_word(v, review_state(&r)));
  page_close(v);
  review_write_acts(v, &r);
  write_submit(v, &r);
  write_owner_form(v, owner);
  write_findings(v, &r, rec);
  visit_page(v);
}

const struct route handover_routes[] = {{"GET", "/runs/*/handover", FOR_PARTNERS, ROUTE_RUN, get_handover},
                                        {"POST", "/runs/*/owner", FOR_MEDCOM, ROUTE_RUN, post_owner},
                                        {"POST", "/runs/*/submit", FOR_PARTNERS, ROUTE_RUN, post_submit},
                                        {"POST", "/runs/*/contest", FOR_PARTNERS, ROUTE_RUN, post_contest},
                                        {0}};
