#include "block/trace_sections.h"

#include "block/trace_bounds.h"
#include "block/trace_filter.h"

namespace spoor {

using block_layout::Section;

Status AppendTraceSections(const TraceTable& traces, std::span<const uint32_t> page_begin, BlockAppender& appender) {
  ByteWriter section;
  EncodeTraceTable(traces, section);
  RETURN_IF_ERROR(appender.AppendRequired(Section::kTraces, section));
  section.Clear();
  TraceFilter::Build(traces.id_low, section);
  if (section.size() > 0) RETURN_IF_ERROR(appender.AppendSection(Section::kTraceFilter, 0, section));
  section.Clear();
  EncodeTraceBounds(MakeTraceBounds(traces, page_begin), section);
  return appender.AppendSection(Section::kTraceBounds, 0, section);
}

}  // namespace spoor
