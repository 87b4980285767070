#!/usr/bin/env bash
# A Danish browser makes commands and rooms complain: each complaint comes in Danish, with its values. What the console
# does not know in Danish is marked as English on a Danish page; none of these may be.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1

cat >short.yaml <<'P'
protocol: short
title: {en: A short protocol, da: En kort protokol}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
sections:
  - id: "3.1"
    title: {en: Show, da: Vis}
    status: mandatory
    steps:
      - step: 3.1.1
        manual: {ask: {en: Close it., da: Luk den.}, who: medcom}
      - step: 3.1.2
        manual: {ask: {en: Show it., da: Vis den.}}
  - id: "3.2"
    title: {en: Show more, da: Vis mere}
    status: conditional
    when: forward
    steps:
      - step: 3.2.1
        manual: {ask: {en: Show more., da: Vis mere.}}
P
sed -e 's/^  forward: true/  forward: false/' -e '/^test-persons-only:/d' -e '/^launch:/,/^[a-z]/{/^launch:/d;/^  /d}' "$VENDORS/refvendor-upload.yaml" >upload.yaml
system=file:vendors/reference/refvendor.yaml
play() { "$T" run short.yaml --vendor upload.yaml --store "$store" "$@" </dev/null >out 2>err; last_run "$store"; }
ok "MedCom" account mia medcom
ok "a vendor" account vic vendor "Acme A/S"
# A course to a live test, which waits for answers, and a self-test beside it.
printf 'by: vendor\nanswers: {"3.1.1": {answer: ok}, "3.1.2": {answer: ok}}\n' >ok.yaml
exits 0 "a course" "$T" course start short.yaml --vendor upload.yaml --store "$store"
first=$("$T" course list --store "$store" | tail -n 1 | awk '{ print $1 }')
exits 0 "its self-test" "$T" course submit "$first" "$(play --answers ok.yaml)" --store "$store"
exits 0 "is accepted" "$T" course accept "$first" --by JD --store "$store"
live=$(play --mode certify)
self=$(play)
console || finish
login mia; login vic
post mia /language lang=da back=/
post vic /language lang=da back=/
post mia "/runs/$self/owner" organisation=1

provoked=0
# says_da PERSON PATTERN TEXT: the page that came (or the one that it leads to) has the complaint in Danish, and none in English.
says_da() {
  provoked=$((provoked + 1))
  [ "$status" = 303 ] && get "$1" "$(sed -n 's/^[Ll]ocation: \([^#[:space:]]*\).*/\1/p' "$work/head")"
  shows "$2" "$3"
  hides '<span lang="en">' "$3: not in English"
}
# run PERSON RUN WHAT PATTERN FIELD=VALUE...: a form of a run.
run() {
  local name=$1 run=$2 what=$3 pattern=$4
  shift 4
  upload "$name" "/runs/$run/$what" "$@"
  says_da "$name" "$pattern" "$what: $*"
}

