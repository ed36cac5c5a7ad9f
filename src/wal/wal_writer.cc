#include <array>

#include <fmt/format.h>

#include "base/check.h"
#include "wal/record_header.h"
#include "wal/wal.h"

namespace spoor {
namespace {

constexpr std::array<std::byte, kWalAlignment> kZeros{};

}  // namespace

Result<std::unique_ptr<WalWriter>> WalWriter::Create(FileSystem& files, const std::string& folder,
                                                     uint64_t first_sequence) {
  const std::string path = fmt::format("{}/{:020}.wal", folder, first_sequence);
  ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Open(path, OpenMode::kAppend));
  ASSIGN_OR_RETURN(const uint64_t size_bytes, file->Size());
  if (size_bytes > 0) return IoError(fmt::format("create {}: it is there already, with {} bytes", path, size_bytes));
  RETURN_IF_ERROR(files.SyncFolder(folder));
  return std::make_unique<WalWriter>(std::move(file));
}

Status WalWriter::Append(std::span<const WalEntry> entries) {
  headers_.clear();
  pieces_.clear();
  for (const WalEntry& entry : entries) {
    headers_.push_back(MakeWalHeader(entry.sequence, entry.arrival_ns, entry.body));
  }
  uint64_t bytes = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    std::span<const std::byte> body = entries[i].body;
    pieces_.push_back(std::as_bytes(std::span(&headers_[i], 1)));
    pieces_.push_back(body);
    pieces_.push_back(std::span(kZeros).first(WalPadding(body.size())));
    bytes += sizeof(WalRecordHeader) + body.size() + WalPadding(body.size());
  }
  if (Status appended = file_->Append(pieces_); !appended) {
    // Where this fails too, a reader finds a torn record, or one that was refused.
    static_cast<void>(file_->Truncate(size_bytes_));
    return appended;
  }
  size_bytes_ += bytes;
  return {};
}

Status WalWriter::Sync() { return file_->Sync(); }

Status WalWriter::TakeBack(uint64_t size_bytes) {
  SPOOR_CHECK(size_bytes <= size_bytes_);
  RETURN_IF_ERROR(file_->Truncate(size_bytes));
  size_bytes_ = size_bytes;
  return {};
}

}  // namespace spoor
