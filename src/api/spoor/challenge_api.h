// /api/spoor/v1/challenge: whether this server checks a learner's services, and the check itself. Who checks is handed
// in; this folder knows nothing of it.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "net/http.h"

namespace spoor::api {

// Runs the check of the challenge.
class ChallengeCheck {
 public:
  virtual ~ChallengeCheck() = default;

  // Returns at once. `done` is called once, soon or from another thread when the run that is under way has ended, with
  // its result as JSON; kBusy where too many wait, kCancelled where the server stops. Thread-safe.
  virtual void Ask(std::function<void(Result<std::string>)> done) = 0;
};

// The challenge as far as the server is told of it.
struct ChallengeFacts {
  ChallengeCheck* check = nullptr;  // null: it is off. Has to be stopped before the query port is
  std::string frontend_url;
  std::string backend_url;
  std::string database_url;
};

// GET challenge.
HttpResponse DescribeChallenge(const ChallengeFacts& facts);
// POST challenge/check. Holds no thread while it waits.
void AnswerChallengeCheck(const ChallengeFacts& facts, HttpResponder responder);

}  // namespace spoor::api
