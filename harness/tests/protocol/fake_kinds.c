#include "fake_kinds.h"

static const struct key send_keys[] = {{"fixture", KEY_TEXT, true, NULL},
                                       {"as", KEY_TEXT, false, NULL},
                                       {"form", KEY_TEXT, false, "json|xml"},
                                       {"with", KEY_MAP, false, NULL},
                                       {"renew", KEY_LIST, false, "envelope|message|bundle"},
                                       {0}};
static const struct key expect_keys[] = {{"event", KEY_TEXT, true, NULL},
                                         {"as", KEY_TEXT, false, NULL},
                                         {"within", KEY_DURATION, false, NULL},
                                         {"early", KEY_BOOL, false, NULL},
                                         {0}};
static const struct key assert_keys[] = {{"on", KEY_TEXT, true, NULL},
                                         {"fhirpath", KEY_FHIRPATH, false, NULL},
                                         {"count", KEY_INT, false, NULL},
                                         {"equals", KEY_TEXT, false, NULL},
                                         {0}};
static const struct key manual_keys[] = {
    {"ask", KEY_TEXT2, true, NULL}, {"who", KEY_TEXT, false, "vendor|medcom"}, {0}};

/* Complains of the word "bad" and gives the default text that the real kinds give. */
static void parse_manual(struct step *s, struct keys *k) {
  struct str en, da;
  keys_text2(&en, &da, s->args_node, "ask");
  if (str_eqz(en, "bad")) keys_complain(k, node_at(s->args_node, "ask.en"), "\"%.*s\" is bad", STR_F(en));
  if (s->action.en.n == 0) s->action = (struct protocol_text){en, da};
  s->args = (void *)s->args_node;
}

static const struct step_kind kind_send = {.word = "send", .keys = send_keys};
static const struct step_kind kind_expect = {.word = "expect", .keys = expect_keys};
static const struct step_kind kind_assert = {.word = "assert", .keys = assert_keys};
static const struct step_kind kind_manual = {.word = "manual", .keys = manual_keys, .parse = parse_manual};
static const struct step_kind kind_wait = {.word = "wait"};

const struct step_kind *const fake_kinds[] = {&kind_send, &kind_expect, &kind_assert, &kind_manual, &kind_wait, NULL};
