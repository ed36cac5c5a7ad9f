#include "block/column_uses.h"

namespace spoor {

const uint32_t* ColumnUses::CountList(AttributeOwner owner, uint32_t shape) {
  const int o = ListOwnerIndex(owner);
  std::vector<uint64_t>& counts = lists_of_shape_[static_cast<size_t>(o)];
  if (shape >= counts.size()) counts.resize(shapes_.size());
  if (counts[shape]++ == 0) AddFields(o, shape);
  return use_of_field_[static_cast<size_t>(o)].data() + shapes_.begin(shape);
}

void ColumnUses::AddFields(int owner, uint32_t shape) {
  std::vector<uint32_t>& use_of = use_of_field_[static_cast<size_t>(owner)];
  use_of.resize(shapes_.field_count());
  for (uint32_t field = shapes_.begin(shape); field < shapes_.begin(shape + 1); ++field) {
    const ValueType type = shapes_.type(field);
    const uint64_t key =
        shapes_.key(field) | uint64_t{static_cast<uint8_t>(type)} << 32 | static_cast<uint64_t>(owner) << 40;
    const auto [found, is_new] = found_.try_emplace(key, static_cast<uint32_t>(uses_.size()));
    if (is_new) {
      uses_.push_back({.owner = kListOwnerOf[static_cast<size_t>(owner)], .type = type, .key = shapes_.key(field)});
    }
    use_of[field] = found->second;
    AddString(shapes_.key(field), kTableUse);
  }
}

void ColumnUses::AddString(uint32_t id, uint32_t use) {
  if (id >= users_.size()) users_.resize(std::max<size_t>(size_t{id} + 1, users_.size() * 2));
  Users& users = users_[id];
  if (users.first == use || users.second == use || users.second == kMany) return;
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

void ColumnUses::Finish() {
  for (size_t owner = 0; owner < kListOwners; ++owner) {
    for (uint32_t shape = 0; shape < lists_of_shape_[owner].size(); ++shape) {
      const uint64_t lists = lists_of_shape_[owner][shape];
      if (lists == 0) continue;
      for (uint32_t field = shapes_.begin(shape); field < shapes_.begin(shape + 1); ++field) {
        uses_[use_of_field_[owner][field]].cells += lists;
      }
    }
  }
}

bool ColumnUses::IsInDictionary(uint32_t id, const std::vector<uint8_t>& holds_codes) const {
  if (id >= users_.size()) return false;
  const Users& users = users_[id];
  if (users.second == kMany) return true;
  return (users.first != kNone && holds_codes[users.first] != 0) ||
         (users.second != kNone && holds_codes[users.second] != 0);
}

}  // namespace spoor
