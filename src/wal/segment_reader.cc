#include "wal/segment_reader.h"

#include <string.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/crc32c.h"

namespace spoor {

Result<std::unique_ptr<SegmentReader>> SegmentReader::Open(FileSystem& files, const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(uint64_t size_bytes, file->Size());
  return std::make_unique<SegmentReader>(std::move(file), size_bytes);
}

SegmentReader::SegmentReader(std::unique_ptr<File> file, uint64_t size_bytes)
    : file_(std::move(file)), size_bytes_(size_bytes), search_bytes_left_(4 * size_bytes + 64 * kWindowBytes) {}

Result<std::optional<SegmentPiece>> SegmentReader::Next() {
  if (at_ == size_bytes_) return std::optional<SegmentPiece>();
  SegmentPiece piece;
  piece.offset = at_;
  // Large bodies are read past the window, so there is nothing to gain from reading ahead between them.
  size_t ahead = last_body_bytes_ > kWindowBytes / 2 ? sizeof piece.header : kWindowBytes;
  ASSIGN_OR_RETURN(Fault fault, ReadHeader(at_, ahead, piece.header));
  if (fault == Fault::kVersion) {
    return Error(Code::kUnsupported, fmt::format("{} at {}: {}", file_->path(), at_, Tell(fault, at_, piece.header)));
  }
  bool header_is_good = fault == Fault::kNone;
  if (header_is_good) {
    ASSIGN_OR_RETURN(fault, ReadBody(at_, piece.header, piece.body));
  }
  if (fault == Fault::kNone) {
    piece.good = true;
    piece.bytes = RecordBytes(at_, piece.header);
    last_body_bytes_ = piece.header.body_bytes;
    at_ += piece.bytes;
    return std::optional(std::move(piece));
  }
  piece.reason = Tell(fault, at_, piece.header);
  piece.is_cut_short = fault == Fault::kShort || fault == Fault::kLength;
  piece.body.reset();
  uint64_t next = 0;
  ASSIGN_OR_RETURN(bool only_body, header_is_good ? NextFollows(piece.header) : Result<bool>(false));
  if (only_body) {
    next = at_ + RecordBytes(at_, piece.header);
  } else {
    ASSIGN_OR_RETURN(next, FindRecord(at_ + 1));
  }
  piece.bytes = next - at_;
  at_ = next;
  return std::optional(std::move(piece));
}

// Reads on to `bytes_ahead` bytes when it has to read.
Result<std::span<const std::byte>> SegmentReader::Window(uint64_t offset, size_t bytes, size_t bytes_ahead) {
  bool is_there = offset >= window_begin_ && offset + bytes <= window_begin_ + window_.size();
  if (!is_there) {
    window_.resize(std::min<uint64_t>(std::max(bytes, bytes_ahead), size_bytes_ - offset));
    window_begin_ = offset;
    if (Status read = file_->Read(offset, window_); !read) {
      window_.clear();
      return std::move(read).error();
    }
  }
  return std::span<const std::byte>(window_).subspan(offset - window_begin_, bytes);
}

Result<SegmentReader::Fault> SegmentReader::ReadHeader(uint64_t offset, size_t bytes_ahead, WalRecordHeader& header) {
  if (size_bytes_ - offset < sizeof header) return Fault::kShort;
  ASSIGN_OR_RETURN(std::span<const std::byte> bytes, Window(offset, sizeof header, bytes_ahead));
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.marker != kWalMarker) return Fault::kMarker;
  if (!IsWalHeader(header)) return Fault::kHeaderCrc;
  if (header.version != kWalVersion || header.flags != 0) return Fault::kVersion;
  if (header.body_bytes > size_bytes_ - offset - sizeof header) return Fault::kLength;
  return Fault::kNone;
}

Result<SegmentReader::Fault> SegmentReader::ReadBody(uint64_t offset, const WalRecordHeader& header,
                                                     std::unique_ptr<std::byte[]>& body) {
  body = std::make_unique_for_overwrite<std::byte[]>(header.body_bytes);
  std::span<std::byte> into(body.get(), header.body_bytes);
  std::span<std::byte> rest = into;
  uint64_t begin = offset + sizeof header;
  uint64_t window_end = window_begin_ + window_.size();
  if (begin < window_end) {
    size_t there = std::min<uint64_t>(rest.size(), window_end - begin);
    ASSIGN_OR_RETURN(std::span<const std::byte> bytes, Window(begin, there, there));
    std::copy(bytes.begin(), bytes.end(), rest.begin());
    rest = rest.subspan(there);
  }
  if (!rest.empty()) RETURN_IF_ERROR(file_->Read(begin + into.size() - rest.size(), rest));
  return Crc32c(into) == header.body_crc ? Fault::kNone : Fault::kBodyCrc;
}

