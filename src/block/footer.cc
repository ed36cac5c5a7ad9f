#include "block/footer.h"

#include <fmt/format.h>

#include "base/crc32c.h"
#include "block/byte_reader.h"
#include "block/checksum.h"

namespace spoor {
namespace {

using block_layout::kFooterHeadBytes;
using block_layout::kHeadBytes;
using block_layout::kMagic;
using block_layout::kSectionEntryBytes;
using block_layout::kTailBytes;
using block_layout::kVersion;

constexpr uint32_t kFooterBytesMax = kFooterHeadBytes + 1024 * kSectionEntryBytes;

bool IsMagic(std::span<const std::byte> bytes) { return std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0; }

Error WrongVersion(uint32_t version) {
  return Error(
      Code::kUnsupported,
      fmt::format("it has version {}, and this program reads version {} only: use a newer one", version, kVersion));
}

Status CheckHead(const File& file) {
  std::byte head[kHeadBytes];
  RETURN_IF_ERROR(file.Read(0, head));
  ByteReader in(head);
  std::span<const std::byte> magic;
  uint32_t version;
  uint32_t zero;
  if (!in.Bytes(kMagic.size(), magic) || !in.U32(version) || !in.U32(zero) || !IsMagic(magic)) {
    return Corrupt("head at 0: this is no block");
  }
  if (version != kVersion) return WrongVersion(version).Within("head at 0");
  if (zero != 0) return Corrupt("head at 0: bytes that should be zero are not");
  return {};
}

Result<std::vector<SectionEntry>> ParseFooter(std::span<const std::byte> bytes, uint64_t footer_offset) {
  ByteReader in(bytes);
  uint32_t version;
  uint32_t count;
  if (!in.U32(version) || !in.U32(count)) return Corrupt("it ends early");
  if (version != kVersion) return WrongVersion(version);
  if (in.remaining() != count * kSectionEntryBytes) return Corrupt("its size is not that of its sections");
  std::vector<SectionEntry> sections;
  for (uint32_t i = 0; i < count; ++i) {
    SectionEntry entry;
    uint32_t type;
    uint32_t zero;
    if (!in.U32(type) || !in.U32(entry.flags) || !in.U64(entry.offset) || !in.U64(entry.bytes) ||
        !in.U32(entry.checksum) || !in.U32(zero)) {
      return Corrupt("it ends early");
    }
    if (entry.offset > footer_offset || entry.bytes > footer_offset - entry.offset) {
      return Corrupt(fmt::format("section {} lies outside of the file", type));
    }
    const bool known = type >= static_cast<uint32_t>(block_layout::Section::kInfo) &&
                       type <= static_cast<uint32_t>(block_layout::Section::kTraceBounds);
    if (!known && (entry.flags & block_layout::kSectionRequired) != 0) {
      return Error(Code::kUnsupported, fmt::format("section {} is required and unknown: use a newer program", type));
    }
    entry.type = static_cast<block_layout::Section>(type);
    if (known) sections.push_back(entry);
  }
  return sections;
}

}  // namespace

void EncodeHead(ByteWriter& out) {
  out.Text(kMagic);
  out.U32(kVersion);
  out.U32(0);
}

void EncodeFooter(std::span<const SectionEntry> sections, ByteWriter& out) {
  const size_t begin = out.size();
  out.U32(kVersion);
  out.U32(static_cast<uint32_t>(sections.size()));
  for (const SectionEntry& section : sections) {
    out.U32(static_cast<uint32_t>(section.type));
    out.U32(section.flags);
    out.U64(section.offset);
    out.U64(section.bytes);
    out.U32(section.checksum);
    out.U32(0);
  }
  const uint32_t checksum = Crc32c(out.from(begin));
  out.U32(static_cast<uint32_t>(out.size() - begin));
  out.U32(checksum);
  out.Text(kMagic);
}

Result<std::vector<SectionEntry>> ReadFooter(const File& file, uint64_t file_bytes) {
  if (file_bytes < kHeadBytes + kFooterHeadBytes + kTailBytes) return Corrupt("it is too short to be a block");
  RETURN_IF_ERROR(CheckHead(file));
  const uint64_t tail_offset = file_bytes - kTailBytes;
  std::byte tail[kTailBytes];
  RETURN_IF_ERROR(file.Read(tail_offset, tail));
  ByteReader in(tail);
  uint32_t bytes;
  uint32_t checksum;
  std::span<const std::byte> magic;
  if (!in.U32(bytes) || !in.U32(checksum) || !in.Bytes(kMagic.size(), magic) || !IsMagic(magic) ||
      bytes > kFooterBytesMax || bytes > tail_offset - kHeadBytes) {
    return Corrupt(fmt::format("tail at {}: it is damaged, or the file was cut", tail_offset));
  }
  const uint64_t offset = tail_offset - bytes;
  std::vector<std::byte> footer(bytes);
  RETURN_IF_ERROR(file.Read(offset, footer));
  if (Status right = VerifyChecksum(footer, checksum); !right) {
    return right.error().Within(fmt::format("footer at {}", offset));
  }
  auto sections = ParseFooter(footer, offset);
  if (!sections) return sections.error().Within(fmt::format("footer at {}", offset));
  return sections;
}

void EncodeInfo(const BlockInfo& info, ByteWriter& out) {
  out.U64(info.id);
  out.U32(info.span_count);
  out.U32(info.trace_count);
  out.U64(info.start_min_ns);
  out.U64(info.start_max_ns);
  out.U64(info.trace_start_max_ns);
  out.U64(info.arrival_min_ns);
  out.U64(info.arrival_max_ns);
  out.U64(info.wal_first_sequence);
  out.U64(info.wal_last_sequence);
  out.U32(static_cast<uint32_t>(info.replaces.size()));
  for (const uint64_t id : info.replaces) out.U64(id);
}

Result<BlockInfo> DecodeInfo(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  BlockInfo info;
  uint32_t replaces;
  if (!in.U64(info.id) || !in.U32(info.span_count) || !in.U32(info.trace_count) || !in.U64(info.start_min_ns) ||
      !in.U64(info.start_max_ns) || !in.U64(info.trace_start_max_ns) || !in.U64(info.arrival_min_ns) ||
      !in.U64(info.arrival_max_ns) || !in.U64(info.wal_first_sequence) || !in.U64(info.wal_last_sequence) ||
      !in.U32(replaces) || in.remaining() != uint64_t{replaces} * 8) {
    return Corrupt("it is not of its size");
  }
  info.replaces.resize(replaces);
  for (uint64_t& id : info.replaces) {
    if (!in.U64(id)) return Corrupt("it ends early");
  }
  if (info.span_count == 0 || info.span_count > block_layout::kSpansMax) return Corrupt("its span count is impossible");
  return info;
}

}  // namespace spoor
