/* The command line. */
#include "base/clock.h"
#include "base/file.h"
#include "refvendor/refvendor_int.h"

#include <getopt.h>
#include <stdio.h>

static const struct {
  const char *name, *value, *help;
} table[] = {{"listen", "HOST:PORT", "where it listens (127.0.0.1:0: any free port)"},
             {"to", "URL", "its messages are posted there"},
             {"rest", "URL", "posts its messages to this FHIR server as bare Bundles, instead of --to"},
             {"folder-in", "DIR", "takes its messages from this folder"},
             {"folder-out", "DIR", "puts its messages into this folder, instead of --to"},
             {"gln", "GLN", "its own location number"},
             {"sor", "SOR", "its own SOR id"},
             {"name", "TEXT", "its own name"},
             {"partner", "GLN,SOR,NAME", "an organization of its address book; repeatable"},
             {"defect", "NAME", "does one thing wrong; repeatable"},
             {"list-defects", NULL, "prints the defects: name, English, Danish"},
             {"eds", "URL", "reports delivery to this EDS"},
             {"auth", "URL", "the authorization server (issuer) that its tokens are from"},
             {"eas", "URL", "asks this EAS who receives"},
             {"eer", "URL", "asks this EER for its devices, when it is told to"},
             {"relay", "URL", "a server: what is asked at /fhir is asked of this one"},
             {"spoil", "RULE", "what --relay does wrong: METHOD TYPE VERB ...; repeatable"},
             {"operator", NULL, "is a VANS operator: carries, and converts, what others write"},
             {"envelope", "vans|sbdh", "what its messages are wrapped in (vans)"},
             {"emr", "GLN,SOR,NAME",
              "the register that gets a copy of what was delivered, or \"same\": addressed as the message"},
             {"emr-to", "URL", "copies are posted there, instead of to --to"},
             {"client-id", "ID", "what the authorization server calls it (refvendor)"},
             {"client-cert", "FILE", "its certificate, PEM, for https"},
             {"client-key", "FILE", "the key of it, PEM"},
             {"trust", "FILE", "the authorities of the services it speaks to, PEM"},
             {"station", "LIST", "what it is on EHMI: EUA-MSH, EUA, MSH, AP-MSH, or EUA and one of these (EUA-MSH)"},
             {"device", "LIST", "device_id of each station, in that order (refvendor)"},
             {"also", "GLN,SOR,NAME", "one more organization of its own; repeatable"},
             {"keep", "DIR", "what its MSH, or the operator, has to know after it was killed is kept there"},
             {"restarts", NULL, "is started again whenever it is killed, and keeps what it has to"},
             {"seed", "TEXT", "derived ids and a logical clock: every run alike"},
             {"form", "json|xml", "the form that it sends (json)"},
             {"absolute", NULL, "references are whole addresses, like fullUrl, instead of Type/id"},
             {"late-ms", "N", "how late the defect late is (10000)"},
             {"clock-scale", "N", "its own deadlines pass N times faster (1)"},
             {"data", "DIR", "the folder of fixtures/ (found by itself)"},
             {"verbose", NULL, "says on standard error what it does"},
             {"help", NULL, "prints this"}};
#define TABLE_N (sizeof table / sizeof table[0])

static int print_help(void) {
  puts("usage: refvendor [OPTIONS]\n\n"
       "A small vendor system for CareCommunication 5.0, HospitalNotification 3.0, HomeCareObservation 1.2,\n"
       "ConditionList 1.0 and Acknowledgement 2.0, to try testcamp on.\n"
       "It takes VANSEnvelopes at POST /vans, ehmiSBDHs at POST /sbdh, is told to send at POST /trigger, and shows "
       "itself at GET /state.\n");
  for (size_t i = 0; i < TABLE_N; i++)
    printf("  --%-12s %-14s %s\n", table[i].name, table[i].value ? table[i].value : "", table[i].help);
  return 1;
}

/* What is known about defects only when all options are: the declared ones stand in a file of the data folder. */
struct wanted {
  VEC(struct str) names;
  bool list;
};

static int print_defects(const struct declared_list *l) {
  for (size_t i = 0; i < DEFECTS_N; i++) printf("%-26s %s / %s\n", defects[i].name, defects[i].en, defects[i].da);
  for (size_t i = 0; i < l->list.n; i++) {
    const struct declared *d = &l->list.v[i];
    printf("%-26.*s %.*s / %.*s\n", STR_F(d->id), STR_F(d->en), STR_F(d->da));
  }
  return 1;
}

static struct str nearest(const struct declared_list *l, struct str name) {
  struct str best = str_z(defects[0].name);
  for (size_t i = 0; i < DEFECTS_N + l->list.n; i++) {
    struct str other = i < DEFECTS_N ? str_z(defects[i].name) : l->list.v[i - DEFECTS_N].id;
    if (str_distance(name, other) < str_distance(name, best)) best = other;
  }
  return best;
}

