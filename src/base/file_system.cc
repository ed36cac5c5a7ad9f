#include "base/file_system.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace spoor {

Error FileError(std::string_view call, const std::string& path, int error_number) {
  Code code = Code::kIo;
  if (error_number == ENOSPC || error_number == EDQUOT) code = Code::kFull;
  if (error_number == ENOENT) code = Code::kNotFound;
  return Error(code, fmt::format("{} {}: {}", call, path, std::generic_category().message(error_number)));
}

}  // namespace spoor
