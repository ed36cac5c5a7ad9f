// SegmentReader: walks the records of one segment, good and bad, in bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "wal/record_header.h"

namespace spoor {

// A good record, or a stretch of bytes that are none.
struct SegmentPiece {
  uint64_t offset = 0;
  uint64_t bytes = 0;  // header and padding included
  bool good = false;
  WalRecordHeader header;             // of a good one
  std::unique_ptr<std::byte[]> body;  // of a good one
  std::string reason;                 // of a bad one
  bool is_cut_short = false;          // a bad one that begins as a record may, whose end the file does not have
};

// The pieces follow each other without gaps, from the first byte to the last. One thread's at a time.
class SegmentReader {
 public:
  static Result<std::unique_ptr<SegmentReader>> Open(FileSystem& files, const std::string& path);
  SegmentReader(std::unique_ptr<File> file, uint64_t size_bytes);  // use Open

  // Nothing at the end. After a bad piece comes a good one, or the end. Errors: kIo, and kUnsupported for a record of
  // another version in a place where a record is due.
  Result<std::optional<SegmentPiece>> Next();

  // Any bytes of the segment, at most kWindowBytes of them, valid until the next call of anything here.
  static constexpr size_t kWindowBytes = size_t{256} << 10;
  Result<std::span<const std::byte>> Bytes(uint64_t offset, size_t bytes) { return Window(offset, bytes, bytes); }

  // Makes the bytes durable that a process which was killed may have left in the page cache.
  Status Sync() { return file_->Sync(); }

  uint64_t size_bytes() const { return size_bytes_; }

 private:
  enum class Fault : uint8_t { kNone, kShort, kMarker, kHeaderCrc, kVersion, kLength, kBodyCrc };

  Result<std::span<const std::byte>> Window(uint64_t offset, size_t bytes, size_t bytes_ahead);
  Result<Fault> ReadHeader(uint64_t offset, size_t bytes_ahead, WalRecordHeader& header);
  Result<Fault> ReadBody(uint64_t offset, const WalRecordHeader& header, std::unique_ptr<std::byte[]>& body);
  Result<Fault> CheckBody(uint64_t offset, const WalRecordHeader& header);
  Result<bool> IsRecord(uint64_t offset);
  Result<bool> NextFollows(const WalRecordHeader& header);
  Result<uint64_t> FindRecord(uint64_t begin);
  uint64_t RecordBytes(uint64_t offset, const WalRecordHeader& header) const;
  std::string Tell(Fault fault, uint64_t offset, const WalRecordHeader& header) const;

  std::unique_ptr<File> file_;
  uint64_t size_bytes_;
  uint64_t at_ = 0;
  uint64_t last_body_bytes_ = 0;
  // What may still be read to check records that were found by searching. Only a file that was made to look like
  // thousands of nested records gets to the end of it.
  uint64_t search_bytes_left_;

  std::vector<std::byte> window_;  // the file's bytes from window_begin_ on
  uint64_t window_begin_ = 0;
};

}  // namespace spoor
