// Replaces operator new of a test program, to count (base/allocation_count.h).
#include "base/allocation_count.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SPOOR_OWN_OPERATOR_NEW 0
#endif
#endif
#ifndef SPOOR_OWN_OPERATOR_NEW
#define SPOOR_OWN_OPERATOR_NEW 1
#endif

#if SPOOR_OWN_OPERATOR_NEW
#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<size_t> allocations{0};

void* Allocate(size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
}  // namespace

void* operator new(size_t size) { return Allocate(size); }
void* operator new[](size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

size_t spoor::AllocationCount() { return allocations.load(); }

#else

size_t spoor::AllocationCount() { return 0; }

#endif  // SPOOR_OWN_OPERATOR_NEW
