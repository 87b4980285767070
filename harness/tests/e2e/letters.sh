#!/usr/bin/env bash
# Bare letters over folders: a system of a few lines of shell answers each interchange with the receipt that it is told
# to, right or wrong, and writes one letter of its own.
. "$(dirname "$0")/lib.sh"
L=$TEST_ROOT/harness/tests/e2e/letters

# part FILE SEGMENT FIELD: the text behind the FIELD-th "+" of the first segment of that name.
part() {
  tr -d '\n' <"$1" | tr "'" '\n' | grep -a "^$2+" | head -n 1 | cut -d+ -f$(($3 + 1))
}

# receipt NAME VERSION ACTION FILE: a CONTRL for the interchange in FILE; $of, $sender and $receiver replace what it
# repeats; $unnamed leaves the letter out.
receipt() {
  local from to id letter type
  from=$(part "$4" UNB 2) to=$(part "$4" UNB 3) id=$(part "$4" UNB 5) letter=$(part "$4" UNH 1) type=$(part "$4" UNH 2)
  printf "UNA:+.? 'UNB+UNOC:3+%s+%s+260105:1000+SVAR%s'" "$to" "$from" "$RANDOM"
  printf "UNH+S1+CONTRL:D:93A:ZZ:%s+%s'UCI+%s+%s+%s+%s'" "$2" "$1" "${of:-$id}" "${sender:-$from}" "${receiver:-$to}" "$3"
  [ -n "${unnamed:-}" ] || printf "UCM+%s+%s+%s'" "$letter" "$type" "$3"
  printf "UNT+%s+S1'UNZ+1+SVAR'\n" "${unnamed:-4}"
}

# plays KIND: what came is answered so; nothing that is a receipt is answered.
plays() {
  local f done=" "
  while sleep 0.1; do
    for f in "$work"/to/*; do
      [ -f "$f" ] && [[ $done != *" $f "* ]] || continue
      done+="$f "
      grep -aq CONTRL "$f" && continue
      "answer_$1" "$f" >"$work/from/.r"
      mv "$work/from/.r" "$work/from/r$RANDOM.edi"
    done
  done
}

answer_right() { receipt CTL03 C0330Q 7 "$1"; }
answer_other-id() { of=NOGET receipt CTL03 C0330Q 7 "$1"; }
answer_turned() { sender=$(part "$1" UNB 3) receiver=$(part "$1" UNB 2) receipt CTL03 C0330Q 7 "$1"; }
answer_action() { receipt CTL03 C0330Q 4 "$1"; }
answer_none-named() { unnamed=3 receipt CTL03 C0330Q 7 "$1"; }
answer_refused() { receipt CTL02 C0230Q 4 "$1"; }

# run_with KIND CODE TEXT
run_with() {
  rm -rf "$work/to" "$work/from"
  mkdir -p "$work/to" "$work/from"
  [ "$1" = right ] && iconv -f UTF-8 -t ISO-8859-1 "$L/written.edi" >"$work/from/written.edi"
  plays "$1" &
  local pid=$!
  exits "$2" "$3" "$T" run "$L/letters.yaml" --vendor "$work/vendor.yaml" --store "$work/$1.sqlite" --report "$work/$1" \
    $([ "$1" = right ] || echo --case 1)
  kill $pid
  wait $pid 2>/dev/null
}

sed -e "s#to: .*#to: $work/to#" -e "s#from: .*#from: $work/from#" "$VENDORS/refvendor-folder.yaml" >"$work/vendor.yaml"
exits 0 "lint knows the words" "$T" lint "$L/letters.yaml"
run_with right 0 "letters and receipts pass"
run_with other-id 1 "a receipt of something else"
says 'receipt\.original' "is told"
run_with turned 1 "parties that changed places"
says 'receipt\.parties-turned' "are told"
run_with action 1 "a positive receipt that says no"
says 'receipt\.kind' "is told"
run_with none-named 1 "a receipt that names no letter"
says 'receipt\.no-letter' "is told"
run_with refused 1 "a letter that is refused"
says 'ack\.receipt' "is not what was expected"
ok "what was sent is in ISO-8859-1" grep -aq "$(printf 'Pr\xf8ve??borg ?+ \xc6bler')" "$work"/to/*

# Without steps: what asks for a receipt gets one, once more the same one, and what is for nobody is refused.
rm -rf "$work/to" "$work/from"
mkdir -p "$work/to" "$work/from"
as() { iconv -f UTF-8 -t ISO-8859-1 "$L/written.edi" | sed "$2" >"$work/from/$1.edi"; }
as 1 ""
as 2 "s/LHR0001/LHR0002/g; s/++++1'/'/"
as 3 "s/LHR0001/LHR0003/g; s/5790008888025/5790000000005/; s/++++1'/'/"
as 4 ""
exits 0 "letters are answered without steps" "$T" run "$L/automatic.yaml" --vendor "$work/vendor.yaml" \
  --store "$work/a.sqlite" --report "$work/a"
ok "what asked got its receipt, and the same one again" test "$(cat "$work"/to/* | grep -ac 'C0330Q+CTL03')" = 2
ok "the same bytes" test "$(grep -al CTL03 "$work"/to/* | xargs -n 1 sha256sum | cut -d' ' -f1 | sort -u | wc -l)" = 1
ok "what is for nobody is refused by the network" grep -aq "FTX+LOK" "$work"/to/*
ok "and nothing else was sent" test "$(find "$work/to" -type f | wc -l)" = 3
finish
