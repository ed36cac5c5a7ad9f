#include "api/tracing.h"

#include <cstdlib>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "trace/diagnostics.h"
#include "trace/environment.h"
#include "trace/fork.h"

namespace spoor::trace {
namespace {

double RatioFromEnvironment() {
  const auto ratio = environment::Real("OTEL_TRACES_SAMPLER_ARG");
  if (!ratio) return 1;
  if (*ratio >= 0 && *ratio <= 1) return *ratio;
  Diagnose(DiagnosticLevel::kWarn, "OTEL_TRACES_SAMPLER_ARG is a share from 0 to 1; all traces are sampled now");
  return 1;
}

std::vector<SpanProcessorPtr> ProcessorsFromEnvironment() {
  std::vector<SpanProcessorPtr> processors;
  for (const std::string& name : environment::Words("OTEL_TRACES_EXPORTER", "otlp")) {
    if (name == "otlp") {
      processors.push_back(BatchProcessor::Make(OtlpHttpExporter(), BatchOptions::FromEnvironment()));
    } else if (name == "console") {
      processors.push_back(SimpleProcessor(ConsoleExporter()));
    } else {
      Diagnose(DiagnosticLevel::kWarn,
               "OTEL_TRACES_EXPORTER names \"" + name + "\", which is none of otlp, console, none");
    }
  }
  return processors;
}

// The name that the program gives itself stands below what the environment says, and above "unknown_service".
Resource ResourceOf(std::string_view service_name, Attributes attributes) {
  const Resource environment = Resource::Default();
  Resource own = Resource::Detect().Merge(Resource(attributes));
  const bool is_named = environment.Text("service.name").rfind("unknown_service", 0) != 0;
  Resource merged = own.Merge(environment);
  return is_named || service_name.empty() ? merged : merged.Merge(Resource({{"service.name", service_name}}));
}

// exit() leaves main's variables as they are, and with them the Tracing: what has ended is to be sent all the same.
void ShutDownAtExit(const std::shared_ptr<TracerProvider>& provider) {
  struct Started {
    ForkSafeMutex mutex;
    std::vector<std::weak_ptr<TracerProvider>> providers;
  };
  static Started* started = new Started;  // never destroyed, as exit() may come from any thread
  const std::lock_guard<ForkSafeMutex> lock(started->mutex);
  if (started->providers.empty()) {
    std::atexit([] {
      std::vector<std::weak_ptr<TracerProvider>> providers;
      {
        const std::lock_guard<ForkSafeMutex> at_exit(started->mutex);
        providers = started->providers;
      }
      for (const auto& one : providers) {
        if (const auto alive = one.lock()) alive->Shutdown(Tracing::kEndMax);
      }
    });
  }
  started->providers.push_back(provider);
}

}  // namespace

SamplerPtr SamplerFromEnvironment() {
  const std::string name = environment::Word("OTEL_TRACES_SAMPLER");
  const auto parent_based = [](SamplerPtr root) {
    ParentBasedSlots slots;
    slots.root = std::move(root);
    return ParentBasedSampler(std::move(slots));
  };
  if (name == "always_on") return AlwaysOnSampler();
  if (name == "always_off") return AlwaysOffSampler();
  if (name == "traceidratio") return TraceIdRatioSampler(RatioFromEnvironment());
  if (name == "parentbased_always_off") return parent_based(AlwaysOffSampler());
  if (name == "parentbased_traceidratio") return parent_based(TraceIdRatioSampler(RatioFromEnvironment()));
  if (!name.empty() && name != "parentbased_always_on") {
    Diagnose(DiagnosticLevel::kWarn, "OTEL_TRACES_SAMPLER=" + name + " is not known; parentbased_always_on is used");
  }
  return parent_based(AlwaysOnSampler());
}

Tracing StartTracing(std::string_view service_name, Attributes attributes) {
  if (!environment::Text("OTEL_CONFIG_FILE").empty()) {
    Diagnose(DiagnosticLevel::kWarn, "OTEL_CONFIG_FILE: this library reads no such files, and goes by the variables");
  }
  TracerProviderOptions options;
  options.resource = ResourceOf(service_name, attributes);
  options.limits = SpanLimits::FromEnvironment();
  if (!environment::IsTrue("OTEL_SDK_DISABLED")) {
    options.sampler = SamplerFromEnvironment();
    options.processors = ProcessorsFromEnvironment();
  }
  auto provider = std::make_shared<TracerProvider>(std::move(options));
  TracerProvider::SetGlobal(provider);
  ShutDownAtExit(provider);
  return Tracing(std::move(provider));
}

}  // namespace spoor::trace
