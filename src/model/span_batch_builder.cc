#include "model/span_batch_builder.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "base/random_seed.h"
#include "model/span_batch_layout.h"

namespace spoor {
namespace {

// What a builder may keep between requests; one that grew past it starts anew.
constexpr size_t kRetainedBytesMax = size_t{16} << 20;

}  // namespace

void SpanBatchBuilder::Clear() {
  if (capacity_bytes() > kRetainedBytesMax) Release();
  strings_.Clear();
  shapes_.Clear();
  values_.Clear();
  spans_.Clear();
  events_.Clear();
  links_.Clear();
  resources_.Clear();
  scopes_.Clear();
  resource_index_.clear();
  scope_index_.clear();
  resource_ = scope_ = 0;
  list_node_ = ShapeTrie::kRoot;
  list_begin_ = 0;
  BeginSpan();
}

void SpanBatchBuilder::Release() {
  strings_.Release();
  shapes_.Release();
  values_.Release();
  spans_.Release();
  events_.Release();
  links_.Release();
  resources_.Release();
  scopes_.Release();
  resource_index_ = {};
  scope_index_ = {};
}

size_t SpanBatchBuilder::size_bytes() const {
  return sizeof(SpanBatchHeader) + strings_.size_bytes() + shapes_.size_bytes() + values_.size() * sizeof(uint64_t) +
         (spans_.size() + 1) * sizeof(SpanRow) + events_.size() * sizeof(EventRow) + links_.size() * sizeof(LinkRow) +
         (resources_.size() + scopes_.size() + 2) * (sizeof(OriginRow) + 32);
}

size_t SpanBatchBuilder::capacity_bytes() const {
  return strings_.capacity_bytes() + shapes_.capacity_bytes() + values_.capacity() * sizeof(uint64_t) +
         spans_.capacity() * sizeof(SpanRow) + events_.capacity() * sizeof(EventRow) +
         links_.capacity() * sizeof(LinkRow) + (resources_.capacity() + scopes_.capacity()) * sizeof(OriginRow) +
         (resource_index_.bucket_count() + scope_index_.bucket_count()) * sizeof(OriginIndex::value_type);
}

void SpanBatchBuilder::AddResource(AttributeList attributes, uint32_t dropped_attributes, StringCode schema_url) {
  const OriginRow row = {attributes, dropped_attributes, schema_url, 0, 0};
  resource_ = ShareOrAdd(row, resources_, resource_index_);
}

void SpanBatchBuilder::AddScope(StringCode name, StringCode version, AttributeList attributes,
                                uint32_t dropped_attributes, StringCode schema_url) {
  const OriginRow row = {attributes, dropped_attributes, schema_url, name, version};
  scope_ = ShareOrAdd(row, scopes_, scope_index_);
}

void SpanBatchBuilder::AssignResource(uint32_t first_row, AttributeList attributes, uint32_t dropped_attributes,
                                      StringCode schema_url) {
  AddResource(attributes, dropped_attributes, schema_url);
  for (size_t row = first_row; row < spans_.size(); ++row) spans_[row].resource = resource_;
}

void SpanBatchBuilder::AssignScope(uint32_t first_row, StringCode name, StringCode version, AttributeList attributes,
                                   uint32_t dropped_attributes, StringCode schema_url) {
  AddScope(name, version, attributes, dropped_attributes, schema_url);
  for (size_t row = first_row; row < spans_.size(); ++row) spans_[row].scope = scope_;
}

uint32_t SpanBatchBuilder::ShareOrAdd(const OriginRow& row, GrowableArray<OriginRow>& rows, OriginIndex& index) {
  const auto added = static_cast<uint32_t>(rows.size());
  const auto [entry, is_new] = index.try_emplace(HashOf(row), added);
  if (!is_new && SameOrigin(rows[entry->second], row)) {
    // The cells of an attribute list that nobody needs are the last ones, unless spans were added since.
    const size_t fields = shapes_.begins()[row.attributes.shape + 1] - shapes_.begins()[row.attributes.shape];
    if (row.attributes.value_begin + fields == values_.size()) values_.Truncate(row.attributes.value_begin);
    return entry->second;
  }
  rows.Push(row);
  return added;
}

// Bytes and nested values count by content: they have a code of their own each time.
uint64_t SpanBatchBuilder::HashOf(const OriginRow& row) const {
  uint64_t hash = ProcessSeed();
  const auto mix = [&hash](std::string_view bytes) { hash = XXH3_64bits_withSeed(bytes.data(), bytes.size(), hash); };
  const auto mix_number = [&mix](uint64_t number) { mix({reinterpret_cast<const char*>(&number), sizeof(number)}); };
  mix_number(row.attributes.shape);
  mix_number(uint64_t{row.dropped_attributes} << 32 | row.schema_url);
  mix_number(uint64_t{row.name} << 32 | row.version);
  const uint32_t begin = shapes_.begins()[row.attributes.shape];
  const uint32_t end = shapes_.begins()[row.attributes.shape + 1];
  for (uint32_t field = begin; field < end; ++field) {
    const uint64_t cell = values_[row.attributes.value_begin + (field - begin)];
    if (shapes_.types()[field] >= ValueType::kBytes) {
      mix(strings_[static_cast<StringCode>(cell)]);
    } else {
      mix_number(cell);
    }
  }
  return hash;
}

bool SpanBatchBuilder::SameOrigin(const OriginRow& a, const OriginRow& b) const {
  if (a.attributes.shape != b.attributes.shape || a.dropped_attributes != b.dropped_attributes ||
      a.schema_url != b.schema_url || a.name != b.name || a.version != b.version) {
    return false;
  }
  const uint32_t begin = shapes_.begins()[a.attributes.shape];
  const uint32_t end = shapes_.begins()[a.attributes.shape + 1];
  for (uint32_t field = begin; field < end; ++field) {
    const uint64_t cell_a = values_[a.attributes.value_begin + (field - begin)];
    const uint64_t cell_b = values_[b.attributes.value_begin + (field - begin)];
    if (cell_a == cell_b) continue;
    if (shapes_.types()[field] < ValueType::kBytes) return false;
    if (strings_[static_cast<StringCode>(cell_a)] != strings_[static_cast<StringCode>(cell_b)]) return false;
  }
  return true;
}

// The first attribute "service.name" that is a string.
StringCode SpanBatchBuilder::ServiceName(const OriginRow& resource) const {
  const uint32_t begin = shapes_.begins()[resource.attributes.shape];
  const uint32_t end = shapes_.begins()[resource.attributes.shape + 1];
  for (uint32_t field = begin; field < end; ++field) {
    if (shapes_.types()[field] == ValueType::kString && strings_[shapes_.keys()[field]] == "service.name") {
      return static_cast<StringCode>(values_[resource.attributes.value_begin + (field - begin)]);
    }
  }
  return 0;
}

// Fills a fresh batch from the builder's rows.
class SpanBatchBuilder::Writer {
 public:
  Writer(const SpanBatchBuilder& builder, SpanBatch& batch) : from_(builder), to_(batch) {}

