// What OTLP answers: ExportTraceServiceResponse, in both encodings.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "decode/otlp.h"

namespace spoor {

enum class OtlpEncoding : uint8_t { kProtobuf, kJson };

// The answer to a request of which `report` tells. Where nothing was rejected, partial_success is unset, as the
// specification asks: no bytes in protobuf, "{}" in JSON.
std::string OtlpResponse(const DecodeReport& report, OtlpEncoding encoding);

// Reads a protobuf answer: rejected spans and the error message. kInvalid where it is none.
Result<DecodeReport> ParseOtlpResponse(std::string_view message);

}  // namespace spoor
