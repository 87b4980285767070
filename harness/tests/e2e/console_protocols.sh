#!/usr/bin/env bash
# What a system can be tested by, protocol by protocol, on its page: the same as a dry run of each says.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1
example=$TEST_ROOT/vendors/example/example.yaml
two="$PROTOCOLS/send.yaml $PROTOCOLS/two-systems.yaml"

# The overview of the command line, without a console.
exits 0 "several at once" "$T" run $two --vendor "$example" --dry-run --format json
ok "are one list, in which what cannot be run says why" python3 - "$work/out" <<'P'
import json, sys
send, both = json.load(open(sys.argv[1]))
assert send["protocol"] == "carecommunication-5.0-send" and len(send["cases"]) == 16 and "steps" not in send["cases"][0]
assert 'needs another system' in both["error"] and "cases" not in both
P
exits 0 "one alone" "$T" run "$PROTOCOLS/send.yaml" --vendor "$example" --dry-run --format json
ok "is no list" python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["cases"][0]["steps"]' "$work/out"

ok "a vendor" account vic vendor "Acme A/S"
ok "another" account otto vendor "Other ApS"
console || finish
login vic; login otto
# Of a file that says nothing of EDIFACT, which one of the protocols asks for.
sed -e 's/^  name: Example Vendor/  name: Acme A\/S/' -e '/^  listen:/d' -e '/^  edifact:/d' "$example" >v.yaml
post vic /systems "file=$(cat v.yaml)"
answers 303 "a system"
get vic /systems/1
shows 'href="/systems/1/protocols"' "its page leads there"
ask vic -H 'X-Part: 1' /systems/1/protocols
answers 200 "the part of the page"
hides '<html' "is no whole page"
get vic /systems/1/protocols
answers 200 "the page of its own"
# row PROTOCOL: what stands in its row, as text.
row() { tr -d '\n' <"$work/page" | sed 's/<tr>/\n/g' | grep -F "protocol=$1&amp;" | sed 's/<[^>]*>/ /g' | tr -s ' '; }
ok "what applies" grep -q ' 10 of 16 cases .*6 do not apply .*regional-topics.* Self-test .*never .*New test' <(row carecommunication-5.0-send) || row carecommunication-5.0-send
ok "a live test wants a course" grep -q 'no live test yet' <(row carecommunication-5.0-send)
ok "another system" grep -q 'Another system takes part' <(row carecommunication-5.0-two-systems) || row carecommunication-5.0-two-systems
ok "what does not fit, and why" grep -q 'cannot be started yet .*does not declare .*edifact' <(row edi-1.0-ref01-send)
hides "$work" "no folder of this machine is told"
hides "$TEST_ROOT" "nor that of the data"

post vic /start protocol=carecommunication-5.0-send system=system:1 mode=self-test do=start
answers 303 "a run"
run=$(sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head")
get vic /systems/1/protocols
shows "href=\"/runs/$run\"" "is the last one of its protocol"
ok "with its verdict" grep -q 'Waiting' <(row carecommunication-5.0-send) || row carecommunication-5.0-send
post vic /start protocol=edi-1.0-ref01-send system=system:1 mode=self-test do=look
hides "$work" "nor is one told at a start that does not come about"
get otto /systems/1/protocols
answers 404 "another vendor sees nothing"
finish
