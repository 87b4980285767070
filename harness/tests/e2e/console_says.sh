#!/usr/bin/env bash
# What commands say, as the console passes it on: no folder of this machine, no letter that is none; and their reports,
# which go to the folder of serve, when a run has ended.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1
ok "medcom" account anna medcom
ok "a vendor" account vera vendor "Vendor A"
sed -e "s/kind: http$/kind: person/" -e "/^  url:/d" "$VENDORS/refvendor.yaml" >person.yaml
"$T" run "$PROTOCOLS/send.yaml" --vendor person.yaml --case 3.3.1 --store other.sqlite --report other >out 2>err
"$T" report "$(last_run other.sqlite)" --store other.sqlite --format bundle --output bundle.tgz >out 2>err
ok "a bundle" test -s bundle.tgz
console || exit 1
login anna
login vera
sed -e '0,/name: testcamp/s//name: Vendor A/' -e '/^launch:/,/^[a-z]/{/^launch:/d;/^  /d}' "$VENDORS/refvendor-upload.yaml" >system.yaml
post vera /systems "file@system.yaml" revision=0
answers 303 "a system without a network"

# ---- folders ----
post vera /start protocol=carecommunication-5.0-two-systems system=system:1 mode=self-test do=start
answers 400 "a run that lacks a system"
shows 'needs another system' "and why"
hides "$TEST_ROOT" "but not where the data folder is"
printf '\0\1' >bytes
upload vera /check/diff expected-file=@bytes actual-file=@system.yaml
answers 200 "what cannot be compared"
shows 'bytes:1:1' "is named"
hides "$work" "but not where it lay"
upload anna /review/upload file=@bytes
get anna /review
shows 'bundle.tgz is' "what is no bundle is told of"
hides "$work" "but not where it lay"

# ---- children ----
# A child lives for a moment: who looks too late looks at the next one.
gives_way() {
  local asking child seen=1
  get vera '/protocols/carecommunication-5.0-receive?pdf=1' &
  asking=$!
  while kill -0 "$asking" 2>/dev/null && [ $seen = 1 ]; do
    for child in $(cat "/proc/$console_pid/task/$console_pid/children"); do
      [ "$(cat "/proc/$child/oom_score_adj" 2>/dev/null)" != 1000 ] || seen=0
    done
  done
  wait "$asking"
  return $seen
}
ok "if memory runs out, a child that reads goes before the server" awaits gives_way

# ---- letters ----
mkdir bundle
tar -xzf bundle.tgz -C bundle
printf '\xff' | dd of=bundle/chain.txt bs=1 seek=80 conv=notrunc status=none
(cd bundle && tar -czf ../broken.tgz ./* --transform 's,^\./,,')
upload anna /review/upload file=@broken.tgz
get anna /review
shows 'role="(alert|status)"' "what is said of broken letters is said"

# ---- reports ----
post vera /start protocol=carecommunication-5.0-receive system=system:1 mode=self-test do=start
answers 303 "a run by hand"
run=$(sed -n 's#^[Ll]ocation: /runs/\([0-9a-f-]*\).*#\1#p' head)
upload vera "/runs/$run/put" file=@bytes test-persons=yes
answers 303 "a file is handed in"
get vera "/runs/$run/messages/m1"
ok "and nobody waits for a report of it" test -z "$(find reports -name '*.html' 2>/dev/null)"
post vera /systems/1/hello x=y
answers 303 "a test message by hand"
run=$(sed -n 's#^[Ll]ocation: /runs/\([0-9a-f-]*\).*#\1#p' head)
post vera "/runs/$run/messages/m1/fetch"
answers 200 "is fetched, and the run ends"
is_reported() { [ -n "$(find reports -path "*$run*" -name '*.html')" ]; }
ok "which has its reports" awaits is_reported
console_stop
finish
