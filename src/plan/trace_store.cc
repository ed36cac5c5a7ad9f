#include "plan/trace_store.h"

namespace spoor {

Status QueryContext::Check() const {
  for (const auto& flag : {&cancelled, &client_gone}) {
    if (*flag && (*flag)->load(std::memory_order_relaxed)) return Error(Code::kCancelled, "nobody waits any more");
  }
  if (deadline != std::chrono::steady_clock::time_point::max() && std::chrono::steady_clock::now() > deadline) {
    return Error(Code::kCancelled, "the query took longer than its time limit");
  }
  return {};
}

Result<std::vector<Dependency>> TraceStore::Dependencies(uint64_t start_min_ns, uint64_t start_max_ns,
                                                         const QueryContext& context) {
  ASSIGN_OR_RETURN(const CallsAnswer answer, Calls(start_min_ns, start_max_ns, context));
  std::vector<Dependency> dependencies;
  for (const ServiceCalls& one : answer.calls) {
    const int64_t count = one.total.count();
    if (count > 0) dependencies.push_back({one.parent, one.child, static_cast<uint64_t>(count)});
  }
  return dependencies;
}

}  // namespace spoor
