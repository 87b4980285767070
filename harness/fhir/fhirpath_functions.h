/* fhirpath_functions: the functions by family; each family is the file of its name. */
#ifndef FHIR_FHIRPATH_FUNCTIONS_H
#define FHIR_FHIRPATH_FUNCTIONS_H

#include "fhir/fhirpath_int.h"

/* fhirpath_existence.c */
int fp_fn_empty(struct fp_call *c);
int fp_fn_exists(struct fp_call *c);
int fp_fn_all(struct fp_call *c);
int fp_fn_all_true(struct fp_call *c);
int fp_fn_any_true(struct fp_call *c);
int fp_fn_all_false(struct fp_call *c);
int fp_fn_any_false(struct fp_call *c);
int fp_fn_subset_of(struct fp_call *c);
int fp_fn_superset_of(struct fp_call *c);
int fp_fn_count(struct fp_call *c);
int fp_fn_distinct(struct fp_call *c);
int fp_fn_is_distinct(struct fp_call *c);
int fp_fn_not(struct fp_call *c);
int fp_fn_has_value(struct fp_call *c);
int fp_fn_get_value(struct fp_call *c);

/* fhirpath_filtering.c */
int fp_fn_where(struct fp_call *c);
int fp_fn_select(struct fp_call *c);
int fp_fn_repeat(struct fp_call *c);
int fp_fn_of_type(struct fp_call *c);
int fp_fn_sort(struct fp_call *c);

/* fhirpath_subsetting.c */
int fp_fn_single(struct fp_call *c);
int fp_fn_first(struct fp_call *c);
int fp_fn_last(struct fp_call *c);
int fp_fn_tail(struct fp_call *c);
int fp_fn_skip(struct fp_call *c);
int fp_fn_take(struct fp_call *c);
int fp_fn_intersect(struct fp_call *c);
int fp_fn_exclude(struct fp_call *c);
int fp_fn_union(struct fp_call *c);
int fp_fn_combine(struct fp_call *c);

/* fhirpath_conversion.c */
int fp_fn_iif(struct fp_call *c);
int fp_fn_to_boolean(struct fp_call *c);
int fp_fn_converts_to_boolean(struct fp_call *c);
int fp_fn_to_integer(struct fp_call *c);
int fp_fn_converts_to_integer(struct fp_call *c);
int fp_fn_to_decimal(struct fp_call *c);
int fp_fn_converts_to_decimal(struct fp_call *c);
int fp_fn_to_string(struct fp_call *c);
int fp_fn_converts_to_string(struct fp_call *c);
int fp_fn_to_date(struct fp_call *c);
int fp_fn_converts_to_date(struct fp_call *c);
int fp_fn_to_date_time(struct fp_call *c);
int fp_fn_converts_to_date_time(struct fp_call *c);
int fp_fn_to_time(struct fp_call *c);
int fp_fn_converts_to_time(struct fp_call *c);
int fp_fn_to_quantity(struct fp_call *c);
int fp_fn_converts_to_quantity(struct fp_call *c);

/* fhirpath_string.c */
int fp_fn_index_of(struct fp_call *c);
int fp_fn_last_index_of(struct fp_call *c);
int fp_fn_substring(struct fp_call *c);
int fp_fn_starts_with(struct fp_call *c);
int fp_fn_ends_with(struct fp_call *c);
int fp_fn_contains(struct fp_call *c);
int fp_fn_upper(struct fp_call *c);
int fp_fn_lower(struct fp_call *c);
int fp_fn_replace(struct fp_call *c);
int fp_fn_length(struct fp_call *c);
int fp_fn_to_chars(struct fp_call *c);
int fp_fn_trim(struct fp_call *c);
int fp_fn_split(struct fp_call *c);
int fp_fn_join(struct fp_call *c);

/* fhirpath_text.c */
int fp_fn_matches(struct fp_call *c);
int fp_fn_matches_full(struct fp_call *c);
int fp_fn_replace_matches(struct fp_call *c);
int fp_fn_encode(struct fp_call *c);
int fp_fn_decode(struct fp_call *c);
int fp_fn_escape(struct fp_call *c);
int fp_fn_unescape(struct fp_call *c);

/* fhirpath_math.c */
int fp_fn_abs(struct fp_call *c);
int fp_fn_ceiling(struct fp_call *c);
int fp_fn_exp(struct fp_call *c);
int fp_fn_floor(struct fp_call *c);
int fp_fn_ln(struct fp_call *c);
int fp_fn_log(struct fp_call *c);
int fp_fn_power(struct fp_call *c);
int fp_fn_round(struct fp_call *c);
int fp_fn_sqrt(struct fp_call *c);
int fp_fn_truncate(struct fp_call *c);

/* fhirpath_boundary.c */
int fp_fn_low_boundary(struct fp_call *c);
int fp_fn_high_boundary(struct fp_call *c);
int fp_fn_precision(struct fp_call *c);
int fp_fn_comparable(struct fp_call *c);

/* fhirpath_tree.c */
int fp_fn_children(struct fp_call *c);
int fp_fn_descendants(struct fp_call *c);

/* fhirpath_utility.c */
int fp_fn_trace(struct fp_call *c);
int fp_fn_now(struct fp_call *c);
int fp_fn_today(struct fp_call *c);
int fp_fn_time_of_day(struct fp_call *c);
int fp_fn_aggregate(struct fp_call *c);
int fp_fn_type(struct fp_call *c);
int fp_fn_is(struct fp_call *c);
int fp_fn_as(struct fp_call *c);

/* fhirpath_fhir.c */
int fp_fn_extension(struct fp_call *c);
int fp_fn_resolve(struct fp_call *c);
int fp_fn_member_of(struct fp_call *c);
int fp_fn_conforms_to(struct fp_call *c);
int fp_fn_html_checks(struct fp_call *c);
int fp_fn_check_modifiers(struct fp_call *c);
int fp_fn_not_supported(struct fp_call *c);

#endif
