/* identifier: the numbers that Danish health care addresses people and places by.
 *
 * Pure checks of form; what a wrong one means is told by standards/identifier_rules.h. Sources: GS1 General
 * Specifications (GLN check digit), CVR modulus 11, CPR (modulus 11 was given up in 2007, so it never rejects),
 * SOR (an identifier of SNOMED's long form), dk-core (replacements of a CPR number). */
#ifndef STANDARDS_IDENTIFIER_H
#define STANDARDS_IDENTIFIER_H

#include "base/str.h"

/* 13 digits; gln_valid: with the right check digit as well. */
bool gln_form(struct str s);
bool gln_valid(struct str s);
/* 8 digits; cvr_checked: with the right check digit as well. */
bool cvr_valid(struct str s);
bool cvr_checked(struct str s);
/* 10 digits whose first six are a date that exists (day may carry +60 for
 * test numbers, where the standards' facts say so). */
bool cpr_valid(struct str s);
/* A ydernummer, the number of a general practice: 6 digits. */
bool yder_valid(struct str s);
/* Of a valid one: the date of birth, "1948-12-25", and the gender as FHIR has it, "male" or "female" (by the last
 * digit). */
#define CPR_BIRTH_SIZE 11
void cpr_birth(struct str s, char out[CPR_BIRTH_SIZE]);
const char *cpr_gender(struct str s);
/* Of 10 digits: modulus 11 fits, as it did for every number until 1 October 2007. */
bool cpr_modulus(struct str s);
/* A replacement of a CPR number: DDMMYY, a digit for the century, two capital letters, a digit. x: the national one
 * (1: 19yy, 7: 20yy); d: that of a region (0: 19yy, 5: 18yy, 6: 20yy); ecpr_form: built like one, whatever the digits.
 */
bool x_ecpr_valid(struct str s);
bool d_ecpr_valid(struct str s);
bool ecpr_form(struct str s);
/* Told by the digit for the century alone (1, 7), also of one that is not valid otherwise. */
bool ecpr_is_national(struct str s);
/* The region whose D-eCPR have this system, "urn:oid:1.2.208.176.1.6.1.3.181"; NULL if none has. */
#define X_ECPR_SYSTEM "urn:oid:1.2.208.176.1.6.1.1"
#define D_ECPR_SYSTEM "urn:oid:1.2.208.176.1.6.1.3"
const char *d_ecpr_region(struct str system);
/* SHAK: 4 characters of a hospital, 6 of a department, 7 of a section; shak_form: 8 and 9 too, as some regions have. */
bool shak_form(struct str s);
bool shak_valid(struct str s);
/* The number of a municipality: 3 digits. */
bool municipality_valid(struct str s);
/* At least 11 digits, which is all that dk-core asks of a SOR id. */
bool sor_form(struct str s);
/* A SOR id: digits with the partition and check digit of a SNOMED identifier. */
bool sor_valid(struct str s);

#endif
