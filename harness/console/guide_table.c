/* What /help says. Words between asterisks are those of buttons, menus and headings of the console (a test compares).
 */
#include "console/guide.h"

static const struct guide_line first[] = {
    {GUIDE_PART, "Vendor", "Leverandør"},
    {GUIDE_STEP, "Add your system: *Systems*, *Add a system*. Fill in the form, and save the file that it writes.",
     "Opret jeres system: *Systemer*, *Opret et system*. Udfyld formularen, og gem den fil, den skriver."},
    {GUIDE_STEP,
     "On the system's page, *How to connect* says where it sends to. Press *Send me a test message*, and see that it "
     "arrives.",
     "På systemets side står under *Sådan forbindes systemet*, hvor det skal sende til. Tryk på *Send mig en "
     "prøvemeddelelse*, og se, at den når frem."},
    {GUIDE_STEP, "Read the test protocol first: *Protocols* has all of them, to read and to print.",
     "Læs testprotokollen først: under *Testprotokoller* ligger de alle og kan læses og udskrives."},
    {GUIDE_STEP,
     "*New test*: choose protocol and system. *What will be tested?* shows every test step before anything begins. "
     "Then *Start*.",
     "*Ny test*: vælg testprotokol og system. *Hvad bliver testet?* viser hvert teststep, før noget går i gang. "
     "Derefter *Start*."},
    {GUIDE_STEP,
     "Follow the page of the run: *Now* says whose turn it is. When it has ended, hand it in under *Hand-over and "
     "review*.",
     "Følg siden for testforløbet: *Nu* viser, hvis tur det er. Når det er afsluttet, indsender I det under "
     "*Indsendelse og gennemsyn*."},
    {GUIDE_PART, "MedCom", "MedCom"},
    {GUIDE_STEP,
     "Create the vendor: *Organisations*, *New organisation*. Open it, and invite its people: *Invite somebody*. Send "
     "each the link that is shown; it works once, within 7 days.",
     "Opret leverandøren: *Organisationer*, *Ny organisation*. Åbn den, og invitér dens brugere: *Invitér en person*. "
     "Send hver især det link, der vises; det virker én gang, inden for 7 dage."},
    {GUIDE_STEP, "The vendor adds its system, or you do, under *Systems*.",
     "Leverandøren opretter selv sit system, eller I gør det, under *Systemer*."},
    {GUIDE_STEP, "Begin the way to an approval: *Review*, *Courses to an approval*, *New course*.",
     "Begynd vejen til en godkendelse: *Gennemsyn*, *Forløb til godkendelse*, *Nyt forløb*."},
    {GUIDE_PART, "Onlooker", "Tilskuer"},
    {GUIDE_TEXT,
     "*Board* shows how far each system has come with each protocol, *Runs* what became of each run. Messages and "
     "answers "
     "are not shown to onlookers.",
     "*Tavle* viser, hvor langt hvert system er med hver testprotokol, *Testforløb* hvad der kom ud af hvert "
     "testforløb. Meddelelser og svar vises ikke for tilskuere."},
    {0}};

static const struct guide_line login[] = {
    {GUIDE_ITEM,
     "MedCom sends you a link. It shows your account, and you choose a password of at least 10 characters. It works "
     "once, within 7 days; ask for a new one if it is too old.",
     "MedCom sender dig et link. Det viser dit brugernavn, og du vælger en adgangskode på mindst 10 tegn. Det virker "
     "én gang, inden for 7 dage; bed om et nyt, hvis det er for gammelt."},
    {GUIDE_ITEM, "Password forgotten? Ask MedCom for a new invitation, and choose another one.",
     "Glemt adgangskoden? Bed MedCom om en ny invitation, og vælg en anden."},
    {GUIDE_ITEM,
     "After ten failed attempts at one name your address has to wait with it for the rest of a quarter of an hour.",
     "Efter ti mislykkede forsøg med ét navn må din adresse vente med det i resten af et kvarter."},
    {GUIDE_ITEM,
     "You are logged out when nothing was done for 12 hours, and after 7 days in any case. If that happens while you "
     "are writing, nothing is done, and the page says how to send it again.",
     "Du bliver logget ud, når der ikke er sket noget i 12 timer, og altid efter 7 dage. Sker det, mens du skriver, "
     "bliver der ikke gjort noget, og siden fortæller, hvordan du sender igen."},
    {GUIDE_ITEM,
     "*Log out* when the machine is not yours. The language is chosen at the top, and goes with your account.",
     "Tryk på *Log ud*, hvis maskinen ikke er din. Sproget vælges øverst og følger din bruger."},
    {0}};

