// What the library says about itself: spans dropped, exports that fail, settings that cannot be understood.
#pragma once

#include <cstdint>
#include <string_view>

namespace spoor::trace {

enum class DiagnosticLevel : uint8_t { kNone, kError, kWarn, kInfo, kDebug };

// Gets each message, from any thread; must not throw and must not trace. Null: stderr, one line each, up to the level
// that OTEL_LOG_LEVEL names (info by default).
using DiagnosticHandler = void (*)(DiagnosticLevel level, std::string_view message);
void SetDiagnosticHandler(DiagnosticHandler handler) noexcept;

}  // namespace spoor::trace
