// A strict reader of OTLP's requests, for tests: it knows every field that may stand there and says whatever is not as
// the protocol and OpenTelemetry's data model have it. Shares no code with the library.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spoor::trace::testing {

// Values as text with their type before it: "s:text", "i:1", "b:true", "d:1.5", "x:00ff" (bytes), "[i:1,i:2]",
// "{key=s:text}", "" (empty).
using WireAttributes = std::map<std::string, std::string>;

struct WireEvent {
  std::string name;
  uint64_t time_ns = 0;
  WireAttributes attributes;
  uint64_t dropped_attributes = 0;
};

struct WireLink {
  std::string trace_id, span_id;  // hex
  std::string trace_state;
  WireAttributes attributes;
  uint64_t dropped_attributes = 0;
  uint64_t flags = 0;
};

struct WireSpan {
  std::string trace_id, span_id, parent_id;  // hex; "" for no parent
  std::string trace_state, name;
  uint64_t kind = 0, start_ns = 0, end_ns = 0, flags = 0;
  WireAttributes attributes;
  std::vector<WireEvent> events;
  std::vector<WireLink> links;
  uint64_t dropped_attributes = 0, dropped_events = 0, dropped_links = 0;
  uint64_t status = 0;
  std::string status_message;

  WireAttributes resource;
  std::string resource_schema_url;
  std::string scope_name, scope_version, scope_schema_url;
  WireAttributes scope_attributes;
};

struct WireRequest {
  std::vector<WireSpan> spans;
  std::vector<std::string> violations;
};

WireRequest ReadStrictly(std::string_view bytes);

}  // namespace spoor::trace::testing
