#include <atomic>
#include <mutex>
#include <new>

#include "api/span_processor.h"
#include "trace/clock.h"
#include "trace/fork.h"
#include "trace/thread_block.h"

namespace spoor::trace {
namespace {

constexpr std::chrono::seconds kExportTimeout{30};

class Simple final : public SpanProcessor {
 public:
  explicit Simple(SpanExporterPtr exporter) : exporter_(std::move(exporter)) {}
  ~Simple() override { Shutdown({}); }

  void OnEnd(const FinishedSpan& span) noexcept override {
    // An exporter's own spans would be exported within an export.
    if (!span.context().IsSampled() || thread_block.is_exporting) return;
    const std::lock_guard lock(exporting_);
    if (is_shut_down_.load(std::memory_order_relaxed)) return;
    thread_block.is_exporting = true;
    exporter_->Export({&span, 1}, kExportTimeout);
    thread_block.is_exporting = false;
  }
  bool ForceFlush(std::chrono::milliseconds timeout) noexcept override { return Flush(After(timeout)); }
  bool Shutdown(std::chrono::milliseconds timeout) noexcept override {
    if (is_shut_down_.exchange(true)) return true;
    exporter_->BeginShutdown();
    const bool is_flushed = Flush(After(timeout));
    exporter_->Shutdown();  // cuts what is under way
    return is_flushed;
  }

 private:
  // Waits for what other threads are exporting. An exporter that flushes while it exports waits for nobody.
  bool Flush(std::chrono::steady_clock::time_point deadline) noexcept {
    if (thread_block.is_exporting) return false;
    const std::unique_lock lock(exporting_, deadline);
    return lock.owns_lock() && exporter_->ForceFlush(Left(deadline));
  }
  // A fork does not wait for an export to end, so the child's lock may be taken by a thread that is not there.
  void BeginAnew() noexcept {
    new (&exporting_) std::timed_mutex;
    exporter_->AfterFork();
  }
  static void BeginAnew(void* self) noexcept { static_cast<Simple*>(self)->BeginAnew(); }
  static void Nothing(void*) noexcept {}
  static constexpr ForkRegistration::Handlers kForkHandlers{Nothing, Nothing, BeginAnew};

  std::timed_mutex exporting_;
  const SpanExporterPtr exporter_;
  std::atomic<bool> is_shut_down_{false};
  const ForkRegistration fork_{kForkHandlers, this};
};

}  // namespace

SpanProcessorPtr SimpleProcessor(SpanExporterPtr exporter) { return std::make_shared<Simple>(std::move(exporter)); }

}  // namespace spoor::trace
