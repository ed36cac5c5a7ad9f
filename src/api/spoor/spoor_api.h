// Spoor's own API under /api/spoor/v1: docs/api/spoor.md.
#pragma once

#include "api/request.h"

namespace spoor::api {

// All of it but /api/spoor/v1/status, which also answers before there is a store.
void AddSpoorRoutes(const AddRoute& add);

}  // namespace spoor::api
