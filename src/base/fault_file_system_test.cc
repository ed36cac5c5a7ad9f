#include "base/fault_file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace spoor {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr uint64_t kSeeds = 200;

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

// A file whose name is durable and whose bytes are, so far.
std::unique_ptr<File> MakeDurable(FaultFileSystem& disk, const std::string& path, std::string_view text) {
  disk.Plant(path, text);
  return disk.Open(path, OpenMode::kAppend).value();
}

std::string AfterCrash(const FaultFileSystem& disk, const std::string& path,
                       CrashPolicy policy = CrashPolicy::kDropUnsynced, uint64_t seed = 0) {
  std::unique_ptr<FaultFileSystem> found = disk.Crash(policy, seed);
  return found->Exists(path) ? found->Contents(path) : "(none)";
}

std::set<std::string> OverSeeds(const FaultFileSystem& disk, const std::string& path, CrashPolicy policy) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) seen.insert(AfterCrash(disk, path, policy, seed));
  return seen;
}

TEST(FaultFileSystem, ForgetsUnsyncedBytesAtACrash) {
  FaultFileSystem disk;
  std::unique_ptr<File> file = MakeDurable(disk, "/a", "safe");
  ASSERT_TRUE(file->Append(Bytes(" lost")));
  EXPECT_EQ(disk.Contents("/a"), "safe lost");
  EXPECT_EQ(AfterCrash(disk, "/a"), "safe");
  EXPECT_EQ(AfterCrash(disk, "/a", CrashPolicy::kKeepAll), "safe lost");
  ASSERT_TRUE(file->Sync());
  EXPECT_EQ(AfterCrash(disk, "/a"), "safe lost");
}

TEST(FaultFileSystem, ForgetsUnsyncedNamesAtACrash) {
  FaultFileSystem disk;
  disk.Plant("/d/old", "1");
  disk.Plant("/d/gone", "2");
  ASSERT_TRUE(disk.Open("/d/new", OpenMode::kCreateNew).value()->Sync());
  ASSERT_TRUE(disk.Rename("/d/old", "/d/moved"));
  ASSERT_TRUE(disk.Remove("/d/gone"));
  EXPECT_THAT(disk.Crash(CrashPolicy::kDropUnsynced)->Paths(), ElementsAre("/d/gone", "/d/old"));
  EXPECT_THAT(disk.Crash(CrashPolicy::kTearWrites)->Paths(), ElementsAre("/d/gone", "/d/old"));
  ASSERT_TRUE(disk.SyncFolder("/d"));
  EXPECT_THAT(disk.Crash(CrashPolicy::kDropUnsynced)->Paths(), ElementsAre("/d/moved", "/d/new"));
}

TEST(FaultFileSystem, LosesWhatIsInAFolderWhoseOwnNameIsNotDurable) {
  FaultFileSystem disk;
  ASSERT_TRUE(disk.CreateFolder("/data/wal"));
  std::unique_ptr<File> file = disk.Open("/data/wal/1", OpenMode::kCreateNew).value();
  ASSERT_TRUE(file->Append(Bytes("x")));
  ASSERT_TRUE(file->Sync());
  ASSERT_TRUE(disk.SyncFolder("/data/wal"));
  ASSERT_TRUE(disk.SyncFolder("/data"));
  EXPECT_FALSE(disk.Crash(CrashPolicy::kDropUnsynced)->Exists("/data"));
  ASSERT_TRUE(disk.SyncFolder("/"));
  EXPECT_EQ(AfterCrash(disk, "/data/wal/1"), "x");
}

TEST(FaultFileSystem, KeepsAnyPrefixOfUnsyncedBytesWhenItTears) {
  FaultFileSystem disk;
  std::unique_ptr<File> file = MakeDurable(disk, "/a", "12");
  ASSERT_TRUE(file->Append(Bytes("3")));
  ASSERT_TRUE(file->Append(Bytes("4")));
  std::set<std::string> seen = OverSeeds(disk, "/a", CrashPolicy::kTearWrites);
  for (const char* expected : {"12", "123", "1234"}) EXPECT_TRUE(seen.contains(expected)) << expected;
  EXPECT_TRUE(seen.contains(std::string("12\0\0", 4))) << "a sector that was not written yet";
  for (const std::string& found : seen) EXPECT_EQ(found.substr(0, 2), "12") << "synced bytes stay";
  EXPECT_EQ(AfterCrash(disk, "/a", CrashPolicy::kTearWrites, 5), AfterCrash(disk, "/a", CrashPolicy::kTearWrites, 5));
}

