// The encodings by themselves: whatever the bytes, decoding ends with values or with an error.
#include <cstdint>

#include "block/dictionary_encoding.h"
#include "block/number_encoding.h"
#include "block/text_encoding.h"
#include "block/text_filter.h"
#include "block/trace_filter.h"

// The first byte says what is decoded, the next two how many cells there are said to be.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using spoor::ByteReader;
  if (size < 3) return 0;
  const size_t count = size_t{data[1]} << 8 | data[2];
  const auto bytes = std::as_bytes(std::span(data + 3, size - 3));
  ByteReader in(bytes);
  switch (data[0] % 6) {
    case 0: static_cast<void>(spoor::ReadNumbers<uint64_t>(in, count, UINT64_MAX).has_value()); break;
    case 1: {
      ByteReader again(bytes);
      static_cast<void>(spoor::DecodeTexts(in, count, 1 << 20).has_value());
      static_cast<void>(spoor::TextsHold(again, count, 1 << 20, "10.1.2.3").has_value());
      break;
    }
    case 2: static_cast<void>(spoor::DecodeChunk(bytes, static_cast<uint32_t>(count)).has_value()); break;
    case 3:
      if (const auto filter = spoor::TraceFilter::Parse(bytes); filter) {
        for (uint64_t key = 0; key < 100; ++key) static_cast<void>(filter->MayHold(key * 0x9E3779B97F4A7C15ull));
      }
      break;
    case 4:
      static_cast<void>(
          spoor::DecodeTextFilterIndex(bytes, static_cast<uint32_t>(count), uint64_t{1} << 20).has_value());
      break;
    case 5: {
      const spoor::TextFilterGroup group{.hash_bits = 24, .bucket_bits = 4};
      for (uint64_t hash = 0; hash < 16; ++hash) {
        static_cast<void>(spoor::BucketHolds(group, bytes, hash * 0x9E3779B97F4A7C15ull).has_value());
      }
      break;
    }
  }
  return 0;
}
