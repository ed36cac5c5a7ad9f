#include "api/query_server.h"

#include "api/answer.h"
#include "base/limits.h"

namespace spoor::api {

Result<std::unique_ptr<QueryServer>> QueryServer::Start(IoThreads& io, MemoryBudget& budget,
                                                        const QueryServerOptions& options) {
  auto server =
      std::make_unique<QueryServer>(Private{}, QueryApi::Options{.threads = options.threads, .budget = &budget});
  HttpServerOptions http{.name = "query", .host = options.host, .port = options.port};
  http.body_bytes_max = limits::kQueryBodyBytesMax;
  http.watch_clients = true;
  http.error_format = [](int status, std::string_view message, const HttpRequest& head) {
    return ErrorAnswer(DialectOf(head.path), status, message);
  };
  ASSIGN_OR_RETURN(server->http_,
                   HttpServer::Start(io, budget, std::move(http),
                                     [api = &server->api_](HttpRequest request, HttpResponder responder) {
                                       api->Answer(std::move(request), std::move(responder));
                                     }));
  return server;
}

QueryServer::~QueryServer() { Stop(std::chrono::milliseconds(0)); }

void QueryServer::Stop(std::chrono::milliseconds patience) {
  if (http_) http_->Stop(patience);
  api_.Stop();
}

}  // namespace spoor::api
