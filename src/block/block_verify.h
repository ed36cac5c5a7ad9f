// Whether every byte of a block is what was written, and everything in it fits together.
#pragma once

#include <functional>
#include <string>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block_info.h"

namespace spoor {

using OnDamage = std::function<void(const Error&)>;

// Reads all of the block: every checksum is compared, then, where these are right, every span is read and held against
// the table of traces. Calls `on_damage`, with file and offset, for each place that is not right. The block's info,
// where that can be read.
Result<BlockInfo> VerifyBlock(FileSystem& files, const std::string& path, const OnDamage& on_damage);

}  // namespace spoor
