#include "learn/course/course.h"

#include <utility>

namespace spoor::learn {
namespace {

// Stands in the script where the program's path belongs.
constexpr std::string_view kProgramPlace = "@SPOOR@";

// As a shell reads it back: within single quotes, where only they themselves mean anything.
std::string Quoted(std::string_view word) {
  std::string quoted = "'";
  for (const char letter : word) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

std::string WithProgram(std::string_view script, std::string_view program) {
  const size_t place = script.find(kProgramPlace);
  if (place == std::string_view::npos) return std::string(script);
  return std::string(script.substr(0, place)) + Quoted(program) +
         std::string(script.substr(place + kProgramPlace.size()));
}

}  // namespace

Result<Course> Course::Read(std::span<const EmbeddedFile> files, std::string_view program) {
  Course course;
  for (const EmbeddedFile& file : files) {
    const std::string text = file.path == kScript ? WithProgram(file.content, program) : std::string(file.content);
    ASSIGN_OR_RETURN(MarkedSource source, MarkedSource::Parse(file.path, text));
    course.files_.push_back({std::string(file.path), std::move(source)});
  }
  return course;
}

Tasks Course::tasks() const {
  Tasks tasks;
  for (const CourseFile& file : files_) tasks.merge(file.source.tasks());
  return tasks;
}

}  // namespace spoor::learn
