// Traffic: a trickle of requests, as of a few visitors: mostly plain ones, now and then one that is worth finding.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "learn/check/url.h"

namespace spoor::learn {

// What a visitor asks the frontend for next: a path with its query. About one in ten is slow, fails, asks for a user
// who is not there, or makes a query for each row.
std::string NextTarget(std::mt19937& random);

// Asks for as long as it lives, on threads of its own. A frontend that is too slow for the rate gets fewer requests; it
// is never owed any.
class Traffic {
 public:
  static constexpr double kRateMax = 1'000;

  // `frontend`: where it is. `requests_per_s`: more than 0, at most kRateMax.
  Traffic(Url frontend, double requests_per_s);

  ~Traffic();  // stops soon, whatever is under way
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

 private:
  void Visit(const std::stop_token& stop);
  bool WaitForTurn(const std::stop_token& stop, std::string& target);

  const Url frontend_;
  const std::chrono::nanoseconds period_;
  std::mutex mutex_;
  std::condition_variable_any never_;
  std::chrono::steady_clock::time_point next_turn_;  // guarded by mutex_
  std::mt19937 random_;                              // guarded by mutex_
  std::vector<std::jthread> visitors_;
};

}  // namespace spoor::learn
