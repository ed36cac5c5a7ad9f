// Spans for the contract's tests, told field by field with everything that OTLP can send.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ids.h"
#include "model/span_batch.h"
#include "model/value.h"

namespace spoor::contract {

inline constexpr uint64_t kMinuteNs = 60'000'000'000;
// The beginning of a minute in November 2023.
inline constexpr uint64_t kStartNs = 28'333'333 * kMinuteNs;

// An id whose halves are both in use and whose lower one is `number`.
constexpr TraceId NumberedTrace(uint64_t number) { return {number * 0x9E3779B97F4A7C15ull, number}; }

// An attribute's value.
struct SentValue {
  ValueType type = ValueType::kEmpty;
  uint64_t cell = 0;  // of types without codes
  std::string bytes;  // of those with codes; arrays and maps as in model/any_value.h

  SentValue() = default;
  SentValue(const char* text) : SentValue(std::string(text)) {}                            // NOLINT: on purpose
  SentValue(std::string text) : type(ValueType::kString), bytes(std::move(text)) {}        // NOLINT: on purpose
  SentValue(bool value) : type(ValueType::kBool), cell(value ? 1 : 0) {}                   // NOLINT: on purpose
  SentValue(int value) : SentValue(int64_t{value}) {}                                      // NOLINT: on purpose
  SentValue(int64_t value) : type(ValueType::kInt), cell(static_cast<uint64_t>(value)) {}  // NOLINT: on purpose
  SentValue(double value) : type(ValueType::kDouble), cell(DoubleToCell(value)) {}         // NOLINT: on purpose
};
SentValue Bytes(std::string_view bytes);
SentValue Array(const std::vector<SentValue>& values);
// Duplicate keys stay, in order.
SentValue Map(const std::vector<std::pair<std::string, SentValue>>& pairs);

using SentAttributes = std::vector<std::pair<std::string, SentValue>>;

struct SentEvent {
  uint64_t time_ns = kStartNs;
  std::string name;
  SentAttributes attributes = {};
  uint32_t dropped_attributes = 0;
};

struct SentLink {
  TraceId trace = NumberedTrace(99);
  SpanId id = 1;
  std::string trace_state = {};
  SentAttributes attributes = {};
  uint32_t flags = 0;
  uint32_t dropped_attributes = 0;
};

struct SentResource {
  std::optional<std::string> service = "shop";  // service.name, the first attribute
  SentAttributes attributes = {};
  uint32_t dropped_attributes = 0;
  std::string schema_url = {};
};

struct SentScope {
  std::string name;
  std::string version = {};
  SentAttributes attributes = {};
  uint32_t dropped_attributes = 0;
  std::string schema_url = {};
};

struct SentSpan {
  TraceId trace = NumberedTrace(1);
  SpanId id = 1;
  SpanId parent = 0;
  uint64_t start_ns = kStartNs;
  uint64_t duration_ns = 10;
  std::optional<uint64_t> end_ns = {};  // instead of a duration
  std::string name = "work";
  uint8_t kind = 1;
  uint8_t status = 0;
  std::string status_message = {};
  std::string trace_state = {};
  uint32_t flags = 0;
  uint32_t dropped_attributes = 0, dropped_events = 0, dropped_links = 0;
  SentAttributes attributes = {};
  std::vector<SentEvent> events = {};
  std::vector<SentLink> links = {};
  SentResource resource = {};
  SentScope scope = {};
};

inline constexpr uint8_t kError = static_cast<uint8_t>(StatusCode::kError);

// One batch of them, in this order.
std::shared_ptr<const SpanBatch> MakeBatch(const std::vector<SentSpan>& spans);

}  // namespace spoor::contract
