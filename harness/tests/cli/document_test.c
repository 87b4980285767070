#include "cli/document.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/map.h"
#include "cli/rules.h"
#include "formats/json.h"

/* What a document says, read again. */
struct written {
  struct arena *arena;
  struct cli cli;
  struct document d;
  char *text;
  size_t n;
  const struct node *root, *run; /* of SARIF: runs[0] */
};

static void begin(struct written *w, const char *format, bool danish) {
  *w = (struct written){.arena = arena_new(0)};
  w->cli = (struct cli){.arena = w->arena, .err = stderr, .danish = danish, .version = "1.2.3"};
  w->cli.out = open_memstream(&w->text, &w->n);
  cr_assert(document_begin(&w->d, &w->cli, format));
}

static void end(struct written *w, int code) {
  struct findings f;
  struct node *root = NULL;
  document_end(&w->d, code);
  fclose(w->cli.out);
  findings_init(&f, w->arena);
  cr_assert_eq(json_read(&root, w->arena, (struct source){STR("out"), {w->text, w->n}}, &f), 0, "%s", w->text);
  cr_assert_eq(f.list.n, 0, "%s", w->text);
  w->root = root;
  const struct node *runs = node_child(root, "runs");
  if (runs) w->run = runs->first;
}

static void done(struct written *w) {
  free(w->text);
  arena_free(w->arena);
}

/* The value at a path of names and numbers, "a.0.b"; "" if there is none. */
static struct str at(const struct node *n, const char *path) {
  struct str rest = str_z(path);
  while (n && rest.n) {
    struct str step = str_cut(&rest, '.');
    int64_t i;
    if (!str_int(step, &i)) {
      n = node_child_str(n, step);
      continue;
    }
    for (n = n->first; n && i; n = n->next) i--;
  }
  return n ? n->text : STR("");
}

static void expect_at(const struct node *n, const char *path, const char *want) {
  struct str got = at(n, path);
  cr_expect(str_eqz(got, want), "%s: \"%.*s\", expected \"%s\"", path, STR_F(got), want);
}

static struct finding *one(struct written *w, struct findings *f, enum severity severity, const char *file) {
  const struct rule *r = rules_at(0);
  struct place where = {str_z(file), 3, 7, STR("Bundle.entry[1].resource.status")};
  findings_init(f, w->arena);
  struct finding *x = findings_add(f, r, where, 4, (struct str[]){STR("a"), STR("b\n\"c\""), STR(""), STR("")});
  x->severity = severity;
  x->profile = STR("http://p|1.0");
  x->element = STR("Bundle.entry:x");
  x->found = STR("y");
  x->expression = STR("a = b");
  struct place near = {str_z(file), 4, 1, STR("Bundle.entry[1].resource.code")};
  reasons_add(&x->reasons, w->arena, 0, near, (struct said){STR("because"), STR("fordi")});
  reasons_add(&x->reasons, w->arena, 1, near, (struct said){STR("because"), STR("fordi")});
  return x;
}

Test(document, json_has_all_of_a_finding) {
  struct written w;
  struct findings f;
  begin(&w, "json", false);
  const struct finding *x = one(&w, &f, SEV_WARNING, "m.json");
  w.d.again = STR("testcamp validate m.json");
  document_add(&w.d, "m.json", &f);
  document_add(&w.d, "n.json", &f);
  end(&w, 0);
  cr_expect_eq(w.root->kind, NODE_ARRAY);
  cr_expect_eq(w.root->count, 2, "one list for all files");
  expect_at(w.root, "0.rule", rules_at(0)->id);
  expect_at(w.root, "0.severity", "warning");
  expect_at(w.root, "0.where.message", "m.json");
  expect_at(w.root, "0.where.line", "3");
  expect_at(w.root, "0.where.column", "7");
  expect_at(w.root, "0.where.path", "Bundle.entry[1].resource.status");
  cr_expect(str_eq(at(w.root, "0.en"), x->en));
  cr_expect(str_eq(at(w.root, "0.da"), x->da));
  expect_at(w.root, "0.source", rules_at(0)->source);
  expect_at(w.root, "0.profile", "http://p|1.0");
  expect_at(w.root, "0.element", "Bundle.entry:x");
  expect_at(w.root, "0.found", "y");
  expect_at(w.root, "0.expression", "a = b");
  expect_at(w.root, "0.reasons.1.depth", "1");
  expect_at(w.root, "0.again", "testcamp validate m.json");
  expect_at(w.root, "0.explain", arena_printf(w.arena, "testcamp explain %s", rules_at(0)->id).p);
  expect_at(w.root, "0.reasons.1.da", "fordi");
  done(&w);
}

Test(document, json_of_nothing_is_an_empty_list) {
  struct written w;
  begin(&w, "json", false);
  end(&w, 0);
  cr_expect_eq(w.root->kind, NODE_ARRAY);
  cr_expect_eq(w.root->count, 0);
  done(&w);
}

Test(document, sarif_lists_every_rule_in_both_languages) {
  struct written w;
  size_t n = 0;
  begin(&w, "sarif", false);
  end(&w, 0);
  expect_at(w.root, "version", "2.1.0");
  expect_at(w.run, "tool.driver.name", "testcamp");
  expect_at(w.run, "tool.driver.version", "1.2.3");
  expect_at(w.run, "translations.0.language", "da");
  const struct node *en = node_child(node_child(node_child(w.run, "tool"), "driver"), "rules")->first;
  const struct node *da = node_child(node_child(w.run, "translations")->first, "rules")->first;
  struct map told;
  map_init(&told, w.arena);
  for (; rules_at(n); n++) {
    struct str id = str_z(rules_at(n)->id);
    if (map_get(&told, id)) continue; /* an id stands there once */
    map_set(&told, id, &w);
    cr_assert(en && da, "%s is not listed", rules_at(n)->id);
    expect_at(en, "id", rules_at(n)->id);
    expect_at(en, "shortDescription.text", rules_at(n)->en);
    expect_at(da, "id", rules_at(n)->id);
    expect_at(da, "shortDescription.text", rules_at(n)->da);
    en = en->next, da = da->next;
  }
  cr_expect(!en && !da, "nothing else is listed");
  cr_expect_gt(n, 100);
  expect_at(w.run, "invocations.0.executionSuccessful", "true");
  cr_expect_eq(node_child(w.run, "results")->count, 0);
  done(&w);
}

