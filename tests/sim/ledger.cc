#include "ledger.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace spoor {

size_t Ledger::Add(Sent sent) {
  all_->Add(sent.batch);
  sent_.push_back(std::move(sent));
  return sent_.size() - 1;
}

void Ledger::Answer(size_t number, bool taken) {
  Sent& sent = sent_[number];
  if (!taken) {
    if (sent.fate == Fate::kUnanswered) sent.fate = Fate::kRefused;
    return;
  }
  if (sent.fate != Fate::kAcknowledged) {
    sent.fate = Fate::kAcknowledged;
    ++acknowledged_;
  }
  Arrive(sent);
}

void Ledger::Arrive(Sent& sent) {
  if (sent.is_there) return;
  sent.is_there = true;
  present_->Add(sent.batch);
  ever_->Add(sent.batch);
}

const Ledger::Sent* Ledger::Recent(uint64_t chance, size_t among) const {
  const size_t count = std::min(among, sent_.size());
  return count == 0 ? nullptr : &sent_[sent_.size() - 1 - chance % count];
}

void Ledger::Settle(Store& store, int64_t now_ns, int64_t age_ns) {
  if (age_ns > 0) NoteExpired(store, now_ns, age_ns);
  for (Sent& sent : sent_) {
    const bool is_there = store.GetTrace(sent.probe, {}).has_value();
    if (sent.fate == Fate::kExpired) {
      if (is_there) ReturnFromExpiry(sent);
    } else if (sent.fate == Fate::kAcknowledged) {
      EXPECT_TRUE(is_there) << "batch " << NumberOf(sent) << " was acknowledged and is lost";
    } else if (is_there) {
      Arrive(sent);
    } else if (disk_fails_ && sent.is_there) {
      sent.is_there = false;
      is_stale_ = is_ever_stale_ = true;
    } else {
      EXPECT_FALSE(sent.is_there) << "batch " << NumberOf(sent) << " was there after a restart and is lost";
    }
  }
}

// The removal of its block did not reach the disk. The next round of retention takes it again.
void Ledger::ReturnFromExpiry(Sent& sent) {
  sent.fate = Fate::kRefused;
  sent.is_there = true;
  present_->Add(sent.batch);
}

void Ledger::NoteExpired(Store& store, int64_t now_ns, int64_t age_ns) {
  for (Sent& sent : sent_) {
    // What is younger must be there, and is missed as any other.
    if (!sent.is_there || sent.fate == Fate::kExpired || now_ns - sent.sent_at_ns < age_ns) continue;
    const auto found = store.GetTrace(sent.probe, {});
    if (found || found.error().code != Code::kNotFound) continue;
    sent.fate = Fate::kExpired;
    sent.is_there = false;
    is_stale_ = true;
    ++expired_;
  }
}

ReferenceStore& Ledger::present() {
  if (!is_stale_) return *present_;
  present_ = std::make_unique<ReferenceStore>();
  for (const Sent& sent : sent_) {
    if (sent.is_there) present_->Add(sent.batch);
  }
  is_stale_ = false;
  return *present_;
}

ReferenceStore& Ledger::ever() {
  if (!is_ever_stale_) return *ever_;
  ever_ = std::make_unique<ReferenceStore>();
  for (const Sent& sent : sent_) {
    if (sent.is_there || sent.fate == Fate::kExpired) ever_->Add(sent.batch);
  }
  is_ever_stale_ = false;
  return *ever_;
}

std::vector<TraceId> Ledger::Traces() const {
  std::vector<TraceId> ids;
  for (const Sent& sent : sent_) ids.insert(ids.end(), sent.traces.begin(), sent.traces.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace spoor
