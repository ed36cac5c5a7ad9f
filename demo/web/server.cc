#include "web/server.h"

#include <algorithm>
#include <exception>

#include "web/listener.h"
#include "web/url.h"

namespace web {
namespace {

namespace http = boost::beast::http;

// "/users/7" to {"users", "7"}, decoded.
std::vector<std::string> Segments(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) segments.push_back(PercentDecode(path.substr(0, slash)));
    path.remove_prefix(std::min(path.size(), slash + 1));
  }
  return segments;
}

std::string_view RawPath(const Request& request) {
  const std::string_view target(request.message.target().data(), request.message.target().size());
  return target.substr(0, target.find('?'));
}

bool IsParameter(const std::string& segment) { return segment.size() > 2 && segment.front() == '{'; }

}  // namespace

bool Request::IsOn(const std::string& name) const {
  const auto found = query.find(name);
  return found != query.end() && found->second != "false" && found->second != "0";
}

Server::Server(std::string service_name, std::string version)
    : service_name_(std::move(service_name)), version_(std::move(version)) {
  Get("/", [this](const Request&) { return Describe(); });
}

void Server::Get(std::string pattern, Handler handler) {
  routes_.push_back({Segments(pattern), pattern, std::move(handler)});
}

void Server::Wrap(Wrapper wrapper) { wrappers_.push_back(std::move(wrapper)); }

Response Server::Describe() const {
  json::array endpoints;
  for (const Route& route : routes_) endpoints.emplace_back(route.pattern);
  return json::object{{"service", service_name_}, {"version", version_}, {"endpoints", std::move(endpoints)}};
}

const Server::Route* Server::Find(Request& request) const {
  const std::vector<std::string> segments = Segments(RawPath(request));
  for (const Route& route : routes_) {
    if (route.segments.size() != segments.size()) continue;
    std::map<std::string, std::string> parameters;
    bool fits = true;
    for (size_t i = 0; fits && i < segments.size(); ++i) {
      const std::string& pattern = route.segments[i];
      if (IsParameter(pattern)) {
        parameters[pattern.substr(1, pattern.size() - 2)] = segments[i];
      } else {
        fits = pattern == segments[i];
      }
    }
    if (!fits) continue;
    request.route = route.pattern;
    request.path_parameters = std::move(parameters);
    return &route;
  }
  return nullptr;
}

Response Server::Answer(Request request) const {
  const Route* route = Find(request);
  Handler handler = [this, route](const Request& asked) -> Response {
    const http::verb method = asked.message.method();
    if (route == nullptr) return {404, ErrorJson("there is nothing at " + asked.path)};
    if (method != http::verb::get && method != http::verb::head) return {405, ErrorJson("only GET is answered here")};
    try {
      return route->handler(asked);
    } catch (const std::exception& error) {
      return {500, ErrorJson(error.what(), service_name_)};
    }
  };
  for (const Wrapper& wrapper : wrappers_) {
    handler = [&wrapper, next = std::move(handler)](const Request& asked) { return wrapper(asked, next); };
  }
  return handler(request);
}

int Server::Run(const Settings& settings) {
  return Listen(settings, [this](Request request) { return Answer(std::move(request)); }) ? 0 : 1;
}

Wrapper LogRequests(Log& log) {
  return [&log](const Request& request, const Handler& next) {
    Response response = next(request);
    if (request.route != "/health") {
      log.Info("request answered", {{"path", request.path}, {"status", std::to_string(response.status)}});
    }
    return response;
  };
}

}  // namespace web
