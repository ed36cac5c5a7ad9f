// ColumnUses: which columns the spans of a block could have, how many cells each, and which strings stand in them: what
// is decided on before anything is written.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "block/block_layout.h"
#include "block/shape_merger.h"
#include "block/span_order.h"
#include "model/span_columns.h"
#include "model/value.h"

namespace spoor {

// A column that could be: the first of kTextColumns.size() are the fixed columns of texts, all others one attribute
// key, type and owner each.
struct ColumnUse {
  AttributeOwner owner = AttributeOwner::kSpan;
  ValueType type = ValueType::kEmpty;
  uint32_t key = 0;  // string id
  uint64_t cells = 0;
  uint64_t distinct = 0;      // strings, about; at least so many where it is said to be raw
  size_t text_bytes_max = 0;  // of its longest string, where it is raw
  bool raw = false;           // its strings are mostly distinct: they would gain nothing from a dictionary
};

inline constexpr std::array kTextColumns = {
    block_layout::FixedColumn::kName, block_layout::FixedColumn::kTraceState, block_layout::FixedColumn::kStatusMessage,
    block_layout::FixedColumn::kEventName, block_layout::FixedColumn::kLinkTraceState};

inline constexpr int kListOwners = 3;  // owners whose attributes stand in columns
// 0, 1, 2 for spans, events and links.
constexpr int ListOwnerIndex(AttributeOwner owner) {
  return owner == AttributeOwner::kSpan ? 0 : owner == AttributeOwner::kEvent ? 1 : 2;
}
inline constexpr std::array kListOwnerOf = {AttributeOwner::kSpan, AttributeOwner::kEvent, AttributeOwner::kLink};

// One thread's at a time. Calls are about the current batch, the one of the last BeginBatch.
class ColumnUses {
 public:
  // With fewer cells in the block, a column of its own costs more than it saves.
  static constexpr uint64_t kOwnColumnCellsMin = 128;

  explicit ColumnUses(const ShapeMerger& shapes) : shapes_(shapes), uses_(kTextColumns.size()) {}

  void BeginBatch(uint32_t string_count) { users_.emplace_back(string_count); }
  // Counts a list of an owner that has `shape`, and yields the uses of its fields.
  const uint32_t* CountList(AttributeOwner owner, uint32_t shape) {
    const auto o = static_cast<size_t>(ListOwnerIndex(owner));
    if (shape >= lists_of_shape_[o].size()) lists_of_shape_[o].resize(shapes_.size());
    if (lists_of_shape_[o][shape]++ == 0) AddFields(o, shape);
    return use_of_field_[o].data() + shapes_.begin(shape);
  }
  // Counts cells of a fixed column that hold a text.
  void CountText(uint32_t use, uint64_t cells) { uses_[use].cells += cells; }
  // The string with that code stands in a column of `use`.
  void AddString(uint32_t code, uint32_t use) {
    Users& users = users_.back()[code];
    if (users.first == use || users.second == use) return;
    AddUser(users, use);
  }

  // Adds up and decides which columns are raw. The batches are those that were begun.
  void Finish(Batches batches);

  // What follows is asked after Finish.
  const std::vector<ColumnUse>& uses() const { return uses_; }
  // The use of a shape's field with an owner that has it.
  uint32_t use_of_field(size_t owner, uint32_t field) const { return use_of_field_[owner][field]; }
  bool has_shape(size_t owner, uint32_t shape) const {
    return shape < lists_of_shape_[owner].size() && lists_of_shape_[owner][shape] > 0;
  }
  // Whether a string of a batch stands in a column that holds codes.
  bool NeedsCode(size_t batch, uint32_t code) const {
    const Users& users = users_[batch][code];
    return users.second == kMany || (users.first != kNone && !uses_[users.first].raw) ||
           (users.second != kNone && !uses_[users.second].raw);
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kMany = UINT32_MAX - 1;
  // The first two uses of a string in its batch.
  struct Users {
    uint32_t first = kNone;
    uint32_t second = kNone;  // or kMany
  };

  // Counts distinct hashes, about, from how full a set of bits gets (linear counting).
  class DistinctEstimate {
   public:
    explicit DistinctEstimate(uint64_t hashes_max);
    void Add(uint32_t hash) { bits_[(hash >> 6) & (bits_.size() - 1)] |= uint64_t{1} << (hash & 63); }
    uint64_t Distinct() const;

   private:
    std::vector<uint64_t> bits_;
  };
  // A use that may be raw.
  struct Candidate {
    Candidate(uint32_t u, uint64_t strings_max) : use(u), strings(strings_max) {}
    uint32_t use;
    DistinctEstimate strings;
    size_t text_bytes_max = 0;
  };

  void AddFields(size_t owner, uint32_t shape);
  void AddUser(Users& users, uint32_t use);
  void Estimate(Batches batches, const std::vector<uint32_t>& candidate_of, std::vector<Candidate>& candidates) const;

  const ShapeMerger& shapes_;
  std::vector<ColumnUse> uses_;
  boost::unordered_flat_map<uint64_t, uint32_t> found_;  // owner, type, key → use
  std::array<std::vector<uint32_t>, kListOwners> use_of_field_;
  std::array<std::vector<uint64_t>, kListOwners> lists_of_shape_;
  std::vector<std::vector<Users>> users_;  // by batch and code
};

}  // namespace spoor
