#include "learn/check/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor::learn {
namespace {

constexpr std::string_view kRule = "==================================================\n";
constexpr size_t kColumns = 80;

// What a terminal may show: names of services are what strangers say, and could drive it with escapes.
std::string Printable(std::string_view text) {
  std::string printable = ToUtf8(text);
  for (size_t i = 0; i < printable.size(); ++i) {
    const auto byte = static_cast<uint8_t>(printable[i]);
    const bool is_c1 = byte == 0xC2 && i + 1 < printable.size() && static_cast<uint8_t>(printable[i + 1]) < 0xA0;
    if (is_c1) printable.replace(i, 2, "?");
    if (byte < 0x20 || byte == 0x7F) printable[i] = '?';
  }
  return printable;
}

// A paragraph behind a label, its further lines below its first word.
std::string Paragraph(std::string_view label, std::string_view unchecked) {
  const std::string checked = Printable(unchecked);
  std::string_view text = checked;
  std::string lines(label);
  const std::string indent(label.size(), ' ');
  size_t column = label.size();
  for (bool is_first = true; !text.empty(); is_first = false) {
    const size_t end = std::min(text.find(' '), text.size());
    if (!is_first && column + 1 + end > kColumns) {
      lines += "\n" + indent;
      column = indent.size();
    } else if (!is_first) {
      lines += ' ';
      ++column;
    }
    lines += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines + "\n";
}

// Of a task that failed. What an earlier one has told already is not told again.
std::string Reasons(const TaskResult& task, std::span<const TaskResult> earlier) {
  const auto told_by = [&](const std::string& missing) {
    const auto found = std::find_if(earlier.begin(), earlier.end(),
                                    [&](const TaskResult& one) { return !one.passed && one.why.missing == missing; });
    return found == earlier.end() ? 0 : found->task;
  };
  const Explanation& why = task.why;
  if (const int same = told_by(why.missing)) return fmt::format("   The same as in task {}.\n\n", same);
  std::string text = Paragraph("   ", why.missing);
  if (why.causes.size() == 1) {
    const int same = told_by(why.causes.front());
    text += Paragraph("   Likely: ", same != 0 ? fmt::format("what fails task {}.", same) : why.causes.front());
  } else if (!why.causes.empty()) {
    text += "   Likely causes, the likeliest first:\n";
    for (const std::string& cause : why.causes) text += Paragraph("    - ", cause);
  }
  return text + Paragraph("   To do: ", why.fix) + "\n";
}

std::string Closing(const CheckReport& report) {
  if (report.passed()) {
    if (report.tasks.size() == kTaskCount) return "🎉 All done: your three services are traced from end to end!\n";
    return "🎉 Passed!\n";
  }
  const auto next =
      std::find_if(report.tasks.begin(), report.tasks.end(), [](const TaskResult& one) { return !one.passed; });
  const bool is_begun = report.score() > 0;
  return Paragraph(
      "", fmt::format("💪 {} Next: task {}, {}.", is_begun ? "Well on your way." : "Every trace begins somewhere.",
                      next->task, next->title));
}

}  // namespace

int CheckReport::score() const {
  int sum = 0;
  for (const TaskResult& task : tasks) sum += task.passed ? task.points : 0;
  return sum;
}

int CheckReport::max_score() const {
  int sum = 0;
  for (const TaskResult& task : tasks) sum += task.points;
  return sum;
}

int CheckReport::percent() const { return max_score() == 0 ? 0 : score() * 100 / max_score(); }

CheckReport MakeReport(const Observation& observation, const CheckSettings& settings) {
  return {Judge(observation, settings)};
}

std::string ReportText(const CheckReport& report) {
  std::string text(kRule);
  text += "📊 Distributed Tracing Challenge - Your Progress\n";
  text += kRule;
  text += "\n";
  const std::span<const TaskResult> tasks(report.tasks);
  for (size_t i = 0; i < tasks.size(); ++i) {
    text += fmt::format("{} Task {}: {}\n", tasks[i].passed ? "✅" : "❌", tasks[i].task, tasks[i].title);
    if (!tasks[i].passed) text += Reasons(tasks[i], tasks.first(i));
  }
  if (!text.ends_with("\n\n")) text += "\n";
  text += kRule;
  text += Closing(report);
  text += kRule;
  text += fmt::format("\nScore: {}/{} points ({}%)\n", report.score(), report.max_score(), report.percent());
  return text;
}

std::string ReportJson(const CheckReport& report) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("score", report.score());
  json.Member("maxScore", report.max_score());
  json.Member("percent", report.percent());
  json.Member("passed", report.passed());
  json.Key("tasks");
  json.BeginArray();
  for (const TaskResult& task : report.tasks) {
    json.BeginObject();
    json.Member("task", task.task);
    json.Member("title", task.title);
    json.Member("points", task.points);
    json.Member("passed", task.passed);
    json.Member("traceID", task.trace_id);
    json.Member("missing", task.why.missing);
    json.Key("causes");
    json.BeginArray();
    for (const std::string& cause : task.why.causes) json.String(cause);
    json.EndArray();
    json.Member("fix", task.why.fix);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return text;
}

}  // namespace spoor::learn
