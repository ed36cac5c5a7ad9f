#include "api/spoor/challenge_api.h"

#include <memory>
#include <utility>

#include "api/answer.h"
#include "base/json_writer.h"

namespace spoor::api {

HttpResponse DescribeChallenge(const ChallengeFacts& facts) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  json.Member("enabled", facts.check != nullptr);
  if (facts.check != nullptr) {
    json.Member("frontendUrl", facts.frontend_url);
    json.Member("backendUrl", facts.backend_url);
    json.Member("databaseUrl", facts.database_url);
  }
  json.EndObject();
  return JsonAnswer(std::move(body));
}

void AnswerChallengeCheck(const ChallengeFacts& facts, HttpResponder responder) {
  if (facts.check == nullptr) {
    return responder.Send(ErrorAnswer(
        Dialect::kSpoor, NotFound("this server does not check services: start it with --challenge on for that")));
  }
  const auto waiting = std::make_shared<HttpResponder>(std::move(responder));
  facts.check->Ask([waiting](Result<std::string> result) {
    if (result) return waiting->Send(JsonAnswer(*std::move(result)));
    // Nobody asked for too much: the server has to end.
    if (result.error().code == Code::kCancelled) {
      return waiting->Send(ErrorAnswer(Dialect::kSpoor, 503, result.error().message));
    }
    waiting->Send(ErrorAnswer(Dialect::kSpoor, result.error()));
  });
}

}  // namespace spoor::api
