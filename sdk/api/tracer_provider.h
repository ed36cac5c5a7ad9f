// TracerProvider: the settings that tracers work by: resource, sampler, processors, limits.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "resource.h"
#include "sampler.h"
#include "span_processor.h"
#include "tracer.h"

namespace spoor::trace {

// What a span may hold; more is dropped and counted.
struct SpanLimits {
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t attributes_max = 128;
  uint32_t attribute_value_characters_max = kNone;  // longer text is cut
  uint32_t events_max = 128;
  uint32_t links_max = 128;
  uint32_t event_attributes_max = 128;
  uint32_t link_attributes_max = 128;

  // OTEL_ATTRIBUTE_* and OTEL_SPAN_*, OTEL_EVENT_*, OTEL_LINK_*, over the defaults.
  static SpanLimits FromEnvironment();
};

// Makes ids. Thread-safe; must not throw. None may be all zero.
class IdGenerator {
 public:
  virtual ~IdGenerator() = default;
  virtual TraceId NewTraceId() noexcept = 0;
  virtual SpanId NewSpanId() noexcept = 0;
  // Whether the low 56 bits of trace ids are random: sets the flag of level 2.
  virtual bool IsRandom() const noexcept { return false; }
};

struct TracerProviderOptions {
  Resource resource = Resource::Default();
  SamplerPtr sampler;  // null: ParentBased{AlwaysOn}
  std::vector<SpanProcessorPtr> processors;
  SpanLimits limits;
  std::shared_ptr<IdGenerator> ids;  // null: random ones, from a generator of each thread
};

// Thread-safe. A provider's settings with its processors, and each distinct tracer, stay in memory until the process
// ends (some 100 KB for a provider with a batch processor), so that tracers and spans may outlive their provider:
// providers are for programs, not for requests.
class TracerProvider {
 public:
  explicit TracerProvider(TracerProviderOptions options);
  ~TracerProvider();  // Shutdown()
  TracerProvider(const TracerProvider&) = delete;
  TracerProvider& operator=(const TracerProvider&) = delete;

  // The same one for the same arguments.
  Tracer GetTracer(std::string_view name, std::string_view version = {}, std::string_view schema_url = {},
                   Attributes attributes = {});

  // From now on, for existing tracers too.
  void AddProcessor(SpanProcessorPtr processor);
  void SetSampler(SamplerPtr sampler);

  // Whether all processors did it in time.
  bool ForceFlush(std::chrono::milliseconds timeout = std::chrono::seconds(30)) noexcept;
  // Once; tracers make spans that do not record from then on.
  bool Shutdown(std::chrono::milliseconds timeout = std::chrono::seconds(30)) noexcept;

  // The one that the free GetTracer() uses. Tracers that were had from there before follow. Null: none.
  static void SetGlobal(std::shared_ptr<TracerProvider> provider);
  static std::shared_ptr<TracerProvider> Global();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A tracer of the global provider, whichever that is or becomes.
Tracer GetTracer(std::string_view name, std::string_view version = {}, std::string_view schema_url = {});

}  // namespace spoor::trace