  void Write() {
    // In blocks that stay in the first-level cache while their rows become columns.
    constexpr size_t kBlock = 128;
    for (size_t row = 0; row < from_.spans_.size(); row += kBlock) {
      WriteSpans(row, std::min(row + kBlock, from_.spans_.size()));
    }
    Cell(to_.event_begin, from_.spans_.size()) = static_cast<uint32_t>(from_.events_.size());
    Cell(to_.link_begin, from_.spans_.size()) = static_cast<uint32_t>(from_.links_.size());
    WriteEvents();
    WriteLinks();
    WriteResources();
    WriteScopes();
    Copy(from_.values_.span(), to_.values);
    Copy(from_.shapes_.begins(), to_.shape_begin);
    Copy(from_.shapes_.keys(), to_.field_key);
    Copy(from_.shapes_.types(), to_.field_type);
    Copy(from_.strings_.ends(), to_.string_end);
    Copy(from_.strings_.hashes(), to_.string_hash);
    Copy(from_.strings_.bytes(), to_.string_bytes);
  }

 private:
  // The buffer is still the builder's alone, so its columns may be written.
  template <class T>
  static T& Cell(std::span<const T> column, size_t row) {
    return const_cast<T*>(column.data())[row];
  }

  template <class T>
  static void Copy(std::span<const T> from, std::span<const T> to) {
    SPOOR_CHECK(from.size() == to.size());
    if (!from.empty()) std::memcpy(&Cell(to, 0), from.data(), from.size_bytes());
  }