static const struct guide_line systems[] = {
    {GUIDE_ITEM,
     "A vendor file describes the system: name and version, the standards that it sends or receives, its capabilities, "
     "its "
     "organisation and test persons, and how messages travel. The form writes it, and tells each mistake at its field; "
     "the text can be corrected on the "
     "page "
     "of the system.",
     "En leverandørfil beskriver systemet: navn og version, de standarder, det sender eller modtager, dets "
     "egenskaber, organisation og testpersoner, og hvordan meddelelser sendes. Formularen skriver den og siger ved "
     "hvert felt, hvad der er galt; teksten kan "
     "rettes på systemets side."},
    {GUIDE_ITEM,
     "The capabilities decide what is tested. What the system says it cannot do becomes Not relevant, with that "
     "reason; "
     "nothing is left out silently.",
     "Egenskaberne afgør, hvad der testes. Det, systemet siger, at det ikke kan, bliver Ikke relevant med den "
     "begrundelse; intet udelades stiltiende."},
    {GUIDE_ITEM,
     "Connection: VANSEnvelope over HTTP, SBDH (EHMI) over HTTP, our FHIR server, or files by hand. Without an address "
     "of its own the system fetches from its inbox here.",
     "Forbindelse: VANSEnvelope over HTTP, SBDH (EHMI) over HTTP, vores FHIR-server eller filer i hånden. Uden egen "
     "adresse henter systemet fra sin indbakke her."},
    {GUIDE_ITEM,
     "Mutual TLS: *Hand in a certificate* of the system, never its private key. Its runs hear that certificate alone.",
     "Gensidig TLS: *Indlevér et certifikat* for systemet, aldrig dets private nøgle. Dets testforløb hører kun det "
     "certifikat."},
    {GUIDE_ITEM,
     "*Send me a test message* is a run of one step: its page shows what was sent, and what the system "
     "answered, or where to fetch it.",
     "*Send mig en prøvemeddelelse* er et testforløb med ét teststep: dets side viser, hvad der blev sendt, og hvad "
     "systemet svarede, eller hvor det hentes."},
    {GUIDE_ITEM,
     "Use test persons only. A message with a CPR number that is not on the list of test persons is held back: no test "
     "step gets it, its content is not shown, and only MedCom can let it out.",
     "Brug kun testpersoner. En meddelelse med et CPR-nummer, der ikke står på listen over testpersoner, holdes "
     "tilbage: "
     "intet teststep får den, indholdet vises ikke, og kun MedCom kan frigive den."},
    {0}};

static const struct guide_line start[] = {
    {GUIDE_TERM, "Self-test (egentest)|As often as you like. The machine judges, and MedCom's assessment stays empty.",
     "Egentest|Så tit I vil. Maskinen bedømmer, og MedCom vurdering er tom."},
    {GUIDE_TERM,
     "Certification, live test (certificering, livetest)|MedCom alone begins it, and only when the self-test of the "
     "same "
     "system version has been accepted.",
     "Certificering (livetest)|Kun MedCom begynder den, og først når egentesten af samme systemversion er accepteret."},
    {GUIDE_ITEM,
     "*What will be tested?* says of each test step whether it is judged by machine, by a person, or not tested, and "
     "why. "
     "Nothing is begun or kept by it.",
     "*Hvad bliver testet?* siger for hvert teststep, om det bedømmes maskinelt, af en person, eller ikke testes, og "
     "hvorfor. Det starter og gemmer intet."},
    {GUIDE_ITEM,
     "Only some sections? Untick the others there, and press *Start with the ticked cases*. The report says that it is "
     "a "
     "part, and shows nothing of the rest.",
     "Kun nogle afsnit? Fjern fluebenet ved de andre dér, og tryk på *Start med de afkrydsede afsnit*. Rapporten "
     "siger, "
     "at det er en del, og viser intet om resten."},
    {GUIDE_ITEM, "A protocol in which several systems take part asks for each of them.",
     "En testprotokol, hvor flere systemer deltager, spørger efter hvert af dem."},
    {GUIDE_ITEM, "If it cannot be started, the page says what is missing, and what you chose stays.",
     "Kan den ikke startes, siger siden, hvad der mangler, og det valgte bliver stående."},
    {0}};

