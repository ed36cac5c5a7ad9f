#include "plan/random_spans.h"

#include <array>
#include <limits>
#include <string>

#include "base/check.h"
#include "model/any_value.h"
#include "model/span_batch_builder.h"

namespace spoor {
namespace {

constexpr std::array kTexts = {"", "a", "b", "500", "true", "1.5", "AQI=", "NaN", "[1]", "error"};
constexpr std::array kKeys = {"a", "b", "error", "http.status_code", "service.name"};
// Serialised AnyValues: the array [1] and the map {"a":"b"}.
constexpr std::array<std::string_view, 2> kNested = {std::string_view("\x2a\x04\x0a\x02\x18\x01", 6),
                                                     std::string_view("\x32\x0a\x0a\x08\x0a\x01"
                                                                      "a\x12\x03\x0a\x01"
                                                                      "b",
                                                                      12)};

uint64_t Below(Random& random, uint64_t bound) { return random() % bound; }
template <class Array>
std::string_view Any(Random& random, const Array& texts) {
  return texts[Below(random, texts.size())];
}

void AddRandomAttribute(Random& random, SpanBatchBuilder& builder) {
  const StringCode key = builder.InternString(Any(random, kKeys));
  const auto add = [&](ValueType type, uint64_t cell) { SPOOR_CHECK(builder.AddAttribute(key, type, cell)); };
  switch (Below(random, 10)) {
    case 0: return add(ValueType::kEmpty, 0);
    case 1: return add(ValueType::kBool, Below(random, 2));
    case 2: return add(ValueType::kInt, Below(random, 2) == 0 ? 500 : static_cast<uint64_t>(-1));
    case 3: return add(ValueType::kDouble, DoubleToCell(1.5));
    case 4: return add(ValueType::kDouble, DoubleToCell(std::numeric_limits<double>::quiet_NaN()));
    case 5: return add(ValueType::kBytes, builder.AddBytes("\x01\x02"));
    case 6: return add(ValueType::kArray, builder.AddBytes(kNested[0]));
    case 7: return add(ValueType::kMap, builder.AddBytes(kNested[1]));
    default: return add(ValueType::kString, builder.InternString(Any(random, kTexts)));
  }
}

SpanBatchBuilder::AttributeList RandomList(Random& random, SpanBatchBuilder& builder) {
  builder.BeginAttributes();
  for (uint64_t i = Below(random, 4); i > 0; --i) AddRandomAttribute(random, builder);
  return builder.EndAttributes();
}

void AddRandomResource(Random& random, SpanBatchBuilder& builder) {
  builder.BeginAttributes();
  if (Below(random, 5) != 0) {
    const StringCode key = builder.InternString("service.name");
    SPOOR_CHECK(builder.AddAttribute(key, ValueType::kString, builder.InternString(Any(random, kTexts))));
  }
  AddRandomAttribute(random, builder);
  builder.AddResource(builder.EndAttributes(), 0, 0);
}

void AddRandomSpan(Random& random, SpanBatchBuilder& builder) {
  builder.BeginSpan();
  for (uint64_t i = Below(random, 3); i > 0; --i) {
    const StringCode name = builder.InternString(Any(random, kTexts));
    builder.AddEvent({.time_ns = Below(random, 100), .name = name}, RandomList(random, builder));
  }
  if (Below(random, 4) == 0) {
    const SpanId id = 1 + Below(random, 20);
    builder.AddLink({.trace_id = {1, 2}, .span_id = id}, RandomList(random, builder));
  }
  builder.SetSpanAttributes(RandomList(random, builder));
  SpanFields span;
  span.trace_id = {Below(random, 2), 1 + Below(random, 2)};
  span.span_id = 1 + Below(random, 20);
  span.parent_span_id = Below(random, 20);
  span.start_ns = kRandomStartNs + Below(random, 1000);
  span.end_ns = span.start_ns + Below(random, 200) - 20;
  span.name = builder.InternString(Any(random, kTexts));
  span.trace_state = builder.InternString(Any(random, kTexts));
  span.status_message = builder.InternString(Any(random, kTexts));
  span.kind = static_cast<uint8_t>(Below(random, 6));
  span.status_code = static_cast<uint8_t>(Below(random, 3));
  builder.EndSpan(span);
}

Literal RandomLiteral(Random& random, Intrinsic field) {
  switch (Below(random, 20)) {
    case 0: return true;
    case 1: return static_cast<double>(Below(random, 200)) / 2;
    case 2: return std::numeric_limits<double>::quiet_NaN();
    case 3: return int64_t{-1};
    default: break;
  }
  switch (field) {
    case Intrinsic::kKind:
    case Intrinsic::kStatusCode: return static_cast<int64_t>(Below(random, 4));
    case Intrinsic::kDurationNs: return static_cast<int64_t>(Below(random, 200));
    case Intrinsic::kStartNs: return static_cast<int64_t>(kRandomStartNs + Below(random, 1000));
    default: return std::string(Any(random, kTexts));
  }
}

std::vector<Filter> RandomFilters(Random& random, int depth) {
  std::vector<Filter> filters;
  for (uint64_t i = Below(random, 4); i > 0; --i) filters.push_back(RandomFilter(random, depth));
  return filters;
}

}  // namespace

std::shared_ptr<const SpanBatch> RandomBatch(Random& random, uint32_t spans_max) {
  SpanBatchBuilder builder;
  AddRandomResource(random, builder);
  builder.AddScope(builder.InternString("lib"), 0, {}, 0, 0);
  for (uint64_t i = 1 + Below(random, spans_max); i > 0; --i) {
    if (Below(random, 8) == 0) AddRandomResource(random, builder);
    if (Below(random, 8) == 0) {
      const StringCode name = builder.InternString(Any(random, kTexts));
      builder.AddScope(name, builder.InternString(Any(random, kTexts)), RandomList(random, builder), 0, 0);
    }
    AddRandomSpan(random, builder);
  }
  auto batch = builder.Finish();
  SPOOR_CHECK(batch.has_value());
  return *batch;
}

Filter RandomFilter(Random& random, int depth) {
  const uint64_t choice = Below(random, depth > 0 ? 10 : 7);
  if (choice == 7) return Filter{AllOf{RandomFilters(random, depth - 1)}};
  if (choice == 8) return Filter{AnyOf{RandomFilters(random, depth - 1)}};
  if (choice == 9) return Filter{NotOf{std::make_shared<const Filter>(RandomFilter(random, depth - 1))}};
  if (choice < 3) {
    constexpr std::array kValues = {"500", "-1", "1.5", "1.50", "true", "NaN", "AQI=", "[1]", R"({"a":"b"})", "", "a"};
    return Filter{AttributeText{std::string(Any(random, kKeys)), std::string(Any(random, kValues))}};
  }
  const auto field = static_cast<Intrinsic>(Below(random, 11));
  const auto op = static_cast<CompareOp>(Below(random, 6));
  return Filter{CompareIntrinsic{field, op, RandomLiteral(random, field)}};
}

}  // namespace spoor
