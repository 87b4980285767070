#include "base/utf8.h"
#include "console/console_int.h"
#include "console/password.h"
#include "console/visit_int.h"

/* ---- how often somebody may fail ---- */

/* Failed logins in a quarter of an hour, by one address (all of a test camp may have the same), by one for one name,
 * and for one name from anywhere (more, lest anybody could keep a colleague out): then nobody is let try for the rest
 * of it. Each attempt counts from its beginning, and is given back when it fits: many at once are no way round. */
#define TRIES_BY_PEER 60
#define TRIES_BY_BOTH 10
#define TRIES_BY_NAME 30
#define TRIES_KINDS 3
#define TRIES_MS (INT64_C(15) * 60 * 1000)
/* Then all is forgotten; nobody gets there without that many failures. */
#define TRIES_KEPT_MAX 20000
/* Children that hash, each with 128 MB (password.c). */
#define HASHING_MAX 4

struct tries {
  int64_t since;
  int n;
};

static struct tries *tries_of(struct visit *v, struct str key) {
  struct console *c = v->console;
  struct tries *t = map_get(&c->tries, key);
  if (!t && c->tries.n >= TRIES_KEPT_MAX) {
    arena_free(c->tries_arena);
    c->tries_arena = arena_new(0);
    map_init(&c->tries, c->tries_arena);
  }
  if (!t) {
    t = ARENA_NEW(c->tries_arena, struct tries);
    *t = (struct tries){0};
    map_set(&c->tries, arena_str(c->tries_arena, key), t);
  }
  if (v->now - t->since > TRIES_MS) *t = (struct tries){.since = v->now};
  return t;
}

/* The address without its port. */
static struct str peer_of(struct visit *v) {
  struct str peer = v->request->peer;
  size_t n = peer.n;
  while (n > 0 && peer.p[n - 1] != ':') n--;
  return arena_printf(v->arena, "peer %.*s", (int)(n ? n - 1 : peer.n), peer.p);
}

/* What was typed as a name, as much of it as a name has. */
static struct str typed_name(const struct visit *v) {
  struct str name = str_sub(webform_get(&v->form, "name"), 0, ACCOUNT_NAME_MAX);
  return str_sub(name, 0, utf8_whole(name));
}

static struct str name_key(struct visit *v) {
  return arena_printf(v->arena, "name %.*s", STR_F(utf8_lower(v->arena, typed_name(v))));
}

static struct str try_key(struct visit *v, int kind) {
  if (kind == 0) return peer_of(v);
  if (kind == 2) return name_key(v);
  return arena_printf(v->arena, "%.*s %.*s", STR_F(peer_of(v)), STR_F(name_key(v)));
}

/* False if nobody is let try; only the first time is noted, so that who goes on does not fill the log. An address that
 * is held leaves no trace of the names it asks for. */
static bool take_try(struct visit *v) {
  static const int most[TRIES_KINDS] = {TRIES_BY_PEER, TRIES_BY_BOTH, TRIES_BY_NAME};
  for (int i = 0; i < TRIES_KINDS; i++) {
    struct tries *held = tries_of(v, try_key(v, i));
    if (held->n < most[i]) continue;
    if (held->n == most[i]) audit(v, "login-held", typed_name(v));
    held->n = most[i] + 1;
    return false;
  }
  for (int i = 0; i < TRIES_KINDS; i++) tries_of(v, try_key(v, i))->n++;
  return true;
}

static void give_back(struct visit *v) {
  for (int i = 0; i < TRIES_KINDS; i++) {
    struct tries *t = map_get(&v->console->tries, try_key(v, i));
    if (t && t->n > 0) t->n--;
  }
}

static bool begin_hashing(struct visit *v) {
  if (v->console->hashing < HASHING_MAX) return v->console->hashing++, true;
  http_reply_header(v->request, "Retry-After", STR("2"));
  visit_refuse(v, 503, "Many people log in just now; try again in a moment.",
               "Mange logger ind lige nu; prøv igen om et øjeblik.");
  return false;
}

