// Waiting until a program that was just started answers.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "learn/check/url.h"

namespace spoor::learn {

struct HealthQuestion {
  std::string name;                // for people: "frontend"
  Url url;                         // "http://127.0.0.1:8080"
  std::string target = "/health";  // that answers 200
  std::chrono::milliseconds patience = std::chrono::seconds(10);
};

// Asks again and again until it answers 200. `ended` tells the story of a program that has ended meanwhile, and nothing
// while it runs: its text is the error's. After `patience` the error says how it answers instead. Soon after a stop:
// kCancelled.
Status WaitUntilHealthy(const HealthQuestion& question, const std::function<std::optional<std::string>()>& ended,
                        const std::stop_token& stop);

}  // namespace spoor::learn
