#include "block/block_file.h"

#include <fmt/format.h>

#include "block/checksum.h"

namespace spoor {

Result<std::vector<std::byte>> BlockFile::Read(uint64_t offset, size_t bytes, uint32_t checksum) const {
  if (offset > size_bytes_ || bytes > size_bytes_ - offset) return Corrupt("it lies outside of the file");
  std::vector<std::byte> read(bytes);
  RETURN_IF_ERROR(file_->Read(offset, read));
  RETURN_IF_ERROR(VerifyChecksum(read, checksum));
  return read;
}

Error BlockFile::Tell(const Error& error, std::string_view what, uint64_t offset) const {
  return error.Within(fmt::format("block {}: {} at {}", path(), what, offset));
}

}  // namespace spoor
