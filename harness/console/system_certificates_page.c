/* The certificates of a system: shown, handed in, replaced, removed. */
#include "base/hash.h"
#include "console/system_certificates.h"

#define SOON_MS (INT64_C(30) * 24 * 60 * 60 * 1000)

/* ---- what is there ---- */

/* As openssl x509 -fingerprint -sha256 writes it. */
static struct str fingerprint(struct visit *v, const struct certificate *c) {
  char hex[SHA256_HEX + 1];
  struct buf b;
  sha256_hex(hex, c->der);
  buf_init(&b, 2 * SHA256_HEX);
  for (size_t i = 0; hex[i]; i++) {
    if (i && i % 2 == 0) buf_byte(&b, ':');
    buf_byte(&b, hex[i] >= 'a' ? (char)(hex[i] - 'a' + 'A') : hex[i]);
  }
  return buf_take(&b, v->arena);
}

static void write_validity(struct visit *v, const struct certificate *c) {
  page_open(v, "td", NULL);
  page_printf_in(v, "div", NULL, "%.*s –", STR_F(when_text(v, c->from)));
  page_text_in(v, "div", NULL, when_text(v, c->until));
  if (v->now > c->until)
    page_say_in(v, "span", "badge fail", "expired", "udløbet");
  else if (v->now < c->from)
    page_say_in(v, "span", "badge waiting", "not valid yet", "endnu ikke gyldigt");
  else if (c->until - v->now < SOON_MS)
    page_say_in(v, "span", "badge waiting", "expires soon", "udløber snart");
  else
    page_say_in(v, "span", "badge pass", "valid", "gyldigt");
  page_close(v);
}

static void write_one(struct visit *v, int64_t system, const struct system_certificate *s) {
  const struct certificate *c = &s->certificate;
  page_open(v, "tr", NULL);
  page_open(v, "td", NULL);
  if (c->common_name.n) page_text_in(v, "strong", "words", c->common_name);
  page_text_in(v, "div", "words", c->subject);
  page_open(v, "div", "soft words"), page_say(v, "issued by ", "udstedt af ");
  page_text_in(v, "span", NULL, c->own_issuer ? str_z(visit_word(v, "itself", "sig selv")) : c->issuer);
  page_close(v);
  page_close(v);
  write_validity(v, c);
  page_open(v, "td", NULL);
  page_text_in(v, "code", "words", fingerprint(v, c));
  page_printf_in(v, "div", "soft words", "x5t#S256 %.*s", STR_F(c->thumbprint));
  page_close(v);
  page_open(v, "td", NULL);
  page_text_in(v, "div", NULL, s->by), page_text_in(v, "div", "soft", when_text(v, s->at));
  page_close(v);
  page_open(v, "td", NULL);
  form_open(v, false, "/systems/%lld/certificates/%lld/remove", (long long)system, (long long)s->id);
  form_button(v, NULL, NULL, "danger small", "Remove", "Fjern");
  page_close(v);
  page_close(v);
  page_close(v);
}

static void write_list(struct visit *v, int64_t system, const struct system_certificate *all, size_t n) {
  static const char *const heads[][2] = {{"Subject and issuer", "Indehaver og udsteder"},
                                         {"Validity", "Gyldighed"},
                                         {"SHA-256 thumbprint", "SHA-256-aftryk"},
                                         {"Handed in", "Indleveret"},
                                         {"", ""},
                                         {NULL, NULL}};
  page_table(v, "certificates", heads);
  for (size_t i = 0; i < n; i++) write_one(v, system, &all[i]);
  page_table_end(v);
}

static void write_form(struct visit *v, int64_t system, const struct system_certificate *all, size_t n) {
  page_open(v, "details", "panel");
  page_say_in(v, "summary", NULL, "Hand in a certificate", "Indlevér et certifikat");
  form_open(v, true, "/systems/%lld/certificates", (long long)system);
  page_open(v, "div", "drop");
  page_attr(v, "data-drop", "%s", "");
  form_input(v, "file", "file", STR(""), "Certificate in PEM or DER (it can be dropped here); never its private key",
             "Certifikat i PEM eller DER (det kan trækkes hertil); aldrig dets private nøgle");
  form_area(v, "pem", STR(""), "or the text of it, from BEGIN CERTIFICATE to END CERTIFICATE",
            "eller teksten, fra BEGIN CERTIFICATE til END CERTIFICATE");
  page_close(v);
  if (n) {
    form_select(v, "replaces", "In place of", "I stedet for");
    form_option(v, STR("0"), str_z(visit_word(v, "none: beside the others", "intet: ved siden af de andre")), true);
    for (size_t i = 0; i < n; i++)
      form_option(v, arena_printf(v->arena, "%lld", (long long)all[i].id),
                  arena_printf(v->arena, "%.*s (%s %.*s)", STR_F(all[i].certificate.subject),
                               visit_word(v, "until", "til"), STR_F(when_text(v, all[i].certificate.until))),
                  false);
    form_select_end(v);
  }
  form_button(v, NULL, NULL, "main", "Check and keep", "Kontrollér og gem");
  page_close(v);
  page_close(v);
}

