// Lists of traces and the overview above them: the part of Spoor's own API that searches.
#pragma once

#include "api/request.h"

namespace spoor::api {

// /search, /overview and /traces/{traceID} under /api/spoor/v1.
void AddSearchRoutes(const AddRoute& add);

}  // namespace spoor::api
