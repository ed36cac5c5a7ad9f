// WalLog: the log as the committer sees it: one endless file. Underneath are segments; a new one begins where a live
// block begins, and after every failure.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "wal/wal.h"

namespace spoor {

// One thread's at a time, but size_bytes() and RemoveThrough(), which may run beside the others (one at a time).
class WalLog {
 public:
  // `next_sequence`: above that of every record and segment that is there.
  WalLog(FileSystem& files, std::string folder, uint64_t next_sequence);

  struct Body {
    std::span<const std::byte> bytes;
    uint64_t arrival_ns = 0;
  };
  // Appends one record for each body and numbers them in order. Begins a segment where none is open. After an error
  // nothing of it is there, as far as the disk allows, and the segment is abandoned: the next Append begins a new one.
  // Where the disk does not allow it, what was refused may come back at the next start, as when an answer is lost on
  // the network: its senders repeat it, and equal spans count once.
  Status Append(std::span<const Body> bodies);

  // Makes everything appended durable. An error abandons the segment, and nothing more is known of the bytes since the
  // last success. Where `or_take_back`, what the last Append wrote is taken back then, as above.
  Status Sync(bool or_take_back);
  bool unsynced() const { return unsynced_; }

  // Begins a new segment, so that the one before can be removed as soon as blocks hold what is in it. What is unsynced
  // stays so: Sync first. After an error the next Append tries again.
  Status BeginSegment();

  // What the next record gets, and so one past the highest in use.
  uint64_t next_sequence() const { return next_sequence_; }

  // Bytes of all segments.
  uint64_t size_bytes() const { return size_bytes_.load(std::memory_order_relaxed); }

  // Removes the segments that hold nothing above `sequence`.
  Status RemoveThrough(uint64_t sequence);
  // Reads the sizes of the segments that are there.
  Status Measure();

 private:
  void Abandon();
  void TakeBackNumbers();

  FileSystem& files_;
  const std::string folder_;
  uint64_t next_sequence_;
  std::unique_ptr<WalWriter> writer_;
  uint64_t sequence_before_append_ = 0;
  uint64_t size_before_append_ = 0;  // of the open segment
  bool name_may_be_taken_ = false;   // next_sequence_ was given to a segment that was abandoned
  bool unsynced_ = false;
  std::vector<WalEntry> entries_;
  std::atomic<uint64_t> size_bytes_{0};
};

}  // namespace spoor
