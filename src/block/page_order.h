// The order in which most columns of a page stand: by the name of the span, then by row. What a span has depends on
// what it does: spans of one name have the same keys, kinds and often values, which then stand in runs. The name column
// itself, which stands by row as ids and durations do, tells a reader the order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace spoor {

// The rows, from 0, of a page with these codes of names, ordered by (code, row). Linear.
std::vector<uint32_t> OrderByName(std::span<const uint32_t> names);

}  // namespace spoor