/* A field that a password manager, and who is helped by one, fills in (WCAG 2.1, 1.3.5). */
static void write_field(struct visit *v, const char *type, const char *name, const char *purpose, struct str value,
                        const char *en, const char *da) {
  page_open(v, "label", "field");
  page_say_in(v, "span", NULL, en, da);
  page_open(v, "input", NULL);
  page_attr(v, "type", "%s", type), page_attr(v, "name", "%s", name), page_attr(v, "autocomplete", "%s", purpose);
  if (value.n) html_attr(&v->html, "value", value);
  page_close(v);
  page_close(v);
}

/* ---- login ---- */

static void show_login(struct visit *v, const char *name) {
  visit_begin(v, "Log in", "Log ind");
  form_open(v, false, "/login");
  write_field(v, "text", "name", "username", str_z(name), "Account", "Brugernavn");
  write_field(v, "password", "password", "current-password", STR(""), "Password", "Adgangskode");
  form_button(v, NULL, NULL, "main", "Log in", "Log ind");
  page_close(v);
  visit_page_status(v, v->notice_is_error ? 403 : 200);
}

static void get_login(struct visit *v) {
  if (v->known)
    visit_go(v, "/");
  else
    show_login(v, "");
}

static void login_failed(struct visit *v) {
  struct str name = typed_name(v);
  audit(v, "login-failed", name);
  v->notice_is_error = true;
  v->notice = str_z(
      visit_word(v, "That account and password do not go together.", "Brugernavn og adgangskode passer ikke sammen."));
  show_login(v, arena_z(v->arena, name));
}

static void go_on_failed(struct visit *v, void *nothing) {
  (void)nothing;
  v->who = (struct account){0};
  login_failed(v);
}

