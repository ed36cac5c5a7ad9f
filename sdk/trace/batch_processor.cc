#include "trace/batch_processor.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "trace/clock.h"
#include "trace/diagnostics.h"
#include "trace/environment.h"
#include "trace/fork.h"
#include "trace/thread_block.h"

namespace spoor::trace {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kCutOffGrace{100};  // for an exporter to return once it was told to
constexpr milliseconds kTimeMax = std::chrono::hours(24);

// Lets one thread sleep and any other wake it, without a lock, also before it sleeps.
class Signal {
 public:
  Signal() { Reset(); }
  ~Signal() { sem_destroy(&semaphore_); }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  void Give() noexcept { sem_post(&semaphore_); }
  void Wait() noexcept {
    while (sem_wait(&semaphore_) != 0 && errno == EINTR) {
    }
  }
  void WaitUntil(Clock::time_point time) noexcept {
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
    const timespec until{static_cast<time_t>(since / 1'000'000'000), static_cast<long>(since % 1'000'000'000)};
    while (sem_clockwait(&semaphore_, CLOCK_MONOTONIC, &until) != 0 && errno == EINTR) {
    }
  }
  // As new, for the child of a fork.
  void Reset() noexcept { sem_init(&semaphore_, 0, 0); }

 private:
  sem_t semaphore_;
};

// While it lives, no signal comes to this thread nor to those that it starts: a program's handlers do not run on the
// library's threads. But for those that tell of a mistake on the very thread, as a crash is to be reported.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT}) sigdelset(&all, own);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

class Batch final : public BatchProcessor, public std::enable_shared_from_this<Batch> {
 public:
  Batch(SpanExporterPtr exporter, const BatchOptions& options)
      : options_(Sensible(options)),
        queue_(options_.queue_spans_max, {[](void* self) noexcept { static_cast<Batch*>(self)->OnWake(); }, this}),
        exporter_(std::move(exporter)) {}

  ~Batch() override { Shutdown(options_.export_timeout); }

  SpanQueue& queue() noexcept { return queue_; }

  void OnEnd(const FinishedSpan& span) noexcept override {
    if (span.context().IsSampled()) queue_.Push(SpanRecord::OfFinished(span));
  }

  bool ForceFlush(milliseconds timeout) noexcept override {
    const auto deadline = After(timeout);
    const uint64_t target = queue_.pushed();
    std::unique_lock lock(mutex_);
    const uint64_t failed_before = failed_;
    if (handled_ < target) {
      flush_until_ = std::max(flush_until_, target);
      signal_.Give();
      done_.wait_until(lock, deadline, [&] { return handled_ >= target || is_stopped_; });
      if (handled_ < target || failed_ != failed_before) return false;
    }
    lock.unlock();
    return exporter_->ForceFlush(Left(deadline));
  }

