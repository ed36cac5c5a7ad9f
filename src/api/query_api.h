// QueryApi: everything that the query port answers. It knows no sockets, so tests ask it directly.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/request.h"
#include "api/spoor/status_json.h"
#include "api/ui_files/ui_files.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/worker_pool.h"
#include "net/router.h"

namespace spoor::api {

// Jaeger's API and v3, Spoor's own, health, metrics, and the UI for all other paths. Questions run on a pool of
// threads, each with a deadline; before there is a store they are refused with 503. Thread-safe.
class QueryApi {
 public:
  struct Options {
    int threads = 2;
    const Clock* clock = &SystemClock();
    MemoryBudget* budget = nullptr;  // what answers under construction are accounted to
    std::span<const EmbeddedFile> ui = EmbeddedUi();
  };
  explicit QueryApi(const Options& options);
  ~QueryApi();  // Stop()

  // From now on `store`, which must live until Stop has returned, as must what `facts` ask, answers, and /ready says
  // yes. Once.
  void SetReady(TraceStore& store, ServerFacts facts);
  // From now on /ready says no; questions are still answered.
  void SetStopping() { stopping_ = true; }

  // Returns at once; the answer comes from another thread, or from this one where there is nothing to wait for.
  void Answer(HttpRequest request, HttpResponder responder) { router_.Route(std::move(request), std::move(responder)); }

  // Cancels what is running and what waits, and returns when all of it has been answered.
  void Stop();

 private:
  struct Job;
  void AddQuestions();
  void AddChallenge();
  void AddHealth();
  void AddEverythingElse();
  void Dispatch(Lane lane, const Handler& handler, Histogram& seconds, HttpRequest request, const PathParameters& path,
                HttpResponder responder);
  HttpResponse Run(Job& job);
  HttpResponse StatusAnswer() const;
  bool ready() const { return store_.load(std::memory_order_acquire) != nullptr && !stopping_; }

  const Clock& clock_;
  MemoryBudget& budget_;
  const UiFiles ui_;
  const uint64_t started_ns_;
  Router router_;
  ServerFacts facts_;  // written before store_
  std::atomic<TraceStore*> store_{nullptr};
  std::atomic<bool> stopping_{false};
  const std::shared_ptr<std::atomic<bool>> cancelled_ = std::make_shared<std::atomic<bool>>(false);
  WorkerPool queries_;
  WorkerPool admin_;
};

}  // namespace spoor::api
