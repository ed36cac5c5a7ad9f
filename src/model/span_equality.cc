// When two spans are the same: SameSpan, and the hash that goes with it.
#include <xxhash.h>

#include <memory>

#include "base/random_seed.h"
#include "model/trace.h"

namespace spoor {
namespace {

// Compares parts of two batches, which may be one and the same.
class Comparison {
 public:
  Comparison(const SpanBatch& a, const SpanBatch& b) : a_(a), b_(b), one_batch_(&a == &b) {}

  bool Texts(StringCode a, StringCode b) const {
    if (one_batch_ && a == b) return true;  // different codes may still hold equal bytes
    return a_.String(a) == b_.String(b);
  }

  bool Lists(const AttributeListColumns& lists_a, uint32_t a, const AttributeListColumns& lists_b, uint32_t b) const {
    const uint32_t shape_a = lists_a.shape[a];
    const uint32_t shape_b = lists_b.shape[b];
    if (!Shapes(shape_a, shape_b)) return false;
    const std::span<const ValueType> types = a_.ShapeTypes(shape_a);
    for (size_t field = 0; field < types.size(); ++field) {
      const uint64_t cell_a = a_.values[lists_a.value_begin[a] + field];
      const uint64_t cell_b = b_.values[lists_b.value_begin[b] + field];
      const bool same = IsCode(types[field]) ? Texts(static_cast<StringCode>(cell_a), static_cast<StringCode>(cell_b))
                                             : cell_a == cell_b;
      if (!same) return false;
    }
    return true;
  }

  bool Resources(uint32_t a, uint32_t b) const {
    if (one_batch_ && a == b) return true;
    return a_.resource_dropped_attributes[a] == b_.resource_dropped_attributes[b] &&
           Texts(a_.resource_schema_url[a], b_.resource_schema_url[b]) &&
           Lists(a_.resource_attributes, a, b_.resource_attributes, b);
  }

  bool Scopes(uint32_t a, uint32_t b) const {
    if (one_batch_ && a == b) return true;
    return a_.scope_dropped_attributes[a] == b_.scope_dropped_attributes[b] &&
           Texts(a_.scope_name[a], b_.scope_name[b]) && Texts(a_.scope_version[a], b_.scope_version[b]) &&
           Texts(a_.scope_schema_url[a], b_.scope_schema_url[b]) &&
           Lists(a_.scope_attributes, a, b_.scope_attributes, b);
  }

  bool Events(uint32_t a, uint32_t b) const {
    return a_.event_time_ns[a] == b_.event_time_ns[b] &&
           a_.event_dropped_attributes[a] == b_.event_dropped_attributes[b] &&
           Texts(a_.event_name[a], b_.event_name[b]) && Lists(a_.event_attributes, a, b_.event_attributes, b);
  }

  bool Links(uint32_t a, uint32_t b) const {
    return a_.link_span_id[a] == b_.link_span_id[b] && a_.link_trace_id_low[a] == b_.link_trace_id_low[b] &&
           a_.link_trace_id_high[a] == b_.link_trace_id_high[b] && a_.link_flags[a] == b_.link_flags[b] &&
           a_.link_dropped_attributes[a] == b_.link_dropped_attributes[b] &&
           Texts(a_.link_trace_state[a], b_.link_trace_state[b]) && Lists(a_.link_attributes, a, b_.link_attributes, b);
  }

  bool Numbers(uint32_t a, uint32_t b) const {
    return a_.span_id[a] == b_.span_id[b] && a_.start_ns[a] == b_.start_ns[b] && a_.end_ns[a] == b_.end_ns[b] &&
           a_.parent_span_id[a] == b_.parent_span_id[b] && a_.trace_id_low[a] == b_.trace_id_low[b] &&
           a_.trace_id_high[a] == b_.trace_id_high[b] && a_.kind[a] == b_.kind[b] &&
           a_.status_code[a] == b_.status_code[b] && a_.flags[a] == b_.flags[b] &&
           a_.dropped_attributes[a] == b_.dropped_attributes[b] && a_.dropped_events[a] == b_.dropped_events[b] &&
           a_.dropped_links[a] == b_.dropped_links[b];
  }

 private:
  bool Shapes(uint32_t a, uint32_t b) const {
    if (one_batch_ && a == b) return true;
    const std::span<const uint32_t> keys_a = a_.ShapeKeys(a);
    const std::span<const uint32_t> keys_b = b_.ShapeKeys(b);
    const std::span<const ValueType> types_a = a_.ShapeTypes(a);
    const std::span<const ValueType> types_b = b_.ShapeTypes(b);
    if (keys_a.size() != keys_b.size()) return false;
    for (size_t field = 0; field < keys_a.size(); ++field) {
      if (types_a[field] != types_b[field] || !Texts(keys_a[field], keys_b[field])) return false;
    }
    return true;
  }

