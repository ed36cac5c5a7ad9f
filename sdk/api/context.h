// Context: what goes along with an execution: its span and baggage; Scope: makes a context the current one of a thread.
#pragma once

#include <utility>

#include "baggage.h"
#include "span.h"

namespace spoor::trace {

// Immutable value. Thread-safe.
class Context {
 public:
  Context() noexcept = default;
  explicit Context(Span span, Baggage baggage = {}) noexcept : span_(std::move(span)), baggage_(std::move(baggage)) {}

  // Of the innermost Scope that is open on this thread; an empty one where there is none. Valid until that scope ends.
  static const Context& Current() noexcept;

  const Span& span() const noexcept { return span_; }
  const Baggage& baggage() const noexcept { return baggage_; }
  // Whether the caller asked, with B3's or Jaeger's debug flag, that everything on the way be recorded. It is passed
  // on.
  bool is_debug() const noexcept { return is_debug_; }

  Context With(Span span) const& noexcept { return Context(std::move(span), baggage_, is_debug_); }
  Context With(Span span) && noexcept { return Context(std::move(span), std::move(baggage_), is_debug_); }
  Context With(Baggage baggage) const noexcept { return Context(span_, std::move(baggage), is_debug_); }
  Context WithDebug(bool is_debug) const noexcept { return Context(span_, baggage_, is_debug); }

 private:
  friend class Scope;
  Context(Span span, Baggage baggage, bool is_debug) noexcept
      : span_(std::move(span)), baggage_(std::move(baggage)), is_debug_(is_debug) {}

  Span span_;
  Baggage baggage_;
  bool is_debug_ = false;
};

struct ScopeNode;
const Context& CurrentBehindClosed() noexcept;

// While it lives, its context is the current one of the thread that made it. May end in any order, and on another
// thread than it began on (a coroutine's, a callback's): then it ends for the first thread and changes nothing on the
// second. Movable; not for use by two threads at once.
//
// What belongs to a thread is current for all that runs on it: a coroutine that is suspended within a Scope leaves its
// context to whatever runs there next. Keep the Context (or the Span), and open a Scope around each stretch between
// suspensions.
class Scope {
 public:
  // The current context with another span.
  explicit Scope(Span span) noexcept;
  explicit Scope(Context context) noexcept;
  Scope(Scope&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Scope& operator=(Scope&& other) noexcept {
    if (this != &other) {
      End();
      node_ = std::exchange(other.node_, nullptr);
    }
    return *this;
  }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() {
    if (node_ != nullptr) End();
  }

  void End() noexcept;

 private:
  friend class ActiveSpan;
  friend const Context& CurrentBehindClosed() noexcept;
  // The span in it; one that does not record where this has ended or found no memory.
  Span& span() const noexcept;
  void EndWithSpan() noexcept;
  static void Free(ScopeNode* node) noexcept;
  static void DropClosed() noexcept;

  ScopeNode* node_ = nullptr;
};

// The span of the current context.
inline const Span& CurrentSpan() noexcept { return Context::Current().span(); }

}  // namespace spoor::trace