void system_certificates_write(struct visit *v, int64_t system) {
  struct system_certificate *all;
  struct error e;
  size_t n;
  page_say_in(v, "h2", NULL, "Certificates that the system shows", "Certifikater, som systemet viser");
  if (system_certificates_get(v, system, &all, &n, &e) < 0) {
    page_complaint_in(v, "p", "notice error", str_z(e.text));
    return;
  }
  if (n)
    page_say_in(
        v, "p", "soft",
        "Where it calls us over TLS, the system has to show one of these, whoever issued it; all others are turned "
        "away. A run keeps those that were here when it began.",
        "Når det kalder os over TLS, skal systemet vise et af disse, uanset hvem der har udstedt det; alle andre "
        "afvises. Et testforløb beholder dem, der var her, da det begyndte.");
  else
    page_say_in(
        v, "p", "soft",
        "None yet. With one (mutual TLS), where the system calls us over TLS it alone is heard, whoever issued it.",
        "Ingen endnu. Med et certifikat (gensidig TLS) er det kun systemet selv, der høres, når det kalder os over "
        "TLS, uanset hvem der har udstedt det.");
  if (!v->console->options.certificate.n)
    page_say_in(
        v, "p", "notice wait",
        "The systems' address speaks no TLS now, so that no certificate can be shown there: MedCom starts serve "
        "with --certificate and --key.",
        "Systemernes adresse bruger ikke TLS nu, så der kan ikke vises noget certifikat der: MedCom starter serve "
        "med --certificate og --key.");
  if (n) write_list(v, system, all, n);
  write_form(v, system, all, n);
}

/* ---- forms ---- */

static struct str handed_in(struct visit *v) {
  for (size_t i = 0;; i++) {
    const struct webform_field *f = webform_nth(&v->form, "file", i);
    if (!f) return webform_get(&v->form, "pem");
    if (f->is_file && f->value.n) return f->value;
  }
}

static void answer(struct visit *v, bool done, struct str text) {
  v->notice = text;
  v->notice_is_error = !done;
  visit_go(v, "/systems/%lld", (long long)v->system);
}

static void complain(struct visit *v, const struct error *e) {
  visit_complain(v, str_z(e->text));
  visit_go(v, "/systems/%lld", (long long)v->system);
}

static void post_certificate(struct visit *v) {
  struct certificate c;
  struct said why;
  struct error e;
  int64_t in_place_of = 0;
  bool number = str_int(webform_get(&v->form, "replaces"), &in_place_of);
  if (!client_certificate_take(&c, &why, v->arena, handed_in(v), v->now))
    return answer(v, false, v->danish ? why.da : why.en);
  if (system_certificate_keep(v, v->system, number ? in_place_of : 0, &c, &e) < 0) return complain(v, &e);
  audit(v, "certificate", arena_printf(v->arena, "system %lld: %.*s", (long long)v->system, STR_F(c.thumbprint)));
  answer(v, true, arena_printf(v->arena, "%s %.*s", visit_word(v, "Kept:", "Gemt:"), STR_F(c.subject)));
}

static void post_remove(struct visit *v) {
  struct error e;
  int64_t id = 0;
  if (!str_int(v->parts[1], &id)) id = 0;
  if (system_certificate_drop(v, v->system, id, &e) < 0)
    complain(v, &e);
  else
    answer(v, true,
           str_z(visit_word(v, "Removed. Runs that have begun keep it.",
                            "Fjernet. Testforløb, der er begyndt, beholder det.")));
}

const struct route system_certificate_routes[] = {
    {"POST", "/systems/*/certificates", FOR_PARTNERS, ROUTE_SYSTEM, post_certificate},
    {"POST", "/systems/*/certificates/*/remove", FOR_PARTNERS, ROUTE_SYSTEM, post_remove},
    {0}};
