#include "trace/fork.h"

#include <pthread.h>

namespace spoor::trace {

std::atomic<uint32_t> fork_generation{1};

// Needs no destruction, so that it serves while the process exits.
struct ForkRegistry {
  std::mutex mutex;
  ForkRegistration* first = nullptr;

  void Add(ForkRegistration* one) {
    const std::lock_guard lock(mutex);
    ForkRegistration** end = &first;
    while (*end != nullptr) end = &(*end)->next_;
    *end = one;
  }
  void Remove(const ForkRegistration* one) {
    const std::lock_guard lock(mutex);
    for (ForkRegistration** at = &first; *at != nullptr; at = &(*at)->next_) {
      if (*at != one) continue;
      *at = one->next_;
      return;
    }
  }
  template <class Call>
  void ForAll(const Call& call) {
    for (ForkRegistration* one = first; one != nullptr; one = one->next_) call(one->handlers_, one->self_);
  }
};

namespace {

ForkRegistry registry;

void Hold() {
  registry.mutex.lock();
  registry.ForAll([](const auto& handlers, void* self) { handlers.hold(self); });
}

void Resume() {
  registry.ForAll([](const auto& handlers, void* self) { handlers.resume(self); });
  registry.mutex.unlock();
}

void BeginAnew() {
  fork_generation.fetch_add(1, std::memory_order_relaxed);
  registry.ForAll([](const auto& handlers, void* self) { handlers.begin_anew(self); });
  registry.mutex.unlock();
}

[[maybe_unused]] const int registered = pthread_atfork(Hold, Resume, BeginAnew);

}  // namespace

ForkRegistration::ForkRegistration(const Handlers& handlers, void* self) noexcept : handlers_(handlers), self_(self) {
  registry.Add(this);
}

ForkRegistration::~ForkRegistration() { registry.Remove(this); }

}  // namespace spoor::trace
