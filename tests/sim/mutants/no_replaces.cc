// A store that does not look at its start which blocks others replace: what a crash in a merge has left is shown beside
// what it was merged into. The simulation must notice.
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "block/block.h"

// spoor::FindReplaced as the linker (--wrap) names it.
std::vector<uint64_t> NothingIsReplaced(std::span<const std::shared_ptr<spoor::Block>> blocks) __asm__(
    "__wrap__ZN5spoor12FindReplacedESt4spanIKSt10shared_ptrINS_5BlockEELm18446744073709551615EE");

std::vector<uint64_t> NothingIsReplaced(std::span<const std::shared_ptr<spoor::Block>>) { return {}; }
