// A store that does not see that two spans of a trace are the same: what is sent twice is shown twice. The simulation
// must notice.
#include <cstdint>
#include <functional>
#include <span>

#include "model/trace_assembly.h"

#define ASSEMBLE_TRACE(prefix) \
  prefix##_ZN5spoor13AssembleTraceESt4spanIKNS_12AssemblySpanELm18446744073709551615EERKSt8functionIFbjjEERNS_8AssemblyERKS4_IFmjEE

using IsEqual = std::function<bool(uint32_t, uint32_t)>;
using ContentHash = std::function<uint64_t(uint32_t)>;

extern "C" {
// spoor::AssembleTrace, and what the linker calls in its place (--wrap).
void ASSEMBLE_TRACE(__real_)(std::span<const spoor::AssemblySpan>, const IsEqual&, spoor::Assembly&,
                             const ContentHash&);
void ASSEMBLE_TRACE(__wrap_)(std::span<const spoor::AssemblySpan> input, const IsEqual&, spoor::Assembly& out,
                             const ContentHash& hash) {
  ASSEMBLE_TRACE(__real_)(input, [](uint32_t, uint32_t) { return false; }, out, hash);
}
}
