// Reading the JSON of Jaeger's query API, as Jaeger 1 has it: {"data":[...]}. Its shape:
// jaegertracing/jaeger, internal/uimodel/model.go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "learn/check/seen_trace.h"

namespace spoor::learn {

// The spans of all traces of an answer; kInvalid where it is no such answer.
Result<SeenSpans> ReadJaegerTraces(std::string_view json);
// The names of an answer to /api/services; kInvalid where it is no such answer.
Result<std::vector<std::string>> ReadJaegerServices(std::string_view json);
// Whether it is an error in the words of that API: so it is spoken there.
bool IsJaegerError(std::string_view json);

}  // namespace spoor::learn