  // Writes `get(row)` for each of `rows` from `begin` to `end` into `column`.
  template <class T, class Row, class Get>
  static void Fill(std::span<const T> column, const GrowableArray<Row>& rows, size_t begin, size_t end, Get get) {
    T* to = const_cast<T*>(column.data());
    for (size_t row = begin; row < end; ++row) to[row] = get(rows[row]);
  }

  template <class Row>
  static void FillLists(const AttributeListColumns& lists, const GrowableArray<Row>& rows, size_t begin, size_t end) {
    Fill(lists.shape, rows, begin, end, [](const Row& row) { return row.attributes.shape; });
    Fill(lists.value_begin, rows, begin, end, [](const Row& row) { return row.attributes.value_begin; });
  }

  void WriteSpans(size_t begin, size_t end) {
    const auto fill = [&](auto column, auto get) { Fill(column, from_.spans_, begin, end, get); };
    fill(to_.trace_id_high, [](const SpanRow& row) { return row.fields.trace_id.high; });
    fill(to_.trace_id_low, [](const SpanRow& row) { return row.fields.trace_id.low; });
    fill(to_.span_id, [](const SpanRow& row) { return row.fields.span_id; });
    fill(to_.parent_span_id, [](const SpanRow& row) { return row.fields.parent_span_id; });
    fill(to_.start_ns, [](const SpanRow& row) { return row.fields.start_ns; });
    fill(to_.end_ns, [](const SpanRow& row) { return row.fields.end_ns; });
    fill(to_.name, [](const SpanRow& row) { return row.fields.name; });
    fill(to_.trace_state, [](const SpanRow& row) { return row.fields.trace_state; });
    fill(to_.status_message, [](const SpanRow& row) { return row.fields.status_message; });
    fill(to_.flags, [](const SpanRow& row) { return row.fields.flags; });
    fill(to_.resource, [](const SpanRow& row) { return row.resource; });
    fill(to_.scope, [](const SpanRow& row) { return row.scope; });
    fill(to_.dropped_attributes, [](const SpanRow& row) { return row.fields.dropped_attributes; });
    fill(to_.dropped_events, [](const SpanRow& row) { return row.fields.dropped_events; });
    fill(to_.dropped_links, [](const SpanRow& row) { return row.fields.dropped_links; });
    fill(to_.event_begin, [](const SpanRow& row) { return row.event_begin; });
    fill(to_.link_begin, [](const SpanRow& row) { return row.link_begin; });
    fill(to_.kind, [](const SpanRow& row) { return row.fields.kind; });
    fill(to_.status_code, [](const SpanRow& row) { return row.fields.status_code; });
    FillLists(to_.attributes, from_.spans_, begin, end);
  }

  void WriteEvents() {
    const auto fill = [&](auto column, auto get) { Fill(column, from_.events_, 0, from_.events_.size(), get); };
    fill(to_.event_time_ns, [](const EventRow& row) { return row.fields.time_ns; });
    fill(to_.event_name, [](const EventRow& row) { return row.fields.name; });
    fill(to_.event_dropped_attributes, [](const EventRow& row) { return row.fields.dropped_attributes; });
    FillLists(to_.event_attributes, from_.events_, 0, from_.events_.size());
  }

