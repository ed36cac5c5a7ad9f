#include "learn/course/learners_copy.h"

#include <gtest/gtest.h>

#include "base/fault_file_system.h"
#include "learn/course/text_file.h"

namespace spoor::learn {
namespace {

constexpr EmbeddedFile kFiles[] = {
    {"CMakeLists.txt", "project(course)\n"},
    {"challenge", "#!/bin/sh\nspoor=${SPOOR:-@SPOOR@}\n"},
    {"services/a/main.cc", "a1\n// [2.1] Do two.\ntwo\n// [/]\na2\n// [5.1] Do five.\nfive\n// [/]\n"},
    {"services/b/main.cc",
     "b1\n// [3.1] Do three.\nthree\n// [/]\n// [3.2] More.\nmore\n// [/]\n// [5.1] Do "
     "five.\nfive\n// [/]\n"},
};
constexpr std::string_view kStarter = "a1\n// TODO 1 (task 2): Do two.\na2\n// TODO 1 (task 5): Do five.\n";
constexpr std::string_view kTwoSolved = "a1\n// Done 1 (task 2): Do two.\ntwo\na2\n// TODO 1 (task 5): Do five.\n";
constexpr std::string_view kAllSolved =
    "a1\n// Done 1 (task 2): Do two.\ntwo\na2\n// Done 1 (task 5): Do five.\nfive\n";

class LearnersCopyTest : public testing::Test {
 protected:
  LearnersCopyTest()
      : course_(*Course::Read(kFiles, "/opt/it's/spoor")), copy_(*LearnersCopy::Create(disk_, course_, "/c")) {}

  std::string Text(const std::string& path) {
    const Result<std::string> text = ReadText(disk_, "/c/" + path);
    return text ? *text : "none";
  }
  void Write(const std::string& path, std::string_view text) { ASSERT_TRUE(WriteText(disk_, "/c/" + path, text)); }

  static std::string Told(const Result<std::vector<Replaced>>& replaced) {
    if (!replaced) return replaced.error().message;
    std::string told;
    for (const Replaced& file : *replaced)
      told += file.path + (file.kept_as.empty() ? "" : " > ") + file.kept_as + "\n";
    return told;
  }

  FaultFileSystem disk_;
  const Course course_;
  LearnersCopy copy_;
};

TEST_F(LearnersCopyTest, BeginsWithNothingSolved) {
  EXPECT_EQ(Text("services/a/main.cc"), kStarter);
  EXPECT_EQ(Text("CMakeLists.txt"), "project(course)\n");
  EXPECT_EQ(Text("challenge"), "#!/bin/sh\nspoor=${SPOOR:-'/opt/it'\\''s/spoor'}\n");
}

TEST_F(LearnersCopyTest, IsMadeOnlyWhereNothingIs) {
  const auto again = LearnersCopy::Create(disk_, course_, "/c");
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("/c is a learner's copy already"), std::string::npos) << again.error().message;
  ASSERT_TRUE(WriteText(disk_, "/full/thesis.txt", "dear"));
  const auto full = LearnersCopy::Create(disk_, course_, "/full");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Code::kInvalid);
  EXPECT_NE(full.error().message.find("/full is not empty"), std::string::npos) << full.error().message;
  EXPECT_EQ(disk_.List("/full")->size(), 1u);
}

TEST_F(LearnersCopyTest, IsRecognised) {
  EXPECT_TRUE(LearnersCopy::Open(disk_, course_, "/c"));
  for (const char* folder : {"/", "/nowhere", "/c/services"}) {
    const auto other = LearnersCopy::Open(disk_, course_, folder);
    ASSERT_FALSE(other) << folder;
    EXPECT_EQ(other.error().code, Code::kNotFound);
  }
}

TEST_F(LearnersCopyTest, SolvesATaskWithThoseBeforeItInTheSameFile) {
  EXPECT_EQ(Told(copy_.Solve(2)), "services/a/main.cc\n");
  EXPECT_EQ(Text("services/a/main.cc"), kTwoSolved);
  EXPECT_EQ(Text("services/b/main.cc"), course_.files()[3].source.Render({}));
  EXPECT_EQ(Told(copy_.Solve(5)), "services/a/main.cc\nservices/b/main.cc\n");
  EXPECT_EQ(Text("services/a/main.cc"), kAllSolved);
  EXPECT_EQ(Text("services/b/main.cc"), course_.files()[3].source.Render({3, 5}));
  EXPECT_EQ(Told(copy_.Solve(5)), "");
  EXPECT_EQ(Told(copy_.Solve(7)), "");
}

TEST_F(LearnersCopyTest, LeavesLaterTasksSolvedThatWereSolved) {
  ASSERT_TRUE(copy_.Solve(5));
  Write("services/a/main.cc", "my own, with nothing left to do\n");
  EXPECT_EQ(Told(copy_.Solve(2)), "services/a/main.cc > services/a/main.cc.mine\n");
  EXPECT_EQ(Text("services/a/main.cc"), kAllSolved);
}

