// Long texts that share all but their ends: what a sender's padding or a stack trace looks like to a sorted dictionary.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/fault_file_system.h"
#include "block/block.h"
#include "block/block_writer.h"
#include "model/span_batch_builder.h"

namespace spoor {
namespace {

TEST(BlockFile, ReadsBackMoreLongTextsWithOneBeginningThanAColumnMayHold) {
  constexpr int kTexts = 10;
  const std::string beginning(size_t{8} << 20, 'x');
  SpanBatchBuilder builder;
  std::vector<std::shared_ptr<const SpanBatch>> batches;
  for (int i = 0; i < kTexts; ++i) {
    builder.Clear();
    builder.AddResource({}, 0, 0);
    builder.AddScope(0, 0, {}, 0, 0);
    builder.BeginSpan();
    builder.BeginAttributes();
    const StringCode key = builder.InternKey("pad");
    ASSERT_TRUE(builder.AddAttribute(key, ValueType::kString, builder.InternString(beginning + std::to_string(i))));
    builder.SetSpanAttributes(builder.EndAttributes());
    builder.EndSpan({.trace_id = {1, static_cast<uint64_t>(i) + 1}, .span_id = 1});
    batches.push_back(builder.Finish().value());
  }
  FaultFileSystem files;
  ASSERT_TRUE(files.CreateFolder("/blocks"));
  const BlockInput input{.id = 1, .batches = batches, .wal_first_sequence = 1, .wal_last_sequence = kTexts};
  const auto written = WriteBlock(files, "/blocks", input);
  ASSERT_TRUE(written) << written.error().message;
  PageCache cache(size_t{16} << 20);
  const auto block = Block::Open(files, "/blocks/00000000000000000001.block", cache);
  ASSERT_TRUE(block) << block.error().message;
  for (uint32_t row = 0; row < kTexts; ++row) {
    const auto read = (*block)->ReadRows(row, row + 1);
    ASSERT_TRUE(read) << read.error().message;
    const SpanBatch& batch = **read;
    const auto text = batch.String(static_cast<StringCode>(batch.values[batch.attributes.value_begin[0]]));
    EXPECT_EQ(text, beginning + std::to_string(row));
    EXPECT_TRUE((*block)->FindText(text).value().any());
  }
  EXPECT_FALSE((*block)->FindText("pa").value().any());
}

}  // namespace
}  // namespace spoor