  const SpanBatch& a_;
  const SpanBatch& b_;
  const bool one_batch_;
};

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

// Feeds fields to the hash, each text with its length.
class Hasher {
 public:
  explicit Hasher(const SpanBatch& batch) : batch_(batch), state_(XXH3_createState()) {
    XXH3_64bits_reset_withSeed(state_.get(), ProcessSeed());
  }

  template <class... Numbers>
  void Add(Numbers... numbers) {
    const uint64_t fields[] = {static_cast<uint64_t>(numbers)...};
    XXH3_64bits_update(state_.get(), fields, sizeof fields);
  }
  void AddText(StringCode code) {
    const std::string_view text = batch_.String(code);
    Add(text.size());
    XXH3_64bits_update(state_.get(), text.data(), text.size());
  }
  void AddList(const AttributeListColumns& lists, uint32_t list) {
    const std::span<const uint32_t> keys = batch_.ShapeKeys(lists.shape[list]);
    const std::span<const ValueType> types = batch_.ShapeTypes(lists.shape[list]);
    Add(keys.size());
    for (size_t field = 0; field < keys.size(); ++field) {
      const uint64_t cell = batch_.values[lists.value_begin[list] + field];
      AddText(keys[field]);
      Add(types[field]);
      if (IsCode(types[field])) {
        AddText(static_cast<StringCode>(cell));
      } else {
        Add(cell);
      }
    }
  }
  void AddEvent(uint32_t event) {
    Add(batch_.event_time_ns[event], batch_.event_dropped_attributes[event]);
    AddText(batch_.event_name[event]);
    AddList(batch_.event_attributes, event);
  }
  void AddLink(uint32_t link) {
    Add(batch_.link_trace_id_high[link], batch_.link_trace_id_low[link], batch_.link_span_id[link],
        batch_.link_flags[link], batch_.link_dropped_attributes[link]);
    AddText(batch_.link_trace_state[link]);
    AddList(batch_.link_attributes, link);
  }
  void AddResource(uint32_t resource) {
    Add(batch_.resource_dropped_attributes[resource]);
    AddText(batch_.resource_schema_url[resource]);
    AddList(batch_.resource_attributes, resource);
  }
  void AddScope(uint32_t scope) {
    Add(batch_.scope_dropped_attributes[scope]);
    AddText(batch_.scope_name[scope]);
    AddText(batch_.scope_version[scope]);
    AddText(batch_.scope_schema_url[scope]);
    AddList(batch_.scope_attributes, scope);
  }
  uint64_t Digest() const { return XXH3_64bits_digest(state_.get()); }

 private:
  const SpanBatch& batch_;
  std::unique_ptr<XXH3_state_t, FreeState> state_;
};

}  // namespace

bool SameSpan(const SpanBatch& a, uint32_t row_a, const SpanBatch& b, uint32_t row_b) {
  if (&a == &b && row_a == row_b) return true;
  const Comparison compare(a, b);
  const uint32_t events = a.event_begin[row_a + 1] - a.event_begin[row_a];
  const uint32_t links = a.link_begin[row_a + 1] - a.link_begin[row_a];
  if (!compare.Numbers(row_a, row_b)) return false;
  if (events != b.event_begin[row_b + 1] - b.event_begin[row_b]) return false;
  if (links != b.link_begin[row_b + 1] - b.link_begin[row_b]) return false;
  if (!compare.Texts(a.name[row_a], b.name[row_b]) || !compare.Texts(a.trace_state[row_a], b.trace_state[row_b]) ||
      !compare.Texts(a.status_message[row_a], b.status_message[row_b]) ||
      !compare.Lists(a.attributes, row_a, b.attributes, row_b) ||
      !compare.Resources(a.resource[row_a], b.resource[row_b]) || !compare.Scopes(a.scope[row_a], b.scope[row_b])) {
    return false;
  }
  for (uint32_t i = 0; i < events; ++i) {
    if (!compare.Events(a.event_begin[row_a] + i, b.event_begin[row_b] + i)) return false;
  }
  for (uint32_t i = 0; i < links; ++i) {
    if (!compare.Links(a.link_begin[row_a] + i, b.link_begin[row_b] + i)) return false;
  }
  return true;
}

uint64_t SpanContentHash(const SpanBatch& batch, uint32_t row) {
  Hasher hash(batch);
  hash.Add(batch.trace_id_high[row], batch.trace_id_low[row], batch.span_id[row], batch.parent_span_id[row],
           batch.start_ns[row], batch.end_ns[row], batch.flags[row], batch.kind[row], batch.status_code[row],
           batch.dropped_attributes[row], batch.dropped_events[row], batch.dropped_links[row]);
  hash.AddText(batch.name[row]);
  hash.AddText(batch.trace_state[row]);
  hash.AddText(batch.status_message[row]);
  hash.AddList(batch.attributes, row);
  hash.AddResource(batch.resource[row]);
  hash.AddScope(batch.scope[row]);
  for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) hash.AddEvent(event);
  for (uint32_t link = batch.link_begin[row]; link < batch.link_begin[row + 1]; ++link) hash.AddLink(link);
  return hash.Digest();
}

}  // namespace spoor
