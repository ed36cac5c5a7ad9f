#include "store/wal_log.h"

#include <utility>

namespace spoor {

WalLog::WalLog(FileSystem& files, std::string folder, uint64_t next_sequence)
    : files_(files), folder_(std::move(folder)), next_sequence_(next_sequence) {}

Status WalLog::BeginSegment() {
  Abandon();
  auto writer = WalWriter::Create(files_, folder_, next_sequence_);
  if (!writer) {
    // A gap in the numbers looks like a loss, so they go on without one wherever they can.
    if (std::exchange(name_may_be_taken_, false)) ++next_sequence_;
    return std::move(writer).error();
  }
  name_may_be_taken_ = false;
  writer_ = *std::move(writer);
  size_bytes_.fetch_add(writer_->size_bytes(), std::memory_order_relaxed);
  return {};
}

void WalLog::Abandon() {
  writer_.reset();
  unsynced_ = false;
}

void WalLog::TakeBackNumbers() {
  next_sequence_ = sequence_before_append_;
  name_may_be_taken_ = size_before_append_ == 0;
}

Status WalLog::Append(std::span<const Body> bodies) {
  if (writer_ == nullptr) RETURN_IF_ERROR(BeginSegment());
  sequence_before_append_ = next_sequence_;
  size_before_append_ = writer_->size_bytes();
  entries_.clear();
  for (const Body& body : bodies) entries_.push_back({next_sequence_++, body.arrival_ns, body.bytes});
  unsynced_ = true;
  if (Status appended = writer_->Append(entries_); !appended) {
    TakeBackNumbers();
    Abandon();
    return appended;
  }
  size_bytes_.fetch_add(writer_->size_bytes() - size_before_append_, std::memory_order_relaxed);
  return {};
}

Status WalLog::Sync(bool or_take_back) {
  if (!unsynced_) return {};
  Status synced = writer_->Sync();
  unsynced_ = false;
  if (synced) return synced;
  if (or_take_back && writer_->TakeBack(size_before_append_)) TakeBackNumbers();
  Abandon();
  return synced;
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
