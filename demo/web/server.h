// A small HTTP server for the demo services: routes with parameters, and wrappers around every request, such as a log
// or tracing.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "web/json.h"
#include "web/log.h"
#include "web/settings.h"

namespace web {

using Message = boost::beast::http::request<boost::beast::http::string_body>;

struct Request {
  Message message;                                     // as it came
  std::string path;                                    // decoded, without the query
  std::string query_text;                              // "?a=1", as it came; empty where there is none
  std::map<std::string, std::string> query;            // {"a", "1"}
  std::map<std::string, std::string> path_parameters;  // {"id", "7"} of "/users/{id}"
  std::string route;                                   // "/users/{id}"; empty where none fits
  std::string peer_address;
  uint16_t peer_port = 0;

  // Whether it says "?name=true", or just "?name".
  bool IsOn(const std::string& name) const;
};

struct Response {
  Response(int answered_status, std::string json) : status(answered_status), body(std::move(json)) {}
  Response(const json::object& object) : body(JsonText(object)) {}  // NOLINT: implicit on purpose

  int status = 200;
  std::string body;  // JSON
};

using Handler = std::function<Response(const Request&)>;
// Calls `next`, and may do something before and after.
using Wrapper = std::function<Response(const Request&, const Handler& next)>;

// Answers GET and HEAD, each connection on a thread of its own. Set it up, then Run it.
class Server {
 public:
  // GET / answers with the name, the version and the routes.
  Server(std::string service_name, std::string version);

  // `pattern`: "/users/{id}".
  void Get(std::string pattern, Handler handler);
  // The one added last is the outermost.
  void Wrap(Wrapper wrapper);

  // Serves until SIGTERM or SIGINT, then lets what is under way end, for a few seconds. What main() returns: 1, with a
  // line on stderr, where it cannot listen.
  int Run(const Settings& settings);

  // The answer to one request, as Run gives it. Thread-safe once the server is set up.
  Response Answer(Request request) const;

 private:
  struct Route {
    std::vector<std::string> segments;
    std::string pattern;
    Handler handler;
  };
  const Route* Find(Request& request) const;
  Response Describe() const;

  const std::string service_name_;
  const std::string version_;
  std::vector<Route> routes_;
  std::vector<Wrapper> wrappers_;
};

// A line of `log` for each request but those for /health, which come by the minute and say nothing.
Wrapper LogRequests(Log& log);

}  // namespace web
