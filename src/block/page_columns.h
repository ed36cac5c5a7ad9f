// The columns of a page as the evaluator of filters sees them (model/span_columns.h).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "block/page_reader.h"
#include "model/span_columns.h"

namespace spoor {

std::unique_ptr<SpanColumns> MakePageColumns(PageReader reader);

// Of every row of the page, its parent's row of the block, or UINT32_MAX.
Result<std::vector<uint32_t>> ReadParentRows(PageReader& reader);

// Durations of a page's rows `begin` .. `begin + out.size()`: end - start, modulo 2^64.
Status ReadDurations(PageReader& reader, uint32_t begin, std::span<uint64_t> out);

// The same and starts, of equally many rows. `parent_rows` are those of the page.
Status ReadTimes(PageReader& reader, std::span<const uint32_t> parent_rows, uint32_t begin, std::span<uint64_t> starts,
                 std::span<uint64_t> durations);

// Of every row of the page, its resource.
Result<std::vector<uint32_t>> ReadResources(PageReader& reader, std::span<const uint32_t> parent_rows);

}  // namespace spoor