static const struct guide_line run[] = {
    {GUIDE_ITEM,
     "*Now* says what is waited for, who acts, and how long is left: *The vendor acts*, *MedCom acts* or *testcamp "
     "acts*. The page follows by itself.",
     "*Nu* viser, hvad der ventes på, hvem der handler, og hvor lang tid der er tilbage: *Leverandøren handler*, "
     "*MedCom "
     "handler* eller *testcamp handler*. Siden følger selv med."},
    {GUIDE_ITEM,
     "To answer: write *What you saw*, add screenshots (drop, paste or choose them), and press *OK*, *Fail*, *Not "
     "relevant* or *Done*. What nobody has answered is never OK.",
     "Svar: skriv *Hvad du så*, tilføj skærmbilleder (træk, indsæt eller vælg dem), og tryk på *OK*, *Fejl*, *Ikke "
     "relevant* eller *Udført*. Det, ingen har svaret på, er aldrig OK."},
    {GUIDE_ITEM,
     "Choose a section under *Sections* to see its test steps: expected beside actual, and what was found. A finding "
     "leads "
     "to its rule, and to the line of the message.",
     "Vælg et afsnit under *Afsnit* for at se dets teststeps: forventet ved siden af faktisk, og hvad der blev fundet. "
     "Et fund fører til sin regel og til linjen i meddelelsen."},
    {GUIDE_ITEM,
     "*Messages* has every message, both ways. Where *no step wanted it*, the page of the message says what it nearly "
     "fits; MedCom, and in a self-test the vendor, can give it to a test step, with a reason.",
     "*Meddelelser* har alle meddelelser, begge veje. Hvor *intet teststep ventede den*, siger meddelelsens side, hvad "
     "den næsten passer til; MedCom, og i en egentest leverandøren, kan give den til et teststep med en begrundelse."},
    {GUIDE_ITEM,
     "*More* at a test step that is judged: *Repeat* it, with a reason and, if it has one, the new version of the "
     "system. "
     "Every attempt stays in the report.",
     "*Mere* ved et bedømt teststep: *Gentag* det, med en begrundelse og systemets nye version, hvis det har fået en. "
     "Alle forsøg bliver stående i rapporten."},
    {GUIDE_ITEM,
     "*Pause*: nothing happens and no deadline passes until *Go on*. *End the run*: what is judged stays, the rest is "
     "inconclusive.",
     "*Sæt på pause*: intet sker, og ingen frist løber, før nogen trykker på *Fortsæt*. *Afbryd testforløbet*: det "
     "bedømte bliver stående, resten er uafklaret."},
    {GUIDE_ITEM,
     "*Protocol beside the run* shows the printed protocol next to it. *Report* and *PDF* can be made at any time.",
     "*Testprotokol ved siden af* viser den trykte testprotokol ved siden af. *Rapport* og *PDF* kan laves når som "
     "helst."},
    {0}};

static const struct guide_line files[] = {
    {GUIDE_TEXT,
     "For a system that no network leads to. Messages go as files, and nobody is late: the deadlines of the test steps "
     "do "
     "not run for the vendor.",
     "For et system, der ikke er nogen netforbindelse til. Meddelelser går som filer, og ingen kommer for sent: "
     "teststeppenes frister løber ikke for leverandøren."},
    {GUIDE_STEP, "In the form of the system, choose *by hand: files up and down*.",
     "Vælg *i hånden: filer op og ned* i systemets formular."},
    {GUIDE_STEP,
     "Start the run. Under *Messages*, open what goes *→ to the system*, press *Fetch for the system*, and load the "
     "file "
     "into your system.",
     "Start testforløbet. Åbn under *Meddelelser* det, der går *→ til systemet*, tryk på *Hent til systemet*, og "
     "indlæs "
     "filen i jeres system."},
    {GUIDE_STEP,
     "Export what the system answers, message or receipt, with an envelope or without, and choose *Hand in a message "
     "as a "
     "file*. The first time you say that it shows test persons only.",
     "Eksportér det, systemet svarer, meddelelse eller kvittering, med eller uden kuvert, og vælg *Indlevér en "
     "meddelelse "
     "som fil*. Første gang bekræfter I, at den kun viser testpersoner."},
    {GUIDE_STEP,
     "testcamp finds the test step that it belongs to, and the run goes on. Close the browser whenever you like.",
     "testcamp finder det teststep, den hører til, og testforløbet fortsætter. I kan lukke browseren, når I vil."},
    {0}};

