#!/usr/bin/env bash
# What a vendor sends by mistake to the simulated MSH, between two envelopes that are right: each is answered as the
# standard says, or refused where nobody can be answered; all is kept, none is taken for the message, and the run goes on.
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || { echo "curl is not there"; exit 77; }
store=$work/s.sqlite

envelopes_of '      - step: "1.1"
        send: {fixture: homecareobservation/new.json, as: first, from: "${vendor.gln}", to: "${counterpart.gln}", with: {yder: "081299", initials: XX}}
      - repeat:
          for: ["2", "3", "4", "5"]
          as: n
          steps:
            - step: "1.2"
              send: {again: first, as: "message_${n}", renew: [envelope, header, bundle]}'
mkdir "$work/bad"

# spoil NAME N SED...: the envelope of message N with one thing wrong.
spoil() {
  local name=$1 from
  from=$(echo "$work/box/m$2"-*)
  sed -E -z "$3" "$from" >"$work/bad/$name"
  ok "$name differs from what it was" sh -c "! cmp -s '$from' '$work/bad/$name'"
}
cp "$work"/box/m1-* "$work/bad/good"
head -c 900 "$work/bad/good" >"$work/bad/cut"
printf 'UNA:+.? UNB+UNOC:3+5790008888018:14' >"$work/bad/edifact"
head -c 5000 /dev/urandom >"$work/bad/noise"
: >"$work/bad/empty"
printf '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>' >"$work/bad/entities"
spoil namespace 2 's#peppol.eu/xsd/ticc#example.org/xsd#'
spoil base64 3 's#(<BinaryContent[^>]*>....)#\1*!*#'
spoil scope 4 's#<Type>StatisticalInformation#<Type>Hemmeligt#'
spoil tampered 5 's#(<BinaryContent[^>]*>.{400})....#\1AAAA#'

# What the system sends, in this order, and what it is answered.
cat >"$work/post.sh" <<S
#!/usr/bin/env bash
for name in cut edifact noise empty entities base64 tampered good good namespace scope; do
  echo "\$name \$(curl -s -o /dev/null -w '%{http_code}' --data-binary "@$work/bad/\$name" "\$1")" >>"$work/codes"
done
echo "lies \$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Length: 999999999999' --data-binary x "\$1")" >>"$work/codes"
echo "put \$(curl -s -o /dev/null -w '%{http_code}' -T "$work/bad/good" "\$1")" >>"$work/codes"
S
chmod +x "$work/post.sh"
{
  sed -e '/^exchange/,$d' "$VENDORS/refvendor.yaml"
  printf 'exchange: {kind: sbdh-http}\ntrigger: {kind: command, command: [%s, "${harness.address}"]}\ntest-persons-only: true\n' "$work/post.sh"
} >"$work/vendor.yaml"
cat >"$work/p.yaml" <<'P'
protocol: rubbish
title: {en: Rubbish, da: Rod}
standard: {name: HomeCareObservation, version: "1.2"}
version: 0.1.0
role: sender
receipts: automatic
sections:
  - id: "1"
    title: {en: Send, da: Send}
    status: mandatory
    steps:
      - step: "1.1"
        instruct: {do: {en: Send, da: Send}, trigger: {action: send}}
      - step: "1.2"
        expect: {event: homecareobservation-message, as: sent, within: 30 s}
      - step: "1.3"
        validate: {on: sent, level: envelope}
      - step: "1.4"
        wait: {for: 1 s}
P
exits 0 "the run goes on, and passes" "$T" run "$work/p.yaml" --vendor "$work/vendor.yaml" --store "$store" --report "$work/reports"
id=$(last_run "$store")
ok "what is too large, or is put, is refused on the wire; the rest is taken, and looked at" \
  test "$(tr '\n' ' ' <"$work/codes")" = "cut 202 edifact 202 noise 202 empty 202 entities 202 base64 202 tampered 202 good 202 good 202 namespace 202 scope 202 lies 413 put 405 "

# receipt N: how the message of that number was answered.
exits 0 "the receipts are fetched" "$T" get "$id" --store "$store" --to "$work/got"
receipt() {
  local file
  file=$(echo "$work/got/"*"-m$1_receipt.xml")
  [ -e "$file" ] || { echo none; return; }
  sed -z 's/.*<BinaryContent[^>]*>//; s/<.*//' "$file" | base64 -d 2>/dev/null | grep -oE 'ReceiptAcknowledgement|(Receipt|Acceptance|General)Exception>[^<]+' | head -n 1 | sed 's/.*>//'
}
receipts() { for n; do receipt "$n"; done | xargs; }
ok "who cannot be read cannot be answered" test "$(receipts 1 2 3 4 5)" = "none none none none none"
ok "what is wrong by its schema or was tampered with is refused, what is right is receipted, twice alike" \
  test "$(receipts 6 8 10 12 14 16)" = "Syntax Syntax ReceiptAcknowledgement ReceiptAcknowledgement Syntax Syntax"
exits 0 "every receipt is faultless" "$T" validate --level envelope "$work"/got/*

exits 0 "all is kept and listed" "$T" list unmatched --store "$store"
says ' m1 .*Not well-formed XML.*line 16' "with its line"
says ' m5 .*DOCTYPE' "entities are not expanded"
says ' m6 .*cannot be unwrapped' "no base64"
says ' m8 .*Not JSON' "another content"
says ' m12 .*the same bytes once more' "a replay"
says ' m16 .*another one' "a message of its own"
finish