# ---- a run ----
get mia "/runs/$self"
shows 'lang="da"' "the page is Danish"
run mia "$self" assess 'er en egentest og vurderes ikke' step=3.1.2 as=OK seen=0 by=MIA
run mia "$self" accept 'er en egentest og vurderes ikke' by=MIA
run mia "$live" assess 'teststep 3.1.2 blev ikke udført' step=3.1.2 as=OK seen=0 by=MIA
run mia "$live" assess 'Det er ingen vurdering' step=3.1.2 as=F9 seen=0 by=MIA
run mia "$live" assess 'har ikke det teststep' step=9.9 as=OK seen=0 by=MIA
run mia "$self" revise 'er en egentest, der ikke er afsluttet' step=3.1.2 verdict=pass seen=0 by=MIA why=x
run mia "$live" revise 'teststep 3.1.2 har endnu intet resultat' step=3.1.2 verdict=pass seen=0 by=MIA why=x
run mia "$live" revise 'et resultat kan ændres til OK, Fejl' step=3.1.2 verdict=perhaps seen=0 by=MIA why=x
run mia "$live" repeat 'teststep 3.1.2 er endnu ikke afviklet' step=3.1.2 by=MIA why=x
run mia "$live" repeat 'kræver en begrundelse|er endnu ikke afviklet' step=3.1.2 by=MIA
run mia "$live" repeat 'teststep 3.2.1 er ikke relevant' step=3.2.1 by=MIA why=x
run mia "$live" stand 'teststep 3.1.2 har intet forsøg 7; det blev afviklet' step=3.1.2 attempt=7 seen=1/0 by=MIA why=x
run mia "$live" confirm 'intet overført venter' which=all seen=0 by=MIA
run mia "$live" confirm 'intet, der venter på at blive bekræftet' which=some seen=0 step=3.1.2 by=MIA
echo "x: [" >wrong.yaml
run mia "$live" insert 'Ikke YAML|har fejl' after=3.1.1 file=@wrong.yaml by=MIA why=x
run mia "$live" insert 'ukendt nøgle &quot;nonsense&quot;|har fejl' after=3.1.1 "text=- nonsense: 1" by=MIA why=x
run mia "$live" insert 'step.yaml:1:1: fejl: testprotokollen har intet teststep &quot;9.9&quot; at indsætte efter \[protocol.value\]' after=9.9 "text=- manual: {ask: {en: a, da: b}}" by=MIA why=x
run vic "$self" put 'erklæringen om, at de kun indeholder testpersoner|venter ikke' file=@short.yaml
run vic "$self" contest 'teststep 3.1.2 har ingen fund' step=3.1.2 finding=1 why=x by=VIC
run mia "$live" insert 'Indsat: 3.1.2\+M1' after=3.1.2 "text=- manual: {ask: {en: a, da: b}}" by=MIA why=x
run mia "$live" pause 'er sat på pause|er allerede sat på pause|afsluttet' by=MIA
run mia "$live" pause 'er allerede sat på pause|Det kunne ikke' by=MIA
run mia "$live" answer 'er sat på pause' step=3.1.1 seen=99 answer=ok by=MIA
printf 'no zip' >bad.docx
run mia "$live" word 'bad.docx er et beskadiget arkiv|Word-dokument' file=@bad.docx
get mia "/runs/$live/report/certificate"
says_da mia 'intet certifikat' "a certificate too early"
run mia "$live" abort 'begrundelse' by=MIA
upload mia "/runs/$live/abort" by=MIA why=x
run mia "$live" abort 'er afsluttet: der er intet at standse' by=MIA why=x
run mia "$live" pause 'er afsluttet: der er intet at standse' by=MIA

# ---- starting, courses ----
begins() { post mia /start "$@" do=start; }
begins protocol=none "system=$system" mode=self-test
says_da mia 'vælg en testprotokol' "no protocol"
begins protocol=test-message system= mode=self-test
says_da mia 'vælg et system' "no system"
post vic /start protocol=test-message system=system:9 mode=self-test do=start
says_da vic 'det system findes ikke|vælg et system' "another's system"
post vic /start protocol=test-message system=system:9 mode=certify do=start
says_da vic 'kun MedCom begynder en certificering' "a live test by a vendor"
begins protocol=test-message "system=$system" mode=certify
says_da mia 'testprotokol test-message er ikke en af dem, som forløb' "a live test of another protocol than the course"
begins protocol=carecommunication-5.0-two-systems "system=$system" mode=self-test
says_da mia 'kræver, at et andet system' "one system of two"
post mia /courses protocol=test-message "system=$system"
post mia /courses protocol=test-message "system=$system"
says_da mia 'der er allerede et forløb til godkendelse for' "a second course"
get mia /courses
course=$(grep -o 'course-[0-9a-f-]*' page | head -n 1)
seen() { get mia "/courses/$course"; grep -o 'name="seen" value="[0-9]*"' page | head -n 1 | tr -dc 0-9; }
course() { post mia "/courses/$course" "seen=$(seen)" "${@:2}"; says_da mia "$1" "course: ${*:2}"; }
course 'kan ikke blive godkendt: det står ved &quot;livetest&quot;; MedCom skal vurdere og afgøre' verb=accept
course 'forløbet kan ikke godkendes: livetesten af short kan ikke godkendes: 3.1.1: ikke vurderet af MedCom, og mere; det står på forløbets side' verb=decide approved=yes date=2026-11-29 place=Odense
course 'kan ikke blive offentliggjort' verb=publish
course 'kan ikke blive indsendt' verb=submit "run=$self"
course 'kræver en begrundelse|kan ikke blive returneret' verb=return

