#include "wal/wal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <random>
#include <sstream>

#include <fmt/format.h>

#include "base/fault_file_system.h"
#include "wal/record_header.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string SegmentPath(uint64_t first_sequence) { return fmt::format("/wal/{:020}.wal", first_sequence); }

// The bytes of one record.
std::string Record(uint64_t sequence, std::string_view body) {
  WalRecordHeader header = MakeWalHeader(sequence, 1000 + sequence, Bytes(body));
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes += body;
  bytes.append(WalPadding(body.size()), '\0');
  return bytes;
}

std::string Records(uint64_t first, uint64_t last) {
  std::string bytes;
  for (uint64_t sequence = first; sequence <= last; ++sequence)
    bytes += Record(sequence, fmt::format("body {}", sequence));
  return bytes;
}

struct ReadRecord {
  uint64_t sequence;
  std::string body;
  std::string segment;
  uint64_t offset;
};

struct ReadLog {
  std::vector<ReadRecord> records;
  WalReplay replay;

  std::vector<uint64_t> sequences() const {
    std::vector<uint64_t> sequences;
    for (const ReadRecord& record : records) sequences.push_back(record.sequence);
    return sequences;
  }
  std::vector<std::string> reasons() const {
    std::vector<std::string> reasons;
    for (const WalDamage& damage : replay.damage) reasons.push_back(damage.reason);
    return reasons;
  }
};

ReadLog ReadAll(FileSystem& files, uint64_t from_sequence = 1) {
  ReadLog log;
  Result<WalReplay> replay = ReplayWal(files, "/wal", from_sequence, [&](WalRecord record) -> Status {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(record.body.get()) % 8, 0u);
    EXPECT_EQ(record.arrival_ns, 1000 + record.sequence);
    std::string body(reinterpret_cast<const char*>(record.body.get()), record.body_bytes);
    log.records.push_back({record.sequence, body, record.segment, record.offset});
    return {};
  });
  if (!replay) {
    ADD_FAILURE() << replay.error().message;
    return log;
  }
  log.replay = *std::move(replay);
  EXPECT_EQ(log.replay.records, log.records.size());
  return log;
}

void ExpectAllBytes(const ReadLog& log, uint64_t bytes) {
  for (const ReadRecord& record : log.records) {
    bytes -= sizeof(WalRecordHeader) + record.body.size() + WalPadding(record.body.size());
  }
  for (const WalDamage& damage : log.replay.damage) bytes -= damage.bytes;
  EXPECT_EQ(bytes, 0u) << "records and damage are all the bytes";
}

TEST(WalWriter, WritesAGroupInOneAppendThatReplayReadsBack) {
  FaultFileSystem disk;
  disk.Plant("/wal/other", "");
  std::unique_ptr<WalWriter> writer = WalWriter::Create(disk, "/wal", 7).value();
  EXPECT_EQ(writer->path(), SegmentPath(7));
  std::string large(600'000, 'x');
  std::vector<WalEntry> entries{{7, 1007, Bytes("seven")}, {8, 1008, Bytes("")}, {9, 1009, Bytes(large)}};
  ASSERT_TRUE(writer->Append(entries));
  ASSERT_TRUE(writer->Append(std::vector<WalEntry>{{10, 1010, Bytes("12345678")}}));
  ASSERT_TRUE(writer->Sync());
  EXPECT_EQ(disk.calls(DiskCall::kAppend), 2u);
  EXPECT_EQ(writer->size_bytes(), disk.Contents(SegmentPath(7)).size());

  ReadLog log = ReadAll(*disk.Crash(CrashPolicy::kDropUnsynced));
  EXPECT_THAT(log.sequences(), ElementsAre(7, 8, 9, 10));
  EXPECT_EQ(log.records[0].body, "seven");
  EXPECT_EQ(log.records[1].body, "");
  EXPECT_EQ(log.records[2].body, large);
  EXPECT_EQ(log.records[3].segment, SegmentPath(7));
  EXPECT_EQ(log.replay.next_sequence, 11u);
  EXPECT_THAT(log.replay.damage, IsEmpty());
}

TEST(WalWriter, MakesTheNameOfItsSegmentDurable) {
  FaultFileSystem disk;
  disk.Plant("/wal/other", "");
  ASSERT_TRUE(WalWriter::Create(disk, "/wal", 1));
  EXPECT_TRUE(disk.Crash(CrashPolicy::kDropUnsynced)->Exists(SegmentPath(1)));
}

TEST(WalWriter, NeverWritesToASegmentThatHoldsAnything) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), "something");
  EXPECT_EQ(WalWriter::Create(disk, "/wal", 1).error().code, Code::kIo);
  EXPECT_EQ(disk.Contents(SegmentPath(1)), "something");
}