Test(document, sarif_has_all_of_a_finding) {
  struct written w;
  struct findings f;
  begin(&w, "sarif", true);
  const struct finding *x = one(&w, &f, SEV_ERROR, "m.json");
  w.d.again = STR("testcamp validate m.json");
  document_add(&w.d, "m.json", &f);
  end(&w, 1);
  const struct node *r = node_child(w.run, "results")->first;
  expect_at(w.run, "columnKind", "unicodeCodePoints");
  expect_at(w.run, "language", "da");
  expect_at(r, "ruleId", rules_at(0)->id);
  expect_at(r, "ruleIndex", "0");
  cr_expect(str_eq(at(r, "message.text"), x->da));
  cr_expect(str_eq(at(r, "properties.en"), x->en));
  cr_expect(str_eq(at(r, "properties.da"), x->da));
  expect_at(r, "locations.0.physicalLocation.artifactLocation.uri", "m.json");
  expect_at(r, "locations.0.physicalLocation.region.startLine", "3");
  expect_at(r, "locations.0.physicalLocation.region.startColumn", "7");
  expect_at(r, "locations.0.logicalLocations.0.fullyQualifiedName", "Bundle.entry[1].resource.status");
  expect_at(r, "properties.profile", "http://p|1.0");
  expect_at(r, "properties.element", "Bundle.entry:x");
  expect_at(r, "properties.found", "y");
  expect_at(r, "properties.expression", "a = b");
  expect_at(r, "properties.again", "testcamp validate m.json");
  expect_at(r, "properties.explain", arena_printf(w.arena, "testcamp explain %s", rules_at(0)->id).p);
  expect_at(r, "relatedLocations.0.message.text", "fordi");
  expect_at(r, "relatedLocations.0.id", "1");
  expect_at(r, "relatedLocations.1.id", "2");
  expect_at(w.run, "invocations.0.exitCode", "1");
  done(&w);
}

/* What could not be decided is no failure, and none of the levels. */
Test(document, sarif_levels) {
  static const struct {
    enum severity severity;
    const char *kind, *level;
  } rows[] = {{SEV_INFO, "fail", "note"},
              {SEV_WARNING, "fail", "warning"},
              {SEV_UNDECIDED, "open", "none"},
              {SEV_ERROR, "fail", "error"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct written w;
    struct findings f;
    begin(&w, "sarif", false);
    one(&w, &f, rows[i].severity, "m.json");
    document_add(&w.d, "m.json", &f);
    end(&w, 0);
    expect_at(w.run, "results.0.kind", rows[i].kind);
    expect_at(w.run, "results.0.level", rows[i].level);
    done(&w);
  }
}

Test(document, sarif_names_files_by_uri) {
  static const char *const rows[][2] = {{"a/b.json", "a/b.json"},
                                        {"/a b/\xc3\xa6.json", "file:///a%20b/%C3%A6.json"},
                                        {"x:y%#?.json", "x%3Ay%25%23%3F.json"},
                                        {"m.xml#payload", "m.xml#payload"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct written w;
    struct findings f;
    begin(&w, "sarif", false);
    one(&w, &f, SEV_ERROR, rows[i][0]);
    document_add(&w.d, rows[i][0], &f);
    end(&w, 0);
    expect_at(w.run, "results.0.locations.0.physicalLocation.artifactLocation.uri", rows[i][1]);
    done(&w);
  }
}

Test(document, sarif_leaves_out_a_place_that_is_not_known) {
  struct written w;
  struct findings f;
  begin(&w, "sarif", false);
  one(&w, &f, SEV_ERROR, "m.json")->where = (struct place){0};
  document_add(&w.d, "m.json", &f);
  end(&w, 0);
  cr_expect_eq(node_child(node_child(w.run, "results")->first, "locations")->count, 0);
  done(&w);
}

Test(document, sarif_tells_what_was_not_judged_or_not_shown) {
  struct written w;
  struct findings f;
  struct error e;
  begin(&w, "sarif", false);
  one(&w, &f, SEV_ERROR, "m.json");
  f.dropped = 5;
  document_add(&w.d, "m.json", &f);
  cr_expect_eq(error_set(&e, ERR_IO, "not there"), -1);
  document_fail(&w.d, "n.json", &e);
  end(&w, 2);
  expect_at(w.run, "invocations.0.executionSuccessful", "false");
  expect_at(w.run, "invocations.0.toolExecutionNotifications.0.level", "warning");
  expect_at(w.run, "invocations.0.toolExecutionNotifications.0.message.text", "5 more findings are not shown");
  expect_at(w.run, "invocations.0.toolExecutionNotifications.1.level", "error");
  expect_at(w.run, "invocations.0.toolExecutionNotifications.1.message.text", "not there");
  done(&w);
}

Test(document, knows_its_formats_only) {
  struct cli c = {.arena = arena_new(0), .out = stdout, .err = stderr, .version = "1"};
  struct document d;
  cr_expect_not(document_begin(&d, &c, "text"));
  cr_expect_not(document_begin(&d, &c, "tsv"));
  arena_free(c.arena);
}
