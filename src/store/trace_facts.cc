#include "store/trace_facts.h"

#include <algorithm>

namespace spoor {
namespace {

// Numbers the texts that are services, in order of appearance.
class Numbering {
 public:
  Numbering(const TextColumn& texts, std::vector<std::string>& names) : texts_(texts), names_(names) {
    number_of_text_.resize(texts.size(), kNone);
  }

  uint32_t Of(uint32_t text) {
    uint32_t& number = number_of_text_[text];
    if (number == kNone) {
      number = static_cast<uint32_t>(names_.size());
      names_.emplace_back(texts_[text]);
    }
    return number;
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  const TextColumn& texts_;
  std::vector<std::string>& names_;
  std::vector<uint32_t> number_of_text_;
};

template <class T>
std::vector<T> Copy(std::span<const T> values) {
  return {values.begin(), values.end()};
}

}  // namespace

std::optional<uint32_t> TraceFacts::FindService(std::string_view name) const {
  const auto found = std::ranges::find(service_names, name);
  if (found == service_names.end()) return std::nullopt;
  return static_cast<uint32_t>(found - service_names.begin());
}

uint32_t TraceFacts::TraceOfRow(uint32_t row) const {
  return static_cast<uint32_t>(std::ranges::upper_bound(row_begin, row) - row_begin.begin()) - 1;
}

size_t TraceFacts::size_bytes() const {
  size_t bytes = sizeof *this + size() * (4 * sizeof(uint64_t) + 4 * sizeof(uint32_t) + 1) + service_sets.size_bytes();
  for (const std::string& name : service_names) bytes += sizeof name + name.capacity();
  return bytes;
}

Result<std::shared_ptr<const TraceFacts>> ReadTraceFacts(Block& block) {
  ASSIGN_OR_RETURN(const TraceColumns traces, block.Traces());
  auto facts = std::make_shared<TraceFacts>();
  facts->id_high = Copy(traces.id_high);
  facts->id_low = Copy(traces.id_low);
  facts->start_ns = Copy(traces.start_ns);
  facts->duration_ns.resize(traces.start_ns.size());
  for (size_t t = 0; t < traces.start_ns.size(); ++t) facts->duration_ns[t] = traces.end_ns[t] - traces.start_ns[t];
  facts->error_count = Copy(traces.error_count);
  facts->root_missing = Copy(traces.root_missing);
  facts->row_begin = Copy(traces.row_begin);
  Numbering numbering(*traces.texts, facts->service_names);
  facts->root_service.reserve(traces.root_service.size());
  facts->services.reserve(traces.root_service.size());
  std::vector<uint32_t> services;
  for (size_t t = 0; t < traces.root_service.size(); ++t) {
    facts->root_service.push_back(numbering.Of(traces.root_service[t]));
    services.clear();
    for (uint32_t i = traces.service_begin[t]; i < traces.service_begin[t + 1]; ++i) {
      services.push_back(numbering.Of(traces.service[i]));
    }
    facts->services.push_back(facts->service_sets.Intern(services));
  }
  facts->service_sets.ShrinkToFit();
  return std::shared_ptr<const TraceFacts>(std::move(facts));
}

TraceFactsBuilder::TraceFactsBuilder(TraceFacts facts) : facts_(std::move(facts)) {
  for (uint32_t i = 0; i < facts_.service_names.size(); ++i) numbers_.emplace(facts_.service_names[i], i);
}

uint32_t TraceFactsBuilder::ServiceNumber(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<uint32_t>(facts_.service_names.size());
  numbers_.emplace(name, number);
  facts_.service_names.emplace_back(name);
  return number;
}

void TraceFactsBuilder::Add(TraceId id, const TraceMeasures& trace, uint32_t root_service,
                            std::vector<uint32_t>& services) {
  facts_.id_high.push_back(id.high);
  facts_.id_low.push_back(id.low);
  facts_.start_ns.push_back(trace.start_ns);
  facts_.duration_ns.push_back(trace.duration_ns);
  facts_.row_begin.push_back(facts_.row_begin.back() + trace.span_count);
  facts_.error_count.push_back(trace.error_count);
  facts_.root_service.push_back(root_service);
  facts_.root_missing.push_back(trace.root_missing ? 1 : 0);
  facts_.services.push_back(facts_.service_sets.Intern(services));
}

void TraceFactsBuilder::Add(const TraceSummary& summary) {
  services_.clear();
  for (const ServiceCount& service : summary.services) services_.push_back(ServiceNumber(service.name));
  Add(summary.id, MeasuresOf(summary), ServiceNumber(summary.root_service), services_);
}

void TraceFactsBuilder::AddFrom(const TraceFacts& other, uint32_t trace) {
  number_in_other_.resize(other.service_names.size());
  const auto number_of = [&](uint32_t service) {
    uint32_t& number = number_in_other_[service];
    if (number == 0) number = ServiceNumber(other.service_names[service]) + 1;
    return number - 1;
  };
  services_.clear();
  for (const uint32_t service : other.service_sets[other.services[trace]]) services_.push_back(number_of(service));
  Add(other.id(trace), other.Measures(trace), number_of(other.root_service[trace]), services_);
}

}  // namespace spoor
