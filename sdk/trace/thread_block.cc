#include "trace/thread_block.h"

#include "trace/scope_node.h"
#include "trace/span_pool.h"

namespace spoor::trace {

__thread ThreadBlock thread_block;

namespace {

struct AtThreadEnd {
  ~AtThreadEnd() {
    thread_block.is_over = true;
    AbandonScopes();
    span_pool::GiveBackAll();
  }
  void Touch() noexcept {}
};
thread_local AtThreadEnd at_thread_end;

}  // namespace

void KeepUntilThreadEnd() noexcept {
  if (thread_block.gives_back) return;
  thread_block.gives_back = true;
  at_thread_end.Touch();
}

}  // namespace spoor::trace
