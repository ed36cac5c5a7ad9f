#include "api/tracer_provider.h"

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "trace/attribute_list.h"
#include "trace/batch_processor.h"
#include "trace/clock.h"
#include "trace/diagnostics.h"
#include "trace/fork.h"
#include "trace/pipeline.h"
#include "trace/wire.h"

namespace spoor::trace {
namespace {

// Everything that spans and tracers point to without counting. Reachable for as long as the process lives, so that a
// leak checker sees that nothing is lost, and never destroyed, as threads may still trace while a process exits.
// REQUIRE the mutex of Configuration.
struct Kept {
  std::deque<std::unique_ptr<const Pipeline>> pipelines;
  std::deque<std::unique_ptr<TracerState>> tracers;
};
Kept& KeptForever() {
  static Kept* kept = new Kept;
  return *kept;
}

std::string ScopeWire(std::string_view name, std::string_view version, Attributes attributes) {
  ByteBuffer out;
  const auto text = [&](uint32_t field, std::string_view value) {
    if (value.empty()) return;
    if (uint8_t* room = out.Room(wire::TextSize(field, value.size()))) out.Advance(wire::PutText(room, field, value));
  };
  text(1, name);
  text(2, version);
  AppendAttributes(out, 3, attributes, {});
  return std::string(reinterpret_cast<const char*>(out.data()), out.size());
}

TracerState& NewTracer(std::string_view name, std::string_view version, std::string_view schema_url,
                       Attributes attributes) {
  auto state = std::make_unique<TracerState>();
  state->scope = {std::string(name), std::string(version), std::string(schema_url),
                  ScopeWire(name, version, attributes)};
  Kept& kept = KeptForever();
  kept.tracers.push_back(std::move(state));
  return *kept.tracers.back();
}

// The tracers of one provider, or of the global one. REQUIRE the mutex of Configuration.
class Tracers {
 public:
  TracerState& Get(std::string_view name, std::string_view version, std::string_view schema_url, Attributes attributes,
                   const Pipeline* pipeline) {
    const std::string wire = ScopeWire(name, version, attributes);
    for (TracerState* tracer : tracers_) {
      if (tracer->scope.wire == wire && tracer->scope.schema_url == schema_url) return *tracer;
    }
    TracerState& tracer = NewTracer(name, version, schema_url, attributes);
    tracer.pipeline.store(pipeline, std::memory_order_release);
    tracers_.push_back(&tracer);
    return tracer;
  }
  void Follow(const Pipeline* pipeline) {
    for (TracerState* tracer : tracers_) tracer->pipeline.store(pipeline, std::memory_order_release);
  }

 private:
  std::vector<TracerState*> tracers_;
};

// What is set for all: providers are made, changed and asked for tracers seldom, so one mutex does for all of them.
struct Configuration {
  ForkSafeMutex mutex;
  std::shared_ptr<TracerProvider> global;
  const Pipeline* global_pipeline = nullptr;
  Tracers global_tracers;

  void FollowGlobally(const Pipeline* pipeline) {
    global_pipeline = pipeline;
    global_tracers.Follow(pipeline);
  }
};
Configuration& TheConfiguration() {
  static Configuration* configuration = new Configuration;  // never destroyed, as KeptForever
  return *configuration;
}

using Lock = std::lock_guard<ForkSafeMutex>;

}  // namespace

// REQUIRES the mutex of Configuration, but for the child of a fork, where there is no other thread yet.
struct TracerProvider::State {
  Pipeline settings;
  const Pipeline* pipeline = nullptr;  // of `settings`; null where nothing is to be recorded
  bool is_shut_down = false;
  bool is_global = false;
  Tracers tracers;
  const ForkRegistration fork{{Nothing, Nothing, BeginAnew}, this};

  // The child is another process, and its spans say so.
  static void BeginAnew(void* self) noexcept {
    auto& state = *static_cast<State*>(self);
    Resource resource = state.settings.resource.OfThisProcess();
    if (resource.wire().data() == state.settings.resource.wire().data()) return;
    state.settings.resource = std::move(resource);
    state.Publish();
  }
  static void Nothing(void*) noexcept {}

