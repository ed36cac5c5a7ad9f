// View: everything that can be asked for at one moment; Shelf: which view is the current one.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "block/block.h"
#include "store/live.h"
#include "store/name_table.h"

namespace spoor {

// A block file that is there and cannot be opened.
struct UnreadableBlock {
  uint64_t id = 0;
  uint64_t file_bytes = 0;
  std::string reason;     // names file and offset
  bool may_pass = false;  // reading failed, so that it may go well at the next start; else the bytes are damaged
};

// Immutable, but that its youngest live block grows. What a reader holds stays readable for as long as it holds it. A
// span stands in one of the parts at least (in two only if it was sent twice).
struct View {
  std::vector<std::shared_ptr<Block>> blocks;  // by their last log record, ascending: older spans first
  std::vector<UnreadableBlock> unreadable;     // by id, ascending
  std::vector<std::shared_ptr<Live>> lives;    // oldest first; the last one takes in new batches
  std::shared_ptr<const NameTable> names;      // of `blocks`

  Live& newest() const { return *lives.back(); }
};

// Thread-safe. A change is one step: no reader sees a span in neither place, or in both.
class Shelf {
 public:
  explicit Shelf(View view);

  std::shared_ptr<const View> Get() const;

  // From now on `live` takes in new batches, and the others wait to be sealed.
  void PushLive(std::shared_ptr<Live> live);
  // `blocks` hold what `live` did, together.
  void Swap(const Live& live, std::span<const std::shared_ptr<Block>> blocks);
  // `block` holds what the blocks with these ids do. False, and nothing is changed, where one of them is gone.
  bool Replace(std::span<const uint64_t> ids, std::shared_ptr<Block> block);
  void RemoveBlocks(std::span<const uint64_t> ids);

 private:
  // Makes `next` the view, with the current lives but `sealed`.
  void Publish(std::shared_ptr<View> next, const Live* sealed);

  std::mutex blocks_mutex_;  // held while the next set of blocks and its names are made; new batches never wait for it
  mutable std::mutex mutex_;
  std::shared_ptr<const View> view_;
};

}  // namespace spoor