TEST(WalWriter, TakesTheEmptySegmentOfACreationThatFailed) {
  FaultFileSystem disk;
  disk.Plant("/wal/other", "");
  disk.Inject({.kind = DiskFaultKind::kEio, .calls = {DiskCall::kSyncFolder}});
  ASSERT_FALSE(WalWriter::Create(disk, "/wal", 1));
  ASSERT_TRUE(WalWriter::Create(disk, "/wal", 1));
  EXPECT_TRUE(disk.Crash(CrashPolicy::kDropUnsynced)->Exists(SegmentPath(1)));
}

TEST(WalWriter, PassesOnWhatTheDiskRefuses) {
  FaultFileSystem disk;
  disk.Plant("/wal/other", "");
  std::unique_ptr<WalWriter> writer = WalWriter::Create(disk, "/wal", 1).value();
  std::vector<WalEntry> entries{{1, 1001, Bytes("one")}};
  disk.Inject({.kind = DiskFaultKind::kEnospc});
  EXPECT_EQ(writer->Append(entries).error().code, Code::kFull);
  EXPECT_EQ(writer->size_bytes(), 0u);
  EXPECT_EQ(disk.Contents(SegmentPath(1)), "") << "half a record is taken back";
  disk.Inject({.kind = DiskFaultKind::kEio});
  EXPECT_EQ(writer->Sync().error().code, Code::kIo);
  disk.Inject({.kind = DiskFaultKind::kEio, .calls = {DiskCall::kSyncFolder}});
  EXPECT_EQ(WalWriter::Create(disk, "/wal", 2).error().code, Code::kIo);
}

TEST(WalWriter, TakesBackWhatWasRefused) {
  FaultFileSystem disk;
  disk.Plant("/wal/other", "");
  std::unique_ptr<WalWriter> writer = WalWriter::Create(disk, "/wal", 1).value();
  ASSERT_TRUE(writer->Append(std::vector<WalEntry>{{1, 1001, Bytes("one")}}));
  ASSERT_TRUE(writer->Sync());
  const uint64_t before = writer->size_bytes();
  ASSERT_TRUE(writer->Append(std::vector<WalEntry>{{2, 1002, Bytes("two")}}));
  disk.Inject({.calls = {DiskCall::kSync}});
  ASSERT_FALSE(writer->Sync());
  ASSERT_TRUE(writer->TakeBack(before));
  EXPECT_EQ(writer->size_bytes(), before);
  EXPECT_THAT(ReadAll(disk).sequences(), ElementsAre(1));
}

TEST(ReplayWal, MakesDurableWhatAProcessLeftInThePageCache) {
  FaultFileSystem disk;
  disk.Plant("/wal/other", "");
  std::unique_ptr<WalWriter> writer = WalWriter::Create(disk, "/wal", 1).value();
  ASSERT_TRUE(writer->Append(std::vector<WalEntry>{{1, 1001, Bytes("one")}}));
  std::unique_ptr<FaultFileSystem> killed = disk.Crash(CrashPolicy::kKeepAll);
  EXPECT_THAT(ReadAll(*killed).sequences(), ElementsAre(1));
  EXPECT_THAT(ReadAll(*killed->Crash(CrashPolicy::kDropUnsynced)).sequences(), ElementsAre(1));
  for (DiskCall call : {DiskCall::kSync, DiskCall::kSyncFolder}) {
    disk.Inject({.calls = {call}});
    EXPECT_EQ(ReplayWal(disk, "/wal", 1, [](WalRecord) { return Status(); }).error().code, Code::kIo);
  }
}

