#!/usr/bin/env bash
# Runs that vendors hand in: the queue, the vendor's beside MedCom's, notes, verdicts, objections, sign-off, two at once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1

self() { "$T" run "$PROTOCOLS/receive.yaml" --vendor "$VENDORS/refvendor.yaml" --case 3.2.5 --clock-scale 20 --report "$work/reports" "$@"; }
exits 0 "a run of the laboratory" self --store "$store"
run=$(last_run "$store")
exits 0 "and a vendor's own" self --store "$work/v.sqlite"
theirs=$(last_run "$work/v.sqlite")
exits 0 "as a bundle" "$T" report "$theirs" --format bundle --output self.tar.gz --store "$work/v.sqlite"
ok "MedCom" account mia medcom
ok "and a colleague" account mads medcom
ok "a vendor" account vic vendor "Acme A/S"
ok "another" account otto vendor "Other ApS"
console || finish
login mia; login mads; login vic; login otto

get vic /review
answers 404 "a vendor has no queue"
get mia /review
answers 200 "MedCom has one"
hides "$run" "which is empty"
get vic "/runs/$run"
answers 404 "the run is MedCom's own"
post mia "/runs/$run/owner" organisation=1
post vic "/runs/$run/submit" "text=Ready <b>now</b>"
answers 303 "its vendor hands it in"
post vic "/runs/$run/submit" text=again
get vic "/runs/$run/handover"
shows 'allerede|already' "once only"
post otto "/runs/$run/submit" text=x
answers 404 "nobody else does"
get mia /review
shows "/review/$run" "it is in the queue"
get mia "/review/$run"
shows 'Ready &lt;b>now|Ready &lt;b&gt;now' "with the vendor's words as text"
get otto "/review/$run"
answers 404 "a vendor does not see the review"

# seen PERSON RUN: what the decision of that page was made on.
seen() { get "$1" "/review/$2"; grep -o 'name="seen" value="[0-9]*\.[0-9]*\.[0-9]*"' "$work/page" | grep -o '[0-9][0-9.]*'; }
finding=$(get vic "/runs/$run/handover"; grep -o 'name="step" value="[^"]*"' "$work/page" | head -n 1 | cut -d'"' -f4)
post vic "/runs/$run/contest" "step=$finding" finding=1 why=
get vic "/runs/$run/handover"
shows 'notice error' "an objection without a reason is refused"
post otto "/runs/$run/contest" "step=$finding" finding=1 why=x
answers 404 "and one by another vendor"
get vic "/runs/$run"
follows=$(follows)
post vic "/runs/$run/contest" "step=$finding" finding=1 "why=The standard allows it"
ok "who has the run open is told" changed vic "$follows"
get mia "/review/$run"
shows 'The standard allows it · VIC' "a finding is contested"
shows 'Open steps: [1-9]' "which keeps the run open"
post mia "/review/$run/uphold" "step=$finding" finding=1 "why=It does not"
get vic "/runs/$run/handover"
shows 'It does not MIA' "until MedCom answers"
before=$(seen mads "$run")
post mia "/review/$run/judge" step=3.2.5.2 verdict= seen=0 "why=Looked at it"
get mia "/review/$run"
shows 'Looked at it' "a note is kept"
get vic "/runs/$run/handover"
hides 'Looked at it' "and is MedCom's own"
post mads "/review/$run/judge" step=3.2.5.2 verdict=fail seen=0 "why=Not on the screen"
get mads "/review/$run"
shows 'Nothing was changed: somebody else was here while you looked: MIA .Looked at it' "the later one is told who did what"
shows '<details class="form" open="">' "and has the form open"
shows '<textarea name="why" rows="4">Not on the screen</textarea>' "with the text"
shows '<option value="fail" selected="">' "and the verdict"
ok "once" test "$(grep -o '>Not on the screen<' "$work/page" | wc -l)" = 1
get mads "/review/$run"
hides 'Not on the screen' "and not for ever"
post mads "/review/$run/judge" step=3.2.5.2 verdict=fail seen=1 "why=Not on the screen"
get mads "/review/$run"
shows 'Revised OK → Fail: Not on the screen' "MedCom's verdict stands beside the vendor's, with its reason"
post mia "/review/$run/judge" step=3.2.5.2 verdict=inconclusive seen=1 "why=I cannot tell"
get mia "/review/$run"
shows 'Nothing was changed: somebody else was here while you looked: MAD .3.2.5.2: Fail, Not on the screen' "of two that revise, the later one is told the other's verdict and reason"
shows '>I cannot tell</textarea>' "and keeps the text"
post mads "/review/$run/judge" step=3.2.5.2 verdict=fail seen=2 "why=Still not"
get mads "/review/$run"
shows 'is fail already' "what says nothing new is refused by the command"
shows '>Still not</textarea>' "and its text kept"
get vic "/runs/$run?case=3.2.5"
shows 'Revised OK → Fail: Not on the screen' "the vendor sees the revision and why"
get vic "/runs/$run/report/html"
answers 200 "a report"
shows 'Revised verdicts' "has the revision"
shows 'Not on the screen' "with its reason"
"$T" verify "$run" --store "$store" >out 2>&1
get mia "/runs/$run/report/bundle.medcom"
answers 200 "MedCom's own bundle"
ok "has the revision" grep -q '"revised"' <(tar -xzOf page review.jsonl)
get vic "/runs/$run/report/bundle.medcom"
answers 404 "which no vendor gets"
ok "and the vendor's own log is as it was" test -z "$("$T" report "$run" --format bundle --output own.tgz --store "$store" >/dev/null && tar -xzOf own.tgz events.jsonl 2>/dev/null | grep '"revised"')"
post mads "/review/$run/decide" do=signed "seen=$before" "text=Fine by me"
get mads "/review/$run"
shows 'Nothing was changed: somebody else was here while you looked: MAD' "a decision on what is old is not taken"
shows '>Fine by me</textarea>' "and its text is not lost"
post mads "/review/$run/decide" do=returned "seen=$(seen mads "$run")" text=
get mads "/review/$run"
shows 'Write to the vendor' "it is given back with a text"
post mads "/review/$run/decide" do=returned "seen=$(seen mads "$run")" "text=Show step 3.2.5.2"
get vic "/runs/$run/handover"
shows 'Show step 3.2.5.2' "which the vendor reads"
post vic "/runs/$run/submit" "text=Done"
post mia "/review/$run/decide" do=signed "seen=$(seen mia "$run")" "text=Good"
get mia "/review/$run"
shows 'signed off' "and is signed off"
shows 'Ready' "with all that was said before"

upload mia /review/upload "file=@self.tar.gz"
answers 303 "a bundle is taken in"
get mia /review
shows "/review/$theirs" "and is in the queue"
post mia "/review/$theirs/judge" step=3.2.5.2 verdict=inconclusive seen=0 "why=Not to be told"
get mia "/review/$theirs"
shows 'Revised OK → Inconclusive: Not to be told' "MedCom's verdict stands beside the vendor's"
shows 'Open steps: [1-9]' "and is open"
hides 'value="signed"' "so that it cannot be signed"
post mia "/review/$theirs/decide" do=signed "seen=$(seen mia "$theirs")" text=
get mia "/review/$theirs"
shows 'cannot be signed off' "by no way"
printf 'rubbish' >bad.tgz
upload mia /review/upload "file=@bad.tgz"
answers 303 "rubbish is answered"
get mia /review
shows 'notice error' "as what it is"
finish
