#include "console/visit_int.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/percent.h"
#include "base/utf8.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#define COOKIE_PLAIN "testcamp"
/* A browser takes this name only over TLS, for this host alone (RFC 6265bis, 4.1.3.2). */
#define COOKIE_TLS "__Host-testcamp"

/* ---- cookies and the token of forms ---- */

static const char *cookie_name(const struct visit *v) {
  return v->console->options.tls ? COOKIE_TLS : COOKIE_PLAIN;
}

struct str visit_cookie(struct visit *v, const char *name) {
  struct str rest = http_header(v->request, "Cookie");
  while (rest.n) {
    struct str value = str_trim(str_cut(&rest, ';')), key = str_cut(&value, '=');
    if (str_eqz(key, name)) return value;
  }
  return STR("");
}

void visit_set_cookie(struct visit *v, struct str value, int64_t seconds) {
  const char *secure = v->console->options.tls ? "; Secure" : "";
  v->cookie = value;
  http_reply_header(v->request, "Set-Cookie",
                    arena_printf(v->arena, "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s", cookie_name(v),
                                 STR_F(value), (long long)seconds, secure));
}

/* A form is signed for the cookie that its page was shown to, by a secret that only this console has. */
struct str visit_token(struct visit *v) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  struct buf b;
  struct str key = v->console->secret;
  if (!HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)v->cookie.p, v->cookie.n, mac, &n))
    BUG("no HMAC with SHA-256");
  buf_init(&b, 2 * EVP_MAX_MD_SIZE + 1);
  for (unsigned i = 0; i < n; i++) buf_printf(&b, "%02x", mac[i]);
  return buf_take(&b, v->arena);
}

static bool token_fits(struct visit *v) {
  struct str given = webform_get(&v->form, "csrf"), want = visit_token(v);
  if (!given.n) given = http_header(v->request, "X-Token");
  return given.n == want.n && CRYPTO_memcmp(given.p, want.p, want.n) == 0;
}

/* ---- who asks ---- */

static struct str without_port(struct str host) {
  size_t colon = host.n;
  while (colon > 0 && host.p[colon - 1] != ':' && host.p[colon - 1] != ']') colon--;
  return colon > 0 && host.p[colon - 1] == ':' ? str_sub(host, 0, colon - 1) : host;
}

/* Letters are digits of IPv6 alone, which stands in brackets: "cafe.de" is a name. */
static bool is_digits(struct str host) {
  bool six = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
  bool fine = host.n > 0;
  if (six) host = str_sub(host, 1, host.n - 1);
  for (size_t i = 0; i < host.n; i++)
    fine = fine && host.p[i] && strchr(six ? "0123456789abcdefABCDEF:." : "0123456789.", host.p[i]);
  return fine;
}

/* Nobody may reach us by a name that is not ours (DNS rebinding): an address in digits, localhost, or the host that the
 * console was told to listen at. */
static bool host_is_ours(struct visit *v) {
  struct str host = without_port(http_header(v->request, "Host"));
  if (!v->console->local) return host.n > 0; /* there is a login, and its cookie is of one name only */
  return is_digits(host) || str_eq_nocase(host, STR("localhost")) ||
         str_eq_nocase(host, without_port(str_z(v->console->options.listen)));
}

static bool origin_is_ours(struct visit *v) {
  struct str origin = http_header(v->request, "Origin"), host = http_header(v->request, "Host");
  if (!origin.n || str_eqz(origin, "null")) return !origin.n;
  size_t at = str_find(origin, STR("://"), 0);
  return at != SIZE_MAX && str_eq_nocase(str_sub(origin, at + 3, origin.n), host);
}

/* A browser tells the scheme with each form, also where a proxy speaks TLS for us; origin_is_ours has compared it. */
struct str visit_origin(struct visit *v) {
  struct str origin = http_header(v->request, "Origin"), host = http_header(v->request, "Host");
  if (origin.n && origin_is_ours(v)) return origin;
  return arena_printf(v->arena, "%s://%.*s", v->console->options.tls ? "https" : "http", STR_F(host));
}

static void read_language(struct visit *v) {
  struct str chosen = visit_cookie(v, "lang");
  if (!chosen.n && v->known) chosen = v->who.language;
  v->danish = v->console->options.danish;
  if (str_eqz(chosen, "da")) v->danish = true;
  if (str_eqz(chosen, "en")) v->danish = false;
  if (!chosen.n && str_starts(http_header(v->request, "Accept-Language"), STR("da"))) v->danish = true;
}

static void read_said(struct visit *v, struct str *out, struct str encoded) {
  if (!percent_decode(out, v->arena, encoded) || utf8_check(*out) != SIZE_MAX) *out = STR("");
}

