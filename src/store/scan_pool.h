// ScanPool: threads that help questions to look at many pages.
#pragma once

#include <functional>

#include "base/worker_pool.h"

namespace spoor {

// Thread-safe. A question that asks alone gets all helpers; several share them.
class ScanPool {
 public:
  // `helpers`: threads beside the one that asks; may be 0.
  explicit ScanPool(int helpers) : helpers_(helpers), pool_("scan", helpers, kQueueMax) {}

  // Runs `work` here and at the same time on the helpers that are free. Returns when all of them have come back from
  // it; none of them begins later.
  void Run(const std::function<void()>& work);

 private:
  static constexpr size_t kQueueMax = 1024;

  const int helpers_;
  WorkerPool pool_;
};

}  // namespace spoor
