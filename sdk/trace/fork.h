// Forks: a child has a copy of everything but the other threads, whose locks stay taken and whose work stays half done.
// Here the parts of the library say what is to be done about that.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

namespace spoor::trace {

// How many forks lie between the first process and this one, and one more: never 0. Spans and random numbers of another
// generation are the parent's.
extern std::atomic<uint32_t> fork_generation;

// As long as it lives its handlers are called with `self`, on the thread that forks. They must not fork, nor make or
// destroy registrations.
class ForkRegistration {
 public:
  struct Handlers {
    void (*hold)(void* self) noexcept;        // before: take the locks that the child must find in order
    void (*resume)(void* self) noexcept;      // in the parent: release them
    void (*begin_anew)(void* self) noexcept;  // in the child: release them, and do without the threads that are gone
  };
  ForkRegistration(const Handlers& handlers, void* self) noexcept;
  ~ForkRegistration();
  ForkRegistration(const ForkRegistration&) = delete;
  ForkRegistration& operator=(const ForkRegistration&) = delete;

 private:
  friend struct ForkRegistry;
  const Handlers handlers_;
  void* const self_;
  ForkRegistration* next_ = nullptr;  // in the order in which they were made
};

// A mutex that no fork finds taken by another thread. Two of them may be held at once only in the order in which they
// were made.
class ForkSafeMutex {
 public:
  ForkSafeMutex() noexcept : registration_(kHandlers, this) {}
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  static void Lock(void* self) noexcept { static_cast<ForkSafeMutex*>(self)->mutex_.lock(); }
  static void Unlock(void* self) noexcept { static_cast<ForkSafeMutex*>(self)->mutex_.unlock(); }
  static constexpr ForkRegistration::Handlers kHandlers{Lock, Unlock, Unlock};

  std::mutex mutex_;
  ForkRegistration registration_;
};

}  // namespace spoor::trace