static void read_notice(struct visit *v) {
  struct str s = visit_cookie(v, "notice");
  if (!s.n || !str_eqz(v->request->method, "GET")) return;
  v->notice_is_error = s.p[0] == 'e';
  s = str_sub(s, 1, s.n);
  read_said(v, &v->complaint, str_cut(&s, VISIT_NOTICE_CUT));
  read_said(v, &v->notice, s);
}

static int read_person(struct visit *v, struct error *e) {
  v->cookie = visit_cookie(v, cookie_name(v));
  v->who = (struct account){0};
  if (v->console->local) {
    v->who = (struct account){.role = ROLE_MEDCOM, .name = STR("local")};
    v->known = true;
  } else if (session_account(v->console->db, v->arena, v->cookie, v->now, &v->who, e) < 0) {
    return -1;
  } else {
    v->known = v->who.id != 0;
  }
  /* Pages alone give one: what a page loads comes beside it, and must not give another. */
  bool page = !str_starts(v->request->path, STR("/static/"));
  if (page && v->cookie.n != TOKEN_HEX) visit_set_cookie(v, token_new(v->arena), SESSION_WHOLE_MS / 1000);
  return 0;
}

/* ---- which page ---- */

/* A part of an address becomes a name of ours, an argument of a command, a text on a page: it is text of one line. */
static bool take_part(struct visit *v, size_t n, struct str encoded) {
  struct str *part = &v->parts[n];
  if (!percent_decode(part, v->arena, encoded) || utf8_check(*part) != SIZE_MAX) return false;
  for (size_t i = 0; i < part->n; i++)
    if ((unsigned char)part->p[i] < ' ' || part->p[i] == 0x7f) return false;
  return true;
}

static bool matches(struct visit *v, const char *pattern, struct str path) {
  size_t n = 0;
  struct str rest = str_z(pattern);
  for (;;) {
    struct str want = str_cut(&rest, '/'), got = str_cut(&path, '/');
    bool any = str_eqz(want, "*") && got.n > 0;
    if (!any && !str_eq(want, got)) return false;
    if (any && !take_part(v, n++, got)) return false;
    if (!rest.p != !path.p || (rest.n == 0 && path.n == 0)) return rest.n == 0 && path.n == 0;
  }
}

static const struct route *find(struct visit *v, bool *other_method) {
  for (const struct route *const *t = route_tables; *t; t++)
    for (const struct route *r = *t; r->method; r++) {
      if (!matches(v, r->path, v->request->path)) continue;
      if (str_eqz(v->request->method, r->method)) return r;
      *other_method = true;
    }
  return NULL;
}

/* ---- what the address names ---- */

/* What is not there and what is another's are told apart by nobody: 404. */
static bool refuse_thing(struct visit *v) {
  visit_refuse(v, 404, "There is no such page, or it is not yours to see.",
               "Der er ingen sådan side, eller du må ikke se den.");
  return false;
}

static bool may_see_run(struct visit *v, struct str id) {
  int64_t organisation = 0;
  struct error e;
  if (!id.n || id.p[0] < '0' || id.p[0] > '9') return refuse_thing(v);
  if (run_owner(v->console, id, &organisation, &e) < 0) return visit_fail(v, &e), false;
  return visit_may_see(v, organisation) ? true : refuse_thing(v);
}

bool visit_find_run(struct visit *v, struct str id, struct run **out, bool *is_open) {
  const struct console *c = v->console;
  struct error e;
  if (!may_see_run(v, id)) return false;
  *out = camp_run(c->options.camp, id);
  *is_open = *out != NULL;
  if (*out) return true;
  if (c->options.host.look(c->options.host.context, id, v->arena, out, &e) == 0) return true;
  return e.code == ERR_CONFIG ? refuse_thing(v) : (visit_fail(v, &e), false);
}

/* What is held for long must not hold a run that was read for it, with all its messages. */
static bool find_run_id(struct visit *v) {
  struct event *first;
  struct error e;
  if (!may_see_run(v, v->parts[0])) return false;
  struct arena *scratch = arena_new_small(0);
  bool there = store_first(v->console->options.store, scratch, v->parts[0], &first, &e) == 0 || e.code != ERR_CONFIG;
  arena_free(scratch);
  return there ? true : refuse_thing(v);
}

static bool find_owned(struct visit *v, const char *sql, int64_t *number) {
  struct db_rows r = {0};
  struct error e;
  if (!str_int(v->parts[0], number)) return refuse_thing(v);
  if (db_get(v->console->db, v->arena, &r, &e, sql, "i", *number) < 0) return visit_fail(v, &e), false;
  return r.n && visit_may_see(v, db_number(&r, 0, 0)) ? true : refuse_thing(v);
}

