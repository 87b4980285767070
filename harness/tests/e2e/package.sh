#!/usr/bin/env bash
# The package command: what it keeps, what it refuses, what it says.
. "$(dirname "$0")/lib.sh"
export XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache
kept=$XDG_DATA_HOME/testcamp/packages

# make NAME VERSION DEPENDENCIES URL: an unpacked package in $work/NAME-VERSION.
make() {
  local dir=$work/$1-$2/package
  mkdir -p "$dir"
  printf '{"name":"%s","version":"%s","canonical":"http://%s","dependencies":{%s}}\n' "$1" "$2" "$1" "$3" >"$dir/package.json"
  printf '{"resourceType":"ValueSet","url":"%s"}\n' "$4" >"$dir/v.json"
}

make a 1.0.0 '"b":"1.0.0","c":"1.0.0"' http://a/v
make b 1.2.0 '' http://b/v
mkdir "$work/files"
tar -C "$work/b-1.2.0" -czf "$work/files/b.tgz" package

exits 2 "nothing is kept yet" "$T" package list
says "testcamp package add" "it says how packages come there"
exits 0 "an unpacked folder" "$T" package add "$work/a-1.0.0"
says '^added +a@1.0.0 +1 definitions' "what was added"
exits 0 "a folder of packages" "$T" package add "$work/files"
says '^added +b@1.2.0' "what was added"
ok "kept under one name" test -f "$kept/a-1.0.0.tgz" -a -f "$kept/b-1.2.0.tgz"

exits 0 "the same again" "$T" package add "$work/a-1.0.0" "$work/files/b.tgz"
says '^there already +a@1.0.0' "that it is there"
printf '{"resourceType":"ValueSet","url":"http://a/w"}' >"$work/a-1.0.0/package/v.json"
exits 2 "other content under the same name" "$T" package add "$work/a-1.0.0"
says '--replace' "what to do"
exits 0 "the old one is still there" "$T" package show a@1.0.0
says '^ValueSet.http://a/v\|1.0.0$' "the old definition"
exits 0 "replaced" "$T" package add --replace "$work/a-1.0.0"

exits 0 "list" "$T" package list
says '^a@1.0.0.http://a.' "a row a package"
exits 0 "show" "$T" package show a@1.0.0
says '^ValueSet.http://a/w\|1.0.0$' "the definition"
says '^needs.b@1.2.0$' "the stand-in for a version that is not there"
says '^lacks.b@1.0.0.asked for by a@1.0.0; instead 1.2.0$' "that it is a stand-in"
says '^lacks.c@1.0.0.asked for by a@1.0.0$' "what is not there at all"
says "^sha256.$(sha256sum "$kept/a-1.0.0.tgz" | cut -d' ' -f1)\$" "the digest of the file"
exits 2 "show something else" "$T" package show b@9.9.9
says 'there is b of: 1.2.0' "which versions there are"

mkdir -p "$work/x/package"
cp "$work/b-1.2.0/package/package.json" "$work/x/package"
ln -s /etc/passwd "$work/x/package/y.json"
tar -C "$work/x" -czf "$work/link.tgz" package
exits 2 "a link" "$T" package add --packages "$work/other" "$work/link.tgz"
says 'link' "why"
tar -C "$work/b-1.2.0/package" -P --transform='s,^,package/../../,' -czf "$work/out.tgz" package.json v.json
exits 2 "names that lead out" "$T" package add --packages "$work/other" "$work/out.tgz"
says 'leads out' "why"
head -c 100 "$work/files/b.tgz" >"$work/cut.tgz"
exits 2 "a cut file" "$T" package add --packages "$work/other" "$work/cut.tgz"
tar -C "$work/b-1.2.0" -cf "$work/plain.tgz" package
exits 2 "not compressed" "$T" package add --packages "$work/other" "$work/plain.tgz"
says 'gzip' "why"
tar -C "$work/b-1.2.0" -czf "$work/twice.tgz" package/package.json package/v.json package/v.json --hard-dereference
exits 2 "a file twice" "$T" package add --packages "$work/other" "$work/twice.tgz"
says 'twice' "why"
mkfifo "$work/x/package/pipe.json" && rm "$work/x/package/y.json"
tar -C "$work/x" -czf "$work/pipe.tgz" package
exits 2 "a pipe" "$T" package add --packages "$work/other" "$work/pipe.tgz"
says 'neither a file' "why"
rm "$work/x/package/pipe.json"
truncate -s 128M "$work/x/package/z.json" && printf x >>"$work/x/package/z.json"
tar -C "$work/x" -czf "$work/bomb.tgz" package
exits 2 "a file of 128 MiB and a byte, in 130 KB" "$T" package add --packages "$work/other" "$work/bomb.tgz"
says 'too large; at most 134217728' "why"
ok "nothing was kept of them" test -z "$(ls -A "$work/other")"
make odd 1.0.0 '' http://odd/v
printf '{\n "resourceType": "Valueset"}' >"$work/odd-1.0.0/package/w.json"
exits 0 "a file that cannot be used" "$T" package add "$work/odd-1.0.0"
says 'odd@1.0.0:package/w.json:2:18: .*"Valueset"' "which, where and why"
says '^added +odd@1.0.0 +1 definitions' "the rest is"
make half 1.0.0 '' http://half/v
printf '{"resourceType":"ValueSet",\n "url":"http://half/w",\n "x":tru}' >"$work/half-1.0.0/package/w.json"
exits 0 "a definition that breaks off its JSON half-way" "$T" package add "$work/half-1.0.0"
says 'half@1.0.0:package/w.json:3:6: .*not used' "which and where"
exits 2 "show says so too" "$T" package show half@1.0.0
says 'half@1.0.0:package/w.json:3:6: .*not used' "which and where"
says '^ValueSet.http://half/v\|1.0.0$' "and shows the rest"
exits 0 "what is lacking is listed" "$T" package list
says '^a@1.0.0.http://a.*	lacks b@1.0.0 \(1.2.0 instead\), c@1.0.0$' "with what there is instead"
says '^b@1.2.0.http://b.*tgz$' "nothing where all is there"
head -c 100 "$work/files/b.tgz" >"$kept/cut-1.0.0.tgz"
exits 2 "a file in the folder that is no package" "$T" package list
says 'cut-1.0.0.tgz is a damaged archive' "which and why"
says '^a@1.0.0.http://a.' "and the others are listed"
exits 0 "the others can be shown" "$T" package show b@1.2.0
rm "$kept/cut-1.0.0.tgz"
exits 2 "a word that is none" "$T" package drop
exits 2 "no word" "$T" package

finish
