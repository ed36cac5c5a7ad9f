// SpanBatchBuilder: where decoders write. Reused from request to request, so that once warm a request allocates one
// buffer and nothing per span, attribute or string.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "model/span_batch.h"

namespace spoor {

// The fields of a span that are not lists. All default to what OTLP means by absence.
struct SpanFields {
  TraceId trace_id;
  SpanId span_id = 0;
  SpanId parent_span_id = 0;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  StringCode name = 0;
  StringCode trace_state = 0;
  StringCode status_message = 0;
  uint32_t flags = 0;
  uint32_t dropped_attributes = 0;
  uint32_t dropped_events = 0;
  uint32_t dropped_links = 0;
  uint8_t kind = 0;
  uint8_t status_code = 0;
};

struct EventFields {
  uint64_t time_ns = 0;
  StringCode name = 0;
  uint32_t dropped_attributes = 0;
};

struct LinkFields {
  TraceId trace_id;
  SpanId span_id = 0;
  StringCode trace_state = 0;
  uint32_t flags = 0;
  uint32_t dropped_attributes = 0;
};

// Not thread-safe; one a decoding thread. Order of calls:
//
//   Clear
//   for each resource: BeginAttributes Add* -> EndAttributes, AddResource
//     for each scope:  BeginAttributes Add* -> EndAttributes, AddScope
//       for each span: BeginSpan, then in any order
//                        BeginAttributes Add* SetSpanAttributes (once at most)
//                        BeginAttributes Add* -> AddEvent / AddLink
//                      then EndSpan(fields), or DropSpan to forget it
//   Finish
//
// Only one attribute list is open at a time.
class SpanBatchBuilder {
 public:
  // An attribute list that was written: where its cells are and of which shape. {} is the empty list.
  struct AttributeList {
    uint32_t shape = 0;
    uint32_t value_begin = 0;
  };

  SpanBatchBuilder();
  ~SpanBatchBuilder();
  SpanBatchBuilder(const SpanBatchBuilder&) = delete;
  SpanBatchBuilder& operator=(const SpanBatchBuilder&) = delete;

  // Forgets everything but capacity (and gives capacity back that one giant request left behind).
  void Clear();

  // The code of `text`, which is copied. A text seen for the first time is checked to be UTF-8; where it is not, the
  // result is kNotUtf8 and nothing is added.
  static constexpr StringCode kNotUtf8 = UINT32_MAX;
  StringCode InternString(std::string_view text);
  // A code for bytes or a nested value: never shared, never found as text.
  StringCode AddBytes(std::string_view bytes);

  // Opens a list. Add appends one field to it; `cell` is as model/value.h says. False: the list has reached
  // kMaxAttributesPerList and the field was not added.
  void BeginAttributes();
  void AddAttribute(StringCode key, ValueType type, uint64_t cell);
  AttributeList EndAttributes();

  // Makes the resource (scope) that the following spans have. An equal one of this batch is shared.
  void AddResource(AttributeList attributes, uint32_t dropped_attributes, StringCode schema_url);
  void AddScope(StringCode name, StringCode version, AttributeList attributes, uint32_t dropped_attributes,
                StringCode schema_url);

  void BeginSpan();
  void SetSpanAttributes(AttributeList attributes);
  void AddEvent(const EventFields& event, AttributeList attributes);
  void AddLink(const LinkFields& link, AttributeList attributes);
  void EndSpan(const SpanFields& span);
  void DropSpan();

  uint32_t span_count() const;
  // A lower bound of the bytes that Finish will allocate, for the memory budget. Cheap.
  size_t size_bytes() const;

  // The batch of all spans since Clear. Null where there are none. kTooLarge where a count or the dictionary passes
  // 32 bits.
  Result<std::shared_ptr<const SpanBatch>> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spoor
