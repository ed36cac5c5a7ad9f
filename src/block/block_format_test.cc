// The worked example of docs/formats/block.md: the writer makes exactly these bytes, the reader reads them, and the
// page shows them.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/fault_file_system.h"
#include "block/block.h"
#include "block/block_layout.h"
#include "block/block_writer.h"
#include "model/span_batch_builder.h"

namespace spoor {
namespace {

constexpr const char* kFixture = SPOOR_SOURCE_DIR "/tests/fixtures/formats/block-v0.block";
constexpr const char* kPath = "blocks/00000000000000000007.block";

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// "0000 53 50 ...", sixteen bytes a line.
std::string HexLines(std::string_view bytes) {
  std::ostringstream out;
  char number[32];
  for (size_t line = 0; line < bytes.size(); line += 16) {
    std::snprintf(number, sizeof(number), "%04zx", line);
    out << number;
    for (const char byte : bytes.substr(line, 16)) {
      std::snprintf(number, sizeof(number), " %02x", static_cast<uint8_t>(byte));
      out << number;
    }
    out << "\n";
  }
  return out.str();
}

// Two spans of one trace: "GET /cart" of the service "web", and the "SELECT" that it waited for.
std::shared_ptr<const SpanBatch> ExampleBatch() {
  SpanBatchBuilder builder;
  const auto text = [&](std::string_view value) { return builder.InternString(value); };
  builder.BeginAttributes();
  EXPECT_TRUE(builder.AddAttribute(text("service.name"), ValueType::kString, text("web")));
  builder.AddResource(builder.EndAttributes(), 0, 0);
  builder.AddScope(text("lib"), 0, {}, 0, 0);
  builder.BeginSpan();
  builder.BeginAttributes();
  EXPECT_TRUE(builder.AddAttribute(text("status"), ValueType::kInt, 200));
  builder.SetSpanAttributes(builder.EndAttributes());
  builder.EndSpan({.trace_id = {0x0102030405060708, 0x090A0B0C0D0E0F10},
                   .span_id = 0x1112131415161718,
                   .start_ns = 1'000'000,
                   .end_ns = 1'005'000,
                   .name = text("GET /cart"),
                   .kind = 2});
  builder.BeginSpan();
  builder.AddEvent({.time_ns = 1'002'000, .name = text("retry")}, {});
  builder.EndSpan({.trace_id = {0x0102030405060708, 0x090A0B0C0D0E0F10},
                   .span_id = 0x2122232425262728,
                   .parent_span_id = 0x1112131415161718,
                   .start_ns = 1'001'000,
                   .end_ns = 1'006'000,
                   .name = text("SELECT"),
                   .kind = 3,
                   .status_code = 2});
  return builder.Finish().value();
}

std::string ExampleBytes() {
  FaultFileSystem files;
  EXPECT_TRUE(files.CreateFolder("blocks"));
  const std::vector<std::shared_ptr<const SpanBatch>> batches{ExampleBatch()};
  const auto info = WriteBlock(files, "blocks",
                               {.id = 7,
                                .batches = batches,
                                .arrival_min_ns = 2'000'000,
                                .arrival_max_ns = 2'000'000,
                                .wal_first_sequence = 5,
                                .wal_last_sequence = 5});
  EXPECT_TRUE(info) << info.error().message;
  return files.Contents(kPath);
}

TEST(BlockFormat, TheExampleIsTheFixtureByteByByte) {
  const std::string bytes = ExampleBytes();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kFixture, std::ios::binary) << bytes;
  EXPECT_EQ(HexLines(bytes), HexLines(ReadFile(kFixture)));
}

TEST(BlockFormat, TheDocumentShowsTheFixtureAndTheVersion) {
  const std::string document = ReadFile(SPOOR_SOURCE_DIR "/docs/formats/block.md");
  std::istringstream lines(HexLines(ReadFile(kFixture)));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_NE(document.find(line), std::string::npos) << "not in docs/formats/block.md: " << line;
  }
  const std::string version = "Version " + std::to_string(block_layout::kVersion) + ".";
  EXPECT_NE(document.find(version), std::string::npos);
}

TEST(BlockFormat, TheFixtureIsReadAgain) {
  FaultFileSystem files;
  files.Plant(kPath, ReadFile(kFixture));
  PageCache cache(size_t{1} << 20);
  const auto block = Block::Open(files, kPath, cache);
  ASSERT_TRUE(block) << block.error().message;
  EXPECT_EQ((*block)->info().id, 7u);
  const auto rows = (*block)->ReadRows(0, 2);
  ASSERT_TRUE(rows) << rows.error().message;
  const auto example = ExampleBatch();
  EXPECT_TRUE(SameSpan(**rows, 0, *example, 0));
  EXPECT_TRUE(SameSpan(**rows, 1, *example, 1));
}

}  // namespace
}  // namespace spoor
