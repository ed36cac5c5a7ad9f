// The current context, looked up on the spot.
#pragma once

#include <atomic>
#include <cstdint>

#include "api/context.h"
#include "trace/thread_block.h"

namespace spoor::trace {

// One open scope. Its thread has it in a list, innermost first; whoever holds the Scope can be on another thread.
struct ScopeNode {
  enum State : uint8_t { kOpen, kClosed, kAbandoned };  // abandoned: its thread has ended before it

  Context context;
  ScopeNode* outer = nullptr;
  // Whoever comes second, the Scope that ends or the thread that does, frees it.
  std::atomic<uint8_t> state{kOpen};
};

// An empty context, made before the program begins and never destroyed: threads may trace while the process exits.
union EmptyContext {
  constexpr EmptyContext() noexcept : context() {}
  ~EmptyContext() {}
  Context context;
};
extern const EmptyContext empty_context;

inline const Context& CurrentContext() noexcept {
  const ScopeNode* node = thread_block.innermost_scope;
  if (node == nullptr) return empty_context.context;
  return node->state.load(std::memory_order_acquire) == ScopeNode::kOpen ? node->context : CurrentBehindClosed();
}

}  // namespace spoor::trace
