#!/usr/bin/env bash
# What README, the folders' READMEs, docs/ and CHANGELOG name is there: links, files of the checkout, commands with their options,
# rules and defects. What a command does is shown by the other tests.
. "$(dirname "$0")/lib.sh"
cd "$TEST_ROOT" || exit 1
shopt -s lastpipe # "| each" counts
texts=(README.md CHANGELOG.md docs/*.md docs/testscripts/*.md docs/*.yml */README.md fixtures/*/README.md
  fixtures/standards/edifact/README.md vendors/reference/README.md harness/tests/*/README.md)
missing=$work/missing

# each NAME: the lines of standard input are what is missing, none of which there should be.
each() {
  cat >"$missing"
  ok "$1" test ! -s "$missing" || sed 's/^/    /' "$missing"
}

# ---- links, within a file too ----
anchors() { sed -n 's/^##* //p' "$1" | tr 'A-Z' 'a-z' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'; }
for text in "${texts[@]}"; do
  grep -oE '\]\([^)]+\)' "$text" | sed 's/^](//; s/)$//' | grep -vE '^[a-z]+:' | while read -r link; do
    file=${link%%#*} file=${file:+$(dirname "$text")/$file}
    [ -e "${file:-$text}" ] || echo "$text: $link"
    case $link in *.md#* | '#'*) anchors "${file:-$text}" | grep -qx -- "${link#*#}" || echo "$text: no heading $link" ;; esac
  done
done | each "links lead to what is there"

# ---- files: in backticks or in a command, from the top of the checkout or from the folder of the text ----
# Not ../shared, which lies beside a checkout only where somebody has it.
for text in "${texts[@]}"; do
  { grep -oE '`[^` ]+/[^` ]*`' "$text" | tr -d '`'
    sed -n 's/^    //p' "$text" | sed 's#build[a-z-]*/[^ ]*##g' | grep -E '(testcamp|refvendor|harness|docs|protocols|vendors|fixtures)' |
      grep -oE '(protocols|vendors/reference|vendors/example|fixtures|harness|docs)/[A-Za-z0-9_./-]+'
  } | grep -E '^(protocols|vendors|fixtures|harness|docs|\.ci|\.\.?/)' | grep -vE '[<>*{}$]|\.\.\.|[A-Z]{4}|^vendors/mine|/x\.|^\.\./shared' | sed 's/[.,:;]*$//; s/:[0-9]*$//' | sort -u |
    while read -r path; do [ -e "$path" ] || [ -e "$(dirname "$text")/$path" ] || echo "$text: $path"; done
done | each "files are there"

# ---- commands, and their options ----
"$T" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' >"$work/commands"
while read -r command; do "$T" "$command" --help >"$work/help.$command"; done <"$work/commands"
# commands_of TEXT: those of code and in backticks, without what comes behind them: a comment, or the next in the shell.
commands_of() {
  sed -e ':join' -e '/\\$/{N;s/\\\n */ /;bjoin' -e '}' "$1" >"$work/text"
  { grep '^    ' "$work/text"; grep -o '`testcamp [^`]*`' "$work/text" | tr -d '`'; } |
    sed "s/[ (]#.*//; s/ && /\n/g; s/ | /\n/g; s/; /\n/g; s/'[^']*'//g" |
    sed -n 's/^ *\(\$ \)*\(build\/\)*testcamp \([a-z].*\)/\3/p'
}
sed -n '/^## Commands/,/^## /p' README.md | sed -n 's/^| \(`.*\) | .*/\1/p' | grep -oE '[a-z][a-z-]+' >"$work/told"
grep -vxFf "$work/told" "$work/commands" | grep -vxE 'man|check' | each "the table of commands in README has them all"
for text in "${texts[@]}"; do
  commands_of "$text" | while read -r line; do
    command=${line%% *}
    [ "$command" = help ] && continue
    [ -f "$work/help.$command" ] || { echo "$text: testcamp $command"; continue; }
    grep -oE -- ' --[a-z][a-z-]*' <<<"${line%% --launch *}" | while read -r option; do
      grep -qE -- "^  $option( |\$)" "$work/help.$command" || [ "$option" = " --help" ] || echo "$text: testcamp $command$option"
    done
  done
done | sort -u | each "commands take the options that are shown"

# ---- what is counted in tables ----
sed -n '/^### Fuzz targets/,/^## /p' docs/development.md | grep -oE '^\|[^|]*`' | grep -oE '[a-z_]+' >"$work/told"
ls harness/tests/fuzz/fuzz_*.c | sed 's/.*fuzz_//; s/\.c$//' | grep -vxFf "$work/told" | each "docs/development.md has all fuzz targets"
sed -n 's/^| `\([a-z]*\)` |.*/\1/p' harness/README.md | sort >"$work/told"
find harness -mindepth 1 -maxdepth 1 -type d | sed 's#.*/##' | sort | comm -3 - "$work/told" | each "harness/README.md has all rooms"
grep -hoE '`validate` knows [0-9]+ versions' README.md | grep -vx "\`validate\` knows $(grep -vc '^#' fixtures/standards/letters.tsv) versions" |
  each "README counts the letters"

# told FILE: what of standard input stands nowhere in it.
told() { while read -r name; do grep -qF -- "$name" "$1" || echo "$name"; done; }
ls -d fixtures/*/ | cut -d/ -f2- | told fixtures/README.md | each "fixtures/README.md has all folders"
ls fixtures/standards | grep -v '^README' | told fixtures/standards/README.md | each "fixtures/standards/README.md has all files"
ls vendors/reference | grep -v '^README' | told vendors/reference/README.md | each "vendors/reference/README.md has all files"
"$R" --help >"$work/help.refvendor"
grep -ohE -- '`--[a-z-]+|refvendor --[^`]*' vendors/reference/README.md | grep -oE -- '--[a-z][a-z-]+' | sort -u | told "$work/help.refvendor" |
  each "vendors/reference/README.md names options that there are"

# ---- rules and defects that are named ----
"$T" explain 2>/dev/null | sed -n 's/^\([a-z][a-z.-]*\).*/\1/p' >"$work/rules"
ok "there are rules" test "$(wc -l <"$work/rules")" -gt 200
for text in "${texts[@]}"; do
  grep -ohE 'testcamp explain [a-z][a-z-]*\.[a-z.-]*[a-z]' "$text" | sed 's/.* //' | while read -r rule; do
    "$T" explain "$rule" >/dev/null 2>&1 || echo "$text: $rule"
  done
done | each "rules that are to be explained are explained"
"$R" --list-defects | awk '{ print $1 }' | sort -u >"$work/defects"
grep -hoE -- '--defect [a-z-]+' "${texts[@]}" | sed 's/.* //' | sort -u | comm -23 - "$work/defects" | each "defects are there"

# ---- README's first ten minutes, as they stand there ----
sed -n '/^## Ten minutes/,/^## /p' README.md | sed -n 's/^    //p' | sed -e ':join' -e '/\\$/{N;s/\\\n */ /;bjoin' -e '}' >"$work/first"
sed -i -e '/^export/d' -e "/^testcamp run/s#\$# --clock-scale 30 --store $work/s.sqlite --report $work/reports#" "$work/first"
export PATH=$TEST_BIN:$PATH
ok "three commands" test "$(wc -l <"$work/first")" = 3
exits 0 "the reference vendor passes" bash -c "$(sed -n 1p "$work/first")"
exits 1 "and broken it fails" bash -c "$(sed -n 2p "$work/first")"
says '3\.2\.5\.2 +FEJL' "at its step"
says 'ack\.code  m2#payload:[0-9]+:[0-9]+' "by its rule, at its line"
says "response\.code er 'fatal-error'; forventet ok" "in Danish"
ok "as the report has it" grep -q 'ack.code</code> <a class="mono" href="#m2p-L[0-9]*">m2#payload' "$(sed -n 's/^ *rapport: //p' "$work/out")"
exits 0 "the rule is explained" bash -c "$(sed -n 3p "$work/first")"
finish
