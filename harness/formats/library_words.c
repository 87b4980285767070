#include "formats/library_words.h"

#include "base/template.h"

#define TEXT_MAX ((size_t)16 << 10)

static const struct {
  const char *en, *da;
} words[] = {
    /* libyaml: problems */
    {"block sequence entries are not allowed in this context", "en liste med \"-\" må ikke stå her"},
    {"control characters are not allowed", "styretegn er ikke tilladt"},
    {"could not find expected ':'", "det ventede \":\" mangler"},
    {"did not find expected ',' or ']'", "her ventes \",\" eller \"]\""},
    {"did not find expected ',' or '}'", "her ventes \",\" eller \"}\""},
    {"did not find expected '-' indicator", "her ventes \"-\""},
    {"did not find expected <document start>", "her ventes begyndelsen på dokumentet"},
    {"did not find expected alphabetic or numeric character", "her ventes et bogstav eller et ciffer"},
    {"did not find expected comment or line break", "her ventes en kommentar eller et linjeskift"},
    {"did not find expected hexdecimal number", "her ventes et hextal"},
    {"did not find expected key", "her ventes en nøgle"},
    {"did not find expected node content", "her ventes en værdi"},
    {"did not find expected whitespace or line break", "her ventes et mellemrum eller et linjeskift"},
    {"found a tab character that violates indentation", "en tabulator bryder indrykningen"},
    {"found a tab character where an indentation space is expected",
     "her står en tabulator, hvor indrykningen kræver mellemrum"},
    {"found an indentation indicator equal to 0", "en indrykning på 0 er angivet"},
    {"found character that cannot start any token", "her står et tegn, som intet kan begynde med"},
    {"found invalid Unicode character escape code", "koden er ikke et Unicode-tegn"},
    {"found unexpected ':'", "uventet \":\""},
    {"found unexpected document indicator", "her begynder et nyt dokument uventet"},
    {"found unexpected end of stream", "filen slutter uventet"},
    {"found unknown escape character", "ukendt tegn efter \"\\\""},
    {"mapping keys are not allowed in this context", "en nøgle må ikke stå her"},
    {"mapping values are not allowed in this context", "en værdi efter \":\" må ikke stå her"},
    /* libyaml: what it was at */
    {"while parsing a block collection", "i en liste eller et nøglesæt"},
    {"while parsing a block mapping", "i et nøglesæt"},
    {"while parsing a block node", "i en værdi"},
    {"while parsing a flow mapping", "i et nøglesæt {...}"},
    {"while parsing a flow node", "i en værdi i [...] eller {...}"},
    {"while parsing a flow sequence", "i en liste [...]"},
    {"while parsing a node", "i en værdi"},
    {"while parsing a quoted scalar", "i en tekst i citationstegn"},
    {"while scanning a block scalar", "i en tekst over flere linjer"},
    {"while scanning a directive", "i et direktiv"},
    {"while scanning a plain scalar", "i en tekst"},
    {"while scanning a quoted scalar", "i en tekst i citationstegn"},
    {"while scanning a simple key", "i en nøgle"},
    {"while scanning a tag", "i et tag"},
    {"while scanning an alias", "i et alias"},
    {"while scanning an anchor", "i et anker"},
    {"while scanning for the next token", "på vej til det næste"},
    /* libxml2 */
    {"AttValue: \" or ' expected", "attributtens værdi skal stå i \" eller '"},
    {"AttValue: ' expected", "attributtens værdi mangler sit afsluttende '"},
    {"AttValue: \" expected", "attributtens værdi mangler sit afsluttende \""},
    {"Attribute {1} redefined", "attributten {1} står der to gange"},
    {"Namespaced Attribute {1} in '{2}' redefined", "attributten {1} i '{2}' står der to gange"},
    {"CData section not finished", "CDATA er ikke afsluttet"},
    {"Char 0x{1} out of allowed range", "tegnet 0x{1} er ikke tilladt i XML"},
    {"CharRef: invalid decimal value", "tegnhenvisningen har en forkert talværdi"},
    {"CharRef: invalid hexadecimal value", "tegnhenvisningen har en forkert hexværdi"},
    {"CharRef: invalid value", "tegnhenvisningen har en forkert værdi"},
    {"Comment must not contain '--' (double-hyphen)", "en kommentar må ikke indeholde '--'"},
    {"Comment not terminated", "en kommentar er ikke afsluttet"},
    {"Couldn't find end of Start Tag {1} line {2}", "starttagget {1} på linje {2} er ikke afsluttet"},
    {"Couldn't find end of Start Tag {1}", "starttagget {1} er ikke afsluttet"},
    {"Document is empty", "dokumentet er tomt"},
    {"EndTag: '</' not found", "sluttagget '</' mangler"},
    {"Entity '{1}' not defined", "entiteten '{1}' er ikke defineret"},
    {"EntityRef: expecting ';'", "entiteten mangler sit ';'"},
    {"xmlParseEntityRef: no name", "efter & mangler et navn; et & i en tekst skrives &amp;"},
    {"Extra content at the end of the document", "der står mere efter dokumentets slutning"},
    {"Input is not proper UTF-8, indicate encoding !", "indholdet er ikke UTF-8; tegnsættet skal angives"},
    {"Namespace prefix {1} for {2} on {3} is not defined", "navnerumspræfikset {1} for {2} på {3} er ikke erklæret"},
    {"Namespace prefix {1} on {2} is not defined", "navnerumspræfikset {1} på {2} er ikke erklæret"},
    {"Opening and ending tag mismatch: {1} line {2} and {3}",
     "starttagget {1} på linje {2} passer ikke til sluttagget {3}"},
    {"Opening and ending tag mismatch: {1} and {2}", "starttagget {1} passer ikke til sluttagget {2}"},
    {"PCDATA invalid Char value {1}", "tegnet med værdien {1} er ikke tilladt i XML"},
    {"Premature end of data in tag {1} line {2}", "filen slutter midt i elementet {1} fra linje {2}"},
    {"Sequence ']]>' not allowed in content", "']]>' må ikke stå i en tekst"},
    {"Specification mandates value for attribute {1}", "attributten {1} mangler en værdi"},
    {"Start tag expected, '<' not found", "her ventes et starttag, '<'"},
    {"StartTag: invalid element name", "starttagget har et ugyldigt navn"},
    {"Unescaped '<' not allowed in attributes values", "'<' må ikke stå i en attributs værdi"},
    {"XML declaration allowed only at the start of the document", "XML-erklæringen må kun stå allerførst"},
    {"attributes construct error", "attributterne er ikke skrevet rigtigt"},
    {"expected '>'", "her ventes '>'"},
    {"invalid character in attribute value", "ugyldigt tegn i en attributs værdi"},
    {"parsing XML declaration: '?>' expected", "XML-erklæringen mangler '?>'"},
};

static bool look_up(struct arena *a, struct str english, struct str *danish) {
  struct str places[TEMPLATE_PLACES_MAX];
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!template_matches(words[i].en, english, places)) continue;
    struct buf b;
    buf_init(&b, TEXT_MAX);
    template_fill(&b, words[i].da, places);
    *danish = buf_take(&b, a);
    return true;
  }
  return false;
}

bool library_words_danish(struct arena *a, struct str english, struct str *danish) {
  size_t at = str_find(english, STR(" ("), 0);
  struct str problem, context;
  if (look_up(a, english, danish)) return true;
  if (at == SIZE_MAX || !str_ends(english, STR(")"))) return false;
  if (!look_up(a, str_sub(english, 0, at), &problem) || !look_up(a, str_sub(english, at + 2, english.n - 1), &context))
    return false;
  *danish = arena_printf(a, "%.*s (%.*s)", STR_F(problem), STR_F(context));
  return true;
}

struct said library_words(struct arena *a, struct str english) {
  struct said both = {english, english};
  struct str danish;
  if (library_words_danish(a, english, &danish)) both.da = danish;
  return both;
}
