// LivePlaces: in which blocks the traces with live spans stand, too. Every block's filter is asked once for a trace,
// and what it says is verified.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/result.h"
#include "store/search_state.h"
#include "store/whole_traces.h"

namespace spoor {

// Not thread-safe.
class LivePlaces {
 public:
  struct Found {
    // Parts of ids[trace], by index of the block in the view; ascending.
    std::vector<std::vector<WholeTraces::Part>> parts;
    // By trace, 1: a block that is blind may hold it.
    std::vector<uint8_t> is_uncertain;
  };

  // Remembers what it finds of `ids`, and forgets all others. `blind`: by index of the block, 1: cannot be looked into.
  // After an error nothing is remembered.
  Result<Found> Find(SearchState& state, const std::vector<TraceId>& ids, const std::vector<uint8_t>& blind);

 private:
  struct Place {
    uint64_t block_id = 0;
    uint32_t ordinal = 0;
  };
  using PlacesOf = boost::unordered_flat_map<TraceId, std::vector<Place>, TraceIdHash>;

  Status Look(SearchState& state, uint32_t block, const std::vector<TraceId>& ids, const std::vector<uint32_t>& asked,
              PlacesOf& places);

  std::vector<uint64_t> asked_blocks_;  // ascending; every trace of places_ was looked for in them
  PlacesOf places_;
};

}  // namespace spoor
