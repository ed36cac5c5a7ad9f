// What StartTracing() does, with the classes of the SDK one by one: for a program that needs another exporter, sampler
// or resource. It sends one trace of two spans.
#include <spoor/tracing.h>

#include <memory>
#include <utility>

namespace trace = spoor::trace;

int main() {
  // Who is speaking.
  const trace::Resource resource =
      trace::Resource::Default().Merge(trace::Resource({{"service.name", "kitchen"}, {"service.version", "1.0.0"}}));

  // Where spans go: gathered into batches, sent as OTLP over HTTP.
  trace::SpanExporterPtr exporter = trace::OtlpHttpExporter();
  const trace::SpanProcessorPtr processor = trace::BatchProcessor::Make(std::move(exporter));

  // Which traces: those that the caller records, and every new one.
  trace::ParentBasedSlots slots;
  slots.root = trace::AlwaysOnSampler();

  // The provider holds all that together. From here on GetTracer() is its.
  trace::TracerProviderOptions options;
  options.resource = resource;
  options.sampler = trace::ParentBasedSampler(slots);
  options.processors.push_back(processor);
  const auto provider = std::make_shared<trace::TracerProvider>(std::move(options));
  trace::TracerProvider::SetGlobal(provider);

  // A span, and while it is the current one of this thread, a child of it. ActiveSpan does these four steps.
  const trace::Tracer tracer = trace::GetTracer("kitchen");
  trace::Span order = tracer.StartSpan("cook_order");
  {
    const trace::Scope scope(order);
    trace::Span grill = tracer.StartSpan("grill_steak");
    grill.SetAttribute("steak.doneness", "medium");
    grill.End();
  }
  order.End();

  // What still waits is sent now.
  return provider->Shutdown() ? 0 : 1;
}
