// Rate, errors and duration of services, operations and calls: the part of Spoor's own API that reads rollups.
#pragma once

#include "api/request.h"

namespace spoor::api {

// /red, /distribution and /map under /api/spoor/v1.
void AddRedRoutes(const AddRoute& add);

}  // namespace spoor::api
