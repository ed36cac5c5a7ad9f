// Lines of a log that lead to the trace they belong to.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "attribute.h"

namespace spoor::trace {

enum class LogFormat : uint8_t { kLogfmt, kJson };

// Writes lines with the time, the level, the service, and trace_id and span_id of the current span where there is one.
// Thread-safe.
class LogSink {
 public:
  // `out` outlives it.
  LogSink(std::ostream& out, std::string_view service, LogFormat format = LogFormat::kLogfmt);
  ~LogSink();
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  void Write(std::string_view level, std::string_view message, Attributes fields = {});
  void Info(std::string_view message, Attributes fields = {}) { Write("info", message, fields); }
  void Warn(std::string_view message, Attributes fields = {}) { Write("warn", message, fields); }
  void Error(std::string_view message, Attributes fields = {}) { Write("error", message, fields); }

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

// "trace_id=… span_id=…" of the current span, for a log of one's own; empty where there is none.
std::string TraceFields();

}  // namespace spoor::trace
