// Structured logging: one line an event, to stderr, as logfmt or JSON.
//
//   LogInfo("listening", {{"server", "otlp-http"}, {"address", address}});
//   ts=2026-01-31T08:12:42.123456Z level=info msg=listening server=otlp-http address=127.0.0.1:4318
//
// The message is a constant phrase; what varies goes into fields, whose names are snake_case.
#pragma once

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace spoor {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarn, kError };
enum class LogFormat : uint8_t { kLogfmt, kJson };

// "debug", "info", "warn", "error"; nothing for any other text.
std::optional<LogLevel> ParseLogLevel(std::string_view text);
std::optional<LogFormat> ParseLogFormat(std::string_view text);  // "logfmt", "json"

// A name and a value, borrowed for the length of the call.
class LogField {
 public:
  template <class T>
  LogField(std::string_view name, const T& value) : name_(name), value_(Hold(value)) {}  // NOLINT: implicit on purpose

  using Value = std::variant<std::string_view, int64_t, uint64_t, double, bool>;
  std::string_view name() const { return name_; }
  const Value& value() const { return value_; }

 private:
  template <class T>
  static Value Hold(const T& value) {
    if constexpr (std::same_as<T, bool>) {
      return value;
    } else if constexpr (std::floating_point<T>) {
      return static_cast<double>(value);
    } else if constexpr (std::signed_integral<T>) {
      return static_cast<int64_t>(value);
    } else if constexpr (std::unsigned_integral<T>) {
      return static_cast<uint64_t>(value);
    } else {
      return std::string_view(value);
    }
  }

  std::string_view name_;
  Value value_;
};

namespace internal {
extern std::atomic<LogLevel> log_level;
void WriteLog(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);
}  // namespace internal

inline bool LogEnabled(LogLevel level) { return level >= internal::log_level.load(std::memory_order_relaxed); }

// Thread-safe. A filtered line costs one comparison; work for its fields is saved by asking LogEnabled first.
inline void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {}) {
  if (LogEnabled(level)) internal::WriteLog(level, message, fields);
}
inline void LogDebug(std::string_view message, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kDebug, message, fields);
}
inline void LogInfo(std::string_view message, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, message, fields);
}
inline void LogWarn(std::string_view message, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarn, message, fields);
}
inline void LogError(std::string_view message, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, message, fields);
}

// Info and logfmt until this is called. Thread-safe.
void ConfigureLog(LogLevel level, LogFormat format);

// The line without its end, as it is written. For tests and for whatever shows a log elsewhere.
std::string FormatLogLine(LogFormat format, int64_t wall_ns, LogLevel level, std::string_view message,
                          std::initializer_list<LogField> fields);

// Takes all lines, of every level, for as long as it lives, in place of stderr: for tests of what is logged. One at a
// time.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  // Everything so far, each line with its end. Thread-safe.
  std::string text() const;

 private:
  struct Sink;
  std::shared_ptr<Sink> sink_;
  LogLevel level_before_;
};

// Lets a line through at most once per period, for events that load can repeat without end. Thread-safe.
class LogLimit {
 public:
  explicit LogLimit(std::chrono::nanoseconds period) : period_ns_(period.count()) {}

  // Whether now is the time, and how many were swallowed since the last time it was.
  std::optional<uint64_t> Pass();

 private:
  const int64_t period_ns_;
  std::atomic<int64_t> next_ns_{0};
  std::atomic<uint64_t> swallowed_{0};
};

}  // namespace spoor
