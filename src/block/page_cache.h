// PageCache: decoded pages of all blocks, the least recently used given up first, never more than a set number of
// bytes.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

namespace spoor {

// Thread-safe. A page stays valid for as long as its shared_ptr is held, cached or not.
class PageCache {
 public:
  explicit PageCache(size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // A number that no other block of this process has used as its key's first half.
  uint64_t NewOwner();

  // Null where it is not cached.
  std::shared_ptr<const void> Find(uint64_t owner, uint64_t page);
  void Insert(uint64_t owner, uint64_t page, std::shared_ptr<const void> value, size_t bytes);
  // Forgets all pages of a block that is gone.
  void Erase(uint64_t owner);

  size_t used_bytes() const;
  size_t limit_bytes() const { return limit_bytes_; }

 private:
  struct Key {
    uint64_t owner, page;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const {
      return (key.owner * 0x9E3779B97F4A7C15ull) ^ (key.page * 0xD6E8FEB86659FD93ull);
    }
  };
  struct Entry {
    Key key;
    std::shared_ptr<const void> value;
    size_t bytes;
  };
  // Takes an entry out and moves it to `out`. Needs the lock.
  void Remove(std::list<Entry>::iterator entry, std::list<Entry>& out);

  const size_t limit_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> order_;  // most recent first
  boost::unordered_flat_map<Key, std::list<Entry>::iterator, KeyHash> entries_;
  size_t used_bytes_ = 0;
  uint64_t next_owner_ = 1;
};

}  // namespace spoor