  bool Shutdown(milliseconds timeout) noexcept override {
    const auto deadline = After(timeout);
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(is_stopping_, true)) return is_stopped_;
      queue_.Close();
      // Where a span is in the queue, a thread runs or is just being started by whoever pushed it.
      if (!has_thread_ && queue_.pushed() == 0) is_stopped_ = true;
    }
    exporter_->BeginShutdown();
    signal_.Give();
    std::unique_lock lock(mutex_);
    const auto is_stopped = [this] { return is_stopped_; };
    if (!done_.wait_until(lock, deadline, is_stopped)) {
      lock.unlock();
      exporter_->Shutdown();  // cuts what is under way
      lock.lock();
      done_.wait_until(lock, After(kCutOffGrace), is_stopped);
    }
    const bool has_thread = std::exchange(has_thread_, false);
    const bool stopped = is_stopped_;
    lock.unlock();
    if (stopped) {
      if (has_thread) pthread_join(thread_, nullptr);
      exporter_->ForceFlush(Left(deadline));
      exporter_->Shutdown();
    } else {
      Diagnose(DiagnosticLevel::kError, "an exporter does not come to an end; its thread is left behind");
      if (has_thread) pthread_detach(thread_);  // it keeps what it uses
    }
    return stopped;
  }

  BatchCounts counts() const noexcept override {
    const std::lock_guard lock(mutex_);
    const uint64_t dropped = queue_.dropped();
    return {queue_.pushed() + dropped, exported_, dropped, failed_};
  }

 private:
  static BatchOptions Sensible(BatchOptions options) {
    options.queue_spans_max = std::clamp<size_t>(options.queue_spans_max, 1, size_t{1} << 24);
    options.batch_spans_max = std::clamp<size_t>(options.batch_spans_max, 1, options.queue_spans_max);
    options.schedule_delay = std::clamp(options.schedule_delay, milliseconds(0), kTimeMax);
    options.export_timeout =
        options.export_timeout <= milliseconds(0) ? kTimeMax : std::min(options.export_timeout, kTimeMax);
    return options;
  }

  // From a thread that has just ended a span, when the exporting one sleeps or is not there yet.
  void OnWake() noexcept {
    signal_.Give();
    if (is_started_.load(std::memory_order_acquire)) return;
    const std::lock_guard lock(mutex_);
    if (!has_thread_ && !is_stopped_) StartThread();
  }

  // REQUIRES mutex_.
  void StartThread() noexcept {
    const SignalsBlocked blocked;
    auto* self = new (std::nothrow) std::shared_ptr<Batch>(shared_from_this());  // check-ok(bans): the thread's own
    const auto run = [](void* argument) -> void* {
      const std::unique_ptr<std::shared_ptr<Batch>> owned(static_cast<std::shared_ptr<Batch>*>(argument));
      pthread_setname_np(pthread_self(), "spoor-export");
      (*owned)->Run();
      return nullptr;
    };
    has_thread_ = self != nullptr && pthread_create(&thread_, nullptr, run, self) == 0;
    is_started_.store(true, std::memory_order_release);
    if (has_thread_) return;
    delete self;  // check-ok(bans): no thread has it
    queue_.Close();
    while (SpanRecord* record = queue_.Pop()) {
      record->Release();
      ++failed_;
    }
    is_stopped_ = true;
    done_.notify_all();
    Diagnose(DiagnosticLevel::kError, "no thread for exporting spans could be started; spans are dropped");
  }

  // The exporting thread.

  void Run() {
    thread_block.is_exporting = true;
    std::vector<FinishedSpan> batch;  // here and not a member: a fork's child leaves it alone
    batch.reserve(options_.batch_spans_max);
    bool is_waiting = false;  // whether there are spans, whose batch goes at export_at
    Clock::time_point export_at;
    while (true) {
      if (queue_.size() == 0) {
        is_waiting = false;
      } else if (!std::exchange(is_waiting, true)) {
        export_at = Clock::now() + options_.schedule_delay;
      }
      Sleep(is_waiting, export_at);
      const bool is_due = is_waiting && Clock::now() >= export_at;
      const uint64_t due = is_due ? queue_.pushed() : 0;
      while (queue_.size() > 0 && (IsBatchFull() || queue_.popped() < due || IsHurried())) {
        ExportOne(batch);
        is_waiting = false;  // what is left waits anew
      }
      ReportDrops();
      const std::lock_guard lock(mutex_);
      if (!is_stopping_ || queue_.size() > 0) continue;
      is_stopped_ = true;
      done_.notify_all();
      return;
    }
  }

  // Until there is something to do.
  void Sleep(bool is_waiting, Clock::time_point export_at) {
    queue_.WakeAt(is_waiting ? options_.batch_spans_max : 1);
    const bool has_work = is_waiting ? IsBatchFull() || IsHurried() : queue_.size() > 0 || IsHurried();
    if (!has_work && is_waiting) signal_.WaitUntil(export_at);
    if (!has_work && !is_waiting) signal_.Wait();
    queue_.StayAwake();
  }

  bool IsBatchFull() const noexcept { return queue_.size() >= options_.batch_spans_max; }
  bool IsHurried() const {
    const std::lock_guard lock(mutex_);
    return is_stopping_ || flush_until_ > handled_;
  }

  void ExportOne(std::vector<FinishedSpan>& batch) {
    while (batch.size() < options_.batch_spans_max) {
      SpanRecord* record = queue_.Pop();
      if (record == nullptr) break;
      batch.push_back(record->TakeFinished());
    }
    if (batch.empty()) {
      sched_yield();  // somebody is just about to push
      return;
    }
    const ExportResult result = exporter_->Export({batch.data(), batch.size()}, options_.export_timeout);
    const size_t count = batch.size();
    batch.clear();
    const std::lock_guard lock(mutex_);
    (result == ExportResult::kSuccess ? exported_ : failed_) += count;
    handled_ += count;
    done_.notify_all();
  }

  void ReportDrops() {
    if (queue_.dropped() == 0) return;
    dropped_said_(DiagnosticLevel::kWarn, [&] {
      return "spans end faster than they can be exported: some are dropped, and counted. A larger "
             "OTEL_BSP_MAX_QUEUE_SIZE (now " +
             std::to_string(options_.queue_spans_max) +
             ") helps against bursts, sampling against steady load. This is said once";
    });
  }

  // In the child of a fork. What waits is the parent's to export; the exporting thread is the parent's, too.
  void BeginAnew() noexcept {
    queue_.Reset();
    signal_.Reset();
    // Not destroyed, as that waits for those who wait on it, and they are not here.
    new (&done_) std::condition_variable;
    exported_ = failed_ = handled_ = flush_until_ = 0;
    has_thread_ = false;
    is_started_.store(false, std::memory_order_relaxed);
    if (is_stopping_) {
      queue_.Close();
      is_stopped_ = true;
    }
    mutex_.unlock();
    exporter_->AfterFork();
  }
  static void Hold(void* self) noexcept { static_cast<Batch*>(self)->mutex_.lock(); }
  static void Resume(void* self) noexcept { static_cast<Batch*>(self)->mutex_.unlock(); }
  static void BeginAnew(void* self) noexcept { static_cast<Batch*>(self)->BeginAnew(); }
  static constexpr ForkRegistration::Handlers kForkHandlers{Hold, Resume, BeginAnew};

  const BatchOptions options_;
  Signal signal_;
  SpanQueue queue_;
  const SpanExporterPtr exporter_;
  DiagnoseOnce dropped_said_;
  std::atomic<bool> is_started_{false};

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable done_;
  pthread_t thread_{};
  bool has_thread_ = false;
  bool is_stopping_ = false;
  bool is_stopped_ = false;
  uint64_t exported_ = 0;
  uint64_t failed_ = 0;
  uint64_t handled_ = 0;      // exported or failed
  uint64_t flush_until_ = 0;  // export without waiting until so many are handled

  const ForkRegistration fork_{kForkHandlers, this};
};

}  // namespace

