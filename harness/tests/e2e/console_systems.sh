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
post vic /systems/form system=Journal version=1.0 "type=EHR" gln=1 sor=9998011000016003 organisation=Clinic kind=vans-http
answers 400 "a wrong GLN"
shows 'system.yaml:[0-9]+:[0-9]+' "is told at its place"

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
shows "127.0.0.1:$vendors_port" "with where to send"
for who in otto nobody; do
  get $who /systems/1
  hides 'Example Journal' "$who sees nothing of it"
done
answers 303 "nobody is sent to the login"
get otto /systems/1
answers 404 "another vendor's is not there"
post otto /systems/1 revision=1 "file=$(file)"
answers 404 "nor changed"
get otto /systems
hides 'Example Journal' "nor listed"
get mia /systems
shows 'Acme A/S' "MedCom sees it"

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
get otto "/runs/$run"
answers 404 "and nobody else's"
post otto "/runs/$run/owner" organisation=2
answers 404 "who cannot take it"
post vic "/runs/$run/submit" text=x
get vic "/runs/$run/handover"
shows 'when it has ended' "a run that goes on is not handed in"
post mia "/runs/$run/owner" organisation=2
answers 303 "MedCom gives it to another"
get otto "/runs/$run"
answers 200 "who now sees it"
get vic "/runs/$run"
answers 404 "and the first does not"
post mia "/runs/$run/owner" organisation=99
answers 400 "there has to be such an organisation"
finish
