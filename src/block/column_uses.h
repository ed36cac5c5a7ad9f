// ColumnUses: which columns the spans of a block could have, how many cells each, and which strings stand in them: what
// is decided on before anything is written.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "block/block_layout.h"
#include "block/shape_merger.h"
#include "model/span_columns.h"
#include "model/value.h"

namespace spoor {

// Something that holds strings. Use 0 is everything that always holds codes (keys, resources, scopes ...), 1 to 5 are
// the fixed columns of texts, all others one attribute key, type and owner each.
struct ColumnUse {
  AttributeOwner owner = AttributeOwner::kSpan;
  ValueType type = ValueType::kEmpty;
  uint32_t key = 0;  // string id
  uint64_t cells = 0;
  uint64_t distinct = 0;  // strings; a string that three columns have is counted in two of them
};

inline constexpr uint32_t kTableUse = 0;
inline constexpr std::array kTextColumns = {
    block_layout::FixedColumn::kName, block_layout::FixedColumn::kTraceState, block_layout::FixedColumn::kStatusMessage,
    block_layout::FixedColumn::kEventName, block_layout::FixedColumn::kLinkTraceState};
constexpr uint32_t TextUse(int text_column) { return 1 + static_cast<uint32_t>(text_column); }

inline constexpr int kListOwners = 3;  // owners whose attributes stand in columns
// 0, 1, 2 for spans, events and links.
constexpr int ListOwnerIndex(AttributeOwner owner) {
  return owner == AttributeOwner::kSpan ? 0 : owner == AttributeOwner::kEvent ? 1 : 2;
}
inline constexpr std::array kListOwnerOf = {AttributeOwner::kSpan, AttributeOwner::kEvent, AttributeOwner::kLink};

// One thread's at a time.
class ColumnUses {
 public:
  explicit ColumnUses(const ShapeMerger& shapes) : shapes_(shapes), uses_(1 + kTextColumns.size()) {}

  // Counts lists of an owner that have `shape`, and yields the uses of its fields.
  const uint32_t* CountList(AttributeOwner owner, uint32_t shape);
  // Counts cells of a fixed column that hold a text.
  void CountText(uint32_t use, uint64_t cells) { uses_[use].cells += cells; }
  // String `id` stands in a column of `use`.
  void AddString(uint32_t id, uint32_t use);

  const std::vector<ColumnUse>& uses() const { return uses_; }
  // The use of a shape's field with an owner that has it.
  uint32_t use_of_field(int owner, uint32_t field) const { return use_of_field_[static_cast<size_t>(owner)][field]; }
  bool has_shape(int owner, uint32_t shape) const {
    const auto& counts = lists_of_shape_[static_cast<size_t>(owner)];
    return shape < counts.size() && counts[shape] > 0;
  }

  // Adds up the cells of all lists; call once, before uses() is asked.
  void Finish();

  // Whether string `id` stands in a column for which `holds_codes` (by use) is true.
  bool IsInDictionary(uint32_t id, const std::vector<uint8_t>& holds_codes) const;

 private:
  void AddFields(int owner, uint32_t shape);

  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kMany = UINT32_MAX - 1;
  struct Users {
    uint32_t first = kNone;
    uint32_t second = kNone;  // or kMany
  };

  const ShapeMerger& shapes_;
  std::vector<ColumnUse> uses_;
  boost::unordered_flat_map<uint64_t, uint32_t> found_;  // owner, type, key → use
  std::array<std::vector<uint32_t>, kListOwners> use_of_field_;
  std::array<std::vector<uint64_t>, kListOwners> lists_of_shape_;
  std::vector<Users> users_;  // by string id
};

}  // namespace spoor
