// For tests: a sink that keeps what it is given and answers as it is told.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "model/span_sink.h"

namespace spoor {

// Thread-safe.
class FakeSink final : public SpanSink {
 public:
  void Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, Done done) override {
    Status answer;
    {
      const std::lock_guard lock(mutex_);
      answer = answer_;
      batches_.push_back(std::move(batch));
      memories_.push_back(std::move(memory));
    }
    done(std::move(answer));
  }

  // What every Append from now on is answered with.
  void AnswerWith(Status answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  std::vector<std::shared_ptr<const SpanBatch>> batches() const {
    const std::lock_guard lock(mutex_);
    return batches_;
  }
  void Forget() {
    const std::lock_guard lock(mutex_);
    batches_.clear();
    memories_.clear();
  }

 private:
  mutable std::mutex mutex_;
  Status answer_;
  std::vector<std::shared_ptr<const SpanBatch>> batches_;
  std::vector<MemoryReservation> memories_;
};

}  // namespace spoor