TEST(FaultFileSystem, BlanksSectorsOnlyWithinUnsyncedBytes) {
  FaultFileSystem disk;
  std::string synced(700, 's');
  std::unique_ptr<File> file = MakeDurable(disk, "/a", synced);
  ASSERT_TRUE(file->Append(Bytes(std::string(3000, 'u'))));
  bool saw_hole = false;
  for (const std::string& found : OverSeeds(disk, "/a", CrashPolicy::kTearWrites)) {
    ASSERT_EQ(found.substr(0, 700), synced);
    size_t zero = found.find('\0');
    saw_hole |= zero != std::string::npos && found.find('u', zero) != std::string::npos;
  }
  EXPECT_TRUE(saw_hole);
}

TEST(FaultFileSystem, KeepsSomeUnsyncedNamesAndNotOthers) {
  FaultFileSystem disk;
  disk.Plant("/d/a.tmp", "new");
  disk.Plant("/d/a", "old");
  disk.Plant("/d/b", "b");
  ASSERT_TRUE(disk.Rename("/d/a.tmp", "/d/a"));
  ASSERT_TRUE(disk.Remove("/d/b"));
  std::set<std::pair<std::string, bool>> seen;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    std::unique_ptr<FaultFileSystem> found = disk.Crash(CrashPolicy::kKeepSome, seed);
    std::string text = found->Contents("/d/a");
    EXPECT_EQ(found->Exists("/d/a.tmp"), text == "old") << "a rename happens whole or not at all";
    seen.insert({text, found->Exists("/d/b")});
  }
  EXPECT_EQ(seen.size(), 4u) << "both changes are independent";
}

TEST(FaultFileSystem, MovesBetweenFoldersAreTwoChanges) {
  FaultFileSystem disk;
  disk.Plant("/d/a", "text");
  disk.Plant("/e/other", "");
  ASSERT_TRUE(disk.Rename("/d/a", "/e/a"));
  ASSERT_TRUE(disk.SyncFolder("/e"));
  std::unique_ptr<FaultFileSystem> found = disk.Crash(CrashPolicy::kDropUnsynced);
  EXPECT_EQ(found->Contents("/d/a"), "text");
  EXPECT_EQ(found->Contents("/e/a"), "text");
}

TEST(FaultFileSystem, GivesUpTheBytesOfAFailedSyncForGood) {
  FaultFileSystem disk;
  std::unique_ptr<File> file = MakeDurable(disk, "/a", "1");
  ASSERT_TRUE(file->Append(Bytes("22")));
  disk.Inject({.kind = DiskFaultKind::kEio, .calls = {DiskCall::kSync}});
  EXPECT_EQ(file->Sync().error().code, Code::kIo);
  EXPECT_EQ(disk.Contents("/a"), "122") << "still in the cache";
  EXPECT_EQ(AfterCrash(disk, "/a"), "1");
  ASSERT_TRUE(file->Append(Bytes("3")));
  ASSERT_TRUE(file->Sync());
  EXPECT_EQ(AfterCrash(disk, "/a"), std::string("1\0\0"
                                                "3",
                                                4));
  EXPECT_EQ(AfterCrash(disk, "/a", CrashPolicy::kKeepAll), "1223");
}

TEST(FaultFileSystem, MayLoseAnUnsyncedTruncation) {
  FaultFileSystem disk;
  std::unique_ptr<File> file = MakeDurable(disk, "/a", "12345");
  ASSERT_TRUE(file->Truncate(2));
  EXPECT_EQ(AfterCrash(disk, "/a"), "12345");
  EXPECT_THAT(OverSeeds(disk, "/a", CrashPolicy::kTearWrites), UnorderedElementsAre("12345", "12"));
  ASSERT_TRUE(file->Append(Bytes("x")));
  ASSERT_TRUE(file->Sync());
  EXPECT_EQ(AfterCrash(disk, "/a"), "12x");
}

