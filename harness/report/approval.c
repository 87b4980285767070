#include "report/approval.h"

#include "report/report_int.h"

const char *const approval_headings[APPROVAL_COLUMNS] = {
    [APPROVAL_SYSTEM] = "System",
    [APPROVAL_VENDOR] = "Leverandør",
    [APPROVAL_SYSTEM_TYPE] = "Systemtype/Oversigt",
    [APPROVAL_STANDARD] = "Standard",
    [APPROVAL_STANDARD_ID] = "Standard ID (Version)",
    [APPROVAL_CHANNEL] = "Kanal",
    [APPROVAL_STATUS] = "Teststatus",
};

/* Better a word that the list does not have than a wrong one. */
struct str approval_channel(struct str role) {
  static const char *const words[][2] = {{"sender", "Sende"}, {"receiver", "Modtage"}, {"server", "Webservice"}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (str_eqz(role, words[i][0])) return str_z(words[i][1]);
  return role;
}

static const char *status(const struct record *r) {
  if (r->decision.at) return r->decision.approved ? "Godkendt" : "Ikke Godkendt";
  return str_eqz(r->mode, RECORD_CERTIFY) ? "Tester" : "Test mangler";
}

/* Line ends and tabs would break the row for those who read it by lines. */
static struct str one_line(struct arena *a, struct str s) {
  struct str shown = report_visible(a, s);
  char *p = ARENA_ARRAY(a, char, shown.n + 1);
  for (size_t i = 0; i < shown.n; i++) p[i] = (unsigned char)shown.p[i] < ' ' ? ' ' : shown.p[i];
  return str_trim((struct str){p, shown.n});
}

void approval_row(struct str row[APPROVAL_COLUMNS], struct arena *a, const struct record *r) {
  row[APPROVAL_SYSTEM] = r->system;
  row[APPROVAL_VENDOR] = r->vendor;
  row[APPROVAL_SYSTEM_TYPE] = r->system_type;
  row[APPROVAL_STANDARD] = r->standard_danish.n ? r->standard_danish : r->standard;
  row[APPROVAL_STANDARD_ID] = arena_printf(a, "%.*s (%.*s)", STR_F(r->standard), STR_F(r->standard_version));
  row[APPROVAL_CHANNEL] = approval_channel(r->role);
  row[APPROVAL_STATUS] = str_z(status(r));
  for (size_t i = 0; i < APPROVAL_COLUMNS; i++) row[i] = one_line(a, row[i]);
}

struct str approval_heading(size_t column, bool danish) {
  if (column < APPROVAL_COLUMNS) return str_z(approval_headings[column]);
  return danish ? STR("Grundlag") : STR("Basis");
}

struct str approval_cell(const struct approval *x, size_t column) {
  return column < APPROVAL_COLUMNS ? x->cells[column] : x->basis;
}