static const struct guide_line handover[] = {
    {GUIDE_STEP, "When the run has ended: *Hand-over and review*, then *Submit for review*.",
     "Når testforløbet er afsluttet: *Indsendelse og gennemsyn*, og derefter *Indsend til gennemsyn*."},
    {GUIDE_STEP,
     "Not of one mind about a finding? *Contest this finding*, with a reason. MedCom answers it; both stand in the "
     "report.",
     "Uenige i et fund? *Gør indsigelse mod fundet*, med en begrundelse. MedCom svarer; begge dele står i rapporten."},
    {GUIDE_STEP,
     "Given back? MedCom's text says what is missing. Repeat those test steps, and submit it again. Nothing has to be "
     "answered twice.",
     "Sendt tilbage? MedComs tekst siger, hvad der mangler. Gentag de teststeps, og indsend igen. Intet skal besvares "
     "to "
     "gange."},
    {GUIDE_TEXT, "A self-test that was run on a machine of your own comes as an evidence bundle: MedCom takes it in.",
     "En egentest, der er kørt på jeres egen maskine, afleveres som en evidenspakke: MedCom modtager den."},
    {0}};

static const struct guide_line review[] = {
    {GUIDE_TEXT, "For MedCom.", "For MedCom."},
    {GUIDE_ITEM,
     "*Waits for MedCom* has the runs that were handed in; who has waited longest stands first. *Take in an evidence "
     "bundle* adds one that was run elsewhere: it is checked, and judged again.",
     "*Venter på MedCom* har de indsendte testforløb; det, der har ventet længst, står først. *Modtag en evidenspakke* "
     "tilføjer et, der er kørt andetsteds: det kontrolleres og bedømmes igen."},
    {GUIDE_ITEM, "What the vendor answered stays as it is. Your verdict stands beside it, with a reason, as do notes.",
     "Det, leverandøren har svaret, bliver stående. Jeres bedømmelse står ved siden af med en begrundelse, og det "
     "samme "
     "gør noter."},
    {GUIDE_ITEM,
     "*Sign off* is there when no test step is open: none unjudged, none inconclusive, no objection without an answer. "
     "*Give back to the vendor* needs a text.",
     "*Underskriv* vises, når intet teststep er åbent: alle er bedømt, ingen er uafklarede, og alle indsigelser er "
     "besvaret. *Send tilbage til leverandøren* kræver en tekst."},
    {GUIDE_ITEM,
     "Two at once: the later one is told who did what, nothing is overwritten, and what was written is shown again.",
     "To på én gang: den sidste får at vide, hvem der gjorde hvad, intet overskrives, og det skrevne vises igen."},
    {0}};

