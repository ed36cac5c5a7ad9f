// The writing half of block/number_encoding.h.
#include <algorithm>

#include "block/bit_packing.h"
#include "block/byte_stream.h"
#include "block/distinct_values.h"
#include "block/number_encoding.h"

namespace spoor {
namespace {

// What is tried less often once it failed this many times in a row: every eighth page, as data changes.
constexpr int kFailuresMax = 2;
constexpr int kRetryPages = 8;

// A dictionary of more values costs more to make than it saves.
constexpr size_t kDistinctMax = 1 << 14;

struct Profile {
  uint64_t min = 0;
  uint64_t max = 0;
  bool ascending = true;
  uint64_t step_max = 0;  // of ascending ones

  int width() const { return BitWidth(max - min); }
};

Profile Look(std::span<const uint64_t> values) {
  Profile profile{.min = values[0], .max = values[0]};
  uint64_t previous = values[0];
  for (const uint64_t value : values) {
    profile.min = std::min(profile.min, value);
    profile.max = std::max(profile.max, value);
    profile.ascending &= value >= previous;
    profile.step_max = std::max(profile.step_max, value - previous);
    previous = value;
  }
  return profile;
}

size_t CountRuns(std::span<const uint64_t> values) {
  size_t runs = 1;
  for (size_t i = 1; i < values.size(); ++i) runs += values[i] != values[i - 1];
  return runs;
}

struct Scratch {
  DistinctValues distinct;
  std::vector<uint64_t> run_values, run_lengths, steps;
  std::vector<std::byte> plane;
};

class Encoder {
 public:
  Encoder(NumberHints& hints, ByteWriter& out, Scratch& scratch) : hints_(hints), out_(out), scratch_(scratch) {}

  Profile Write(std::span<const uint64_t> values) {
    const size_t runs = CountRuns(values);
    if (runs > 1 && runs <= values.size() / 8) return WriteRuns(values, runs);
    const Profile profile = Look(values);
    if (WriteConstant(profile)) return profile;
    if (profile.ascending && values.size() > 2 && BitWidth(profile.step_max) + 1 < profile.width()) {
      WriteAscending(values);
    } else if (!WriteDictionary(values, profile)) {
      WritePlain(values, profile);
    }
    return profile;
  }

  // Without encodings that nest.
  void WriteFlat(std::span<const uint64_t> values) {
    if (values.empty()) return;
    const Profile profile = Look(values);
    if (!WriteConstant(profile)) WritePlain(values, profile);
  }

 private:
  void Tag(NumberEncoding encoding) { out_.U8(static_cast<uint8_t>(encoding)); }
  bool MayTry(uint8_t failures) const { return failures < kFailuresMax || hints_.page % kRetryPages == 0; }
  static void Learn(uint8_t& failures, bool success) {
    failures = success ? 0 : static_cast<uint8_t>(std::min(failures + 1, kFailuresMax));
  }

  bool WriteConstant(const Profile& profile) {
    if (profile.min != profile.max) return false;
    Tag(NumberEncoding::kConstant);
    out_.Varint(profile.min);
    return true;
  }

  void WriteAscending(std::span<const uint64_t> values) {
    Tag(NumberEncoding::kAscending);
    out_.Varint(values[0]);
    std::vector<uint64_t>& steps = scratch_.steps;
    steps.resize(values.size() - 1);
    for (size_t i = 1; i < values.size(); ++i) steps[i - 1] = values[i] - values[i - 1];
    WriteFlat(steps);
  }

  Profile WriteRuns(std::span<const uint64_t> values, size_t runs) {
    std::vector<uint64_t>& run_values = scratch_.run_values;
    std::vector<uint64_t>& lengths = scratch_.run_lengths;
    run_values.clear();
    lengths.clear();
    for (size_t begin = 0; begin < values.size();) {
      size_t end = begin + 1;
      while (end < values.size() && values[end] == values[begin]) ++end;
      run_values.push_back(values[begin]);
      lengths.push_back(end - begin);
      begin = end;
    }
    Tag(NumberEncoding::kRuns);
    out_.Varint(runs);
    const Profile profile = Look(run_values);
    if (!WriteDictionary(run_values, profile)) WritePlain(run_values, profile);
    WriteFlat(lengths);
    return profile;
  }

  bool WriteDictionary(std::span<const uint64_t> values, const Profile& profile) {
    const int width = profile.width();
    if (width < 5 || values.size() < 16 || !MayTry(hints_.dictionary_failures)) return false;
    const bool found = scratch_.distinct.Collect(values, std::min(values.size() / 2, kDistinctMax)) &&
                       IsSmaller(scratch_.distinct.values(), values.size(), width);
    Learn(hints_.dictionary_failures, found);
    if (!found) return false;
    const std::span<const uint64_t> distinct = scratch_.distinct.values();
    Tag(NumberEncoding::kDictionary);
    out_.Varint(distinct.size());
    if (distinct.size() > 2) {
      WriteAscending(distinct);
    } else {
      WriteFlat(distinct);
    }
    WriteFlat(scratch_.distinct.indices());
    return true;
  }

  // Whether distinct values and indices take less than `count` packed cells of `width` bits.
  static bool IsSmaller(std::span<const uint64_t> distinct, size_t count, int width) {
    const int index_width = BitWidth(distinct.size() - 1);
    const int step_width = width - std::min(width, index_width);
    const size_t dictionary =
        count * static_cast<size_t>(index_width) + distinct.size() * static_cast<size_t>(step_width);
    return dictionary + 64 < count * static_cast<size_t>(width);
  }

  // Bit-packed, or as planes of bytes where zstd makes these smaller.
  void WritePlain(std::span<const uint64_t> values, const Profile& profile) {
    const int width = profile.width();
    const size_t packed_bytes = PackedBytes(values.size(), width);
    if (packed_bytes >= 64 && MayTry(hints_.zstd_failures)) {
      const size_t begin = out_.size();
      WritePlanes(values, profile);
      const bool smaller = out_.size() - begin < packed_bytes - packed_bytes / 16;
      Learn(hints_.zstd_failures, smaller);
      if (smaller) return;
      out_.Truncate(begin);
    }
    Tag(NumberEncoding::kPacked);
    out_.Varint(profile.min);
    out_.U8(static_cast<uint8_t>(width));
    PackBits(values, profile.min, width, out_.Extend(packed_bytes));
  }

  void WritePlanes(std::span<const uint64_t> values, const Profile& profile) {
    const int planes = (profile.width() + 7) / 8;
    Tag(NumberEncoding::kPlanes);
    out_.Varint(profile.min);
    out_.U8(static_cast<uint8_t>(planes));
    std::vector<std::byte>& plane = scratch_.plane;
    plane.resize(values.size());
    for (int p = 0; p < planes; ++p) {
      for (size_t i = 0; i < values.size(); ++i) {
        plane[i] = static_cast<std::byte>((values[i] - profile.min) >> (8 * p));
      }
      WriteStream(plane, StreamEffort::kCompress, out_);
    }
  }

  NumberHints& hints_;
  ByteWriter& out_;
  Scratch& scratch_;
};

}  // namespace

NumberStatistics EncodeNumbers(std::span<const uint64_t> values, NumberHints& hints, ByteWriter& out) {
  if (values.empty()) return {};
  thread_local Scratch scratch;
  const Profile profile = Encoder(hints, out, scratch).Write(values);
  ++hints.page;
  return {profile.min, profile.max};
}

}  // namespace spoor
