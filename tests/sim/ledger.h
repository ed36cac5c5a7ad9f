// Ledger: what a simulated sender knows of the batches that it sent, and so what a store must answer.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "plan/reference_store.h"
#include "store/store.h"
#include "store/test_spans.h"

namespace spoor {

// One thread's at a time.
class Ledger {
 public:
  enum class Fate : uint8_t {
    kUnanswered,    // sent, and nothing was said of it
    kAcknowledged,  // must be there until retention may take it
    kRefused,       // need not be there, but may turn up after a restart: a disk can keep what it said it did not
    kExpired,       // was there, and retention has taken it
  };

  struct Sent {
    std::shared_ptr<const SpanBatch> batch;
    TraceId probe;  // a trace of which this batch alone has a span
    std::vector<TraceId> traces;
    Fate fate = Fate::kUnanswered;
    bool is_there = false;   // as far as is known
    int64_t sent_at_ns = 0;  // wall, for the first time: it has not arrived earlier
  };

  // The number of the batch, for what is said of it later.
  size_t Add(Sent sent);
  void Answer(size_t number, bool taken);

  // A batch that was sent no longer ago than the last `among`; none where nothing was sent.
  const Sent* Recent(uint64_t chance, size_t among) const;
  size_t NumberOf(const Sent& sent) const { return static_cast<size_t>(&sent - sent_.data()); }

  // After a restart: what was not acknowledged may be there or not, but whole. A failure of the test where something
  // that was acknowledged is not, and is younger than `age_ns`.
  void Settle(Store& store, int64_t now_ns, int64_t age_ns);
  // Finds what retention has taken, which must not be younger than `age_ns`.
  void NoteExpired(Store& store, int64_t now_ns, int64_t age_ns);

  // What was never acknowledged may be lost again after it was there: a disk that failed shows bytes that it will not
  // keep. Not so with power cuts alone.
  explicit Ledger(bool disk_fails) : disk_fails_(disk_fails) {}

  // With what can be asked for, and with everything that ever could: rollups outlive their spans.
  ReferenceStore& present();
  ReferenceStore& ever();
  // With all that was sent, taken or not.
  ReferenceStore& all() { return *all_; }

  std::vector<TraceId> Traces() const;  // of all batches, sorted
  size_t acknowledged() const { return acknowledged_; }
  size_t expired() const { return expired_; }

 private:
  void Arrive(Sent& sent);
  void ReturnFromExpiry(Sent& sent);

  const bool disk_fails_;
  std::vector<Sent> sent_;
  std::unique_ptr<ReferenceStore> present_ = std::make_unique<ReferenceStore>();
  std::unique_ptr<ReferenceStore> ever_ = std::make_unique<ReferenceStore>();
  std::unique_ptr<ReferenceStore> all_ = std::make_unique<ReferenceStore>();
  bool is_stale_ = false;       // present_ holds what is gone
  bool is_ever_stale_ = false;  // ever_ holds what was lost
  size_t acknowledged_ = 0;
  size_t expired_ = 0;
};

}  // namespace spoor
