#include "store/rollup_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/crc32c.h"
#include "base/limits.h"
#include "block/byte_reader.h"
#include "block/byte_writer.h"
#include "block/checksum.h"
#include "block/number_encoding.h"
#include "block/text_encoding.h"
#include "model/value.h"

namespace spoor {
namespace {

constexpr std::string_view kMark = "SPRROLL0";
constexpr size_t kFixedBytes = 56;  // before the list of blocks
constexpr size_t kBlockBytes = 24;
constexpr size_t kChecksumBytes = 4;

// What a reader believes. Rows may be a few more than the limit where much was counted together.
constexpr uint32_t kBlocksMax = 4096;
constexpr uint32_t kRowsMax = 2 * limits::kRollupRowsMax;
constexpr uint32_t kTextsMax = 2 * kRowsMax;

// How many of everything the columns have.
struct Sizes {
  uint32_t texts = 0;  // without the empty one
  uint32_t series = 0;
  uint32_t rows = 0;
  uint32_t cells = 0;
  uint32_t text_bytes = 0;
  uint32_t body_bytes = 0;
  uint32_t body_checksum = 0;
};

struct Head {
  RollupHead head;
  Sizes sizes;
  size_t bytes = 0;
};

// Numbers with a sign: 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
unsigned __int128 ZigZag(Int128 value) {
  return (static_cast<unsigned __int128>(value) << 1) ^ static_cast<unsigned __int128>(value >> 127);
}
Int128 UnZigZag(unsigned __int128 coded) { return static_cast<Int128>(coded >> 1) ^ -static_cast<Int128>(coded & 1); }

// In files, the minute that nobody knows is 0 and all others are one more.
uint32_t StoredMinute(uint32_t minute) { return minute == Rollup::kNoMinute ? 0 : minute + 1; }

void Put(const std::vector<uint64_t>& column, ByteWriter& out) {
  NumberHints hints;
  EncodeNumbers(column, hints, out);
}

void EncodeSeries(const Rollup& rollup, ByteWriter& out) {
  const auto put = [&](auto field) {
    std::vector<uint64_t> column;
    for (const RollupSeries& series : rollup.series) column.push_back(static_cast<uint64_t>(field(series)));
    Put(column, out);
  };
  put([](const RollupSeries& series) { return series.of; });
  put([](const RollupSeries& series) { return series.kind; });
  put([](const RollupSeries& series) { return series.status; });
  put([](const RollupSeries& series) { return series.service; });
  put([](const RollupSeries& series) { return series.name; });
  std::vector<uint64_t> row_counts;
  for (size_t s = 0; s < rollup.series.size(); ++s) {
    row_counts.push_back(rollup.row_begin[s + 1] - rollup.row_begin[s]);
  }
  Put(row_counts, out);
}

void EncodeRows(const Rollup& rollup, ByteWriter& out) {
  std::vector<uint64_t> minutes, sums_low, sums_high, cell_counts;
  for (size_t row = 0; row < rollup.row_count(); ++row) {
    minutes.push_back(StoredMinute(rollup.minute[row]));
    const unsigned __int128 sum = ZigZag(rollup.sum_ns[row]);
    sums_low.push_back(static_cast<uint64_t>(sum));
    sums_high.push_back(static_cast<uint64_t>(sum >> 64));
    cell_counts.push_back(rollup.buckets(row).size());
  }
  for (const auto& column : {minutes, sums_low, sums_high, cell_counts}) Put(column, out);
}

// Buckets as distances: the first of a row from 0, each other one from the one before, less one.
void EncodeCells(const Rollup& rollup, ByteWriter& out) {
  std::vector<uint64_t> firsts, distances, counts;
  for (size_t row = 0; row < rollup.row_count(); ++row) {
    const std::span<const uint16_t> buckets = rollup.buckets(row);
    for (size_t i = 0; i < buckets.size(); ++i) {
      if (i == 0) {
        firsts.push_back(buckets[i]);
      } else {
        distances.push_back(static_cast<uint64_t>(buckets[i] - buckets[i - 1] - 1));
      }
    }
  }
  for (const int32_t count : rollup.count) counts.push_back(static_cast<uint64_t>(ZigZag(count)));
  for (const auto& column : {firsts, distances, counts}) Put(column, out);
}

class BodyReader {
 public:
  BodyReader(std::span<const std::byte> bytes, const Sizes& sizes) : in_(bytes), sizes_(sizes) {}

