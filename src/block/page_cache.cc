#include "block/page_cache.h"

#include <iterator>
#include <utility>

namespace spoor {

uint64_t PageCache::NewOwner() {
  const std::lock_guard lock(mutex_);
  return next_owner_++;
}

std::shared_ptr<const void> PageCache::Find(uint64_t owner, uint64_t page) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(Key{owner, page});
  if (found == entries_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->value;
}

void PageCache::Insert(uint64_t owner, uint64_t page, std::shared_ptr<const void> value, size_t bytes) {
  if (bytes > limit_bytes_) return;
  // What is pushed out is destroyed after the lock is given back: it may be large.
  std::list<Entry> out;
  const std::lock_guard lock(mutex_);
  const Key key{owner, page};
  if (const auto found = entries_.find(key); found != entries_.end()) Remove(found->second, out);
  order_.push_front({key, std::move(value), bytes});
  entries_[key] = order_.begin();
  used_bytes_ += bytes;
  while (used_bytes_ > limit_bytes_) Remove(std::prev(order_.end()), out);
}

void PageCache::Erase(uint64_t owner) {
  std::list<Entry> out;
  const std::lock_guard lock(mutex_);
  for (auto entry = order_.begin(); entry != order_.end();) {
    const auto next = std::next(entry);
    if (entry->key.owner == owner) Remove(entry, out);
    entry = next;
  }
}

void PageCache::Remove(std::list<Entry>::iterator entry, std::list<Entry>& out) {
  used_bytes_ -= entry->bytes;
  entries_.erase(entry->key);
  out.splice(out.end(), order_, entry);
}

size_t PageCache::used_bytes() const {
  const std::lock_guard lock(mutex_);
  return used_bytes_;
}

}  // namespace spoor
