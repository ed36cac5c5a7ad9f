#include "learn/course/marked_source.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace spoor::learn {
namespace {

constexpr std::string_view kOpening = "// [";
constexpr std::string_view kClosing = "// [/]";
constexpr std::string_view kHint = "// > ";
constexpr std::string_view kTodo = "// TODO ";

// Takes the first line, with its line feed, off `rest`.
std::string_view TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
  rest.remove_prefix(line.size());
  return line;
}

std::string_view Indent(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string_view Trimmed(std::string_view line) {
  line.remove_prefix(Indent(line).size());
  return line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
}

// Takes `expected` off `rest`, if that is how it begins.
bool Take(std::string_view& rest, std::string_view expected) {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(expected.size());
  return true;
}

// Takes a number from 1 to 99 off `rest`.
std::optional<int> TakeNumber(std::string_view& rest) {
  int number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + std::min<size_t>(rest.size(), 2), number);
  if (error != std::errc() || number < 1) return std::nullopt;
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  return number;
}

// A comment that is a marker, or was meant to be one: "//[2.1]", "// [2] …", "// [ / ]".
bool LooksLikeMarker(std::string_view line) {
  if (!Take(line, "//")) return false;
  line.remove_prefix(Indent(line).size());
  if (!Take(line, "[")) return false;
  line.remove_prefix(Indent(line).size());
  return !line.empty() && (line[0] == '/' || (line[0] >= '0' && line[0] <= '9'));
}

struct Opening {
  int task = 0;
  int step = 0;
  std::string_view title;
};

// "// [2.3] Make every request that comes in a span."
std::optional<Opening> ReadOpening(std::string_view line) {
  if (!Take(line, kOpening)) return std::nullopt;
  const std::optional<int> task = TakeNumber(line);
  if (!task || !Take(line, ".")) return std::nullopt;
  const std::optional<int> step = TakeNumber(line);
  if (!step || !Take(line, "] ")) return std::nullopt;
  const std::string_view title = Trimmed(line);
  if (title.empty()) return std::nullopt;
  return Opening{*task, *step, title};
}

}  // namespace

// Line by line; every line belongs to the part that is open.
class MarkedSource::Parser {
 public:
  explicit Parser(std::string_view path) : path_(path) {}

  Status Line(std::string_view whole) {
    ++number_;
    const std::string_view line = Trimmed(whole);
    if (line == kClosing) return Close();
    if (const std::optional<Opening> opening = ReadOpening(line)) return Open(*opening, Indent(whole));
    if (LooksLikeMarker(line)) {
      return Problem(number_, fmt::format("a marker is // [TASK.STEP] What to do. or {}, not {}", kClosing, line));
    }
    if (takes_hints_ && line.starts_with(kHint)) {
      open_.hints.emplace_back(line.substr(kHint.size()));
    } else {
      takes_hints_ = false;
      open_.text += whole;
    }
    return {};
  }

  Result<MarkedSource> End() && {
    if (open_.task != 0) return Problem(opened_at_, fmt::format("no {} closes this marker", kClosing));
    Finish();
    return std::move(source_);
  }

 private:
  Status Open(const Opening& opening, std::string_view indent) {
    if (open_.task != 0) {
      return Problem(number_, fmt::format("close the marker of line {} with {} first", opened_at_, kClosing));
    }
    Finish();
    open_ = {opening.task, opening.step, std::string(indent), std::string(opening.title), {}, {}};
    opened_at_ = number_;
    takes_hints_ = true;
    return {};
  }

  Status Close() {
    if (open_.task == 0) return Problem(number_, fmt::format("{} closes nothing", kClosing));
    if (Trimmed(open_.text).empty()) return Problem(opened_at_, fmt::format("no code before {}", kClosing));
    Finish();
    return {};
  }

  void Finish() {
    if (!open_.text.empty()) source_.parts_.push_back(std::move(open_));
    open_ = {};
    takes_hints_ = false;
  }

  Error Problem(int line, std::string_view what) const { return Invalid(fmt::format("{}:{}: {}", path_, line, what)); }

  const std::string_view path_;
  MarkedSource source_;
  Part open_;
  bool takes_hints_ = false;
  int number_ = 0;
  int opened_at_ = 0;
};

Result<MarkedSource> MarkedSource::Parse(std::string_view path, std::string_view text) {
  Parser parser(path);
  while (!text.empty()) RETURN_IF_ERROR(parser.Line(TakeLine(text)));
  return std::move(parser).End();
}

Tasks MarkedSource::tasks() const {
  Tasks tasks;
  for (const Part& part : parts_) {
    if (part.task != 0) tasks.insert(part.task);
  }
  return tasks;
}

std::string MarkedSource::Render(const Tasks& solved) const {
  std::string text;
  for (const Part& part : parts_) {
    if (part.task == 0) {
      text += part.text;
    } else if (solved.contains(part.task)) {
      text += fmt::format("{}// Done {} (task {}): {}\n{}", part.indent, part.step, part.task, part.title, part.text);
    } else {
      text += fmt::format("{}{}{} (task {}): {}\n", part.indent, kTodo, part.step, part.task, part.title);
      for (const std::string& hint : part.hints) text += fmt::format("{}//   {}\n", part.indent, hint);
    }
  }
  return text;
}

std::map<int, int> OpenSteps(std::string_view text) {
  std::map<int, int> open;
  while (!text.empty()) {
    std::string_view line = Trimmed(TakeLine(text));
    if (!Take(line, kTodo) || !TakeNumber(line) || !Take(line, " (task ")) continue;
    const std::optional<int> task = TakeNumber(line);
    if (task && Take(line, "): ")) ++open[*task];
  }
  return open;
}

}  // namespace spoor::learn