  Result<Rollup> Read() {
    RETURN_IF_ERROR(ReadTexts());
    RETURN_IF_ERROR(ReadSeries());
    RETURN_IF_ERROR(ReadRows());
    RETURN_IF_ERROR(ReadCells());
    if (in_.remaining() != 0) return Corrupt("something follows the last column");
    return std::move(rollup_);
  }

  size_t position() const { return in_.position(); }

 private:
  Status ReadTexts() {
    ASSIGN_OR_RETURN(const TextColumn texts, DecodeTexts(in_, sizes_.texts, sizes_.text_bytes));
    rollup_.texts.emplace_back();
    for (size_t i = 0; i < texts.size(); ++i) rollup_.texts.emplace_back(texts[i]);
    return {};
  }

  Status ReadSeries() {
    const size_t count = sizes_.series;
    const auto read = [&](uint64_t max) { return ReadNumbers<uint32_t>(in_, count, max); };
    ASSIGN_OR_RETURN(const auto of, read(static_cast<uint64_t>(RollupSeries::Of::kCalls)));
    ASSIGN_OR_RETURN(const auto kind, read(static_cast<uint64_t>(SpanKind::kConsumer)));
    ASSIGN_OR_RETURN(const auto status, read(static_cast<uint64_t>(StatusCode::kError)));
    ASSIGN_OR_RETURN(const auto service, read(sizes_.texts));
    ASSIGN_OR_RETURN(const auto name, read(sizes_.texts));
    ASSIGN_OR_RETURN(const auto rows, read(sizes_.rows));
    rollup_.row_begin.push_back(0);
    for (size_t s = 0; s < count; ++s) {
      rollup_.series.push_back({static_cast<RollupSeries::Of>(of[s]), static_cast<uint8_t>(kind[s]),
                                static_cast<uint8_t>(status[s]), service[s], name[s]});
      if (rows[s] > sizes_.rows - rollup_.row_begin.back()) return Corrupt("the series have more rows than there are");
      rollup_.row_begin.push_back(rollup_.row_begin.back() + rows[s]);
    }
    if (rollup_.row_begin.back() != sizes_.rows) return Corrupt("there are more rows than the series have");
    return {};
  }

  Status ReadRows() {
    ASSIGN_OR_RETURN(const auto minutes, ReadNumbers<uint32_t>(in_, sizes_.rows, UINT64_MAX / kNanosPerMinute + 1));
    ASSIGN_OR_RETURN(const auto sums_low, ReadNumbers<uint64_t>(in_, sizes_.rows, UINT64_MAX));
    ASSIGN_OR_RETURN(const auto sums_high, ReadNumbers<uint64_t>(in_, sizes_.rows, UINT64_MAX));
    ASSIGN_OR_RETURN(const auto cells, ReadNumbers<uint32_t>(in_, sizes_.rows, LatencySketch::kBucketCount));
    rollup_.cell_begin.push_back(0);
    for (size_t row = 0; row < sizes_.rows; ++row) {
      rollup_.minute.push_back(minutes[row] - 1);  // 0 becomes kNoMinute
      rollup_.sum_ns.push_back(UnZigZag(static_cast<unsigned __int128>(sums_high[row]) << 64 | sums_low[row]));
      if (cells[row] > sizes_.cells - rollup_.cell_begin.back())
        return Corrupt("the rows have more cells than there are");
      rollup_.cell_begin.push_back(rollup_.cell_begin.back() + cells[row]);
    }
    if (rollup_.cell_begin.back() != sizes_.cells) return Corrupt("there are more cells than the rows have");
    for (size_t s = 0; s < sizes_.series; ++s) {
      const auto begin = rollup_.minute.begin() + rollup_.row_begin[s];
      const auto end = rollup_.minute.begin() + rollup_.row_begin[s + 1];
      if (std::adjacent_find(begin, end, std::greater_equal<>()) != end) return Corrupt("minutes do not ascend");
    }
    return {};
  }

