/* Why a request is refused: one row a mistake, with its status (FHIR R4, 3.1.0) and its OperationOutcome. */
#include "endpoint/rest_int.h"

const struct rest_issue_row rest_issue_rows[REST_ISSUES_N] = {
    [REST_FINE] = {200, "informational", "Done", "Udført"},
    [REST_NO_PATH] =
        {404, "not-found",
         "Nothing is at \"{1}\": addresses are /metadata, /[type], /[type]/[id], /[type]/[id]/_history/[n] "
         "and /[type]?[search]",
         "Der er intet på \"{1}\": adresser er /metadata, /[type], /[type]/[id], "
         "/[type]/[id]/_history/[n] og /[type]?[søgning]"},
    [REST_NO_TYPE] = {404, "not-supported", "\"{1}\" is no type of resource in FHIR R4",
                      "\"{1}\" er ingen ressourcetype i FHIR R4"},
    [REST_NOT_KEPT] = {404, "not-supported", "This server keeps no {1}, only {2}",
                       "Denne server har ingen {1}, kun {2}"},
    [REST_NO_ID] = {400, "value", "\"{1}\" is no id of a resource: " REST_ID_FORM,
                    "\"{1}\" er intet ressource-id: 1 til 64 bogstaver, cifre, \"-\" og \".\""},
    [REST_NO_METHOD] = {405, "not-supported", "{1} cannot be done here; possible: {2}",
                        "{1} er ikke muligt her; muligt er: {2}"},
    [REST_NO_OPERATION] = {404, "not-supported", "The operation \"{1}\" is not supported",
                           "Operationen \"{1}\" understøttes ikke"},
    [REST_CONTENT_TYPE] = {415, "not-supported",
                           "Content-Type \"{1}\" is not taken: use application/fhir+json or application/fhir+xml",
                           "Content-Type \"{1}\" tages ikke imod: brug application/fhir+json eller "
                           "application/fhir+xml"},
    [REST_ACCEPT] = {406, "not-supported",
                     "\"{1}\" cannot be given: ask for application/fhir+json or application/fhir+xml",
                     "\"{1}\" kan ikke gives: bed om application/fhir+json eller application/fhir+xml"},
    [REST_TOO_LARGE] = {413, "too-long", "The body has {1} bytes; at most {2} are taken",
                        "Indholdet er på {1} bytes; der tages højst {2}"},
    [REST_EMPTY] = {400, "required", "The body is empty: a resource is needed",
                    "Indholdet er tomt: der skal være en ressource"},
    [REST_UNREADABLE] = {400, "structure", "The body is no FHIR resource: {1}",
                         "Indholdet er ingen FHIR-ressource: "
                         "{1}"},
    [REST_SEVERAL] = {400, "structure", "The body holds more than one resource: each needs a request of its own",
                      "Indholdet er mere end én ressource: hver skal have sin egen forespørgsel"},
    [REST_OTHER_FORM] = {400, "structure", "Content-Type says {1}, but the body is {2}",
                         "Content-Type siger {1}, men indholdet er {2}"},
    [REST_OTHER_TYPE] = {400, "invalid", "The resource is a {1}, but the address is that of {2}",
                         "Ressourcen er en {1}, men adressen er for {2}"},
    [REST_WITHOUT_ID] = {400, "required", "The resource has no id; an update must have that of the address, \"{1}\"",
                         "Ressourcen har intet id; en opdatering skal have adressens, \"{1}\""},
    [REST_OTHER_ID] = {400, "invalid", "The resource has the id \"{1}\", but the address says \"{2}\"",
                       "Ressourcen har id'et \"{1}\", men adressen siger \"{2}\""},
    [REST_NOT_THERE] = {404, "not-found", "{1} is not here", "{1} findes ikke her"},
    [REST_GONE] = {410, "deleted", "{1} was here and is deleted", "{1} har været her og er slettet"},
    [REST_OTHER_VERSION] = {412, "conflict", "If-Match asks for {1}; the current version is {2}",
                            "If-Match beder om {1}; den gældende version er {2}"},
    [REST_PARAMETER] = {400, "not-supported", "Searching by \"{1}\" is not supported here; possible: {2}",
                        "Søgning efter \"{1}\" understøttes ikke her; muligt er: {2}"},
    [REST_TERMS] = {400, "too-costly", "A search has at most {1} parameters", "En søgning har højst {1} parametre"},
    [REST_CONDITION] = {400, "not-supported", "{1} is not supported: search first, and create what is not there",
                        "{1} understøttes ikke: søg først, og opret det, der ikke findes"},
    [REST_UNFIT] = {422, "invariant", "The resource does not fit ({2} mistakes): {1}",
                    "Ressourcen passer ikke ({2} fejl): {1}"},
    [REST_HIDDEN] = {403, "forbidden", "{1} is of messages that this client took no part in",
                     "{1} hører til meddelelser, som denne klient ikke har haft del i"},
    [REST_FULL] = {507, "too-costly", "This run holds {1} resources, which is the most it takes",
                   "Dette testforløb har {1} ressourcer og kan ikke rumme flere"},
    [REST_BROKEN] = {500, "exception", "The test tool could not do it: {1}", "Testværktøjet kunne ikke: {1}"},
};

