#include "model/span_batch_layout.h"

#include <bit>
#include <cstring>

namespace spoor {

static_assert(std::endian::native == std::endian::little, "columns are used as they stand in the file");

uint64_t SpanBatchLayout::SizeBytes(const SpanBatchHeader& header) {
  uint64_t size = sizeof(SpanBatchHeader);
  SpanBatch none;
  ForEachColumn(none, header, [&]<class T>(std::span<const T>&, uint64_t count) { size += count * sizeof(T); });
  return size;
}

std::shared_ptr<SpanBatch> SpanBatchLayout::Map(std::unique_ptr<std::byte[]> buffer, const SpanBatchHeader& header) {
  // std::make_shared needs a constructor that it may call.
  struct Mapped : SpanBatch {};
  std::shared_ptr<SpanBatch> batch = std::make_shared<Mapped>();
  const std::byte* at = buffer.get() + sizeof(SpanBatchHeader);
  ForEachColumn(*batch, header, [&]<class T>(std::span<const T>& column, uint64_t count) {
    column = {reinterpret_cast<const T*>(at), static_cast<size_t>(count)};
    at += count * sizeof(T);
  });
  batch->size_bytes_ = static_cast<size_t>(at - buffer.get());
  batch->buffer_ = std::move(buffer);
  return batch;
}

}  // namespace spoor
