// LearnersCopy: a folder in which somebody learns. What the course brings, and what the learner made of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "learn/course/course.h"

namespace spoor::learn {

// A file of the course that was written anew.
struct Replaced {
  std::string path;     // within the copy
  std::string kept_as;  // where the learner's own is now; empty where there was nothing of the learner's in it
};

// What is left to do of one task in one file.
struct OpenTask {
  int task = 0;
  std::string path;
  int steps = 0;
};

// Knows the files, not what runs. `files` and `course` outlive it. What a learner wrote is never lost: before a file is
// written anew, the learner's is renamed to NAME.mine, or NAME.mine.1 and so on where that is taken. One thread's and
// one process' at a time.
class LearnersCopy {
 public:
  // Makes a copy with nothing solved. A folder that has something in it is left as it is: kInvalid.
  static Result<LearnersCopy> Create(FileSystem& files, const Course& course, const std::string& folder);

  // A folder that is no copy is kNotFound.
  static Result<LearnersCopy> Open(FileSystem& files, const Course& course, const std::string& folder);

  const std::string& folder() const { return folder_; }
  // An absolute or a relative path, as the folder is.
  std::string PathOf(std::string_view path) const { return folder_ + "/" + std::string(path); }

  // Writes the solution of `task` into each file that has a step of it, with those of the tasks before it, which it
  // builds on. What is solved beyond, going by the TODO comments, is solved in the new file, too.
  Result<std::vector<Replaced>> Solve(int task);

  // Brings every file of the course back to its beginning. Files that it does not know stay.
  Result<std::vector<Replaced>> Reset();

  // By task, then by path. A file that is gone has all of its steps to do.
  Result<std::vector<OpenTask>> OpenTasks() const;

 private:
  LearnersCopy(FileSystem& files, const Course& course, std::string folder)
      : files_(&files), course_(&course), folder_(std::move(folder)) {}

  // Nothing where there is no such file.
  Result<std::optional<std::string>> Text(const CourseFile& file) const;
  // Puts `text` into the file, unless it is there already, and tells it in `replaced`.
  Status Replace(const CourseFile& file, std::string_view text, std::vector<Replaced>& replaced);
  Result<std::string> Keep(const std::string& path);

  FileSystem* files_;
  const Course* course_;
  std::string folder_;
};

}  // namespace spoor::learn
