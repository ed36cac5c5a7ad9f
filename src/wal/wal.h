// The write-ahead log: what makes an acknowledgement durable. A folder of segments; a segment is a sequence of records;
// a record is one batch, byte for byte. docs/formats/wal.md gives the layout.
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
#include "wal/record_header.h"

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
  // Creates FOLDER/<first sequence, 20 digits>.wal and makes its name durable. An empty one that is there, as after a
  // Create that failed half-way, is taken; one that holds anything is kIo.
  static Result<std::unique_ptr<WalWriter>> Create(FileSystem& files, const std::string& folder,
                                                   uint64_t first_sequence);

  // Appends all entries in one write. After any error the segment must be abandoned: nothing is known of the bytes
  // since the last successful Sync, and their senders are told that they were refused. What a failed Append has written
  // is taken back where the disk allows it.
  Status Append(std::span<const WalEntry> entries);
  Status Sync();
  // Cuts the segment to `size_bytes`, what it had before what was refused because of a failed Sync, so that a restart
  // does not find it: the page cache may hold bytes that the disk never gets, whatever a later sync says. The last
  // thing that is done to an abandoned segment.
  Status TakeBack(uint64_t size_bytes);

  uint64_t size_bytes() const { return size_bytes_; }
  const std::string& path() const { return file_->path(); }

  explicit WalWriter(std::unique_ptr<File> file) : file_(std::move(file)) {}  // use Create

 private:
  std::unique_ptr<File> file_;
  uint64_t size_bytes_ = 0;
  std::vector<WalRecordHeader> headers_;
  std::vector<std::span<const std::byte>> pieces_;
};

// A record as it is read back. The body is 8-byte aligned and the receiver's to keep.
struct WalRecord {
  uint64_t sequence = 0;
  uint64_t arrival_ns = 0;
  std::unique_ptr<std::byte[]> body;
  size_t body_bytes = 0;
  std::string segment;  // path
  uint64_t offset = 0;  // of the record in it
};

// One place that could not be read, or that shows that something is missing.
struct WalDamage {
  std::string segment;
  uint64_t offset = 0;
  uint64_t bytes = 0;      // from there to the next good record, or to the end; 0 where only a sequence is wrong
  bool torn_tail = false;  // the end of the last segment, or of one that another continues: never acknowledged
  std::string reason;
};

struct WalReplay {
  // Above every good record, every segment's name and all below `from_sequence`: what the next segment may be created
  // with.
  uint64_t next_sequence = 1;
  uint64_t records = 0;        // handed on
  uint64_t refused_bytes = 0;  // of good records that are left out, as the next segment has their sequences
  std::vector<WalDamage> damage;
};

// Reads the segments of `folder` in order and hands every good record with a sequence of at least `from_sequence` to
// `receive`. Segments that hold only earlier ones are not read. Nothing good is held back, not behind bad bytes and not
// for its sequence, but what was refused and whose sequence another record has since: in a segment, records with a
// sequence from the next one's name on.
//   - Bad bytes with a good record behind them are damage, and reading goes on there.
//   - Bad bytes that end the last segment are a torn tail: they are copied to FOLDER/<segment>.torn-<offset>, and that
//   is
//     damage with torn_tail set. So are those that end a segment whose last good record the next segment continues, as
//     it is after such a tail was found once; and a segment that holds nothing but the beginning of one record, where
//     the next one has the name behind it: that record was refused and could not be cut off.
//   - A sequence that is missing, or that stands there again, is damage without bytes of its own where no bad bytes
//     explain it. After a failed write the sequences of what was refused may be missing.
// The bytes of good records, handed on or left out, and of damage are all the bytes of the segments that were read.
// Segments are never changed, but synced: a process that was killed may have left records in the page cache, and what
// is handed on must be durable before anybody takes it for that. Memory is bounded by the largest record that is really
// there. An error only where the folder or a file cannot be read or synced at all, where `receive` fails, or where a
// newer Spoor wrote the log (kUnsupported).
Result<WalReplay> ReplayWal(FileSystem& files, const std::string& folder, uint64_t from_sequence,
                            const std::function<Status(WalRecord)>& receive);

struct WalSegment {
  std::string path;
  uint64_t first_sequence = 0;
  uint64_t size_bytes = 0;
};
// The segments of `folder`, in order.
Result<std::vector<WalSegment>> ListWal(FileSystem& files, const std::string& folder);

// Removes the segments all of whose records have a sequence of at most `sequence`: those followed by a segment whose
// first sequence is at most sequence + 1. Makes the removal durable.
Status RemoveWalThrough(FileSystem& files, const std::string& folder, uint64_t sequence);

}  // namespace spoor