static bool find_thing(struct visit *v) {
  int64_t organisation;
  switch (v->route->of) {
  case ROUTE_PLAIN:
    return true;
  case ROUTE_RUN:
    return visit_find_run(v, v->parts[0], &v->run, &v->run_is_open);
  case ROUTE_RUN_ID:
    return find_run_id(v);
  case ROUTE_SYSTEM:
    return find_owned(v, "SELECT organisation FROM systems WHERE id = ?", &v->system);
  case ROUTE_ORGANISATION:
    return find_owned(v, "SELECT id FROM organisations WHERE id = ?", &organisation);
  }
  return false;
}

/* ---- the way in ---- */

/* Of a form by who is not logged in: a name, a password, a token. */
#define STRANGER_BODY_MAX ((size_t)16 << 10)

/* What was sent is with the browser still: it gets a window of its own to log in, so that one step back finds it. */
static void refuse_stranger(struct visit *v) {
  visit_begin(v, "You are not logged in any more", "Du er ikke længere logget ind");
  page_say_in(v, "p", "notice error",
              "Nothing was done. Log in in another window, go one page back in this one, and send it again: what you "
              "wrote is still there.",
              "Der er ikke sket noget. Log ind i et andet vindue, gå én side tilbage i dette, og send igen: det du "
              "skrev, er der stadig.");
  page_open(v, "p", NULL);
  page_open(v, "a", NULL);
  page_attr(v, "href", "/login"), page_attr(v, "target", "_blank"), page_attr(v, "rel", "noopener");
  page_say(v, "Log in in another window", "Log ind i et andet vindue");
  page_close(v);
  page_close(v);
  visit_page_status(v, 401);
}

static bool may(struct visit *v) {
  if (v->route->who & FOR_ANYONE) return true;
  if (!v->known) {
    if (str_eqz(v->request->method, "GET"))
      visit_go(v, "/login");
    else
      refuse_stranger(v);
    return false;
  }
  return v->route->who & (1u << v->who.role) ? true : refuse_thing(v);
}

static bool read_form(struct visit *v) {
  struct http_request *r = v->request;
  struct str body = r->body;
  struct error e;
  if (!v->known && r->body_size > STRANGER_BODY_MAX)
    return visit_refuse(v, 413, "That is too large for this form.", "Det er for stort til denne formular."), false;
  if (r->body_size > VISIT_BODY_MAX)
    return visit_refuse(v, 413, "That is too large for one upload (64 MB).", "Det er for stort til én upload (64 MB)."),
           false;
  if (r->body_file && file_map(&body, v->arena, r->body_file, VISIT_BODY_MAX, &e) < 0) return visit_fail(v, &e), false;
  if (webform_read(&v->form, v->arena, http_header(r, "Content-Type"), body, &e) < 0) return visit_fail(v, &e), false;
  if (token_fits(v) && origin_is_ours(v)) return true;
  visit_refuse(v, 403, "This form is of another page or too old. Go back, load the page again, and send it once more.",
               "Formularen hører til en anden side eller er for gammel. Gå tilbage, genindlæs siden, og send igen.");
  return false;
}

/* Of a stranger nothing goes to the disk; so much is read that a page can tell whose session is over what to do. */
#define STRANGER_SENT_MAX ((size_t)256 << 10)
/* And of others, so that a page can tell who sends too much. */
#define KNOWN_SENT_MAX (2 * VISIT_BODY_MAX)

size_t route_body_max(struct console *c, struct http_request *r, const char **why) {
  struct visit v = {.console = c, .request = r, .arena = r->arena};
  struct error e;
  bool known = c->local ||
               session_account(c->db, r->arena, visit_cookie(&v, cookie_name(&v)), clock_wall(), &v.who, &e) < 0 ||
               v.who.id;
  if (known) return KNOWN_SENT_MAX;
  *why =
      "nobody is logged in: nothing was done, and so much is not taken. Log in in another window, go one page back in "
      "this one, and send it again";
  return STRANGER_SENT_MAX;
}

void route_visit(struct visit *v) {
  struct error e;
  bool other = false;
  v->now = clock_wall();
  if (read_person(v, &e) < 0) {
    visit_fail(v, &e);
    return;
  }
  read_language(v);
  read_notice(v);
  if (!host_is_ours(v)) {
    visit_refuse(v, 421, "This console is not reached by that name.", "Konsollen nås ikke under det navn.");
    return;
  }
  v->route = find(v, &other);
  if (!v->route) {
    if (other)
      visit_refuse(v, 405, "This address does not take that.", "Den adresse tager ikke imod det.");
    else
      (void)refuse_thing(v);
    return;
  }
  bool sent = str_eqz(v->request->method, "POST");
  /* Noting it settles the camp, which may read a run again: that is done before the page is given one. */
  if (sent) camp_settle(v->console->options.camp);
  if (!may(v) || (sent && !read_form(v)) || !find_thing(v)) return;
  if (sent && v->known) audit(v, "sent", v->request->path);
  v->route->show(v);
}