# ---- people, systems ----
post mia /people "name=Acme A/S"
says_da mia 'der er allerede en organisation Acme A/S' "an organisation twice"
post mia /people name=
says_da mia 'en organisations navn er 1 til' "one without a name"
post mia /accounts organisation=1 role=vendor name=vic initials=VIC
says_da mia 'der er allerede en konto vic' "an account twice"
post mia /accounts organisation=1 role=vendor "name=a b" initials=VIC
says_da mia 'en kontos navn er 1 til' "a name with a blank"
post mia /accounts organisation=1 role=medcom name=maja initials=MAJ
says_da mia 'en leverandørs konto hører til en organisation' "MedCom's in an organisation"
post mia /accounts organisation=1 role=vendor name=viv "initials=V V"
says_da mia 'initialer er 1 til' "initials with a blank"
file() { sed -e 's/^  name: Example Vendor/  name: Acme A\/S/' -e '/^  listen:/d' "$@" "$TEST_ROOT/vendors/example/example.yaml"; }
refused() { post vic /systems "file=$(file "${@:2}")"; says_da vic "$1" "a vendor file: ${*:2}"; }
refused '"vendor.name|vendor.name skal være navnet på jeres organisation, Acme A/S' -e 's/^  name: Acme.*/  name: Other ApS/'
refused '[0-9]+:[0-9]+: Ikke YAML|[0-9]+:[0-9]+: .* accepteres ikke' -e '1i x: [1'
refused '1:1: ukendt nøgle .*nonsense' -e '1i nonsense: 1'
refused 'er ikke et lokationsnummer \(GLN\): 13 cifre' -e 's/^\( *gln:\).*/\1 "1234"/'
refused 'skal være true eller false' -e 's/^  reply: .*/  reply: perhaps/'
refused 'mangler her' -e '/^  type:/d'
refused 'er ikke muligt her, vælg en af' -e 's/kind: [a-z-]*/kind: pigeon/'

# ---- files ----
checks() { upload mia "/check/$1" "${@:3}"; says_da mia "$2" "check/$1: ${*:3}"; }
printf '{"resourceType":"Patient","active":true}' >patient.json
printf '\0\1' >bytes
checks fhirpath 'mangler ved udtrykkets slutning|ventes i stedet' 'expression=Patient.' file=@patient.json
checks fhirpath 'der er ingen funktion nonsense' 'expression=nonsense()' file=@patient.json
checks fhirpath 'bytes:1:1: Dette er ikke en FHIR-ressource: hverken JSON eller XML i UTF-8' 'expression=Patient.active' file=@bytes
checks diff 'bytes:1:1: Dette er ikke en FHIR-ressource' expected-file=@bytes actual-file=@patient.json
checks convert 'patient.json: den er ikke af en type, der kan sammenlignes eller konverteres' to=CareCommunication file=@patient.json
checks bundle 'er et beskadiget arkiv|er ikke en evidenspakke|Ikke som den skal' bundle=@bytes
checks protocol 'Den har fejl' file=@wrong.yaml
printf 'protocol: x\nnonsense: 1\nsections: {}\n' >mistakes.yaml
checks protocol 'skal være en liste med mindst ét afsnit' file=@mistakes.yaml
upload mia /review/upload file=@bytes
says_da mia 'er et beskadiget arkiv|er ikke en evidenspakke' "no bundle"
printf 'a;b\n1;2\n' >list.csv
upload mia /approved file=@list.csv as-of=2026-11-29
says_da mia 'ingen række har overskrifterne' "no list of approved systems"
get mia /explain/nonsense.rule
says_da mia 'ingen regel begynder med' "no rule"
get mia '/check/register?q=Nowhere'
says_da mia 'Den findes ikke' "nobody in the register"
ok "forty complaints and more were provoked ($provoked)" test "$provoked" -ge 40

# ---- what is no complaint ----
get mia /explain/vans.size-in-bytes
shows 'SizeInBytes er 1, men det afkodede indhold' "what is found in an example"
get mia /check/coverage
shows 'maskine personer' "what the machine judges"
hides 'machine' "has no other words"
upload mia /check/convert to=XDIS91 file=@"$TEST_ROOT/fixtures/carecommunication/new.json"
shows 'info: kategori har ingen plads i det andet format' "what has to be known of a conversion"

# ---- what is unknown, and who reads English ----
post mia /language lang=en back=/
post mia /people "name=Acme A/S"
get mia /people
shows 'there is an organisation Acme A/S already' "in English as it was"
hides '<span lang="en">' "with nothing to mark"
finish