// As ReadBody, without keeping it.
Result<SegmentReader::Fault> SegmentReader::CheckBody(uint64_t offset, const WalRecordHeader& header) {
  uint32_t crc = 0;
  uint64_t begin = offset + sizeof header;
  for (uint64_t left = header.body_bytes; left > 0;) {
    size_t part = std::min<uint64_t>(left, kWindowBytes);
    ASSIGN_OR_RETURN(std::span<const std::byte> bytes, Window(begin, part, part));
    crc = Crc32c(bytes, crc);
    begin += part;
    left -= part;
  }
  return crc == header.body_crc ? Fault::kNone : Fault::kBodyCrc;
}

Result<bool> SegmentReader::IsRecord(uint64_t offset) {
  WalRecordHeader header;
  ASSIGN_OR_RETURN(Fault fault, ReadHeader(offset, kWindowBytes, header));
  if (fault != Fault::kNone) return false;
  uint64_t cost = header.body_bytes + kWindowBytes;
  if (cost > search_bytes_left_) return false;
  search_bytes_left_ -= cost;
  ASSIGN_OR_RETURN(fault, CheckBody(offset, header));
  return fault == Fault::kNone;
}

// Whether the record after this one, whose body is bad, stands where it should. Then what looks like a record inside
// the body is none: a client can send such bytes.
Result<bool> SegmentReader::NextFollows(const WalRecordHeader& header) {
  uint64_t offset = at_ + RecordBytes(at_, header);
  WalRecordHeader next;
  ASSIGN_OR_RETURN(Fault fault, ReadHeader(offset, kWindowBytes, next));
  if (fault != Fault::kNone || next.sequence != header.sequence + 1) return false;
  return IsRecord(offset);
}

// Where the first good record stands at or behind `begin`; the size of the segment where there is none.
Result<uint64_t> SegmentReader::FindRecord(uint64_t begin) {
  while (size_bytes_ - begin >= sizeof(WalRecordHeader)) {
    // What is left of the window, so that each byte is read once however many markers there are.
    uint64_t window_end = window_begin_ + window_.size();
    bool is_inside = begin >= window_begin_ && begin + sizeof(WalRecordHeader) <= window_end;
    size_t bytes = is_inside ? window_end - begin : std::min<uint64_t>(size_bytes_ - begin, kWindowBytes);
    ASSIGN_OR_RETURN(std::span<const std::byte> window, Window(begin, bytes, bytes));
    const void* found = memmem(window.data(), window.size(), kWalMarker.data(), kWalMarker.size());
    if (found == nullptr) {
      begin += bytes - kWalMarker.size() + 1;
      continue;
    }
    begin += static_cast<size_t>(static_cast<const std::byte*>(found) - window.data());
    ASSIGN_OR_RETURN(bool is_record, IsRecord(begin));
    if (is_record) return begin;
    ++begin;
  }
  return size_bytes_;
}

// The padding may be cut off with the end of the file.
uint64_t SegmentReader::RecordBytes(uint64_t offset, const WalRecordHeader& header) const {
  uint64_t bytes = sizeof header + header.body_bytes + WalPadding(header.body_bytes);
  return std::min(bytes, size_bytes_ - offset);
}

std::string SegmentReader::Tell(Fault fault, uint64_t offset, const WalRecordHeader& header) const {
  switch (fault) {
    case Fault::kNone: break;
    case Fault::kShort: return fmt::format("{} bytes are no record", size_bytes_ - offset);
    case Fault::kMarker: return "no record begins here";
    case Fault::kHeaderCrc: return fmt::format("the header's checksum is not {:08x}, as it says", header.header_crc);
    case Fault::kVersion:
      return fmt::format("version {} (flags {:x}) of the log is not known here; this reads version {}", header.version,
                         header.flags, kWalVersion);
    case Fault::kLength:
      return fmt::format("record {} has a body of {} bytes, but the file ends after {} of them", header.sequence,
                         header.body_bytes, size_bytes_ - offset - sizeof header);
    case Fault::kBodyCrc:
      return fmt::format("the checksum of record {}'s body is not {:08x}, as its header says", header.sequence,
                         header.body_crc);
  }
  return "";
}

}  // namespace spoor
