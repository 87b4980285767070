#include "fhir/definition.h"

#include <criterion/criterion.h>

#include "fhir/resource.h"
#include "tests/fhir/packing.h"

/* Single quotes stand for double ones. */
static struct node *read_text(struct arena *a, const char *text) {
  struct findings f;
  struct node *n = NULL;
  enum resource_form form;
  char *json = arena_z(a, str_z(text));
  for (char *p = json; *p; p++)
    if (*p == '\'') *p = '"';
  findings_init(&f, a);
  int rc = resource_read(&n, &form, a, (struct source){STR("x"), str_z(json)}, &f);
  cr_assert_eq(rc, 0, "%.*s", f.list.n ? (int)f.list.v[0].en.n : 0, f.list.n ? f.list.v[0].en.p : "");
  return n;
}

static struct element element_of(struct arena *a, const char *members) {
  struct element e;
  struct str json =
      arena_printf(a, "{'resourceType':'StructureDefinition','differential':{'element':[{%s}]}}", members);
  element_read(&e, a, node_at(read_text(a, json.p), "differential.element"));
  return e;
}

static bool is(struct str s, const char *z) {
  return str_eqz(s, z);
}

Test(definition, reads_a_structure) {
  struct arena *a = arena_new(0);
  struct structure *s = structure_read(
      a,
      read_text(a,
                "{'resourceType':'StructureDefinition','id':'p','url':'http://"
                "p','version':'1.0','name':'P','status':'active',"
                "'fhirVersion':'4.0.1','kind':'complex-type','abstract':false,'type':'Extension','baseDefinition':'"
                "http://b|2',"
                "'derivation':'constraint','context':[{'type':'element','expression':'Patient'},{'type':'extension',"
                "'expression':'http://e'}],'contextInvariant':['a','b'],'extension':[{'url':'http://hl7.org/fhir/"
                "StructureDefinition/structuredefinition-imposeProfile','valueCanonical':'http://i'},{'url':'http://x',"
                "'valueCanonical':'http://no'}],'differential':{'element':[{'id':'Extension'}]},'snapshot':{'element':"
                "[{'id':'Extension'},{'id':'Extension.url'}]}}"),
      NULL);
  cr_assert(s);
  cr_expect(is(s->url, "http://p") && is(s->version, "1.0") && is(s->name, "P") && is(s->id, "p"));
  cr_expect(is(s->status, "active") && is(s->fhir_version, "4.0.1"));
  cr_expect_eq(s->kind, STRUCTURE_COMPLEX);
  cr_expect_eq(s->derivation, DERIVATION_CONSTRAINT);
  cr_expect_not(s->abstract);
  cr_expect(is(s->type, "Extension") && is(s->base, "http://b|2"));
  cr_assert_eq(s->contexts.n, 2);
  cr_expect(is(s->contexts.v[1].type, "extension") && is(s->contexts.v[1].expression, "http://e"));
  cr_assert_eq(s->context_invariants.n, 2);
  cr_assert_eq(s->imposes.n, 1);
  cr_expect(is(s->imposes.v[0], "http://i"));
  cr_expect_eq(s->differential.n, 1);
  cr_assert_eq(s->snapshot.n, 2);
  cr_expect(is(s->snapshot.v[1].id, "Extension.url"));
  arena_free(a);
}

Test(definition, is_null_for_other_resources) {
  struct arena *a = arena_new(0);
  struct node *n = read_text(a, "{'resourceType':'Patient'}");
  cr_expect_null(structure_read(a, n, NULL));
  cr_expect_null(value_set_read(a, n, NULL));
  cr_expect_null(code_system_read(a, n, NULL));
  cr_expect_null(structure_read(a, NULL, NULL));
  cr_expect_not_null(structure_read(a, read_text(a, "{'resourceType':'StructureDefinition'}"), NULL));
  arena_free(a);
}

Test(definition, tells_what_an_element_says_and_what_it_does_not) {
  struct arena *a = arena_new(0);
  struct element e =
      element_of(a, "'id':'Patient.name:x','path':'Patient.name','sliceName':'x','min':1,'max':'*',"
                    "'mustSupport':true,'isModifier':false,'maxLength':12,'contentReference':'#Patient.link'");
  cr_expect(is(e.id, "Patient.name:x") && is(e.path, "Patient.name") && is(e.slice_name, "x"));
  cr_expect(e.has_min && e.has_max);
  cr_expect_eq(e.min, 1);
  cr_expect_eq(e.max, DEFINITION_UNBOUNDED);
  cr_expect(e.must_support && e.has_must_support && !e.is_modifier && e.has_is_modifier);
  cr_expect_eq(e.max_length, 12);
  cr_expect(is(e.content_reference, "#Patient.link"));
  e = element_of(a, "'max':'3','base':{'path':'DomainResource.x','min':0,'max':'*'}");
  cr_expect(!e.has_min && e.has_max && !e.has_must_support && !e.slicing.there);
  cr_expect_eq(e.max, 3);
  cr_expect(is(e.base_path, "DomainResource.x"));
  cr_expect_eq(e.base_max, DEFINITION_UNBOUNDED);
  cr_expect_eq(e.binding.strength, BINDING_NONE);
  arena_free(a);
}

