#include "learn/programs/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/limits.h"
#include "learn/check/http_client.h"

namespace spoor::learn {
namespace {

using namespace std::chrono_literals;

constexpr auto kPause = 50ms;
constexpr auto kAnswerTimeout = 2s;

void Pause(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, kPause, [] { return false; });
}

std::string ProblemOf(const HttpOutcome& outcome) {
  if (!outcome.IsAnswered()) return outcome.message;
  return fmt::format("it answers {} {}", outcome.status, outcome.body.substr(0, 200));
}

}  // namespace

Status WaitUntilHealthy(const HealthQuestion& question, const std::function<std::optional<std::string>()>& ended,
                        const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + question.patience;
  const HttpPatience patience{.resolve = kAnswerTimeout, .connect = kAnswerTimeout, .answer = kAnswerTimeout};
  while (true) {
    const HttpOutcome outcome = HttpGet(question.url, question.target, {}, patience, stop);
    if (stop.stop_requested()) return Error(Code::kCancelled, "stopped while waiting for " + question.name);
    if (const auto story = ended()) return Error(Code::kIo, *story);
    if (outcome.IsAnswered() && outcome.status == 200) return {};
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error(
          Code::kIo,
          fmt::format("{} at {} was not healthy within {} s: {}", question.name, question.url.Text() + question.target,
                      std::chrono::duration_cast<std::chrono::seconds>(question.patience).count(), ProblemOf(outcome)));
    }
    Pause(stop);
  }
}

}  // namespace spoor::learn
