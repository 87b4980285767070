#!/usr/bin/env bash
# MedCom's list of approved systems: read in, listed, and written out again with the runs of the store over it.
. "$(dirname "$0")/lib.sh"
S=$work/store.sqlite
HEAD='System;Leverandør;Systemtype/Oversigt;Standard;Standard ID (Version);Kanal;Teststatus'
printf '%s\n' "$HEAD" 'Gammel;Huset;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Sende;Godkendt' \
  'Gammel;Huset;EPJ;Korrespondancemeddelelse;CareCommunication (4.0);Modtager;Godkendt' \
  'Ny;Huset;EPJ;Diagnoseoversigt;ConditionList (1.0);Modtage;Tester' >"$work/list.csv"

exits 1 "a list with a bad row" "$T" approvals "$work/list.csv" --as-of 2026-01-02 --by AB --store "$S"
says 'list.csv:3:67: error: .*Modtager' "the row is told with line and column"
says '2 rows read, 1 kept out' "and counted"
exits 2 "a day that is none" "$T" approvals "$work/list.csv" --as-of 2026-02-30 --store "$S"
exits 2 "a file that is no list" "$T" approvals "$0" --store "$S"
exits 0 "what is there" "$T" list approvals --store "$S"
says '^Gammel.Huset.EPJ.*Sende.Godkendt..2026-01-02' "is listed"
ok "row by row" test "$(wc -l <"$work/out")" = 2
exits 0 "it is no run" "$T" list runs --store "$S"
ok "nothing is listed as one" test ! -s "$work/out"
exits 0 "the store is whole" "$T" check --store "$S"

exits 0 "the list as a workbook" "$T" report --all --format xlsx --output "$work/all.xlsx" --store "$S"
exits 0 "read in elsewhere" "$T" approvals "$work/all.xlsx" --store "$work/other.sqlite"
says '2 rows read, 0 kept out' "with all its rows"

exits 3 "a run by hand" "$T" run "$PROTOCOLS/send.yaml" --vendor "$VENDORS/refvendor.yaml" --by-hand --store "$S" --report "$work/reports"
exits 0 "the list with the runs" "$T" report --all --format csv --lang da --store "$S"
says '"Grundlag"' "says what each row goes by"
says '"Gammel";.*"Godkendt";"listen list.csv af 2026-01-02"' "an older approval counts"
says '"Sende";"Test mangler";"egentest ' "a self-test approves nothing"
ok "three rows" test "$(wc -l <"$work/out")" = 4
exits 2 "all runs as a picture" "$T" report --all --format html --store "$S"
exits 2 "all and one" "$T" report x --all --format csv --store "$S"
finish
