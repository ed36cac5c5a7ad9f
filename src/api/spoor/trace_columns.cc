#include "api/spoor/trace_columns.h"

#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>
#include <span>
#include <vector>

#include "analyze/critical_path.h"

namespace spoor::api {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are copied as they stand in memory");

constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderBytes = 80;
constexpr uint32_t kNoRow = 0xFFFFFFFF;
constexpr uint64_t kUnits = 0xFFFFFFFF;  // the most that a time may be, in units

namespace trace_flag {
constexpr uint32_t kRootMissing = 1, kSharedIds = 2;
}
namespace span_flag {
constexpr uint8_t kError = 1, kEvents = 2, kLinks = 4, kWarnings = 8, kParentMissing = 16, kEndBeforeStart = 32;
}

// Distinct texts, numbered in the order in which they come. Text 0 is "".
class Strings {
 public:
  Strings() { Number(""); }

  // `text` must outlive this.
  uint32_t Number(std::string_view text) {
    const auto [it, fresh] = numbers_.try_emplace(text, static_cast<uint32_t>(ends_.size()));
    if (fresh) {
      text_ += text;
      ends_.push_back(static_cast<uint32_t>(text_.size()));
    }
    return it->second;
  }
  const std::vector<uint32_t>& ends() const { return ends_; }
  const std::string& text() const { return text_; }

 private:
  boost::unordered_flat_map<std::string_view, uint32_t> numbers_;
  std::vector<uint32_t> ends_;
  std::string text_;
};

struct Columns {
  std::vector<uint64_t> span_id;
  std::vector<uint32_t> start, duration, parent, name, service, event_begin, event_time;
  std::vector<uint32_t> path_row, path_start, path_end;
  std::vector<uint32_t> service_name, service_colour;
  std::vector<uint8_t> kind, flags, path_kind;
  Strings strings;
  uint32_t error_count = 0;
  uint32_t trace_flags = 0;
};

// The time axis of a trace.
struct Axis {
  uint64_t start_ns = 0, end_ns = 0, unit_ns = 1;

  uint32_t Units(uint64_t ns) const { return static_cast<uint32_t>(std::min(ns / unit_ns, kUnits)); }
  uint32_t At(uint64_t time_ns) const { return Units(std::clamp(time_ns, start_ns, end_ns) - start_ns); }
};

Axis AxisOf(const Trace& trace) {
  Axis axis{std::numeric_limits<uint64_t>::max(), 0, 1};
  for (const TraceSpan& span : trace.spans) {
    const uint64_t start_ns = span.batch->start_ns[span.row];
    axis.start_ns = std::min(axis.start_ns, start_ns);
    axis.end_ns = std::max(axis.end_ns, start_ns + span.batch->duration_ns(span.row));
  }
  if (trace.spans.empty()) axis.start_ns = 0;
  const uint64_t length_ns = axis.end_ns - axis.start_ns;
  const uint64_t fitting_ns = length_ns / kUnits + (length_ns % kUnits != 0 ? 1 : 0);
  axis.unit_ns = std::clamp(fitting_ns, uint64_t{1}, kUnits);
  return axis;
}

uint8_t FlagsOf(const TraceSpan& span) {
  const SpanBatch& batch = *span.batch;
  uint8_t flags = 0;
  if (batch.status_code[span.row] == static_cast<uint8_t>(StatusCode::kError)) flags |= span_flag::kError;
  if (batch.event_begin[span.row] != batch.event_begin[span.row + 1]) flags |= span_flag::kEvents;
  if (batch.link_begin[span.row] != batch.link_begin[span.row + 1]) flags |= span_flag::kLinks;
  if (span.warnings != 0) flags |= span_flag::kWarnings;
  if (span.warnings & span_warning::kParentMissing) flags |= span_flag::kParentMissing;
  if (span.warnings & span_warning::kEndBeforeStart) flags |= span_flag::kEndBeforeStart;
  return flags;
}

class Builder {
 public:
  Builder(const Trace& trace, const Axis& axis, const std::function<uint32_t(std::string_view)>& colour_of)
      : axis_(axis), colour_of_(colour_of) {
    const size_t count = trace.spans.size();
    for (auto* column : {&c_.start, &c_.duration, &c_.parent, &c_.name, &c_.service}) column->reserve(count);
    c_.span_id.reserve(count);
    c_.event_begin.reserve(count + 1);
    if (trace.root_missing) c_.trace_flags |= trace_flag::kRootMissing;
  }

  void Add(const TraceSpan& span) {
    const SpanBatch& batch = *span.batch;
    const uint32_t row = span.row;
    c_.span_id.push_back(batch.span_id[row]);
    c_.start.push_back(axis_.At(batch.start_ns[row]));
    c_.duration.push_back(axis_.Units(batch.duration_ns(row)));
    c_.parent.push_back(span.parent == AssembledSpan::kNoParent ? kNoRow : span.parent);
    c_.name.push_back(c_.strings.Number(batch.String(batch.name[row])));
    c_.service.push_back(Service(batch.String(batch.service_name(row))));
    c_.event_begin.push_back(static_cast<uint32_t>(c_.event_time.size()));
    for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
      c_.event_time.push_back(axis_.At(batch.event_time_ns[event]));
    }
    c_.kind.push_back(batch.kind[row]);
    c_.flags.push_back(FlagsOf(span));
    if (c_.flags.back() & span_flag::kError) ++c_.error_count;
    if (span.warnings & span_warning::kSharedId) c_.trace_flags |= trace_flag::kSharedIds;
  }

