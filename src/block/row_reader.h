// RowReader: everything of a run of spans, as a batch.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "block/page_reader.h"
#include "model/span_batch_builder.h"

namespace spoor {

// Reads rows of one block, page by page, into one batch. One thread's at a time.
class RowReader {
 public:
  RowReader(const BlockSections& sections, PageContext context) : sections_(sections), context_(std::move(context)) {}

  // Appends the page's rows `begin` .. `end`, which count from its first.
  Status Append(PageReader page, uint32_t begin, uint32_t end);

  Result<std::shared_ptr<const SpanBatch>> Finish() { return builder_.Finish(); }

 private:
  class PageRows;

  // The builder's code of a code of the block.
  Result<StringCode> Code(uint32_t code);
  Result<StringCode> TextCode(std::string_view text);
  Status SetEntities(uint32_t resource, uint32_t scope);
  Result<SpanBatchBuilder::AttributeList> EntityList(const EntityColumns& entities, uint32_t i);

  const BlockSections& sections_;
  PageContext context_;
  SpanBatchBuilder builder_;
  boost::unordered_flat_map<uint32_t, StringCode> codes_;
  std::vector<std::shared_ptr<const TextColumn>> chunks_;
  uint32_t resource_ = UINT32_MAX;
  uint32_t scope_ = UINT32_MAX;
};

}  // namespace spoor
