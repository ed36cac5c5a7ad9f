#include "block/column_plan.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace spoor {
namespace {

// The first eight bytes, so that comparing numbers orders texts (but for what follows).
uint64_t Prefix(std::string_view text) {
  uint64_t prefix = 0;
  if (!text.empty()) std::memcpy(&prefix, text.data(), std::min<size_t>(8, text.size()));
  return __builtin_bswap64(prefix);
}

struct SortKey {
  uint64_t prefix;
  uint32_t id;
};

}  // namespace

ColumnPlan::ColumnPlan(const MergedInput& input) {
  MakeDictionary(input);
  MakeColumns(input);
}

void ColumnPlan::MakeDictionary(const MergedInput& input) {
  std::vector<SortKey> texts, others;
  for (uint32_t id = 0; id < input.strings.size(); ++id) {
    if (!input.needs_code(id)) continue;
    (input.strings.is_text(id) ? texts : others).push_back({Prefix(input.strings.text(id)), id});
  }
  const auto less = [&](const SortKey& a, const SortKey& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return input.strings.text(a.id) < input.strings.text(b.id);
  };
  std::ranges::sort(texts, less);
  std::ranges::sort(others, less);
  text_count = static_cast<uint32_t>(texts.size());
  code_of_id.assign(input.strings.size(), kNoCode);
  for (const std::vector<SortKey>* part : {&texts, &others}) {
    for (const SortKey& key : *part) {
      code_of_id[key.id] = static_cast<uint32_t>(id_of_code.size());
      id_of_code.push_back(key.id);
    }
  }
}

void ColumnPlan::MakeColumns(const MergedInput& input) {
  using block_layout::AttributeColumn;
  const std::vector<ColumnUse>& uses = input.uses.uses();
  const auto key_of = [](const AttributeColumn& column) {
    return std::tuple(column.owner == AttributeOwner::kSpan ? -1 : static_cast<int>(column.owner), column.key,
                      column.type);
  };
  std::vector<AttributeColumn> column_by_use(uses.size());
  for (size_t use = kTextColumns.size(); use < uses.size(); ++use) {
    AttributeColumn& column = column_by_use[use];
    column = {.owner = uses[use].owner, .type = uses[use].type, .raw = uses[use].raw};
    if (uses[use].cells >= ColumnUses::kOwnColumnCellsMin) column.key = code_of_id[uses[use].key];
    columns.push_back(column);
  }
  std::ranges::sort(columns, {}, key_of);
  const auto same = [&](const AttributeColumn& a, const AttributeColumn& b) { return key_of(a) == key_of(b); };
  columns.erase(std::unique(columns.begin(), columns.end(), same), columns.end());
  column_of_use.resize(uses.size());
  for (size_t use = kTextColumns.size(); use < uses.size(); ++use) {
    const auto at = std::ranges::lower_bound(columns, key_of(column_by_use[use]), {}, key_of);
    column_of_use[use] = static_cast<uint32_t>(at - columns.begin());
  }
}

}  // namespace spoor
