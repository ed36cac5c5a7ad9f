#include "store/inspect.h"

#include <fmt/format.h>

#include <array>
#include <memory>

#include "block/block_regions.h"
#include "store/rollup_file.h"
#include "store/service_colours.h"
#include "store/small_file.h"
#include "store/straddlers.h"
#include "wal/segment_reader.h"

namespace spoor {
namespace {

constexpr size_t kMarkBytes = 8;

class Inspector {
 public:
  Inspector(FileSystem& files, const std::string& path, const PrintLine& print)
      : files_(files), path_(path), print_(print) {}

  Status Block() {
    ASSIGN_OR_RETURN(const BlockRegions regions, ListBlockRegions(files_, path_));
    ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files_.Open(path_, OpenMode::kRead));
    Title(fmt::format("block, {} bytes (docs/formats/block.md)", regions.file_bytes));
    for (const BlockRegion& region : regions.regions) {
      const Status right = CheckBlockRegion(*file, region);
      std::string what = (region.is_inner ? "  " : "") + region.what;
      if (region.checksum) what += fmt::format(", CRC32C {:08x}", *region.checksum);
      if (!right) what += " IS NOT THAT OF THESE BYTES";
      Line(region.offset, region.bytes, what);
    }
    for (const Error& problem : regions.problems) print_("damage: " + problem.message);
    return {};
  }

  Status LogSegment() {
    ASSIGN_OR_RETURN(const auto reader, SegmentReader::Open(files_, path_));
    Title(fmt::format("segment of the log, {} bytes (docs/formats/wal.md)", reader->size_bytes()));
    while (true) {
      ASSIGN_OR_RETURN(std::optional<SegmentPiece> piece, reader->Next());
      if (!piece) return {};
      if (!piece->good) {
        Line(piece->offset, piece->bytes, "NO RECORD: " + piece->reason);
        continue;
      }
      const WalRecordHeader header = piece->header;
      Line(piece->offset, sizeof header,
           fmt::format(
               "header: version {}, flags {}, CRC32C of the body {:08x}, sequence {}, arrival {}, {} bytes of body",
               header.version, header.flags, header.body_crc, header.sequence, header.arrival_ns, header.body_bytes));
      const auto batch = SpanBatch::Parse(std::move(piece->body), header.body_bytes);
      Line(piece->offset + sizeof header, header.body_bytes,
           batch ? fmt::format("  body: a batch (docs/formats/batch.md) of {} spans, {} strings, {} shapes",
                               (*batch)->span_count(), (*batch)->string_count(), (*batch)->shape_count())
                 : "  body: NO BATCH: " + batch.error().message);
      const uint64_t padding = piece->bytes - sizeof header - header.body_bytes;
      if (padding > 0) Line(piece->offset + sizeof header + header.body_bytes, padding, "  padding");
    }
  }

  Status Rollup() {
    ASSIGN_OR_RETURN(const RollupHead head, ReadRollupHead(files_, path_));
    Title(fmt::format("rollup, {} bytes (docs/formats/rollup.md)", head.file_bytes));
    const uint64_t head_bytes = 60 + 24 * head.blocks.size();
    Line(0, 56,
         fmt::format("head: \"SPRROLL0\", {} rows, {} cells, {} bytes of text, minutes {} to {}, arrival {}",
                     head.size.rows, head.size.cells, head.size.text_bytes, head.minute_min, head.minute_max,
                     head.arrival_max_ns));
    for (size_t i = 0; i < head.blocks.size(); ++i) {
      const CountedBlock& block = head.blocks[i];
      Line(56 + 24 * i, 24,
           fmt::format("block {}, records {} to {}", block.id, block.wal_first_sequence, block.wal_last_sequence));
    }
    Line(head_bytes - 4, 4, "CRC32C of the head, right");
    const auto rollup = ReadRollup(files_, path_);
    Line(head_bytes, head.file_bytes - head_bytes,
         rollup
             ? fmt::format("body: {} texts, {} series, CRC32C right", rollup->texts.size() - 1, rollup->series.size())
             : "body: " + rollup.error().message);
    return {};
  }