TEST(ReplayWal, FindsNothingInAnEmptyFolderAndAnErrorInNone) {
  FaultFileSystem disk;
  EXPECT_EQ(ReplayWal(disk, "/wal", 1, [](WalRecord) { return Status(); }).error().code, Code::kNotFound);
  ASSERT_TRUE(disk.CreateFolder("/wal"));
  ReadLog log = ReadAll(disk);
  EXPECT_THAT(log.records, IsEmpty());
  EXPECT_EQ(log.replay.next_sequence, 1u);
  EXPECT_EQ(ReadAll(disk, 40).replay.next_sequence, 40u);
}

TEST(ReplayWal, ReadsSegmentsInOrderFromTheSequenceAskedFor) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Records(1, 3));
  disk.Plant(SegmentPath(4), Records(4, 10));
  disk.Plant(SegmentPath(11), Records(11, 12));
  disk.Plant("/wal/lock", "not a segment");
  disk.Plant("/wal/1.wal", "not one either");
  disk.Plant("/wal/99999999999999999999.wal", "nor this");
  EXPECT_THAT(ReadAll(disk, 0).sequences(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  uint64_t opened = disk.calls(DiskCall::kOpen);
  ReadLog log = ReadAll(disk, 9);
  EXPECT_EQ(disk.calls(DiskCall::kOpen) - opened, 2u) << "what holds only earlier records is not read";
  EXPECT_THAT(log.sequences(), ElementsAre(9, 10, 11, 12));
  EXPECT_EQ(log.records[0].body, "body 9");
  EXPECT_EQ(log.records[0].segment, SegmentPath(4));
  EXPECT_EQ(log.records[0].offset, 5 * Record(4, "body 4").size());
  EXPECT_EQ(log.replay.next_sequence, 13u);
  EXPECT_THAT(log.replay.damage, IsEmpty());
  EXPECT_EQ(ReadAll(disk, 20).replay.next_sequence, 20u);
}

TEST(ReplayWal, EndsWithTheErrorOfItsReceiver) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Records(1, 3));
  int received = 0;
  auto receive = [&](WalRecord) -> Status {
    if (++received == 2) return Busy("enough");
    return {};
  };
  EXPECT_EQ(ReplayWal(disk, "/wal", 1, receive).error().message, "enough");
  EXPECT_EQ(received, 2);
}

TEST(ReplayWal, EndsWithAnErrorWhereAFileCannotBeRead) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Records(1, 3));
  for (DiskCall call : {DiskCall::kList, DiskCall::kOpen, DiskCall::kSize, DiskCall::kRead}) {
    disk.Inject({.calls = {call}});
    EXPECT_EQ(ReplayWal(disk, "/wal", 1, [](WalRecord) { return Status(); }).error().code, Code::kIo)
        << DiskCallName(call);
  }
}

TEST(ReplayWal, RefusesALogOfANewerVersion) {
  FaultFileSystem disk;
  for (int field = 0; field < 2; ++field) {
    WalRecordHeader header = MakeWalHeader(2, 1002, {});
    (field == 0 ? header.version : header.flags) = 3;
    header.header_crc = 0;
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    // The checksum as a newer Spoor would write it.
    uint32_t crc = MakeWalHeader(0, 0, Bytes(bytes.substr(0, 44))).body_crc;
    std::memcpy(bytes.data() + 44, &crc, sizeof crc);
    disk.Plant(SegmentPath(1), Records(1, 1) + bytes);
    Error error = ReplayWal(disk, "/wal", 1, [](WalRecord) { return Status(); }).error();
    EXPECT_EQ(error.code, Code::kUnsupported);
    EXPECT_THAT(error.message, HasSubstr(SegmentPath(1) + " at 56: version"));
  }
}

