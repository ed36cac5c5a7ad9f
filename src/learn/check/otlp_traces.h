// Reading the JSON of Jaeger's query API of version 3: OTLP's, within {"result":...} as Jaeger 2 answers it. Read
// leniently, as backends differ: without the wrapper, a list of wrappers, one wrapper a line, ids as hex or as base64,
// kinds as numbers or as names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "learn/check/seen_trace.h"

namespace spoor::learn {

// The spans of all traces of an answer; kInvalid where it is no such answer.
Result<SeenSpans> ReadOtlpTraces(std::string_view json);
// The names of an answer to /api/v3/services; kInvalid where it is no such answer.
Result<std::vector<std::string>> ReadV3Services(std::string_view json);
// Whether it is an error in the words of that API: so it is spoken there.
bool IsV3Error(std::string_view json);

}  // namespace spoor::learn
