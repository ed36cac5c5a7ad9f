#include "base/version.h"

#include "base/commit.inc"

namespace spoor {

std::string_view Version() { return SPOOR_VERSION; }

std::string_view Commit() { return SPOOR_COMMIT; }

}  // namespace spoor
