#include "store/view.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace spoor {
namespace {

void Insert(std::vector<std::shared_ptr<Block>>& blocks, std::shared_ptr<Block> block) {
  const auto at = std::ranges::upper_bound(blocks, block->info().wal_last_sequence, {},
                                           [](const auto& one) { return one->info().wal_last_sequence; });
  blocks.insert(at, std::move(block));
}

std::shared_ptr<const NameTable> NamesOf(std::span<const std::shared_ptr<Block>> blocks) {
  std::shared_ptr<const NameTable> names = std::make_shared<NameTable>();
  for (const auto& block : blocks) names = NameTable::With(*names, block->operations());
  return names;
}

}  // namespace

Shelf::Shelf(View view) {
  SPOOR_CHECK(!view.lives.empty());
  std::ranges::stable_sort(view.blocks, {}, [](const auto& block) { return block->info().wal_last_sequence; });
  view.names = NamesOf(view.blocks);
  view_ = std::make_shared<const View>(std::move(view));
}

std::shared_ptr<const View> Shelf::Get() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

// Only holders of blocks_mutex_ change blocks and names, so these can be made before the short lock; the lives are
// taken over as they are then.

void Shelf::PushLive(std::shared_ptr<Live> live) {
  std::shared_ptr<View> next;
  std::shared_ptr<const View> before;
  const std::lock_guard lock(mutex_);
  next = std::make_shared<View>(*view_);
  next->lives.push_back(std::move(live));
  before = std::exchange(view_, std::move(next));
}

void Shelf::Swap(const Live& live, std::span<const std::shared_ptr<Block>> blocks) {
  const std::lock_guard one_at_a_time(blocks_mutex_);
  auto next = std::make_shared<View>(*Get());
  for (const auto& block : blocks) {
    next->names = NameTable::With(*next->names, block->operations());
    Insert(next->blocks, block);
  }
  Publish(std::move(next), &live);
}

bool Shelf::Replace(std::span<const uint64_t> ids, std::shared_ptr<Block> block) {
  const std::lock_guard one_at_a_time(blocks_mutex_);
  auto next = std::make_shared<View>(*Get());
  const size_t replaced =
      std::erase_if(next->blocks, [&](const auto& one) { return std::ranges::find(ids, one->info().id) != ids.end(); });
  if (replaced != ids.size()) return false;
  // It has the names that they had.
  Insert(next->blocks, std::move(block));
  Publish(std::move(next), nullptr);
  return true;
}

void Shelf::RemoveBlocks(std::span<const uint64_t> ids) {
  const std::lock_guard one_at_a_time(blocks_mutex_);
  auto next = std::make_shared<View>(*Get());
  std::erase_if(next->blocks,
                [&](const auto& block) { return std::find(ids.begin(), ids.end(), block->info().id) != ids.end(); });
  std::erase_if(next->unreadable,
                [&](const UnreadableBlock& block) { return std::ranges::find(ids, block.id) != ids.end(); });
  next->names = NamesOf(next->blocks);
  Publish(std::move(next), nullptr);
}

void Shelf::Publish(std::shared_ptr<View> next, const Live* sealed) {
  // Goes after the lock, and with it perhaps a live block of many megabytes.
  std::shared_ptr<const View> before;
  const std::lock_guard lock(mutex_);
  next->lives = view_->lives;
  std::erase_if(next->lives, [&](const auto& live) { return live.get() == sealed; });
  before = std::exchange(view_, std::move(next));
}

}  // namespace spoor
