#include "store/wal_log.h"

#include <utility>

namespace spoor {

WalLog::WalLog(FileSystem& files, std::string folder, uint64_t next_sequence)
    : files_(files), folder_(std::move(folder)), next_sequence_(next_sequence) {}

Status WalLog::BeginSegment() {
  Abandon();
  segment_sequence_ = next_sequence_;
  auto writer = WalWriter::Create(files_, folder_, segment_sequence_);
  if (!writer) {
    // The name may be there although its creation failed, and no other segment may get it.
    ++next_sequence_;
    return std::move(writer).error();
  }
  writer_ = *std::move(writer);
  size_bytes_.fetch_add(writer_->size_bytes(), std::memory_order_relaxed);
  return {};
}

void WalLog::Abandon() {
  writer_.reset();
  unsynced_ = false;
}

Status WalLog::Append(std::span<const Body> bodies) {
  if (writer_ == nullptr) RETURN_IF_ERROR(BeginSegment());
  const uint64_t first_sequence = next_sequence_;
  entries_.clear();
  for (const Body& body : bodies) entries_.push_back({next_sequence_++, body.arrival_ns, body.bytes});
  const uint64_t size_before = writer_->size_bytes();
  unsynced_ = true;
  if (Status appended = writer_->Append(entries_); !appended) {
    // Little of it is likely to be there, so the numbers are given anew: a gap would look like a loss. But for the
    // first, which may be the segment's name.
    if (first_sequence != segment_sequence_) next_sequence_ = first_sequence;
    Abandon();
    return appended;
  }
  size_bytes_.fetch_add(writer_->size_bytes() - size_before, std::memory_order_relaxed);
  return {};
}

Status WalLog::Sync() {
  if (!unsynced_) return {};
  if (Status synced = writer_->Sync(); !synced) {
    Abandon();
    return synced;
  }
  unsynced_ = false;
  return {};
}

Status WalLog::RemoveThrough(uint64_t sequence) {
  RETURN_IF_ERROR(RemoveWalThrough(files_, folder_, sequence));
  return Measure();
}

Status WalLog::Measure() {
  ASSIGN_OR_RETURN(const std::vector<WalSegment> segments, ListWal(files_, folder_));
  uint64_t bytes = 0;
  for (const WalSegment& segment : segments) bytes += segment.size_bytes;
  size_bytes_.store(bytes, std::memory_order_relaxed);
  return {};
}

}  // namespace spoor
