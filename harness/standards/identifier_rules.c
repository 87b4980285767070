#include "standards/identifier_rules.h"

#include "standards/identifier.h"

#define CORE "dk-core, "
#define GS1 "GS1 General Specifications, GLN"
#define TESTCAMP "testcamp"

#define YDER_DIGITS_MAX 7
#define REPLACEMENT_CHARACTERS 10

enum identifier_rule {
  RULE_CPR,
  RULE_CPR_RELATIVE,
  RULE_CPR_DAY,
  RULE_CPR_MODULUS,
  RULE_REPLACEMENT_LENGTH,
  RULE_REPLACEMENT_CPR,
  RULE_REPLACEMENT_BUILT,
  RULE_REPLACEMENT_UNKNOWN,
  RULE_D_ECPR,
  RULE_D_ECPR_REGION,
  RULE_GLN,
  RULE_GLN_CHECK_DIGIT,
  RULE_GLN_MAILBOX,
  RULE_SOR,
  RULE_SOR_CHECK_DIGIT,
  RULE_SHAK,
  RULE_SHAK_LONG,
  RULE_YDER,
  RULE_YDER_LENGTH,
  RULE_MUNICIPALITY,
  RULES_N
};

const struct rule identifier_rules[RULES_N] = {
    [RULE_CPR] = {"identifier.cpr", SEV_ERROR, CORE "CPR number",
                  "'{1}' is no CPR number: it must be ten digits that begin with a date.",
                  "'{1}' er ikke et CPR-nummer: det skal være ti cifre, som begynder med en dato."},
    /* A warning, for OIOXML takes any ten characters there, and one of MedCom's own samples has no such number. */
    [RULE_CPR_RELATIVE] = {"identifier.cpr.relative", SEV_WARNING, "OIOXML, PersonIdentifier",
                           "'{1}', the number of somebody other than the patient, is no CPR number.",
                           "'{1}', nummeret på en anden end patienten, er ikke et CPR-nummer."},
    [RULE_CPR_DAY] = {"identifier.cpr.day", SEV_INFO, TESTCAMP,
                      "The day of '{1}' is 60 too high: a number of a test person or a local replacement.",
                      "Dagen i '{1}' er 60 for høj: en testpersons nummer eller et lokalt erstatningsnummer."},
    [RULE_CPR_MODULUS] = {"identifier.cpr.modulus", SEV_INFO,
                          "CPR office, numbers without modulus 11 since 1 October 2007",
                          "'{1}' does not fit modulus 11, which is no longer demanded.",
                          "'{1}' passer ikke med modulus 11, som ikke længere kræves."},
    [RULE_REPLACEMENT_LENGTH] = {"identifier.replacement", SEV_ERROR, "OIOXML, AlternativeIdentifier",
                                 "The replacement '{1}' of a CPR number must have ten characters.",
                                 "Erstatningen '{1}' for et CPR-nummer skal være på ti tegn."},
    [RULE_REPLACEMENT_CPR] = {"identifier.replacement.cpr", SEV_WARNING, "OIOXML, AlternativeIdentifier",
                              "'{1}' has the form of a CPR number, but stands where its replacement belongs.",
                              "'{1}' har form som et CPR-nummer, men står dér, hvor dets erstatning hører til."},
    [RULE_REPLACEMENT_BUILT] =
        {"identifier.replacement.built", SEV_WARNING, CORE "X-eCPR and D-eCPR",
         "'{1}' is built like an X-eCPR or D-eCPR, but its date or its digit for the century is "
         "none of theirs.",
         "'{1}' er bygget som et X-eCPR eller D-eCPR, men dets dato eller ciffer for århundredet "
         "er ikke et af deres."},
    [RULE_REPLACEMENT_UNKNOWN] = {"identifier.replacement.unknown", SEV_INFO, CORE "X-eCPR and D-eCPR",
                                  "'{1}' is neither an X-eCPR nor a D-eCPR: a replacement of some other sort.",
                                  "'{1}' er hverken et X-eCPR eller et D-eCPR: en erstatning af en anden slags."},
    [RULE_D_ECPR] = {"identifier.d-ecpr", SEV_ERROR, CORE "d-ecpr",
                     "'{1}' is no D-eCPR: it must be DDMMYY, 0, 5 or 6, two capital letters and a digit.",
                     "'{1}' er ikke et D-eCPR: det skal være DDMMÅÅ, 0, 5 eller 6, to store bogstaver og et ciffer."},
    [RULE_D_ECPR_REGION] = {"identifier.d-ecpr.region", SEV_WARNING, CORE "d-ecpr",
                            "The system '{1}' is none of the five regions' for D-eCPR.",
                            "Systemet '{1}' er ikke en af de fem regioners for D-eCPR."},
    /* A warning, for there is no such demand in the schemas of OIOXML, and one of MedCom's own samples breaks it. */
    [RULE_GLN] = {"identifier.gln", SEV_WARNING, GS1, "'{1}' is no location number: it must be 13 digits.",
                  "'{1}' er ikke et lokationsnummer: det skal være 13 cifre."},
    [RULE_GLN_CHECK_DIGIT] = {"identifier.gln.check-digit", SEV_WARNING, GS1,
                              "The check digit of the location number '{1}' is wrong.",
                              "Kontrolcifret i lokationsnummeret '{1}' er forkert."},
    [RULE_GLN_MAILBOX] = {"identifier.gln.mailbox", SEV_INFO, "MedCom, CONTRL of a VANS",
                          "'{1}' is no location number, but the name of a mailbox.",
                          "'{1}' er ikke et lokationsnummer, men navnet på en postkasse."},
    [RULE_SOR] = {"identifier.sor", SEV_ERROR, CORE "SOR identifier",
                  "'{1}' is no SOR id: it must be 11 digits or more.",
                  "'{1}' er ikke et SOR-id: det skal være på 11 cifre eller flere."},
    [RULE_SOR_CHECK_DIGIT] = {"identifier.sor.check-digit", SEV_WARNING, "SNOMED CT, identifiers of namespace 1000016",
                              "The SOR id '{1}' has not the partition 1000016 or has a wrong check digit.",
                              "SOR-id'et '{1}' har ikke partitionen 1000016 eller har et forkert kontrolciffer."},
    [RULE_SHAK] = {"identifier.shak", SEV_ERROR, "SHAK",
                   "'{1}' is no SHAK code: it must be 4, 6 or 7 digits or capital letters.",
                   "'{1}' er ikke en SHAK-kode: den skal være 4, 6 eller 7 cifre eller store bogstaver."},
    [RULE_SHAK_LONG] = {"identifier.shak.long", SEV_INFO, "SHAK",
                        "The SHAK code '{1}' is longer than 7 characters, as some regions have them.",
                        "SHAK-koden '{1}' er længere end 7 tegn, som nogle regioner har dem."},
    [RULE_YDER] = {"identifier.yder", SEV_ERROR, "MedCom, ydernummer (urn:oid:1.2.208.176.1.4)",
                   "'{1}' is no ydernummer: it must be 6 digits.",
                   "'{1}' er ikke et ydernummer: det skal være 6 cifre."},
    [RULE_YDER_LENGTH] = {"identifier.yder.length", SEV_WARNING, "MedCom, ydernummer (urn:oid:1.2.208.176.1.4)",
                          "The ydernummer '{1}' has not 6 digits; zeros lead a shorter one.",
                          "Ydernummeret '{1}' er ikke på 6 cifre; et kortere får foranstillede nuller."},
    [RULE_MUNICIPALITY] = {"identifier.municipality", SEV_ERROR, "CPR office, numbers of municipalities",
                           "'{1}' is no number of a municipality: it must be 3 digits.",
                           "'{1}' er ikke et kommunenummer: det skal være 3 cifre."},
};
const size_t identifier_rules_n = RULES_N;