  Status ReadCells() {
    size_t filled_rows = 0;
    for (size_t row = 0; row < sizes_.rows; ++row) {
      filled_rows += rollup_.cell_begin[row + 1] > rollup_.cell_begin[row] ? 1 : 0;
    }
    constexpr uint64_t kLast = LatencySketch::kBucketCount - 1;
    ASSIGN_OR_RETURN(const auto firsts, ReadNumbers<uint32_t>(in_, filled_rows, kLast));
    ASSIGN_OR_RETURN(const auto distances, ReadNumbers<uint32_t>(in_, sizes_.cells - filled_rows, kLast));
    ASSIGN_OR_RETURN(const auto counts, ReadNumbers<uint32_t>(in_, sizes_.cells, UINT32_MAX));
    rollup_.bucket.reserve(sizes_.cells);
    size_t next_first = 0, next_distance = 0;
    for (size_t row = 0; row < sizes_.rows; ++row) {
      uint64_t bucket = 0;
      for (uint32_t cell = rollup_.cell_begin[row]; cell < rollup_.cell_begin[row + 1]; ++cell) {
        const bool is_first = cell == rollup_.cell_begin[row];
        bucket = is_first ? firsts[next_first++] : bucket + 1 + distances[next_distance++];
        if (bucket > kLast) return Corrupt("there is no such bucket");
        rollup_.bucket.push_back(static_cast<uint16_t>(bucket));
      }
    }
    rollup_.count.reserve(sizes_.cells);
    for (const uint32_t count : counts) {
      rollup_.count.push_back(static_cast<int32_t>(UnZigZag(count)));
      if (count == 0) return Corrupt("a cell counts nothing");
    }
    return {};
  }

