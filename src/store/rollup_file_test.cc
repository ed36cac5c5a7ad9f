#include "store/rollup_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "base/fault_file_system.h"
#include "model/rollup_builder.h"

namespace spoor {
namespace {

constexpr const char* kFolder = "/rollups";
constexpr const char* kPath = "/rollups/00000000000000000007.rollup";

// The example of docs/formats/rollup.md: two requests and a call that failed.
Rollup ExampleRollup() {
  constexpr uint64_t kMinute = 28'333'333 * kNanosPerMinute;
  RollupBuilder builder;
  const uint32_t web = builder.SpanSeries(builder.Text("web"), builder.Text("GET /cart"), 2, 0);
  const uint32_t db = builder.SpanSeries(builder.Text("db"), builder.Text("SELECT"), 2, 2);
  builder.Add(web, kMinute, 5'000'000);
  builder.Add(web, kMinute + kNanosPerMinute, 100);
  builder.Add(db, kMinute, 4'000'000);
  builder.AddCall(web, db, kMinute, 4'000'000);
  return builder.Build();
}

RollupHead ExampleHead() { return {.blocks = {{7, 9, 12}}, .arrival_max_ns = 1'700'000'060'000'000'000}; }

Rollup RandomRollup(std::mt19937_64& random) {
  RollupBuilder builder;
  const auto below = [&](uint64_t bound) { return random() % bound; };
  for (uint64_t i = below(300); i > 0; --i) {
    const uint32_t service = builder.Text(std::string(below(4), 's'));
    const uint32_t other = builder.Text(std::string(below(20), 'n'));
    const bool is_call = below(4) == 0;
    const uint32_t series =
        is_call ? builder.CallSeries(other, service, below(2) == 0)
                : builder.SpanSeries(service, other, static_cast<uint8_t>(below(6)), static_cast<uint8_t>(below(3)));
    const uint64_t start_ns = below(10) == 0 ? random() : below(20) * kNanosPerMinute;
    builder.Add(series, start_ns, random() >> below(64), static_cast<int32_t>(below(9)) - 3);
  }
  return builder.Build({.rows_max = 200, .minutes_max = 50});
}

void ExpectSame(const Rollup& a, const Rollup& b) {
  EXPECT_EQ(a.texts, b.texts);
  EXPECT_EQ(a.series, b.series);
  EXPECT_EQ(a.row_begin, b.row_begin);
  EXPECT_EQ(a.minute, b.minute);
  EXPECT_TRUE(a.sum_ns == b.sum_ns);
  EXPECT_EQ(a.cell_begin, b.cell_begin);
  EXPECT_EQ(a.bucket, b.bucket);
  EXPECT_EQ(a.count, b.count);
}

TEST(RollupFile, IsReadAsItWasWritten) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    FaultFileSystem files;
    ASSERT_TRUE(files.CreateFolder(kFolder));
    const Rollup rollup = RandomRollup(random);
    const auto written = WriteRollup(files, kFolder, ExampleHead(), rollup);
    ASSERT_TRUE(written) << written.error().message;
    const auto head = ReadRollupHead(files, kPath);
    ASSERT_TRUE(head) << head.error().message;
    EXPECT_EQ(head->blocks, ExampleHead().blocks);
    EXPECT_EQ(head->arrival_max_ns, ExampleHead().arrival_max_ns);
    EXPECT_EQ(head->file_bytes, files.Contents(kPath).size());
    EXPECT_EQ(head->minute_min, written->minute_min);
    EXPECT_EQ(head->minute_max, written->minute_max);
    const auto read = ReadRollup(files, kPath);
    ASSERT_TRUE(read) << read.error().message;
    ExpectSame(*read, rollup);
  }
}

TEST(RollupFile, IsCorruptWhicheverByteIsFlippedAndSaysWhere) {
  FaultFileSystem files;
  ASSERT_TRUE(files.CreateFolder(kFolder));
  ASSERT_TRUE(WriteRollup(files, kFolder, ExampleHead(), ExampleRollup()));
  for (uint64_t offset = 0; offset < files.Contents(kPath).size(); ++offset) {
    files.FlipBits(kPath, offset, 0x10);
    const auto read = ReadRollup(files, kPath);
    ASSERT_FALSE(read) << offset;
    EXPECT_EQ(read.error().code, Code::kCorrupt);
    EXPECT_NE(read.error().message.find(std::string(kPath) + " at "), std::string::npos) << read.error().message;
    files.FlipBits(kPath, offset, 0x10);
  }
}

TEST(RollupFile, IsCorruptWhereverItIsCut) {
  FaultFileSystem files;
  const std::string whole = EncodeRollup(ExampleHead(), ExampleRollup());
  for (size_t size = 0; size < whole.size(); ++size) {
    files.Plant(kPath, std::string_view(whole).substr(0, size));
    EXPECT_EQ(ReadRollup(files, kPath).error().code, Code::kCorrupt) << size;
  }
  files.Plant(kPath, whole + "x");
  EXPECT_FALSE(ReadRollup(files, kPath));
}

TEST(RollupFile, IsTheOldOrTheNewOneAfterAPowerCut) {
  RollupBuilder nothing;
  for (uint64_t at = 1;; ++at) {
    FaultFileSystem files;
    ASSERT_TRUE(files.CreateFolder(kFolder));
    ASSERT_TRUE(files.SyncFolder("/"));
    ASSERT_TRUE(WriteRollup(files, kFolder, ExampleHead(), nothing.Build()));
    files.Inject({.kind = DiskFaultKind::kCrash, .at = at});
    const bool written = WriteRollup(files, kFolder, ExampleHead(), ExampleRollup()).has_value();
    for (uint64_t seed = 0; seed < 8; ++seed) {
      const auto after = files.Crash(CrashPolicy::kKeepSome, seed);
      const auto read = ReadRollup(*after, kPath);
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_TRUE(read->empty() || read->row_count() == ExampleRollup().row_count());
      EXPECT_FALSE(written && read->empty());
    }
    if (written) break;
  }
}

// The bytes marked "hex" on the format's page: "offset  bytes...  # remark" a line.
std::string ExampleOfThePage() {
  std::ifstream page(std::string(SPOOR_SOURCE_DIR) + "/docs/formats/rollup.md");
  EXPECT_TRUE(page);
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string example;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line == "```hex";
      continue;
    }
    if (!inside) continue;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string offset, hex;
    words >> offset >> hex;
    for (size_t i = 0; i < hex.size(); i += 2) {
      example.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
    }
  }
  return example;
}

std::string Hex(std::string_view bytes) {
  std::ostringstream out;
  for (const char byte : bytes) out << "0123456789abcdef"[(byte >> 4) & 15] << "0123456789abcdef"[byte & 15];
  return out.str();
}

TEST(RollupFile, IsWhatItsPageShows) {
  FaultFileSystem files;
  ASSERT_TRUE(files.CreateFolder(kFolder));
  ASSERT_TRUE(WriteRollup(files, kFolder, ExampleHead(), ExampleRollup()));
  EXPECT_EQ(Hex(files.Contents(kPath)), Hex(ExampleOfThePage()));
}

}  // namespace
}  // namespace spoor