Test(definition, bears_numbers_that_are_none) {
  struct arena *a = arena_new(0);
  struct element e = element_of(a, "'min':-1,'max':'x','maxLength':99999999999");
  cr_expect_eq(e.min, 0);
  cr_expect_eq(e.max, DEFINITION_UNBOUNDED);
  cr_expect_eq(e.max_length, 0);
  arena_free(a);
}

Test(definition, reads_types) {
  struct arena *a = arena_new(0);
  struct element e = element_of(
      a,
      "'type':[{'code':'Reference','profile':['http://r'],'targetProfile':['http://a','http://b'],'aggregation':"
      "['contained','bundled'],'versioning':'specific'},{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/"
      "structuredefinition-fhir-type','valueUrl':'string'},{'url':'http://hl7.org/fhir/StructureDefinition/regex',"
      "'valueString':'[a-z]+'}],'code':'http://hl7.org/fhirpath/System.String'}]");
  cr_assert_eq(e.types.n, 2);
  cr_expect(is(e.types.v[0].code, "Reference") && is(e.types.v[0].name, "Reference"));
  cr_expect_eq(e.types.v[0].profiles.n, 1);
  cr_assert_eq(e.types.v[0].targets.n, 2);
  cr_expect(is(e.types.v[0].targets.v[1], "http://b"));
  cr_expect_eq(e.types.v[0].aggregation, AGGREGATION_CONTAINED | AGGREGATION_BUNDLED);
  cr_expect_eq(e.types.v[0].versioning, REFERENCE_SPECIFIC);
  cr_expect(is(e.types.v[1].code, "http://hl7.org/fhirpath/System.String"));
  cr_expect(is(e.types.v[1].name, "string") && is(e.types.v[1].regex, "[a-z]+"));
  arena_free(a);
}

Test(definition, reads_values_with_their_type) {
  struct arena *a = arena_new(0);
  struct element e =
      element_of(a, "'fixedUri':'http://x','patternCodeableConcept':{'text':'t'},'minValuePositiveInt':2,"
                    "'maxValueDateTime':'2020'");
  cr_expect(is(e.fixed.type, "uri") && is(e.fixed.node->text, "http://x"));
  cr_expect(is(e.pattern.type, "CodeableConcept") && is(node_text_at(e.pattern.node, "text"), "t"));
  cr_expect(is(e.min_value.type, "positiveInt") && is(e.min_value.node->text, "2"));
  cr_expect(is(e.max_value.type, "dateTime"));
  e = element_of(a, "'fixedBase64Binary':'AA=='");
  cr_expect(is(e.fixed.type, "base64Binary"));
  cr_expect_null(e.pattern.node);
  arena_free(a);
}

Test(definition, reads_slicing_binding_and_constraints) {
  struct arena *a = arena_new(0);
  struct element e = element_of(
      a,
      "'slicing':{'discriminator':[{'type':'value','path':'system'},{'type':'position','path':'$this'}],'ordered':true,"
      "'rules':'openAtEnd'},'binding':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/"
      "elementdefinition-maxValueSet','valueCanonical':'http://max'}],'strength':'extensible','valueSet':'http://v|1'},"
      "'constraint':[{'key':'a-1','severity':'warning','human':'h','expression':'true','source':'http://s','extension':"
      "[{'url':'http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice','valueBoolean':true}]},"
      "{'key':'a-2','severity':'error'}]");
  cr_expect(e.slicing.there && e.slicing.ordered);
  cr_expect_eq(e.slicing.rules, SLICING_OPEN_AT_END);
  cr_assert_eq(e.slicing.discriminators.n, 2);
  cr_expect_eq(e.slicing.discriminators.v[0].kind, DISCRIMINATOR_VALUE);
  cr_expect_eq(e.slicing.discriminators.v[1].kind, DISCRIMINATOR_UNKNOWN);
  cr_expect(is(e.slicing.discriminators.v[1].path, "$this"));
  cr_expect_eq(e.binding.strength, BINDING_EXTENSIBLE);
  cr_expect(is(e.binding.value_set, "http://v|1") && is(e.binding.max_value_set, "http://max"));
  cr_assert_eq(e.constraints.n, 2);
  cr_expect(is(e.constraints.v[0].key, "a-1") && is(e.constraints.v[0].expression, "true"));
  cr_expect_eq(e.constraints.v[0].severity, CONSTRAINT_WARNING);
  cr_expect(e.constraints.v[0].best_practice && !e.constraints.v[1].best_practice);
  cr_expect_eq(e.constraints.v[1].severity, CONSTRAINT_ERROR);
  arena_free(a);
}

