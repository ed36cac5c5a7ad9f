#include "learn/demo/traffic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "learn/check/http_client.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;

struct Wish {
  std::string_view target;
  double weight;
};

constexpr std::array kWishes = {
    Wish{"/api/users", 30},
    Wish{"/api/orders", 25},
    Wish{"/api/products", 25},
    Wish{"/api/users/{}", 10},  // one who is there
    Wish{"/api/products?slow=true", 2},
    Wish{"/api/orders?n_plus_one=true", 3},
    Wish{"/api/orders?fail=true", 1.5},
    Wish{"/api/users?fail=true", 0.5},
    Wish{"/api/users/404", 3},  // one who is not
};

constexpr int kUsers = 5;
constexpr HttpPatience kPatience{.resolve = 2s, .connect = 2s, .answer = 30s};

// A slow request takes about two seconds.
size_t VisitorsFor(double requests_per_s) {
  return static_cast<size_t>(std::clamp(std::ceil(requests_per_s * 2), 2.0, 64.0));
}

}  // namespace

std::string NextTarget(std::mt19937& random) {
  std::array<double, kWishes.size()> weights;
  std::transform(kWishes.begin(), kWishes.end(), weights.begin(), [](const Wish& wish) { return wish.weight; });
  std::discrete_distribution<size_t> wish(weights.begin(), weights.end());
  const std::string_view target = kWishes[wish(random)].target;
  return fmt::format(fmt::runtime(target), std::uniform_int_distribution<int>(1, kUsers)(random));
}

Traffic::Traffic(Url frontend, double requests_per_s)
    : frontend_(std::move(frontend)),
      period_(static_cast<int64_t>(1e9 / requests_per_s)),
      next_turn_(std::chrono::steady_clock::now()),
      random_(std::random_device{}()) {
  SPOOR_CHECK(requests_per_s > 0 && requests_per_s <= kRateMax);
  const size_t count = VisitorsFor(requests_per_s);
  for (size_t i = 0; i < count; ++i) {
    visitors_.emplace_back([this](const std::stop_token& stop) { Visit(stop); });
  }
}

Traffic::~Traffic() {
  for (std::jthread& visitor : visitors_) visitor.request_stop();
  visitors_.clear();
}

void Traffic::Visit(const std::stop_token& stop) {
  std::string target;
  while (WaitForTurn(stop, target)) HttpGet(frontend_, target, {}, kPatience, stop);
}

// Turns come at an even pace; those that nobody was free for are left out.
bool Traffic::WaitForTurn(const std::stop_token& stop, std::string& target) {
  std::unique_lock lock(mutex_);
  const auto turn = std::max(next_turn_, std::chrono::steady_clock::now());
  next_turn_ = turn + period_;
  target = NextTarget(random_);
  never_.wait_until(lock, stop, turn, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace spoor::learn
