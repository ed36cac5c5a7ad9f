// The files of the web UI inside the binary. Their table is made by embed.cmake from ui/dist.
#pragma once

#include "base/embedded_file.h"

namespace spoor::api {

// Where the UI was not built: one index.html that says so.
std::span<const EmbeddedFile> EmbeddedUi();

}  // namespace spoor::api
