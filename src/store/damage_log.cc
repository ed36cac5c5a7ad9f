#include "store/damage_log.h"

#include "base/log.h"
#include "store/store_metrics.h"

namespace spoor {

void DamageLog::Report(const Error& error) {
  if (error.code != Code::kCorrupt && error.code != Code::kIo) return;
  {
    const std::lock_guard lock(mutex_);
    if (told_.contains(error.message)) return;
    if (told_.size() < kToldMax) told_.insert(error.message);
  }
  count_.fetch_add(1, std::memory_order_relaxed);
  StoreMetrics::Get().damage.Add();
  LogError("damage on disk, the rest is served", {{"code", CodeName(error.code)}, {"reason", error.message}});
}

}  // namespace spoor
