// One trace as result lists show it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/service_time.h"
#include "base/json_writer.h"
#include "plan/trace_store.h"

namespace spoor::api {

// A 64-bit time or duration as text.
void WriteNanos(JsonWriter& json, std::string_view name, uint64_t ns);

// One object; colours are those of `store`. `path`: where the time of its critical path went, where that is to be told.
void WriteSummary(JsonWriter& json, const TraceSummary& trace,
                  const std::optional<std::vector<analyze::ServiceTime>>& path, TraceStore& store);

// "complete" and, where it is not, "warnings".
void WriteCompleteness(JsonWriter& json, bool complete, const std::vector<std::string>& warnings);

}  // namespace spoor::api
