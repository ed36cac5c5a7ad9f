// A store in which whoever asks gets a block: retention removes what is being merged. The simulation must notice.
#include <cstdint>
#include <span>

#include "store/block_claims.h"

// spoor::BlockClaims::TryClaim as the linker (--wrap) names it.
bool ClaimAnything(spoor::BlockClaims* self, std::span<const uint64_t> ids) __asm__(
    "__wrap__ZN5spoor11BlockClaims8TryClaimESt4spanIKmLm18446744073709551615EE");

bool ClaimAnything(spoor::BlockClaims*, std::span<const uint64_t>) { return true; }
