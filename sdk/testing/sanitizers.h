// Which sanitizers the tests run under: SPOOR_HAS_TSAN is the thread sanitizer, SPOOR_HAS_SANITIZER any.
#pragma once

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SPOOR_HAS_TSAN 1
#endif
#if __has_feature(address_sanitizer)
#define SPOOR_HAS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define SPOOR_HAS_TSAN 1
#endif
#if defined(SPOOR_HAS_TSAN) || defined(__SANITIZE_ADDRESS__)
#define SPOOR_HAS_SANITIZER 1
#endif