#define NO_RULE RULES_N

static bool is_number(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0;
}

static enum identifier_rule of_cpr(struct str s) {
  if (!cpr_valid(s)) return RULE_CPR;
  if (s.p[0] >= '6') return RULE_CPR_DAY;
  return cpr_modulus(s) ? NO_RULE : RULE_CPR_MODULUS;
}

static enum identifier_rule of_relative(struct str s) {
  enum identifier_rule r = of_cpr(s);
  return r == RULE_CPR ? RULE_CPR_RELATIVE : r;
}

static enum identifier_rule of_replacement(struct str s) {
  if (s.n != REPLACEMENT_CHARACTERS) return RULE_REPLACEMENT_LENGTH;
  if (x_ecpr_valid(s) || d_ecpr_valid(s)) return NO_RULE;
  if (ecpr_form(s)) return RULE_REPLACEMENT_BUILT;
  return cpr_valid(s) ? RULE_REPLACEMENT_CPR : RULE_REPLACEMENT_UNKNOWN;
}

static enum identifier_rule of_d_ecpr(struct str s) {
  return d_ecpr_valid(s) ? NO_RULE : RULE_D_ECPR;
}

static enum identifier_rule of_gln(struct str s) {
  if (!gln_form(s)) return RULE_GLN;
  return gln_valid(s) ? NO_RULE : RULE_GLN_CHECK_DIGIT;
}

