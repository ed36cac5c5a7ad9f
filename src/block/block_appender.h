// BlockAppender: appends to a block's file, and knows where it is and which sections there are so far.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/crc32c.h"
#include "base/file_system.h"
#include "base/result.h"
#include "block/byte_writer.h"
#include "block/footer.h"

namespace spoor {

// One thread's at a time. The file outlives it.
class BlockAppender {
 public:
  // Syncs after every `sync_bytes` (0: never): the disk then gets many small pieces instead of a large one that others
  // have to wait for.
  explicit BlockAppender(File& file, uint64_t sync_bytes = 0) : file_(file), sync_bytes_(sync_bytes) {}

  Status Append(std::span<const std::byte> bytes) {
    RETURN_IF_ERROR(file_.Append(bytes));
    offset_ += bytes.size();
    if (sync_bytes_ == 0 || offset_ - synced_ < sync_bytes_) return {};
    synced_ = offset_;
    return file_.Sync();
  }
  Status AppendSection(block_layout::Section type, uint32_t flags, const ByteWriter& section) {
    sections_.push_back({.type = type,
                         .flags = flags,
                         .offset = offset_,
                         .bytes = section.size(),
                         .checksum = Crc32c(section.bytes())});
    return Append(section.bytes());
  }
  Status AppendRequired(block_layout::Section type, const ByteWriter& section) {
    return AppendSection(type, block_layout::kSectionRequired, section);
  }
  Status AppendHead() {
    ByteWriter head;
    EncodeHead(head);
    return Append(head.bytes());
  }
  Status AppendFooter() {
    ByteWriter footer;
    EncodeFooter(sections_, footer);
    return Append(footer.bytes());
  }
  uint64_t offset() const { return offset_; }

 private:
  File& file_;
  const uint64_t sync_bytes_;
  uint64_t offset_ = 0;
  uint64_t synced_ = 0;
  std::vector<SectionEntry> sections_;
};

}  // namespace spoor
