/* Does an event say what the document says that it is about? */
#include "validate/eds_chain_int.h"

static void check_station(struct eds_judging *j, const struct eds_want *w) {
  unsigned stations = eds_stations(j->d, w->told->event.station);
  if ((stations & w->row->station) && !(stations & ~w->by->stations)) return;
  EDS_FIND(j, EDS_CHAIN_STATION, w->told, "source.type", w->told->event.station, w->row->number,
           str_z(eds_stations_name(w->by->stations)));
}

static void check_kind(struct eds_judging *j, const struct eds_want *w) {
  const struct eds_event *e = &w->told->event;
  if (!str_eq(e->subtype, w->subtype))
    EDS_FIND(j, EDS_CHAIN_SUBTYPE, w->told, "subtype", e->subtype, w->row->number, w->subtype);
  if (e->profile != w->row->profile)
    EDS_FIND(j, EDS_CHAIN_PROFILE, w->told, "meta.profile", str_z(eds_profile_name(e->profile)), w->row->number,
             str_z(eds_profile_name(w->row->profile)));
  if (w->by->device.n && !str_eq(e->device, w->by->device))
    EDS_FIND(j, EDS_CHAIN_DEVICE, w->told, "source.observer", e->device, w->by->device);
}

/* A component that reports one event for several may say of it what any of them has. */
static bool may_have(const struct eds_judging *j, const struct eds_want *w, enum eds_entity k) {
  for (size_t i = 0; i < j->d->chain.n; i++) {
    const struct eds_row *row = &j->d->chain.v[i];
    bool same = row->document == w->row->document && row->side == w->by->side && (row->station & w->by->stations);
    if (same && (row->entities & (1U << k))) return true;
  }
  return false;
}

/* True if the entity is there and belongs there. */
static bool check_entity(struct eds_judging *j, const struct eds_want *w, enum eds_entity k) {
  const struct eds_thing *x = &w->told->event.entities[k];
  bool wanted = w->row->entities & (1U << k);
  bool several = w->by->stations & (w->by->stations - 1);
  if (wanted && !x->node)
    EDS_FIND(j, EDS_CHAIN_ENTITY_MISSING, w->told, "entity", w->row->number, str_z(eds_entity_code(k)));
  bool allowed = wanted || (several && may_have(j, w, k));
  if (!allowed && x->node)
    EDS_FIND(j, EDS_CHAIN_ENTITY_MORE, w->told, "entity", w->row->number, str_z(eds_entity_code(k)));
  return allowed && x->node;
}

static struct str bare_id(struct str id) {
  return str_starts(id, STR("urn:uuid:")) ? str_sub(id, sizeof "urn:uuid:" - 1, id.n) : id;
}

static void not_shown(struct eds_judging *j, const struct eds_want *w, const char *what) {
  EDS_FIND(j, EDS_CHAIN_NOT_SHOWN, w->told, "", str_z(what), w->row->number);
}

/* A patient's number stands in no text. */
static void check_id(struct eds_judging *j, const struct eds_want *w, enum eds_entity k, struct str want) {
  struct str id = w->told->event.entities[k].id, code = str_z(eds_entity_code(k));
  if (!want.n) return not_shown(j, w, eds_entity_code(k));
  if (str_eq(id, want)) return;
  if (k == EDS_PERSON)
    EDS_FIND(j, EDS_CHAIN_PATIENT, w->told, "entity");
  else if (str_eq_nocase(bare_id(id), bare_id(want)))
    EDS_FIND(j, EDS_CHAIN_ID_FORM, w->told, "entity", code, id, want);
  else
    EDS_FIND(j, EDS_CHAIN_ID, w->told, "entity", code, id, want);
}

/* What the event leaves out is its profile's matter. */
static void check_type(struct eds_judging *j, const struct eds_want *w, enum eds_entity k, struct str want) {
  struct str is = w->told->event.entities[k].type, code = str_z(eds_entity_code(k));
  if (!is.n || !want.n || str_eq(is, want)) return;
  EDS_FIND(j, eds_same_word(j->d, is, want) ? EDS_CHAIN_TYPE_SPELLING : EDS_CHAIN_TYPE, w->told, "entity", code, is,
           want);
}

