// frontend: what a browser talks to. It asks the backend, and wraps what comes back.
//
//   GET /api/users, /api/users/{id}, /api/orders, /api/products
#include <stdexcept>
#include <string>

#include "web/client.h"
#include "web/json.h"
#include "web/log.h"
#include "web/server.h"
#include "web/settings.h"
#include "web/url.h"
// [2.1] Include the tracing library, and the part of web/ that traces requests and calls.
// > They are <spoor/tracing.h>, <spoor/log.h> and "web/tracing.h". Everything of the library is in the namespace
// > spoor::trace, which `namespace trace = spoor::trace;` makes short.
#include <spoor/log.h>
#include <spoor/tracing.h>

#include "web/tracing.h"

namespace trace = spoor::trace;
// [/]

namespace {

// [2.2] Name the tracer that begins this service's spans.
// > trace::GetTracer("frontend") gives one: keep it in a constant kTracer.
const trace::Tracer kTracer = trace::GetTracer("frontend");
// [/]

class Frontend {
 public:
  Frontend(const web::Settings& settings, const web::Client& client, web::Log& log)
      : name_(settings.service_name),
        backend_url_(web::UrlVariable("BACKEND_URL", "http://127.0.0.1:8081")),
        client_(client),
        log_(log) {}

  void AddRoutes(web::Server& server) {
    server.Get("/health", [this](const web::Request&) { return Health(); });
    server.Get("/api/users", [this](const web::Request& request) { return Ask(request, "/users"); });
    server.Get("/api/users/{id}", [this](const web::Request& request) {
      return Ask(request, "/users/" + web::PercentEncode(request.path_parameters.at("id")));
    });
    server.Get("/api/orders", [this](const web::Request& request) { return Ask(request, "/orders"); });
    server.Get("/api/products", [this](const web::Request& request) { return Ask(request, "/products"); });
  }

 private:
  web::Response Health() const { return web::json::object{{"status", "healthy"}, {"service", name_}}; }

  // Asks the backend the same thing, and wraps its answer.
  web::Response Ask(const web::Request& request, const std::string& path) {
    const web::Answer answer = client_.Get(backend_url_ + path + request.query_text);
    if (answer.status == 404) return {404, answer.body};
    if (answer.status == 0) return Fail("no answer from the backend: " + answer.error);
    if (answer.status != 200) return Fail("the backend answered " + std::to_string(answer.status));
    return Render(answer);
  }

  web::Response Render(const web::Answer& answer) {
    // [5.1] Give the rendering a span of its own, and tell it how many bytes came from the backend.
    // > trace::ActiveSpan span(kTracer, "NAME") lasts until the block ends; span->SetAttribute("KEY", VALUE).
    trace::ActiveSpan span(kTracer, "render_response");
    span->SetAttribute("backend.response.size", answer.body.size());
    // [/]
    const auto data = answer.Json();
    if (!data) return Fail("the backend's answer is no JSON");
    return web::json::object{{"source", name_}, {"data", *data}};
  }

  web::Response Fail(const std::string& why) {
    log_.Error("request failed", {{"why", why}});
    // [5.2] Tell the current span what went wrong.
    // > A copy of trace::CurrentSpan() is the same span. Its RecordException takes any exception: a std::runtime_error.
    trace::Span span = trace::CurrentSpan();
    span.RecordException(std::runtime_error(why));
    // [/]
    return {500, web::ErrorJson(why, name_)};
  }

  const std::string name_;
  const std::string backend_url_;
  const web::Client& client_;
  web::Log& log_;
};

}  // namespace

int main() {
  const web::Settings settings = web::Settings::FromEnvironment("frontend", 8080);
  // [2.3] Start tracing, as the service "frontend", for as long as main() runs.
  // > trace::StartTracing("frontend", {{"service.version", "1.0.0"}}), kept in a constant: when it goes, it sends what
  // > was not sent yet. Where to? To http://localhost:4318, or to what OTEL_EXPORTER_OTLP_ENDPOINT says.
  const trace::Tracing tracing = trace::StartTracing("frontend", {{"service.version", "1.0.0"}});
  // [/]
  web::Log log(settings.service_name);
  web::Client client;
  web::Server server(settings.service_name, "1.0.0");
  Frontend frontend(settings, client, log);
  frontend.AddRoutes(server);
  server.Wrap(web::LogRequests(log));
  // [2.4] Make every request that comes in a span.
  // > server.Wrap(…) takes what web::TraceRequests(kTracer) gives. Add it last, so that it is around all the others.
  server.Wrap(web::TraceRequests(kTracer));
  // [/]
  // [2.5] Make every call to the backend a span, and send the trace along with it.
  // > client.Wrap(…) takes what web::TraceCalls(kTracer) gives.
  client.Wrap(web::TraceCalls(kTracer));
  // [/]
  // [2.6] Put the ids of the trace and the span on each line of the log.
  // > log.EndLinesWith(…) takes a function that gives text: trace::TraceFields is one.
  log.EndLinesWith(trace::TraceFields);
  // [/]
  return server.Run(settings);
}
