// ServiceColours: which service has which colour, from the first sight of it and for ever.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/file_system.h"
#include "base/result.h"

namespace spoor {

// Numbers from 1, in the order in which services are noted. They stand in a file (docs/formats/small_files.md) that
// is rewritten when somebody has time; where it is lost, the order in which blocks and log tell of services makes them
// anew. Thread-safe.
class ServiceColours {
 public:
  static constexpr std::string_view kMark = "SPRCOLR0";  // of the file

  ServiceColours(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  // Reads the file. kNotFound and kCorrupt leave it without services.
  Status Load();

  // Gives the names that have none their numbers, in this order. The empty name gets none.
  void Note(std::span<const std::string> services);
  // 0 where it was never noted.
  uint32_t Find(std::string_view service) const;

  // Writes the file, if something was noted since the last time.
  Status Save();

 private:
  // So many names have a number of their own; what comes after shares theirs, by hash.
  static constexpr uint32_t kServicesMax = 64 * 1024;

  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  void Add(std::string_view service);

  FileSystem& files_;
  const std::string path_;
  std::mutex save_mutex_;
  mutable std::mutex mutex_;
  std::vector<std::string> services_;  // number - 1 is the index
  boost::unordered_flat_map<std::string, uint32_t, TextHash, std::equal_to<>> numbers_;
  size_t saved_count_ = 0;
};

}  // namespace spoor