Test(definition, names_are_those_of_fhir) {
  cr_expect_str_eq(binding_strength_name(BINDING_REQUIRED), "required");
  cr_expect_str_eq(binding_strength_name(BINDING_NONE), "");
  cr_expect_str_eq(discriminator_kind_name(DISCRIMINATOR_PROFILE), "profile");
  cr_expect_str_eq(discriminator_kind_name(DISCRIMINATOR_UNKNOWN), "unknown");
  cr_expect_str_eq(slicing_rules_name(SLICING_OPEN_AT_END), "openAtEnd");
  struct str version;
  cr_expect(is(canonical_cut(STR("http://a|1|2"), &version), "http://a") && is(version, "1|2"));
  cr_expect(is(canonical_cut(STR("http://a"), &version), "http://a") && !version.n);
}

static size_t find(const struct code_system *cs, const char *code) {
  return code_system_find(cs, str_z(code));
}

/* The same tree three times: by nesting, by subsumedBy, by child. */
Test(definition, knows_the_hierarchy_in_each_form) {
  static const char *const forms[] = {
      "{'code':'a','concept':[{'code':'b','concept':[{'code':'c'}]}]},{'code':'d'}",
      "{'code':'c','property':[{'code':'subsumedBy','valueCode':'b'}]},{'code':'b','property':[{'code':'parent','"
      "valueCode':"
      "'a'}]},{'code':'a'},{'code':'d'}",
      "{'code':'a','property':[{'code':'child','valueCode':'b'}]},{'code':'b','property':[{'code':'child','valueCoding'"
      ":"
      "{'code':'c'}}]},{'code':'c'},{'code':'d'}",
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    struct arena *a = arena_new(0);
    struct str json = arena_printf(a, "{'resourceType':'CodeSystem','content':'complete','concept':[%s]}", forms[i]);
    struct code_system *cs = code_system_read(a, read_text(a, json.p), NULL);
    cr_assert_eq(cs->concepts.n, 4);
    cr_expect_eq(cs->content, CONTENT_COMPLETE);
    cr_expect(code_system_is_a(cs, find(cs, "c"), find(cs, "a")), "%zu", i);
    cr_expect(code_system_is_a(cs, find(cs, "b"), find(cs, "a")), "%zu", i);
    cr_expect(code_system_is_a(cs, find(cs, "a"), find(cs, "a")), "%zu", i);
    cr_expect_not(code_system_is_a(cs, find(cs, "a"), find(cs, "c")), "%zu", i);
    cr_expect_not(code_system_is_a(cs, find(cs, "d"), find(cs, "a")), "%zu", i);
    cr_expect_eq(find(cs, "e"), DEFINITION_NONE);
    cr_expect_not(code_system_is_a(cs, find(cs, "e"), find(cs, "a")));
    arena_free(a);
  }
}

Test(definition, bears_a_hierarchy_that_is_a_circle) {
  struct arena *a = arena_new(0);
  struct code_system *cs = code_system_read(
      a,
      read_text(a,
                "{'resourceType':'CodeSystem','concept':[{'code':'a','property':[{'code':'parent','valueCode':'b'}]},"
                "{'code':'b','property':[{'code':'parent','valueCode':'a'},{'code':'parent','valueCode':'b'}]},"
                "{'code':'c'}]}"),
      NULL);
  cr_expect(code_system_is_a(cs, find(cs, "a"), find(cs, "b")));
  cr_expect_not(code_system_is_a(cs, find(cs, "a"), find(cs, "c")));
  arena_free(a);
}

Test(definition, reads_concepts_with_all_that_is_said_of_them) {
  struct arena *a = arena_new(0);
  struct code_system *cs = code_system_read(
      a,
      read_text(
          a, "{'resourceType':'CodeSystem','url':'http://c','caseSensitive':false,'hierarchyMeaning':'is-a','valueSet':"
             "'http://v','concept':[{'code':'Ab','display':'AB','designation':[{'language':'da','value':'ab'}],"
             "'property':[{'code':'notSelectable','valueBoolean':true},{'code':'status','valueCode':'retired'},"
             "{'code':'n','valueInteger':7}]},{'code':'aB'}]}"),
      NULL);
  cr_assert_eq(cs->concepts.n, 2);
  cr_expect_eq(find(cs, "AB"), 0, "the first of two codes that differ in case only");
  const struct code_concept *c = &cs->concepts.v[0];
  cr_expect(c->abstract && c->inactive);
  cr_expect(is(c->display, "AB") && is(c->displays.v[0], "ab"));
  cr_expect(is(concept_property(c, "n"), "7"));
  cr_expect(is(concept_property(c, "m"), ""));
  cr_expect(is(cs->hierarchy_meaning, "is-a") && is(cs->value_set, "http://v"));
  cr_expect_eq(cs->content, CONTENT_NOT_PRESENT);
  arena_free(a);
}

