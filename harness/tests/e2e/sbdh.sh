#!/usr/bin/env bash
# The ehmiSBDH on the command line: what validate says of envelopes that are right, deviate, or are wrong; explain.
. "$(dirname "$0")/lib.sh"
data=$TEST_ROOT/harness/tests/data/validate/sbdh

exits 0 "a request, with its message" "$T" validate "$data/request.xml"
says 'level profile' "the message inside by its profiles"
exits 0 "a copy for the register of messages" "$T" validate "$data/copy.xml"
exits 0 "a receipt and an exception" "$T" validate "$data/receipt.xml" "$data/exception.xml"
exits 0 "by the envelope alone" "$T" validate --level envelope "$data/acknowledgement-request.xml"

sed 's/urn:ehmi:sdn-emergence/sdn-emergence/; s/ xmlns="http:\/\/peppol[^"]*"//' "$data/request.xml" >"$work/sample.xml"
exits 0 "what only some sources have" "$T" validate --format tsv "$work/sample.xml"
says '^info	.*sample.xml:17:30	.*	sbdh.process-id.other	' "a note, with its place"
says '^info	.*	sbdh.content.namespace.other	' "the namespace of the content"

sed 's/0088:5790008888025/0088:5790008888131/' "$data/request.xml" >"$work/gln.xml"
exits 0 "another location number than the message has" "$T" validate --format tsv "$work/gln.xml"
says '^warning	.*gln.xml:5:9	.*	sbdh.payload.gln	' "a warning, by the profile"

sed '/<Type>PROCESSID</d; s/Recurrence="0"/Recurrence="1"/' "$data/request.xml" >"$work/wrong.xml"
exits 1 "a scope too few and a wrong attribute" "$T" validate --format tsv --lang da "$work/wrong.xml"
says '^error	.*	sbdh.scope.missing	Scopet PROCESSID mangler' "the scope, in Danish"
says '^error	.*	sbdh.reliable.attribute	' "the attribute"

sed 's/encoding="UTF-8">/&*/' "$data/request.xml" >"$work/base64.xml"
exits 1 "broken base64" "$T" validate --format tsv "$work/base64.xml"
says '^error	.*base64.xml:37:[0-9]+	.*	sbdh.base64	' "where it breaks"

# Data that is not there is a fault of the installation, not of the message.
mkdir -p "$work/data/fixtures/standards" "$work/data/protocols"
TESTCAMP_DATA=$work/data exits 3 "without a profile" "$T" validate --level envelope "$data/request.xml"
says 'validate.ehmi-profile' "nothing is passed that was not judged"
sed 's/^resends:/resend:/' "$TEST_ROOT/fixtures/standards/ehmi-profile.yaml" >"$work/data/fixtures/standards/ehmi-profile.yaml"
TESTCAMP_DATA=$work/data exits 3 "with a mistake in the profile" "$T" validate --level envelope "$data/request.xml"
says 'did you mean' "the nearest word"

exits 0 "a rule" "$T" explain sbdh.scope.missing
says 'ehmiSBDH' "its source"
exits 0 "a group of rules" "$T" explain sbdh.document-id
says 'sbdh.document-id.syntax' "one of them"
finish
