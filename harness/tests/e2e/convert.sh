#!/usr/bin/env bash
# Letters converted and compared by what they say: files, exit codes, and what the output is judged to be.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/data/mapping

exits 0 "a letter with its attachments" "$T" convert --to CareCommunication --seed s --out "$work/cc" "$data/xdis91.xml" "$data/xbin01.xml"
says 'convert\.priority' "tells what went into the text"
exits 0 "what was made" "$T" validate "$work/cc/1-CareCommunication.json"
says 'valid at level profile' "is valid by MedCom's profiles"
exits 1 "the two, not all of which is shown," "$T" diff "$data/xdis91.xml" "$work/cc/1-CareCommunication.json"
says 'diff\.semantic\.divided info' "say the same"
says 'diff\.semantic\.elsewhere' "but for what is attached, which is told"
ok "without a place where there is none" test -z "$(grep ':0:0' "$work/out")"
exits 0 "with what is attached" "$T" diff --expected-with "$data/xbin01.xml" "$data/xdis91.xml" "$work/cc/1-CareCommunication.json"
ok "nothing is left out" test -z "$(grep elsewhere "$work/out")"
sed 's|<Object_Base64Encoded>....|<Object_Base64Encoded>AAAA|' "$data/xbin01.xml" >"$work/forged.xml"
exits 1 "another content" "$T" diff --expected-with "$work/forged.xml" "$data/xdis91.xml" "$work/cc/1-CareCommunication.json"
says 'diff\.semantic\.value error: content' "is a difference"
exits 2 "a letter that holds no objects" "$T" diff --expected-with "$data/xdis91.xml" "$data/xdis91.xml" "$work/cc/1-CareCommunication.json"
exits 0 "back" "$T" convert --to XDIS91 --seed s --out "$work/back" "$work/cc/1-CareCommunication.json"
exits 0 "the objects" "$T" convert --to DIS91 --out "$work/edi" "$work/back/1-XDIS91.xml" "$work/back/2-XBIN01.xml"
exits 0 "in EDIFACT" "$T" diff "$work/back/2-XBIN01.xml" "$work/edi/2-BIN01.edi"
ok "are the same" test ! -s "$work/out"
sed 's/2512489996/2509479989/' "$data/xdis91.xml" >"$work/other.xml"
exits 1 "another patient" "$T" diff --semantic "$work/other.xml" "$work/cc/1-CareCommunication.json"
says 'diff\.semantic\.value error: CPR number' "is a difference"
pair=bundle=b,header=3ae07991-fff8-4ce1-8e24-34d1a234584a,envelope=TC260714000002,letter=TCB26071400002,version=XB0131X
pair=$pair,sender=5790008888025,receiver=5790008888049,time=2026-07-14T09:31:00+02:00
for code in ikke_specificeret ukendt_lokationsnummer problem_med_modtagerID problem_med_version syntaksfejl; do
  sed "s/problem_med_version/$code/" "$data/xctl02.xml" >"$work/xctl.xml"
  exits 0 "a receipt, $code" "$T" convert --to Acknowledgement --pair "$pair" --out "$work/ack" "$work/xctl.xml"
  exits 0 "the acknowledgement of it" "$T" validate "$work/ack/1-Acknowledgement.json"
  exits 0 "back" "$T" convert --to XCTL --pair "$pair" --out "$work/xctl" "$work/ack/1-Acknowledgement.json"
  ok "keeps the reason" grep -q "<RefuseCode>$code</RefuseCode>" "$work/xctl/1-XCTL02.xml"
done
exits 1 "a missing object" "$T" convert --to CC --out "$work/less" "$data/xdis91.xml"
says 'convert\.no-object' "is told"
ok "a finding without a place makes none up" test -z "$(grep ':0:0' "$work/err")"
sed 's/<OriginalObjectSize>/<OriginalObjectSize>9/' "$data/xbin01.xml" >"$work/lies.xml"
exits 1 "a size that lies" "$T" convert --to CC --out "$work/lies" "$data/xdis91.xml" "$work/lies.xml"
says 'lies.xml:[0-9]+:[0-9]+: warning: .*convert\.size' "is told where it stands"
exits 2 "objects alone" "$T" convert --to CC "$data/xbin01.xml"
exits 2 "no type" "$T" convert "$data/xdis91.xml"
exits 2 "what is no letter" "$T" convert --to XDIS91 "$0"
exits 2 "rules for trees" "$T" diff --semantic --rules x "$data/xdis91.xml" "$data/xdis91.xml"
finish
