#include "block/page_writer.h"

#include <algorithm>

#include "block/block_tables.h"

namespace spoor {

using block_layout::Section;

Status PageWriter::WriteNext() {
  PageEntry page = encoder_.Encode(next_row(), directory_, strips_);
  page.offset = appender_.offset();
  RETURN_IF_ERROR(appender_.Append(directory_.bytes()));
  RETURN_IF_ERROR(appender_.Append(strips_.bytes()));
  start_max_ns_ = std::max(start_max_ns_, page.start_max_ns);
  page_begin_.push_back(next_row() + page.row_count);
  pages_.push_back(page);
  if (encoder_.text_filter().EndPage(static_cast<uint32_t>(pages_.size() - 1))) return AppendFilterGroup();
  return {};
}

Status PageWriter::AppendFilterGroup() {
  buckets_.Clear();
  encoder_.text_filter().TakeGroup(appender_.offset(), buckets_);
  return appender_.Append(buckets_.bytes());
}

Status PageWriter::Finish() {
  RETURN_IF_ERROR(AppendFilterGroup());
  ByteWriter section;
  EncodePages(pages_, section);
  RETURN_IF_ERROR(appender_.AppendRequired(Section::kPages, section));
  if (!encoder_.text_filter().has_groups()) return {};
  section.Clear();
  encoder_.text_filter().EncodeIndex(section);
  return appender_.AppendSection(Section::kTextFilter, 0, section);
}

}  // namespace spoor