static const struct guide_line live[] = {
    {GUIDE_TEXT, "For MedCom. Each act is refused, with what is missing, until its time has come.",
     "For MedCom. Hver handling afvises, med hvad der mangler, indtil det er dens tur."},
    {GUIDE_STEP, "*Courses to an approval*, *New course*: one for each version of a system and each protocol.",
     "*Forløb til godkendelse*, *Nyt forløb*: ét for hver systemversion og hver testprotokol."},
    {GUIDE_STEP,
     "When the self-test has ended: *Submit the self-test*, then *Accept the self-test* or *Return the self-test*.",
     "Når egentesten er afsluttet: *Indsend egentesten*, og derefter *Acceptér egentesten* eller *Returnér "
     "egentesten*."},
    {GUIDE_STEP,
     "*New test* with *Certification (live test)* and the same version of the system. Play it together with the "
     "vendor; "
     "answer where *MedCom acts*.",
     "*Ny test* med *Certificering (livetest)* og samme systemversion. Gennemfør den sammen med leverandøren; svar, "
     "hvor "
     "*MedCom handler*."},
    {GUIDE_STEP,
     "When it has ended: *Assess OK all that the machine passed*, and the other test steps one by one, by button or "
     "key. "
     "To change an assessment takes a *Remark*; the earlier one stays in the report.",
     "Når den er afsluttet: *Vurdér alt maskinelt OK som OK*, og de øvrige teststeps ét for ét, med knap eller tast. "
     "At "
     "ændre en vurdering kræver en *Bemærkning*; den tidligere bliver stående i rapporten."},
    {GUIDE_STEP,
     "When all is assessed and nothing is in the way, the run is *ready for approval*. In the course: *Note another "
     "approval* if one is required, *Decide*, and *Publish*.",
     "Når alt er vurderet, og intet står i vejen, er testforløbet *klar til godkendelse*. I forløbet: *Notér anden "
     "godkendelse*, hvis en er krævet, *Afgør* og *Offentliggør*."},
    {GUIDE_STEP, "Then the page of the run has the *Certificate*, and *Approved systems* has the system.",
     "Derefter har testforløbets side et *Certifikat*, og systemet står under *Godkendte systemer*."},
    {0}};

static const struct guide_line camps[] = {
    {GUIDE_ITEM,
     "*Test camps*: name, days and place, then the protocols under *What is tested*, the systems under *Who takes "
     "part*, "
     "and who meets when, under *Plan*. A vendor sees the camps that it takes part in.",
     "*Testcamps*: navn, dage og sted, derefter testprotokollerne under *Det, der testes*, systemerne under "
     "*Deltagere* "
     "og aftalerne under *Program*. En leverandør ser de testcamps, den deltager i."},
    {GUIDE_ITEM,
     "*Freeze all as they are now*: if a protocol changes afterwards, the camp, its board and *New test* say so.",
     "*Frys alle, som de er nu*: ændres en testprotokol bagefter, står det på campens side, på dens tavle og under *Ny "
     "test*."},
    {GUIDE_ITEM,
     "*Board* shows the newest run of each system and protocol, by a sign and a word, and follows by itself. A cell "
     "leads "
     "to its run. *For the wall (large)* can be read from the back of the room.",
     "*Tavle* viser det nyeste testforløb for hvert system og hver testprotokol, med et tegn og et ord, og følger selv "
     "med. Et felt fører til sit testforløb. *Til væggen (stor)* kan læses bagest i lokalet."},
    {GUIDE_ITEM,
     "*Campaigns* list every system that is approved for a standard and has to be tested again, and how far each has "
     "come.",
     "*Kampagner* viser hvert system, der er godkendt til en standard og skal testes igen, og hvor langt hvert er."},
    {0}};

static const struct guide_line check[] = {
    {GUIDE_TEXT,
     "A message is judged without any run: paste it, or drop the file. What was found stands beside its line. Nothing "
     "is "
     "kept.",
     "En meddelelse bedømmes uden noget testforløb: indsæt den, eller træk filen hertil. Det fundne står ved sin "
     "linje. "
     "Intet gemmes."},
    {GUIDE_ITEM, "FHIR (JSON or XML), OIOXML and EDIFACT, bare or in an envelope. testcamp finds out which it is.",
     "FHIR (JSON eller XML), OIOXML og EDIFACT, alene eller i en kuvert. testcamp finder selv ud af, hvad det er."},
    {GUIDE_ITEM,
     "*Compare two* shows the differences side by side; *Convert* makes one format from another, and tells what is "
     "lost.",
     "*Sammenlign to* viser forskellene side om side; *Konvertér* laver ét format om til et andet og fortæller, hvad "
     "der "
     "går tabt."},
    {0}};

