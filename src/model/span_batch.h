// SpanBatch: the one currency of the write side, and what answers are encoded from. A set of spans, usually one
// request, as columns over one dictionary, in one contiguous buffer. The same bytes are what a decoder yields, what the
// WAL records and what the live block holds, so nothing is copied or converted on the way. docs/formats/batch.md gives
// the layout; SpanBatchBuilder (model/span_batch_builder.h) makes one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "model/ids.h"
#include "model/value.h"

namespace spoor {

// A code of the batch's dictionary. Code 0 is the empty string, in every batch.
using StringCode = uint32_t;

// Columns of attribute lists: list i has the keys and types of shape[i] (an index of the batch's shapes), and its cells
// are values[value_begin[i] ...], one a field of the shape, in order. Duplicate keys are kept.
struct AttributeListColumns {
  std::span<const uint32_t> shape;
  std::span<const uint32_t> value_begin;
};

// Immutable; shared between threads freely. All spans point into the one buffer it owns. Every index, code and offset
// was checked when it was made or parsed, so accessors do not check again.
class SpanBatch {
 public:
  // Takes over `buffer`, checks everything in it and yields a batch over it. A buffer that does not hold exactly one
  // well-formed batch is kCorrupt, and the message says at which byte or index. The buffer must be 8-byte aligned.
  static Result<std::shared_ptr<const SpanBatch>> Parse(std::unique_ptr<std::byte[]> buffer, size_t size_bytes);

  // The whole batch as bytes: what the WAL writes and Parse reads.
  std::span<const std::byte> bytes() const { return {buffer_.get(), size_bytes_}; }

  uint32_t span_count() const { return static_cast<uint32_t>(span_id.size()); }
  uint32_t string_count() const { return static_cast<uint32_t>(string_end.size()); }
  uint32_t shape_count() const { return static_cast<uint32_t>(shape_begin.size()) - 1; }

  std::string_view String(StringCode code) const {
    uint32_t begin = code == 0 ? 0 : string_end[code - 1];
    return {string_bytes.data() + begin, string_end[code] - begin};
  }
  // The code of `text`, if the batch has it as a string (bytes and nested values are not found). Linear in the number
  // of strings, four bytes each.
  std::optional<StringCode> Find(std::string_view text) const;

  std::span<const uint32_t> ShapeKeys(uint32_t shape) const {
    return field_key.subspan(shape_begin[shape], shape_begin[shape + 1] - shape_begin[shape]);
  }
  std::span<const ValueType> ShapeTypes(uint32_t shape) const {
    return field_type.subspan(shape_begin[shape], shape_begin[shape + 1] - shape_begin[shape]);
  }

  TraceId trace_id(uint32_t row) const { return {trace_id_high[row], trace_id_low[row]}; }
  // Time from start to end; 0 where the end lies before the start.
  uint64_t duration_ns(uint32_t row) const { return end_ns[row] > start_ns[row] ? end_ns[row] - start_ns[row] : 0; }
  StringCode service_name(uint32_t row) const { return resource_service_name[resource[row]]; }

  // A row a span, in the order of arrival.
  std::span<const uint64_t> trace_id_high, trace_id_low, span_id, parent_span_id, start_ns, end_ns;
  std::span<const uint32_t> name, trace_state, status_message, flags;
  std::span<const uint32_t> resource, scope;  // rows of the resource and scope columns
  std::span<const uint32_t> dropped_attributes, dropped_events, dropped_links;
  std::span<const uint32_t> event_begin, link_begin;  // span_count() + 1 each: rows of the event and link columns
  std::span<const uint8_t> kind, status_code;
  AttributeListColumns attributes;

  // A row an event, in the order of their spans.
  std::span<const uint64_t> event_time_ns;
  std::span<const uint32_t> event_name, event_dropped_attributes;
  AttributeListColumns event_attributes;

  // A row a link, in the order of their spans.
  std::span<const uint64_t> link_trace_id_high, link_trace_id_low, link_span_id;
  std::span<const uint32_t> link_trace_state, link_flags, link_dropped_attributes;
  AttributeListColumns link_attributes;

  // A row a distinct resource. service_name is the string attribute "service.name", or code 0.
  std::span<const uint32_t> resource_service_name, resource_schema_url, resource_dropped_attributes;
  AttributeListColumns resource_attributes;

  // A row a distinct instrumentation scope.
  std::span<const uint32_t> scope_name, scope_version, scope_schema_url, scope_dropped_attributes;
  AttributeListColumns scope_attributes;

  // Shapes: fields shape_begin[s] .. shape_begin[s + 1] of the field columns. Shape 0 is the empty one.
  std::span<const uint32_t> shape_begin, field_key;
  std::span<const ValueType> field_type;
  std::span<const uint64_t> values;

  // The dictionary: string c is string_bytes[string_end[c - 1], string_end[c]). string_hash is HashString() of it, or
  // kNotText for bytes and nested values, which Find must not find.
  std::span<const uint32_t> string_end, string_hash;
  std::span<const char> string_bytes;

  static constexpr uint32_t kNotText = 0;

 private:
  friend class SpanBatchBuilder;
  friend class SpanBatchLayout;
  friend class PageBatch;  // whose columns stand in its own memory
  SpanBatch() = default;

  std::unique_ptr<std::byte[]> buffer_;
  size_t size_bytes_ = 0;
};

// The hash that stands in string_hash: the low half of XXH3-64, never kNotText.
uint32_t HashString(std::string_view text);

}  // namespace spoor
