#include "base/random_seed.h"

#include <sys/random.h>

#include "base/check.h"

namespace spoor {
namespace {

uint64_t ReadSeed() {
  uint64_t seed = 0;
  SPOOR_CHECK(getrandom(&seed, sizeof(seed), 0) == sizeof(seed));
  return seed | 1;
}

}  // namespace

uint64_t ProcessSeed() {
  static const uint64_t seed = ReadSeed();
  return seed;
}

}  // namespace spoor