static const struct guide_line words[] = {
    {GUIDE_TERM, "Self-test (egentest)|The vendor's own test, as often as it likes.",
     "Egentest|Leverandørens egen test, så tit den vil."},
    {GUIDE_TERM, "Certification, live test (certificering, livetest)|The test that MedCom assesses, step by step.",
     "Certificering (livetest)|Den test, som MedCom vurderer, teststep for teststep."},
    {GUIDE_TERM, "Test protocol (testprotokol)|What is tested, of one standard in one version and one role.",
     "Testprotokol|Det, der testes, for én standard i én version og én rolle."},
    {GUIDE_TERM,
     "Test step (teststep)|The smallest part that is judged. The numbered ones are those of MedCom's protocols.",
     "Teststep|Den mindste del, der bedømmes. De nummererede er dem, MedComs testprotokoller har."},
    {GUIDE_TERM, "Run (testforløb)|One protocol played with one version of one system, with all that happened.",
     "Testforløb|Én testprotokol gennemført med én version af ét system, med alt, hvad der skete."},
    {GUIDE_TERM,
     "Verdict (bedømmelse)|What the machine, or who was asked, says of a step. It may suggest F1 to F4, no more.",
     "Bedømmelse|Det, maskinen eller den, der blev spurgt, siger om et teststep. Den kan foreslå F1 til F4, ikke "
     "mere."},
    {GUIDE_TERM,
     "MedCom's assessment (MedCom vurdering)|MedCom's own word on a step of a live test: OK, F1 to F4, Not relevant.",
     "MedCom vurdering|MedComs eget ord om et teststep i en livetest: OK, F1 til F4 eller Ikke relevant."},
    {GUIDE_TERM, "Approved (Godkendt)|MedCom's decision after a live test. A self-test never gives it.",
     "Godkendt|MedComs afgørelse efter en livetest. En egentest giver den aldrig."},
    {GUIDE_TERM, "Course (forløb til godkendelse)|The way of a system version from its self-test to the decision.",
     "Forløb til godkendelse|En systemversions vej fra egentest til afgørelse."},
    {GUIDE_TERM, "Finding (fund)|One thing that a rule found in a message, with its place and its source.",
     "Fund|Én ting, som en regel fandt i en meddelelse, med sted og kilde."},
    {GUIDE_TERM, "Evidence bundle (evidenspakke)|A whole run as one file: events, messages and screenshots, unaltered.",
     "Evidenspakke|Et helt testforløb som én fil: hændelser, meddelelser og skærmbilleder, uændret."},
    {GUIDE_TERM,
     "Location number (lokationsnummer, GLN)|The 13 digits by which a message is addressed. The provider number "
     "(ydernummer) is another number, of a practice.",
     "Lokationsnummer (GLN)|De 13 cifre, en meddelelse adresseres med. Ydernummer er et andet nummer, for en praksis."},
    {GUIDE_TERM, "Capability (kapabilitet)|Something that a system says it can or cannot do.",
     "Kapabilitet|Noget, et system siger, at det kan eller ikke kan."},
    {0}};

static const struct guide_line scale[] = {{GUIDE_TEXT, "MedCom's assessment of a test step in a live test.",
                                           "MedCom vurdering af et teststep i en livetest."},
                                          {0}};

static const struct guide_line receipts[] = {
    {GUIDE_TERM, "CTL01|Negative VANS receipt: the VANS network tells the sender that the letter did not get through.",
     "CTL01|Negativ VANS-kvittering: VANS fortæller afsenderen, at brevet ikke kom frem."},
    {GUIDE_TERM, "CTL02|Negative receipt: the receiving system refuses the letter, and says why.",
     "CTL02|Negativ kvittering: det modtagende system afviser brevet og siger hvorfor."},
    {GUIDE_TERM,
     "CTL03|Positive receipt: the receiving system has taken the letter. It is sent only when the sender asks for it; "
     "a "
     "negative one always.",
     "CTL03|Positiv kvittering: det modtagende system har modtaget brevet. Den sendes kun, når afsenderen beder om "
     "den; en "
     "negativ sendes altid."},
    {GUIDE_TERM, "XCTL01, XCTL02, XCTL03|The same three in OIOXML.", "XCTL01, XCTL02, XCTL03|De samme tre i OIOXML."},
    {GUIDE_TERM,
     "Acknowledgement (kvittering)|The receipt for a FHIR message: ok, transient-error (it may be sent again) or "
     "fatal-error.",
     "Acknowledgement|Kvitteringen for en FHIR-meddelelse: ok, transient-error (den kan sendes igen) eller "
     "fatal-error."},
    {0}};

