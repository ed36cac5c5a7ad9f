// OTLP's ExportTraceServiceRequest, from ended spans.
#pragma once

#include <string>
#include <string_view>

#include "api/attribute.h"
#include "api/finished_span.h"

namespace spoor::trace {

// Writes over `out`, whose room is used again. Spans are grouped by resource and scope, in the order in which they
// stand.
void EncodeOtlpRequest(ListView<FinishedSpan> spans, std::string& out);

// What a receiver says of a request that it took: how many spans it rejected, and why.
struct PartialSuccess {
  int64_t rejected_spans = 0;
  std::string message;
};
// From an ExportTraceServiceResponse. What is no such message says nothing.
PartialSuccess ReadOtlpResponse(std::string_view bytes);

// What a receiver says when it refuses: the message of a google.rpc.Status. Empty where it is none, or not for people.
std::string ReadOtlpError(std::string_view bytes);

}  // namespace spoor::trace
