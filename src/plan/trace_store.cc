#include "plan/trace_store.h"

namespace spoor {

Status QueryContext::Check() const {
  if (cancelled && cancelled->load(std::memory_order_relaxed)) return Error(Code::kCancelled, "nobody waits any more");
  if (deadline != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() > deadline) {
    return Error(Code::kCancelled, "the query took longer than its time limit");
  }
  return {};
}

}  // namespace spoor