static const struct guide_line keyboard[] = {
    {GUIDE_TEXT,
     "Everything can be done with Tab, Shift+Tab and Enter; the first stop leads to the content. Besides, where nobody "
     "is "
     "writing:",
     "Alt kan gøres med Tab, Skift+Tab og Enter; det første stop fører til indholdet. Desuden, når man ikke er ved at "
     "skrive:"},
    {0}};

static const struct guide_line restart[] = {
    {GUIDE_ITEM,
     "Reload, close the laptop, go on at another machine: whatever was sent is kept. What stands in a form and was not "
     "sent is in your browser only.",
     "Genindlæs, luk computeren, fortsæt ved en anden: alt, der er sendt, er gemt. Det, der står i en formular og ikke "
     "er "
     "sendt, findes kun i din browser."},
    {GUIDE_ITEM, "A page that follows by itself waits while you write in it. Without JavaScript, reload it.",
     "En side, der selv følger med, venter, mens du skriver i den. Uden JavaScript må du genindlæse den."},
    {GUIDE_ITEM,
     "If testcamp is stopped, restarted or loses power, open runs go on at the same test step, and what a system or a "
     "person has to do in time is given the time back. You stay logged in.",
     "Stoppes eller genstartes testcamp, eller går strømmen, fortsætter åbne testforløb ved samme teststep, og det, et "
     "system eller en person skal nå, får tiden tilbage. Du er stadig logget ind."},
    {GUIDE_ITEM, "A run that is paused stays paused until somebody presses *Go on*.",
     "Et testforløb på pause bliver på pause, til nogen trykker på *Fortsæt*."},
    {0}};

static const struct guide_line roles[] = {
    {GUIDE_TERM, "MedCom|Everything, in all organisations.", "MedCom|Alt, i alle organisationer."},
    {GUIDE_TERM,
     "Vendor (leverandør)|Its own systems and runs, with messages, answers and reports, and the test camps that it "
     "takes "
     "part in. Nothing of another vendor: not even that it is there.",
     "Leverandør|Egne systemer og testforløb, med meddelelser, svar og rapporter, og de testcamps, den deltager i. "
     "Intet "
     "om andre leverandører: end ikke at de er der."},
    {GUIDE_TERM,
     "Onlooker (tilskuer)|Boards, test camps, protocols, and how far runs are. No messages, answers or reports.",
     "Tilskuer|Tavler, testcamps, testprotokoller, og hvor langt testforløb er. Ingen meddelelser, svar eller "
     "rapporter."},
    {GUIDE_TEXT, "Where nobody has an account yet, whoever sits at the machine itself is MedCom.",
     "Hvor ingen har en bruger endnu, er den, der sidder ved selve maskinen, MedCom."},
    {0}};

const struct guide_topic guide_topics[] = {
    {"first", "What to do first", "Kom i gang", first, NULL},
    {"login", "Logging in", "Log ind", login, NULL},
    {"systems", "Systems and how they connect", "Systemer og forbindelse", systems, NULL},
    {"start", "A new test", "Ny test", start, NULL},
    {"run", "The page of a run", "Siden for et testforløb", run, NULL},
    {"files", "Without network: files by hand", "Uden netforbindelse: filer i hånden", files, NULL},
    {"handover", "Handing in a self-test", "Indsendelse af egentest", handover, NULL},
    {"review", "Review", "Gennemsyn", review, NULL},
    {"live", "Live test and approval", "Livetest og godkendelse", live, NULL},
    {"camps", "Test camps, board and campaigns", "Testcamps, tavle og kampagner", camps, NULL},
    {"check", "A file without a run", "En fil uden testforløb", check, NULL},
    {"verdicts", "Verdicts, and what each asks of whom", "Bedømmelser, og hvad de kræver af hvem", NULL,
     guide_verdicts},
    {"scale", "F1 to F4", "F1 til F4", scale, guide_assessments},
    {"receipts", "Receipts", "Kvitteringer", receipts, NULL},
    {"words", "Words", "Ord", words, NULL},
    {"keys", "Keyboard", "Tastatur", keyboard, guide_keys},
    {"restart", "Reload and restart", "Genindlæsning og genstart", restart, NULL},
    {"roles", "Who sees what", "Hvem ser hvad", roles, NULL},
    {0}};