static struct str fill(struct arena *a, const char *text, const struct rest_issue *x) {
  struct buf b;
  buf_init(&b, (size_t)16 << 10);
  for (struct str rest = str_z(text); rest.n;) {
    size_t at = str_find(rest, STR("{"), 0);
    buf_add(&b, str_sub(rest, 0, at));
    if (at == SIZE_MAX) break;
    buf_add(&b, x->args[rest.p[at + 1] == '2']);
    rest = str_sub(rest, at + 3, rest.n);
  }
  return buf_take(&b, a);
}

static void put_outcome(struct rest_answer *out, struct arena *a, const char *severity, const char *code,
                        enum resource_form form) {
  struct node *root = node_new(a, NODE_OBJECT);
  root->type = STR("OperationOutcome");
  struct node *issue = rest_add(a, root, "issue", NODE_OBJECT, (struct str){0});
  issue->flags = NODE_LISTED;
  rest_add(a, issue, "severity", NODE_STRING, str_z(severity));
  rest_add(a, issue, "code", NODE_STRING, str_z(code));
  rest_add(a, issue, "diagnostics", NODE_STRING, out->issue);
  rest_put_tree(out, a, root, form, NULL);
}

void rest_refuse(struct rest_answer *out, struct arena *a, const struct rest_issue *x, enum resource_form form) {
  const struct rest_issue_row *row = &rest_issue_rows[x->kind];
  out->status = row->status;
  out->issue = fill(a, row->en, x);
  out->da = fill(a, row->da, x);
  put_outcome(out, a, x->kind == REST_FINE ? "information" : "error", row->code, form);
}

void rest_refuse_text(struct rest_answer *out, struct arena *a, const struct rest_issue_row *row,
                      enum resource_form form) {
  out->status = row->status;
  out->issue = arena_str(a, str_z(row->en));
  out->da = arena_str(a, str_z(row->da));
  put_outcome(out, a, "error", row->code, form);
}

/* Most issues of one answer: the first says what to mend, and all are in the report. */
#define UNFIT_ISSUES_MAX 50

static void put_unfit(struct arena *a, struct node *root, const struct finding *x) {
  struct node *issue = rest_add(a, root, "issue", NODE_OBJECT, (struct str){0});
  issue->flags = NODE_LISTED;
  bool sure = x->severity == SEV_ERROR;
  rest_add(a, issue, "severity", NODE_STRING, sure ? STR("error") : STR("information"));
  rest_add(a, issue, "code", NODE_STRING, sure ? STR("invariant") : STR("incomplete"));
  struct node *details = rest_add(a, issue, "details", NODE_OBJECT, (struct str){0});
  rest_add(a, details, "text", NODE_STRING, x->da);
  struct str at = x->where.line > 0 ? arena_printf(a, "line %d, column %d: ", x->where.line, x->where.col) : STR("");
  rest_add(a, issue, "diagnostics", NODE_STRING,
           arena_printf(a, "%.*s%.*s [%.*s]", STR_F(at), STR_F(x->en), STR_F(x->rule)));
  if (!x->where.path.n) return;
  struct node *path = rest_add(a, issue, "expression", NODE_STRING, x->where.path);
  path->flags = NODE_LISTED;
}

void rest_refuse_unfit(struct rest_answer *out, struct arena *a, const struct findings *f, enum resource_form form) {
  struct node *root = node_new(a, NODE_OBJECT);
  const struct finding *first = NULL;
  root->type = STR("OperationOutcome");
  for (size_t i = 0, n = 0; i < f->list.n && n < UNFIT_ISSUES_MAX; i++) {
    const struct finding *x = &f->list.v[i];
    if (x->severity < SEV_UNDECIDED) continue;
    if (!first && x->severity == SEV_ERROR) first = x;
    put_unfit(a, root, x);
    n++;
  }
  const struct rest_issue_row *row = &rest_issue_rows[REST_UNFIT];
  struct str n = arena_printf(a, "%zu", findings_count(f, SEV_ERROR));
  out->status = row->status;
  out->issue = fill(a, row->en, &(struct rest_issue){REST_UNFIT, {first ? first->en : STR(""), n}});
  out->da = fill(a, row->da, &(struct rest_issue){REST_UNFIT, {first ? first->da : STR(""), n}});
  rest_put_tree(out, a, root, form, NULL);
}
