#include "store/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/fault_file_system.h"
#include "base/log.h"
#include "store/store.h"
#include "store/test_spans.h"
#include "store/verify.h"

namespace spoor {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class InspectTest : public ::testing::Test {
 protected:
  // A store with every kind of file: blocks that share a trace, their lists and rollups, colours, and a log.
  void MakeStore() {
    StoreOptions options = TestStoreOptions(files_, budget_);
    folder_ = options.folder;
    auto store = Store::Open(options);
    ASSERT_TRUE(store) << store.error().message;
    for (uint64_t i = 0; i < 3; ++i) {
      std::vector<TestSpan> spans{{.trace = 1, .id = 1 + i, .start_ns = 1000 + i, .service = "shop"}};
      for (uint64_t n = 0; n < 100; ++n) {
        spans.push_back({.trace = 100 * i + n + 2,
                         .id = n,
                         .start_ns = 2000 + n,
                         .name = "work",
                         .attributes = {{"key", std::to_string(n)}, {"same", "value"}}});
      }
      ASSERT_TRUE(AppendNow(**store, MakeTestBatch(spans)));
      if (i < 2) {
        ASSERT_TRUE((*store)->SealAll());
      }
    }
  }
  std::vector<std::string> Lines(const std::string& path) {
    std::vector<std::string> lines;
    const Status done = InspectFile(files_, path, [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_TRUE(done) << done.error().message;
    return lines;
  }
  // The lines' offsets and lengths are all of the file, one behind the other.
  void ExpectCoversEveryByte(const std::string& path) {
    SCOPED_TRACE(path);
    uint64_t next = 0;
    for (const std::string& line : Lines(path)) {
      uint64_t offset = 0, bytes = 0;
      const auto [end, bad] = std::from_chars(line.data(), line.data() + 8, offset, 16);
      if (bad != std::errc() || end != line.data() + 8) continue;  // a title
      const char* number = line.data() + 8;
      while (*number == ' ') ++number;
      std::from_chars(number, line.data() + line.size(), bytes);
      EXPECT_EQ(offset, next) << line;
      next = offset + bytes;
    }
    EXPECT_EQ(next, files_.Contents(path).size());
  }
  VerifyReport Verify(std::vector<std::string>* damage = nullptr) {
    const auto report = VerifyStore(files_, {.folder = folder_,
                                             .is_in_use = false,
                                             .on_damage =
                                                 [&](const std::string& text) {
                                                   if (damage != nullptr) damage->push_back(text);
                                                 },
                                             .on_note = nullptr,
                                             .on_progress = nullptr});
    EXPECT_TRUE(report) << report.error().message;
    return *report;
  }

  FaultFileSystem files_;
  MemoryBudget budget_{size_t{64} << 20};
  std::string folder_;
};

TEST_F(InspectTest, TellsOfEveryByteOfEveryFile) {
  MakeStore();
  int kinds = 0;
  for (const char* ending : {".block", ".wal", ".rollup", ".straddlers", "service_colours"}) {
    for (const std::string& path : files_.Paths()) {
      if (!path.ends_with(ending)) continue;
      ++kinds;
      ExpectCoversEveryByte(path);
    }
  }
  EXPECT_GE(kinds, 8);
}

TEST_F(InspectTest, TellsTheExampleOfTheBlockPageAsThePageDoes) {
  std::ifstream in(SPOOR_SOURCE_DIR "/tests/fixtures/formats/block-v0.block", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  ASSERT_FALSE(bytes.empty());
  files_.Plant("example.block", bytes);
  const auto lines = Lines("example.block");
  EXPECT_THAT(lines, Contains(HasSubstr("00000000        16  head: \"SPOORBLK\"")));
  EXPECT_THAT(lines, Contains(HasSubstr("page 0: directory, rows 0 to 1, starts 1000000 to 1001000")));
  EXPECT_THAT(lines, Contains(HasSubstr("page 0/kind: 2 numbers, packed, 2 to 3")));
  EXPECT_THAT(lines, Contains(HasSubstr("dictionary chunk 0: 8 texts, codes from 0")));
  EXPECT_THAT(lines, Contains(HasSubstr("section 1: info: block 7, 2 spans, 1 traces, records 5 to 5")));
  EXPECT_THAT(lines.back(), HasSubstr("tail: "));
  ExpectCoversEveryByte("example.block");
}

TEST_F(InspectTest, TellsWhichChecksumIsWrongAndGoesOn) {
  MakeStore();
  const std::string path = folder_ + "/blocks/00000000000000000001.block";
  files_.FlipBits(path, 20);
  EXPECT_THAT(Lines(path), Contains(HasSubstr("IS NOT THAT OF THESE BYTES")));
  EXPECT_THAT(Lines(path).back(), testing::AnyOf(HasSubstr("tail"), HasSubstr("damage")));
}

TEST_F(InspectTest, RefusesAFileThatIsNoneOfOurs) {
  files_.Plant("notes.txt", "something else");
  const Status done = InspectFile(files_, "notes.txt", [](std::string_view) {});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("no file of a data folder"));
  EXPECT_EQ(InspectFile(files_, "missing", [](std::string_view) {}).error().code, Code::kNotFound);
}

TEST_F(InspectTest, VerifyFindsNothingWhereNothingIsWrong) {
  MakeStore();
  const VerifyReport report = Verify();
  EXPECT_EQ(report.damage, 0u);
  EXPECT_EQ(report.spans_in_blocks, 202u);
  EXPECT_EQ(report.spans_in_log, 101u);
  uint64_t bytes = 0;
  for (const std::string& path : files_.Paths()) bytes += files_.Contents(path).size();
  EXPECT_EQ(report.bytes, bytes);
}

// But for the log's last record, where it is a torn write like any other, and padding, which says nothing.
TEST_F(InspectTest, VerifyFindsEveryFlippedByteAndNamesItsFile) {
  LogCapture log;
  MakeStore();
  for (const std::string& path : files_.Paths()) {
    const size_t size = files_.Contents(path).size();
    const bool is_log = path.ends_with(".wal");
    for (size_t at = 0; at < size; at += is_log ? 97 : 3) {
      files_.FlipBits(path, at, 0x10);
      std::vector<std::string> damage;
      const VerifyReport report = Verify(&damage);
      if (!is_log) {
        EXPECT_GE(report.damage, 1u) << path << " at " << at;
        EXPECT_THAT(damage, Contains(HasSubstr(path.substr(1)))) << at;
      } else {
        EXPECT_EQ(report.spans_in_log, 0u) << at;
      }
      files_.FlipBits(path, at, 0x10);
    }
  }
  EXPECT_EQ(Verify().damage, 0u);
}

TEST_F(InspectTest, VerifyRefusesAFolderThatHoldsNoStore) {
  ASSERT_TRUE(files_.CreateFolder("empty"));
  const auto report = VerifyStore(files_, {.folder = "empty",
                                           .is_in_use = false,
                                           .on_damage = [](const std::string&) {},
                                           .on_note = nullptr,
                                           .on_progress = nullptr});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Code::kNotFound);
}

}  // namespace
}  // namespace spoor
