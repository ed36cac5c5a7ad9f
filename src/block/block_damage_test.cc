// Disks that fail and bytes that change: a block is whole, or says what is wrong with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "block/expect_block.h"
#include "block/random_batches.h"

namespace spoor {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// Everything that can be asked of a block, as text; or the first error.
Result<std::string> Everything(FileSystem& files, const std::string& path) {
  PageCache cache(size_t{16} << 20);
  ASSIGN_OR_RETURN(const std::shared_ptr<Block> block, Block::Open(files, path, cache));
  const BlockInfo& info = block->info();
  std::string all = std::to_string(info.id) + " " + std::to_string(info.span_count) + " " +
                    std::to_string(info.start_min_ns) + " " + std::to_string(info.start_max_ns) + " " +
                    std::to_string(info.trace_start_max_ns) + " " + std::to_string(info.arrival_min_ns) + " " +
                    std::to_string(info.arrival_max_ns) + " " + std::to_string(info.wal_first_sequence) + " " +
                    std::to_string(info.wal_last_sequence) + "\n";
  for (const BlockOperation& operation : block->operations()) {
    all += operation.service + "/" + operation.name + "/" + std::to_string(operation.kind) + "\n";
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const SpanBatch> rows, block->ReadRows(0, info.span_count));
  all.append(reinterpret_cast<const char*>(rows->bytes().data()), rows->bytes().size());
  ASSIGN_OR_RETURN(const TraceColumns traces, block->Traces());
  for (uint32_t t = 0; t < traces.id_low.size(); ++t) {
    const TraceId id{traces.id_high[t], traces.id_low[t]};
    ASSIGN_OR_RETURN(const std::optional<uint32_t> found, block->FindTrace(id));
    ASSIGN_OR_RETURN(const TraceSummary summary, block->Summary(t));
    all += TraceIdHex(id) + (found ? std::to_string(*found) : "lost") + summary.root_service + summary.root_name +
           std::to_string(summary.duration_ns()) + " " + std::to_string(summary.orphan_count);
    for (const ServiceCount& service : summary.services) {
      all += service.name + std::to_string(service.span_count) + "," + std::to_string(service.error_count);
    }
  }
  for (uint32_t page = 0; page < block->page_count(); ++page) {
    ASSIGN_OR_RETURN(const std::vector<uint32_t> parents, block->ParentRows(page));
    for (const uint32_t parent : parents) all += std::to_string(parent) + " ";
    ASSIGN_OR_RETURN(const std::unique_ptr<SpanColumns> columns, block->Page(page));
    ASSIGN_OR_RETURN(const Column<uint64_t> ends, columns->Get(Fixed64::kEndNs));
    for (const uint64_t end : ends.values) all += std::to_string(end) + " ";
    for (uint64_t ns = 0; ns < 4; ++ns) all += block->PageOverlaps(page, ns << 60, (ns + 1) << 60) ? "+" : "-";
  }
  return all;
}

using BlockDamage = BlockOnDisk;

TEST_F(BlockDamage, AFlippedByteIsAnErrorThatNamesTheFileOrChangesNothing) {
  RandomBatches random(1);
  WriteAndOpen(random.Make(2, 40));
  const auto whole = Everything(files_, kPath);
  ASSERT_TRUE(whole) << whole.error().message;
  const size_t size = files_.Contents(kPath).size();
  for (size_t offset = 0; offset < size; ++offset) {
    for (const uint8_t mask : {uint8_t{0x01}, uint8_t{0x80}, uint8_t{0xFF}}) {
      files_.FlipBits(kPath, offset, mask);
      const auto read = Everything(files_, kPath);
      if (read) {
        ASSERT_EQ(*read, *whole) << "other content than was written: offset " << offset;
      } else {
        ASSERT_THAT(read.error().code, AnyOf(Code::kCorrupt, Code::kUnsupported)) << offset;
        ASSERT_THAT(read.error().message, HasSubstr(std::string("block ") + kPath)) << offset;
        ASSERT_THAT(read.error().message, HasSubstr(" at ")) << offset;
      }
      files_.FlipBits(kPath, offset, mask);
    }
  }
}

TEST_F(BlockDamage, AnErrorNamesPageColumnAndOffset) {
  RandomBatches random(2);
  WriteAndOpen(random.Make(1, 40));
  // The first strip of the first page is that of the span ids, of 40 random numbers below 200.
  const std::string bytes = files_.Contents(kPath);
  for (size_t offset = 16; offset < bytes.size(); ++offset) {
    files_.FlipBits(kPath, offset);
    const auto read = Everything(files_, kPath);
    files_.FlipBits(kPath, offset);
    if (read || read.error().message.find("page span id/0 at ") == std::string::npos) continue;
    EXPECT_THAT(read.error().message, HasSubstr("checksum is "));
    return;
  }
  FAIL() << "no error named the column";
}

TEST_F(BlockDamage, EveryTruncationIsAnError) {
  RandomBatches random(3);
  WriteAndOpen(random.Make(1, 20));
  const std::string bytes = files_.Contents(kPath);
  for (size_t size = 0; size < bytes.size(); ++size) {
    files_.Plant("cut.block", bytes.substr(0, size));
    const auto read = Everything(files_, "cut.block");
    ASSERT_FALSE(read) << size;
    ASSERT_THAT(read.error().message, HasSubstr("cut.block")) << size;
  }
}

TEST_F(BlockDamage, AFailingDiskIsAnErrorAndLeavesNothingBehind) {
  RandomBatches random(4);
  const Input batches = random.Make(2, 30);
  uint64_t calls = 0;
  {
    FaultFileSystem files;
    ASSERT_TRUE(files.CreateFolder("blocks"));
    calls = files.calls();
    ASSERT_TRUE(WriteBlock(files, "blocks", {.id = 42, .batches = batches}));
    calls = files.calls() - calls;
  }
  ASSERT_GT(calls, 10u);
  for (uint64_t at = 1; at <= calls; ++at) {
    for (const DiskFaultKind kind : {DiskFaultKind::kEio, DiskFaultKind::kEnospc}) {
      FaultFileSystem files;
      ASSERT_TRUE(files.CreateFolder("blocks"));
      files.Inject({.kind = kind, .at = at});
      const auto info = WriteBlock(files, "blocks", {.id = 42, .batches = batches});
      ASSERT_FALSE(info) << at;
      // Only where making the name durable failed may the block be there.
      if (files.Exists(kPath)) {
        EXPECT_EQ(at, calls);
        ASSERT_TRUE(Everything(files, kPath));
      }
      for (const std::string& path : files.Paths()) EXPECT_EQ(path, "/" + std::string(kPath)) << at;
    }
  }
}

TEST_F(BlockDamage, AfterAPowerCutABlockIsThereWholeOrNotAtAll) {
  RandomBatches random(5);
  const Input batches = random.Make(2, 30);
  WriteAndOpen(batches);
  const std::string whole = Everything(files_, kPath).value();
  for (uint64_t at = 1;; ++at) {
    FaultFileSystem files;
    ASSERT_TRUE(files.CreateFolder("blocks"));
    ASSERT_TRUE(files.SyncFolder(""));
    files.Inject({.kind = DiskFaultKind::kCrash, .at = at});
    const auto info = WriteBlock(files, "blocks",
                                 {.id = 42,
                                  .batches = batches,
                                  .arrival_min_ns = 1,
                                  .arrival_max_ns = 2,
                                  .wal_first_sequence = 3,
                                  .wal_last_sequence = 4});
    for (const CrashPolicy policy :
         {CrashPolicy::kDropUnsynced, CrashPolicy::kTearWrites, CrashPolicy::kKeepSome, CrashPolicy::kKeepAll}) {
      for (uint64_t seed = 0; seed < 3; ++seed) {
        const auto after = files.Crash(policy, seed);
        ASSERT_TRUE(!info || after->Exists(kPath)) << "a block that was reported must be there";
        if (after->Exists(kPath)) {
          ASSERT_EQ(Everything(*after, kPath).value(), whole) << at;
        }
        // What was left half written is no obstacle to the next attempt.
        ASSERT_TRUE(info || WriteBlock(*after, "blocks", {.id = 42, .batches = batches})) << at;
      }
    }
    if (info) break;
  }
}

TEST_F(BlockDamage, ANewerVersionOrUnknownRequiredSectionIsRefusedWithAdvice) {
  RandomBatches random(6);
  WriteAndOpen(random.Make(1, 5));
  std::string bytes = files_.Contents(kPath);
  bytes[8] = 9;
  files_.Plant("newer.block", bytes);
  const auto newer = Block::Open(files_, "newer.block", cache_);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, Code::kUnsupported);
  EXPECT_THAT(newer.error().message, HasSubstr("version 9"));
}

}  // namespace
}  // namespace spoor
