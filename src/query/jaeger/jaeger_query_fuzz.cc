// Query strings, not percent-decoded, as Jaeger's searches: none may crash, and what is accepted keeps its bounds.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/limits.h"
#include "query/jaeger/search.h"

namespace {

spoor::jaeger::Parameters Split(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  return spoor::jaeger::Parameters(std::move(pairs));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parameters = Split({reinterpret_cast<const char*>(data), size});
  for (const auto& search :
       {spoor::jaeger::ParseSearch(parameters, 1'700'000'000'000'000'000), spoor::jaeger::ParseSearchV3(parameters)}) {
    if (!search) continue;
    SPOOR_CHECK(search->plan.limit >= 1 && search->plan.limit <= spoor::limits::kSearchLimitMax);
  }
  return 0;
}
