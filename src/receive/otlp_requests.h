// For tests: small OTLP requests.
#pragma once

#include <protozero/pbf_writer.hpp>
#include <string>

namespace spoor {

// A request with one span whose trace id has `trace_id_bytes` bytes.
inline std::string OneSpanProtobuf(size_t trace_id_bytes = 16) {
  std::string out;
  protozero::pbf_writer request(out);
  protozero::pbf_writer resource_spans(request, 1);
  protozero::pbf_writer scope_spans(resource_spans, 2);
  protozero::pbf_writer span(scope_spans, 2);
  span.add_bytes(1, std::string(trace_id_bytes, 't'));
  span.add_bytes(2, std::string(8, 's'));
  span.add_string(5, "GET /");
  return out;
}

inline std::string OneSpanJson(const std::string& trace_id = "0102030405060708090a0b0c0d0e0f10") {
  return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":")" + trace_id +
         R"(","spanId":"1112131415161718","name":"GET /"}]}]}]})";
}

}  // namespace spoor
