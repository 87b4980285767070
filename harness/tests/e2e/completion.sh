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
exits 0 "what is a file" completes testcamp validate some
ok "is left to the shell" test "$(tr -d '\n' <"$work/out")" = ""
exits 0 "behind a file" completes testcamp run protocols/a.yaml --ven
says '^--vendor$' "options are found"
ok "and nothing is said" test ! -s "$work/err"
exits 0 "for zsh" "$T" completion zsh
exits 0 "for fish" "$T" completion fish
exits 2 "for no shell" "$T" completion cmd
finish
