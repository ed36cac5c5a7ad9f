// A store without checksums: every one is 0, when it is written and when it is compared. The simulation must notice.
#include <cstddef>
#include <cstdint>
#include <span>

// What the linker calls instead of spoor::Crc32c (--wrap).
extern "C" uint32_t __wrap__ZN5spoor6Crc32cESt4spanIKSt4byteLm18446744073709551615EEj(std::span<const std::byte>,
                                                                                      uint32_t) {
  return 0;
}
