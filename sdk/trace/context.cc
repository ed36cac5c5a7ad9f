#include "api/context.h"

#include <atomic>
#include <new>

#include "trace/current.h"
#include "trace/scope_node.h"
#include "trace/thread_block.h"

namespace spoor::trace {

const EmptyContext empty_context;

namespace {

constexpr uint32_t kSpareMax = 16;

// The innermost from now on; null without memory.
ScopeNode* Open() noexcept {
  ScopeNode* node = thread_block.spare_scopes;
  if (node != nullptr) {
    thread_block.spare_scopes = node->outer;
    --thread_block.spare_scope_count;
  } else {
    node = new (std::nothrow) ScopeNode;  // check-ok(bans): see Scope::Free
    if (node == nullptr) return nullptr;
    if (!thread_block.is_over) KeepUntilThreadEnd();
  }
  node->outer = thread_block.innermost_scope;
  node->state.store(ScopeNode::kOpen, std::memory_order_relaxed);
  thread_block.innermost_scope = node;
  return node;
}

}  // namespace

void AbandonScopes() noexcept {
  for (ScopeNode* node = std::exchange(thread_block.innermost_scope, nullptr); node != nullptr;) {
    ScopeNode* outer = node->outer;
    if (node->state.exchange(ScopeNode::kAbandoned, std::memory_order_acq_rel) == ScopeNode::kClosed) {
      delete node;  // check-ok(bans): see Scope::Free
    }
    node = outer;
  }
  for (ScopeNode* node = std::exchange(thread_block.spare_scopes, nullptr); node != nullptr;) {
    ScopeNode* next = node->outer;
    delete node;  // check-ok(bans): see Scope::Free
    node = next;
  }
  thread_block.spare_scope_count = 0;
}

void Scope::Free(ScopeNode* node) noexcept {
  Context& context = node->context;
  if (context.span_.record_ != nullptr || !context.span_.context().trace_state().IsEmpty()) context.span_ = Span();
  if (!context.baggage_.IsEmpty()) context.baggage_ = Baggage();
  if (thread_block.is_over || thread_block.spare_scope_count >= kSpareMax) {
    delete node;  // check-ok(bans): a list of its own, as allocating for each scope would cost more than the scope
    return;
  }
  KeepUntilThreadEnd();
  node->outer = thread_block.spare_scopes;
  thread_block.spare_scopes = node;
  ++thread_block.spare_scope_count;
}

// Takes out of the list what has ended, from the innermost on.
void Scope::DropClosed() noexcept {
  while (thread_block.innermost_scope != nullptr &&
         thread_block.innermost_scope->state.load(std::memory_order_acquire) == ScopeNode::kClosed) {
    ScopeNode* node = thread_block.innermost_scope;
    thread_block.innermost_scope = node->outer;
    Free(node);
  }
}

const Context& CurrentBehindClosed() noexcept {
  Scope::DropClosed();
  const ScopeNode* node = thread_block.innermost_scope;
  return node == nullptr ? empty_context.context : node->context;
}

const Context& Context::Current() noexcept { return CurrentContext(); }

Scope::Scope(Span span) noexcept {
  const Context& around = CurrentContext();
  ScopeNode* node = Open();
  if (node == nullptr) return;
  node->context.span_ = std::move(span);
  node->context.baggage_ = around.baggage_;
  node->context.is_debug_ = around.is_debug_;
  node_ = node;
}

Scope::Scope(Context context) noexcept {
  DropClosed();
  node_ = Open();
  if (node_ != nullptr) node_->context = std::move(context);
}

Span& Scope::span() const noexcept {
  static Span* nothing = new Span;  // never destroyed, as empty_context
  return node_ == nullptr ? *nothing : node_->context.span_;
}

void Scope::End() noexcept {
  ScopeNode* node = std::exchange(node_, nullptr);
  if (node == nullptr) return;
  if (node == thread_block.innermost_scope) {  // the usual case: on its own thread, innermost
    thread_block.innermost_scope = node->outer;
    Free(node);
    return;
  }
  // Out of order, or on another thread: its own thread takes it out of its list when it comes by.
  const uint8_t before = node->state.exchange(ScopeNode::kClosed, std::memory_order_acq_rel);
  if (before == ScopeNode::kAbandoned) delete node;  // check-ok(bans): see Scope::Free
}

void Scope::EndWithSpan() noexcept {
  if (node_ == nullptr) return;
  if (node_ != thread_block.innermost_scope) {
    node_->context.span_.End();  // and leaves it there: the scope's own thread may just be looking at it
    return End();
  }
  Span span = std::move(node_->context.span_);
  End();
  std::move(span).EndForGood();
}

}  // namespace spoor::trace
