/* The reasons for which something cannot be certified, in words. */
#include "record/algebra.h"

static const struct {
  const char *name, *en, *da;
} words[BLOCKS_N] = {
    [BLOCK_SELF_TEST] = {"self-test", "it is a self-test: only a live test that MedCom assesses can certify",
                         "det er en egentest: kun en livetest, som MedCom vurderer, kan give godkendelse"},
    [BLOCK_OPEN] = {"open", "the run has not ended", "kørslen er ikke afsluttet"},
    [BLOCK_DAMAGED] = {"damaged", "the record is not whole", "protokollen er ikke hel"},
    [BLOCK_CLOCK] = {"clock", "deadlines were not run in real time", "tidsfrister er ikke kørt i virkelig tid"},
    [BLOCK_NOTHING] = {"nothing", "nothing was assessed", "intet er vurderet"},
    [BLOCK_NOT_CHOSEN] = {"not-chosen", "the use case was left out of the run", "use casen er fravalgt i kørslen"},
    [BLOCK_FAULT] = {"fault", "assessed", "vurderet til"},
    [BLOCK_NOT_EXECUTED] = {"not-executed", "mandatory and not carried out", "obligatorisk og ikke udført"},
    [BLOCK_NOT_ASSESSED] = {"not-assessed", "not assessed by MedCom", "ikke vurderet af MedCom"},
    [BLOCK_ALTERNATIVES] = {"alternatives", "none of these alternatives is accepted by MedCom",
                            "ingen af disse alternativer er accepteret af MedCom"},
};

const char *block_name(enum block_why why) {
  return words[why].name;
}

struct said block_text(struct arena *a, const struct block *b) {
  const char *en = words[b->why].en, *da = words[b->why].da;
  struct str where = b->step.n ? b->step : b->case_id;
  if (b->why == BLOCK_ALTERNATIVES) where = arena_printf(a, "%.*s (%.*s)", STR_F(b->case_id), STR_F(b->step));
  if (!where.n) return (struct said){str_z(en), str_z(da)};
  const char *mark = b->why == BLOCK_FAULT ? assessment_name(b->assessment) : "";
  const char *blank = *mark ? " " : "";
  return (struct said){arena_printf(a, "%.*s: %s%s%s", STR_F(where), en, blank, mark),
                       arena_printf(a, "%.*s: %s%s%s", STR_F(where), da, blank, mark)};
}
