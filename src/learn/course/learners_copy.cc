#include "learn/course/learners_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "learn/course/text_file.h"

namespace spoor::learn {
namespace {

// Whether nothing was changed since the course wrote it, with whichever of its tasks solved.
bool IsTheCoursesOwn(const MarkedSource& source, std::string_view text) {
  const Tasks tasks = source.tasks();
  const std::vector<int> all(tasks.begin(), tasks.end());
  for (uint32_t chosen = 0; chosen < uint32_t{1} << all.size(); ++chosen) {
    Tasks solved;
    for (size_t i = 0; i < all.size(); ++i) {
      if ((chosen >> i & 1) != 0) solved.insert(all[i]);
    }
    if (source.Render(solved) == text) return true;
  }
  return false;
}

}  // namespace

Result<LearnersCopy> LearnersCopy::Create(FileSystem& files, const Course& course, const std::string& folder) {
  LearnersCopy copy(files, course, folder);
  RETURN_IF_ERROR(files.CreateFolder(folder));
  ASSIGN_OR_RETURN(const std::vector<FolderEntry> present, files.List(folder));
  if (!present.empty()) {
    ASSIGN_OR_RETURN(const bool is_copy, IsThere(files, copy.PathOf(Course::kScript)));
    return Invalid(is_copy
                       ? fmt::format("{} is a learner's copy already: go there and say ./challenge up, or ./challenge "
                                     "reset to begin again",
                                     folder)
                       : fmt::format("{} is not empty: name a folder that is empty or not there yet", folder));
  }
  for (const CourseFile& file : course.files()) {
    RETURN_IF_ERROR(WriteText(files, copy.PathOf(file.path), file.source.Render({})));
  }
  return copy;
}

Result<LearnersCopy> LearnersCopy::Open(FileSystem& files, const Course& course, const std::string& folder) {
  LearnersCopy copy(files, course, folder);
  ASSIGN_OR_RETURN(const bool has_script, IsThere(files, copy.PathOf(Course::kScript)));
  if (!has_script || !files.List(copy.PathOf("services"))) {
    return NotFound(
        fmt::format("{} is no learner's copy: make one with spoor challenge start DIR, or go to yours", folder));
  }
  return copy;
}

Result<std::vector<Replaced>> LearnersCopy::Solve(int task) {
  std::vector<Replaced> replaced;
  for (const CourseFile& file : course_->files()) {
    const Tasks tasks = file.source.tasks();
    if (!tasks.contains(task)) continue;
    ASSIGN_OR_RETURN(const std::optional<std::string> text, Text(file));
    const std::map<int, int> open = OpenSteps(text.value_or(file.source.Render({})));
    Tasks solved;
    for (const int other : tasks) {
      if (other <= task || !open.contains(other)) solved.insert(other);
    }
    RETURN_IF_ERROR(Replace(file, file.source.Render(solved), replaced));
  }
  return replaced;
}

Result<std::vector<Replaced>> LearnersCopy::Reset() {
  std::vector<Replaced> replaced;
  for (const CourseFile& file : course_->files()) RETURN_IF_ERROR(Replace(file, file.source.Render({}), replaced));
  return replaced;
}

Result<std::vector<OpenTask>> LearnersCopy::OpenTasks() const {
  std::vector<OpenTask> found;
  for (const CourseFile& file : course_->files()) {
    if (file.source.tasks().empty()) continue;
    ASSIGN_OR_RETURN(const std::optional<std::string> text, Text(file));
    for (const auto& [task, steps] : OpenSteps(text.value_or(file.source.Render({})))) {
      found.push_back({task, file.path, steps});
    }
  }
  std::sort(found.begin(), found.end(),
            [](auto& a, auto& b) { return std::tie(a.task, a.path) < std::tie(b.task, b.path); });
  return found;
}

Result<std::optional<std::string>> LearnersCopy::Text(const CourseFile& file) const {
  Result<std::string> text = ReadText(*files_, PathOf(file.path));
  if (text) return std::optional(*std::move(text));
  if (text.error().code == Code::kNotFound) return std::optional<std::string>();
  return text.error();
}

Status LearnersCopy::Replace(const CourseFile& file, std::string_view text, std::vector<Replaced>& replaced) {
  ASSIGN_OR_RETURN(const std::optional<std::string> old, Text(file));
  if (old == text) return {};
  ASSIGN_OR_RETURN(const std::string beside, WriteBeside(*files_, PathOf(file.path), text));
  std::string kept_as;
  // The script is not the learner's to change: what differs in it is where the program was.
  if (old && file.path != Course::kScript && !IsTheCoursesOwn(file.source, *old)) {
    ASSIGN_OR_RETURN(kept_as, Keep(file.path));
  }
  RETURN_IF_ERROR(files_->Rename(beside, PathOf(file.path)));
  replaced.push_back({file.path, std::move(kept_as)});
  return {};
}

Result<std::string> LearnersCopy::Keep(const std::string& path) {
  std::string name = path + ".mine";
  for (int number = 1;; ++number) {
    ASSIGN_OR_RETURN(const bool is_taken, IsThere(*files_, PathOf(name)));
    if (!is_taken) break;
    name = fmt::format("{}.mine.{}", path, number);
  }
  RETURN_IF_ERROR(files_->Rename(PathOf(path), PathOf(name)));
  return name;
}

}  // namespace spoor::learn
