#include "store/search_state.h"

#include <algorithm>
#include <utility>

namespace spoor {

Status SearchState::Begin() {
  RETURN_IF_ERROR(Check());
  for (const UnreadableBlock& block : view_.unreadable) RETURN_IF_ERROR(Miss(Corrupt(block.reason)));
  return {};
}

Result<std::shared_ptr<const TraceFacts>> SearchState::Facts(uint32_t block) const {
  const uint64_t id = view_.blocks[block]->info().id;
  if (auto found = std::static_pointer_cast<const TraceFacts>(facts_.Find(id, 0))) return found;
  ASSIGN_OR_RETURN(std::shared_ptr<const TraceFacts> facts, ReadTraceFacts(*view_.blocks[block]));
  facts_.Insert(id, 0, facts, facts->size_bytes());
  return facts;
}

Status SearchState::Miss(Error error) {
  if (error.code == Code::kCancelled) return error;
  damage_.Report(error);
  complete_ = false;
  const bool is_new = std::find(warnings_.begin(), warnings_.end(), error.message) == warnings_.end();
  if (is_new && warnings_.size() < kWarningsMax) warnings_.push_back(std::move(error.message));
  return {};
}

}  // namespace spoor
