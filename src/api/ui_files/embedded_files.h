// The files of the web UI inside the binary. Their table is made by embed.cmake from ui/dist.
#pragma once

#include <span>
#include <string_view>

namespace spoor::api {

struct EmbeddedFile {
  std::string_view path;     // "index.html", "assets/main-1a2b3c.js", "assets/main-1a2b3c.js.br"
  std::string_view content;  // lives as long as the process
};

// Where the UI was not built: one index.html that says so.
std::span<const EmbeddedFile> EmbeddedUi();

}  // namespace spoor::api
