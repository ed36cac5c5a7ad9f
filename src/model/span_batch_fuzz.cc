// SpanBatch::Parse over any bytes: what it takes can be read through every accessor.
#include "model/span_batch.h"

#include <cstring>

#include "base/check.h"
#include "model/any_value.h"

namespace spoor {
namespace {

void TouchList(const SpanBatch& batch, const AttributeListColumns& lists, size_t row) {
  const auto keys = batch.ShapeKeys(lists.shape[row]);
  const auto types = batch.ShapeTypes(lists.shape[row]);
  for (size_t i = 0; i < keys.size(); ++i) {
    SPOOR_CHECK(batch.Find(batch.String(keys[i])).has_value());
    const uint64_t cell = batch.values[lists.value_begin[row] + i];
    if (!IsCode(types[i])) continue;
    const std::string_view bytes = batch.String(static_cast<StringCode>(cell));
    if (types[i] >= ValueType::kArray) (void)CheckAnyValue(bytes);
  }
}

void Touch(const SpanBatch& batch) {
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    (void)batch.String(batch.name[row]);
    (void)batch.String(batch.service_name(row));
    (void)batch.String(batch.scope_name[batch.scope[row]]);
    TouchList(batch, batch.attributes, row);
    TouchList(batch, batch.resource_attributes, batch.resource[row]);
    TouchList(batch, batch.scope_attributes, batch.scope[row]);
    for (uint32_t event = batch.event_begin[row]; event < batch.event_begin[row + 1]; ++event) {
      (void)batch.String(batch.event_name[event]);
      TouchList(batch, batch.event_attributes, event);
    }
    for (uint32_t link = batch.link_begin[row]; link < batch.link_begin[row + 1]; ++link) {
      (void)batch.String(batch.link_trace_state[link]);
      TouchList(batch, batch.link_attributes, link);
    }
  }
}

}  // namespace
}  // namespace spoor

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto buffer = std::make_unique<std::byte[]>(size);
  if (size != 0) std::memcpy(buffer.get(), data, size);
  const auto batch = spoor::SpanBatch::Parse(std::move(buffer), size);
  if (batch) spoor::Touch(**batch);
  return 0;
}
