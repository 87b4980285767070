#!/usr/bin/env bash
# Systems that vendors keep in the console: form, file, refusals, two at once, and whose a run is.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1

ok "MedCom" account mia medcom
ok "a vendor" account vic vendor "Acme A/S"
ok "another" account otto vendor "Other ApS"
console || finish
login mia; login vic; login otto

# The file of a system that may stand here; sed expressions change it.
file() {
  sed -e 's/^  name: Example Vendor/  name: Acme A\/S/' -e '/^  listen:/d' "$@" "$TEST_ROOT/vendors/example/example.yaml"
}
# refused TEXT PATTERN SED...: a file with that change is refused with that reason, and stands in the page again.
refused() {
  local text=$1 pattern=$2
  shift 2
  post vic /systems "file=$(file "$@")"
  answers 400 "$text"
  shows "$pattern" "$text, and why"
  shows 'Example Journal' "$text: what was written is not lost"
}

post vic /systems/form system=Journal version=1.0 "type=EHR" gln=5790009998013 sor=9998011000016003 organisation=Clinic kind=vans-http capability=reply
answers 200 "the form writes a file"
shows 'reply: true' "with what was ticked"
shows 'forward: false' "and what was not"
shows 'technical-fault: false' "of all that protocols ask for"
# at FIELD PATTERN TEXT: the form stands there again with that said at that field.
at() {
  shows "id=\"field-$1\"[^>]* aria-invalid=\"true\"[^>]* aria-describedby=\"wrong-$1 " "$3: the field is marked"
  shows "id=\"wrong-$1\">[^<]*$2" "$3: and says why"
}
get vic /systems/new
hides 'aria-invalid' "an empty form is not told off"
shows 'unable to take messages for a while' "each capability says what it means"
shows '>Asked for by several standards<' "and who asks for it"
for name in $(grep -o 'name="capability" value="[^"]*"' "$work/page" | cut -d '"' -f 4); do
  ok "there are words for $name" grep -q "{\"$name\"," "$TEST_ROOT/harness/console/capability_words.c"
done
ok "there are many" [ "$(grep -o 'name="capability"' "$work/page" | wc -l)" -gt 25 ]
hides 'value="station-msh"' "what follows from elsewhere is not ticked"
post vic /systems/form x=y
answers 400 "an empty form"
hides 'must be a mapping' "is no matter of YAML"
hides 'name="file"' "nor turned into it"
for field in system version type organisation gln sor; do at $field 'This is missing' "empty: $field"; done
shows 'id="field-system" [^>]*autofocus' "the first has the focus"
post vic /systems/form "system=My Journal" version=1.0 "type=EHR" gln=1 sor=x organisation=Clinic yder=12 email=nobody kind=upload capability=reply \
  "claim=CareCommunication|5.0|receiver" address=example.org "persons=2512489996 Nanna, X"
answers 400 "a form with mistakes"
at gln 'This is no GLN' "a wrong GLN"
at sor 'no SOR id' "a wrong SOR id"
at yder 'no ydernummer' "a wrong ydernummer"
at email 'no e-mail' "a wrong e-mail"
at address 'http://' "an address without a scheme"
at persons 'Line 1: &quot;2512489996 Nanna&quot; is no CPR number' "a person without a comma"
shows 'value="My Journal"' "what was written stays"
shows '2512489996 Nanna, X</textarea>' "persons too"
shows 'value="upload" selected' "and what was chosen"
shows 'value="reply" checked' "and ticked"
shows 'value="CareCommunication\|5.0\|receiver" checked' "and claimed"
post vic /systems/form system=J version=1.0 type=EHR gln=5790009998020 sor=1 organisation=C kind=vans-http address=http://169.254.169.254/x "persons=251248-9996, Nanna"
at gln 'testcamp plays' "the GLN of a counterpart"
at address 'link-local' "an address that is not asked"
at persons 'name is missing' "a person without a family name"

refused "a program" 'launch' -e '$a launch: {command: [/bin/true]}'
refused "a command" 'trigger' -e 's#^  kind: person#  kind: command\n  command: [/bin/true]#'
refused "folders" 'folder' -e 's#^  kind: vans-http#  kind: vans-folder\n  to: a\n  from: b#'
refused "files" 'certificate' -e 's#^  kind: vans-http#&\n  address: https://example.org\n  certificate: /etc/passwd\n  key: /etc/passwd#'
refused "the metadata of a cloud" 'link-local' -e 's#^  kind: vans-http#&\n  address: http://169.254.169.254/x#'
refused "the same as one number" 'link-local' -e 's#^  kind: vans-http#&\n  address: http://2852039166/x#'
refused "the same in IPv6" 'link-local' -e 's#^  kind: vans-http#&\n  address: "http://[::ffff:169.254.169.254]/x"#'
refused "another scheme" 'http' -e 's#^  kind: vans-http#&\n  address: file:///etc/passwd#'
refused "the console" 'console' -e "s#^  kind: vans-http#&\\n  address: http://localhost:$console_port/x#"
refused "another's name" 'organisation' -e 's/Acme/Bcme/'
refused "a place in the file" 'system.yaml:[0-9]+:[0-9]+' -e 's/^  user-interface: true/  user-interface: maybe/'

