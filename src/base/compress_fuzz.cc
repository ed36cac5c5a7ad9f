// Fuzzes the unpacking of request bodies: the first byte chooses the encoding and how the rest is cut into pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/compress.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  constexpr size_t kBytesMax = size_t{1} << 20;
  const auto encoding = static_cast<spoor::Encoding>(data[0] & 3);
  const size_t step = size_t{1} << (data[0] >> 4);
  std::string_view packed(reinterpret_cast<const char*>(data) + 1, size - 1);

  spoor::MemoryBudget budget(size_t{32} << 20);
  spoor::BoundedBytes out(kBytesMax, budget.Reserve());
  const auto decompressor = spoor::Decompressor::Make(encoding, out, budget.Reserve());
  spoor::Status status;
  while (!packed.empty() && status.has_value()) {
    status = decompressor->Feed(packed.substr(0, step));
    packed.remove_prefix(std::min(step, packed.size()));
  }
  if (status.has_value()) status = decompressor->Finish();
  const auto [bytes, memory] = out.Take();
  SPOOR_CHECK(bytes.size() <= kBytesMax + 1);
  SPOOR_CHECK(memory.bytes() >= bytes.size());
  return 0;
}
