#!/usr/bin/env bash
# Who may use the console: accounts, invitations, closing; and that a vendor sees its own alone.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
cd "$work" || exit 1

ok "an account of MedCom" account mia medcom
ok "one of a vendor" account vic vendor "Acme A/S"
exits 2 "a name that is taken" "$T" account add mia --role medcom --initials MM --store "$store"
exits 2 "a vendor without an organisation" "$T" account add vera --role vendor --initials VE --store "$store"
exits 0 "the list" "$T" account list --store "$store"
says 'vic' "names them"
ok "no password stands in the file" bash -c "! grep -q 'the password of' '$store.console'*"
console || finish

get nobody /people
answers 303 "nobody is sent to the login"
login vic
answers 303 "a vendor logs in"
get vic /people
answers 404 "and has no organisations to see"
post vic /people "name=Mine"
answers 404 "nor to make"
login mia
get mia /people
answers 200 "MedCom has"
shows 'Acme A/S' "and sees them"

post mia /people "name=Other ApS" "contact=Otto" "email=otto@example.org"
answers 303 "a new organisation"
post mia /people "name=other aps"
get mia /people
shows 'there is an organisation' "a name that is taken is told"
post mia /people "name=<script>alert(1)</script>"
get mia /people
hides '<script>alert' "what somebody wrote is text"
other=$(sed -n 's#.*href="/people/\([0-9]*\)">Other ApS.*#\1#p' "$work/page" | head -n 1)
post mia /accounts "organisation=$other" "role=vendor" "name=otto" "full-name=Otto" "initials=OO"
answers 200 "somebody is invited"
link=$(grep -o '/invitation/[0-9a-f]*' "$work/page" | head -n 1)
ok "by a link" test -n "$link"
get nobody "$link"
answers 200 "which asks for a password"
shows 'autocomplete="new-password"' "a password manager knows what is asked for"
post nobody "$link" password=short again=short
shows 'notice error[^>]*>A password has 10 to 200 characters' "a short password is refused"
post nobody /language lang=da "back=$link"
post nobody "$link" password=short again=short
shows 'notice error[^>]*>En adgangskode har 10 til 200 tegn' "in the language of the page"
post nobody /language lang=en "back=$link"
post nobody "$link" "password=$(password_of otto)" "again=$(password_of otto)"
answers 303 "that is chosen"
login otto
get otto /systems
answers 200 "and works"
get nobody2 "$link"
hides 'name="password"' "the link works once"

id=$(get mia "/people/$other"; grep -o '/accounts/[0-9]*/close' "$work/page" | grep -o '[0-9]*' | head -n 1)
csrf=$(token mia)
cookie="Cookie: testcamp=$(awk '$6 == "testcamp" { print $7 }' "$work/mia.jar")" # curl has it for another host
ask nobody2 -H "$cookie" -H "Host: testcamp.example:8443" -H "Origin: https://testcamp.example:8443" -d "csrf=$csrf" "/accounts/$id/invite"
shows '>https://testcamp.example:8443/invitation/[0-9a-f]+<' "an invitation leads where MedCom is, not to the address that is listened at"
ask nobody2 -H "$cookie" -H "Host: testcamp.example:8443" -H "Origin: https://other.example:8443" -d "csrf=$csrf" "/accounts/$id/invite"
answers 403 "and nowhere else"
get mia "/people/$other"
post mia "/accounts/$id/close"
answers 303 "an account is closed"
get otto /systems
answers 303 "whose session is over"
login otto
answers 403 "and who cannot log in"
exits 0 "the audit log is whole" "$T" check --store "$store"
finish
