#include "base/file.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "console/squeeze.h"
#include "console/visit_int.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>

/* No inline script or style anywhere; nothing from elsewhere; nobody may frame us. */
#define PAGE_POLICY                                                                                                    \
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "                \
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
/* What came from a vendor, or is a report with a style of its own: it may look as it likes and do nothing. */
#define SENT_POLICY                                                                                                    \
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "       \
  "frame-ancestors 'self'"
#define NOTICE_MAX 600

static void reply(struct visit *v, int status, const char *type, const char *policy, struct str bytes) {
  struct http_request *r = v->request;
  http_reply_header(r, "Content-Security-Policy", str_z(policy));
  http_reply_header(r, "X-Content-Type-Options", STR("nosniff"));
  /* Not no-referrer: a browser would then hide from us as well where a form came from ("Origin: null"). */
  http_reply_header(r, "Referrer-Policy", STR("same-origin"));
  http_reply_header(r, "Cache-Control", STR("no-store"));
  http_reply_header(r, "Cross-Origin-Resource-Policy", STR("same-origin"));
  if (v->console->options.tls) http_reply_header(r, "Strict-Transport-Security", STR("max-age=31536000"));
  bool text = str_starts(str_z(type), STR("text/html"));
  if (text && bytes.n >= SQUEEZE_LEAST && squeeze_is_taken(http_header(r, "Accept-Encoding")) &&
      squeeze(&bytes, v->arena, bytes))
    http_reply_header(r, "Content-Encoding", STR("gzip"));
  http_reply(r, status, type, bytes);
}

/* What somebody wrote, or what was cut in the middle of a letter, leaves no browser guessing: each byte that is no
 * UTF-8 becomes U+FFFD. */
static struct str well_encoded(struct visit *v, struct str page) {
  struct buf b;
  size_t bad = utf8_check(page);
  if (bad == SIZE_MAX) return arena_str(v->arena, page);
  buf_init(&b, 3 * PAGE_MAX);
  for (; bad != SIZE_MAX; bad = utf8_check(page)) {
    buf_add(&b, str_sub(page, 0, bad));
    buf_addz(&b, "\xEF\xBF\xBD");
    page = str_sub(page, bad + 1, page.n);
  }
  buf_add(&b, page);
  return buf_take(&b, v->arena);
}

void visit_page_status(struct visit *v, int status) {
  while (v->html.depth) html_close(&v->html);
  struct str page = well_encoded(v, buf_str(&v->out));
  buf_release(&v->out);
  reply(v, status, "text/html; charset=utf-8", PAGE_POLICY, page);
}

void visit_ask_again(struct visit *v, void (*begin)(struct visit *v), const char *en, const char *da) {
  v->notice = str_z(visit_word(v, en, da));
  v->notice_is_error = true;
  begin(v);
  visit_page_status(v, 400);
}

void visit_page(struct visit *v) {
  visit_page_status(v, 200);
}

void visit_begin_part(struct visit *v) {
  buf_init(&v->out, PAGE_MAX);
  html_init(&v->html, &v->out);
}

static void put_notice(struct buf *b, struct str text) {
  percent_encode(b, str_sub(text, 0, utf8_whole(str_sub(text, 0, NOTICE_MAX))));
}

/* The notice goes through a cookie of the browser's, not the address: addresses are shared and kept. */
static void carry_notice(struct visit *v) {
  struct buf b;
  v->notice = well_encoded(v, v->notice), v->complaint = well_encoded(v, v->complaint);
  buf_init(&b, 8 * NOTICE_MAX);
  buf_addz(&b, "notice=");
  buf_byte(&b, v->notice_is_error ? 'e' : 'n');
  put_notice(&b, v->complaint);
  buf_byte(&b, VISIT_NOTICE_CUT);
  put_notice(&b, v->notice);
  buf_printf(&b, "; Path=/; Max-Age=60; HttpOnly; SameSite=Strict%s", v->console->options.tls ? "; Secure" : "");
  http_reply_header(v->request, "Set-Cookie", buf_take(&b, v->arena));
}

void visit_go(struct visit *v, const char *fmt, ...) {
  struct buf b;
  va_list values;
  buf_init(&b, 4096);
  va_start(values, fmt);
  buf_vprintf(&b, fmt, values);
  va_end(values);
  bool said = v->notice.n || v->complaint.n;
  if (said) carry_notice(v);
  if (said && v->notice_is_error && v->known && v->form.fields.n)
    kept_put(v->console->kept, v->cookie, v->request->path, &v->form, v->now);
  http_reply_header(v->request, "Location", buf_take(&b, v->arena));
  reply(v, 303, "text/plain; charset=utf-8", PAGE_POLICY, STR(""));
}

