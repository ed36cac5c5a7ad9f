// Whatever a block file holds, and whatever its checksums say of it: opening and reading all of it ends with content or
// with an error, and takes no more memory than its limits allow.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/fault_file_system.h"
#include "block/block.h"
#include "block/checksum.h"

namespace spoor {
namespace {

void ReadColumns(Block& block, uint32_t page) {
  const auto columns = block.Page(page);
  if (!columns) return;
  SpanColumns& all = **columns;
  for (const auto column : {Fixed64::kTraceIdHigh, Fixed64::kTraceIdLow, Fixed64::kSpanId, Fixed64::kParentSpanId,
                            Fixed64::kStartNs, Fixed64::kEndNs}) {
    static_cast<void>(all.Get(column).has_value());
  }
  for (const auto column : {Code32::kName, Code32::kServiceName, Code32::kTraceState, Code32::kStatusMessage,
                            Code32::kScopeName, Code32::kScopeVersion}) {
    const auto codes = all.Get(column);
    if (!codes) continue;
    for (const uint32_t code : codes->values) static_cast<void>(all.String(code));
  }
  for (const auto column : {Byte8::kKind, Byte8::kStatusCode}) static_cast<void>(all.Get(column).has_value());
  for (const std::string_view key : {"service.name", "key 1", "key 2", "key 3", ""}) {
    const auto attributes = all.Attributes(key);
    if (!attributes) continue;
    for (const AttributeCells& cells : *attributes) {
      SPOOR_CHECK(cells.rows.size() == cells.cells.size());
      for (size_t i = 0; i < cells.cells.size(); ++i) {
        SPOOR_CHECK(cells.rows[i] < all.size());
        if (IsCode(cells.type)) static_cast<void>(all.String(static_cast<uint32_t>(cells.cells[i])));
      }
    }
  }
  static_cast<void>(all.EventNames().has_value());
}

void ReadAll(Block& block) {
  const auto traces = block.Traces();
  for (uint32_t t = 0; traces && t < traces->id_low.size() && t < 100; ++t) {
    static_cast<void>(block.Summary(t).has_value());
    static_cast<void>(block.FindTrace({traces->id_high[t], traces->id_low[t]}).has_value());
    const uint32_t begin = traces->row_begin[t], end = traces->row_begin[t + 1];
    if (begin < end) static_cast<void>(block.ReadRows(begin, end).has_value());
  }
  static_cast<void>(block.FindText("key 1").has_value());
  for (uint32_t page = 0; page < block.page_count() && page < 8; ++page) {
    ReadColumns(block, page);
    static_cast<void>(block.ParentRows(page).has_value());
    static_cast<void>(block.ReadRows(block.page_begin(page), block.page_begin(page + 1)).has_value());
  }
}

}  // namespace
}  // namespace spoor

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  spoor::BelieveAllChecksums();
  spoor::FaultFileSystem files;
  files.Plant("b.block", std::string_view(reinterpret_cast<const char*>(data), size));
  spoor::PageCache cache(size_t{16} << 20);
  const auto block = spoor::Block::Open(files, "b.block", cache);
  if (block) spoor::ReadAll(**block);
  return 0;
}