SpanQueue* QueueOf(SpanProcessor& processor) noexcept {
  auto* batch = dynamic_cast<Batch*>(&processor);
  return batch == nullptr ? nullptr : &batch->queue();
}

std::shared_ptr<BatchProcessor> BatchProcessor::Make(SpanExporterPtr exporter, const BatchOptions& options) {
  return std::make_shared<Batch>(std::move(exporter), options);
}

namespace {

// A count from 1 on; `otherwise` where the variable says none.
size_t CountFrom(const char* name, size_t otherwise) {
  const auto count = environment::Number(name);
  if (count && *count > 0) return static_cast<size_t>(*count);
  if (count) Diagnose(DiagnosticLevel::kWarn, std::string(name) + "=0 holds nothing; it is ignored");
  return otherwise;
}

milliseconds TimeFrom(const char* name, milliseconds otherwise) {
  const auto time = environment::Number(name);
  return time ? milliseconds(std::min<uint64_t>(*time, static_cast<uint64_t>(kTimeMax.count()))) : otherwise;
}

}  // namespace

BatchOptions BatchOptions::FromEnvironment() {
  BatchOptions options;
  options.queue_spans_max = CountFrom("OTEL_BSP_MAX_QUEUE_SIZE", options.queue_spans_max);
  options.batch_spans_max = CountFrom("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", options.batch_spans_max);
  options.schedule_delay = TimeFrom("OTEL_BSP_SCHEDULE_DELAY", options.schedule_delay);
  options.export_timeout = TimeFrom("OTEL_BSP_EXPORT_TIMEOUT", options.export_timeout);
  return options;
}

}  // namespace spoor::trace