static enum identifier_rule of_mailbox(struct str s) {
  return s.p[0] >= 'A' && s.p[0] <= 'Z' ? RULE_GLN_MAILBOX : of_gln(s);
}

static enum identifier_rule of_sor(struct str s) {
  if (!sor_form(s)) return RULE_SOR;
  return sor_valid(s) ? NO_RULE : RULE_SOR_CHECK_DIGIT;
}

static enum identifier_rule of_shak(struct str s) {
  if (!shak_form(s)) return RULE_SHAK;
  return shak_valid(s) ? NO_RULE : RULE_SHAK_LONG;
}

static enum identifier_rule of_yder(struct str s) {
  if (yder_valid(s)) return NO_RULE;
  return is_number(s) && s.n <= YDER_DIGITS_MAX ? RULE_YDER_LENGTH : RULE_YDER;
}

static enum identifier_rule of_municipality(struct str s) {
  return municipality_valid(s) ? NO_RULE : RULE_MUNICIPALITY;
}

struct finding *identifier_judge(struct findings *f, enum identifier_kind kind, struct str value, struct place where) {
  static enum identifier_rule (*const broken[IDENTIFIER_KINDS_N])(struct str) = {
      [IDENTIFIER_CPR] = of_cpr,
      [IDENTIFIER_RELATIVE] = of_relative,
      [IDENTIFIER_REPLACEMENT] = of_replacement,
      [IDENTIFIER_D_ECPR] = of_d_ecpr,
      [IDENTIFIER_GLN] = of_gln,
      [IDENTIFIER_MAILBOX] = of_mailbox,
      [IDENTIFIER_SOR] = of_sor,
      [IDENTIFIER_SHAK] = of_shak,
      [IDENTIFIER_YDER] = of_yder,
      [IDENTIFIER_MUNICIPALITY] = of_municipality};
  enum identifier_rule r = value.n ? broken[kind](value) : NO_RULE;
  return r == NO_RULE ? NULL : FINDING(f, &identifier_rules[r], where, value);
}

struct finding *identifier_judge_system(struct findings *f, struct str system, struct place where) {
  bool none = str_starts(system, STR(D_ECPR_SYSTEM ".")) && !d_ecpr_region(system);
  return none ? FINDING(f, &identifier_rules[RULE_D_ECPR_REGION], where, system) : NULL;
}
