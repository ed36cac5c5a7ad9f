#include "block/block_verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "block/block_regions.h"
#include "block/merge_source.h"
#include "block/page_columns.h"
#include "model/value.h"

namespace spoor {
namespace {

constexpr size_t kCacheBytes = size_t{16} << 20;

// What the table of traces says of a trace must be what its spans say.
class TraceCheck {
 public:
  TraceCheck(const MergeSource& source, const std::string& path) : traces_(source.traces()), path_(path) {}

  Status AddPage(const SpanBatch& batch, uint32_t page) {
    for (uint32_t i = 0; i < batch.span_count(); ++i, ++row_) {
      if (row_ == traces_.row_begin[trace_ + 1]) {
        RETURN_IF_ERROR(Finish());
        ++trace_;
        errors_ = 0;
        before_ns_ = traces_.start_ns[trace_];
        end_ns_ = before_ns_;
      }
      if (row_ == 0) before_ns_ = end_ns_ = traces_.start_ns[0];
      if (row_ == traces_.row_begin[trace_] && batch.start_ns[i] != traces_.start_ns[trace_]) {
        return Wrong(page, "does not start when its first span does");
      }
      if (batch.trace_id(i) != traces_.id(trace_)) return Wrong(page, "has a span of another id");
      if (batch.start_ns[i] < before_ns_) return Wrong(page, "has spans that are not in order");
      before_ns_ = batch.start_ns[i];
      end_ns_ = std::max(end_ns_, batch.end_ns[i]);
      errors_ += batch.status_code[i] == static_cast<uint8_t>(StatusCode::kError) ? 1 : 0;
    }
    return {};
  }

  Status Finish() const {
    if (errors_ != traces_.error_count[trace_]) return Wrong(0, "counts other errors than its spans have");
    if (end_ns_ != traces_.end_ns[trace_]) return Wrong(0, "does not end when its last span does");
    const uint32_t rows = traces_.row_begin[trace_ + 1] - traces_.row_begin[trace_];
    if (rows != traces_.span_count[trace_]) return Wrong(0, "counts other spans than it has");
    return {};
  }

 private:
  Status Wrong(uint32_t page, std::string_view what) const {
    return Corrupt(fmt::format("block {}: trace {} (number {} of the table, found in page {} or before) {}", path_,
                               TraceIdHex(traces_.id(trace_)), trace_, page, what));
  }

  const TraceTable& traces_;
  const std::string& path_;
  uint32_t row_ = 0;
  uint32_t trace_ = 0;
  uint32_t errors_ = 0;
  uint64_t before_ns_ = 0;
  uint64_t end_ns_ = 0;
};

Status VerifySpans(FileSystem& files, const std::string& path) {
  PageCache cache(kCacheBytes);
  ASSIGN_OR_RETURN(const auto source, MergeSource::Open(files, path, cache));
  TraceCheck traces(*source, path);
  for (uint32_t page = 0; page < source->page_count(); ++page) {
    ASSIGN_OR_RETURN(const auto batch, source->ReadRows(source->page_begin(page), source->page_begin(page + 1)));
    RETURN_IF_ERROR(traces.AddPage(*batch, page));
    // Parents, which a batch tells by id only.
    ASSIGN_OR_RETURN(PageReader reader, source->OpenPage(page));
    RETURN_IF_ERROR(ReadParentRows(reader));
  }
  return traces.Finish();
}

}  // namespace

Result<BlockInfo> VerifyBlock(FileSystem& files, const std::string& path, const OnDamage& on_damage) {
  auto regions = ListBlockRegions(files, path);
  if (!regions) {
    on_damage(regions.error());
    return regions.error();
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  bool is_whole = true;
  for (const BlockRegion& region : regions->regions) {
    if (Status right = CheckBlockRegion(*file, region); !right) {
      on_damage(right.error());
      is_whole = false;
    }
  }
  for (const Error& problem : regions->problems) {
    if (is_whole) on_damage(problem);  // else it follows from what was told
  }
  is_whole = is_whole && regions->problems.empty();
  if (is_whole) {
    if (Status right = VerifySpans(files, path); !right) on_damage(right.error());
  }
  return regions->info;
}

}  // namespace spoor