TEST(ReplayWal, LosesOnlyTheRecordOfAFlippedByte) {
  std::string segment = Record(1, "first") + Record(2, std::string(70, 'b')) + Record(3, "") + Record(4, "12345678");
  for (size_t at = 0; at < segment.size(); ++at) {
    for (uint8_t mask : {0x01, 0x80, 0xFF}) {
      FaultFileSystem disk;
      disk.Plant(SegmentPath(1), segment);
      disk.Plant(SegmentPath(5), Record(5, "fifth"));
      disk.FlipBits(SegmentPath(1), at, mask);
      ReadLog log = ReadAll(disk);
      bool is_padding = segment[at] == 0 && at >= 48 + 5 && at < 56;
      is_padding |= at >= 56 + 48 + 70 && at < 56 + 120;
      ASSERT_EQ(log.records.size(), is_padding ? 5u : 4u) << "byte " << at;
      ASSERT_EQ(log.replay.damage.size(), is_padding ? 0u : 1u) << "byte " << at;
      EXPECT_EQ(log.replay.next_sequence, 6u);
      ExpectAllBytes(log, segment.size() + Record(5, "fifth").size());
      if (is_padding) continue;
      const WalDamage& damage = log.replay.damage[0];
      EXPECT_EQ(damage.segment, SegmentPath(1));
      EXPECT_LE(damage.offset, at);
      EXPECT_GT(damage.offset + damage.bytes, at);
      EXPECT_FALSE(damage.torn_tail) << "record 5 shows that four were acknowledged";
      EXPECT_THAT(damage.reason, HasSubstr("lost"));
      EXPECT_FALSE(disk.Exists(SegmentPath(1) + ".torn-" + std::to_string(damage.offset)));
    }
  }
}

TEST(ReplayWal, SetsATornTailAsideAtEveryLength) {
  std::string segment = Record(1, "first") + Record(2, std::string(70, 'b')) + Record(3, "third");
  size_t ends[] = {0, 56, 56 + 120, 56 + 120 + 56};
  for (size_t cut = 0; cut <= segment.size(); ++cut) {
    FaultFileSystem disk;
    disk.Plant(SegmentPath(1), segment.substr(0, cut));
    ReadLog log = ReadAll(disk);
    // A record whose padding alone is cut off is whole.
    size_t whole = 0;
    for (size_t body_end : {48 + 5, 56 + 48 + 70, 56 + 120 + 48 + 5}) whole += cut >= body_end ? 1 : 0;
    ASSERT_EQ(log.records.size(), whole) << "cut at " << cut;
    EXPECT_EQ(log.replay.next_sequence, std::max<uint64_t>(whole, 1) + 1) << "above the segment's name in any case";
    size_t torn = cut > ends[whole] ? cut - ends[whole] : 0;
    ASSERT_EQ(log.replay.damage.size(), torn > 0 ? 1u : 0u) << "cut at " << cut;
    EXPECT_EQ(disk.Contents(SegmentPath(1)), segment.substr(0, cut)) << "the segment stays as it is";
    if (torn == 0) continue;
    const WalDamage& damage = log.replay.damage[0];
    EXPECT_TRUE(damage.torn_tail);
    EXPECT_EQ(damage.offset, ends[whole]);
    EXPECT_EQ(damage.bytes, torn);
    std::string aside = fmt::format("{}.torn-{}", SegmentPath(1), ends[whole]);
    EXPECT_EQ(disk.Crash(CrashPolicy::kDropUnsynced)->Contents(aside), segment.substr(ends[whole], torn));
  }
}

TEST(ReplayWal, ReadsOnBehindACutInTheMiddle) {
  std::string segment = Record(1, "first") + Record(2, std::string(70, 'b')) + Record(3, "third") + Record(4, "fourth");
  for (size_t begin = 0; begin < segment.size(); ++begin) {
    for (size_t bytes : {1, 7, 8, 48, 56, 57}) {
      std::string left = segment;
      left.erase(begin, bytes);
      FaultFileSystem disk;
      disk.Plant(SegmentPath(1), left);
      ReadLog log = ReadAll(disk);
      size_t untouched = 0;
      size_t starts[] = {0, 56, 176, 232, 288};
      for (int i = 0; i < 4; ++i) untouched += starts[i + 1] <= begin || starts[i] >= begin + bytes ? 1 : 0;
      ASSERT_GE(log.records.size(), untouched) << bytes << " bytes at " << begin;
      for (const ReadRecord& record : log.records) {
        EXPECT_THAT((std::vector<std::string>{"first", std::string(70, 'b'), "third", "fourth"})[record.sequence - 1],
                    record.body);
      }
    }
  }
}