  ByteReader in_;
  const Sizes& sizes_;
  Rollup rollup_;
};

Result<std::vector<std::byte>> ReadAt(const File& file, uint64_t offset, size_t bytes) {
  std::vector<std::byte> read(bytes);
  RETURN_IF_ERROR(file.Read(offset, read));
  return read;
}

Error Told(const File& file, uint64_t offset, std::string_view what) {
  return Corrupt(fmt::format("{} at {}: {}", file.path(), offset, what));
}

Result<Head> ReadHead(const File& file) {
  ASSIGN_OR_RETURN(const uint64_t file_bytes, file.Size());
  if (file_bytes < kFixedBytes) return Told(file, 0, fmt::format("{} bytes are no whole file", file_bytes));
  ASSIGN_OR_RETURN(std::vector<std::byte> bytes, ReadAt(file, 0, kFixedBytes));
  if (!std::ranges::equal(std::span(bytes).first(kMark.size()), std::as_bytes(std::span(kMark)))) {
    return Told(file, 0, fmt::format("does not begin with {}", kMark));
  }
  uint32_t block_count = 0;
  if (ByteReader counting(std::span<const std::byte>(bytes).subspan(kMark.size())); !counting.U32(block_count)) {
    return Told(file, kMark.size(), "ends early");
  }
  const uint64_t head_bytes = kFixedBytes + uint64_t{block_count} * kBlockBytes + kChecksumBytes;
  if (block_count == 0 || block_count > kBlocksMax || head_bytes > file_bytes) {
    return Told(file, kMark.size(), "counts as many blocks as no rollup does");
  }
  ASSIGN_OR_RETURN(bytes, ReadAt(file, 0, head_bytes));
  ByteReader in(std::span<const std::byte>(bytes).subspan(kMark.size() + sizeof(uint32_t)));
  Head read{.bytes = head_bytes};
  Sizes& sizes = read.sizes;
  RollupHead& head = read.head;
  head.file_bytes = file_bytes;
  bool whole = in.U32(sizes.texts) && in.U32(sizes.series) && in.U32(sizes.rows) && in.U32(sizes.cells) &&
               in.U32(sizes.text_bytes) && in.U32(head.minute_min) && in.U32(head.minute_max) &&
               in.U32(sizes.body_bytes) && in.U32(sizes.body_checksum) && in.U64(head.arrival_max_ns);
  head.blocks.resize(block_count);
  for (CountedBlock& block : head.blocks) {
    whole = whole && in.U64(block.id) && in.U64(block.wal_first_sequence) && in.U64(block.wal_last_sequence);
  }
  uint32_t checksum = 0;
  if (!whole || !in.U32(checksum)) return Told(file, kMark.size(), "ends early");
  const auto checked = std::span<const std::byte>(bytes).first(head_bytes - kChecksumBytes);
  if (const Status good = VerifyChecksum(checked, checksum); !good) {
    return Told(file, head_bytes - kChecksumBytes, good.error().message);
  }
  if (sizes.texts > kTextsMax || sizes.series > sizes.rows || sizes.rows > kRowsMax ||
      sizes.cells > limits::kRollupCellsMax || sizes.text_bytes > 2 * limits::kRollupTextBytesMax) {
    return Told(file, kMark.size(), "is larger than any rollup");
  }
  head.size = {sizes.rows, sizes.cells, sizes.text_bytes};
  if (head_bytes + sizes.body_bytes != file_bytes) return Told(file, 40, "the length does not fit the file");
  return read;
}

}  // namespace

std::string RollupFileName(uint64_t block_id) { return fmt::format("{:020}.rollup", block_id); }

std::string EncodeRollup(const RollupHead& head, const Rollup& rollup) {
  ByteWriter body;
  std::vector<std::string_view> texts(rollup.texts.begin() + 1, rollup.texts.end());
  size_t text_bytes = 0;
  for (const std::string_view text : texts) text_bytes += text.size();
  EncodeTexts(texts, body);
  EncodeSeries(rollup, body);
  EncodeRows(rollup, body);
  EncodeCells(rollup, body);

  ByteWriter out;
  out.Text(kMark);
  out.U32(static_cast<uint32_t>(head.blocks.size()));
  for (const size_t size : {texts.size(), rollup.series.size(), rollup.row_count(), rollup.bucket.size(), text_bytes}) {
    out.U32(static_cast<uint32_t>(size));
  }
  out.U32(head.minute_min);
  out.U32(head.minute_max);
  out.U32(static_cast<uint32_t>(body.size()));
  out.U32(Crc32c(body.bytes()));
  out.U64(head.arrival_max_ns);
  for (const CountedBlock& block : head.blocks) {
    for (const uint64_t number : {block.id, block.wal_first_sequence, block.wal_last_sequence}) out.U64(number);
  }
  out.U32(Crc32c(out.bytes()));
  out.Bytes(body.bytes());
  return std::string(reinterpret_cast<const char*>(out.bytes().data()), out.size());
}

Result<RollupHead> WriteRollup(FileSystem& files, const std::string& folder, const RollupHead& head,
                               const Rollup& rollup) {
  RollupHead written = head;
  const auto [min, max] = std::ranges::minmax_element(rollup.minute);
  written.minute_min = rollup.empty() ? 1 : *min;
  written.minute_max = rollup.empty() ? 0 : *max;
  written.size = {static_cast<uint32_t>(rollup.row_count()), static_cast<uint32_t>(rollup.bucket.size()), 0};
  for (const std::string& text : rollup.texts) written.size.text_bytes += static_cast<uint32_t>(text.size());
  const std::string bytes = EncodeRollup(written, rollup);
  written.file_bytes = bytes.size();
  const std::string path = folder + "/" + RollupFileName(head.blocks.front().id);
  const std::string fresh_path = path + ".tmp";
  if (Status removed = files.Remove(fresh_path); !removed && removed.error().code != Code::kNotFound) {
    return removed.error();
  }
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(fresh_path, OpenMode::kCreateNew));
    RETURN_IF_ERROR(file->Append(std::as_bytes(std::span(bytes))));
    RETURN_IF_ERROR(file->Sync());
  }
  RETURN_IF_ERROR(files.Rename(fresh_path, path));
  RETURN_IF_ERROR(files.SyncFolder(folder));
  return written;
}

Result<RollupHead> ReadRollupHead(FileSystem& files, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(Head head, ReadHead(*file));
  return std::move(head.head);
}

Result<Rollup> ReadRollup(FileSystem& files, const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  ASSIGN_OR_RETURN(const Head head, ReadHead(*file));
  ASSIGN_OR_RETURN(const std::vector<std::byte> body, ReadAt(*file, head.bytes, head.sizes.body_bytes));
  if (const Status good = VerifyChecksum(body, head.sizes.body_checksum); !good) {
    return Told(*file, head.bytes, good.error().message);
  }
  BodyReader reader(body, head.sizes);
  auto rollup = reader.Read();
  if (!rollup) return Told(*file, head.bytes + reader.position(), rollup.error().message);
  return rollup;
}

}  // namespace spoor
