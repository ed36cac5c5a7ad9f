#include "block/trace_table.h"

#include <algorithm>
#include <bit>

#include "block/block_layout.h"
#include "block/number_encoding.h"

namespace spoor {
namespace {

template <class T>
void Write(const std::vector<T>& values, ByteWriter& out) {
  const std::vector<uint64_t> wide(values.begin(), values.end());
  NumberHints hints;
  EncodeNumbers(wide, hints, out);
}

// begin[i + 1] = begin[i] + count[i]; kCorrupt where they do not end at `total`.
Result<std::vector<uint32_t>> BeginsOf(const std::vector<uint32_t>& counts, uint64_t total) {
  std::vector<uint32_t> begin{0};
  begin.reserve(counts.size() + 1);
  uint64_t sum = 0;
  for (const uint32_t count : counts) {
    sum += count;
    if (sum > total) return Corrupt("counts pass their total");
    begin.push_back(static_cast<uint32_t>(sum));
  }
  if (sum != total) return Corrupt("counts do not reach their total");
  return begin;
}

Status DecodeServices(ByteReader& in, TraceTable& table, size_t texts) {
  uint64_t total;
  if (!in.Varint(total, block_layout::kSpansMax)) return Corrupt("the services of traces have no valid count");
  ASSIGN_OR_RETURN(const std::vector<uint32_t> counts, ReadNumbers<uint32_t>(in, table.size(), UINT32_MAX));
  ASSIGN_OR_RETURN(table.service_begin, BeginsOf(counts, total));
  ASSIGN_OR_RETURN(table.service, ReadNumbers<uint32_t>(in, total, texts - 1));
  ASSIGN_OR_RETURN(table.service_spans, ReadNumbers<uint32_t>(in, total, UINT32_MAX));
  ASSIGN_OR_RETURN(table.service_errors, ReadNumbers<uint32_t>(in, total, UINT32_MAX));
  return {};
}

}  // namespace

void TraceTable::IndexIds() {
  slots.assign(std::bit_ceil(size_t{size()} * 2), 0);
  for (uint32_t trace = 0; trace < size(); ++trace) {
    size_t at = TraceIdHash()(id(trace)) & (slots.size() - 1);
    while (slots[at] != 0) at = (at + 1) & (slots.size() - 1);
    slots[at] = trace + 1;
  }
}

std::optional<uint32_t> TraceTable::Find(TraceId wanted) const {
  for (size_t at = TraceIdHash()(wanted);; ++at) {
    const uint32_t slot = slots[at & (slots.size() - 1)];
    if (slot == 0) return std::nullopt;
    if (id(slot - 1) == wanted) return slot - 1;
  }
}

uint32_t TraceTable::TraceOfRow(uint32_t row) const {
  return static_cast<uint32_t>(std::ranges::upper_bound(row_begin, row) - row_begin.begin()) - 1;
}

TraceSummary TraceTable::Summary(uint32_t trace) const {
  TraceSummary summary{.id = id(trace),
                       .root_service = std::string(texts[root_service[trace]]),
                       .root_name = std::string(texts[root_name[trace]]),
                       .start_ns = start_ns[trace],
                       .end_ns = end_ns[trace],
                       .span_count = span_count[trace],
                       .error_count = error_count[trace],
                       .orphan_count = orphan_count[trace],
                       .root_missing = root_missing[trace] != 0};
  for (uint32_t i = service_begin[trace]; i < service_begin[trace + 1]; ++i) {
    summary.services.push_back({std::string(texts[service[i]]), service_spans[i], service_errors[i]});
  }
  return summary;
}

size_t TraceTable::size_bytes() const {
  return sizeof *this + size() * (4 * sizeof(uint64_t) + 7 * sizeof(uint32_t) + 1) + service.size() * 12 +
         slots.size() * 4 + texts.bytes.size() + texts.size() * sizeof(size_t);
}

void EncodeTraceTable(const TraceTable& table, ByteWriter& out) {
  out.Varint(table.size());
  out.Varint(table.texts.size());
  std::vector<std::string_view> texts;
  for (size_t i = 0; i < table.texts.size(); ++i) texts.push_back(table.texts[i]);
  EncodeTexts(texts, out);
  Write(table.id_high, out);
  Write(table.id_low, out);
  Write(table.start_ns, out);
  std::vector<uint64_t> durations(table.size());
  for (uint32_t t = 0; t < table.size(); ++t) durations[t] = table.end_ns[t] - table.start_ns[t];
  Write(durations, out);
  Write(table.span_count, out);
  Write(table.error_count, out);
  Write(table.orphan_count, out);
  Write(table.root_missing, out);
  Write(table.root_service, out);
  Write(table.root_name, out);
  std::vector<uint64_t> services(table.size());
  for (uint32_t t = 0; t < table.size(); ++t) services[t] = table.service_begin[t + 1] - table.service_begin[t];
  out.Varint(table.service.size());
  Write(services, out);
  Write(table.service, out);
  Write(table.service_spans, out);
  Write(table.service_errors, out);
}

Result<TraceTable> DecodeTraceTable(std::span<const std::byte> bytes, uint32_t span_count) {
  ByteReader in(bytes);
  uint32_t traces;
  uint32_t texts;
  if (!in.Varint(traces, std::min(span_count, block_layout::kTracesMax)) || traces == 0 ||
      !in.Varint(texts, uint64_t{traces} * 2 + span_count) || texts == 0) {
    return Corrupt("the trace table has no valid counts");
  }
  TraceTable table;
  ASSIGN_OR_RETURN(table.texts, DecodeTexts(in, texts, block_layout::kTableTextBytesMax));
  ASSIGN_OR_RETURN(table.id_high, ReadNumbers<uint64_t>(in, traces, UINT64_MAX));
  ASSIGN_OR_RETURN(table.id_low, ReadNumbers<uint64_t>(in, traces, UINT64_MAX));
  ASSIGN_OR_RETURN(table.start_ns, ReadNumbers<uint64_t>(in, traces, UINT64_MAX));
  ASSIGN_OR_RETURN(table.end_ns, ReadNumbers<uint64_t>(in, traces, UINT64_MAX));
  for (uint32_t t = 0; t < traces; ++t) table.end_ns[t] += table.start_ns[t];
  ASSIGN_OR_RETURN(table.span_count, ReadNumbers<uint32_t>(in, traces, span_count));
  ASSIGN_OR_RETURN(table.row_begin, BeginsOf(table.span_count, span_count));
  ASSIGN_OR_RETURN(table.error_count, ReadNumbers<uint32_t>(in, traces, span_count));
  ASSIGN_OR_RETURN(table.orphan_count, ReadNumbers<uint32_t>(in, traces, span_count));
  ASSIGN_OR_RETURN(table.root_missing, ReadNumbers<uint8_t>(in, traces, 1));
  ASSIGN_OR_RETURN(table.root_service, ReadNumbers<uint32_t>(in, traces, texts - 1));
  ASSIGN_OR_RETURN(table.root_name, ReadNumbers<uint32_t>(in, traces, texts - 1));
  RETURN_IF_ERROR(DecodeServices(in, table, texts));
  if (in.remaining() > 0) return Corrupt("bytes are left behind the trace table");
  table.IndexIds();
  return table;
}

namespace {

// Number `index` of a column of `count`, which must be at most `max`.
Result<uint64_t> ReadOne(ByteReader& in, size_t count, size_t index, uint64_t max) {
  uint64_t value = 0;
  RETURN_IF_ERROR(DecodeNumbers(in, count, index, std::span(&value, 1)));
  if (value > max) return Corrupt("a number is larger than what it counts");
  return value;
}

}  // namespace

Result<TraceSummary> DecodeTraceSummary(std::span<const std::byte> bytes, uint32_t span_count, uint32_t trace) {
  ByteReader in(bytes);
  uint32_t traces, texts_count;
  if (!in.Varint(traces, std::min(span_count, block_layout::kTracesMax)) || trace >= traces ||
      !in.Varint(texts_count, uint64_t{traces} * 2 + span_count) || texts_count == 0) {
    return Corrupt("the trace table has no valid counts");
  }
  ASSIGN_OR_RETURN(const TextColumn texts, DecodeTexts(in, texts_count, block_layout::kTableTextBytesMax));
  // In the order in which they stand.
  const auto next = [&](uint64_t max) { return ReadOne(in, traces, trace, max); };
  TraceSummary summary;
  ASSIGN_OR_RETURN(summary.id.high, next(UINT64_MAX));
  ASSIGN_OR_RETURN(summary.id.low, next(UINT64_MAX));
  ASSIGN_OR_RETURN(summary.start_ns, next(UINT64_MAX));
  ASSIGN_OR_RETURN(const uint64_t duration_ns, next(UINT64_MAX));
  summary.end_ns = summary.start_ns + duration_ns;
  ASSIGN_OR_RETURN(const uint64_t spans, next(span_count));
  ASSIGN_OR_RETURN(const uint64_t errors, next(span_count));
  ASSIGN_OR_RETURN(const uint64_t orphans, next(span_count));
  summary.span_count = static_cast<uint32_t>(spans);
  summary.error_count = static_cast<uint32_t>(errors);
  summary.orphan_count = static_cast<uint32_t>(orphans);
  ASSIGN_OR_RETURN(const uint64_t root_missing, next(1));
  summary.root_missing = root_missing != 0;
  ASSIGN_OR_RETURN(const uint64_t root_service, next(texts_count - 1));
  ASSIGN_OR_RETURN(const uint64_t root_name, next(texts_count - 1));
  summary.root_service = texts[root_service];
  summary.root_name = texts[root_name];

  uint64_t total;
  if (!in.Varint(total, block_layout::kSpansMax)) return Corrupt("the services of traces have no valid count");
  ASSIGN_OR_RETURN(const std::vector<uint32_t> counts, ReadNumbers<uint32_t>(in, traces, UINT32_MAX));
  ASSIGN_OR_RETURN(const std::vector<uint32_t> begin, BeginsOf(counts, total));
  std::vector<uint64_t> columns[3];
  for (std::vector<uint64_t>& column : columns) {
    column.resize(counts[trace]);
    RETURN_IF_ERROR(DecodeNumbers(in, total, begin[trace], column));
  }
  for (size_t i = 0; i < columns[0].size(); ++i) {
    if (columns[0][i] >= texts_count || columns[1][i] > UINT32_MAX || columns[2][i] > UINT32_MAX) {
      return Corrupt("a number is larger than what it counts");
    }
    summary.services.push_back({std::string(texts[columns[0][i]]), static_cast<uint32_t>(columns[1][i]),
                                static_cast<uint32_t>(columns[2][i])});
  }
  return summary;
}

}  // namespace spoor
