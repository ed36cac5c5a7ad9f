// What a check is told: where everything is, and how long it waits.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "learn/check/http_client.h"
#include "learn/check/service.h"
#include "learn/check/url.h"

namespace spoor::learn {

// The addresses that everybody uses who says nothing.
inline constexpr std::array<std::string_view, kServiceCount> kDefaultServiceUrls{
    "http://localhost:8080", "http://localhost:8081", "http://localhost:8082"};
inline constexpr std::string_view kDefaultQueryUrl = "http://localhost:16686";

struct CheckSettings {
  std::array<Url, kServiceCount> services;
  Url query;                                            // the backend's
  std::optional<int> task;                              // this one alone, 1 to 6
  std::chrono::milliseconds wait = limits::kCheckWait;  // for traces, from the last answer of a service
  HttpPatience patience;                                // with services and backend
  std::string flag_prefix = "--";                       // of the flags that tell addresses, for advice: "--challenge-"
};

// The flag that says where a service is: "--frontend-url".
std::string UrlFlagOf(const CheckSettings& settings, Service service);

}  // namespace spoor::learn
