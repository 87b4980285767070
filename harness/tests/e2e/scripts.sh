#!/usr/bin/env bash
# A step that wants all TestScripts of a package passed is settled by the system's runs of them in the same store.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/data/testscript
rest=$VENDORS/refvendor-rest.yaml
run() { timeout 120 "$T" run "$@" --report "$work/reports" --seed 5 --clock-scale 3000 --quiet; }
scripts() { run "$work/package" --aids "$data/aids.yaml" --vendor "$rest" --store "$work/$1.sqlite" "${@:2}"; }
tells() { # STORE PATTERN TEXT: the report of the newest run does
  "$T" report "$(last_run "$work/$1.sqlite")" --store "$work/$1.sqlite" --format json --output "$work/report.json" >"$work/out" 2>"$work/err"
  ok "$3" grep -Eq -- "$2" "$work/report.json"
}
asks() { run "$work/$2.yaml" --vendor "${3:-$rest}" --store "$work/$1.sqlite"; }

# A package of two sound scripts, one a role.
mkdir -p "$work/package"
cp -r "$data/sound/scripts" "$data/sound/Fixtures" "$work/package/"
echo '{"name": "own.testscripts", "version": "1.2.0"}' >"$work/package/package.json"
protocol() {
  cat >"$work/$1.yaml" <<Y
protocol: asks
title: {en: Asks for scripts, da: Beder om scripts}
standard: {name: CareCommunication, danish: Korrespondancemeddelelse, version: "5.0", type: HL7 FHIR}
version: 0.1.0
role: sender
sections:
  - id: "1"
    title: {en: Tool, da: Værktøj}
    status: mandatory
    steps:
      - step: "1.1"
        manual:
          ask: {en: Run them all, da: Kør dem alle}
          scripts: {package: own.testscripts@$2, count: 2}
Y
}
protocol all 1.2.0
protocol newer 1.3.0
sed 's/@1.2.0, count: 2/@1.2.0, only: "*-re*d"/' "$work/all.yaml" >"$work/reading.yaml"
sed 's/@1.2.0/&, wrong: [example-send]/' "$work/all.yaml" >"$work/wrong.yaml"
exits 0 "the steps are right" "$T" lint "$work/all.yaml" "$work/reading.yaml" "$work/wrong.yaml"

exits 3 "without any run" asks a all
says '1\.1' "a person is asked"
waiting=$(last_run "$work/a.sqlite")
exits 0 "a run of one of them" scripts a --case example-read
exits 3 "is not enough" asks a all
tells a 'has 2 TestScripts for this step, but the runs that were found know 1' "and that there are more is told"
exits 0 "but it is all that is asked for here" asks a reading
exits 1 "a system that does not send" scripts a --case example-send \
  --launch 'refvendor --rest ${harness.address} --seed ${seed} --defect sends-nothing'
exits 1 "does not pass" asks a all
tells a 'did not pass 1 TestScripts: example-send \(fail, ' "and the script is named with its run"
exits 3 "unless the script is known to be wrong" asks a wrong
tells a 'not held against the system: example-send' "which is told"
exits 0 "once more, and right" scripts a
exits 0 "the newest run of each counts" asks a all
id=$(last_run "$work/a.sqlite")
tells a '2 of 2 TestScripts of own.testscripts@1.2.0 passed: example-.* \(pass, 2.*\), example-.* \(pass, 2' "how many passed, in which runs"
exits 0 "judged again" "$T" rejudge "$id" --store "$work/a.sqlite"

exits 3 "another version of the package" asks a newer
says 'waiting' "has no runs"
sed 's/version: "0.1.0"/version: "0.2.0"/' "$rest" >"$work/later.yaml"
exits 3 "another version of the system" asks a all "$work/later.yaml"
says 'waiting' "has not run them"

# What was found stands in the run: later runs change nothing of it, nor does a store without them.
exits 3 "a run that waited for a person before goes on waiting" timeout 60 "$T" resume "$waiting" --store "$work/a.sqlite" \
  --report "$work/reports" --quiet
exits 0 "until it is asked to look again" "$T" repeat "$waiting" 1.1 --store "$work/a.sqlite" --by XX --why "Scripts were run" --quiet
exits 0 "and then it has them" timeout 60 "$T" resume "$waiting" --store "$work/a.sqlite" --report "$work/reports" --quiet
exits 1 "the scripts, and nothing sent" scripts a --launch 'refvendor --rest ${harness.address} --seed ${seed} --defect sends-nothing'
exits 0 "the verdict of before stands" "$T" rejudge "$id" --store "$work/a.sqlite"
exits 0 "a bundle" "$T" report "$id" --store "$work/a.sqlite" --format bundle --output "$work/run.zip"
exits 0 "that another store takes" "$T" receive "$work/run.zip" --store "$work/b.sqlite"
exits 0 "comes to the same there" "$T" rejudge "$id" --store "$work/b.sqlite"

# A script that is wrong in itself.
rm -r "$work/package/scripts"
cp "$data"/faults/TestScript-{faulty,works}.json "$work/package/"
exits 0 "the other one alone" scripts c --case works
exits 3 "leaves it open" asks c all
tells c 'were never run with this version of the system: faulty' "which one was never run"
exits 3 "a faulty script" scripts c
exits 3 "settles nothing" asks c all
tells c 'wrong in themselves, which is not held against the system: faulty \(inconclusive' "and is named"
finish
