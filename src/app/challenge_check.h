// The check of the challenge as the server offers it: its settings become those of the checker.
#pragma once

#include <memory>
#include <string>

#include "api/spoor/challenge_api.h"
#include "app/config.h"
#include "learn/check/live_check.h"

namespace spoor {

// Thread-safe.
class ServerChallengeCheck final : public api::ChallengeCheck {
 public:
  // `query_address`: where this server answers queries, "0.0.0.0:16686".
  ServerChallengeCheck(const Config& config, const std::string& query_address);

  void Ask(std::function<void(Result<std::string>)> done) override { check_.Ask(std::move(done)); }
  // Ends the run that is under way; whoever waits is told.
  void Stop() { check_.Stop(); }

 private:
  learn::LiveCheck check_;
};

// Where others on this machine reach a server that listens on `address`: "127.0.0.1:80" for "0.0.0.0:80".
std::string ReachableAddress(const std::string& address);

}  // namespace spoor