TEST(FaultFileSystem, FailsTheNthCallThatFits) {
  FaultFileSystem disk;
  disk.Plant("/d/a.wal", "");
  disk.Plant("/d/b.log", "");
  std::unique_ptr<File> a = disk.Open("/d/a.wal", OpenMode::kAppend).value();
  std::unique_ptr<File> b = disk.Open("/d/b.log", OpenMode::kAppend).value();
  disk.Inject({.kind = DiskFaultKind::kEnospc, .at = 2, .calls = {DiskCall::kAppend}, .path_part = ".wal"});
  EXPECT_TRUE(a->Append(Bytes("12")));
  EXPECT_TRUE(b->Append(Bytes("12")));
  EXPECT_TRUE(a->Sync());
  Error error = a->Append(Bytes("3456")).error();
  EXPECT_EQ(error.code, Code::kFull);
  EXPECT_EQ(error.message, "append /d/a.wal: No space left on device");
  EXPECT_EQ(disk.Contents("/d/a.wal"), "1234") << "half of it is there";
  EXPECT_TRUE(a->Append(Bytes("78")));
}

TEST(FaultFileSystem, FailsEveryCallFromTheNthOnUntilFaultsAreCleared) {
  FaultFileSystem disk;
  disk.Plant("/d/a", "");
  disk.Inject({.at = 2, .and_after = true});
  EXPECT_TRUE(disk.List("/d"));
  EXPECT_EQ(disk.List("/d").error().message, "list /d: Input/output error");
  EXPECT_FALSE(disk.Rename("/d/a", "/d/b"));
  EXPECT_FALSE(disk.Remove("/d/a"));
  EXPECT_FALSE(disk.CreateFolder("/e"));
  EXPECT_FALSE(disk.Open("/d/c", OpenMode::kCreateNew));
  EXPECT_FALSE(disk.LockFolder("/d"));
  EXPECT_FALSE(disk.Space("/d"));
  disk.ClearFaults();
  EXPECT_THAT(disk.Paths(), ElementsAre("/d/a")) << "what failed changed nothing";
  EXPECT_FALSE(disk.Exists("/e"));
}

TEST(FaultFileSystem, EndsWithTheCallAtWhichThePowerGoes) {
  FaultFileSystem disk;
  std::unique_ptr<File> file = MakeDurable(disk, "/a", "1");
  disk.Inject({.kind = DiskFaultKind::kCrash, .at = 2});
  ASSERT_TRUE(file->Append(Bytes("2")));
  EXPECT_FALSE(file->Sync());
  EXPECT_TRUE(disk.power_is_off());
  EXPECT_FALSE(file->Append(Bytes("3")));
  EXPECT_FALSE(file->Size());
  EXPECT_FALSE(disk.Open("/b", OpenMode::kAppend));
  EXPECT_THAT(disk.Crash(CrashPolicy::kKeepAll)->Paths(), ElementsAre("/a"));
  EXPECT_EQ(AfterCrash(disk, "/a"), "1");
  EXPECT_EQ(AfterCrash(disk, "/a", CrashPolicy::kKeepAll), "12");
  std::unique_ptr<FaultFileSystem> next = disk.Crash(CrashPolicy::kDropUnsynced);
  EXPECT_TRUE(next->Open("/a", OpenMode::kAppend)) << "the power is back";
}

TEST(FaultFileSystem, MayHaveBegunTheCallAtWhichThePowerGoes) {
  FaultFileSystem disk;
  disk.Plant("/d/a", "1");
  disk.Inject({.kind = DiskFaultKind::kCrash});
  EXPECT_FALSE(disk.Rename("/d/a", "/d/b"));
  EXPECT_THAT(disk.Crash(CrashPolicy::kDropUnsynced)->Paths(), ElementsAre("/d/a"));
  EXPECT_THAT(disk.Crash(CrashPolicy::kKeepAll)->Paths(), ElementsAre("/d/b"));
}

TEST(FaultFileSystem, LeavesUnsyncedWhatOnlyAProcessLeavesBehind) {
  FaultFileSystem disk;
  disk.Plant("/d/a", "1");
  disk.Plant("/d/gone", "2");
  ASSERT_TRUE(disk.Open("/d/a", OpenMode::kAppend).value()->Append(Bytes("2")));
  ASSERT_TRUE(disk.Rename("/d/gone", "/d/b"));
  std::unique_ptr<FaultFileSystem> after = disk.Crash(CrashPolicy::kKeepAll);
  EXPECT_EQ(after->Contents("/d/a"), "12");
  EXPECT_THAT(after->Paths(), ElementsAre("/d/a", "/d/b"));
  EXPECT_EQ(AfterCrash(*after, "/d/a"), "1");
  EXPECT_THAT(after->Crash(CrashPolicy::kDropUnsynced)->Paths(), ElementsAre("/d/a", "/d/gone"));
  ASSERT_TRUE(after->Open("/d/a", OpenMode::kAppend).value()->Sync());
  ASSERT_TRUE(after->SyncFolder("/d"));
  EXPECT_EQ(AfterCrash(*after, "/d/a"), "12");
  EXPECT_EQ(AfterCrash(*after, "/d/b"), "2");
  EXPECT_EQ(disk.Contents("/d/a"), "12");
  EXPECT_EQ(AfterCrash(disk, "/d/a"), "1") << "the copy is another disk";
}