static void check_version(struct eds_judging *j, const struct eds_want *w, enum eds_entity k, struct str want) {
  struct str is = w->told->event.entities[k].version, code = str_z(eds_entity_code(k));
  if (!is.n || !want.n || str_eq(is, want)) return;
  bool spelled = k == EDS_TRANSPORT && eds_words_have(&j->d->transport_versions, is);
  EDS_FIND(j, spelled ? EDS_CHAIN_VERSION_SPELLING : EDS_CHAIN_VERSION, w->told, "entity", code, is, want);
}

static void check_entities(struct eds_judging *j, const struct eds_want *w) {
  const struct eds_sight *all = &w->of->all;
  const struct {
    struct str id, type, version;
  } want[EDS_ENTITIES_N] = {[EDS_MESSAGE] = {all->message, all->type, all->version},
                            [EDS_ENVELOPE] = {all->envelope, all->envelope_type, {0}},
                            [EDS_TRANSPORT] = {all->transport, STR("SBDH"), all->transport_version},
                            [EDS_ORIG_MESSAGE] = {all->orig_message, all->orig_type, all->orig_version},
                            [EDS_ORIG_TRANSPORT] = {all->orig_transport, STR("SBDH"), {0}},
                            [EDS_PERSON] = {all->cpr, {0}, {0}}};
  for (enum eds_entity k = 0; k < EDS_ENTITIES_N; k++) {
    if (!check_entity(j, w, k)) continue;
    check_id(j, w, k, want[k].id);
    check_type(j, w, k, want[k].type);
    check_version(j, w, k, want[k].version);
  }
}

/* MCM:type, MCM:type#postfix as the envelope has it, or MCM:type|version#postfix as the text of EDS builds it. */
static void check_statistic(struct eds_judging *j, const struct eds_want *w) {
  struct str is = w->told->event.entities[EDS_MESSAGE].statistic, want = w->of->all.statistic;
  size_t bar = str_index(is, '|'), hash = str_index(is, '#');
  if (!is.n || !want.n || str_eq(is, want)) return;
  if (bar != SIZE_MAX)
    is = arena_printf(j->arena, "%.*s%.*s", STR_F(str_sub(is, 0, bar)),
                      STR_F(hash == SIZE_MAX ? STR("") : str_sub(is, hash, is.n)));
  if (!str_eq(is, want))
    EDS_FIND(j, EDS_CHAIN_STATISTIC, w->told, "entity", w->told->event.entities[EDS_MESSAGE].statistic, want);
}

static void check_gln(struct eds_judging *j, const struct eds_want *w, const char *who, struct str is,
                      struct str want) {
  struct str number = eds_gln(want), bare = eds_gln(is);
  if (!is.n) return;
  if (!want.n)
    not_shown(j, w, "GLN");
  else if (!str_eq(bare, number))
    EDS_FIND(j, EDS_CHAIN_GLN, w->told, "agent", str_z(who), is, number);
  else if (bare.n < is.n)
    EDS_FIND(j, EDS_CHAIN_GLN_PREFIX, w->told, "agent", str_z(who), is, number);
}

static void check_agent(struct eds_judging *j, const struct eds_want *w, const char *who, const struct eds_party *is,
                        const struct eds_party *want) {
  if (!want->sor.n)
    not_shown(j, w, "SOR");
  else if (!str_eq(is->sor, want->sor))
    EDS_FIND(j, EDS_CHAIN_SOR, w->told, "agent", str_z(who), is->sor, want->sor);
  check_gln(j, w, who, is->gln, want->gln);
}

static void check_agents(struct eds_judging *j, const struct eds_want *w) {
  const struct eds_event *e = &w->told->event;
  const struct eds_sight *all = &w->of->all;
  bool known = all->sender.sor.n && all->receiver.sor.n && !str_eq(all->sender.sor, all->receiver.sor);
  if (known && str_eq(e->sender.sor, all->receiver.sor) && str_eq(e->receiver.sor, all->sender.sor)) {
    EDS_FIND(j, EDS_CHAIN_SWAPPED, w->told, "agent", w->row->number, e->sender.sor);
    return;
  }
  check_agent(j, w, "ehmiSender", &e->sender, &all->sender);
  check_agent(j, w, "ehmiReceiver", &e->receiver, &all->receiver);
}

void eds_check_content(struct eds_judging *j, const struct eds_want *w) {
  check_station(j, w);
  check_kind(j, w);
  check_entities(j, w);
  check_statistic(j, w);
  check_agents(j, w);
}
