#include "app/check_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "app/setting_text.h"
#include "learn/check/checker.h"

namespace spoor {
namespace {

constexpr std::string_view kFlags[] = {"--frontend-url", "--backend-url", "--database-url", "--query-url",
                                       "--task",         "--wait",        "--json",         "--help"};
constexpr auto kWaitMax = std::chrono::hours(1);

// As they stand on the line.
struct Words {
  std::array<std::string, learn::kServiceCount> services;
  std::string query{learn::kDefaultQueryUrl};
  std::string task;
  std::string wait = "10s";
};

Error Unknown(const std::string& word) {
  if (!word.starts_with("-")) return Invalid(fmt::format("'{}' is no flag: see spoor check --help", word));
  const std::string flag = word.substr(0, word.find('='));
  const std::string suggestion = Suggestion(flag, kFlags);
  return Invalid(fmt::format("unknown flag {}{}", flag, suggestion.empty() ? ": see spoor check --help" : suggestion));
}

Result<learn::Url> ReadUrl(const std::string& flag, const std::string& text) {
  auto url = learn::ParseUrl(text);
  if (!url) return url.error().Within(flag);
  return url;
}

Result<std::optional<int>> ReadTask(const std::string& text) {
  if (text.empty()) return std::optional<int>();
  int task = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), task);
  if (problem != std::errc() || end != text.data() + text.size() || task < 1 || task > learn::kTaskCount) {
    return Invalid(fmt::format("--task: '{}' is none of 1 to {}", text, learn::kTaskCount));
  }
  return std::optional<int>(task);
}

Result<std::chrono::milliseconds> ReadWait(const std::string& text) {
  const auto wait = ParseDuration(text);
  if (!wait) return wait.error().Within("--wait");
  if (*wait > kWaitMax) return Invalid(fmt::format("--wait: '{}' is too long, 1h is the most", text));
  return std::chrono::duration_cast<std::chrono::milliseconds>(*wait);
}

Result<learn::CheckSettings> SettingsOf(const Words& words) {
  learn::CheckSettings settings;
  for (const learn::Service service : learn::kServices) {
    ASSIGN_OR_RETURN(settings.services[IndexOf(service)],
                     ReadUrl(UrlFlagOf(settings, service), words.services[IndexOf(service)]));
  }
  ASSIGN_OR_RETURN(settings.query, ReadUrl("--query-url", words.query));
  ASSIGN_OR_RETURN(settings.task, ReadTask(words.task));
  ASSIGN_OR_RETURN(settings.wait, ReadWait(words.wait));
  return settings;
}

}  // namespace

Result<CheckLine> ReadCheckLine(std::vector<std::string> words) {
  CheckLine line;
  Words told;
  CLI::App check;
  check.set_help_flag();
  check.allow_extras();
  check.add_flag("-h,--help", line.wants_help);
  check.add_flag("--json", line.wants_json);
  for (const learn::Service service : learn::kServices) {
    std::string& url = told.services[IndexOf(service)];
    url = learn::kDefaultServiceUrls[IndexOf(service)];
    check.add_option(UrlFlagOf(line.settings, service), url);
  }
  check.add_option("--query-url", told.query);
  check.add_option("--task", told.task);
  check.add_option("--wait", told.wait);
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    check.parse(std::move(words));
  } catch (const CLI::Error& error) {
    std::string problem = error.what();
    std::replace(problem.begin(), problem.end(), '\n', ' ');
    return Invalid(problem + ": see spoor check --help");
  }
  if (line.wants_help) return line;
  if (!check.remaining().empty()) return Unknown(check.remaining().front());
  ASSIGN_OR_RETURN(line.settings, SettingsOf(told));
  return line;
}

std::string CheckHelpText() {
  std::string text =
      "spoor check [FLAG...]: how far the three services of the challenge are traced. It sends them requests with "
      "trace\n"
      "ids that it makes up, and looks for exactly these traces in the tracing backend: Spoor, or any other one with\n"
      "Jaeger's query API. Services may be in any language.\n"
      "\n";
  const auto add = [&](std::string_view flag, std::string_view what, std::string_view standard) {
    text += fmt::format("  {:<22} {}{}\n", flag, what, standard.empty() ? "" : fmt::format(" [{}]", standard));
  };
  add("--frontend-url URL", "Where the frontend is", learn::kDefaultServiceUrls[0]);
  add("--backend-url URL", "Where the backend is, the frontend's and not the tracing one",
      learn::kDefaultServiceUrls[1]);
  add("--database-url URL", "Where the database service is", learn::kDefaultServiceUrls[2]);
  add("--query-url URL", "Where the tracing backend answers queries; a path goes before its API's",
      learn::kDefaultQueryUrl);
  add("--task N", "Only this task, 1 to 6; score and exit code are its own", "");
  add("--wait TIME", "For traces to arrive; it ends sooner when all are there", "10s");
  add("--json", "The result as one JSON object", "");
  text +=
      "\n"
      "Exits with 0 when all tasks (or the one) pass, with 1 when not, and with 2 when this line is not understood.\n";
  return text;
}

int RunCheckCommand(std::vector<std::string> words) {
  const Result<CheckLine> line = ReadCheckLine(std::move(words));
  if (!line) {
    std::fprintf(stderr, "spoor: %s\n", line.error().message.c_str());
    return 2;
  }
  if (line->wants_help) {
    std::fputs(CheckHelpText().c_str(), stdout);
    return 0;
  }
  if (isatty(STDERR_FILENO) != 0) {
    std::fputs("Asking the services, and waiting for their traces ...\n", stderr);
  }
  const learn::CheckReport report = learn::RunCheck(line->settings, {});
  std::fputs((line->wants_json ? ReportJson(report) + "\n" : ReportText(report)).c_str(), stdout);
  return report.passed() ? 0 : 1;
}

}  // namespace spoor
