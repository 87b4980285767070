#!/usr/bin/env bash
# MedCom's Word document of a run, in the browser: filled in, with what did not fit; what is none is refused.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/console_lib.sh"
command -v python3 >/dev/null || { echo "skipped: there is no python3 to make a Word document with"; exit 77; }
cd "$work" || exit 1
"$T" run "$TEST_ROOT/protocols/test-message/test-message.yaml" --vendor "$VENDORS/refvendor.yaml" --store "$store" --report reports >out 2>err
run=$(last_run "$store")
ok "a run" test -n "$run"
python3 -c '
import sys, zipfile
cell = "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>"
row = lambda *texts: "<w:tr>" + "".join(cell % t for t in texts) + "</w:tr>"
with zipfile.ZipFile(sys.argv[1], "w") as z:
    z.writestr("[Content_Types].xml", "<Types/>")
    z.writestr("word/document.xml", "<w:document xmlns:w=\"urn:w\"><w:body><w:tbl>" + row("Trin", "Testdata", "Aktuelt resultat", "MedCom vurdering")
        + row("1.1", "", "", "") + row("9.9", "", "", "") + "</w:tbl></w:body></w:document>")
' form.docx
console || exit 1

get a "/runs/$run"
shows "/runs/$run/word" "the run leads there"
get a "/runs/$run/word"
answers 200 "the page"
upload a "/runs/$run/word" document=@form.docx
answers 200 "it is filled in"
shows 'no step of the run has: 9\.9' "what does not fit is told"
grep -o 'base64,[A-Za-z0-9+/=]*' page | head -n 1 | cut -c8- | base64 -d >filled.docx
"$T" report "$run" --format docx --template form.docx --output same.docx --lang en --store "$store" >out 2>err
text() { python3 -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("word/document.xml").decode())' "$1"; }
ok "as the command fills it in" test "$(text filled.docx)" = "$(text same.docx)"
ok "and it is not as it was" test "$(text filled.docx)" != "$(text form.docx)"
# A picture in it makes it larger than most pages: what is saved is whole all the same.
head -c 2000000 /dev/urandom >picture.png
cp form.docx large.docx
python3 -c 'import zipfile; zipfile.ZipFile("large.docx", "a").write("picture.png", "word/media/picture.png")'
upload a "/runs/$run/word" document=@large.docx
answers 200 "a large one is filled in"
grep -o 'base64,[A-Za-z0-9+/=]*' page | head -n 1 | cut -c8- | base64 -d >filled.docx
ok "as a whole" python3 -c 'import zipfile; z = zipfile.ZipFile("filled.docx"); assert z.read("word/media/picture.png") == open("picture.png", "rb").read()'
head -c 500 /dev/urandom >rubbish
upload a "/runs/$run/word" document=@rubbish
answers 400 "what is no Word document"
hides "$work" "no folder of ours is named"
upload a "/runs/$run/word" document=
answers 400 "nothing"
console_stop
finish