  void Add(const analyze::CriticalPath& path) {
    for (auto* column : {&c_.path_row, &c_.path_start, &c_.path_end}) column->reserve(path.segments.size());
    c_.path_kind.reserve(path.segments.size());
    for (const analyze::PathSegment& segment : path.segments) {
      c_.path_row.push_back(segment.row == analyze::PathSegment::kNoRow ? kNoRow : segment.row);
      c_.path_start.push_back(axis_.At(segment.start_ns));
      c_.path_end.push_back(axis_.At(segment.end_ns));
      c_.path_kind.push_back(static_cast<uint8_t>(segment.kind));
    }
  }

  Columns Finish() && {
    c_.event_begin.push_back(static_cast<uint32_t>(c_.event_time.size()));
    return std::move(c_);
  }

 private:
  uint32_t Service(std::string_view name) {
    const auto [it, fresh] = services_.try_emplace(name, static_cast<uint32_t>(c_.service_name.size()));
    if (fresh) {
      c_.service_name.push_back(c_.strings.Number(name));
      c_.service_colour.push_back(colour_of_(name));
    }
    return it->second;
  }

  const Axis axis_;
  const std::function<uint32_t(std::string_view)>& colour_of_;
  boost::unordered_flat_map<std::string_view, uint32_t> services_;
  Columns c_;
};

class Output {
 public:
  void Reserve(size_t bytes) { bytes_.reserve(bytes); }
  void Put32(uint32_t number) { Append(std::span(&number, 1)); }
  void Put64(uint64_t number) { Append(std::span(&number, 1)); }
  void PutBigEndian(uint64_t number) { Put64(__builtin_bswap64(number)); }
  void PutColumn(auto& values) {
    Append(std::span(values.data(), values.size()));
    bytes_.resize((bytes_.size() + 7) / 8 * 8, '\0');
  }
  void PutText(std::string_view text) { bytes_ += text; }
  std::string Take() && { return std::move(bytes_); }

 private:
  template <class T>
  void Append(std::span<const T> values) {
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  template <class T>
  void Append(std::span<T> values) {
    Append(std::span<const T>(values));
  }

  std::string bytes_;
};

uint64_t TextBytes(const Trace& trace) {
  boost::unordered_flat_map<const SpanBatch*, bool> seen;
  uint64_t bytes = 0;
  for (const TraceSpan& span : trace.spans) {
    if (seen.try_emplace(span.batch, true).second) bytes += span.batch->string_bytes.size();
  }
  return bytes;
}

uint64_t EventCount(const Trace& trace) {
  uint64_t count = 0;
  for (const TraceSpan& span : trace.spans) {
    count += span.batch->event_begin[span.row + 1] - span.batch->event_begin[span.row];
  }
  return count;
}

}  // namespace

Result<std::string> EncodeTraceColumns(const Trace& trace, const std::function<uint32_t(std::string_view)>& colour_of) {
  constexpr uint64_t kMax = std::numeric_limits<uint32_t>::max() - 1;
  if (trace.spans.size() > kMax || EventCount(trace) > kMax || TextBytes(trace) > kMax) {
    return TooLarge("the trace has more spans, events or text than its binary columns can number");
  }
  const Axis axis = AxisOf(trace);
  Builder builder(trace, axis, colour_of);
  for (const TraceSpan& span : trace.spans) builder.Add(span);
  const analyze::CriticalPath path = analyze::FindCriticalPath(trace);
  if (path.segments.size() > kMax) return TooLarge("the trace's critical path has more parts than 32 bits can number");
  builder.Add(path);
  const Columns c = std::move(builder).Finish();

  Output out;
  out.Reserve(kHeaderBytes + c.span_id.size() * 34 + c.path_row.size() * 13 + c.event_time.size() * 4 +
              c.strings.text().size() + 4096);
  out.PutText("SPTC");
  out.Put32(kVersion);
  out.Put32(static_cast<uint32_t>(c.span_id.size()));
  out.Put32(static_cast<uint32_t>(c.service_name.size()));
  out.Put32(static_cast<uint32_t>(c.event_time.size()));
  out.Put32(static_cast<uint32_t>(c.strings.ends().size()));
  out.Put32(static_cast<uint32_t>(c.strings.text().size()));
  out.Put32(c.trace_flags);
  out.Put64(axis.start_ns);
  out.Put64(axis.end_ns);
  out.PutBigEndian(trace.id.high);
  out.PutBigEndian(trace.id.low);
  out.Put32(static_cast<uint32_t>(axis.unit_ns));
  out.Put32(c.error_count);
  out.Put32(static_cast<uint32_t>(c.path_row.size()));
  out.Put32(0);

  out.PutColumn(c.span_id);
  for (const auto* column :
       {&c.start, &c.duration, &c.parent, &c.name, &c.service, &c.event_begin, &c.event_time, &c.path_row,
        &c.path_start, &c.path_end, &c.service_name, &c.service_colour, &c.strings.ends()}) {
    out.PutColumn(*column);
  }
  out.PutColumn(c.kind);
  out.PutColumn(c.flags);
  out.PutColumn(c.path_kind);
  out.PutColumn(c.strings.text());
  return std::move(out).Take();
}

}  // namespace spoor::api
