// The writing half of block/number_encoding.h.
#include <algorithm>
#include <array>
#include <cmath>

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

// Below, heads eat what is gained.
constexpr size_t kTryBytesMin = 64;

struct Profile {
  uint64_t min = 0;
  uint64_t max = 0;
  size_t runs = 1;

  int width() const { return BitWidth(max - min); }
};

Profile Look(std::span<const uint64_t> values) {
  Profile profile{.min = values[0], .max = values[0]};
  uint64_t previous = values[0];
  for (const uint64_t value : values) {
    profile.min = std::min(profile.min, value);
    profile.max = std::max(profile.max, value);
    profile.runs += value != previous;
    previous = value;
  }
  return profile;
}

// The greatest step of values that ascend; UINT64_MAX where they do not, which mostly shows soon.
uint64_t GreatestStep(std::span<const uint64_t> values) {
  uint64_t greatest = 0;
  for (size_t i = 1; i < values.size(); ++i) {
    if (values[i] < values[i - 1]) return UINT64_MAX;
    greatest = std::max(greatest, values[i] - values[i - 1]);
  }
  return greatest;
}

// About how many bytes kWidths takes, without its head.
size_t WidthsBytes(std::span<const uint64_t> values, uint64_t base) {
  constexpr double kFrameBytes = 32;  // of the stream of widths
  std::array<uint32_t, 65> counts{};
  for (const uint64_t value : values) ++counts[static_cast<size_t>(BitWidth(value - base))];
  const auto total = static_cast<float>(values.size());
  double bits = 0;
  for (size_t width = 0; width < counts.size(); ++width) {
    if (counts[width] == 0) continue;
    const auto count = static_cast<float>(counts[width]);
    bits += count * (std::log2(total / count) + static_cast<float>(BitsBelowHighest(static_cast<int>(width))));
  }
  return static_cast<size_t>(bits / 8 + kFrameBytes);
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
    const Profile profile = Look(values);
    if (WriteConstant(profile)) return profile;
    if (profile.runs <= values.size() / 8) {
      WriteRuns(values, profile.runs);
    } else if (values.size() > 2 && BitWidth(GreatestStep(values)) + 1 < profile.width()) {
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

  void WriteRuns(std::span<const uint64_t> values, size_t runs) {
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
  }

  bool WriteDictionary(std::span<const uint64_t> values, const Profile& profile) {
    const int width = profile.width();
    if (width < 5 || values.size() < 16 || !MayTry(hints_.dictionary_failures)) return false;
    DistinctValues& values_found = scratch_.distinct;
    const bool found =
        values_found.Collect(values, profile.min, profile.max, std::min(values.size() / 2, kDistinctMax)) &&
        IsSmaller(values_found.values(), values.size(), width);
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

  // Bit-packed, or as planes of bytes where zstd makes these smaller, or by widths where small numbers are more often
  // than large ones, as of durations.
  void WritePlain(std::span<const uint64_t> values, const Profile& profile) {
    const int width = profile.width();
    const size_t packed_bytes = PackedBytes(values.size(), width);
    const bool is_large = packed_bytes >= kTryBytesMin;
    const size_t widths_bytes =
        is_large && MayTry(hints_.widths_failures) ? WidthsBytes(values, profile.min) : SIZE_MAX;
    const size_t least = packed_bytes - packed_bytes / 16;
    if (is_large && MayTry(hints_.zstd_failures)) {
      const size_t begin = out_.size();
      WritePlanes(values, profile);
      const size_t planes_bytes = out_.size() - begin;
      const bool smaller = planes_bytes < std::min(least, widths_bytes);
      Learn(hints_.zstd_failures, smaller);
      if (smaller) return;
      out_.Truncate(begin);
    }
    if (is_large && MayTry(hints_.widths_failures)) Learn(hints_.widths_failures, widths_bytes < least);
    if (widths_bytes < least) return WriteWidths(values, profile.min);
    Tag(NumberEncoding::kPacked);
    out_.Varint(profile.min);
    out_.U8(static_cast<uint8_t>(width));
    PackBits(values, profile.min, width, out_.Extend(packed_bytes));
  }

  void WriteWidths(std::span<const uint64_t> values, uint64_t base) {
    Tag(NumberEncoding::kWidths);
    out_.Varint(base);
    std::vector<std::byte>& widths = scratch_.plane;
    widths.resize(values.size());
    size_t bits = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      const int width = BitWidth(values[i] - base);
      widths[i] = static_cast<std::byte>(width);
      bits += BitsBelowHighest(width);
    }
    WriteStream(widths, StreamEffort::kCompress, out_);
    BitWriter writer(out_.Extend((bits + 7) / 8));
    for (size_t i = 0; i < values.size(); ++i) {
      writer.Put(values[i] - base, static_cast<int>(BitsBelowHighest(std::to_integer<int>(widths[i]))));
    }
    writer.Finish();
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
