// Resource: who sends the spans: service, host, process.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "attribute.h"

namespace spoor::trace {

// Immutable value; copying shares. Thread-safe.
class Resource {
 public:
  Resource();
  explicit Resource(Attributes attributes, std::string_view schema_url = {});

  // What the environment says (OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME), over telemetry.sdk.* and a service.name of
  // "unknown_service:<program>".
  static Resource Default();
  // host.*, os.*, process.*, a random service.instance.id that is this process's until it ends, and, where there is
  // one, container.id.
  static Resource Detect();

  // Both; where a key stands in both, `other` wins. Its schema URL too, unless it is empty or they differ.
  Resource Merge(const Resource& other) const;

  // Values as text, for looking at it. Empty where it is not here.
  std::string Text(std::string_view key) const;
  // The attributes as OTLP's Resource message has them, and the schema URL.
  std::string_view wire() const noexcept;
  std::string_view schema_url() const noexcept;

  // In the child of a fork: with the child's process.pid and service.instance.id where Detect said the parent's. The
  // same everywhere else.
  Resource OfThisProcess() const;

 private:
  struct Content;
  explicit Resource(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  std::shared_ptr<const Content> content_;
};

}  // namespace spoor::trace