Test(definition, reads_a_value_set) {
  struct arena *a = arena_new(0);
  struct value_set *vs = value_set_read(
      a,
      read_text(
          a,
          "{'resourceType':'ValueSet','url':'http://v','compose':{'include':[{'system':'http://c','version':'1',"
          "'concept':[{'code':'a','display':'A'},{'code':'b'}]},{'system':'http://d','filter':[{'property':'concept',"
          "'op':'is-a','value':'x'}],'valueSet':['http://w','http://x']}],'exclude':[{'valueSet':['http://y']}]}}"),
      NULL);
  cr_assert(vs->has_compose && !vs->has_expansion);
  cr_assert_eq(vs->includes.n, 2);
  cr_assert_eq(vs->excludes.n, 1);
  cr_expect(is(vs->includes.v[0].system, "http://c") && is(vs->includes.v[0].version, "1"));
  cr_assert_eq(vs->includes.v[0].concepts.n, 2);
  cr_expect(is(vs->includes.v[0].concepts.v[0].display, "A"));
  cr_assert_eq(vs->includes.v[1].filters.n, 1);
  cr_expect(is(vs->includes.v[1].filters.v[0].op, "is-a") && is(vs->includes.v[1].filters.v[0].value, "x"));
  cr_assert_eq(vs->includes.v[1].value_sets.n, 2);
  cr_expect(is(vs->excludes.v[0].value_sets.v[0], "http://y"));
  arena_free(a);
}

Test(definition, reads_an_expansion_and_whether_it_is_all) {
  static const struct {
    const char *more;
    bool incomplete;
  } says[] = {
      {"", false},
      {"'total':3,", false},
      {"'total':4,", true},
      {"'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/valueset-toocostly','valueBoolean':true}],", true},
      {"'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/valueset-unclosed','valueBoolean':false}],",
       false},
  };
  for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
    struct arena *a = arena_new(0);
    struct str json = arena_printf(
        a,
        "{'resourceType':'ValueSet','expansion':{%s'contains':[{'system':'http://c','code':'a','abstract':true,"
        "'contains':[{'system':'http://c','code':'b'},{'display':'group','contains':[{'system':'http://c',"
        "'code':'d','inactive':true}]}]}]}}",
        says[i].more);
    struct value_set *vs = value_set_read(a, read_text(a, json.p), NULL);
    cr_expect(vs->has_expansion && !vs->has_compose);
    cr_assert_eq(vs->expansion.n, 3);
    cr_expect(vs->expansion.v[0].abstract && vs->expansion.v[2].inactive && is(vs->expansion.v[2].code, "d"));
    cr_expect_eq(vs->expansion_incomplete, says[i].incomplete, "%s", says[i].more);
    arena_free(a);
  }
}

/* Every published definition becomes a struct, and every element of a snapshot has what a snapshot must have. */
Test(definition, reads_all_published_definitions) {
  if (!shared_folder()) cr_skip_test("no ../shared/packages");
  struct arena *a = arena_new(0);
  struct book *b = book_new(a);
  struct package **packages;
  struct error e;
  size_t structures = 0, elements = 0;
  cr_assert_eq(book_add_folder(b, arena_printf(a, "%s/packages", shared_folder()).p, &e), 0, "%s", e.text);
  size_t n = book_packages(&packages, b);
  for (size_t i = 0; i < n; i++) {
    cr_assert_eq(package_load(packages[i], &e), 0, "%s", e.text);
    for (size_t k = 0; k < packages[i]->items.n; k++) {
      struct package_item *item = packages[i]->items.v[k];
      struct arena *own = arena_new(0);
      struct structure *s = structure_read(own, package_item_node(item, own), packages[i]);
      item->node = NULL; /* it goes with own */
      cr_expect_eq(s != NULL, str_eqz(item->type, "StructureDefinition"), "%.*s", STR_F(item->file));
      for (size_t j = 0; s && j < s->snapshot.n; j++) {
        const struct element *el = &s->snapshot.v[j];
        cr_expect(el->path.n && el->id.n && el->has_min && el->has_max, "%.*s %.*s", STR_F(s->url), STR_F(el->id));
        elements++;
      }
      structures += s != NULL;
      arena_free(own);
    }
  }
  cr_expect_geq(structures, 2000);
  cr_expect_geq(elements, 60000);
  arena_free(a);
}
