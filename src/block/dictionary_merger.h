// The dictionaries of several blocks made into one, chunk by chunk.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "block/dictionary_writer.h"
#include "block/merge_source.h"

namespace spoor {

using MergeSources = std::span<const std::unique_ptr<MergeSource>>;

// Adds every distinct string of the sources to `out`, in order, and yields of each source which code its codes have
// there. Holds a chunk of each source.
Result<std::vector<std::vector<uint32_t>>> MergeDictionaries(MergeSources sources, DictionaryWriter& out);

}  // namespace spoor
