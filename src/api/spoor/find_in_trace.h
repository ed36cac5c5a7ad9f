// Find in trace: which spans have a text, anywhere.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/trace.h"

namespace spoor::api {

// Positions in trace.spans, ascending, of the spans whose service, name, span id, status message, or any attribute's
// key or value (as text: plan/value_text.h) contains `text`; of the span, its resource, its scope or its events, whose
// names count too. "key=value" also finds an attribute whose key is exactly `key` and whose value contains `value`.
// Letters match without regard to case (A to Z). Empty text finds nothing.
std::vector<uint32_t> FindInTrace(const Trace& trace, std::string_view text);

}  // namespace spoor::api