TEST(ReplayWal, ReadsOnBehindGarbage) {
  std::string garbage(300'000, 'g');
  std::string marker(reinterpret_cast<const char*>(kWalMarker.data()), kWalMarker.size());
  std::string tricky = Record(9, "ninth").substr(0, 50) + marker + marker.substr(0, 3);
  for (const std::string& between : {garbage, marker, tricky, std::string(4096, '\0'), marker + garbage}) {
    FaultFileSystem disk;
    disk.Plant(SegmentPath(1), Records(1, 1) + between + Records(2, 2));
    ReadLog log = ReadAll(disk);
    EXPECT_THAT(log.sequences(), ElementsAre(1, 2));
    ASSERT_EQ(log.replay.damage.size(), 1u);
    EXPECT_EQ(log.replay.damage[0].offset, 56u);
    EXPECT_EQ(log.replay.damage[0].bytes, between.size());
    EXPECT_FALSE(log.replay.damage[0].torn_tail);
    EXPECT_THAT(log.replay.damage[0].reason, ::testing::Not(HasSubstr("lost")));
  }
}

TEST(ReplayWal, FindsARecordThatLiesAcrossWindowsOfTheSearch) {
  for (size_t bytes = (256 << 10) - 60; bytes < (256 << 10) + 10; ++bytes) {
    FaultFileSystem disk;
    disk.Plant(SegmentPath(1), std::string(bytes, 'g') + Records(1, 2));
    EXPECT_THAT(ReadAll(disk).sequences(), ElementsAre(1, 2)) << bytes;
  }
}

// A body may hold anything a client likes to send, a log's records included.
TEST(ReplayWal, TakesNothingInsideADamagedBodyForARecord) {
  std::string forged = std::string(8, 'f') + Record(1, "forged") + std::string(40, 'f');
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Record(1, forged) + Record(2, "second"));
  disk.FlipBits(SegmentPath(1), 50);
  EXPECT_THAT(ReadAll(disk).sequences(), ElementsAre(2));
}

TEST(ReplayWal, DoesNotAllocateWhatALyingLengthSays) {
  WalRecordHeader header = MakeWalHeader(1, 1001, Bytes("x"));
  header.body_bytes = uint64_t{1} << 60;
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  uint32_t crc = MakeWalHeader(0, 0, Bytes(bytes.substr(0, 44))).body_crc;
  std::string lying = bytes;
  std::memcpy(lying.data() + 44, &crc, sizeof crc);
  for (const std::string& start : {bytes, lying}) {
    FaultFileSystem disk;
    disk.Plant(SegmentPath(1), start + "x" + Records(2, 3));
    ReadLog log = ReadAll(disk);
    EXPECT_THAT(log.sequences(), ElementsAre(2, 3));
    EXPECT_EQ(log.replay.damage.size(), 1u);
  }
}

// Made so that every header is right and claims all the rest as its body: checking each would read terabytes.
TEST(ReplayWal, GivesUpOnNestedRecordsBeforeTheyCostMuch) {
  constexpr size_t kHeaders = 40'000;
  std::string bytes;
  for (size_t i = 0; i < kHeaders; ++i) {
    WalRecordHeader header = MakeWalHeader(1, 1001, {});
    header.body_bytes = (kHeaders - i - 1) * sizeof header;
    header.body_crc = 1;
    uint32_t crc = MakeWalHeader(0, 0, std::as_bytes(std::span(&header, 1)).first(44)).body_crc;
    header.header_crc = crc;
    bytes.append(reinterpret_cast<const char*>(&header), sizeof header);
  }
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), bytes);
  ReadLog log = ReadAll(disk);
  EXPECT_EQ(log.replay.damage.size(), 1u);
  EXPECT_LT(disk.calls(DiskCall::kRead), 1'000u);
}

TEST(ReplayWal, TellsOfAMissingSegment) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Records(1, 3));
  disk.Plant(SegmentPath(7), Records(7, 8));
  ReadLog log = ReadAll(disk);
  EXPECT_THAT(log.sequences(), ElementsAre(1, 2, 3, 7, 8));
  EXPECT_THAT(log.reasons(), ElementsAre("records 4 to 6 missing before here"));
  EXPECT_EQ(log.replay.damage[0].segment, SegmentPath(7));
  EXPECT_EQ(log.replay.damage[0].bytes, 0u);
  EXPECT_THAT(ReadAll(disk, 5).reasons(), ElementsAre("records 4 to 6 missing before here"));
  EXPECT_THAT(ReadAll(disk, 7).reasons(), IsEmpty());
}

