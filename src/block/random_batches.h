// Random batches for tests: few ids, names and keys, so that spans repeat, share and collide, with every field and
// every type of value somewhere.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/check.h"
#include "model/span_batch_builder.h"

namespace spoor {

class RandomBatches {
 public:
  explicit RandomBatches(uint64_t seed) : random_(seed) {}

  // Batches of `spans` spans each.
  std::vector<std::shared_ptr<const SpanBatch>> Make(size_t batches, size_t spans) {
    std::vector<std::shared_ptr<const SpanBatch>> made;
    for (size_t i = 0; i < batches; ++i) made.push_back(MakeOne(spans));
    return made;
  }

  std::shared_ptr<const SpanBatch> MakeOne(size_t spans) {
    builder_.Clear();
    for (size_t i = 0; i < spans; ++i) {
      if (i == 0 || Below(10) == 0) AddOrigin();
      AddSpan();
    }
    auto batch = builder_.Finish();
    SPOOR_CHECK(batch.has_value() && *batch != nullptr);
    return *batch;
  }

  uint64_t Below(uint64_t limit) { return random_() % limit; }

  // Whose spans follow: low halves of ids from `first` on, so many of them.
  void SetTraces(uint64_t first, uint64_t count) {
    first_trace_ = first;
    trace_count_ = count;
  }

 private:
  using List = SpanBatchBuilder::AttributeList;

  StringCode Text(std::string text) { return builder_.InternString(text); }
  StringCode Name() { return Below(4) == 0 ? 0 : Text("name " + std::to_string(Below(12))); }
  std::string Bytes(uint64_t length_max) {
    std::string bytes(Below(length_max + 1), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

  uint64_t Cell(ValueType type) {
    switch (type) {
      case ValueType::kEmpty: return 0;
      case ValueType::kString:
        return Below(2) == 0 ? Text("value " + std::to_string(Below(30))) : Text(std::to_string(random_()));
      case ValueType::kBool: return Below(2);
      case ValueType::kInt: return Below(2) == 0 ? Below(100) - 50 : random_();
      case ValueType::kDouble: return Below(8) == 0 ? UINT64_C(0x7FF8000000000000) + Below(3) : random_();
      case ValueType::kBytes:
      case ValueType::kArray:
      case ValueType::kMap: return builder_.AddBytes(Bytes(12));
    }
    return 0;
  }

  List Attributes() {
    if (Below(3) == 0) return {};
    builder_.BeginAttributes();
    const uint64_t count = Below(6);
    for (uint64_t i = 0; i < count; ++i) {
      const auto type = static_cast<ValueType>(Below(kValueTypeCount));
      const StringCode key = Text(Below(20) == 0 ? "" : "key " + std::to_string(Below(9)));
      SPOOR_CHECK(builder_.AddAttribute(key, type, Cell(type)));
    }
    return builder_.EndAttributes();
  }

  void AddOrigin() {
    builder_.BeginAttributes();
    if (Below(5) != 0) {
      SPOOR_CHECK(
          builder_.AddAttribute(Text("service.name"), ValueType::kString, Text("service " + std::to_string(Below(5)))));
    }
    builder_.AddResource(builder_.EndAttributes(), static_cast<uint32_t>(Below(2)), Name());
    const StringCode name = Name();
    const StringCode version = Name();
    const List attributes = Attributes();
    builder_.AddScope(name, version, attributes, static_cast<uint32_t>(Below(2)), Name());
  }

  void AddSpan() {
    builder_.BeginSpan();
    builder_.SetSpanAttributes(Attributes());
    const uint64_t events = Below(4) == 0 ? Below(4) : 0;
    for (uint64_t i = 0; i < events; ++i) {
      const List attributes = Attributes();
      builder_.AddEvent({.time_ns = random_(), .name = Name(), .dropped_attributes = Small()}, attributes);
    }
    const uint64_t links = Below(5) == 0 ? Below(4) : 0;
    for (uint64_t i = 0; i < links; ++i) {
      const List attributes = Attributes();
      builder_.AddLink({.trace_id = {random_(), random_()},
                        .span_id = random_(),
                        .trace_state = Name(),
                        .flags = Small(),
                        .dropped_attributes = Small()},
                       attributes);
    }
    const uint64_t start_ns = 1'700'000'000'000'000'000 + Below(1000) * 1000;
    builder_.EndSpan({.trace_id = {Below(2) * 77, first_trace_ + Below(trace_count_)},
                      .span_id = Below(200),
                      .parent_span_id = Below(3) == 0 ? 0 : Below(200),
                      .start_ns = start_ns,
                      .end_ns = Below(10) == 0 ? 0 : start_ns + Below(1'000'000),
                      .name = Name(),
                      .trace_state = Below(10) == 0 ? Name() : 0,
                      .status_message = Below(10) == 0 ? Name() : 0,
                      .flags = Small(),
                      .dropped_attributes = Small(),
                      .dropped_events = Small(),
                      .dropped_links = Small(),
                      .kind = static_cast<uint8_t>(Below(6)),
                      .status_code = static_cast<uint8_t>(Below(3))});
  }

  uint32_t Small() { return Below(8) == 0 ? static_cast<uint32_t>(random_()) : 0; }

  std::mt19937_64 random_;
  uint64_t first_trace_ = 1;
  uint64_t trace_count_ = 40;
  SpanBatchBuilder builder_;
};

}  // namespace spoor
