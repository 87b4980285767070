#include "console/console_int.h"

const struct route *const route_tables[] = {auth_routes, asset_routes, home_routes, start_routes, NULL};
