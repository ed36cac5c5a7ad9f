#include "block/column_uses.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spoor {
namespace {

// With fewer distinct strings, the dictionary is cheap in any case.
constexpr uint64_t kRawDistinctMin = 64;

bool IsMostlyDistinct(uint64_t distinct, uint64_t cells) { return distinct >= kRawDistinctMin && distinct * 2 > cells; }

}  // namespace

ColumnUses::DistinctEstimate::DistinctEstimate(uint64_t hashes_max) : bits_(std::bit_ceil(hashes_max * 2 + 64) / 64) {}

uint64_t ColumnUses::DistinctEstimate::Distinct() const {
  uint64_t set = 0;
  for (const uint64_t word : bits_) set += static_cast<uint64_t>(std::popcount(word));
  const auto size = static_cast<double>(bits_.size() * 64);
  return static_cast<uint64_t>(-size * std::log(1 - std::min(static_cast<double>(set), size - 1) / size));
}

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
  std::vector<Candidate> candidates;
  std::vector<uint32_t> candidate_of(uses_.size(), kNone);
  for (uint32_t use = 0; use < uses_.size(); ++use) {
    const bool may_be_raw =
        use < kTextColumns.size() || (IsCode(uses_[use].type) && uses_[use].cells >= kOwnColumnCellsMin);
    // What was counted so far is each batch's distinct strings: more than all batches' together.
    if (!may_be_raw || !IsMostlyDistinct(uses_[use].distinct, uses_[use].cells)) continue;
    candidate_of[use] = static_cast<uint32_t>(candidates.size());
    candidates.emplace_back(use, uses_[use].distinct);
  }
  if (candidates.empty()) return;
  Estimate(batches, candidate_of, candidates);
  for (const Candidate& candidate : candidates) {
    ColumnUse& use = uses_[candidate.use];
    use.distinct = candidate.strings.Distinct();
    use.text_bytes_max = candidate.text_bytes_max;
    use.raw = IsMostlyDistinct(use.distinct, use.cells);
  }
}

// Looks at the strings of all candidates.
void ColumnUses::Estimate(Batches batches, const std::vector<uint32_t>& candidate_of,
                          std::vector<Candidate>& candidates) const {
  for (size_t b = 0; b < batches.size(); ++b) {
    const SpanBatch& batch = *batches[b];
    for (uint32_t code = 0; code < users_[b].size(); ++code) {
      const Users& users = users_[b][code];
      // Bytes and nested values have no hash; each counts as distinct.
      const uint32_t hash = batch.string_hash[code] != SpanBatch::kNotText ? batch.string_hash[code]
                                                                           : static_cast<uint32_t>((b << 20) + code);
      const auto add = [&](Candidate& candidate) {
        candidate.strings.Add(hash);
        candidate.text_bytes_max = std::max(candidate.text_bytes_max, batch.String(code).size());
      };
      if (users.second == kMany) {
        for (Candidate& candidate : candidates) add(candidate);
        continue;
      }
      for (const uint32_t use : {users.first, users.second}) {
        if (use != kNone && candidate_of[use] != kNone) add(candidates[candidate_of[use]]);
      }
    }
  }
}

}  // namespace spoor
