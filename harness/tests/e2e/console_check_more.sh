#!/usr/bin/env bash
# What else is looked at in the browser without a run: letters converted, FHIRPath evaluated, a protocol and an evidence
# bundle checked, organisations looked up; each says what the command says, and nothing stays behind.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
data=$TEST_ROOT/harness/tests/data/mapping
patient=$TEST_ROOT/harness/tests/data/fhir/resources/patient.json
protocol=$TEST_ROOT/protocols/test-message/test-message.yaml
cd "$work" || exit 1
console || exit 1

# ---- convert ----
upload a /check/convert "file=@$data/xdis91.xml" "with=@$data/xbin01.xml" to=CareCommunication
answers 200 "a letter with what is attached to it"
shows 'href="data:application/octet-stream;base64,' "can be saved"
grep -o 'base64,[A-Za-z0-9+/=]*' "$work/page" | head -n 1 | cut -c8- | base64 -d >cc.json
exits 0 "what was saved" "$T" validate cc.json
says 'valid at level profile' "is the message"
shows 'convert\.priority' "what has no place of its own is told"
upload a /check/convert "file=@$data/xdis91.xml" to=DIS91
answers 200 "into EDIFACT"
shows 'MEDDIS' "is shown"
upload a /check/convert "file=@$patient" to=DIS91
answers 400 "what is no letter"
shows 'could not be converted' "is refused"
upload a /check/convert "file=@$data/xdis91.xml" to=--store=x
answers 400 "a format that is none"
post a /check/convert text= to=DIS91
answers 400 "nothing"

# ---- FHIRPath ----
upload a /check/fhirpath "file=@$patient" expression=name.family
shows 'Berggren' "an expression is evaluated"
upload a /check/fhirpath "file=@$patient" 'expression=name.where('
answers 400 "one with a mistake"
shows 'a value expected at the end' "is told what is wrong"
upload a /check/fhirpath "file=@$patient" 'expression=--help'
hides 'usage:' "an expression is never an option"

# ---- a protocol ----
upload a /check/protocol "file=@$protocol"
shows 'No mistakes' "a sound protocol"
sed 's/^standard:/standart:/' "$protocol" >wrong.yaml
upload a /check/protocol file=@wrong.yaml
shows 'protocol.unknown-key' "a mistake in one"
shows '<a href="#L5">line 5:1</a>' "with its line"
exits 2 "the command" "$T" lint --format json wrong.yaml
says '"rule": *"protocol.unknown-key"' "tells it as a document too"
exits 2 "for other programs" "$T" lint --format sarif wrong.yaml
says '"ruleId": *"protocol.unknown-key"' "too"
head -c 300 /dev/urandom >rubbish.bin
upload a /check/protocol file=@rubbish.bin
answers 200 "rubbish"
shows 'class="finding"|could not be checked' "is told to be rubbish"

# ---- a bundle ----
"$T" run "$protocol" --vendor "$VENDORS/refvendor.yaml" --store own.sqlite --report own >run.out 2>&1
run=$("$T" list runs --store own.sqlite | cut -d' ' -f1 | head -n 1)
exits 0 "a bundle" "$T" report "$run" --format bundle --output b.tar.gz --store own.sqlite
upload a /check/bundle bundle=@b.tar.gz
shows 'Whole and unaltered' "a whole one"
head -c 2000 b.tar.gz >half.tar.gz
upload a /check/bundle bundle=@half.tar.gz
shows 'Not as it should be' "half of one"
upload a /check/bundle bundle=@b.tar.gz ca=@rubbish.bin
shows 'Not as it should be' "certificates that are none"

# ---- who is who ----
get a /check/register
shows '5790008888025' "all organisations"
get a '/check/register?q=5790008888025'
shows 'Hjemmeplejen' "one by its number"
hides '5790008888049' "and no other"
get a '/check/register?q=--help'
answers 404 "a question is never an option"

# ---- TestScripts as protocols ----
cat >script.json <<'J'
{"resourceType": "TestScript", "id": "a-script", "url": "http://example.org/TestScript/a-script", "name": "AScript", "status": "active",
 "test": [{"name": "read", "action": [{"operation": {"type": {"code": "read"}, "resource": "Patient", "params": "/1", "encodeRequestUrl": true}},
   {"assert": {"response": "okay", "warningOnly": false}}]}]}
J
upload a /check/import file=@script.json
answers 200 "a TestScript"
shows 'a-script.*\.yaml' "is written as a protocol"
shows 'protocol: ' "which is shown"
upload a /check/import "file=@$patient"
answers 400 "what is none"
post a /check/import text=
answers 400 "nothing"
get a /check/import
shows 'TestScripts som testprotokoller|TestScripts as test protocols' "the page"

