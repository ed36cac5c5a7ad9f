// The one include that a program needs to be traced:
//
//   #include <spoor/tracing.h>
//   int main() {
//     const spoor::trace::Tracing tracing = spoor::trace::StartTracing("checkout");
//     const spoor::trace::Tracer tracer = spoor::trace::GetTracer("checkout");
//     spoor::trace::ActiveSpan span(tracer, "process_order");
//     …
//   }
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "exporters.h"
#include "propagator.h"
#include "tracer_provider.h"

namespace spoor::trace {

// Tracing as it was started. When it goes, what has ended is exported, for at most five seconds, and at once given up
// where nobody listens. exit() sees to that, too, where it comes first; _exit, abort and signals do not. Movable.
class Tracing {
 public:
  static constexpr std::chrono::seconds kEndMax{5};
  explicit Tracing(std::shared_ptr<TracerProvider> provider) : provider_(std::move(provider)) {}
  Tracing(Tracing&&) noexcept = default;
  Tracing& operator=(Tracing&&) = delete;
  ~Tracing() {
    if (provider_ != nullptr) provider_->Shutdown(kEndMax);
  }

  TracerProvider& provider() const noexcept { return *provider_; }

 private:
  std::shared_ptr<TracerProvider> provider_;
};

// Starts tracing as the environment says, with OTLP over HTTP to localhost where it says nothing, and makes it the
// global one. `service_name` counts where neither OTEL_SERVICE_NAME nor OTEL_RESOURCE_ATTRIBUTES name the service;
// `attributes` describe it further ("service.version", "deployment.environment.name").
//
// Variables: OTEL_SDK_DISABLED, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_PROPAGATORS, OTEL_TRACES_SAMPLER and
// _ARG, OTEL_TRACES_EXPORTER (otlp, console, none), OTEL_EXPORTER_OTLP_*, OTEL_BSP_*, OTEL_*_LIMIT, OTEL_LOG_LEVEL.
[[nodiscard]] Tracing StartTracing(std::string_view service_name = {}, Attributes attributes = {});

// The sampler that OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG name: ParentBased{AlwaysOn} where they say nothing.
SamplerPtr SamplerFromEnvironment();

}  // namespace spoor::trace
