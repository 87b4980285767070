#include "report/report_words_int.h"

#include <string.h>

#define FILLED_MAX ((size_t)64 << 10)

struct word {
  const char *in[2]; /* by enum report_lang */
};

static const struct word words[WORDS_N] = {
    [WORD_SELF_TEST] = {{"Self-test", "Egentest"}},
    [WORD_CERTIFICATION] = {{"Certification (live test)", "Certificering (livetest)"}},
    [WORD_TEST_PROTOCOL] = {{"Test protocol", "Testprotokol"}},
    [WORD_SKIP_TO_STEPS] = {{"Skip to the test steps", "Gå til teststeps"}},
    [WORD_CONTENTS] = {{"Contents", "Indhold"}},
    [WORD_RESULT] = {{"Result", "Resultat"}},
    [WORD_RESULT_MACHINE] = {{"Machine result", "Maskinelt resultat"}},
    [WORD_STILL_OPEN] = {{"The run is still open: this is how it stands now.",
                          "Kørslen er ikke afsluttet: sådan står den nu."}},
    [WORD_DAMAGED] = {{"The record is not whole, so it proves nothing: {1}",
                       "Protokollen er ikke hel, så den beviser intet: {1}"}},
    [WORD_WHY_NONE] = {{"No test step has begun.", "Ingen teststeps er begyndt."}},
    [WORD_WHY_PASS] = {{"Every test step that applies is OK: {1} of {2} test steps.",
                        "Alle relevante teststeps er OK: {1} af {2} teststeps."}},
    [WORD_WHY_NOT_APPLICABLE] = {{"No test step applies to this system.",
                                  "Ingen teststeps er relevante for dette system."}},
    [WORD_WHY_WAITING] = {{"Test steps that are not done: {1} of {2}. The result stands when all of them are.",
                           "Teststeps, der ikke er udført: {1} af {2}. Resultatet foreligger, når alle er udført."}},
    [WORD_WHY_INCONCLUSIVE] =
        {{"Test steps that could not be settled: {1} of {2}. What is not settled never counts as OK.",
          "Teststeps, der ikke kunne afklares: {1} af {2}. Det uafklarede tæller aldrig som OK."}},
    [WORD_WHY_ERROR] = {{"The test tool failed in {1} of {2} test steps, so nothing can be said of the system.",
                         "Testværktøjet fejlede i {1} af {2} teststeps, så intet kan siges om systemet."}},
    [WORD_WHY_FAIL] = {{"Test steps that failed: {1} of {2}. One that fails makes the whole fail.",
                        "Teststeps med fejl: {1} af {2}. Ét teststep med fejl giver fejl i det hele."}},
    [WORD_SELF_TEST_NOTE] = {{"This is a self-test. Only MedCom assesses, in a certification; the assessment column is "
                              "left empty for that.",
                              "Dette er en egentest. Kun MedCom vurderer, og det sker ved certificering; kolonnen "
                              "MedCom vurdering er derfor tom."}},
    [WORD_RULE_NOTE] = {{"Approved (Godkendt) requires MedCom's assessment OK, F4 or Not relevant in every mandatory "
                         "test step that applies, and no F1, F2 or F3 in any test step.",
                         "Godkendt forudsætter MedCom vurdering OK, F4 eller Ikke relevant i alle obligatoriske, "
                         "relevante teststeps og hverken F1, F2 eller F3 i noget teststep."}},
    [WORD_PARTIAL_WARNING] = {{"This run is a part of the protocol: {1} of {2} use cases were not chosen, and it shows "
                               "nothing about them.",
                               "Kørslen er kun en del af testprotokollen: {1} af {2} use cases er fravalgt, og den "
                               "viser intet om dem."}},
    [WORD_CLOCK_WARNING] = {{"Deadlines were run {1} times faster than real time. This run shows nothing about the "
                             "system's own timing and cannot be used for certification.",
                             "Tidsfrister er kørt {1} gange hurtigere end virkelig tid. Kørslen viser intet om "
                             "systemets egne tider og kan ikke bruges til certificering."}},
    [WORD_FAILED_STEPS] = {{"Test steps that failed", "Teststeps med fejl"}},
    [WORD_ERROR_STEPS] = {{"Test steps where the test tool failed", "Teststeps, hvor testværktøjet fejlede"}},
    [WORD_STANDARD] = {{"Standard", "Standard"}},
    [WORD_NAME_EN] = {{"Name (English)", "Navn (engelsk)"}},
    [WORD_NAME_DA] = {{"Name (Danish)", "Navn (dansk)"}},
    [WORD_VERSION] = {{"Version", "Version"}},
    [WORD_TYPE] = {{"Type", "Type"}},
    [WORD_PROTOCOL] = {{"Test protocol", "Testprotokol"}},
    [WORD_ROLE] = {{"Role tested", "Testet rolle"}},
    [WORD_VENDOR_AND_SYSTEM] = {{"Vendor and system", "Leverandør og system"}},
    [WORD_VENDOR] = {{"Vendor", "Leverandør"}},
    [WORD_CONTACT] = {{"Contact person", "Kontaktperson"}},
    [WORD_SYSTEM] = {{"System", "System"}},
    [WORD_SYSTEM_VERSION] = {{"System version", "Systemversion"}},
    [WORD_SYSTEM_TYPE] = {{"System type", "Systemtype"}},
    [WORD_THE_TEST] = {{"The test", "Testen"}},
    [WORD_TEST_TYPE] = {{"Test type", "Testtype"}},
    [WORD_RUN] = {{"Run", "Kørsel"}},
    [WORD_STARTED] = {{"Started", "Startet"}},
    [WORD_ENDED] = {{"Ended", "Afsluttet"}},
    [WORD_NOT_ENDED] = {{"not ended", "ikke afsluttet"}},
    [WORD_SEED] = {{"Seed", "Seed"}},
    [WORD_PROGRAM] = {{"testcamp version", "testcamp-version"}},
    [WORD_PROTOCOL_DIGEST] = {{"Test protocol file (SHA-256)", "Testprotokollens fil (SHA-256)"}},
    [WORD_VENDOR_DIGEST] = {{"Vendor file (SHA-256)", "Leverandørfilen (SHA-256)"}},
    [WORD_DANISH_TIME] = {{"All times are Danish local time.", "Alle tider er dansk tid."}},
    [WORD_BY_MEDCOM] = {{"Filled in by MedCom", "Udfyldes af MedCom"}},
    [WORD_TEST_DATE] = {{"Test date", "Testdato"}},
    [WORD_TEST_PLACE] = {{"Test location", "Teststed"}},
    [WORD_APPROVED] = {{"Approved", "Godkendt"}},
    [WORD_YES] = {{"Yes", "Ja"}},
    [WORD_NO] = {{"No", "Nej"}},
    [WORD_REMARKS] = {{"Remarks", "Bemærkninger"}},
    [WORD_CARRIED_OUT_BY] = {{"Carried out by (initials)", "Udført af (initialer)"}},
    [WORD_SIGNATURE] = {{"Signature", "Underskrift"}},
    [WORD_ASSESSMENTS] = {{"MedCom's assessments", "MedComs vurderinger"}},
    [WORD_NOT_ASSESSED] = {{"not assessed", "ikke vurderet"}},
    [WORD_USE_CASES] = {{"Use cases", "Use cases"}},
    [WORD_USE_CASE] = {{"Use case", "Use case"}},
    [WORD_KIND] = {{"M/O", "M/O"}},
    [WORD_MANDATORY] = {{"Mandatory", "Obligatorisk"}},
    [WORD_OPTIONAL] = {{"Optional", "Valgfri"}},
    [WORD_CONDITIONAL] = {{"Conditional", "Betinget"}},
    [WORD_STEPS] = {{"Test steps", "Teststeps"}},
    [WORD_VERDICTS] = {{"Machine verdicts", "Maskinelle bedømmelser"}},
    [WORD_PARAMETERS] = {{"Parameters used", "Anvendte parametre"}},
    [WORD_PARAMETER] = {{"Parameter", "Parameter"}},
    [WORD_VALUE] = {{"Value", "Værdi"}},
    [WORD_SOURCE] = {{"Source", "Kilde"}},
    [WORD_CAPABILITIES] = {{"Capabilities that the vendor has declared",
                            "Kapabiliteter, som leverandøren har erklæret"}},
    [WORD_CAPABILITY] = {{"Capability", "Kapabilitet"}},
    [WORD_DECLARED] = {{"Declared", "Erklæret"}},
    [WORD_NOT_TESTED] = {{"What was not tested, and why", "Hvad der ikke er testet, og hvorfor"}},
    [WORD_NOTHING_UNTESTED] = {{"Every test step was carried out and settled.",
                                "Alle teststeps er udført og afklaret."}},
    [WORD_WHY] = {{"Why", "Hvorfor"}},
    [WORD_WHOLE_CASE] = {{"the whole use case", "hele use casen"}},
    [WORD_WHY_CAPABILITY] = {{"capability {1}: {2}", "kapabilitet {1}: {2}"}},
    [WORD_WHY_NOT_DECLARED] = {{"not declared", "ikke erklæret"}},
    [WORD_WHY_NOT_CHOSEN] = {{"not chosen for this run", "fravalgt i denne kørsel"}},
    [WORD_WHY_OWNER] = {{"waits for {1}", "afventer {1}"}},
    [WORD_WHY_NOT_BEGUN] = {{"the run ended before this test step", "kørslen sluttede før dette teststep"}},
    [WORD_WHY_NOT_YET] = {{"not reached yet", "ikke nået endnu"}},
    [WORD_TEST_STEPS] = {{"Test steps", "Teststeps"}},
    [WORD_COL_STEP] = {{"Test step #", "Teststep #"}},
    [WORD_COL_ACTION] = {{"Action", "Handling"}},
    [WORD_COL_DATA] = {{"Test data", "Testdata"}},
    [WORD_COL_EXPECTED] = {{"Expected result", "Forventet resultat"}},
    [WORD_COL_ACTUAL] = {{"Actual result", "Faktisk resultat"}},
    [WORD_COL_ASSESSMENT] = {{"MedCom assessment", "MedCom vurdering"}},
    [WORD_COL_VERDICT] = {{"Machine verdict", "Maskinel bedømmelse"}},
    [WORD_SUGGESTS] = {{"suggests {1}", "foreslår {1}"}},
    [WORD_OPTIONAL_STEP] = {{"optional", "valgfrit"}},
    [WORD_ATTEMPTS] = {{"Attempts", "Forsøg"}},
    [WORD_ATTEMPT] = {{"Attempt {1}, system version {2}", "Forsøg {1}, systemversion {2}"}},
    [WORD_STANDS] = {{"counts", "gælder"}},
    [WORD_STANDS_BY_WORD] = {{"MedCom says which attempt counts:", "MedCom siger, hvilket forsøg der gælder:"}},
    [WORD_OWN_STEP] = {{"MedCom's own step", "MedComs eget teststep"}},
    [WORD_CARRIED] = {{"carried over from run {1}", "overført fra kørsel {1}"}},
    [WORD_CARRIED_COUNT] = {{"{1} carried over", "{1} overført"}},
    [WORD_CONFIRMED_BY] = {{"confirmed by {1}", "bekræftet af {1}"}},
    [WORD_NOT_CONFIRMED] = {{"not confirmed by MedCom yet", "endnu ikke bekræftet af MedCom"}},
    [WORD_OF_VERSION] = {{"system version {1}", "systemversion {1}"}},
    [WORD_ANSWERED_BY] = {{"Answered by", "Besvaret af"}},
    [WORD_VERIFIES] = {{"Verifies", "Dækker krav"}},
    [WORD_MESSAGES] = {{"Messages", "Meddelelser"}},
    [WORD_EVIDENCE] = {{"Evidence", "Dokumentation"}},
    [WORD_NO_EVIDENCE] = {{"No evidence was handed in.", "Der er ikke afleveret dokumentation."}},
    [WORD_FILE_NAME] = {{"File", "Fil"}},
    [WORD_STANDARDS_DIGEST] = {{"Profiles and value sets judged by (SHA-256)",
                                "Profiler og værdisæt, der er bedømt efter (SHA-256)"}},
    [WORD_STANDARDS_SINCE] = {{"{1}, from {2} on", "{1}, fra {2}"}},
    [WORD_PACKAGES] = {{"FHIR packages", "FHIR-pakker"}},
    [WORD_DIGEST] = {{"SHA-256", "SHA-256"}},
    [WORD_RULE] = {{"Rule", "Regel"}},
    [WORD_AT] = {{"At", "Sted"}},
    [WORD_EXPECTED] = {{"Expected", "Forventet"}},
    [WORD_ACTUAL] = {{"Actual", "Faktisk"}},
    [WORD_DEMANDED_BY] = {{"Demanded by", "Kræves af"}},
    [WORD_FINDINGS_DROPPED] = {{"{1} more findings are not shown.", "{1} yderligere fund vises ikke."}},
    [WORD_EXCHANGES] = {{"Messages exchanged", "Udvekslede meddelelser"}},
    [WORD_NO_EXCHANGES] = {{"No message was exchanged.", "Der er ikke udvekslet meddelelser."}},
    [WORD_OPEN_ALL] = {{"Open all messages", "Åbn alle meddelelser"}},
    [WORD_CLOSE_ALL] = {{"Close all messages", "Luk alle meddelelser"}},
    [WORD_TO_SYSTEM] = {{"testcamp to the system", "testcamp til systemet"}},
    [WORD_FROM_SYSTEM] = {{"the system to testcamp", "systemet til testcamp"}},
    [WORD_SENT] = {{"Sent", "Sendt"}},
    [WORD_RECEIVED] = {{"Received", "Modtaget"}},
    [WORD_UNMATCHED] = {{"fits no test step", "passer til intet teststep"}},
    [WORD_DIRECTION] = {{"Direction", "Retning"}},
    [WORD_TIME] = {{"Time", "Tidspunkt"}},
    [WORD_VIA] = {{"Via", "Via"}},
    [WORD_TEST_STEP] = {{"Test step", "Teststep"}},
    [WORD_ORIGINAL_FILE] = {{"File name", "Filnavn"}},
    [WORD_SIZE] = {{"Size", "Størrelse"}},
    [WORD_BYTES] = {{"{1} bytes", "{1} byte"}},
    [WORD_NEAR_MISS] = {{"Near miss", "Tæt på"}},
    [WORD_FINDINGS] = {{"Findings of reading it", "Fund ved læsningen"}},
    [WORD_WIRE] = {{"As on the wire", "Som overført"}},
    [WORD_PAYLOAD] = {{"Payload", "Indhold"}},
    [WORD_NOT_EMBEDDED] = {{"The message is too large to be shown here. It is in the file",
                            "Meddelelsen er for stor til at blive vist her. Den ligger i filen"}},
    [WORD_EMPTY_MESSAGE] = {{"The message is empty.", "Meddelelsen er tom."}},
    [WORD_QUARANTINED] =
        {{"In quarantine: it has a CPR number that is not on the list of test persons. It is kept, not "
          "shown, and belongs to no test step until it is released.",
          "I karantæne: den har et CPR-nummer, der ikke står på listen over testpersoner. Den er gemt, "
          "vises ikke og hører ikke til noget teststep, før den frigives."}},
    [WORD_ERASED] = {{"Erased by {1}: {2}. The digest remains.", "Slettet af {1}: {2}. Kontrolsummen står tilbage."}},
    [WORD_BLACKED_OUT] = {{"Blacked out by {1}: {2}. A copy is shown; the digest is that of the original.",
                           "Overstreget af {1}: {2}. En kopi vises; kontrolsummen er originalens."}},
    [WORD_MASKED_CPRS] = {{"CPR numbers that are not on the list of test persons are masked here: in {1} places.",
                           "CPR-numre, der ikke står på listen over testpersoner, er skjult her: {1} steder."}},
    [WORD_MASKED_TOKENS] = {{"Access tokens are masked here: in {1} places.",
                             "Adgangsbilletter (tokens) er skjult her: {1} steder."}},
    [WORD_MASKED_KEYS] = {{"Private keys are masked here: in {1} places.",
                           "Private nøgler er skjult her: {1} steder."}},
    [WORD_REST] = {{"{1} more bytes, from line {2}, are not shown.",
                    "Yderligere {1} byte, fra linje {2}, vises ikke."}},
    [WORD_CHARACTERS] = {{"{1} characters; select to see all", "{1} tegn; vælg for at se alle"}},
    [WORD_FROM_START] = {{"Whole run", "Hele kørslen"}},
    [WORD_LEGEND] = {{"What the words mean", "Hvad ordene betyder"}},
    [WORD_LEGEND_FAIL] = {{"the system did something else than the standard or the test protocol demands",
                           "systemet gjorde noget andet, end standarden eller testprotokollen kræver"}},
    [WORD_LEGEND_INCONCLUSIVE] = {{"could not be shown or judged; never counts as OK",
                                   "kunne ikke vises eller bedømmes; tæller aldrig som OK"}},
    [WORD_LEGEND_ERROR] = {{"the test tool itself failed; says nothing of the system",
                            "testværktøjet selv fejlede; siger intet om systemet"}},
    [WORD_LEGEND_WAITING] = {{"begun, but someone has still to act", "begyndt, men nogen skal stadig handle"}},
    [WORD_LEGEND_NOT_APPLICABLE] =
        {{"excused by a capability that the vendor has declared not to have, or not chosen",
          "undtaget, fordi leverandøren har erklæret ikke at have kapabiliteten, eller fravalgt"}},
    [WORD_LEGEND_SUGGESTS] = {{"F1 critical, F2 serious, F3 significant, F4 less significant: what a failure of the "
                               "step suggests. MedCom alone assesses.",
                               "F1 kritisk, F2 alvorlig, F3 betydelig, F4 mindre betydelig: hvad en fejl i teststeppet "
                               "foreslår. Kun MedCom vurderer."}},
    [WORD_MADE_BY] = {{"Made by testcamp {1} from the record of run {2}.",
                       "Dannet af testcamp {1} ud fra kørslen {2}."}},
    [WORD_PAGE] = {{"Page", "Side"}},
    [WORD_PATH] = {{"Path", "Sti"}},
    [WORD_LINE_TEXT] = {{"line {1}", "linje {1}"}},
    [WORD_ATTENTION] = {{"Attention", "Bemærk"}},
    [WORD_CERTIFIABLE_YES] = {{"Meets the rule for Approved", "Opfylder reglen for Godkendt"}},
    [WORD_CERTIFIABLE_NO] = {{"Does not meet the rule for Approved", "Opfylder ikke reglen for Godkendt"}},
    [WORD_COURSE] = {{"Course", "Testforløb"}},
    [WORD_BLOCKS] = {{"What stands in the way", "Hvad der står i vejen"}},
    [WORD_MORE_BLOCKS] = {{"and {1} more", "og {1} mere"}},
    [WORD_REVISED] = {{"Revised from {1} to {2}", "Ændret fra {1} til {2}"}},
    [WORD_IS_REVISED] = {{"revised", "ændret"}},
    [WORD_ASSESSED] = {{"Assessed {1}", "Vurderet: {1}"}},
};

