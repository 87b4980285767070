#include "seal/seal_int.h"

static const char *const state_names[] = {
    [SEAL_INTACT] = "intact", [SEAL_INCOMPLETE] = "incomplete", [SEAL_ALTERED] = "altered"};

const char *seal_state_name(enum seal_state s) {
  return state_names[s];
}

void fault_add(struct seal_bundle *b, enum seal_state state, struct text text) {
  if (state > b->state) b->state = state;
  if (b->faults.n == SEAL_FAULTS_MAX)
    b->dropped++;
  else
    VEC_PUSH(b->arena, &b->faults, ((struct seal_fault){state, text}));
}

void fault_about(struct seal_bundle *b, enum seal_state state, struct str what, const char *en, const char *da) {
  fault_add(b, state,
            (struct text){arena_printf(b->arena, "%.*s: %s", STR_F(what), en),
                          arena_printf(b->arena, "%.*s: %s", STR_F(what), da)});
}