TEST_F(LearnersCopyTest, KeepsEverythingThatALearnerWrote) {
  for (const char* mine : {"first\n", "second\n", "third\n"}) {
    Write("services/a/main.cc", std::string(mine) + std::string(kStarter));
    ASSERT_TRUE(copy_.Solve(2));
    EXPECT_EQ(Text("services/a/main.cc"), kTwoSolved);
  }
  EXPECT_EQ(Text("services/a/main.cc.mine"), "first\n" + std::string(kStarter));
  EXPECT_EQ(Text("services/a/main.cc.mine.1"), "second\n" + std::string(kStarter));
  EXPECT_EQ(Text("services/a/main.cc.mine.2"), "third\n" + std::string(kStarter));
}

TEST_F(LearnersCopyTest, ComesBackToItsBeginning) {
  ASSERT_TRUE(copy_.Solve(5));
  Write("CMakeLists.txt", "project(mine)\n");
  Write("services/a/more.cc", "new\n");
  ASSERT_TRUE(disk_.Remove("/c/challenge"));
  EXPECT_EQ(Told(copy_.Reset()),
            "CMakeLists.txt > CMakeLists.txt.mine\nchallenge\nservices/a/main.cc\nservices/b/main.cc\n");
  EXPECT_EQ(Text("CMakeLists.txt"), "project(course)\n");
  EXPECT_EQ(Text("services/a/main.cc"), kStarter);
  EXPECT_EQ(Text("services/a/more.cc"), "new\n");
  EXPECT_EQ(Told(copy_.Reset()), "");
}

TEST_F(LearnersCopyTest, MovesItsScriptWithTheProgram) {
  const Course moved = *Course::Read(kFiles, "/usr/bin/spoor");
  LearnersCopy copy = *LearnersCopy::Open(disk_, moved, "/c");
  EXPECT_EQ(Told(copy.Reset()), "challenge\n");
  EXPECT_EQ(Text("challenge"), "#!/bin/sh\nspoor=${SPOOR:-'/usr/bin/spoor'}\n");
  EXPECT_EQ(Text("challenge.mine"), "none");
}

TEST_F(LearnersCopyTest, TellsWhatIsLeftToDo) {
  const auto told = [&] {
    std::string text;
    const std::vector<OpenTask> tasks = *copy_.OpenTasks();
    for (const OpenTask& open : tasks) {
      text += std::to_string(open.task) + " " + open.path + " " + std::to_string(open.steps) + "\n";
    }
    return text;
  };
  EXPECT_EQ(told(), "2 services/a/main.cc 1\n3 services/b/main.cc 2\n5 services/a/main.cc 1\n5 services/b/main.cc 1\n");
  ASSERT_TRUE(copy_.Solve(2));
  Write("services/b/main.cc", "// TODO 2 (task 3): More.\n");
  EXPECT_EQ(told(), "3 services/b/main.cc 1\n5 services/a/main.cc 1\n");
  ASSERT_TRUE(disk_.Remove("/c/services/b/main.cc"));
  EXPECT_EQ(told(), "3 services/b/main.cc 2\n5 services/a/main.cc 1\n5 services/b/main.cc 1\n");
}

// Whichever call of the disk fails, the learner's file is there afterwards, under one name or the other.
TEST_F(LearnersCopyTest, LosesNothingWhenTheDiskFails) {
  for (uint64_t at = 1; at < 30; ++at) {
    Write("services/a/main.cc", "mine\n");
    disk_.Inject({.kind = DiskFaultKind::kEnospc, .at = at});
    const bool is_solved = copy_.Solve(2).has_value();
    disk_.ClearFaults();
    const std::string now = Text("services/a/main.cc"), kept = Text("services/a/main.cc.mine");
    EXPECT_TRUE(now == "mine\n" || kept == "mine\n") << at << ": " << now << kept;
    EXPECT_TRUE(!is_solved || now == kAllSolved) << at << ": " << now;
    if (kept != "none") {
      ASSERT_TRUE(disk_.Remove("/c/services/a/main.cc.mine"));
    }
  }
}

TEST(Course, NamesTheFileOfABadMarker) {
  constexpr EmbeddedFile kBad[] = {{"services/a.cc", "x\n// [2.1] Do it.\n"}};
  const Result<Course> course = Course::Read(kBad, "/spoor");
  ASSERT_FALSE(course);
  EXPECT_EQ(course.error().message, "services/a.cc:2: no // [/] closes this marker");
}

TEST(EmbeddedCourse, CanBeRead) {
  const Result<Course> course = Course::Read(EmbeddedCourse(), "/spoor");
  ASSERT_TRUE(course) << course.error().message;
  EXPECT_GT(course->files().size(), 50u);
}

}  // namespace
}  // namespace spoor::learn
