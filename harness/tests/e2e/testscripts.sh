#!/usr/bin/env bash
# FHIR TestScripts as they are: read, checked, imported, run from files, folders and packages, by systems that are
# clients or servers; what is wrong in a script is told, and held against nobody.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/data/testscript
rest=$VENDORS/refvendor-rest.yaml
run() { timeout 120 "$T" run "$@" --report "$work/reports" --seed 5 --clock-scale 3000 --quiet; }
cd "$data" || exit 1

exits 0 "sound scripts have no faults" "$T" lint sound client
exits 2 "faulty ones have" "$T" lint faults
ok "just these, each with its place" diff faults.expect "$work/out"
exits 2 "a fixture outside of a script's folder is not read" "$T" lint outside/inner/TestScript-outside.json
ok "and is told of" diff outside.expect "$work/out"
exits 2 "a folder without scripts" "$T" lint none
says 'none holds no protocol \(\*.yaml\) and no TestScript' "says so"
exits 2 "what is not there" "$T" run no-such.tgz --vendor "$rest"

exits 0 "sound scripts pass" run sound --aids aids.yaml --vendor "$rest" --store "$work/s.sqlite"
says '^example-send +pass' "the one that sends"
says '^example-read +pass' "the one that reads, in XML"
says '^2 TestScripts: 2 pass' "and both are counted"
tar czf "$work/scripts.tgz" -C sound scripts Fixtures
exits 0 "so they do from a package" run "$work/scripts.tgz" --aids aids.yaml --vendor "$rest" --store "$work/s.sqlite"
says '^2 TestScripts: 2 pass' "with the same result"
exits 3 "faulty ones are inconclusive" run faults --aids aids.yaml --vendor "$rest" --store "$work/s.sqlite"
says '^faulty +inconclusive .*TestScript-faulty.json: 2' "with the place of the fault"
says '^TestScript-broken.json +inconclusive .*Not JSON' "one that cannot be read too"
says '^works +pass' "and the others run"
exits 1 "a script that the system does not satisfy" run sound --aids aids.yaml --vendor "$rest" --store "$work/s.sqlite" \
  --launch 'refvendor --rest ${harness.address} --seed ${seed} --defect sends-nothing'
says '^example-send +fail .*did not come' "fails, and says at which step"

exits 0 "one script of the set" run sound --case example-read --aids aids.yaml --vendor "$rest" --store "$work/s.sqlite"
says '^1 TestScripts: 1 pass' "runs alone"
exits 2 "a script that is not there" run sound --case other --vendor "$rest" --store "$work/s.sqlite"
says 'no script has that id' "is told"
exits 2 "a package of definitions that is not there" run sound client --use medcom.fhir.dk.carecommunication@0.0.1 --aids aids.yaml \
  --vendor "$rest" --store "$work/s.sqlite"
says '^example-send +error +.*0\.0\.1' "is told in the table"
exits 0 "import" "$T" import sound --aids aids.yaml --to "$work/imported"
exits 0 "what is imported is a right protocol" "$T" lint "$work/imported/sound-sender.yaml" "$work/imported/sound-receiver.yaml"
ok "without even a warning" test ! -s "$work/out"
exits 0 "import of faulty ones" "$T" import faults --aids aids.yaml --to "$work/imported"
exits 0 "gives right protocols too" "$T" lint "$work/imported/faults-sender.yaml" "$work/imported/faults-receiver.yaml"
ok "without warnings" test ! -s "$work/out"
exits 0 "and runs like one" run "$work/imported/sound-sender.yaml" "$work/imported/sound-receiver.yaml" --vendor "$rest" \
  --store "$work/s.sqlite"

# Copies of a script have the same id.
mkdir "$work/copies"
cp faults/TestScript-works.json "$work/copies/one (1).json"
cp faults/TestScript-works.json "$work/copies/two.json"
exits 0 "two scripts with one id" run "$work/copies" --aids aids.yaml --vendor "$rest" --store "$work/s.sqlite"
says '^works-2 +pass' "are two cases"
exits 0 "a script for the other side" "$T" import sound --system server --to "$work/other"
ok "has testcamp as the client" grep -q 'http: {method: GET' "$work/other/sound-receiver.yaml"

# A run of scripts needs them no more: it goes on when they are gone.
cp -r sound "$work/away"
sed 's/^trigger:$/unused:/; /^  kind: http$/d; /trigger"$/d; /^unused:/d' "$rest" >"$work/person.yaml"
exits 3 "a person has to act" run "$work/away" --vendor "$work/person.yaml" --store "$work/p.sqlite"
rm -r "$work/away"
id=$("$T" list runs --store "$work/p.sqlite" | awk '/receiver/ {print $1; exit}')
printf 'by: XX\nanswers:\n  "example-read+4": {answer: done, text: read}\n' >"$work/answers.yaml"
exits 1 "and goes on without the scripts" "$T" resume "$id" --store "$work/p.sqlite" --report "$work/reports" \
  --answers "$work/answers.yaml" --quiet
says 'FAIL' "up to what the system did not do"

# The system is the server: another run plays one.
cat >"$work/server.yaml" <<'Y'
protocol: server
standard: {name: FHIR, version: "4.0.1"}
version: 0.1.0
role: receiver
sections:
  - id: "1"
    title: {en: Somebody asks, da: Nogen spørger}
    status: mandatory
    steps:
      - expect: {rest: create, type: Patient, as: made, within: 40 s}
      - expect: {rest: search, type: Patient, as: found, within: 40 s}
      - expect: {rest: update, type: Patient, of: made, as: updated, within: 40 s}
      - expect: {rest: capabilities, within: 40 s}
      - expect: {rest: delete, type: Patient, of: made, within: 40 s}
      - expect: {rest: read, type: Patient, of: made, where: {http.status: "410"}, within: 40 s}
Y
sed '/^launch:/,/^$/d; /^trigger:/,/^$/d' "$rest" >"$work/idle.yaml"
"$T" run "$work/server.yaml" --vendor "$work/idle.yaml" --store "$work/server.sqlite" --report "$work/reports" \
  >"$work/server.out" 2>"$work/server.err" &
server=$!
awaits url_in "$work/server.err"
{
  cat "$work/idle.yaml"
  printf 'rest:\n  address: "%s"\n' "$url"
} >"$work/asked.yaml"
exits 0 "scripts that ask the system's server" run client --vendor "$work/asked.yaml" --store "$work/c.sqlite"
says '^example-client +pass' "pass"
ok "and the server saw it all" wait "$server"

# TestReport is FHIR.
report=$(find "$work/reports" -name testreport.json | head -n 1)
exits 0 "a TestReport is valid" "$T" validate --profile http://hl7.org/fhir/StructureDefinition/TestReport "$report"

# MedCom's own, where their packages are at hand: the table in the docs is what comes of them.
made=$work/medcom.md
"$TEST_ROOT/harness/tests/testscripts/run" "$TEST_BIN" >"$made" 2>"$work/err"
case $? in
  77) echo "skipped: MedCom's packages of TestScripts are not here" ;;
  0) ok "MedCom's scripts come to what docs/testscripts/medcom.md says" diff "$TEST_ROOT/docs/testscripts/medcom.md" "$made" ;;
  *) ok "MedCom's scripts run" cat "$work/err" && ok "to their end" false ;;
esac
finish
