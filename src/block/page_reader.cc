#include "block/page_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "block/checksum.h"
#include "block/number_encoding.h"
#include "block/page_order.h"

namespace spoor {
namespace {

using block_layout::FixedColumn;

Result<PageDirectory> DecodeDirectory(std::span<const std::byte> bytes, const PageEntry& page) {
  ByteReader in(bytes);
  PageDirectory directory;
  uint32_t count;
  if (!in.Varint(count, bytes.size() / 9)) return Corrupt("it has no valid count");
  uint64_t column = 0;
  uint64_t offset = page.offset + page.directory_bytes;
  uint64_t left = page.strip_bytes;
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t step;
    StripEntry strip;
    uint64_t range;
    if (!in.Varint(step, UINT32_MAX) || !in.Varint(strip.count, block_layout::kCellsMax) || !in.Varint(strip.min) ||
        !in.Varint(range) || !in.Varint(strip.bytes, left) || !in.U32(strip.checksum)) {
      return Corrupt(fmt::format("strip {} is impossible", i));
    }
    column += step;
    if (column > UINT32_MAX || (step == 0 && i > 0)) return Corrupt("its columns do not ascend");
    strip.column = static_cast<uint32_t>(column);
    strip.max = strip.min + range;
    strip.offset = offset;
    offset += strip.bytes;
    left -= strip.bytes;
    directory.strips.push_back(strip);
  }
  if (in.remaining() > 0 || left > 0) return Corrupt("bytes are left behind its strips");
  return directory;
}

}  // namespace

const StripEntry* PageDirectory::Find(uint32_t column) const {
  const auto found = std::ranges::lower_bound(strips, column, {}, &StripEntry::column);
  return found == strips.end() || found->column != column ? nullptr : &*found;
}

Result<PageReader> PageReader::Open(PageContext context, uint32_t page, const PageEntry& entry, uint32_t row_begin) {
  PageReader reader(std::move(context), page, entry, row_begin);
  const BlockFile& file = *reader.context_.file;
  const auto load = [&]() -> Result<PageDirectory> {
    const auto read = [&]() -> Result<PageDirectory> {
      ASSIGN_OR_RETURN(const std::vector<std::byte> bytes,
                       file.Read(entry.offset, entry.directory_bytes, entry.directory_checksum));
      return DecodeDirectory(bytes, entry);
    };
    Result<PageDirectory> directory = read();
    if (!directory) return file.Tell(directory.error(), fmt::format("page directory/{}", page), entry.offset);
    return directory;
  };
  ASSIGN_OR_RETURN(reader.directory_,
                   file.Cached<PageDirectory>(CacheKey(CachedKind::kDirectory, page), load, [](const PageDirectory& d) {
                     return sizeof d + d.strips.size() * sizeof(StripEntry);
                   }));
  return reader;
}

Result<const TraceTable*> PageReader::Traces() {
  if (context_.traces == nullptr) {
    ASSIGN_OR_RETURN(context_.traces, context_.sections->Traces());
  }
  return context_.traces.get();
}

Result<TraceTimes> PageReader::Times() {
  if (context_.times.row_begin.empty()) {
    ASSIGN_OR_RETURN(const TraceTable* traces, Traces());
    context_.times = {.row_begin = traces->row_begin, .start_ns = traces->start_ns, .end_ns = traces->end_ns};
  }
  return context_.times;
}

Status PageReader::ReadAhead() {
  ahead_.resize(entry_.strip_bytes);
  const uint64_t offset = entry_.offset + entry_.directory_bytes;
  if (Status read = context_.file->file().Read(offset, ahead_); !read) {
    return context_.file->Tell(read.error(), fmt::format("page {}", page_), offset);
  }
  return {};
}

Error PageReader::Tell(uint32_t column, const Error& error) const {
  const StripEntry* strip = Find(column);
  const std::string name = column < block_layout::kFirstAttributeColumn
                               ? std::string(block_layout::FixedColumnName(static_cast<FixedColumn>(column)))
                               : fmt::format("attribute column {}", column - block_layout::kFirstAttributeColumn);
  return context_.file->Tell(error, fmt::format("page {}/{}", name, page_),
                             strip == nullptr ? entry_.offset : strip->offset);
}

Result<std::span<const std::byte>> PageReader::Bytes(const StripEntry& strip, std::vector<std::byte>& keep) const {
  if (ahead_.empty()) {
    ASSIGN_OR_RETURN(keep, context_.file->Read(strip.offset, strip.bytes, strip.checksum));
    return std::span<const std::byte>(keep);
  }
  const size_t begin = strip.offset - entry_.offset - entry_.directory_bytes;
  const auto bytes = std::span<const std::byte>(ahead_).subspan(begin, strip.bytes);
  RETURN_IF_ERROR(VerifyChecksum(bytes, strip.checksum));
  return bytes;
}

template <class T>
Result<Column<T>> PageReader::Numbers(uint32_t column, size_t count, uint64_t max) {
  const StripEntry* strip = Find(column);
  if (strip == nullptr) {
    if (count > block_layout::kCellsMax) return Tell(column, Corrupt("it is too long"));
    auto zeros = std::make_shared<const std::vector<T>>(count);
    return Column<T>{*zeros, zeros};
  }
  const auto load = [&]() -> Result<std::vector<T>> {
    const auto read = [&]() -> Result<std::vector<T>> {
      if (strip->count != count) {
        return Corrupt(fmt::format("it has {} cells, and its page has {}", strip->count, count));
      }
      std::vector<std::byte> keep;
      ASSIGN_OR_RETURN(const std::span<const std::byte> bytes, Bytes(*strip, keep));
      ByteReader in(bytes);
      ASSIGN_OR_RETURN(std::vector<T> numbers, ReadNumbers<T>(in, count, max));
      if (in.remaining() > 0) return Corrupt("bytes are left behind it");
      return numbers;
    };
    Result<std::vector<T>> numbers = read();
    if (!numbers) return Tell(column, numbers.error());
    return numbers;
  };
  ASSIGN_OR_RETURN(const std::shared_ptr<const std::vector<T>> numbers,
                   context_.file->Cached<std::vector<T>>(CacheKey(CachedKind::kStrip, page_, column), load,
                                                         [](const auto& v) { return v.size() * sizeof(T); }));
  return Column<T>{*numbers, numbers};
}

