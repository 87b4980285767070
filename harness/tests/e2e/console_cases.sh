#!/usr/bin/env bash
# Single cases of a protocol, chosen in the browser: the same as `run --case`.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1
ok "a vendor" account vic vendor "Acme A/S"
console || finish
login vic
sed -e 's/^  name: Example Vendor/  name: Acme A\/S/' -e '/^  listen:/d' "$TEST_ROOT/vendors/example/example.yaml" >v.yaml
post vic /systems "file=$(cat v.yaml)"
answers 303 "a system"
form=(protocol=carecommunication-5.0-send system=system:1 mode=self-test)
# ticks: how many cases can be chosen, and how many are.
ticks() { echo "$(grep -o '<input[^>]*name="case"[^>]*>' "$work/page" | wc -l) $(grep -o '<input[^>]*name="case"[^>]*checked[^>]*>' "$work/page" | wc -l)"; }

post vic /start "${form[@]}" do=look
answers 200 "a look at what will be tested"
shows 'name="case" value="3.3.1"' "a case can be chosen"
hides 'name="case" value="3.3.3"' "one that the vendor file excuses cannot"
shows 'regional-topics' "which is told"
all=$(ticks)
ok "all are ticked that can be" test "$all" = "10 10" || echo "$all"

post vic /start "${form[@]}" offered=10 case=3.3.1 case=3.4.4 do=look
answers 200 "a look at two"
ok "two are ticked, and the others can be" test "$(ticks)" = "16 2" || ticks
shows 'the case was not chosen' "the others are not chosen"

post vic /start "${form[@]}" offered=10 do=start
answers 400 "none"
shows 'at least one case' "is told"
post vic /start "${form[@]}" offered=10 case=9.9 do=start
answers 400 "a case that there is not"
post vic /start "${form[@]}" offered=10 "case=3.3.1 --mode=certify" do=start
answers 400 "an option in place of one"

# cases_of RUN: which cases of a run apply, and why not.
cases_of() { "$T" report "$1" --store "$store" --format json | python3 -c 'import json,sys
for c in json.load(sys.stdin)["cases"]: print(c["id"], c["verdict"], c.get("reason", ""))'; }
begun() { sed -n 's#^[Ll]ocation: /runs/\([^[:space:]]*\).*#\1#p' "$work/head"; }
post vic /start "${form[@]}" offered=10 case=3.3.1 case=3.4.4 do=start
answers 303 "two are started"
two=$(begun)
exits 0 "the same two are started by command" "$T" run "$PROTOCOLS/send.yaml" --vendor v.yaml --case 3.3.1 --case 3.4.4 --store "$store"
same=$(cut -d' ' -f1 "$work/out")
says "^follow it at $url/runs/$same\$" "which says where it can be seen"
cases_of "$two" >two; cases_of "$same" >same
ok "they test the same" cmp two same || diff two same
ok "of all sixteen" test "$(wc -l <two)" = 16
ok "of which most were not chosen" test "$(grep -c 'not chosen' two)" = 14 || cat two
post vic /language lang=da back=/
get vic "/runs/$two"
shows '(fravalgt)' "which is told in the language of the page"
hides 'not chosen' "and in no other"
# A rule that a protocol makes is explained there alone: nothing leads to the page of rules, which does not have it.
cat >own.yaml <<P
protocol: own
title: {en: A rule of its own, da: En egen regel}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: receiver
sections:
  - id: "1"
    title: {en: Receive, da: Modtag}
    status: mandatory
    steps:
      - send: {fixture: carecommunication/new.json, as: first}
      - expect-ack: {to: first, code: ok, within: 30 min, as: receipt}
      - assert: {on: receipt, fhirpath: "Bundle.type", equals: document, rule: own.type, because: {en: So it is., da: Sådan er det.}}
P
account mia medcom
login mia
exits 0 "a run with a rule of its own" "$T" run own.yaml --vendor "$VENDORS/refvendor.yaml" --store "$store"
own=$(cut -d' ' -f1 "$work/out" | head -n 1)
is_broken() { get mia "/runs/$own"; grep -q own.type "$work/page"; }
awaits is_broken
shows 'own.type' "is found broken"
hides '/explain/own.type' "and leads to no explanation that is not there"
get mia "/runs/$own/messages/m2"
hides '/explain/own.type' "nor does its message"

post vic /start "${form[@]}" offered=2 case=3.3.1 case=3.4.4 do=start
answers 303 "all that can be chosen"
cases_of "$(begun)" >all
ok "are the whole protocol" test "$(grep -c 'not chosen' all)" = 0 || cat all
finish
