// SpanBatchBuilder: where decoders write. Reused from request to request, so that once warm a request allocates one
// buffer and nothing per span, attribute or string.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/limits.h"
#include "model/growable_array.h"
#include "model/shape_trie.h"
#include "model/span_batch.h"
#include "model/string_table.h"

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
// Only one attribute list is open at a time. A format whose resource or scope may stand behind its spans writes the
// spans first and then names theirs: AssignResource, AssignScope.
class SpanBatchBuilder {
 public:
  // An attribute list that was written: where its cells are and of which shape. {} is the empty list.
  struct AttributeList {
    uint32_t shape = 0;
    uint32_t value_begin = 0;
  };

  SpanBatchBuilder() { Clear(); }
  SpanBatchBuilder(const SpanBatchBuilder&) = delete;
  SpanBatchBuilder& operator=(const SpanBatchBuilder&) = delete;

  // Forgets everything but capacity (and gives capacity back that one giant request left behind).
  void Clear();

  // The code of `text`, which is copied. A text seen for the first time is checked to be UTF-8; where it is not, the
  // result is kNotUtf8 and nothing is added.
  static constexpr StringCode kNotUtf8 = StringTable::kNotUtf8;
  StringCode InternString(std::string_view text) { return strings_.Intern(text); }
  // A code for bytes or a nested value: never shared, never found as text.
  StringCode AddBytes(std::string_view bytes) { return strings_.AddBytes(bytes); }
  // What a code of this batch stands for, until the next string is added.
  std::string_view String(StringCode code) const { return strings_[code]; }

  // InternString for the key, and then the string value, of the attribute that is added next. Where they are what the
  // shapes so far let expect, that costs a comparison.
  [[gnu::always_inline]] StringCode InternKey(std::string_view key) {
    const ShapeTrie::Node& expected = shapes_.Predicted(list_node_);
    return strings_.StandsAt(expected.key_place, key) ? expected.key : strings_.Intern(key);
  }
  [[gnu::always_inline]] StringCode InternValue(StringCode key, std::string_view value) {
    const ShapeTrie::Node& expected = shapes_.Predicted(list_node_);
    if (expected.key == key && strings_.StandsAt(expected.value_place, value)) return expected.value;
    return strings_.Intern(value);
  }

  // Opens a list. AddAttribute appends one field to it; `cell` is as model/value.h says. False: the list has reached
  // limits::kAttributesPerListMax and the field was not added.
  void BeginAttributes() {
    list_node_ = ShapeTrie::kRoot;
    list_begin_ = values_.size();
  }
  [[nodiscard]] bool AddAttribute(StringCode key, ValueType type, uint64_t cell) {
    if (values_.size() - list_begin_ >= limits::kAttributesPerListMax) [[unlikely]]
      return false;
    list_node_ = shapes_.Step(list_node_, key, type, strings_);
    if (type == ValueType::kString) shapes_.RememberValue(list_node_, static_cast<StringCode>(cell), strings_);
    values_.Push(cell);
    return true;
  }
  AttributeList EndAttributes() {
    if (list_node_ == ShapeTrie::kRoot) return {};
    const AttributeList list = {.shape = shapes_.Shape(list_node_), .value_begin = static_cast<uint32_t>(list_begin_)};
    list_node_ = ShapeTrie::kRoot;
    return list;
  }

  // Makes the resource (scope) that the following spans have. An equal one of this batch is shared.
  void AddResource(AttributeList attributes, uint32_t dropped_attributes, StringCode schema_url);
  void AddScope(StringCode name, StringCode version, AttributeList attributes, uint32_t dropped_attributes,
                StringCode schema_url);
  // The same for the spans that were added since there were `first_row`.
  void AssignResource(uint32_t first_row, AttributeList attributes, uint32_t dropped_attributes, StringCode schema_url);
  void AssignScope(uint32_t first_row, StringCode name, StringCode version, AttributeList attributes,
                   uint32_t dropped_attributes, StringCode schema_url);

  void BeginSpan() {
    span_attributes_ = {};
    span_value_begin_ = values_.size();
    span_event_begin_ = events_.size();
    span_link_begin_ = links_.size();
  }
  void SetSpanAttributes(AttributeList attributes) { span_attributes_ = attributes; }
  void AddEvent(const EventFields& event, AttributeList attributes) { events_.Push({event, attributes}); }
  void AddLink(const LinkFields& link, AttributeList attributes) { links_.Push({link, attributes}); }
  void EndSpan(const SpanFields& span) {
    *spans_.Extend(1) = {span,
                         span_attributes_,
                         resource_,
                         scope_,
                         static_cast<uint32_t>(span_event_begin_),
                         static_cast<uint32_t>(span_link_begin_)};
  }
  void DropSpan() {
    values_.Truncate(span_value_begin_);
    events_.Truncate(span_event_begin_);
    links_.Truncate(span_link_begin_);
  }

  uint32_t span_count() const { return static_cast<uint32_t>(spans_.size()); }
  // About the bytes that the builder holds for this batch, and at least those that Finish will allocate beside them;
  // for the memory budget. Cheap.
  size_t size_bytes() const;

  // The batch of all spans since Clear. Null where there are none. kTooLarge where a count or the dictionary passes
  // 32 bits.
  Result<std::shared_ptr<const SpanBatch>> Finish();

 private:
  struct SpanRow {
    SpanFields fields;
    AttributeList attributes;
    uint32_t resource;
    uint32_t scope;
    uint32_t event_begin;
    uint32_t link_begin;
  };
  struct EventRow {
    EventFields fields;
    AttributeList attributes;
  };
  struct LinkRow {
    LinkFields fields;
    AttributeList attributes;
  };
  // Of a resource or a scope; a resource has neither name nor version.
  struct OriginRow {
    AttributeList attributes;
    uint32_t dropped_attributes;
    StringCode schema_url;
    StringCode name;
    StringCode version;
  };
  using OriginIndex = boost::unordered_flat_map<uint64_t, uint32_t>;  // first row by content hash

  uint32_t ShareOrAdd(const OriginRow& row, GrowableArray<OriginRow>& rows, OriginIndex& index);
  uint64_t HashOf(const OriginRow& row) const;
  bool SameOrigin(const OriginRow& a, const OriginRow& b) const;
  StringCode ServiceName(const OriginRow& resource) const;
  size_t capacity_bytes() const;
  void Release();
  class Writer;

  StringTable strings_;
  ShapeTrie shapes_;
  GrowableArray<uint64_t> values_;
  GrowableArray<SpanRow> spans_;
  GrowableArray<EventRow> events_;
  GrowableArray<LinkRow> links_;
  GrowableArray<OriginRow> resources_, scopes_;
  OriginIndex resource_index_, scope_index_;

  uint32_t resource_ = 0, scope_ = 0;  // of the spans that come
  uint32_t list_node_ = ShapeTrie::kRoot;
  size_t list_begin_ = 0;
  AttributeList span_attributes_;
  size_t span_value_begin_ = 0, span_event_begin_ = 0, span_link_begin_ = 0;
};

}  // namespace spoor
