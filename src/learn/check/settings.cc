#include "learn/check/settings.h"

namespace spoor::learn {

std::string UrlFlagOf(const CheckSettings& settings, Service service) {
  constexpr std::array<std::string_view, kServiceCount> kWords{"frontend", "backend", "database"};
  return settings.flag_prefix + std::string(kWords[IndexOf(service)]) + "-url";
}

}  // namespace spoor::learn