post vic /systems "file=$(file)"
answers 303 "a file that is right"
get vic /systems
shows 'Example Journal' "is kept"
get vic /systems/1
answers 200 "and shown"
shows "http://127.0.0.1:$vendors_port/example-journal/sender<" "with where to send as sender"
shows "http://127.0.0.1:$vendors_port/example-journal/receiver/inbox<" "and where to fetch from as receiver"
get otto /systems/1
answers 404 "another vendor"
hides 'Example Journal' "sees nothing of it"
get nobody /systems/1
answers 303 "nobody is sent to the login"
ok "and sees nothing at all" test ! -s "$work/page"
get otto /systems/1
answers 404 "another vendor's is not there"
post otto /systems/1 revision=1 "file=$(file)"
answers 404 "nor changed"
get otto /systems
hides 'Example Journal' "nor listed"
get mia /systems
shows 'Acme A/S' "MedCom sees it"

post vic /systems "file=$(file)"
answers 400 "the same once more"
shows 'has a system of that name and version already' "is told in words"
hides 's.sqlite|constraint' "not in those of a database"
post vic /systems/1 revision=1 "file=$(file -e 's/Example Journal/Journal Two/')"
answers 303 "it is changed"
post mia /systems/1 revision=1 "file=$(file -e 's/Example Journal/Journal Three/')"
answers 409 "a later one with the older file"
shows 'Not saved' "is told"
shows 'Journal Three' "and keeps what they wrote"
get mia /systems/1
shows 'Journal Two' "the first stands"

post otto /systems/1/hello x=y
answers 404 "another vendor sends nothing to it"
post vic /systems/1/hello x=y
answers 303 "a test message is sent"
hello=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head")
get vic "/runs/$hello"
shows 'test message arrives' "and its page shows what came back"
get vic /board
hides '>A test message<' "which is no protocol of the board"

post vic /start "protocol=$(sed -n 's/^protocol: *//p' "$PROTOCOLS/receive.yaml")" system=system:1 mode=self-test do=start
answers 303 "a run is started"
run=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head")
get vic "/runs/$run"
answers 200 "it is the vendor's"
get vic /systems/1
shows "<td class=\"words\"[^>]*>http://127.0.0.1:$vendors_port/journal-two/receiver/$run/inbox<" "its own address stands at the system while it is open"
ok "and answers" curl -sf --max-time 10 -o "$work/inbox" "http://127.0.0.1:$vendors_port/journal-two/receiver/$run/inbox"
get otto "/runs/$run"
answers 404 "and nobody else's"
post otto "/runs/$run/owner" organisation=2
answers 404 "who cannot take it"
post vic "/runs/$run/submit" text=x
get vic "/runs/$run/handover"
shows 'when it has ended' "a run that goes on is not handed in"
post mia "/runs/$run/owner" organisation=1
get vic /systems/1
shows "/runs/$run\"" "whose it is already has it still as a run of its system"
get vic /
follows=$(follows)
post mia "/runs/$run/owner" organisation=2
answers 303 "MedCom gives it to another"
ok "whose list it is no more in is told" changed vic "$follows"
get otto "/runs/$run"
answers 200 "who now sees it"
get vic "/runs/$run"
answers 404 "and the first does not"
post mia "/runs/$run/owner" organisation=99
answers 400 "there has to be such an organisation"

post vic /systems/form system=Fetcher version=1.0 type=EHR gln=5790009998013 sor=9998011000016003 organisation=Clinic kind=vans-http do=save \
  "persons=251248-9996, Nanna, Testperson"
answers 303 "the form saves at once"
own=$(sed -n 's#^[Ll]ocation: \(/systems/[^[:space:]]*\).*#\1#p' "$work/head")
get vic "$own"
shows 'cpr: &quot;2512489996&quot;' "with the person"
shows "Send me a test message" "a system that fetches can ask for a test message"
hides 'class="addresses"' "with no open test no address of one"
post vic "$own/hello" x=y
answers 303 "which is laid ready"
hello=$(sed -n 's#^[Ll]ocation: \(/runs/[^[:space:]]*\).*#\1#p' "$work/head")
get vic "$hello"
shows "/fetcher/receiver${hello#/runs}/inbox<" "its page names the inbox, that of this run alone"
inbox=$(sed -n 's#.*>\(http://[^<]*/inbox\)<.*#\1#p' "$work/page" | head -n 1)
number=$(curl -s --max-time 10 "$inbox" | head -n 1 | cut -f 1)
curl -s --max-time 10 "$inbox/$number" >"$work/fetched"
ok "it is fetched there" grep -q VANSEnvelope "$work/fetched"
get vic "$own"
hides 'class="addresses"' "it was one message, and is over"
post mia /systems/form system=Nobodys version=1.0 type=EHR gln=5790009998013 sor=1 organisation=Clinic kind=vans-http do=save
answers 400 "MedCom says whose it is"
shows 'choose an organisation' "or is asked"
shows 'value="Nobodys"' "with the form as it was"
post mia /systems/form owner=1 system=Acmes version=1.0 type=EHR gln=5790009998013 sor=1 organisation=Clinic kind=vans-http do=save
answers 303 "and saves it for them"
finish
