// What the tests of the library share: a provider whose spans stay in memory, headers as maps, variables of the
// environment.
#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/exporters.h"
#include "api/propagator.h"
#include "api/tracer_provider.h"
#include "export/otlp_request.h"
#include "testing/otlp_check.h"

namespace spoor::trace::testing {

// Spans are in memory as soon as they end.
class Recording {
 public:
  explicit Recording(TracerProviderOptions options = {}) : provider(WithMemory(std::move(options), memory)) {}

  std::vector<FinishedSpan> Take() { return memory->Take(); }
  // As a receiver gets them.
  WireRequest TakeWire() {
    const std::vector<FinishedSpan> spans = memory->Take();
    std::string request;
    EncodeOtlpRequest(spans, request);
    return ReadStrictly(request);
  }

  const std::shared_ptr<SpansInMemory> memory = std::make_shared<SpansInMemory>();
  TracerProvider provider;
  const Tracer tracer = provider.GetTracer("test");

 private:
  static TracerProviderOptions WithMemory(TracerProviderOptions options, std::shared_ptr<SpansInMemory> memory) {
    options.processors.push_back(SimpleProcessor(InMemoryExporter(std::move(memory))));
    return options;
  }
};

class Headers final : public HeaderReader, public HeaderWriter {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<const std::string, std::string>> headers) : headers_(headers) {}

  std::vector<std::string_view> Values(std::string_view name) const override {
    std::vector<std::string_view> values;
    const auto [begin, end] = headers_.equal_range(std::string(name));
    for (auto it = begin; it != end; ++it) values.push_back(it->second);
    return values;
  }
  void Set(std::string_view name, std::string_view value) override {
    std::string key(name);
    for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    headers_.erase(key);
    headers_.emplace(std::move(key), value);
  }
  // "" where it is not here.
  std::string operator[](const std::string& name) const {
    const auto found = headers_.find(name);
    return found == headers_.end() ? std::string() : found->second;
  }
  size_t size() const { return headers_.size(); }

 private:
  std::multimap<std::string, std::string> headers_;  // lower-case names
};

// Sets variables of the environment while it lives; an empty value takes one away.
class Environment {
 public:
  Environment(std::initializer_list<std::pair<const char*, const char*>> variables) {
    for (const auto& [name, value] : variables) {
      const char* before = std::getenv(name);
      before_.emplace_back(name, before == nullptr ? "" : before);
      setenv(name, value, 1);
    }
  }
  ~Environment() {
    for (const auto& [name, value] : before_) setenv(name.c_str(), value.c_str(), 1);  // an empty one counts as none
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::pair<std::string, std::string>> before_;
};

// The messages of the library while it lives.
class Diagnostics {
 public:
  Diagnostics();
  ~Diagnostics();
  std::string text() const;

  Diagnostics(const Diagnostics&) = delete;
  Diagnostics& operator=(const Diagnostics&) = delete;
};

}  // namespace spoor::trace::testing
