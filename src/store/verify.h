// Checks a data folder: every checksum of every file, and that files fit together.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/file_system.h"
#include "base/result.h"

namespace spoor {

struct VerifyReport {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t spans_in_blocks = 0;
  uint64_t spans_in_log = 0;
  uint64_t damage = 0;  // places
};

struct VerifyQuestion {
  std::string folder;  // of a store: with wal/, blocks/ and rollups/
  // A server may write here at the same time: what it removes meanwhile is passed over, and the end of the log, which
  // may be half-written, is no damage.
  bool is_in_use = false;
  // Told of each damaged place, with file and offset, and of what is only worth knowing.
  std::function<void(const std::string&)> on_damage;
  std::function<void(const std::string&)> on_note;
  // Told now and then how far it is.
  std::function<void(uint64_t bytes_done, uint64_t bytes_all)> on_progress;
};

// Reads all files and changes none. An error only where the folder cannot be read, or holds no store.
Result<VerifyReport> VerifyStore(FileSystem& files, const VerifyQuestion& question);

}  // namespace spoor
