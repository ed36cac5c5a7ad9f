// PageWindow: the pages of several blocks that the next rows of a merged one stand in, decoded.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "block/dictionary_merger.h"
#include "block/page_batch.h"
#include "block/trace_merger.h"

namespace spoor {

// One thread's at a time. Pages that were read stay until there is no more room for them, the longest unused going
// first.
class PageWindow {
 public:
  // `merged` and `raw` (by source) outlive it. It sets the parents of rows of traces that stand in one source alone as
  // it reads their pages.
  PageWindow(MergeSources sources, const std::vector<RawTargets>& raw, MergedTraces& merged, size_t bytes_max);

  // Of all pages, those that are not there null; the view stays valid.
  Batches batches() const { return batches_; }

  // Makes the pages be there in which the next kPageRowsMax rows from `row` on stand. kTooLarge where they do not fit.
  Status MoveTo(uint32_t row);

 private:
  // A page that is there, by its number among all.
  struct Entry {
    uint32_t number = 0;
    uint32_t used_at = 0;  // which move needed it last
    size_t bytes = 0;
  };

  Status Load(uint32_t number);
  void MakeRoom();
  void SetParents(uint32_t source, uint32_t page, const std::vector<uint32_t>& parent_rows);

  MergeSources sources_;
  const std::vector<RawTargets>& raw_;
  MergedTraces& merged_;
  const size_t bytes_max_;
  std::vector<std::shared_ptr<const SpanBatch>> batches_;
  std::vector<uint32_t> entry_of_;  // by number; meaningless where the page is not there
  std::vector<Entry> entries_;
  size_t bytes_ = 0;
  uint32_t move_ = 0;
};

}  // namespace spoor
