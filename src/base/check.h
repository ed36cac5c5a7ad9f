// Checks that stay on in every build, for our own mistakes only: bytes from network or disk never reach one.
#pragma once

#include <cstdint>

namespace spoor {
// Prints "file:line: check failed: expression" to stderr and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression);
}  // namespace spoor

#define SPOOR_CHECK(expression)                              \
  do {                                                       \
    if (!(expression)) [[unlikely]]                          \
      ::spoor::CheckFailed(__FILE__, __LINE__, #expression); \
  } while (false)

// For loops that run per value: on in debug and sanitizer builds only.
#ifdef NDEBUG
#define SPOOR_DCHECK(expression) static_cast<void>(0)
#else
#define SPOOR_DCHECK(expression) SPOOR_CHECK(expression)
#endif
