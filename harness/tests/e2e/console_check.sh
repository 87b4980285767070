#!/usr/bin/env bash
# What the console does without any run: a message is checked, two are compared, rules explain themselves, protocols are
# printed; each says what the command says.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
example=$TEST_ROOT/fixtures/examples/reply.json
data=$TEST_ROOT/harness/tests/data/mapping
cd "$work" || exit 1
sed 's/5790000209354/5790000000000/' "$example" >other.json
console || exit 1

# ---- one message ----
upload a /check file=@other.json
answers 200 "a message is checked"
shows '<a href="/explain/header.party.gln.check-digit">' "a rule leads to its explanation"
shows '<a href="#L54">line 54:16</a>' "a finding leads to its line"
shows 'class="line marked" id="L54".*<a class="mark" href="#f1"' "and the line back to it"
"$T" validate --format tsv other.json >told
ok "as many as the command finds" test "$(grep -o '<li class="finding"' page | wc -l)" = "$(grep -c . told)"
for level in wellformed envelope bundle profile; do
  upload a /check file=@other.json level=$level
  answers 200 "at level $level"
  "$T" validate --format tsv --level $level other.json >told
  ok "as the command at level $level" test "$(grep -o '<li class="finding"' page | wc -l)" = "$(grep -c . told)"
done
post a /check text@other.json
shows 'header.party.gln.check-digit' "a message that was pasted"
shows '<textarea[^>]*>\{' "comes back with the answer"
upload a /check file=@other.json profile=http://example.org/no-such-profile
answers 200 "a profile that there is not"
hides 'No errors were found' "is not passed over"
upload a /check file=@other.json profile=--store=x
ok "is never an option" test ! -e x
: >empty
upload a /check file=@empty
answers 400 "nothing to check"
ok "nothing is kept" test -z "$(find "$store.console-files" -type f 2>/dev/null)"

# ---- a page is a tenth on its way ----
head -c 60000 /dev/zero | tr '\0' ' ' >long.txt
cat "$example" long.txt >long.json
upload a /check file=@long.json
plain=$(wc -c <page)
ask a -H 'Accept-Encoding: gzip' -F "csrf=$(token a)" -F file=@long.json /check
ok "who takes gzip gets it" grep -qi '^content-encoding: gzip' head
ok "and a fraction of the bytes" test "$(wc -c <page)" -lt $((plain / 4))
ok "of the same page" test "$(gunzip -c page | wc -c)" -gt 60000

# ---- two ----
upload a /check/diff "expected-file=@$example" actual-file=@other.json
answers 200 "two are compared"
shows '<a href="#E54">54:16</a>' "with the place in what was expected"
shows '<a href="#A54">54:16</a>' "and in what came"
shows 'id="E54".*href="#Ef1".*id="A54".*href="#Af1"' "marked on both sides, by anchors of their own"
ok "no anchor is there twice" test -z "$(grep -o ' id="[^"]*"' page | sort | uniq -d)"
upload a /check/diff "expected-file=@$example" "actual-file=@$example"
shows 'They say the same' "the same twice"
echo rubbish >rubbish.txt
upload a /check/diff "expected-file=@$example" actual-file=@rubbish.txt
answers 200 "a message and rubbish"
shows 'could not be compared' "which is said"
hides 'They say the same' "and passes for nothing"
upload a /check/diff "expected-file=@$example"
answers 400 "one alone"
exits 1 "the command as a list" "$T" diff --format json "$example" other.json
says '"rule": "diff.value"' "of findings"
ok "with both places" test "$(grep -c '"line": 54' out)" = 2
exits 2 "in a form that there is not" "$T" diff --format xml "$example" other.json

# ---- rules ----
get a /explain/header.party.gln
answers 200 "a rule"
shows '<h2>header.party.gln <span class="badge fail">error' "with its severity"
shows 'This passes</h3><pre' "an example that passes"
shows 'This fails</h3><pre' "and one that does not"
get a /explain/receipt.late
shows '<p>The receipt came after' "a rule without an example says what it says"
shows 'How it is judged</h3><p>By a clock' "and how it is judged"
get a /explain/medcom-careCommunication-6
shows 'FHIRPath  *iif' "a constraint has its expression"
get a /explain/%68eader.party.gln.check-digi%74
answers 200 "an address with escapes names the same rule"
get a /explain/no.such.rule
answers 404 "a rule that there is not"
get a '/explain?q=check+digit+GLN'
shows '/explain/header.party.gln.check-digit' "rules are searched"
hides '/explain/profile.fixed' "for all the words"
get a '/explain?q=%3Cscript%3E'
answers 200 "script is searched for"
hides '<script>' "as text"
get a '/explain?page=2'
shows '51–100 of [0-9]+' "rules have pages"
shows 'href="/explain\?page=3"' "with the way to the next"
get a '/explain?page=9999&q=gln'
answers 200 "a page that there is not"
shows 'href="/explain\?page=1&amp;q=gln"' "leads back to the first, of the same words"
post a /language lang=da back=/
get a '/explain?q=kontrolciffer'
shows 'forkert kontrolciffer' "in Danish"
get a /explain/header.party.gln.check-digit
shows 'Dette er en fejl' "a rule in Danish"

# ---- protocols ----
get a /protocols
ok "all protocols are listed" test "$(grep -o '?lang=da&amp;pdf=1' page | wc -l)" -ge 60
get a '/protocols?q=carecommunication+5.0'
ok "and searched" test "$(grep -o '?lang=da&amp;pdf=1' page | wc -l)" -le 5
get a '/protocols/carecommunication-5.0-receive?lang=da'
shows '<html lang="da"' "printed in Danish"
get a '/protocols/carecommunication-5.0-receive?lang=en'
shows '<html lang="en"' "and in English, whatever the visitor's language"
get a '/protocols/carecommunication-5.0-receive?lang=en&pdf=1'
field content-type application/pdf "as PDF"
ok "which is one" test "$(head -c 5 page)" = %PDF-
get a '/protocols?q=carecommunication-5.0-receive'
shows '<td[^>]*>Modtager</td>' "a role is in Danish"
get a /protocols/no-such-protocol
answers 404 "one that there is not"
printf "garbage" >garbage
for page in convert bundle; do
  upload a /check/$page file=@garbage bundle=@garbage to=XDIS91
  shows 'garbage|bundle.tar.gz' "what is no letter, or no bundle, is named"
  hides 'console-files|/tmp/' "without the folders of this machine"
done
upload a /check file=@garbage
shows 'hverken JSON eller XML' "a finding that is in Danish from end to end"
console_stop
finish
