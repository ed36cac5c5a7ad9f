// A file that was put into the binary while building (cmake/EmbedFiles.cmake).
#pragma once

#include <span>
#include <string_view>

namespace spoor {

struct EmbeddedFile {
  std::string_view path;     // "index.html", "assets/main-1a2b3c.js.br": without a folder of the machine that built it
  std::string_view content;  // lives as long as the process
};

}  // namespace spoor
