#include "trace/diagnostics.h"

#include <unistd.h>

#include "trace/environment.h"

namespace spoor::trace {
namespace {

std::atomic<DiagnosticHandler> handler{nullptr};

DiagnosticLevel LevelFromEnvironment() {
  const std::string level = environment::Word("OTEL_LOG_LEVEL");
  if (level == "none" || level == "off") return DiagnosticLevel::kNone;
  if (level == "error" || level == "fatal") return DiagnosticLevel::kError;
  if (level == "warn" || level == "warning") return DiagnosticLevel::kWarn;
  if (level == "debug" || level == "trace" || level == "all") return DiagnosticLevel::kDebug;
  return DiagnosticLevel::kInfo;
}

const char* NameOf(DiagnosticLevel level) {
  switch (level) {
    case DiagnosticLevel::kError: return "error";
    case DiagnosticLevel::kWarn: return "warning";
    case DiagnosticLevel::kDebug: return "debug";
    default: return "info";
  }
}

}  // namespace

void SetDiagnosticHandler(DiagnosticHandler new_handler) noexcept { handler.store(new_handler); }

void Diagnose(DiagnosticLevel level, const std::string& message) noexcept {
  if (const DiagnosticHandler given = handler.load()) return given(level, message);
  static const DiagnosticLevel highest = LevelFromEnvironment();
  if (level > highest) return;
  const std::string line = std::string("spoor tracing: ") + NameOf(level) + ": " + message + "\n";
  // One write, so that lines of several threads do not mix.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace spoor::trace
