// backend: the business logic. It validates a request, asks the database service, and processes what comes back.
//
//   GET /users, /users/{id}, /orders, /products
#include <chrono>
#include <stdexcept>
#include <string>

#include "web/client.h"
#include "web/json.h"
#include "web/log.h"
#include "web/server.h"
#include "web/settings.h"
#include "web/url.h"
#include "web/work.h"
// [3.1] Include the tracing library and "web/tracing.h", as in the frontend.
#include <spoor/log.h>
#include <spoor/tracing.h>

#include "web/tracing.h"

namespace trace = spoor::trace;
// [/]

namespace {

using std::chrono::milliseconds;

// [3.2] Name the tracer that begins this service's spans: "backend".
const trace::Tracer kTracer = trace::GetTracer("backend");
// [/]

struct WorkTime {
  milliseconds shortest;
  milliseconds longest;
};

// What the service can be asked for, and how long it works on it.
struct Resource {
  std::string name;  // "orders"
  WorkTime processing{milliseconds(50), milliseconds(150)};
  WorkTime validation{milliseconds(10), milliseconds(50)};
};

const Resource kUsers{"users"};
const Resource kUser{"user"};
const Resource kOrders{"orders", {milliseconds(50 + 20), milliseconds(150 + 80)}};
const Resource kProducts{"products", {milliseconds(50 + 30), milliseconds(150 + 100)}};

class Backend {
 public:
  Backend(const web::Settings& settings, const web::Client& client, web::Log& log)
      : name_(settings.service_name),
        database_url_(web::UrlVariable("DATABASE_SERVICE_URL", "http://127.0.0.1:8082")),
        client_(client),
        log_(log) {}

  void AddRoutes(web::Server& server) {
    server.Get("/health", [this](const web::Request&) { return Health(); });
    server.Get("/users", [this](const web::Request& request) { return Answer(request, kUsers, "/db/users"); });
    server.Get("/users/{id}", [this](const web::Request& request) {
      return Answer(request, kUser, "/db/user/" + web::PercentEncode(request.path_parameters.at("id")));
    });
    server.Get("/orders", [this](const web::Request& request) { return Answer(request, kOrders, "/db/orders"); });
    server.Get("/products", [this](const web::Request& request) { return Answer(request, kProducts, "/db/products"); });
  }

 private:
  web::Response Health() const { return web::json::object{{"status", "healthy"}, {"service", name_}}; }

  web::Response Answer(const web::Request& request, const Resource& resource, const std::string& path) {
    Validate(resource);
    const web::Answer answer = client_.Get(database_url_ + path + request.query_text);
    if (answer.status == 404) return {404, answer.body};
    if (answer.status == 0) return Fail("no answer from the database service: " + answer.error);
    if (answer.status != 200) return Fail("the database service answered " + std::to_string(answer.status));
    return Process(resource, answer);
  }

  void Validate(const Resource& resource) {
    // [5.3] Give the validation a span of its own, and tell it that all is well.
    // > Name it "validate_" and the name of the resource; the attribute could be "validation.passed".
    trace::ActiveSpan span(kTracer, "validate_" + resource.name);
    span->SetAttribute("validation.passed", true);
    // [/]
    web::Work(resource.validation.shortest, resource.validation.longest);
  }

  web::Response Process(const Resource& resource, const web::Answer& answer) {
    // [5.4] Give the processing a span of its own.
    // > Name it "process_" and the name of the resource.
    trace::ActiveSpan span(kTracer, "process_" + resource.name);
    // [/]
    web::Work(resource.processing.shortest, resource.processing.longest);
    const auto json = answer.Json();
    const web::json::value* data = json && json->is_object() ? json->as_object().if_contains(resource.name) : nullptr;
    if (data == nullptr) return Fail("the answer of the database service has no " + resource.name);
    const size_t count = data->is_array() ? data->as_array().size() : 1;
    // [5.5] Tell the span how many there were.
    // > The attribute could be "items.count".
    span->SetAttribute("items.count", count);
    // [/]
    return web::json::object{{"source", name_}, {"count", count}, {"data", *data}};
  }

  web::Response Fail(const std::string& why) {
    log_.Error("request failed", {{"why", why}});
    // [5.6] Tell the current span what went wrong, as in the frontend.
    trace::Span span = trace::CurrentSpan();
    span.RecordException(std::runtime_error(why));
    // [/]
    return {500, web::ErrorJson(why, name_)};
  }

  const std::string name_;
  const std::string database_url_;
  const web::Client& client_;
  web::Log& log_;
};

}  // namespace

int main() {
  const web::Settings settings = web::Settings::FromEnvironment("backend", 8081);
  // [3.3] Start tracing, as the service "backend".
  const trace::Tracing tracing = trace::StartTracing("backend", {{"service.version", "1.0.0"}});
  // [/]
  web::Log log(settings.service_name);
  web::Client client;
  web::Server server(settings.service_name, "1.0.0");
  Backend backend(settings, client, log);
  backend.AddRoutes(server);
  server.Wrap(web::LogRequests(log));
  // [3.4] Make every request that comes in a span: a child of the frontend's, whose headers name it.
  server.Wrap(web::TraceRequests(kTracer));
  // [/]
  // [3.5] Make every call to the database service a span, and send the trace along with it.
  client.Wrap(web::TraceCalls(kTracer));
  // [/]
  // [3.6] Put the ids of the trace and the span on each line of the log.
  log.EndLinesWith(trace::TraceFields);
  // [/]
  return server.Run(settings);
}
