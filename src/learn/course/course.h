// Course: the files that a learner's copy is made of. They are embedded in the binary, so that a copy needs nothing
// else.
#pragma once

#include <string>
#include <vector>

#include "base/embedded_file.h"
#include "learn/course/marked_source.h"

namespace spoor::learn {

// Services, tracing library, lessons and what builds them, each under its path in the copy (files.cmake says from
// where).
std::span<const EmbeddedFile> EmbeddedCourse();

struct CourseFile {
  std::string path;  // "services/frontend/main.cc"
  MarkedSource source;
};

// Immutable.
class Course {
 public:
  // The script by which a copy is used; it is also what a copy is recognised by.
  static constexpr std::string_view kScript = "challenge";

  // `program` is what the script runs: the absolute path of spoor. A bad marker in `files` is an error.
  static Result<Course> Read(std::span<const EmbeddedFile> files, std::string_view program);

  const std::vector<CourseFile>& files() const { return files_; }

  // The tasks that are solved by writing code.
  Tasks tasks() const;

 private:
  std::vector<CourseFile> files_;
};

}  // namespace spoor::learn