static int add_defect(struct refvendor_options *o, struct arena *a, const struct declared_list *l, struct str name,
                      struct error *e) {
  const struct declared *d = declared_find(l, name);
  int at = defect_find(name);
  if (d) VEC_PUSH(a, &o->declared, d);
  if (at >= 0) o->defects[at] = true;
  if (d || at >= 0) return 0;
  return error_set(e, ERR_CONFIG, "there is no defect \"%.*s\"; did you mean \"%.*s\"? See --list-defects", STR_F(name),
                   STR_F(nearest(l, name)));
}

static int add_defects(struct refvendor_options *o, struct arena *a, const struct wanted *w, struct error *e) {
  struct declared_list *l = ARENA_NEW(a, struct declared_list);
  char *dir = NULL;
  if (w->names.n == 0 && !w->list) return 0;
  if (!o->data_dir && file_data_dir(&dir, a, e) < 0) return -1;
  if (declared_read(l, a, o->data_dir ? o->data_dir : dir, e) < 0) return -1;
  if (w->list) return print_defects(l);
  for (size_t i = 0; i < w->names.n; i++)
    if (add_defect(o, a, l, w->names.v[i], e) < 0) return -1;
  return 0;
}

static int party_parse(struct refvendor_party *p, const char *option, const char *text, struct error *e) {
  struct str rest = str_z(text);
  p->gln = str_cut(&rest, ',');
  p->sor = str_cut(&rest, ',');
  p->name = rest;
  if (p->gln.n && p->sor.n) return 0;
  return error_set(e, ERR_CONFIG, "--%s must be GLN,SOR,NAME, not \"%s\"", option, text);
}

static int add_partner(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  struct refvendor_party p;
  if (party_parse(&p, "partner", text, e) < 0) return -1;
  VEC_PUSH(a, &o->partners, p);
  return 0;
}

static int add_also(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  struct refvendor_party p;
  if (party_parse(&p, "also", text, e) < 0) return -1;
  VEC_PUSH(a, &o->also, p);
  return 0;
}

static int add_spoil(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  if (!rv_spoil_known(str_z(text)))
    return error_set(e, ERR_CONFIG, "--spoil must be METHOD TYPE VERB ..., not \"%s\"", text);
  VEC_PUSH(a, &o->spoils, str_z(text));
  return 0;
}

#define AP_MSH "AP-MSH"
static const char *const stations[REFVENDOR_STATIONS_N] = {"EUA", "MSH", "EUA-MSH"};

/* An MSH that is its own access point sees what an MSH sees. */
static size_t station_named(struct str name) {
  size_t i = 0;
  if (str_eqz(name, AP_MSH)) return REFVENDOR_MSH;
  while (i < REFVENDOR_STATIONS_N && !str_eqz(name, stations[i])) i++;
  return i;
}

/* One that is merged is no two stations at once. */
static int set_stations(struct refvendor_options *o, struct error *e) {
  struct str rest = str_z(o->station), devices = o->device;
  if (!rest.n) rest = str_z(stations[REFVENDOR_EUA_MSH]);
  memset(o->stations, 0, sizeof o->stations);
  while (rest.n) {
    struct str name = str_cut(&rest, ','), device = str_cut(&devices, ',');
    size_t i = station_named(name);
    if (i == REFVENDOR_STATIONS_N)
      return error_set(e, ERR_CONFIG, "--station has no \"%.*s\": EUA-MSH, EUA, MSH or AP-MSH", STR_F(name));
    o->is_access_point = o->is_access_point || str_eqz(name, AP_MSH);
    o->stations[i] = true;
    o->devices[i] = device.n ? device : o->device;
  }
  if (o->stations[REFVENDOR_EUA_MSH] && (o->stations[REFVENDOR_EUA] || o->stations[REFVENDOR_MSH]))
    return error_set(e, ERR_CONFIG, "--station: EUA-MSH is one station, EUA,MSH are two");
  return 0;
}

static int set_form(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  (void)a;
  if (str_eqz(str_z(text), "xml"))
    o->form = RESOURCE_XML;
  else if (str_eqz(str_z(text), "json"))
    o->form = RESOURCE_JSON;
  else
    return error_set(e, ERR_CONFIG, "--form must be json or xml, not \"%s\"", text);
  return 0;
}

static int set_envelope(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  (void)a;
  o->sbdh = str_eqz(str_z(text), "sbdh");
  if (o->sbdh || str_eqz(str_z(text), "vans")) return 0;
  return error_set(e, ERR_CONFIG, "--envelope must be vans or sbdh, not \"%s\"", text);
}

