#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json_writer.h"

namespace spoor {
namespace {

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: return "error";
  }
  return "error";
}

// RFC 3339 with microseconds, UTC.
std::string FormatTime(int64_t wall_ns) {
  const time_t seconds = wall_ns / 1'000'000'000;
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const int length = std::snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year + 1900,
                                   parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                                   static_cast<int>(wall_ns % 1'000'000'000 / 1000));
  return std::string(text, std::min<size_t>(length, sizeof(text) - 1));
}

// Bare where a logfmt reader takes it so, else quoted like JSON.
void AppendLogfmtText(std::string& out, std::string_view text) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
  });
  if (bare) {
    out += text;
  } else {
    AppendJsonString(out, text);
  }
}

void AppendLogfmtValue(std::string& out, const LogField::Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return AppendLogfmtText(out, *text);
  std::visit(
      [&out](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::same_as<T, bool>) {
          out += held ? "true" : "false";
        } else if constexpr (!std::same_as<T, std::string_view>) {
          out += fmt::to_string(held);
        }
      },
      value);
}

spdlog::sink_ptr ToStderr() {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  sink->set_pattern("%v");  // our lines are complete
  return sink;
}

// Where lines end up: stderr, or what a test put in its place.
spdlog::sinks::dist_sink_mt& Sinks() {
  static spdlog::sinks::dist_sink_mt& sinks = *new spdlog::sinks::dist_sink_mt({ToStderr()});
  return sinks;
}

std::atomic<LogFormat> log_format{LogFormat::kLogfmt};

}  // namespace

namespace internal {

constinit std::atomic<LogLevel> log_level{LogLevel::kInfo};

void WriteLog(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  const std::string line =
      FormatLogLine(log_format.load(std::memory_order_relaxed), SystemClock().WallNanos(), level, message, fields);
  spdlog::details::log_msg entry("spoor", spdlog::level::info, line);
  Sinks().log(entry);
}

}  // namespace internal

std::string FormatLogLine(LogFormat format, int64_t wall_ns, LogLevel level, std::string_view message,
                          std::initializer_list<LogField> fields) {
  std::string line;
  if (format == LogFormat::kLogfmt) {
    line.append("ts=").append(FormatTime(wall_ns)).append(" level=").append(LevelName(level)).append(" msg=");
    AppendLogfmtText(line, message);
    for (const LogField& field : fields) {
      line.append(" ").append(field.name()).append("=");
      AppendLogfmtValue(line, field.value());
    }
    return line;
  }
  JsonWriter json(line);
  json.BeginObject();
  json.Member("ts", FormatTime(wall_ns));
  json.Member("level", LevelName(level));
  json.Member("msg", message);
  for (const LogField& field : fields) {
    std::visit([&](const auto& value) { json.Member(field.name(), value); }, field.value());
  }
  json.EndObject();
  return line;
}

std::optional<LogLevel> ParseLogLevel(std::string_view text) {
  for (LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    if (text == LevelName(level)) return level;
  }
  return std::nullopt;
}

std::optional<LogFormat> ParseLogFormat(std::string_view text) {
  if (text == "logfmt") return LogFormat::kLogfmt;
  if (text == "json") return LogFormat::kJson;
  return std::nullopt;
}

void ConfigureLog(LogLevel level, LogFormat format) {
  log_format.store(format, std::memory_order_relaxed);
  internal::log_level.store(level, std::memory_order_relaxed);
}

struct LogCapture::Sink final : spdlog::sinks::base_sink<std::mutex> {
  std::string Text() {
    std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& entry) override {
    text_.append(entry.payload.data(), entry.payload.size()).push_back('\n');
  }
  void flush_() override {}

  std::string text_;
};

LogCapture::LogCapture()
    : sink_(std::make_shared<Sink>()), level_before_(internal::log_level.exchange(LogLevel::kDebug)) {
  Sinks().set_sinks({sink_});
}

LogCapture::~LogCapture() {
  internal::log_level = level_before_;
  Sinks().set_sinks({ToStderr()});
}

std::string LogCapture::text() const { return sink_->Text(); }

std::optional<uint64_t> LogLimit::Pass() {
  const int64_t now = SystemClock().SteadyNanos();
  int64_t next = next_ns_.load(std::memory_order_relaxed);
  if (now < next || !next_ns_.compare_exchange_strong(next, now + period_ns_, std::memory_order_relaxed)) {
    swallowed_.fetch_add(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return swallowed_.exchange(0, std::memory_order_relaxed);
}

}  // namespace spoor
