// An exporter that fails, hangs and counts as a test wants.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "api/span_exporter.h"

namespace spoor::trace::testing {

// What the test and its exporter share: an exporter stays as long as the process, a test does not.
struct ExportScript {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_held = false;      // exports wait until this is false, or until Shutdown where that cuts them
  bool is_stubborn = false;  // Shutdown does not cut
  bool is_cut = false;
  bool fails = false;
  int waiting = 0;
  std::vector<size_t> batches;
  uint64_t spans = 0;
  int last_calls = 0, flushes = 0, shutdowns = 0, forks = 0;

  void Set(const std::function<void(ExportScript&)>& change) {
    const std::lock_guard lock(mutex);
    change(*this);
    changed.notify_all();
  }
  // False after twenty seconds.
  bool WaitFor(const std::function<bool(const ExportScript&)>& condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return condition(*this); });
  }
};

class ScriptedExporter final : public SpanExporter {
 public:
  explicit ScriptedExporter(std::shared_ptr<ExportScript> script) : script_(std::move(script)) {}

  ExportResult Export(ListView<FinishedSpan> spans, std::chrono::milliseconds) noexcept override {
    ExportScript& script = *script_;
    std::unique_lock lock(script.mutex);
    ++script.waiting;
    script.changed.notify_all();
    script.changed.wait(lock, [&] { return !script.is_held || script.is_cut; });
    --script.waiting;
    script.batches.push_back(spans.size());
    script.spans += spans.size();
    script.changed.notify_all();
    return script.fails || script.is_cut ? ExportResult::kFailure : ExportResult::kSuccess;
  }
  bool ForceFlush(std::chrono::milliseconds) noexcept override {
    script_->Set([](ExportScript& script) { ++script.flushes; });
    return true;
  }
  void BeginShutdown() noexcept override {
    script_->Set([](ExportScript& script) { ++script.last_calls; });
  }
  void Shutdown() noexcept override {
    script_->Set([](ExportScript& script) {
      ++script.shutdowns;
      script.is_cut = !script.is_stubborn;
    });
  }
  void AfterFork() noexcept override { ++script_->forks; }

 private:
  const std::shared_ptr<ExportScript> script_;
};

}  // namespace spoor::trace::testing
