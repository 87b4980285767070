#!/usr/bin/env bash
# The help of the console and docs/console.md tell the truth: what they call a button is called so, each key that it
# names is one, each link to it leads to a topic, and who is not logged in reads the same page as who is.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1
pages=$TEST_ROOT/harness/console

ok "MedCom" account mia medcom
ok "a vendor" account vic vendor "Acme <b>A/S"
ok "an onlooker" account viggo viewer
console || finish
login mia; login vic; login viggo

# help NAME: the page as far as it is not of who asks.
help() { get "$1" /help && answers 200 "help for $1" && sed 's/.*<main//' page; }
help nobody >stranger
for who in vic mia viggo; do
  help $who >theirs
  ok "$who reads what a stranger reads" cmp stranger theirs
done
for name in Acme mia vic '[0-9a-f]\{32\}' csrf; do
  ok "nothing of $name is in it" sh -c "! grep -q '$name' stranger"
done

# Words of buttons and menus: each between <strong> is a text of the pages, in its language.
cat "$pages"/*.c >all.c
rm -f sources
for f in "$pages"/*.c; do case $f in */guide*) ;; *) cat "$f" >>sources ;; esac; done
for lang in en da; do
  post nobody /language lang=$lang back=/help
  get nobody /help
  shows "<html lang=\"$lang\"" "help in $lang"
  cp page help.$lang
  grep -o '<strong>[^<]*</strong>' page | sed 's/<[^>]*>//g' | sort -u >labels
  ok "$lang: labels are named" test "$(wc -l <labels)" -gt 40
  while read -r label; do
    ok "$lang: \"$label\" is a word of the console" grep -qF "\"$label\"" sources
  done <labels
done
grep -o '\*[^*|]\+\*' "$TEST_ROOT/docs/console.md" | tr -d '*' | sort -u >labels
ok "the guide names labels" test "$(wc -l <labels)" -gt 40
while read -r label; do
  ok "the guide: \"$label\" is a word of the console" grep -qF "\"$label\"" sources all.c
done <labels
ok "both languages have the same topics" sh -c "for l in en da; do grep -o '<section id=\"[a-z]*\"' help.\$l >ids.\$l; done; cmp ids.en ids.da"
for word in egentest livetest testprotokol teststep 'MedCom vurdering' Godkendt CTL01 CTL02 CTL03 GLN ydernummer; do
  ok "$word is explained in Danish" grep -qi "$word" help.da
done

# Keys: those of the script and of the buttons, no others.
{
  sed -n 's/.*const by = {\(.*\)}\[e\.key\].*/\1/p' "$pages/static/app.js" | tr ',' '\n' | sed 's/ *\([A-Za-z]*\):.*/\1/'
  sed -n '/^static void write_assess(/,/^}/p' "$pages/run_case.c" | grep -o '{"[A-Za-z0-9-]*", "[0-9a-z ]*"}' | sed 's/.*, "//; s/"}//' | tr ' ' '\n'
} | sort -u >keys.code
grep -o 'data-name="[^"]*"' help.en | cut -d'"' -f2 | sort -u >keys.help
ok "there are keys" test "$(wc -l <keys.code)" -ge 13
ok "the keys are those of the script" diff keys.code keys.help

# Every page leads to its topic, and every topic that is led to is there.
exits 0 "a run" "$T" run "$PROTOCOLS/../../test-message/test-message.yaml" --vendor "$VENDORS/refvendor-upload.yaml" --store "$store"
run=$(grep -o '^[0-9]*-[0-9a-f]*' out | head -n 1)
# leads PERSON PAGE TOPIC
leads() {
  get "$1" "$2"
  shows "<a href=\"/help#$3\" target=\"_blank\"" "$2 leads to $3"
  grep -o '/help#[a-z]*' page | sed 's/.*#//' | sort -u | while read -r id; do grep -q "<section id=\"$id\"" help.en || echo "$id"; done >missing
  ok "$2 leads to no topic that is not there" test ! -s missing
}
leads mia /start start
leads mia "/runs/$run" run
leads mia "/runs/$run/handover" handover
leads mia /review review
leads mia /courses live
leads mia /camps camps
leads mia /board camps
leads vic /systems systems
leads mia /check check
leads vic / first
shows 'What to do first' "who has no run yet is told what to do first"
leads nobody /login login
leads viggo /nothing first
get mia /help
hides 'target="_blank"' "help does not lead to itself"
console_stop
finish