template Result<Column<uint64_t>> PageReader::Numbers(uint32_t, size_t, uint64_t);
template Result<Column<uint32_t>> PageReader::Numbers(uint32_t, size_t, uint64_t);
template Result<Column<uint8_t>> PageReader::Numbers(uint32_t, size_t, uint64_t);

template <class T>
Result<Column<T>> PageReader::NumbersByRow(FixedColumn column, uint64_t max) {
  if (Find(static_cast<uint32_t>(column)) == nullptr) return Numbers<T>(column, rows(), max);
  const auto load = [&]() -> Result<std::vector<T>> {
    ASSIGN_OR_RETURN(const std::shared_ptr<const PageOrder> order, Order());
    std::vector<uint64_t> by_name(rows());
    RETURN_IF_ERROR(NumbersAt(static_cast<uint32_t>(column), 0, max, by_name));
    std::vector<T> by_row(rows());
    for (uint32_t place = 0; place < by_row.size(); ++place)
      by_row[order->row_of[place]] = static_cast<T>(by_name[place]);
    return by_row;
  };
  return CachedByRow<T>(column, load);
}

template Result<Column<uint32_t>> PageReader::NumbersByRow(FixedColumn, uint64_t);
template Result<Column<uint8_t>> PageReader::NumbersByRow(FixedColumn, uint64_t);

Result<std::shared_ptr<const PageOrder>> PageReader::Order() {
  return context_.file->Cached<PageOrder>(
      CacheKey(CachedKind::kOrder, page_), [&] { return LoadOrder(); },
      [](const PageOrder& order) { return order.row_of.size() * 2 * sizeof(uint32_t); });
}

Result<PageOrder> PageReader::LoadOrder() {
  PageOrder order;
  if (tables().columns.is_raw(FixedColumn::kName)) {
    order.row_of.resize(rows());
    for (uint32_t row = 0; row < rows(); ++row) order.row_of[row] = row;
    order.place_of = order.row_of;
    return order;
  }
  const uint64_t max = tables().dictionary.string_count() - 1;
  ASSIGN_OR_RETURN(const Column<uint32_t> names, Numbers<uint32_t>(FixedColumn::kName, rows(), max));
  order.row_of = OrderByName(names.values);
  order.place_of.resize(rows());
  for (uint32_t place = 0; place < rows(); ++place) order.place_of[order.row_of[place]] = place;
  return order;
}

Status PageReader::NumbersAt(uint32_t column, size_t begin, uint64_t max, std::span<uint64_t> out) {
  const StripEntry* strip = Find(column);
  if (strip == nullptr) {
    std::ranges::fill(out, 0);
    return {};
  }
  const auto read = [&]() -> Status {
    if (begin > strip->count || out.size() > strip->count - begin) return Corrupt("it has too few cells");
    std::vector<std::byte> keep;
    ASSIGN_OR_RETURN(const std::span<const std::byte> bytes, Bytes(*strip, keep));
    ByteReader in(bytes);
    RETURN_IF_ERROR(DecodeNumbers(in, strip->count, begin, out));
    if (in.remaining() > 0) return Corrupt("bytes are left behind it");
    if (std::ranges::any_of(out, [&](uint64_t value) { return value > max; })) return Corrupt("a number is too large");
    return {};
  };
  if (Status status = read(); !status) return Tell(column, status.error());
  return {};
}

Result<std::shared_ptr<const TextColumn>> PageReader::Texts(uint32_t column, size_t count) {
  const auto load = [&]() -> Result<TextColumn> {
    const auto read = [&]() -> Result<TextColumn> {
      const StripEntry* strip = Find(column);
      if (strip == nullptr && count == 0) return TextColumn{};
      if (strip == nullptr || strip->count != count) return Corrupt("it has another number of texts than its page");
      std::vector<std::byte> keep;
      ASSIGN_OR_RETURN(const std::span<const std::byte> bytes, Bytes(*strip, keep));
      ByteReader in(bytes);
      ASSIGN_OR_RETURN(TextColumn texts, DecodeTexts(in, count, block_layout::kTextBytesMax));
      if (in.remaining() > 0) return Corrupt("bytes are left behind it");
      return texts;
    };
    Result<TextColumn> texts = read();
    if (!texts) return Tell(column, texts.error());
    return texts;
  };
  return context_.file->Cached<TextColumn>(CacheKey(CachedKind::kStrip, page_, column), load, [](const TextColumn& t) {
    return t.bytes.size() + t.size() * sizeof(size_t);
  });
}

Result<bool> PageReader::TextsHold(uint32_t column, std::string_view text) const {
  const StripEntry* strip = Find(column);
  if (strip == nullptr) return false;
  const auto holds = [&]() -> Result<bool> {
    std::vector<std::byte> keep;
    ASSIGN_OR_RETURN(const std::span<const std::byte> bytes, Bytes(*strip, keep));
    ByteReader in(bytes);
    return spoor::TextsHold(in, strip->count, block_layout::kTextBytesMax, text);
  };
  Result<bool> is_there = holds();
  if (!is_there) return Tell(column, is_there.error());
  return is_there;
}

}  // namespace spoor
