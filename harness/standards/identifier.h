/* identifier: the numbers that Danish health care addresses people and places by.
 *
 * Pure checks of form. Sources: GS1 General Specifications (GLN check digit), CVR
 * modulus 11, CPR (modulus 11 was given up in 2007, so it never rejects), SOR. */
#ifndef STANDARDS_IDENTIFIER_H
#define STANDARDS_IDENTIFIER_H

#include "base/str.h"

/* 13 digits with the right check digit. */
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
/* A SOR id: digits with the partition and check digit of a SNOMED identifier. */
bool sor_valid(struct str s);

#endif
