// A store that does not see that two spans of a trace are the same: what is sent twice is shown twice. The simulation
// must notice.
#include <cstdint>
#include <functional>
#include <span>

#include "model/trace_assembly.h"

namespace {

using IsEqual = std::function<bool(uint32_t, uint32_t)>;
using ContentHash = std::function<uint64_t(uint32_t)>;

}  // namespace

// spoor::AssembleTrace as the linker (--wrap) names it, and what it calls in its place.
#define ASSEMBLE_TRACE                                                           \
  "_ZN5spoor13AssembleTraceESt4spanIKNS_12AssemblySpanELm18446744073709551615EE" \
  "RKSt8functionIFbjjEERNS_8AssemblyERKS4_IFmjEE"
void TheRealOne(std::span<const spoor::AssemblySpan> input, const IsEqual& equal, spoor::Assembly& out,
                const ContentHash& hash) __asm__("__real_" ASSEMBLE_TRACE);
void InItsPlace(std::span<const spoor::AssemblySpan> input, const IsEqual& equal, spoor::Assembly& out,
                const ContentHash& hash) __asm__("__wrap_" ASSEMBLE_TRACE);

void InItsPlace(std::span<const spoor::AssemblySpan> input, const IsEqual&, spoor::Assembly& out,
                const ContentHash& hash) {
  TheRealOne(input, [](uint32_t, uint32_t) { return false; }, out, hash);
}
