// The ports of a learner's copy, and how they are remembered.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/file_system.h"

namespace spoor::learn {

struct CopyPorts {
  uint16_t query = 16686;
  uint16_t otlp_http = 4318;
  uint16_t frontend = 8080;
  uint16_t backend = 8081;
  uint16_t database = 8082;

  friend bool operator==(const CopyPorts&, const CopyPorts&) = default;
};

struct CopyPort {
  std::string_view flag;  // "frontend-port"
  uint16_t CopyPorts::* port;
  std::string_view text;  // what is there
};

inline constexpr std::array<CopyPort, 5> kCopyPorts = {{
    {"query-port", &CopyPorts::query, "Spoor's UI"},
    {"otlp-http-port", &CopyPorts::otlp_http, "Spoor's OTLP over HTTP"},
    {"frontend-port", &CopyPorts::frontend, "the frontend"},
    {"backend-port", &CopyPorts::backend, "the backend"},
    {"database-port", &CopyPorts::database, "the database service"},
}};

// Those that `path` holds; the defaults where it holds none. A line that is not "FLAG PORT" is kCorrupt.
Result<CopyPorts> ReadCopyPorts(FileSystem& files, const std::string& path);
Status WriteCopyPorts(FileSystem& files, const std::string& path, const CopyPorts& ports);

}  // namespace spoor::learn
