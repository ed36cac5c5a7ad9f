// Propagator: carries a context over a boundary, in the headers of a request.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "attribute.h"
#include "context.h"

namespace spoor::trace {

// The headers that came. Names are asked for in lower case and must be found in any.
class HeaderReader {
 public:
  virtual ~HeaderReader() = default;
  // Every value of a header, in the order in which they came: some headers may be repeated, others must not.
  virtual std::vector<std::string_view> Values(std::string_view name) const = 0;
};

// The headers that are sent.
class HeaderWriter {
 public:
  virtual ~HeaderWriter() = default;
  // Replaces what stands there.
  virtual void Set(std::string_view name, std::string_view value) = 0;
};

// Thread-safe. Whatever comes from outside, Extract gives a context: where nothing useful came, `context` itself.
class Propagator {
 public:
  virtual ~Propagator() = default;
  virtual void Inject(const Context& context, HeaderWriter& headers) const = 0;
  virtual Context Extract(const HeaderReader& headers, Context context = {}) const = 0;
  // The headers that Inject may set.
  virtual std::vector<std::string> Fields() const = 0;
};

using PropagatorPtr = std::shared_ptr<const Propagator>;

PropagatorPtr TraceContextPropagator();  // traceparent and tracestate, W3C level 2
PropagatorPtr BaggagePropagator();       // baggage, W3C
PropagatorPtr B3SinglePropagator();      // sends b3; takes X-B3-*, too
PropagatorPtr B3MultiPropagator();       // sends X-B3-*; takes b3, too
PropagatorPtr JaegerPropagator();        // uber-trace-id
// All of them, one after the other; what a later one finds wins.
PropagatorPtr CompositePropagator(std::vector<PropagatorPtr> propagators);

// What OTEL_PROPAGATORS names: by default tracecontext and baggage. An unknown name is said and left out.
PropagatorPtr PropagatorFromEnvironment();

// The one that the instrumentation in this library uses: PropagatorFromEnvironment() until another one is set.
PropagatorPtr GlobalPropagator();
void SetGlobalPropagator(PropagatorPtr propagator);

}  // namespace spoor::trace
