/* Which version is meant, where a resource names its profile without one and nobody pinned a package.
 *
 * The newest is taken. What it objects to is an error only if no other version that is there would take the resource as
 * it is, and if the message does not say that it is of a version that is not there: else it is undecided, with the way
 * to settle it. */
#include "validate/profile_int.h"

static struct str claim_of(const struct node *resource) {
  return node_text_at(resource, "meta.profile");
}

/* The profile that tells the versions of all that is inside: the one asked for, the one the resource claims, or the
 * first that an entry of a Bundle claims. */
static struct str profile_of_whole(const struct profile_question *q) {
  if (q->options->profiles_n) return q->options->profiles[0];
  struct str claim = claim_of(q->resource);
  for (const struct node *e = node_child(q->resource, "entry"); e && !claim.n; e = node_again(e))
    claim = claim_of(node_child(e, "resource"));
  return claim;
}

/* "4.0.0" of MessageHeader.definition "...|4.0.0"; empty if the message does not say. */
static struct str stated_version(const struct node *resource) {
  struct str version, definition = node_text_at(resource, "entry.resource.definition");
  canonical_cut(definition, &version);
  return version;
}

static struct str major(struct str version) {
  return str_cut(&version, '.');
}

/* R4 itself is here whole, whatever a message claims. */
static bool is_of_r4(struct str url) {
  return str_starts(url, STR("http://hl7.org/fhir/StructureDefinition/"));
}

/* An extension that is not known here may be of the version that is meant; what R4 itself demands is the same in all.
 */
static void soften(struct findings *f) {
  for (size_t i = 0; i < f->list.n; i++) {
    struct finding *x = &f->list.v[i];
    bool extension = str_eqz(x->rule, profile_rule_table[PROFILE_EXTENSION_UNKNOWN].id) && !is_of_r4(x->found);
    if (x->severity == SEV_ERROR && (extension || !is_of_r4(x->profile))) x->severity = SEV_UNDECIDED;
  }
}

static void add(struct findings *f, const struct profile_question *q, enum profile_rule rule, struct str url,
                struct str one, struct str other) {
  const struct node *at = node_at(q->resource, "meta.profile");
  struct place where = node_place(f->arena, q->message, at ? at : q->resource);
  FINDING(f, &profile_rule_table[rule], where, url, one, other);
}

/* Another version that has no errors on the resource; its findings are left in found. */
static const struct structure *version_without_errors(struct findings *found, struct arena *a,
                                                      const struct profile_question *q, struct str url,
                                                      const struct structure *judged) {
  struct structure **list;
  struct profile_cache *c = q->options->cache;
  size_t n = book_structure_versions(&list, c->book, url);
  for (size_t i = 0; i < n && i < PROFILE_VERSIONS_MAX; i++) {
    if (list[i] == judged) continue;
    findings_init(found, a);
    profile_judge(found, a, q, schema_of(c, list[i]));
    if (findings_worst(found) != SEV_ERROR) return list[i];
  }
  return NULL;
}

static void judge_others(struct findings *f, struct arena *a, const struct profile_question *q, struct str url,
                         const struct structure *judged, struct findings *found) {
  struct findings other;
  struct str stated = stated_version(q->resource);
  const struct structure *better = version_without_errors(&other, a, q, url, judged);
  if (better) {
    findings_join(f, &other);
    add(f, q, PROFILE_VERSION_OPEN, url, judged->version, better->version);
    return;
  }
  if (stated.n && !str_eq(major(stated), major(judged->version))) {
    soften(found);
    add(f, q, PROFILE_VERSION_OTHER, url, stated, judged->version);
  }
  findings_join(f, found);
}

/* --- another publication ------------------------------------------------------------ */

/* The first profile that the resource or an entry claims, stands below base, and is not here; empty if none. */
static struct str unknown_claim(struct book *b, const struct node *resource, struct str base) {
  for (const struct node *p = node_at(resource, "meta.profile"); p; p = node_again(p))
    if (p->text.n && str_starts(p->text, base) && !book_structure(b, p->text, NULL)) return p->text;
  for (const struct node *e = node_child(resource, "entry"); e; e = node_again(e)) {
    const struct node *inside = node_child(e, "resource");
    struct str claim = inside ? unknown_claim(b, inside, base) : (struct str){0};
    if (claim.n) return claim;
  }
  return (struct str){0};
}

/* "http://medcomfhir.dk/ig/document/StructureDefinition/" of a profile there. */
static struct str base_of(struct str profile) {
  static const struct str folder = STR_INIT("/StructureDefinition/");
  size_t at = str_find(profile, folder, 0);
  return at == SIZE_MAX ? profile : str_sub(profile, 0, at + folder.n);
}

/* A message that claims a profile which is not here may be of a publication that is not: what its packages add to that
 * publication is not known, and the version here of the same guide is not the one meant. Where somebody pinned the
 * packages, they are the ones meant. */
static void allow_for_other_publication(struct findings *f, const struct profile_question *q) {
  struct book *b = q->options->cache->book;
  if (book_is_pinned(b)) return;
  struct str claim = unknown_claim(b, q->resource, (struct str){0}), other = {0}, here = {0};
  for (size_t i = 0; i < f->list.n && claim.n; i++) {
    struct finding *x = &f->list.v[i];
    if (x->severity != SEV_ERROR) continue;
    bool extension = str_eqz(x->rule, profile_rule_table[PROFILE_EXTENSION_UNKNOWN].id) && !is_of_r4(x->found) &&
                     book_has_guide_of(b, x->found);
    struct str sibling = {0};
    if (!extension && x->profile.n && !is_of_r4(x->profile))
      sibling = unknown_claim(b, q->resource, base_of(x->profile));
    if (!extension && !sibling.n) continue;
    x->severity = SEV_UNDECIDED;
    if (sibling.n) other = sibling, here = x->profile;
  }
  if (other.n) add(f, q, PROFILE_PUBLICATION_OTHER, other, here, (struct str){0});
}

static void judge(struct findings *f, struct arena *a, const struct profile_question *q, const struct schema *from) {
  profile_judge(f, a, q, from);
  allow_for_other_publication(f, q);
}

void profile_judge_versions(struct findings *f, struct arena *a, const struct profile_question *q) {
  struct findings found;
  struct profile_cache *c = q->options->cache;
  struct str version, whole = profile_of_whole(q), url = canonical_cut(whole, &version);
  const struct schema *from = whole.n ? schema_of_profile(c, whole, NULL) : NULL;
  findings_init(&found, a);
  judge(&found, a, q, from);
  if (findings_worst(&found) != SEV_ERROR || !from || version.n || book_is_pinned(c->book))
    findings_join(f, &found);
  else
    judge_others(f, a, q, url, from->structure, &found);
}