# ---- certificates ----
post a /check/certificates/make "names=localhost testcamp.example" client=one days=10
answers 200 "certificates for a test"
shows 'download="ca.pem"' "can be saved"
grep -o 'download="ca.pem" href="data:[^"]*' page | sed 's/.*base64,//' | base64 -d >ca.pem
ok "it is the authority" openssl x509 -in ca.pem -noout -subject
upload a /check/certificates file=@ca.pem
answers 200 "one that is there"
shows 'x5t#S256' "is shown"
upload a /check/certificates file=@ca.pem host=other.example use=server
shows 'Something is wrong with it' "what is wrong with it is told"
post a /check/certificates/make days=0
answers 400 "no days"
post a /check/certificates/make "names=a b c d e f g h i j" client=one organisation=made-up days=10 faults=yes
answers 200 "as much as a form can hold"
post a /check/certificates/make "names=a b c d e f g h i j k" client=one
answers 400 "more names are not left out in silence"
shows 'at most 10 names' "how many there may be"
post a /check/certificates/make names=--check=/etc/passwd
hides 'root:' "a name is never an option"
printf -- '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n' >key.pem
upload a /check/certificates file=@key.pem
answers 400 "a private key is not taken"
ok "no key stays behind" test -d "$store.console-files" -a -z "$(find "$store.console-files" -name '*.key' -o -name '*.pem')"

# ---- what changes by other definitions ----
compared() { get a '/check/regress?part=1' && ! grep -q 'role="status"' page; }
post a /check/regress from=medcom.fhir.dk.carecommunication@3.0.0 to=../../etc/passwd
answers 400 "a path is no package"
post a /check/regress from=medcom.fhir.dk.carecommunication@3.0.0 to=medcom.fhir.dk.carecommunication@5.0.2 no-faults=yes
answers 303 "two versions"
get a /check/regress
shows 'carecommunication@3\.0\.0' "are compared"
pause=0.2 awaits compared
shows 'Something changes that is not agreed' "what came of it stays on the page"
shows 'newly-failing' "with what changes"
shows 'download="regress.txt"' "and can be saved"
post a /check/regress from=medcom.fhir.dk.carecommunication@5.0.2 to=medcom.fhir.dk.carecommunication@3.0.0
post a /check/regress from=medcom.fhir.dk.carecommunication@5.0.2 to=medcom.fhir.dk.carecommunication@3.0.0
answers 409 "one at a time"
post a /check/regress/stop
pause=0.2 awaits compared
shows 'It was stopped' "it can be stopped"
post a /check/regress from=medcom.fhir.dk.carecommunication@9.9.9 to=medcom.fhir.dk.carecommunication@5.0.2
pause=0.2 awaits compared
shows 'is not there; there is' "a package that is not there"
hides "$TEST_ROOT" "no folder of this machine is told"

get a /check/coverage
"$T" coverage --format tsv | awk -F'\t' '$1 == "protocol" && $2 == "carecommunication-5.0-receive"' >counts
read -r _ _ _ _ _ _ numbers machine steps <<<"$(tr '\t' ' ' <counts)"
row=$(tr -d '\n' <page | grep -o '<tr>.\{0,120\}carecommunication-5.0-receive</a>.\{0,400\}')
ok "what the machine judges of each protocol" grep -q ">$numbers<.*>$machine<.*>${steps%% *}<" <<<"${row%%</tr>*}"
get a '/check/coverage?protocol=carecommunication-5.0-receive'
shows '3\.2\.8' "by its sections"
hides 'carecommunication-5.0-send' "and no other"
get a '/check/coverage?protocol=none'
answers 404 "a protocol that there is not"
get a '/check/coverage/requirements?q=carecommunication%20S1.A2'
shows 'S1\.A2' "a requirement, and the steps that verify it"
hides 'HospitalNotification' "of those that are looked for alone"
get a /check/coverage/fidelity
shows 'As published' "how the standards are played"

sleep 0.2
ok "nothing of it stays" test -d "$store.console-files" -a -z "$(ls -A "$store.console-files")"
console_stop
account vic vendor "Acme A/S"
account mia medcom
console && login vic
get vic /check/protocol
answers 404 "protocols are checked by who writes them"
get vic /check/fhirpath
answers 200 "the others are for vendors too"
hides 'href="/check/protocol"' "and their tabs are those"
get vic /check/import
answers 404 "as what writes them"
get vic /check/regress
answers 404 "and what changes by other definitions"
get vic /check/certificates
answers 200 "certificates are for vendors too"
get vic /check/coverage
answers 404 "how much the machine judges is for who writes protocols"
get vic /check/coverage/requirements
answers 404 "what of a standard is verified, too"
finish
