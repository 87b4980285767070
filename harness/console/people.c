#include "console/console_int.h"
#include "console/organisations.h"

/* ---- lists ---- */

static void write_organisations(struct visit *v, const struct organisation *o, size_t n) {
  static const char *const heads[][2] = {{"Organisation", "Organisation"}, {"Accounts", "Brugere"},
                                         {"Systems", "Systemer"},          {"Runs", "Testforløb"},
                                         {"Contact", "Kontakt"},           {NULL, NULL}};
  page_table(v, "organisations", heads);
  for (size_t i = 0; i < n; i++) {
    page_open(v, "tr", NULL);
    page_open(v, "td", NULL), page_link(v, o[i].name, "/people/%lld", (long long)o[i].id), page_close(v);
    page_printf_in(v, "td", "number", "%lld", (long long)o[i].accounts);
    page_printf_in(v, "td", "number", "%lld", (long long)o[i].systems);
    page_printf_in(v, "td", "number", "%lld", (long long)o[i].runs);
    page_printf_in(v, "td", NULL, "%.*s %.*s", STR_F(o[i].contact), STR_F(o[i].email));
    page_close(v);
  }
  page_table_end(v);
}

static void write_deed(struct visit *v, const struct account *acc, const char *deed, const char *en, const char *da) {
  form_open(v, false, "/accounts/%lld/%s", (long long)acc->id, deed);
  page_open(v, "button", "quiet");
  page_attr(v, "aria-label", "%s: %.*s", visit_word(v, en, da), STR_F(acc->name));
  page_say(v, en, da);
  page_close(v);
  page_close(v);
}

static void write_account(struct visit *v, const struct account *acc) {
  static const char *const roles[ROLES_N][2] = {[ROLE_VIEWER] = {"viewer", "tilskuer"},
                                                [ROLE_VENDOR] = {"vendor", "leverandør"},
                                                [ROLE_MEDCOM] = {"MedCom", "MedCom"}};
  page_open(v, "tr", NULL);
  page_text_in(v, "td", NULL, acc->name);
  page_text_in(v, "td", NULL, acc->full_name);
  page_text_in(v, "td", NULL, acc->initials);
  page_say_in(v, "td", NULL, roles[acc->role][0], roles[acc->role][1]);
  page_open(v, "td", NULL);
  if (acc->closed) page_say_in(v, "span", "badge na", "closed", "lukket");
  if (!acc->closed && !acc->password.n) page_say_in(v, "span", "badge waiting", "invited", "inviteret");
  page_close(v);
  page_open(v, "td", NULL);
  page_open(v, "div", "row");
  if (acc->closed) write_deed(v, acc, "open", "Open again", "Genåbn");
  if (!acc->closed) write_deed(v, acc, "invite", "New invitation", "Ny invitation");
  if (!acc->closed && acc->id != v->who.id) write_deed(v, acc, "close", "Close", "Luk");
  page_close(v);
  page_close(v);
  page_close(v);
}

static int write_accounts(struct visit *v, int64_t organisation, struct error *e) {
  static const char *const heads[][2] = {{"Account", "Brugernavn"},
                                         {"Name", "Navn"},
                                         {"Initials", "Initialer"},
                                         {"Role", "Rolle"},
                                         {"State", "Status"},
                                         {"", ""},
                                         {NULL, NULL}};
  struct account *all;
  size_t n;
  if (accounts_list(v->console->db, v->arena, organisation, &all, &n, e) < 0) return -1;
  page_say_in(v, "h2", NULL, "Accounts", "Brugere");
  if (!n) page_say_in(v, "p", "soft", "Nobody yet.", "Ingen endnu.");
  if (!n) return 0;
  page_table(v, "accounts", heads);
  for (size_t i = 0; i < n; i++) write_account(v, &all[i]);
  page_table_end(v);
  return 0;
}

static void write_add_account(struct visit *v, int64_t organisation) {
  page_open(v, "details", "form panel");
  page_say_in(v, "summary", NULL, "Invite somebody", "Invitér en person");
  form_open(v, false, "/accounts");
  form_hidden(v, "organisation", arena_printf(v->arena, "%lld", (long long)organisation));
  form_input(v, "text", "name", STR(""), "Account (a-z, 0-9, . - _ @)", "Brugernavn (a-z, 0-9, . - _ @)");
  form_input(v, "text", "full-name", STR(""), "Name", "Navn");
  form_input(v, "text", "initials", STR(""), "Initials", "Initialer");
  if (organisation) {
    form_hidden(v, "role", STR("vendor"));
  } else {
    form_select(v, "role", "Role", "Rolle");
    form_option(v, STR("medcom"), STR("MedCom"), true);
    form_option(v, STR("viewer"),
                str_z(visit_word(v, "viewer: boards and results only", "tilskuer: kun tavler og resultater")), false);
    form_select_end(v);
  }
  form_button(v, NULL, NULL, "main", "Invite", "Invitér");
  page_close(v);
  page_close(v);
}

/* ---- pages ---- */

