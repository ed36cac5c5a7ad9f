#include "decode/otlp_response.h"

#include <protozero/pbf_writer.hpp>

#include "base/json_writer.h"
#include "decode/otlp_fields.h"
#include "model/protobuf_reader.h"

namespace spoor {
namespace {

std::string ResponseProtobuf(const DecodeReport& report) {
  std::string out;
  if (report.rejected_spans == 0) return out;
  protozero::pbf_writer response(out);
  protozero::pbf_writer partial(response, otlp::response::kPartialSuccess >> 3);
  partial.add_int64(otlp::partial_success::kRejectedSpans >> 3, static_cast<int64_t>(report.rejected_spans));
  partial.add_string(otlp::partial_success::kErrorMessage >> 3, report.first_error);
  return out;
}

std::string ResponseJson(const DecodeReport& report) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (report.rejected_spans != 0) {
    json.Key("partialSuccess");
    json.BeginObject();
    json.Key("rejectedSpans");
    json.UintText(report.rejected_spans);
    json.Member("errorMessage", report.first_error);
    json.EndObject();
  }
  json.EndObject();
  return out;
}

bool ReadPartialSuccess(std::string_view message, DecodeReport& report) {
  ProtobufReader reader(message);
  while (!reader.AtEnd()) {
    uint32_t tag;
    if (!reader.ReadTag(tag)) return false;
    std::string_view text;
    if (tag == otlp::partial_success::kRejectedSpans) {
      if (!reader.ReadVarint(report.rejected_spans)) return false;
    } else if (tag == otlp::partial_success::kErrorMessage) {
      if (!reader.ReadBytes(text)) return false;
      report.first_error = text;
    } else if (!reader.Skip(tag)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string OtlpResponse(const DecodeReport& report, OtlpEncoding encoding) {
  return encoding == OtlpEncoding::kJson ? ResponseJson(report) : ResponseProtobuf(report);
}

Result<DecodeReport> ParseOtlpResponse(std::string_view message) {
  DecodeReport report;
  ProtobufReader reader(message);
  while (!reader.AtEnd()) {
    uint32_t tag;
    std::string_view partial;
    if (!reader.ReadTag(tag)) return Invalid("answer: not protobuf");
    if (tag != otlp::response::kPartialSuccess) {
      if (!reader.Skip(tag)) return Invalid("answer: not protobuf");
    } else if (!reader.ReadBytes(partial) || !ReadPartialSuccess(partial, report)) {
      return Invalid("answer: partial_success is not protobuf");
    }
  }
  return report;
}

}  // namespace spoor
