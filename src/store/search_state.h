// SearchState: what all steps of one search share: what it looks at, for how long, and what could not be read.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/trace_store.h"
#include "store/damage_log.h"
#include "store/scan_pool.h"
#include "store/straddlers.h"
#include "store/trace_facts_cache.h"
#include "store/view.h"

namespace spoor {

// Thread-safe, but for Begin and Finish.
class SearchState {
 public:
  SearchState(const View& view, Straddlers& straddlers, TraceFactsCache& facts, const QueryContext& context,
              DamageLog& damage, ScanPool& pool)
      : view_(view), straddlers_(straddlers), facts_(facts), context_(context), damage_(damage), pool_(pool) {}

  // Blocks that cannot be opened are missed from the beginning.
  Status Begin();

  // Something cannot be read: the answer goes on without it, and says so. An error only where nobody waits any more.
  Status Miss(Error error);
  Status Unless(Status status) { return status ? Status() : Miss(std::move(status).error()); }

  // Of a block of the view. Kept from one question to the next, as far as there is room.
  Result<std::shared_ptr<const TraceFacts>> Facts(uint32_t block) const { return facts_.Get(*view_.blocks[block]); }
  // The same where they are there already; else null.
  std::shared_ptr<const TraceFacts> CachedFacts(uint32_t block) const {
    return facts_.Find(view_.blocks[block]->info().id);
  }
  TraceFactsCache& facts_cache() const { return facts_; }

  // Moves what could not be read into an answer.
  template <class Answer>
  void Finish(Answer& answer) {
    answer.complete = complete_;
    answer.warnings = std::move(warnings_);
  }

  const View& view() const { return view_; }
  Straddlers& straddlers() const { return straddlers_; }
  // kCancelled once the deadline is over or nobody waits.
  Status Check() const { return context_.Check(); }
  const QueryContext& context() const { return context_; }
  ScanPool& pool() const { return pool_; }

 private:
  // A page with a hole can damage thousands of traces; its sentence is told once, and no answer tells more than this.
  static constexpr size_t kWarningsMax = 20;

  const View& view_;
  Straddlers& straddlers_;
  TraceFactsCache& facts_;
  const QueryContext& context_;
  DamageLog& damage_;
  ScanPool& pool_;
  std::mutex mutex_;  // of what follows
  bool complete_ = true;
  std::vector<std::string> warnings_;
};

}  // namespace spoor