TEST(FaultFileSystem, DoesNothingInSyncsThatAreIgnored) {
  FaultFileSystem disk;
  std::unique_ptr<File> a = MakeDurable(disk, "/d/a.wal", "");
  std::unique_ptr<File> b = MakeDurable(disk, "/d/b.block", "");
  disk.IgnoreSyncs(DiskCall::kSync, ".wal");
  for (File* file : {a.get(), b.get()}) {
    ASSERT_TRUE(file->Append(Bytes("x")));
    ASSERT_TRUE(file->Sync());
  }
  EXPECT_EQ(AfterCrash(disk, "/d/a.wal"), "");
  EXPECT_EQ(AfterCrash(disk, "/d/b.block"), "x");
  disk.IgnoreSyncs(DiskCall::kSyncFolder);
  ASSERT_TRUE(disk.Rename("/d/a.wal", "/d/c.wal"));
  ASSERT_TRUE(disk.SyncFolder("/d"));
  EXPECT_EQ(AfterCrash(disk, "/d/c.wal"), "(none)");
}

TEST(FaultFileSystem, FillsTheDiskToItsLastByte) {
  FaultFileSystem disk(10);
  std::unique_ptr<File> file = MakeDurable(disk, "/a", "1234");
  EXPECT_EQ(disk.Space("/").value().free_bytes, 6u);
  EXPECT_EQ(file->Append(Bytes("abcdefgh")).error().code, Code::kFull);
  EXPECT_EQ(disk.Contents("/a"), "1234abcdef");
  EXPECT_EQ(disk.used_bytes(), 10u);
  EXPECT_EQ(file->Append(Bytes("x")).error().code, Code::kFull);
  ASSERT_TRUE(file->Truncate(0));
  EXPECT_TRUE(file->Append(Bytes("x")));
  disk.SetCapacity(1);
  EXPECT_FALSE(file->Append(Bytes("y")));
}

TEST(FaultFileSystem, FlipsBitsOnTheDiskAndInTheCache) {
  FaultFileSystem disk;
  disk.Plant("/a", "abc");
  disk.FlipBits("/a", 1, 0x20);
  EXPECT_EQ(disk.Contents("/a"), "aBc");
  EXPECT_EQ(AfterCrash(disk, "/a"), "aBc");
}

TEST(FaultFileSystem, CountsAndNamesEveryCall) {
  FaultFileSystem disk;
  std::vector<std::string> observed;
  disk.Observe([&](DiskCall call, const std::string& path) {
    EXPECT_GE(disk.calls(), 0u) << "no lock is held";
    observed.push_back(std::string(DiskCallName(call)) + " " + path);
  });
  ASSERT_TRUE(disk.CreateFolder("/d"));
  ASSERT_TRUE(disk.Open("/d/a", OpenMode::kAppend).value()->Sync());
  ASSERT_TRUE(disk.Rename("/d/a", "/d/b"));
  EXPECT_THAT(observed, ElementsAre("create folder /d", "open /d/a", "sync /d/a", "rename /d/a to /d/b"));
  EXPECT_EQ(disk.calls(), 4u);
  EXPECT_EQ(disk.calls(DiskCall::kSync), 1u);
  EXPECT_EQ(disk.history().at(2).path, "/d/a");
}

TEST(FaultFileSystem, StandsThreads) {
  FaultFileSystem disk;
  disk.Plant("/d/seed", "");
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&disk, t] {
      std::string path = "/d/" + std::to_string(t);
      std::unique_ptr<File> file = disk.Open(path, OpenMode::kCreateNew).value();
      for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(file->Append(Bytes("x")));
        ASSERT_TRUE(file->Sync());
        ASSERT_TRUE(disk.SyncFolder("/d"));
        ASSERT_NE(disk.Crash(CrashPolicy::kKeepSome, static_cast<uint64_t>(i)), nullptr);
      }
    });
  }
  threads.clear();
  for (int t = 0; t < 4; ++t) EXPECT_EQ(AfterCrash(disk, "/d/" + std::to_string(t)), std::string(200, 'x'));
}

}  // namespace
}  // namespace spoor
