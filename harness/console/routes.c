#include "console/console_int.h"

const struct route *const route_tables[] = {
    approved_routes, asset_routes,         auth_routes,          board_routes,       camp_routes,
    campaign_routes, check_convert_routes, check_more_routes,    check_routes,       course_routes,
    explain_routes,  handover_routes,      guide_routes,         home_routes,        people_routes,
    review_routes,   run_diff_routes,      run_do_routes,        run_message_routes, run_paper_routes,
    run_routes,      start_routes,         systems_hello_routes, systems_routes,     NULL,
};
