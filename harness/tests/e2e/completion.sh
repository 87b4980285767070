#!/usr/bin/env bash
# Completion in bash, as bash itself calls it.
. "$(dirname "$0")/lib.sh"
PATH=$TEST_BIN:$PATH

# completes WORD...: what the last of the words may become, in $work/out
completes() {
  bash -c '
    eval "$(testcamp completion bash)"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _testcamp
    printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

exits 0 "a command" completes testcamp val
says '^validate$' "is found"
ok "and no other" test "$(wc -l <"$work/out")" = 1
exits 0 "an option" completes testcamp report --te
says '^--template$' "is found"
exits 0 "a word of an option" completes testcamp report --lang d
says '^da$' "is found"
exits 0 "one of several that the help lists" completes testcamp report x --format testr
says '^testreport$' "is found"
exits 0 "a mode" completes testcamp run --mode cert
says '^certify$' "is found"
exits 0 "the form of a comparison" completes testcamp diff --format j
says '^json$' "is found"
exits 0 "a file of messages" completes testcamp validate --packages x
ok "is no list" test "$(tr -d '\n' <"$work/out")" = ""
exits 0 "what a command does" completes testcamp course sub
says '^submit$' "is found"
exits 0 "of what has files behind it" completes testcamp package a
says '^add$' "is found"
exits 0 "a command that takes files alone" completes testcamp lint ''
ok "does nothing else" test "$(tr -d '\n' <"$work/out")" = ""
exits 0 "what is a file" completes testcamp validate some
ok "is left to the shell" test "$(tr -d '\n' <"$work/out")" = ""
exits 0 "behind a file" completes testcamp run protocols/a.yaml --ven
says '^--vendor$' "options are found"
ok "and nothing is said" test ! -s "$work/err"
exits 0 "for zsh" "$T" completion zsh
exits 0 "for fish" "$T" completion fish
exits 2 "for no shell" "$T" completion cmd
finish
