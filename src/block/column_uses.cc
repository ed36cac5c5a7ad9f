#include "block/column_uses.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spoor {
namespace {

// With fewer distinct strings, the dictionary is cheap in any case.
constexpr uint64_t kRawDistinctMin = 64;

bool IsMostlyDistinct(uint64_t distinct, uint64_t cells) { return distinct >= kRawDistinctMin && distinct * 2 > cells; }

// Counts distinct hashes, about, from how full a set of bits gets (linear counting).
class DistinctEstimate {
 public:
  explicit DistinctEstimate(uint64_t hashes_max) : bits_(std::bit_ceil(hashes_max * 2 + 64) / 64) {}

  void Add(uint32_t hash) { bits_[(hash >> 6) & (bits_.size() - 1)] |= uint64_t{1} << (hash & 63); }
  uint64_t Distinct() const {
    uint64_t set = 0;
    for (const uint64_t word : bits_) set += static_cast<uint64_t>(std::popcount(word));
    const auto size = static_cast<double>(bits_.size() * 64);
    return static_cast<uint64_t>(-size * std::log(1 - std::min(static_cast<double>(set), size - 1) / size));
  }

 private:
  std::vector<uint64_t> bits_;
};

}  // namespace

void ColumnUses::AddFields(size_t owner, uint32_t shape) {
  std::vector<uint32_t>& use_of = use_of_field_[owner];
  use_of.resize(shapes_.field_count());
  for (uint32_t field = shapes_.begin(shape); field < shapes_.begin(shape + 1); ++field) {
    const ValueType type = shapes_.type(field);
    const uint64_t key =
        shapes_.key(field) | uint64_t{static_cast<uint8_t>(type)} << 32 | static_cast<uint64_t>(owner) << 40;
    const auto [found, is_new] = found_.try_emplace(key, static_cast<uint32_t>(uses_.size()));
    if (is_new) uses_.push_back({.owner = kListOwnerOf[owner], .type = type, .key = shapes_.key(field)});
    use_of[field] = found->second;
  }
}

void ColumnUses::AddUser(Users& users, uint32_t use) {
  if (users.second == kMany) return;
  if (users.first == kNone) {
    users.first = use;
  } else if (users.second == kNone) {
    users.second = use;
  } else {
    users.second = kMany;
    return;
  }
  ++uses_[use].distinct;
}

void ColumnUses::Finish(Batches batches) {
  for (size_t owner = 0; owner < kListOwners; ++owner) {
    for (uint32_t shape = 0; shape < lists_of_shape_[owner].size(); ++shape) {
      const uint64_t lists = lists_of_shape_[owner][shape];
      if (lists == 0) continue;
      for (uint32_t field = shapes_.begin(shape); field < shapes_.begin(shape + 1); ++field) {
        uses_[use_of_field_[owner][field]].cells += lists;
      }
    }
  }
  for (uint32_t use = 0; use < uses_.size(); ++use) {
    const bool may_be_raw =
        use < kTextColumns.size() || (IsCode(uses_[use].type) && uses_[use].cells >= kOwnColumnCellsMin);
    // What was counted so far is each batch's distinct strings: more than all batches' together.
    if (may_be_raw && IsMostlyDistinct(uses_[use].distinct, uses_[use].cells)) DecideRaw(use, batches);
  }
}

void ColumnUses::DecideRaw(uint32_t use, Batches batches) {
  DistinctEstimate estimate(uses_[use].distinct);
  size_t bytes_max = 0;
  for (size_t b = 0; b < batches.size(); ++b) {
    const SpanBatch& batch = *batches[b];
    for (uint32_t code = 0; code < users_[b].size(); ++code) {
      const Users& users = users_[b][code];
      if (users.first != use && users.second != use && users.second != kMany) continue;
      bytes_max = std::max(bytes_max, batch.String(code).size());
      // Bytes and nested values have no hash; each counts as distinct.
      estimate.Add(batch.string_hash[code] != SpanBatch::kNotText ? batch.string_hash[code]
                                                                  : static_cast<uint32_t>((b << 20) + code));
    }
  }
  uses_[use].distinct = estimate.Distinct();
  uses_[use].text_bytes_max = bytes_max;
  uses_[use].raw = IsMostlyDistinct(uses_[use].distinct, uses_[use].cells);
}

}  // namespace spoor
