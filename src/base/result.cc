#include "base/result.h"

namespace spoor {
std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalid: return "invalid";
    case Code::kNotFound: return "not_found";
    case Code::kTooLarge: return "too_large";
    case Code::kBusy: return "busy";
    case Code::kFull: return "full";
    case Code::kCorrupt: return "corrupt";
    case Code::kIo: return "io";
    case Code::kCancelled: return "cancelled";
    case Code::kUnsupported: return "unsupported";
    case Code::kInternal: return "internal";
  }
  return "internal";
}
}  // namespace spoor
