// SpanBatchLayout: where the columns of a batch stand in its buffer. docs/formats/batch.md is the same in words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "model/span_batch.h"

namespace spoor {

// The start of a batch's buffer. Little-endian, like everything in it.
struct SpanBatchHeader {
  static constexpr std::array<char, 4> kMagic = {'S', 'p', 'B', 't'};
  static constexpr uint32_t kVersion = 0;

  std::array<char, 4> magic = kMagic;
  uint32_t version = kVersion;
  uint32_t spans = 0;
  uint32_t events = 0;
  uint32_t links = 0;
  uint32_t resources = 0;
  uint32_t scopes = 0;
  uint32_t shapes = 0;
  uint32_t fields = 0;
  uint32_t values = 0;
  uint32_t strings = 0;
  uint32_t string_bytes = 0;
};
static_assert(sizeof(SpanBatchHeader) == 48);

class SpanBatchLayout {
 public:
  // Calls `visit(column, count)` for every column, in the order in which they stand: 8-byte ones, 4-byte ones, bytes.
  // `column` is a std::span member of `batch`.
  template <class Visit>
  static void ForEachColumn(SpanBatch& batch, const SpanBatchHeader& header, Visit visit) {
    Visit8(batch, header, visit);
    Visit4(batch, header, visit);
    visit(batch.kind, header.spans);
    visit(batch.status_code, header.spans);
    visit(batch.field_type, header.fields);
    visit(batch.string_bytes, header.string_bytes);
  }

  static uint64_t SizeBytes(const SpanBatchHeader& header);

  // A batch over `buffer`, which begins with `header` and has SizeBytes(header) bytes; nothing is checked.
  static std::shared_ptr<SpanBatch> Map(std::unique_ptr<std::byte[]> buffer, const SpanBatchHeader& header);

 private:
  template <class Visit>
  static void Visit8(SpanBatch& batch, const SpanBatchHeader& header, Visit& visit) {
    visit(batch.trace_id_high, header.spans);
    visit(batch.trace_id_low, header.spans);
    visit(batch.span_id, header.spans);
    visit(batch.parent_span_id, header.spans);
    visit(batch.start_ns, header.spans);
    visit(batch.end_ns, header.spans);
    visit(batch.event_time_ns, header.events);
    visit(batch.link_trace_id_high, header.links);
    visit(batch.link_trace_id_low, header.links);
    visit(batch.link_span_id, header.links);
    visit(batch.values, header.values);
  }

  template <class Visit>
  static void Visit4(SpanBatch& batch, const SpanBatchHeader& header, Visit& visit) {
    visit(batch.name, header.spans);
    visit(batch.trace_state, header.spans);
    visit(batch.status_message, header.spans);
    visit(batch.flags, header.spans);
    visit(batch.resource, header.spans);
    visit(batch.scope, header.spans);
    visit(batch.dropped_attributes, header.spans);
    visit(batch.dropped_events, header.spans);
    visit(batch.dropped_links, header.spans);
    visit(batch.event_begin, header.spans + uint64_t{1});
    visit(batch.link_begin, header.spans + uint64_t{1});
    VisitList(batch.attributes, header.spans, visit);
    visit(batch.event_name, header.events);
    visit(batch.event_dropped_attributes, header.events);
    VisitList(batch.event_attributes, header.events, visit);
    visit(batch.link_trace_state, header.links);
    visit(batch.link_flags, header.links);
    visit(batch.link_dropped_attributes, header.links);
    VisitList(batch.link_attributes, header.links, visit);
    visit(batch.resource_service_name, header.resources);
    visit(batch.resource_schema_url, header.resources);
    visit(batch.resource_dropped_attributes, header.resources);
    VisitList(batch.resource_attributes, header.resources, visit);
    visit(batch.scope_name, header.scopes);
    visit(batch.scope_version, header.scopes);
    visit(batch.scope_schema_url, header.scopes);
    visit(batch.scope_dropped_attributes, header.scopes);
    VisitList(batch.scope_attributes, header.scopes, visit);
    visit(batch.shape_begin, header.shapes + uint64_t{1});
    visit(batch.field_key, header.fields);
    visit(batch.string_end, header.strings);
    visit(batch.string_hash, header.strings);
  }

  template <class Visit>
  static void VisitList(AttributeListColumns& list, uint64_t count, Visit& visit) {
    visit(list.shape, count);
    visit(list.value_begin, count);
  }
};

}  // namespace spoor
