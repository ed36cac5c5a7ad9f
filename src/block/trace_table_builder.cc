#include "block/trace_table_builder.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "model/trace_assembly.h"

namespace spoor {
namespace {

class Builder {
 public:
  Builder(Batches batches, const SpanOrder& order) : batches_(batches), order_(order), service_of_(batches.size()) {}

  AssembledTraces Build() {
    TraceTable& table = result_.table;
    result_.parent_row.resize(order_.rows.size());
    result_.service.reserve(order_.rows.size());
    table.row_begin = order_.trace_begin;
    table.service_begin.push_back(0);
    for (size_t t = 0; t + 1 < order_.trace_begin.size(); ++t) {
      AddTrace(order_.trace_begin[t], order_.trace_begin[t + 1]);
    }
    return std::move(result_);
  }

 private:
  struct ServiceTally {
    uint32_t text = 0;
    uint32_t spans = 0;
    uint32_t errors = 0;
  };

  const SpanBatch& BatchOf(uint32_t row) const { return *batches_[order_.rows[row].batch]; }
  uint32_t RowInBatch(uint32_t row) const { return order_.rows[row].row; }

  void AddTrace(uint32_t begin, uint32_t end) {
    input_.clear();
    tallies_.clear();
    TraceTable& table = result_.table;
    uint64_t trace_end_ns = 0;
    uint32_t errors = 0;
    for (uint32_t row = begin; row < end; ++row) {
      const SpanBatch& batch = BatchOf(row);
      const uint32_t at = RowInBatch(row);
      input_.push_back(
          {batch.span_id[at], batch.parent_span_id[at], batch.start_ns[at], batch.end_ns[at], batch.kind[at]});
      trace_end_ns = std::max(trace_end_ns, batch.end_ns[at]);
      const bool is_error = batch.status_code[at] == static_cast<uint8_t>(StatusCode::kError);
      errors += is_error;
      const uint32_t service = Service(order_.rows[row].batch, batch.resource[at]);
      result_.service.push_back(service);
      Count(service, is_error);
    }
    // Equal spans were left out already: all that share an id differ.
    AssembleTrace(input_, [](uint32_t, uint32_t) { return false; }, assembly_, [](uint32_t i) { return uint64_t{i}; });
    for (const AssembledSpan& span : assembly_.spans) {
      result_.parent_row[begin + span.input] =
          span.parent == AssembledSpan::kNoParent ? UINT32_MAX : begin + assembly_.spans[span.parent].input;
    }
    const uint32_t root = begin + assembly_.spans[assembly_.root].input;
    const SpanBatch& root_batch = BatchOf(root);
    table.id_high.push_back(root_batch.trace_id_high[RowInBatch(root)]);
    table.id_low.push_back(root_batch.trace_id_low[RowInBatch(root)]);
    table.start_ns.push_back(input_[0].start_ns);
    table.end_ns.push_back(std::max(trace_end_ns, input_[0].start_ns));
    table.span_count.push_back(end - begin);
    table.error_count.push_back(errors);
    table.orphan_count.push_back(assembly_.orphan_count);
    table.root_missing.push_back(assembly_.root_missing ? 1 : 0);
    table.root_service.push_back(Text(root_batch.String(root_batch.service_name(RowInBatch(root)))));
    table.root_name.push_back(Text(root_batch.String(root_batch.name[RowInBatch(root)])));
    AddServices();
  }

  void Count(uint32_t service, bool is_error) {
    // A number left by another trace is seen by what it points at.
    if (service >= tally_of_text_.size()) tally_of_text_.resize(service + 1);
    uint32_t& tally = tally_of_text_[service];
    if (tally >= tallies_.size() || tallies_[tally].text != service) {
      tally = static_cast<uint32_t>(tallies_.size());
      tallies_.push_back({.text = service});
    }
    ++tallies_[tally].spans;
    tallies_[tally].errors += is_error;
  }

  void AddServices() {
    TraceTable& table = result_.table;
    std::ranges::sort(tallies_, [&](const ServiceTally& a, const ServiceTally& b) {
      if (a.spans != b.spans) return a.spans > b.spans;
      return table.texts[a.text] < table.texts[b.text];
    });
    for (const ServiceTally& tally : tallies_) {
      table.service.push_back(tally.text);
      table.service_spans.push_back(tally.spans);
      table.service_errors.push_back(tally.errors);
    }
    table.service_begin.push_back(static_cast<uint32_t>(table.service.size()));
  }

  // The number of a resource's service among the table's texts.
  uint32_t Service(uint32_t batch, uint32_t resource) {
    if (service_of_[batch].empty()) service_of_[batch].resize(batches_[batch]->resource_service_name.size(), kUnknown);
    uint32_t& service = service_of_[batch][resource];
    if (service == kUnknown) {
      service = Text(batches_[batch]->String(batches_[batch]->resource_service_name[resource]));
    }
    return service;
  }

  // The number of `text` among the table's texts.
  uint32_t Text(std::string_view text) {
    TextColumn& texts = result_.table.texts;
    const auto [found, is_new] = text_of_.try_emplace(text, static_cast<uint32_t>(texts.size()));
    if (is_new) {
      texts.bytes.insert(texts.bytes.end(), text.begin(), text.end());
      texts.end.push_back(texts.bytes.size());
    }
    return found->second;
  }

  static constexpr uint32_t kUnknown = UINT32_MAX;

  Batches batches_;
  const SpanOrder& order_;
  AssembledTraces result_;
  std::vector<AssemblySpan> input_;
  Assembly assembly_;
  std::vector<ServiceTally> tallies_;  // of the current trace
  std::vector<uint32_t> tally_of_text_;
  std::vector<std::vector<uint32_t>> service_of_;                  // by batch and resource
  boost::unordered_flat_map<std::string_view, uint32_t> text_of_;  // views of the batches
};

}  // namespace

AssembledTraces AssembleTraces(Batches batches, const SpanOrder& order) { return Builder(batches, order).Build(); }

}  // namespace spoor