TEST(ReplayWal, TellsOfAMissingBeginningOnlyWhereOneWasAskedFor) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(7), Records(7, 8));
  EXPECT_THAT(ReadAll(disk, 1).reasons(), IsEmpty());
  EXPECT_THAT(ReadAll(disk, 5).reasons(), ElementsAre("records 5 to 6 missing before here"));
}

TEST(ReplayWal, ReadsRecordsThatStandTwiceAndTellsOfThem) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Records(1, 4) + Record(3, "other 3") + Records(4, 4) + Records(2, 2));
  ReadLog log = ReadAll(disk);
  EXPECT_THAT(log.sequences(), ElementsAre(1, 2, 3, 4, 3, 4, 2));
  EXPECT_EQ(log.records[4].body, "other 3");
  EXPECT_THAT(log.reasons(), ElementsAre("records 3 to 4 again", "record 2 again"));
  EXPECT_EQ(log.replay.next_sequence, 5u);
}

// After a write that failed and could not be cut off, or whose cutting off the power took back.
TEST(ReplayWal, LeavesOutRefusedRecordsWhoseNumbersTheNextSegmentHas) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Records(1, 2) + Record(3, "refused 3") + Record(4, "refused 4") + "torn");
  disk.Plant(SegmentPath(3), Record(3, "taken 3"));
  ReadLog log = ReadAll(disk);
  EXPECT_THAT(log.sequences(), ElementsAre(1, 2, 3));
  EXPECT_EQ(log.records[2].body, "taken 3");
  EXPECT_GT(log.replay.refused_bytes, 2 * sizeof(WalRecordHeader));
  ASSERT_EQ(log.replay.damage.size(), 1u);
  EXPECT_TRUE(log.replay.damage[0].torn_tail);
  EXPECT_EQ(log.replay.next_sequence, 4u);
}

TEST(ReplayWal, TellsOfASequenceThatIsMissingWithinASegment) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Records(1, 2) + Records(5, 5));
  ReadLog log = ReadAll(disk);
  EXPECT_THAT(log.reasons(), ElementsAre("records 3 to 4 missing before here"));
  EXPECT_EQ(log.replay.damage[0].offset, 112u);
}

TEST(ReplayWal, TakesEmptySegmentsAsTheyCome) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), "");
  EXPECT_EQ(ReadAll(disk).replay.next_sequence, 2u);
  disk.Plant(SegmentPath(2), Records(2, 3));
  disk.Plant(SegmentPath(4), "");
  disk.Plant(SegmentPath(5), Records(5, 5));
  disk.Plant(SegmentPath(6), "");
  ReadLog log = ReadAll(disk);
  EXPECT_THAT(log.sequences(), ElementsAre(2, 3, 5));
  EXPECT_THAT(log.replay.damage, IsEmpty());
  EXPECT_EQ(log.replay.next_sequence, 7u);
}

TEST(ReplayWal, KnowsATornTailAgainOnceTheLogHasGoneOn) {
  FaultFileSystem disk;
  std::string torn = Record(3, "third").substr(0, 51);
  disk.Plant(SegmentPath(1), Records(1, 2) + torn);
  disk.Plant(SegmentPath(3), Records(3, 3));
  ReadLog log = ReadAll(disk);
  EXPECT_THAT(log.sequences(), ElementsAre(1, 2, 3));
  ASSERT_EQ(log.replay.damage.size(), 1u);
  EXPECT_TRUE(log.replay.damage[0].torn_tail) << "the next segment continues the last good record";
}

TEST(ReplayWal, KnowsATornFirstRecordAgainByItsCopy) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(1), Record(1, "first").substr(0, 51));
  uint64_t next = ReadAll(disk).replay.next_sequence;
  disk.Plant(SegmentPath(next), Record(next, "taken"));
  uint64_t appends = disk.calls(DiskCall::kAppend);
  ReadLog log = ReadAll(disk);
  ASSERT_EQ(log.replay.damage.size(), 1u);
  EXPECT_TRUE(log.replay.damage[0].torn_tail);
  EXPECT_THAT(log.replay.damage[0].reason, ::testing::Not(HasSubstr("lost")));
  EXPECT_EQ(disk.calls(DiskCall::kAppend), appends) << "not copied again";
}