static int set_late(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  (void)a;
  if (str_int(str_z(text), &o->late_ms) && o->late_ms >= 0) return 0;
  return error_set(e, ERR_CONFIG, "--late-ms must be a number of milliseconds, not \"%s\"", text);
}

static int set_scale(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  (void)a;
  if (str_double(str_z(text), &o->clock_scale) && o->clock_scale >= 1) return 0;
  return error_set(e, ERR_CONFIG, "--clock-scale must be a number from 1, not \"%s\"", text);
}

static int set_emr(struct refvendor_options *o, struct arena *a, const char *text, struct error *e) {
  (void)a;
  o->emr_same = str_eqz(str_z(text), "same");
  return o->emr_same ? 0 : party_parse(&o->emr, "emr", text, e);
}

/* Options that are more than a text. */
static const struct {
  const char *name;
  int (*set)(struct refvendor_options *o, struct arena *a, const char *text, struct error *e);
} read[] = {{"partner", add_partner}, {"also", add_also}, {"emr", set_emr},           {"envelope", set_envelope},
            {"spoil", add_spoil},     {"form", set_form}, {"clock-scale", set_scale}, {"late-ms", set_late}};

static int apply(struct refvendor_options *o, struct wanted *w, struct arena *a, struct str name, const char *value,
                 struct error *e) {
  const struct {
    const char *name;
    const char **to;
  } texts[] = {{"listen", &o->listen},
               {"to", &o->to},
               {"rest", &o->rest},
               {"folder-in", &o->folder_in},
               {"folder-out", &o->folder_out},
               {"data", &o->data_dir},
               {"eds", &o->eds},
               {"auth", &o->auth},
               {"eas", &o->eas},
               {"keep", &o->keep},
               {"eer", &o->eer},
               {"relay", &o->relay},
               {"emr-to", &o->emr_to},
               {"client-cert", &o->client_cert},
               {"client-key", &o->client_key},
               {"trust", &o->trust},
               {"station", &o->station}};
  const struct {
    const char *name;
    struct str *to;
  } strs[] = {{"gln", &o->own.gln}, {"sor", &o->own.sor},         {"name", &o->own.name},
              {"seed", &o->seed},   {"client-id", &o->client_id}, {"device", &o->device}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if (str_eqz(name, texts[i].name)) *texts[i].to = value;
  for (size_t i = 0; i < sizeof strs / sizeof strs[0]; i++)
    if (str_eqz(name, strs[i].name)) *strs[i].to = str_z(value);
  for (size_t i = 0; i < sizeof read / sizeof *read; i++)
    if (str_eqz(name, read[i].name)) return read[i].set(o, a, value, e);
  if (str_eqz(name, "defect")) VEC_PUSH(a, &w->names, str_z(value));
  if (str_eqz(name, "absolute")) o->absolute = true;
  if (str_eqz(name, "operator")) o->is_operator = true;
  if (str_eqz(name, "restarts")) o->restarts = true;
  if (str_eqz(name, "verbose")) o->log.level = LOG_VERBOSE;
  if (str_eqz(name, "help")) return print_help();
  if (str_eqz(name, "list-defects")) w->list = true;
  return 0;
}

static int check(const struct refvendor_options *o, struct error *e) {
  if (!o->folder_in != !o->folder_out) return error_set(e, ERR_CONFIG, "--folder-in and --folder-out belong together");
  if (o->to && o->folder_out) return error_set(e, ERR_CONFIG, "give --to or --folder-out, not both");
  if (o->rest && (o->to || o->folder_out)) return error_set(e, ERR_CONFIG, "give --rest, or --to or --folder-out");
  if (!o->client_cert != !o->client_key)
    return error_set(e, ERR_CONFIG, "--client-cert and --client-key belong together");
  return 0;
}

int refvendor_options_parse(struct refvendor_options *o, struct arena *a, int argc, char **argv, struct error *e) {
  struct option longs[TABLE_N + 1] = {0};
  struct wanted wanted = {0};
  int at, c;
  for (size_t i = 0; i < TABLE_N; i++)
    longs[i] = (struct option){table[i].name, table[i].value ? required_argument : no_argument, NULL, 1};
  optind = 0;
  opterr = 0;
  while ((c = getopt_long(argc, argv, "", longs, &at)) != -1) {
    if (c != 1) return error_set(e, ERR_CONFIG, "%s: unknown, or without its value; see --help", argv[optind - 1]);
    int done = apply(o, &wanted, a, str_z(table[at].name), optarg, e);
    if (done) return done;
  }
  if (optind < argc) return error_set(e, ERR_CONFIG, "unexpected argument \"%s\"; see --help", argv[optind]);
  return check(o, e) < 0 || set_stations(o, e) < 0 ? -1 : add_defects(o, a, &wanted, e);
}
