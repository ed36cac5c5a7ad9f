#include "api/query_api.h"

#include "api/answer.h"
#include "api/jaeger/jaeger_api.h"
#include "api/jaeger_v3/jaeger_v3_api.h"
#include "api/spoor/spoor_api.h"
#include "base/limits.h"

namespace spoor::api {
namespace {

constexpr std::string_view kStarting = "Spoor is starting: retry in a moment";
constexpr std::string_view kBusy = "too many questions are waiting: retry in a moment";

jaeger::Parameters ParametersOf(const HttpRequest& request) {
  std::vector<std::pair<std::string, std::string>> all;
  for (QueryParameter& parameter : ParseQuery(request.query)) {
    all.emplace_back(std::move(parameter.name), std::move(parameter.value));
  }
  return jaeger::Parameters(std::move(all));
}

Histogram& SecondsOf(std::string_view pattern) {
  return ProcessMetrics().AddHistogram("spoor_query_seconds", "Time from the arrival of a question to its answer.",
                                       SecondsBuckets(), {{"route", std::string(pattern)}});
}

Counter& Abandoned() {
  static Counter& counter = ProcessMetrics().AddCounter(
      "spoor_questions_abandoned_total", "Questions whose client went away before the answer; they are not answered.");
  return counter;
}

}  // namespace

// A question that waits for a thread, or has one.
struct QueryApi::Job {
  const Handler& handler;
  Histogram& seconds;
  HttpRequest http;
  PathParameters path;
  HttpResponder responder;
  int64_t arrived_ns;
  std::chrono::steady_clock::time_point deadline;
};

QueryApi::QueryApi(const Options& options)
    : clock_(*options.clock),
      budget_(*options.budget),
      ui_(options.ui),
      started_ns_(static_cast<uint64_t>(clock_.WallNanos())),
      queries_("query", options.threads, limits::kQueryQueueMax),
      admin_("query-admin", 2, limits::kQueryQueueMax) {
  AddQuestions();
  AddHealth();
  AddEverythingElse();
}

QueryApi::~QueryApi() { Stop(); }

void QueryApi::SetReady(TraceStore& store, ServerFacts facts) {
  SPOOR_CHECK(store_.load() == nullptr);
  facts_ = std::move(facts);
  store_.store(&store, std::memory_order_release);
}

void QueryApi::Stop() {
  stopping_ = true;
  *cancelled_ = true;
  queries_.Stop();
  admin_.Stop();
}

void QueryApi::AddQuestions() {
  Abandoned();  // stands in the metrics from the beginning
  const AddRoute add = [this](Lane lane, std::string_view method, std::string_view pattern, Handler handler) {
    Histogram& seconds = SecondsOf(pattern);
    router_.Add(method, pattern,
                [this, lane, handler = std::move(handler), &seconds](HttpRequest request, const PathParameters& path,
                                                                     HttpResponder responder) {
                  Dispatch(lane, handler, seconds, std::move(request), path, std::move(responder));
                });
  };
  AddJaegerRoutes(add);
  AddJaegerV3Routes(add);
  AddSpoorRoutes(add);
  AddChallenge();
}

void QueryApi::AddChallenge() {
  // Neither asks the store, and the second one waits for seconds: no thread is held for them.
  const auto once_ready = [this](auto answer) {
    return [this, answer](const HttpRequest&, const PathParameters&, HttpResponder responder) {
      if (store_.load(std::memory_order_acquire) == nullptr) {
        return responder.Send(ErrorAnswer(Dialect::kSpoor, 503, kStarting));
      }
      answer(std::move(responder));
    };
  };
  router_.Add("GET", "/api/spoor/v1/challenge",
              once_ready([this](HttpResponder responder) { responder.Send(DescribeChallenge(facts_.challenge)); }));
  router_.Add("POST", "/api/spoor/v1/challenge/check", once_ready([this](HttpResponder responder) {
                AnswerChallengeCheck(facts_.challenge, std::move(responder));
              }));
}

void QueryApi::AddHealth() {
  router_.Add("GET", "/healthz", [](HttpRequest, const PathParameters&, HttpResponder responder) {
    responder.Send(TextAnswer(200, "ok"));
  });
  router_.Add("GET", "/ready", [this](HttpRequest, const PathParameters&, HttpResponder responder) {
    responder.Send(ready() ? TextAnswer(200, "ready") : TextAnswer(503, stopping_ ? "stopping" : "starting"));
  });
  const auto on_admin = [this](auto answer) {
    return [this, answer](const HttpRequest&, const PathParameters&, HttpResponder responder) {
      const auto shared = std::make_shared<HttpResponder>(std::move(responder));
      if (!admin_.Submit([shared, answer] { shared->Send(answer()); })) shared->Send(TextAnswer(503, kBusy));
    };
  };
  router_.Add("GET", "/metrics", on_admin([] {
                return HttpResponse{.status = 200,
                                    .content_type = "text/plain; version=0.0.4; charset=utf-8",
                                    .body = ProcessMetrics().Text()};
              }));
  router_.Add("GET", "/api/spoor/v1/status", on_admin([this] { return StatusAnswer(); }));
}

void QueryApi::AddEverythingElse() {
  router_.SetMethodNotAllowed([](const HttpRequest& request) {
    return ErrorAnswer(DialectOf(request.path), 405, "method " + request.method + " is not allowed here");
  });
  router_.SetNotFound([this](HttpRequest request, HttpResponder responder) {
    if (request.path == "/api" || request.path.starts_with("/api/")) {
      responder.Send(TextAnswer(404, "404 page not found"));
    } else if (request.method != "GET") {
      HttpResponse response = TextAnswer(405, "method " + request.method + " is not allowed here");
      response.headers.emplace_back("Allow", "GET, HEAD");
      responder.Send(std::move(response));
    } else {
      responder.Send(ui_.Serve(request));
    }
  });
}

void QueryApi::Dispatch(Lane lane, const Handler& handler, Histogram& seconds, HttpRequest request,
                        const PathParameters& path, HttpResponder responder) {
  const Dialect dialect = DialectOf(request.path);
  if (store_.load(std::memory_order_acquire) == nullptr) {
    return responder.Send(ErrorAnswer(dialect, 503, kStarting));
  }
  const auto job =
      std::make_shared<Job>(Job{handler, seconds, std::move(request), path, std::move(responder), clock_.SteadyNanos(),
                                std::chrono::steady_clock::now() + limits::kQueryTimeout});
  WorkerPool& pool = lane == Lane::kQuery ? queries_ : admin_;
  const bool taken = pool.Submit([this, job] {
    HttpResponse response = Run(*job);
    if (job->http.client_gone && *job->http.client_gone) Abandoned().Add();
    job->seconds.Observe(static_cast<double>(clock_.SteadyNanos() - job->arrived_ns) / 1e9);
    job->responder.Send(std::move(response));
  });
  if (!taken) job->responder.Send(ErrorAnswer(dialect, 503, kBusy));
}

HttpResponse QueryApi::Run(Job& job) {
  Request request{.http = job.http,
                  .path = job.path,
                  .store = *store_.load(std::memory_order_acquire),
                  .parameters = ParametersOf(job.http),
                  .context = {job.deadline, cancelled_, job.http.client_gone},
                  .now_ns = static_cast<uint64_t>(clock_.WallNanos()),
                  .answer_memory = budget_.Reserve()};
  const Dialect dialect = DialectOf(job.http.path);
  if (const Status waited = request.context.Check(); !waited) return ErrorAnswer(dialect, waited.error());
  Result<HttpResponse> response = job.handler(request);
  return response ? *std::move(response) : ErrorAnswer(dialect, response.error());
}

HttpResponse QueryApi::StatusAnswer() const {
  TraceStore* const store = store_.load(std::memory_order_acquire);
  return JsonAnswer(StatusJson({.started_ns = started_ns_,
                                .ready = ready(),
                                .facts = store ? &facts_ : nullptr,
                                .store = store,
                                .budget = budget_}));
}

}  // namespace spoor::api