/* The account may have been closed, or have another password, meanwhile: then there is no session. */
static void go_on_in(struct visit *v, void *nothing) {
  struct error e;
  struct str cookie;
  const struct account asked = v->who;
  (void)nothing;
  v->who = (struct account){0};
  if (session_begin(v->console->db, v->arena, &asked, v->now, &cookie, &e) < 0 ||
      session_account(v->console->db, v->arena, cookie, v->now, &v->who, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  if (!v->who.id) {
    login_failed(v);
    return;
  }
  v->known = true;
  give_back(v);
  visit_set_cookie(v, cookie, SESSION_WHOLE_MS / 1000);
  audit(v, "login", v->who.name);
  visit_go(v, "/");
}

static void on_password(void *payload, bool fits) {
  struct visit *v = payload;
  v->console->hashing--;
  visit_go_on(v, fits ? go_on_in : go_on_failed, NULL);
}

static void post_login(struct visit *v) {
  struct error e;
  if (!take_try(v)) {
    visit_refuse(v, 429, "Too many failed logins. Wait a quarter of an hour, or ask MedCom.",
                 "For mange mislykkede forsøg. Vent et kvarter, eller spørg MedCom.");
    return;
  }
  if (!begin_hashing(v)) {
    give_back(v);
    return;
  }
  if (account_named(v->console->db, v->arena, webform_get(&v->form, "name"), &v->who, &e) == 0 &&
      password_start(v->console->loop, v->who.password, webform_get(&v->form, "password"), on_password, v, &e) == 0)
    return;
  v->console->hashing--;
  visit_fail(v, &e);
}

static void post_logout(struct visit *v) {
  struct error e;
  if (session_end(v->console->db, v->cookie, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  visit_set_cookie(v, token_new(v->arena), SESSION_WHOLE_MS / 1000);
  visit_go(v, "/login");
}

/* ---- invitations ---- */

static bool find_invited(struct visit *v) {
  struct error e;
  if (invitation_account(v->console->db, v->arena, v->parts[0], v->now, &v->who, &e) < 0)
    return visit_fail(v, &e), false;
  if (v->who.id) return true;
  visit_refuse(v, 404, "This invitation has been used, or is too old. Ask who invited you for a new one.",
               "Invitationen er brugt eller for gammel. Bed den, der inviterede dig, om en ny.");
  return false;
}

static void get_invitation(struct visit *v) {
  if (!find_invited(v)) return;
  visit_begin(v, "Choose a password", "Vælg en adgangskode");
  page_printf_in(v, "p", NULL, "%s: %.*s", visit_word(v, "Account", "Brugernavn"), STR_F(v->who.name));
  form_open(v, false, "/invitation/%.*s", STR_F(v->parts[0]));
  write_field(v, "password", "password", "new-password", STR(""), "Password (10 characters or more)",
              "Adgangskode (mindst 10 tegn)");
  write_field(v, "password", "again", "new-password", STR(""), "The same once more", "Den samme igen");
  form_button(v, NULL, NULL, "main", "Save", "Gem");
  page_close(v);
  visit_page(v);
}

static void keep_password(struct visit *v, void *hash) {
  struct str kept = str_z(hash);
  struct error e;
  if (!kept.n) {
    visit_refuse(v, 503, "The password could not be kept just now; try again.",
                 "Adgangskoden kunne ikke gemmes lige nu; prøv igen.");
    return;
  }
  if (invitation_use(v->console->db, v->parts[0], kept, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  audit(v, "password-chosen", v->who.name);
  v->notice = str_z(visit_word(v, "The password is saved. Log in with it.", "Adgangskoden er gemt. Log ind med den."));
  visit_go(v, "/login");
}

static void on_hashed(void *payload, struct str kept) {
  struct visit *v = payload;
  v->console->hashing--;
  visit_go_on(v, keep_password, arena_z(v->arena, kept));
}

/* NULL: nothing. */
static const char *what_is_wrong(const struct visit *v, struct str password) {
  struct error e;
  if (password_check(password, v->who.name, &e) == 0) {
    bool same = str_eq(password, webform_get(&v->form, "again"));
    return same ? NULL : visit_word(v, "The two passwords are not the same.", "De to adgangskoder er ikke ens.");
  }
  if (str_eq_nocase(password, v->who.name))
    return visit_word(v, "The name of the account is no password.", "Brugernavnet er ingen adgangskode.");
  return arena_printf(v->arena,
                      visit_word(v, "A password has %d to %d characters.", "En adgangskode har %d til %d tegn."),
                      PASSWORD_MIN, PASSWORD_MAX)
      .p;
}

static void post_invitation(struct visit *v) {
  struct error e;
  struct str password = webform_get(&v->form, "password");
  if (!find_invited(v)) return;
  const char *wrong = what_is_wrong(v, password);
  if (wrong) {
    v->notice = str_z(wrong), v->notice_is_error = true;
    get_invitation(v);
  } else if (begin_hashing(v) && password_start_hash(v->console->loop, password, on_hashed, v, &e) < 0) {
    v->console->hashing--;
    visit_fail(v, &e);
  }
}

/* ---- language ---- */

/* Only to pages of ours: "/..." and not "//host". */
static struct str way_back(struct visit *v) {
  struct str back = webform_get(&v->form, "back");
  bool fine = back.n > 0 && back.p[0] == '/' && !(back.n > 1 && (back.p[1] == '/' || back.p[1] == '\\'));
  for (size_t i = 0; fine && i < back.n; i++) fine = (unsigned char)back.p[i] > ' ' && back.p[i] != 0x7f;
  return fine ? back : STR("/");
}

static void post_language(struct visit *v) {
  struct error e;
  struct str lang = str_eqz(webform_get(&v->form, "lang"), "da") ? STR("da") : STR("en");
  if (v->who.id && account_set_language(v->console->db, v->who.id, lang, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  http_reply_header(v->request, "Set-Cookie",
                    arena_printf(v->arena, "lang=%.*s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict%s",
                                 STR_F(lang), v->console->options.tls ? "; Secure" : ""));
  visit_go(v, "%.*s", STR_F(way_back(v)));
}

const struct route auth_routes[] = {{"GET", "/login", FOR_ANYONE, ROUTE_PLAIN, get_login},
                                    {"POST", "/login", FOR_ANYONE, ROUTE_PLAIN, post_login},
                                    {"POST", "/logout", FOR_ANYONE, ROUTE_PLAIN, post_logout},
                                    {"GET", "/invitation/*", FOR_ANYONE, ROUTE_PLAIN, get_invitation},
                                    {"POST", "/invitation/*", FOR_ANYONE, ROUTE_PLAIN, post_invitation},
                                    {"POST", "/language", FOR_ANYONE, ROUTE_PLAIN, post_language},
                                    {0}};
