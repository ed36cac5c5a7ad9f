#include "store/search_state.h"

#include <algorithm>
#include <utility>

namespace spoor {

Status SearchState::Begin() {
  RETURN_IF_ERROR(Check());
  for (const UnreadableBlock& block : view_.unreadable) RETURN_IF_ERROR(Miss(Corrupt(block.reason)));
  return {};
}

Status SearchState::Miss(Error error) {
  if (error.code == Code::kCancelled) return error;
  damage_.Report(error);
  const std::lock_guard lock(mutex_);
  complete_ = false;
  const bool is_new = std::find(warnings_.begin(), warnings_.end(), error.message) == warnings_.end();
  if (is_new && warnings_.size() < kWarningsMax) warnings_.push_back(std::move(error.message));
  return {};
}

}  // namespace spoor
