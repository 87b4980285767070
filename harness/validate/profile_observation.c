/* Vital signs: an Observation with one of the codes that FHIR sets apart must conform to the profile of that code
 * (FHIR R4, 10.1.1.9 Vital Signs Profile), whether it claims it or not. */
#include <string.h>

#include "validate/profile_int.h"

#define LOINC "http://loinc.org"
#define SNOMED "http://snomed.info/sct"
#define BASE "http://hl7.org/fhir/StructureDefinition/"

static const struct {
  const char *system, *code, *profile;
} vital_signs[] = {
    {LOINC, "85353-1", BASE "vitalsigns"},
    {LOINC, "9279-1", BASE "resprate"},
    {LOINC, "8867-4", BASE "heartrate"},
    {LOINC, "2708-6", BASE "oxygensat"},
    {LOINC, "8310-5", BASE "bodytemp"},
    {LOINC, "8302-2", BASE "bodyheight"},
    {LOINC, "9843-4", BASE "headcircum"},
    {LOINC, "29463-7", BASE "bodyweight"},
    {LOINC, "39156-5", BASE "bmi"},
    {LOINC, "85354-9", BASE "bp"},
    {LOINC, "76534-7", BASE "bp"},
    {LOINC, "76535-4", BASE "bp"},
    {SNOMED, "86290005", BASE "resprate"},
    {SNOMED, "364075005", BASE "heartrate"},
    {SNOMED, "103228002", BASE "oxygensat"},
    {SNOMED, "386725007", BASE "bodytemp"},
    {SNOMED, "276885007", BASE "bodytemp"},
    {SNOMED, "50373000", BASE "bodyheight"},
    {SNOMED, "363812007", BASE "headcircum"},
    {SNOMED, "27113001", BASE "bodyweight"},
    {SNOMED, "60621009", BASE "bmi"},
    {SNOMED, "75367002", BASE "bp"},
};

static const char *profile_of(const struct node *coding) {
  struct str system = node_text_at(coding, "system"), code = node_text_at(coding, "code");
  for (size_t i = 0; i < sizeof vital_signs / sizeof *vital_signs; i++)
    if (str_eqz(system, vital_signs[i].system) && str_eqz(code, vital_signs[i].code)) return vital_signs[i].profile;
  return NULL;
}

/* The list of units that R4 binds all component values to is that of the vital signs; a component may be something
 * else, such as a flow of oxygen or a code. */
static bool is_unit_of_component(const struct finding *f) {
  return str_starts(f->rule, STR("profile.binding")) && str_eqz(f->element, "Observation.component.value[x]");
}

static void check_as(struct checker *k, const struct node *observation, struct schema *s) {
  const struct findings *found = check_outcome(k, observation, s)->found;
  struct findings meant;
  findings_init(&meant, k->a);
  meant.dropped = found->dropped;
  memcpy(meant.dropped_of, found->dropped_of, sizeof meant.dropped_of);
  for (size_t i = 0; i < found->list.n; i++)
    if (!is_unit_of_component(&found->list.v[i])) VEC_PUSH(k->a, &meant.list, found->list.v[i]);
  findings_join(k->f, &meant);
}

void check_vital_signs(struct checker *k, const struct node *observation) {
  for (const struct node *c = node_child(node_child(observation, "code"), "coding"); c; c = node_again(c)) {
    const char *profile = profile_of(c);
    struct schema *s = profile ? schema_of_profile(k->cache, str_z(profile), NULL) : NULL;
    if (profile && !s) CHECK(k, PROFILE_UNKNOWN, c, NULL, str_z(profile));
    if (s) check_as(k, observation, s);
  }
}