  // Makes what `settings` says the rule for all tracers.
  void Publish() {
    pipeline = nullptr;
    if (!is_shut_down && !settings.processors.empty()) {
      settings.sampling = PlanOf(*settings.sampler);
      settings.is_usual = AsksNobody(settings.sampling) && settings.ids == nullptr;
      settings.sole_queue = settings.processors.size() == 1 ? QueueOf(*settings.processors[0]) : nullptr;
      Kept& kept = KeptForever();
      kept.pipelines.push_back(std::make_unique<const Pipeline>(settings));
      pipeline = kept.pipelines.back().get();
    }
    tracers.Follow(pipeline);
    if (is_global) TheConfiguration().FollowGlobally(pipeline);
  }

  std::vector<SpanProcessorPtr> Processors() {
    const Lock lock(TheConfiguration().mutex);
    return settings.processors;
  }
};

TracerProvider::TracerProvider(TracerProviderOptions options) : state_(std::make_unique<State>()) {
  state_->settings.resource = std::move(options.resource);
  state_->settings.sampler = options.sampler != nullptr ? std::move(options.sampler) : ParentBasedSampler({});
  for (SpanProcessorPtr& processor : options.processors) {
    if (processor != nullptr) state_->settings.processors.push_back(std::move(processor));
  }
  state_->settings.limits = options.limits;
  state_->settings.ids = std::move(options.ids);
  const Lock lock(TheConfiguration().mutex);
  state_->Publish();
}

TracerProvider::~TracerProvider() { Shutdown(); }

namespace {

void CheckName(std::string_view name) noexcept {
  static DiagnoseOnce said;
  if (!name.empty()) return;
  said(DiagnosticLevel::kWarn, [] {
    return std::string("a tracer has no name: GetTracer is to be told the library or program that makes its spans");
  });
}

}  // namespace

Tracer TracerProvider::GetTracer(std::string_view name, std::string_view version, std::string_view schema_url,
                                 Attributes attributes) {
  CheckName(name);
  const Lock lock(TheConfiguration().mutex);
  return Tracer(&state_->tracers.Get(name, version, schema_url, attributes, state_->pipeline));
}

void TracerProvider::AddProcessor(SpanProcessorPtr processor) {
  if (processor == nullptr) return;
  const Lock lock(TheConfiguration().mutex);
  state_->settings.processors.push_back(std::move(processor));
  state_->Publish();
}

void TracerProvider::SetSampler(SamplerPtr sampler) {
  const Lock lock(TheConfiguration().mutex);
  state_->settings.sampler = sampler != nullptr ? std::move(sampler) : ParentBasedSampler({});
  state_->Publish();
}

namespace {

// Calls `act` with what is left of `timeout` for each. Whether all succeeded.
template <class Act>
bool ForEach(const std::vector<SpanProcessorPtr>& processors, std::chrono::milliseconds timeout, const Act& act) {
  const auto deadline = After(timeout);
  bool all = true;
  for (const SpanProcessorPtr& processor : processors) all = act(*processor, Left(deadline)) && all;
  return all;
}

}  // namespace

bool TracerProvider::ForceFlush(std::chrono::milliseconds timeout) noexcept {
  return ForEach(state_->Processors(), timeout,
                 [](SpanProcessor& processor, auto left) { return processor.ForceFlush(left); });
}

bool TracerProvider::Shutdown(std::chrono::milliseconds timeout) noexcept {
  {
    const Lock lock(TheConfiguration().mutex);
    if (std::exchange(state_->is_shut_down, true)) return false;
    state_->Publish();
  }
  return ForEach(state_->Processors(), timeout,
                 [](SpanProcessor& processor, auto left) { return processor.Shutdown(left); });
}

void TracerProvider::SetGlobal(std::shared_ptr<TracerProvider> provider) {
  Configuration& configuration = TheConfiguration();
  std::shared_ptr<TracerProvider> before;  // let go behind the lock: that may shut it down
  const Lock lock(configuration.mutex);
  before = std::exchange(configuration.global, std::move(provider));
  if (before != nullptr) before->state_->is_global = false;
  const TracerProvider* now = configuration.global.get();
  if (now != nullptr) now->state_->is_global = true;
  configuration.FollowGlobally(now == nullptr ? nullptr : now->state_->pipeline);
}

std::shared_ptr<TracerProvider> TracerProvider::Global() {
  Configuration& configuration = TheConfiguration();
  const Lock lock(configuration.mutex);
  return configuration.global;
}

Tracer GetTracer(std::string_view name, std::string_view version, std::string_view schema_url) {
  CheckName(name);
  Configuration& configuration = TheConfiguration();
  const Lock lock(configuration.mutex);
  return Tracer(&configuration.global_tracers.Get(name, version, schema_url, {}, configuration.global_pipeline));
}

}  // namespace spoor::trace
