#include "block/trace_bounds.h"

#include <algorithm>

#include "block/block_layout.h"
#include "block/byte_reader.h"
#include "block/number_encoding.h"

namespace spoor {
namespace {

void Widen(TraceBoundsEntry& entry, const TraceTable& traces, uint32_t trace) {
  const uint64_t duration_ns = traces.end_ns[trace] - traces.start_ns[trace];
  entry.start_max_ns = std::max(entry.start_max_ns, traces.start_ns[trace]);
  entry.duration_min_ns = std::min(entry.duration_min_ns, duration_ns);
  entry.duration_max_ns = std::max(entry.duration_max_ns, duration_ns);
  entry.span_count_max = std::max(entry.span_count_max, traces.span_count[trace]);
  entry.error_count_max = std::max(entry.error_count_max, traces.error_count[trace]);
}

}  // namespace

std::optional<uint32_t> TraceBounds::FindService(std::string_view name) const {
  for (uint32_t i = 0; i < services.size(); ++i) {
    if (services[i] == name) return i;
  }
  return std::nullopt;
}

const TraceBoundsEntry* TraceBounds::Of(uint32_t page, uint32_t service) const {
  const auto begin = entries.begin() + entry_begin[page];
  const auto end = entries.begin() + entry_begin[page + 1];
  if (begin == end) return nullptr;
  if (service == kAll) return &*begin;
  const auto found = std::ranges::lower_bound(begin + 1, end, service, {}, &TraceBoundsEntry::service);
  return found == end || found->service != service ? nullptr : &*found;
}

size_t TraceBounds::size_bytes() const {
  return sizeof *this + services.bytes.size() + services.size() * sizeof(size_t) +
         entry_begin.size() * sizeof(uint32_t) + entries.size() * sizeof(TraceBoundsEntry);
}

TraceBounds MakeTraceBounds(const TraceTable& traces, std::span<const uint32_t> page_begin) {
  TraceBounds bounds;
  std::vector<uint32_t> number_of_text(traces.texts.size(), TraceBounds::kAll);
  for (const uint32_t text : traces.service) {
    if (number_of_text[text] != TraceBounds::kAll) continue;
    number_of_text[text] = static_cast<uint32_t>(bounds.services.size());
    const std::string_view name = traces.texts[text];
    bounds.services.bytes.insert(bounds.services.bytes.end(), name.begin(), name.end());
    bounds.services.end.push_back(bounds.services.bytes.size());
  }
  std::vector<TraceBoundsEntry> of_service(bounds.services.size());
  uint32_t first = 0;  // the trace that the page begins with, or within
  for (size_t page = 0; page + 1 < page_begin.size(); ++page) {
    TraceBoundsEntry all{.service = TraceBounds::kAll};
    while (traces.row_begin[first + 1] <= page_begin[page]) ++first;
    for (uint32_t trace = first; trace < traces.size() && traces.row_begin[trace] < page_begin[page + 1]; ++trace) {
      Widen(all, traces, trace);
      for (uint32_t i = traces.service_begin[trace]; i < traces.service_begin[trace + 1]; ++i) {
        Widen(of_service[number_of_text[traces.service[i]]], traces, trace);
      }
    }
    bounds.entries.push_back(all);
    for (uint32_t service = 0; service < of_service.size(); ++service) {
      if (of_service[service].duration_min_ns == UINT64_MAX && of_service[service].span_count_max == 0) continue;
      of_service[service].service = service;
      bounds.entries.push_back(of_service[service]);
      of_service[service] = {};
    }
    bounds.entry_begin.push_back(static_cast<uint32_t>(bounds.entries.size()));
  }
  return bounds;
}

void EncodeTraceBounds(const TraceBounds& bounds, ByteWriter& out) {
  std::vector<std::string_view> services;
  for (size_t i = 0; i < bounds.services.size(); ++i) services.push_back(bounds.services[i]);
  out.Varint(services.size());
  EncodeTexts(services, out);
  const auto write = [&](size_t count, auto get) {
    std::vector<uint64_t> column(count);
    for (size_t i = 0; i < count; ++i) column[i] = get(i);
    NumberHints hints;
    EncodeNumbers(column, hints, out);
  };
  const auto write_each = [&](auto get) {
    write(bounds.entries.size(), [&](size_t i) { return get(bounds.entries[i]); });
  };
  write(bounds.entry_begin.size() - 1, [&](size_t i) { return bounds.entry_begin[i + 1] - bounds.entry_begin[i]; });
  out.Varint(bounds.entries.size());
  write_each([](const TraceBoundsEntry& e) { return e.service == TraceBounds::kAll ? 0 : uint64_t{e.service} + 1; });
  write_each([](const TraceBoundsEntry& e) { return e.start_max_ns; });
  write_each([](const TraceBoundsEntry& e) { return e.duration_min_ns; });
  write_each([](const TraceBoundsEntry& e) { return e.duration_max_ns; });
  write_each([](const TraceBoundsEntry& e) { return e.span_count_max; });
  write_each([](const TraceBoundsEntry& e) { return e.error_count_max; });
}

Result<TraceBounds> DecodeTraceBounds(std::span<const std::byte> bytes, uint32_t page_count) {
  ByteReader in(bytes);
  TraceBounds bounds;
  uint32_t services, count;
  if (!in.Varint(services, block_layout::kEntitiesMax)) return Corrupt("the trace bounds have no valid count");
  ASSIGN_OR_RETURN(bounds.services, DecodeTexts(in, services, block_layout::kTableTextBytesMax));
  ASSIGN_OR_RETURN(const auto counts, ReadNumbers<uint32_t>(in, page_count, uint64_t{services} + 1));
  uint64_t total = 0;
  for (const uint32_t entries : counts) {
    if (entries == 0) return Corrupt("a page has no trace bounds");
    total += entries;
    bounds.entry_begin.push_back(static_cast<uint32_t>(total));
  }
  if (!in.Varint(count, block_layout::kCellsMax) || count != total) {
    return Corrupt("the trace bounds do not add up");
  }
  ASSIGN_OR_RETURN(const auto service, ReadNumbers<uint32_t>(in, count, services));
  ASSIGN_OR_RETURN(const auto start, ReadNumbers<uint64_t>(in, count, UINT64_MAX));
  ASSIGN_OR_RETURN(const auto shortest, ReadNumbers<uint64_t>(in, count, UINT64_MAX));
  ASSIGN_OR_RETURN(const auto longest, ReadNumbers<uint64_t>(in, count, UINT64_MAX));
  ASSIGN_OR_RETURN(const auto spans, ReadNumbers<uint32_t>(in, count, UINT32_MAX));
  ASSIGN_OR_RETURN(const auto errors, ReadNumbers<uint32_t>(in, count, UINT32_MAX));
  if (in.remaining() > 0) return Corrupt("bytes are left behind the trace bounds");
  for (uint32_t page = 0; page < page_count; ++page) {
    for (uint32_t i = bounds.entry_begin[page]; i < bounds.entry_begin[page + 1]; ++i) {
      const bool is_first = i == bounds.entry_begin[page];
      if (is_first ? service[i] != 0 : service[i] <= service[i - 1]) {
        return Corrupt("the trace bounds of a page are not in order");
      }
      bounds.entries.push_back({service[i] == 0 ? TraceBounds::kAll : service[i] - 1, start[i], shortest[i], longest[i],
                                spans[i], errors[i]});
    }
  }
  return bounds;
}

}  // namespace spoor
