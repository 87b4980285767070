/* fuzz_sbdh: the ehmiSBDH over any bytes, by the shipped profile; what was read is written, sent again and answered,
 * and must come back. */
#include "envelope/sbdh.h"

#define WRITTEN_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Read once. */
static const struct ehmi_profile *profile(void) {
  static struct ehmi_profile *p;
  struct error e;
  if (!p && sbdh_shipped_profile(&p, arena_new(0), &e) < 0) BUG("%s", e.text);
  return p;
}

static void read_again(struct envelope *again, const struct envelope *env, struct arena *a) {
  struct findings f;
  struct buf out;
  buf_init(&out, WRITTEN_MAX);
  env->kind->write(&out, env);
  findings_init(&f, a);
  if (env->kind->read(again, a, (struct source){STR("again"), buf_take(&out, a)}, &f) != 0) BUG("not read again");
  env->kind->check(again, STR("again"), profile(), &f);
}

static void write_and_read(const struct envelope *env, struct arena *a) {
  struct envelope again;
  read_again(&again, env, a);
  if (!str_eq(again.id, env->id) || !str_eq(again.meta.name, env->meta.name)) BUG("another envelope");
  if (env->payload_ok && !str_eq(again.payload, env->payload)) BUG("another payload");
  if (again.sbdh->scopes.n != env->sbdh->scopes.n || again.sbdh->content != env->sbdh->content) BUG("other scopes");
}

static void answer(const struct envelope *env, struct arena *a) {
  struct sbdh_answer yes = {{STR("c0ffee00-0001-4000-8000-000000000001"), STR("2026-01-05T10:00:00+01:00")},
                            STR("c0ffee00-0002-4000-8000-000000000002"),
                            {0},
                            {0}};
  struct envelope made, again;
  struct findings f;
  findings_init(&f, a);
  sbdh_receipt(&made, a, env, &yes, profile());
  read_again(&again, &made, a);
  if (again.sbdh->content != SBDH_RECEIPT) BUG("no receipt");
  sbdh_check_receipt(&again, STR("again"), env, &f);
  sbdh_resend(&made, a, env, &yes.stamp, profile());
  read_again(&again, &made, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct str bytes = {(const char *)data, size};
  struct arena *a = arena_new(0);
  struct envelope env;
  struct findings f;
  findings_init(&f, a);
  envelope_sniff(bytes);
  if (sbdh_kind.read(&env, a, (struct source){STR("fuzz"), bytes}, &f) == 0) {
    struct envelope_payload says = {.mime = STR("application/fhir+json"),
                                    .event = STR("homecareobservation-message"),
                                    .definition = STR("1.1"),
                                    .message_id = STR("1"),
                                    .bundle_id = STR("2"),
                                    .sender_gln = STR("5790008888025"),
                                    .patient = STR("2512489996")};
    sbdh_kind.check(&env, STR("fuzz"), profile(), &f);
    sbdh_kind.check_payload(&env, STR("fuzz"), &says, &f);
    ehmi_profile_apply(profile(), &f, 0);
    write_and_read(&env, a);
    answer(&env, a);
  }
  arena_free(a);
  return 0;
}