static const struct word verdict_words[] = {
    [VERDICT_NONE] = {{"Not begun", "Ikke begyndt"}},
    [VERDICT_PASS] = {{"OK", "OK"}},
    [VERDICT_NOT_APPLICABLE] = {{"Not relevant", "Ikke relevant"}},
    [VERDICT_WAITING] = {{"Waiting", "Afventer"}},
    [VERDICT_INCONCLUSIVE] = {{"Inconclusive", "Uafklaret"}},
    [VERDICT_ERROR] = {{"Test tool failed", "Fejl i testværktøjet"}},
    [VERDICT_FAIL] = {{"Fail", "Fejl"}},
};

static const struct term {
  const char *name;
  struct word word;
} terms[] = {
    {"self-test", {{"Self-test", "Egentest"}}},
    {"certify", {{"Certification (live test)", "Certificering (livetest)"}}},
    {"sender", {{"Sender", "Afsender"}}},
    {"receiver", {{"Receiver", "Modtager"}}},
    {"acknowledger", {{"Acknowledger", "Afsender af kvittering"}}},
    {"mandatory", {{"Mandatory", "Obligatorisk"}}},
    {"optional", {{"Optional", "Valgfri"}}},
    {"conditional", {{"Conditional", "Betinget"}}},
    {"http", {{"HTTP", "HTTP"}}},
    {"folder", {{"folder", "mappe"}}},
    {"upload", {{"upload", "upload"}}},
    {"vendor", {{"the vendor", "leverandøren"}}},
    {"medcom", {{"MedCom", "MedCom"}}},
    {"harness", {{"the test tool", "testværktøjet"}}},
    {"not-relevant", {{"Not relevant", "Ikke relevant"}}},
    {"true", {{"Yes", "Ja"}}},
    {"false", {{"No", "Nej"}}},
    {"kind", {{"Kind", "Slags"}}},
    {"message", {{"message", "meddelelse"}}},
    {"receipt", {{"receipt", "kvittering"}}},
    {"unknown", {{"unknown", "ukendt"}}},
    {"none", {{"none", "ingen"}}},
    {"vans", {{"VANSEnvelope", "VANSEnvelope"}}},
    {"envelope", {{"Envelope", "Kuvert"}}},
    {"envelope.id", {{"Envelope id", "Kuvertens id"}}},
    {"envelope.message", {{"Message id in the envelope", "Brevets id i kuverten"}}},
    {"envelope.sender",
     {{"Sender, location number (GLN) in the envelope", "Afsender, lokationsnummer (GLN) i kuverten"}}},
    {"envelope.receiver",
     {{"Receiver, location number (GLN) in the envelope", "Modtager, lokationsnummer (GLN) i kuverten"}}},
    {"envelope.name", {{"Name in the envelope", "Navn i kuverten"}}},
    {"envelope.receipt", {{"VANS receipt", "VANS-kvittering"}}},
    {"envelope.original", {{"Receipt for envelope", "Kvittering for kuvert"}}},
    {"form", {{"Form", "Form"}}},
    {"json", {{"JSON", "JSON"}}},
    {"xml", {{"XML", "XML"}}},
    {"edifact", {{"EDIFACT", "EDIFACT"}}},
    {"empty", {{"empty", "tom"}}},
    {"event", {{"Message type (event)", "Meddelelsestype (event)"}}},
    {"bundle.id", {{"Bundle.id", "Bundle.id"}}},
    {"header.id", {{"MessageHeader.id", "MessageHeader.id"}}},
    {"header.source", {{"Source endpoint", "Afsendende endpoint"}}},
    {"header.destination", {{"Destination endpoint", "Modtagende endpoint"}}},
    {"activity", {{"Activity (Provenance)", "Aktivitet (Provenance)"}}},
    {"previous", {{"Previous message", "Forrige meddelelse"}}},
    {"thread", {{"Thread (Communication.identifier)", "Tråd (Communication.identifier)"}}},
    {"category", {{"Category", "Kategori"}}},
    {"topic", {{"Topic", "Emne"}}},
    {"priority", {{"Priority", "Prioritet"}}},
    {"response.to", {{"Acknowledges message", "Kvitterer for meddelelse"}}},
    {"response.code", {{"Acknowledgement code", "Kvitteringskode"}}},
    {"sender.gln", {{"Sender, location number (GLN)", "Afsender, lokationsnummer (GLN)"}}},
    {"receiver.gln", {{"Receiver, location number (GLN)", "Modtager, lokationsnummer (GLN)"}}},
    {"patient", {{"Patient (CPR)", "Patient (CPR)"}}},
};

const char *report_word(enum report_lang lang, enum report_word w) {
  return words[w].in[lang];
}

struct str report_word_fill(struct arena *a, enum report_lang lang, enum report_word w, struct str one,
                            struct str two) {
  struct buf b;
  buf_init(&b, FILLED_MAX);
  for (const char *z = report_word(lang, w); *z;) {
    bool is_hole = !strncmp(z, "{1}", 3) || !strncmp(z, "{2}", 3);
    if (is_hole)
      buf_add(&b, z[1] == '1' ? one : two);
    else
      buf_byte(&b, *z);
    z += is_hole ? 3 : 1;
  }
  return buf_take(&b, a);
}

const char *report_word_verdict(enum report_lang lang, enum verdict v) {
  return verdict_words[v].in[lang];
}

struct str report_word_term(enum report_lang lang, struct str term) {
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
    if (str_eqz(term, terms[i].name)) return str_z(terms[i].word.in[lang]);
  return term;
}
