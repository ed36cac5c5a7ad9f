// The write-ahead log: what makes an acknowledgement durable. A folder of segments; a segment is a sequence of records; a
// record is one batch, byte for byte. docs/formats/wal.md gives the layout.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"

namespace spoor {

// What is appended: `body` as it is, and when it arrived.
struct WalEntry {
  uint64_t sequence = 0;  // ascending without gaps over all segments of a log
  uint64_t arrival_ns = 0;
  std::span<const std::byte> body;
};

// Writes one segment, which it creates. One thread's at a time.
class WalWriter {
 public:
  // Creates FOLDER/<first sequence, 20 digits>.wal and makes its name durable.
  static Result<std::unique_ptr<WalWriter>> Create(FileSystem& files, const std::string& folder,
                                                   uint64_t first_sequence);

  // Appends all entries in one write. After any error the segment must be abandoned: nothing is known of the bytes since
  // the last successful Sync, and their senders are told that they were refused.
  Status Append(std::span<const WalEntry> entries);
  Status Sync();

  uint64_t size_bytes() const { return size_bytes_; }
  const std::string& path() const { return path_; }

 private:
  WalWriter(std::unique_ptr<File> file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  std::unique_ptr<File> file_;
  std::string path_;
  uint64_t size_bytes_ = 0;
  std::vector<std::byte> headers_;
  std::vector<std::span<const std::byte>> pieces_;
};

// A record as it is read back. The body is 8-byte aligned and the receiver's to keep.
struct WalRecord {
  uint64_t sequence = 0;
  uint64_t arrival_ns = 0;
  std::unique_ptr<std::byte[]> body;
  size_t body_bytes = 0;
  std::string segment;   // path
  uint64_t offset = 0;   // of the record in it
};

// One place that could not be read.
struct WalDamage {
  std::string segment;
  uint64_t offset = 0;
  uint64_t bytes = 0;       // from there to the next good record, or to the end
  bool torn_tail = false;   // the end of the last segment: bytes that were never acknowledged
  std::string reason;
};

struct WalReplay {
  uint64_t next_sequence = 1;  // one past the highest seen
  uint64_t records = 0;
  std::vector<WalDamage> damage;
};

// Reads all segments of `folder` in order and hands every good record with a sequence of at least `from_sequence` to
// `receive`. Bad bytes with a valid record behind them are damage, and reading goes on there; bad bytes that end the last
// segment are a torn tail: they are copied to FOLDER/<segment>.torn-<offset>, and that is damage with torn_tail set.
// Segments are never changed. An error only where the folder or a file cannot be read at all, or `receive` fails.
Result<WalReplay> ReplayWal(FileSystem& files, const std::string& folder, uint64_t from_sequence,
                            const std::function<Status(WalRecord)>& receive);

struct WalSegment {
  std::string path;
  uint64_t first_sequence = 0;
  uint64_t size_bytes = 0;
};
// The segments of `folder`, in order.
Result<std::vector<WalSegment>> ListWal(FileSystem& files, const std::string& folder);

// Removes the segments all of whose records have a sequence of at most `sequence`: those followed by a segment whose first
// sequence is at most sequence + 1. Makes the removal durable.
Status RemoveWalThrough(FileSystem& files, const std::string& folder, uint64_t sequence);

}  // namespace spoor