void visit_send(struct visit *v, const char *type, const char *file, struct str bytes) {
  if (file) {
    struct buf b;
    buf_init(&b, 4096);
    buf_addz(&b, "attachment; filename*=UTF-8''");
    percent_encode(&b, str_z(file));
    http_reply_header(v->request, "Content-Disposition", buf_take(&b, v->arena));
  }
  reply(v, 200, type, SENT_POLICY, bytes);
}

void visit_complain(struct visit *v, struct str complaint) {
  v->complaint = str_trim(arena_str(v->arena, complaint));
  v->notice_is_error = true;
}

static void begin_refusal(struct visit *v, int status) {
  if (status == 404)
    visit_begin(v, "Not found", "Ikke fundet");
  else
    visit_begin(v, "This could not be done", "Det kunne ikke lade sig gøre");
}

static void end_refusal(struct visit *v, int status) {
  page_open(v, "p", NULL);
  page_link(v, str_z(visit_word(v, "To the first page", "Til forsiden")), "/");
  page_close(v);
  visit_page_status(v, status);
}

void visit_refuse(struct visit *v, int status, const char *en, const char *da) {
  begin_refusal(v, status);
  page_say_in(v, "p", "notice error", en, da);
  end_refusal(v, status);
}

void visit_refuse_complaint(struct visit *v, int status, struct str complaint) {
  begin_refusal(v, status);
  page_complaint_in(v, "p", "notice error", complaint);
  end_refusal(v, status);
}

void visit_fail(struct visit *v, const struct error *e) {
  bool theirs = e->code == ERR_SYNTAX || e->code == ERR_CONFIG || e->code == ERR_LIMIT || e->code == ERR_UNSUPPORTED;
  char text[ERROR_TEXT_MAX + ERROR_FILE_MAX];
  error_format(e, text, sizeof text);
  if (!theirs) log_say(&v->console->options.log, LOG_NORMAL, "console: %s", text);
  visit_refuse_complaint(v, theirs ? 400 : 500, visit_without_folders(v, str_z(text)));
}

int visit_in_words(const struct visit *v, int result, struct error *e, const char *en, const char *da) {
  return result < 0 && e->code == ERR_CONFIG ? error_set(e, ERR_CONFIG, "%s", visit_word(v, en, da)) : result;
}

bool visit_may_see(const struct visit *v, int64_t organisation) {
  return v->known && (v->who.role != ROLE_VENDOR || (organisation && organisation == v->who.organisation));
}

/* ---- files for commands ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
  (void)st, (void)kind, (void)where;
  return remove(path);
}

#define REMOVE_FDS 16

void visit_remove_folder(void *path) {
  (void)nftw(path, remove_one, REMOVE_FDS, FTW_DEPTH | FTW_PHYS);
}

const char *visit_file_try(struct visit *v, struct str name, struct str bytes, struct error *e) {
  struct arena *a = v->arena;
  struct str folder = arena_printf(a, "%s" VISIT_FOLDER "/%.*s", v->console->options.store_path, STR_F(token_new(a)));
  if (!name.n || !file_name_is_inside(name) || str_index(name, '/') != SIZE_MAX || name.p[0] == '-') name = STR("file");
  const char *path = file_join(a, folder.p, arena_z(a, name));
  arena_defer(a, visit_remove_folder, (char *)folder.p);
  return file_mkdirs(folder.p, e) < 0 || file_write_scratch(path, bytes, e) < 0 ? NULL : path;
}

const char *visit_file(struct visit *v, struct str name, struct str bytes) {
  struct error e;
  const char *path = visit_file_try(v, name, bytes, &e);
  if (!path) visit_fail(v, &e);
  return path;
}

/* "/x/store.sqlite.console-files/0123.../system.yaml" is "system.yaml"; "/x/data/protocols/..." is "protocols/...", and
 * "/x/store.sqlite" is "store.sqlite". */
struct str visit_without_folders(struct visit *v, struct str text) {
  struct str files = arena_printf(v->arena, "%s" VISIT_FOLDER "/", v->console->options.store_path);
  struct str data = arena_printf(v->arena, "%s/", v->console->options.data_dir);
  struct str store = arena_printf(v->arena, "%s/", file_dir(v->arena, v->console->options.store_path));
  struct buf b;
  buf_init(&b, text.n + 1);
  for (size_t at = 0; at < text.n;) {
    struct str rest = str_sub(text, at, text.n);
    if (str_starts(rest, files)) {
      at += files.n + TOKEN_HEX + 1;
    } else if (str_starts(rest, data)) {
      at += data.n;
    } else if (store.p[0] == '/' && store.n > 1 && str_starts(rest, store)) {
      at += store.n;
    } else {
      buf_byte(&b, rest.p[0]);
      at++;
    }
  }
  return buf_take(&b, v->arena);
}