TEST(ReplayWal, TakesARefusedRecordThatCouldNotBeCutOffForNoLoss) {
  const std::string refused = Record(2, std::string(70, 'b'));
  for (size_t cut = 1; cut < refused.size() - WalPadding(70); ++cut) {
    FaultFileSystem disk;
    disk.Plant(SegmentPath(1), Record(1, "first"));
    disk.Plant(SegmentPath(2), refused.substr(0, cut));
    disk.Plant(SegmentPath(3), Record(3, "third"));
    ReadLog log = ReadAll(disk);
    EXPECT_THAT(log.sequences(), ElementsAre(1, 3)) << cut;
    ASSERT_EQ(log.replay.damage.size(), 1u) << cut;
    EXPECT_TRUE(log.replay.damage[0].torn_tail) << cut;
    EXPECT_THAT(log.replay.damage[0].reason, Not(HasSubstr("lost")));
    ExpectAllBytes(log, Record(1, "first").size() + cut + Record(3, "third").size());
  }
}

TEST(ReplayWal, TakesAWholeRecordThatIsDamagedForALossAlsoWhereItIsAlone) {
  FaultFileSystem disk;
  std::string damaged = Record(2, "second");
  damaged[50] ^= 1;
  disk.Plant(SegmentPath(1), Record(1, "first"));
  disk.Plant(SegmentPath(2), damaged);
  disk.Plant(SegmentPath(3), Record(3, "third"));
  ReadLog log = ReadAll(disk);
  ASSERT_EQ(log.replay.damage.size(), 1u);
  EXPECT_FALSE(log.replay.damage[0].torn_tail);
  EXPECT_THAT(log.replay.damage[0].reason, HasSubstr("record 2 lost"));
}

TEST(ReplayWal, GoesOnWhereATailCannotBeSetAside) {
  std::string segment = Records(1, 2) + "torn";
  for (DiskCall call : {DiskCall::kAppend, DiskCall::kSync, DiskCall::kRename, DiskCall::kSyncFolder}) {
    FaultFileSystem disk;
    disk.Plant(SegmentPath(1), segment);
    disk.Inject(
        {.kind = DiskFaultKind::kEnospc, .calls = {call}, .path_part = call == DiskCall::kSyncFolder ? "" : ".torn"});
    ReadLog log = ReadAll(disk);
    EXPECT_THAT(log.sequences(), ElementsAre(1, 2));
    EXPECT_THAT(log.replay.damage.at(0).reason, HasSubstr("not set aside"));
    ReadLog again = ReadAll(disk);
    EXPECT_THAT(again.replay.damage.at(0).reason, ::testing::Not(HasSubstr("not set aside")))
        << "half a copy is redone";
    EXPECT_EQ(disk.Contents(SegmentPath(1) + ".torn-112"), "torn");
  }
}

TEST(ListWal, ListsSegmentsInOrder) {
  FaultFileSystem disk;
  disk.Plant(SegmentPath(10), "12345");
  disk.Plant(SegmentPath(9), "");
  disk.Plant(SegmentPath(9) + ".torn-0", "");
  ASSERT_TRUE(disk.CreateFolder(SegmentPath(11)));
  std::vector<WalSegment> segments = ListWal(disk, "/wal").value();
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].path, SegmentPath(9));
  EXPECT_EQ(segments[1].first_sequence, 10u);
  EXPECT_EQ(segments[1].size_bytes, 5u);
}

TEST(RemoveWalThrough, RemovesOnlySegmentsThatHoldNothingLater) {
  for (auto [sequence, left] : {std::pair{2, 3}, {3, 2}, {5, 2}, {6, 1}, {100, 1}}) {
    FaultFileSystem disk;
    disk.Plant(SegmentPath(1), Records(1, 3));
    disk.Plant(SegmentPath(4), Records(4, 6));
    disk.Plant(SegmentPath(7), Records(7, 9));
    ASSERT_TRUE(RemoveWalThrough(disk, "/wal", static_cast<uint64_t>(sequence)));
    EXPECT_EQ(disk.Crash(CrashPolicy::kDropUnsynced)->Paths().size(), static_cast<size_t>(left)) << sequence;
    EXPECT_TRUE(disk.Exists(SegmentPath(7))) << "the last one stays";
  }
}

