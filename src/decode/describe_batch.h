// A batch as text, for tests to compare with what they expect.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "model/any_value.h"
#include "model/span_batch.h"

namespace spoor {

class DescribeValue final : public AnyValueVisitor {
 public:
  std::string text;

  void Empty() override { text += "empty "; }
  void String(std::string_view value) override { text += fmt::format("'{}' ", value); }
  void Bool(bool value) override { text += value ? "true " : "false "; }
  void Int(int64_t value) override { text += fmt::format("{} ", value); }
  void Double(double value) override { text += fmt::format("{}d ", value); }
  void Bytes(std::string_view value) override {
    text += 'x';
    for (const char c : value) text += fmt::format("{:02x}", static_cast<uint8_t>(c));
    text += ' ';
  }
  void BeginArray() override { text += "[ "; }
  void EndArray() override { text += "] "; }
  void BeginMap() override { text += "{ "; }
  void Key(std::string_view key) override { text += fmt::format("{}: ", key); }
  void EndMap() override { text += "} "; }
};

inline std::string DescribeList(const SpanBatch& batch, const AttributeListColumns& lists, uint32_t row) {
  DescribeValue out;
  const auto keys = batch.ShapeKeys(lists.shape[row]);
  const auto types = batch.ShapeTypes(lists.shape[row]);
  for (size_t i = 0; i < keys.size(); ++i) {
    const uint64_t cell = batch.values[lists.value_begin[row] + i];
    out.text += fmt::format("{}=", batch.String(keys[i]));
    switch (types[i]) {
      case ValueType::kEmpty: out.Empty(); break;
      case ValueType::kString: out.String(batch.String(static_cast<StringCode>(cell))); break;
      case ValueType::kBool: out.Bool(cell != 0); break;
      case ValueType::kInt: out.Int(static_cast<int64_t>(cell)); break;
      case ValueType::kDouble: out.Double(CellToDouble(cell)); break;
      case ValueType::kBytes: out.Bytes(batch.String(static_cast<StringCode>(cell))); break;
      case ValueType::kArray:
      case ValueType::kMap:
        if (!VisitAnyValue(batch.String(static_cast<StringCode>(cell)), out)) out.text += "DAMAGED ";
        break;
    }
  }
  return out.text;
}

// A line for each span, event and link, a span's resource and scope with it.
inline std::string DescribeBatch(const SpanBatch& b) {
  std::string out;
  for (uint32_t row = 0; row < b.span_count(); ++row) {
    const uint32_t r = b.resource[row], s = b.scope[row];
    out += fmt::format("resource {}dropped={} url={} service={}\n", DescribeList(b, b.resource_attributes, r),
                       b.resource_dropped_attributes[r], b.String(b.resource_schema_url[r]),
                       b.String(b.service_name(row)));
    out += fmt::format("scope {}@{} {}dropped={} url={}\n", b.String(b.scope_name[s]), b.String(b.scope_version[s]),
                       DescribeList(b, b.scope_attributes, s), b.scope_dropped_attributes[s],
                       b.String(b.scope_schema_url[s]));
    out += fmt::format("span {} {} parent={} {} {}-{} kind={} state={} flags={:x} status={}:{} dropped={},{},{} {}\n",
                       TraceIdHex(b.trace_id(row)), SpanIdHex(b.span_id[row]), SpanIdHex(b.parent_span_id[row]),
                       b.String(b.name[row]), b.start_ns[row], b.end_ns[row], b.kind[row], b.String(b.trace_state[row]),
                       b.flags[row], b.status_code[row], b.String(b.status_message[row]), b.dropped_attributes[row],
                       b.dropped_events[row], b.dropped_links[row], DescribeList(b, b.attributes, row));
    for (uint32_t e = b.event_begin[row]; e < b.event_begin[row + 1]; ++e) {
      out += fmt::format("event {} {} dropped={} {}\n", b.event_time_ns[e], b.String(b.event_name[e]),
                         b.event_dropped_attributes[e], DescribeList(b, b.event_attributes, e));
    }
    for (uint32_t l = b.link_begin[row]; l < b.link_begin[row + 1]; ++l) {
      out += fmt::format("link {} {} state={} flags={:x} dropped={} {}\n",
                         TraceIdHex({b.link_trace_id_high[l], b.link_trace_id_low[l]}), SpanIdHex(b.link_span_id[l]),
                         b.String(b.link_trace_state[l]), b.link_flags[l], b.link_dropped_attributes[l],
                         DescribeList(b, b.link_attributes, l));
    }
  }
  return out;
}

// The batch read again from its bytes; null where they are not what Parse takes.
inline std::shared_ptr<const SpanBatch> ParseAgain(const SpanBatch& batch) {
  auto buffer = std::make_unique<std::byte[]>(batch.bytes().size());
  std::memcpy(buffer.get(), batch.bytes().data(), batch.bytes().size());
  const auto parsed = SpanBatch::Parse(std::move(buffer), batch.bytes().size());
  return parsed ? *parsed : nullptr;
}

}  // namespace spoor