  void WriteLinks() {
    const auto fill = [&](auto column, auto get) { Fill(column, from_.links_, 0, from_.links_.size(), get); };
    fill(to_.link_trace_id_high, [](const LinkRow& row) { return row.fields.trace_id.high; });
    fill(to_.link_trace_id_low, [](const LinkRow& row) { return row.fields.trace_id.low; });
    fill(to_.link_span_id, [](const LinkRow& row) { return row.fields.span_id; });
    fill(to_.link_trace_state, [](const LinkRow& row) { return row.fields.trace_state; });
    fill(to_.link_flags, [](const LinkRow& row) { return row.fields.flags; });
    fill(to_.link_dropped_attributes, [](const LinkRow& row) { return row.fields.dropped_attributes; });
    FillLists(to_.link_attributes, from_.links_, 0, from_.links_.size());
  }

  void WriteResources() {
    const auto& rows = from_.resources_;
    const auto fill = [&](auto column, auto get) { Fill(column, rows, 0, rows.size(), get); };
    fill(to_.resource_service_name, [this](const OriginRow& row) { return from_.ServiceName(row); });
    fill(to_.resource_schema_url, [](const OriginRow& row) { return row.schema_url; });
    fill(to_.resource_dropped_attributes, [](const OriginRow& row) { return row.dropped_attributes; });
    FillLists(to_.resource_attributes, rows, 0, rows.size());
  }

  void WriteScopes() {
    const auto& rows = from_.scopes_;
    const auto fill = [&](auto column, auto get) { Fill(column, rows, 0, rows.size(), get); };
    fill(to_.scope_name, [](const OriginRow& row) { return row.name; });
    fill(to_.scope_version, [](const OriginRow& row) { return row.version; });
    fill(to_.scope_schema_url, [](const OriginRow& row) { return row.schema_url; });
    fill(to_.scope_dropped_attributes, [](const OriginRow& row) { return row.dropped_attributes; });
    FillLists(to_.scope_attributes, rows, 0, rows.size());
  }

  const SpanBatchBuilder& from_;
  SpanBatch& to_;
};

Result<std::shared_ptr<const SpanBatch>> SpanBatchBuilder::Finish() {
  if (spans_.empty()) return std::shared_ptr<const SpanBatch>();
  if (resources_.empty()) AddResource({}, 0, 0);
  if (scopes_.empty()) AddScope(0, 0, {}, 0, 0);
  const size_t most = std::max({spans_.size(), events_.size(), links_.size(), values_.size(), shapes_.keys().size()});
  if (most >= UINT32_MAX || strings_.overflowed()) {
    return TooLarge(fmt::format("batch: {} spans with {} attributes and {} bytes of text pass 32 bits", spans_.size(),
                                values_.size(), strings_.bytes().size()));
  }
  SpanBatchHeader header;
  header.spans = static_cast<uint32_t>(spans_.size());
  header.events = static_cast<uint32_t>(events_.size());
  header.links = static_cast<uint32_t>(links_.size());
  header.resources = static_cast<uint32_t>(resources_.size());
  header.scopes = static_cast<uint32_t>(scopes_.size());
  header.shapes = static_cast<uint32_t>(shapes_.shape_count());
  header.fields = static_cast<uint32_t>(shapes_.keys().size());
  header.values = static_cast<uint32_t>(values_.size());
  header.strings = static_cast<uint32_t>(strings_.count());
  header.string_bytes = static_cast<uint32_t>(strings_.bytes().size());
  auto buffer = std::make_unique_for_overwrite<std::byte[]>(SpanBatchLayout::SizeBytes(header));
  std::memcpy(buffer.get(), &header, sizeof(header));
  std::shared_ptr<SpanBatch> batch = SpanBatchLayout::Map(std::move(buffer), header);
  Writer(*this, *batch).Write();
  return std::shared_ptr<const SpanBatch>(std::move(batch));
}

}  // namespace spoor
