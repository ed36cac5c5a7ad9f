// The columns of a page as the evaluator of filters sees them (model/span_columns.h).
#pragma once

#include <memory>

#include "block/page_reader.h"
#include "model/span_columns.h"

namespace spoor {

std::unique_ptr<SpanColumns> MakePageColumns(PageReader reader);

// Of every row of the page, its parent's row of the block, or UINT32_MAX.
Result<std::vector<uint32_t>> ReadParentRows(PageReader& reader);

// Starts of a page's rows `begin` .. `begin + out.size()`.
Status ReadStarts(PageReader& reader, uint32_t begin, std::span<uint64_t> out);

// The same of durations: end - start, modulo 2^64.
Status ReadDurations(PageReader& reader, uint32_t begin, std::span<uint64_t> out);

}  // namespace spoor
