#include "api/propagator.h"

#include <mutex>

#include "trace/diagnostics.h"
#include "trace/environment.h"
#include "trace/fork.h"

namespace spoor::trace {
namespace {

class Composite final : public Propagator {
 public:
  explicit Composite(std::vector<PropagatorPtr> propagators) : propagators_(std::move(propagators)) {}

  void Inject(const Context& context, HeaderWriter& headers) const override {
    for (const PropagatorPtr& propagator : propagators_) propagator->Inject(context, headers);
  }
  Context Extract(const HeaderReader& headers, Context context) const override {
    for (const PropagatorPtr& propagator : propagators_) context = propagator->Extract(headers, std::move(context));
    return context;
  }
  std::vector<std::string> Fields() const override {
    std::vector<std::string> fields;
    for (const PropagatorPtr& propagator : propagators_) {
      for (std::string& field : propagator->Fields()) fields.push_back(std::move(field));
    }
    return fields;
  }

 private:
  const std::vector<PropagatorPtr> propagators_;
};

PropagatorPtr ByName(std::string_view name) {
  if (name == "tracecontext") return TraceContextPropagator();
  if (name == "baggage") return BaggagePropagator();
  if (name == "b3") return B3SinglePropagator();
  if (name == "b3multi") return B3MultiPropagator();
  if (name == "jaeger") return JaegerPropagator();
  return nullptr;
}

struct GlobalPropagation {
  ForkSafeMutex mutex;
  PropagatorPtr propagator;
};
GlobalPropagation& TheGlobal() {
  static GlobalPropagation* global = new GlobalPropagation;  // never destroyed: used while the process exits
  return *global;
}

}  // namespace

PropagatorPtr CompositePropagator(std::vector<PropagatorPtr> propagators) {
  return std::make_shared<Composite>(std::move(propagators));
}

PropagatorPtr PropagatorFromEnvironment() {
  std::vector<PropagatorPtr> propagators;
  for (const std::string& name : environment::Words("OTEL_PROPAGATORS", "tracecontext,baggage")) {
    if (PropagatorPtr propagator = ByName(name)) {
      propagators.push_back(std::move(propagator));
    } else {
      Diagnose(DiagnosticLevel::kWarn, "OTEL_PROPAGATORS names \"" + name +
                                           "\", which is none of tracecontext, baggage, b3, b3multi, jaeger, none");
    }
  }
  return CompositePropagator(std::move(propagators));
}

PropagatorPtr GlobalPropagator() {
  GlobalPropagation& global = TheGlobal();
  const std::lock_guard<ForkSafeMutex> lock(global.mutex);
  if (global.propagator == nullptr) global.propagator = PropagatorFromEnvironment();
  return global.propagator;
}

void SetGlobalPropagator(PropagatorPtr propagator) {
  GlobalPropagation& global = TheGlobal();
  const std::lock_guard<ForkSafeMutex> lock(global.mutex);
  global.propagator.swap(propagator);  // the old one is let go behind the lock
}

}  // namespace spoor::trace
