#include "api/exporters.h"

namespace spoor::trace {
namespace {

class InMemory final : public SpanExporter {
 public:
  explicit InMemory(std::shared_ptr<SpansInMemory> spans) : spans_(std::move(spans)) {}
  ExportResult Export(ListView<FinishedSpan> spans, std::chrono::milliseconds) noexcept override {
    spans_->Add(spans);
    return ExportResult::kSuccess;
  }

 private:
  const std::shared_ptr<SpansInMemory> spans_;
};

}  // namespace

SpanExporterPtr InMemoryExporter(std::shared_ptr<SpansInMemory> spans) {
  return std::make_unique<InMemory>(std::move(spans));
}

}  // namespace spoor::trace