  Status Small(std::string_view mark, std::string_view name) {
    ASSIGN_OR_RETURN(const std::string body, ReadSmallFile(files_, path_, mark));
    Title(fmt::format("{}, {} bytes (docs/formats/small_files.md)", name, body.size() + 20));
    Line(0, 8, fmt::format("mark \"{}\"", mark));
    Line(8, 8, fmt::format("{} bytes of body", body.size()));
    if (mark == Straddlers::kMark) {
      StraddlerLines(body);
    } else {
      ColourLines(body);
    }
    Line(16 + body.size(), 4, "CRC32C of all bytes before, right");
    return {};
  }

 private:
  void Title(std::string_view what) {
    print_(fmt::format("{}: {}", path_, what));
    print_("offset       bytes  what");
  }
  void Line(uint64_t offset, uint64_t bytes, std::string_view what) {
    print_(fmt::format("{:08x} {:>9}  {}", offset, bytes, what));
  }

  void StraddlerLines(std::string_view body) {
    if (body.size() < 16) return Line(16, body.size(), "cut short");
    Line(16, 16, fmt::format("records {} to {}", Number64At(body, 0), Number64At(body, 8)));
    for (size_t at = 16; at + 24 <= body.size(); at += 24) {
      const TraceId id{Number64At(body, at), Number64At(body, at + 8)};
      Line(16 + at, 24, fmt::format("trace {} stands in block {}, too", TraceIdHex(id), Number64At(body, at + 16)));
    }
  }

  void ColourLines(std::string_view body) {
    uint64_t colour = 0;
    for (size_t at = 0; at + 4 <= body.size();) {
      const size_t length = Number32At(body, at);
      if (length > body.size() - at - 4) return Line(16 + at, body.size() - at, "a name that is cut short");
      Line(16 + at, 4 + length, fmt::format("colour {}: {}", ++colour, body.substr(at + 4, length)));
      at += 4 + length;
    }
  }

  FileSystem& files_;
  const std::string& path_;
  const PrintLine& print_;
};

}  // namespace

Result<StoreFileKind> KindOfFile(FileSystem& files, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  std::array<char, kMarkBytes> bytes{};
  if (size >= kMarkBytes) RETURN_IF_ERROR(file->Read(0, std::as_writable_bytes(std::span(bytes))));
  const std::string_view mark(bytes.data(), bytes.size());
  if (path.ends_with(".block") || mark == "SPOORBLK") return StoreFileKind::kBlock;
  if (path.ends_with(".wal") || path.find(".wal.torn-") != std::string::npos) return StoreFileKind::kLogSegment;
  if (path.ends_with(".rollup") || mark == "SPRROLL0") return StoreFileKind::kRollup;
  if (path.ends_with(".straddlers") || mark == Straddlers::kMark) return StoreFileKind::kStraddlers;
  if (path.ends_with("service_colours") || mark == ServiceColours::kMark) return StoreFileKind::kServiceColours;
  return StoreFileKind::kOther;
}

Status InspectFile(FileSystem& files, const std::string& path, const PrintLine& print) {
  ASSIGN_OR_RETURN(const StoreFileKind kind, KindOfFile(files, path));
  Inspector inspector(files, path, print);
  switch (kind) {
    case StoreFileKind::kBlock: return inspector.Block();
    case StoreFileKind::kLogSegment: return inspector.LogSegment();
    case StoreFileKind::kRollup: return inspector.Rollup();
    case StoreFileKind::kStraddlers: return inspector.Small(Straddlers::kMark, "straddling traces");
    case StoreFileKind::kServiceColours: return inspector.Small(ServiceColours::kMark, "service colours");
    case StoreFileKind::kOther: break;
  }
  return Invalid(path + " is no file of a data folder: name one that ends in .block, .wal, .rollup or .straddlers");
}

Status ForEachBatchOfSegment(FileSystem& files, const std::string& path,
                             const std::function<bool(const SpanBatch&)>& visit) {
  ASSIGN_OR_RETURN(const auto reader, SegmentReader::Open(files, path));
  while (true) {
    ASSIGN_OR_RETURN(std::optional<SegmentPiece> piece, reader->Next());
    if (!piece) return {};
    if (!piece->good) continue;
    const auto batch = SpanBatch::Parse(std::move(piece->body), piece->header.body_bytes);
    if (batch && !visit(**batch)) return {};
  }
}

}  // namespace spoor