static void get_people(struct visit *v) {
  struct organisation *o;
  struct error e;
  size_t n;
  if (organisations_get(v->console->db, v->arena, 0, &o, &n, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_begin(v, "Organisations", "Organisationer");
  if (v->console->local)
    page_say_in(v, "p", "notice",
                "Nobody has an account yet: whoever sits at this machine is MedCom. As soon as somebody has chosen a "
                "password, everybody logs "
                "in.",
                "Ingen har en bruger endnu: den, der sidder ved denne maskine, er MedCom. Så snart nogen har valgt en "
                "adgangskode, skal alle "
                "logge ind.");
  if (n) write_organisations(v, o, n);
  page_open(v, "details", "form panel");
  page_say_in(v, "summary", NULL, "New organisation", "Ny organisation");
  form_open(v, false, "/people");
  form_input(v, "text", "name", STR(""), "Name, as in its vendor files", "Navn, som i dens leverandørfiler");
  form_input(v, "text", "contact", STR(""), "Contact", "Kontaktperson");
  form_input(v, "email", "email", STR(""), "E-mail", "E-mail");
  form_button(v, NULL, NULL, "main", "Create", "Opret");
  page_close(v);
  page_close(v);
  if (write_accounts(v, 0, &e) < 0) page_complaint_in(v, "p", "notice error", str_z(e.text));
  write_add_account(v, 0);
  visit_page(v);
}

static void post_people(struct visit *v) {
  struct organisation o = {.name = webform_get(&v->form, "name"),
                           .contact = webform_get(&v->form, "contact"),
                           .email = webform_get(&v->form, "email")};
  struct error e;
  if (organisation_add(v->console->db, &o, v->now, &e) == 0) {
    visit_go(v, "/people/%lld", (long long)o.id);
    return;
  }
  visit_complain(v, str_z(e.text));
  visit_go(v, "/people");
}

static void get_organisation(struct visit *v) {
  struct organisation *o = NULL;
  struct error e;
  size_t n;
  int64_t id = 0;
  if (!str_int(v->parts[0], &id) || organisations_get(v->console->db, v->arena, id, &o, &n, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  const char *name = arena_z(v->arena, o[0].name);
  visit_begin(v, name, name);
  if (o[0].contact.n || o[0].email.n)
    page_printf_in(v, "p", "soft", "%.*s %.*s", STR_F(o[0].contact), STR_F(o[0].email));
  if (write_accounts(v, id, &e) < 0) page_complaint_in(v, "p", "notice error", str_z(e.text));
  write_add_account(v, id);
  visit_page(v);
}

/* ---- deeds ---- */

static void go_back(struct visit *v, int64_t organisation) {
  if (organisation)
    visit_go(v, "/people/%lld", (long long)organisation);
  else
    visit_go(v, "/people");
}

static void show_invitation(struct visit *v, const struct account *acc) {
  struct str token;
  struct error e;
  if (invitation_new(v->console->db, v->arena, acc->id, v->now, &token, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  audit(v, "invited", acc->name);
  visit_begin(v, "Invitation", "Invitation");
  page_printf_in(v, "p", NULL, "%s: %.*s", visit_word(v, "Account", "Brugernavn"), STR_F(acc->name));
  page_say_in(v, "p", NULL, "Send this link to the person. It can be used once, within 7 days, and is not shown again.",
              "Send linket til personen. Det kan bruges én gang, inden for 7 dage, og vises ikke igen.");
  page_printf_in(v, "pre", "wrap", "%.*s/invitation/%.*s", STR_F(visit_origin(v)), STR_F(token));
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "Back to the organisations", "Tilbage til organisationerne")), "/people");
  page_close(v);
  visit_page(v);
}

static void post_account(struct visit *v) {
  struct account acc = {.name = webform_get(&v->form, "name"),
                        .full_name = webform_get(&v->form, "full-name"),
                        .initials = webform_get(&v->form, "initials")};
  struct error e;
  if (!str_int(webform_get(&v->form, "organisation"), &acc.organisation) ||
      !account_role_parse(webform_get(&v->form, "role"), &acc.role)) {
    visit_refuse(v, 400, "The form is not whole.", "Formularen er ikke hel.");
  } else if (account_add(v->console->db, &acc, v->now, &e) < 0) {
    visit_complain(v, str_z(e.text));
    go_back(v, acc.organisation);
  } else {
    show_invitation(v, &acc);
  }
}

static bool find_account(struct visit *v, struct account *acc) {
  struct error e;
  int64_t id = 0;
  if (!str_int(v->parts[0], &id) || account_of(v->console->db, v->arena, id, acc, &e) < 0 || !acc->id) {
    visit_refuse(v, 404, "There is no such account.", "Den bruger findes ikke.");
    return false;
  }
  return true;
}

static void post_invite(struct visit *v) {
  struct account acc;
  if (find_account(v, &acc)) show_invitation(v, &acc);
}

static void set_closed(struct visit *v, bool closed) {
  struct account acc;
  struct error e;
  if (!find_account(v, &acc)) return;
  if (closed && acc.id == v->who.id) {
    visit_refuse(v, 400, "You cannot close your own account.", "Du kan ikke lukke din egen bruger.");
    return;
  }
  if (account_close(v->console->db, acc.id, closed, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  audit(v, closed ? "closed" : "opened", acc.name);
  go_back(v, acc.organisation);
}

static void post_close(struct visit *v) {
  set_closed(v, true);
}

static void post_open(struct visit *v) {
  set_closed(v, false);
}

const struct route people_routes[] = {{"GET", "/people", FOR_MEDCOM, ROUTE_PLAIN, get_people},
                                      {"POST", "/people", FOR_MEDCOM, ROUTE_PLAIN, post_people},
                                      {"GET", "/people/*", FOR_MEDCOM, ROUTE_ORGANISATION, get_organisation},
                                      {"POST", "/accounts", FOR_MEDCOM, ROUTE_PLAIN, post_account},
                                      {"POST", "/accounts/*/invite", FOR_MEDCOM, ROUTE_PLAIN, post_invite},
                                      {"POST", "/accounts/*/close", FOR_MEDCOM, ROUTE_PLAIN, post_close},
                                      {"POST", "/accounts/*/open", FOR_MEDCOM, ROUTE_PLAIN, post_open},
                                      {0}};