TEST(RemoveWalThrough, NeverLeavesAHoleAtAPowerCut) {
  for (uint64_t at = 1; at <= 6; ++at) {
    FaultFileSystem disk;
    for (uint64_t first : {1, 4, 7, 10}) disk.Plant(SegmentPath(first), Records(first, first + 2));
    disk.Inject({.kind = DiskFaultKind::kCrash, .at = at, .calls = {DiskCall::kRemove, DiskCall::kSyncFolder}});
    ASSERT_FALSE(RemoveWalThrough(disk, "/wal", 9));
    for (uint64_t seed = 0; seed < 20; ++seed) {
      EXPECT_THAT(ReadAll(*disk.Crash(CrashPolicy::kKeepSome, seed)).reasons(), IsEmpty()) << "crash at " << at;
    }
  }
}

TEST(Wal, KeepsEverySyncedRecordOverAnyPowerCut) {
  std::mt19937 random(3);
  for (uint64_t round = 0; round < 300; ++round) {
    FaultFileSystem disk;
    disk.Plant("/wal/other", "");
    uint64_t next = 1;
    std::vector<std::string> synced;
    std::unique_ptr<WalWriter> writer = WalWriter::Create(disk, "/wal", next).value();
    for (int group = 0; group < 4; ++group) {
      std::vector<std::string> bodies(1 + random() % 3);
      std::vector<WalEntry> entries;
      for (std::string& body : bodies) {
        body = std::string(random() % 700, static_cast<char>('a' + next % 26));
        entries.push_back({next, 1000 + next, Bytes(body)});
        ++next;
      }
      ASSERT_TRUE(writer->Append(entries));
      if (group == 3) break;  // the last group was on its way
      ASSERT_TRUE(writer->Sync());
      synced.insert(synced.end(), bodies.begin(), bodies.end());
    }
    std::unique_ptr<FaultFileSystem> found = disk.Crash(CrashPolicy::kKeepSome, round);
    ReadLog log = ReadAll(*found);
    ASSERT_GE(log.records.size(), synced.size());
    for (size_t i = 0; i < synced.size(); ++i) ASSERT_EQ(log.records[i].body, synced[i]);
    for (const WalDamage& damage : log.replay.damage) {
      bool is_hole = damage.offset + damage.bytes < found->Contents(SegmentPath(1)).size();
      EXPECT_TRUE(damage.torn_tail || is_hole);
    }
    ASSERT_TRUE(WalWriter::Create(*found, "/wal", log.replay.next_sequence));
  }
}

std::string Unhex(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    bytes.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
  }
  return bytes;
}

// The bytes of the page's first block marked "hex": "offset  bytes...  # remark" a line.
std::string HexOfPage(const std::string& path) {
  std::ifstream page(path);
  EXPECT_TRUE(page) << path;
  std::string bytes;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      if (inside) break;
      inside = line == "```hex";
      continue;
    }
    if (!inside) continue;
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    words >> word;  // the offset
    while (words >> word) bytes += Unhex(word);
  }
  return bytes;
}

TEST(WalFormat, IsWhatItsPageShows) {
  std::string shown = HexOfPage(std::string(SPOOR_SOURCE_DIR) + "/docs/formats/wal.md");
  EXPECT_FALSE(shown.empty());
  FaultFileSystem disk;
  disk.Plant("/wal/other", "");
  std::unique_ptr<WalWriter> writer = WalWriter::Create(disk, "/wal", 7).value();
  std::vector<WalEntry> entries{{7, 1'700'000'000'000'000'000, Bytes("hello, spoor")},
                                {8, 1'700'000'000'000'000'001, {}}};
  ASSERT_TRUE(writer->Append(entries));
  std::string written = disk.Contents(SegmentPath(7));
  std::string hex;
  for (size_t i = 0; i < written.size(); ++i) {
    if (i % 8 == 0) hex += fmt::format("\n{:04x}  ", i);
    hex += fmt::format("{:02x}", static_cast<unsigned char>(written[i]));
  }
  EXPECT_EQ(shown, written) << "what is written:" << hex;
}

}  // namespace
}  // namespace spoor
