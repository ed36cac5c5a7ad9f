#include "simulation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "plan/contract/same_answers.h"
#include "store/store_metrics.h"

namespace spoor {
namespace {

constexpr size_t kStepsTold = 40;
constexpr int kDepthMax = 2;
// Within one step; else blocks could be sealed for ever while others are merged.
constexpr int kEventsPerStep = 100;
constexpr int64_t kSecondNs = 1'000'000'000;
constexpr size_t kResentAmong = 6;
constexpr uint64_t kWindowNs = 999;  // in which most spans start
constexpr const char* kProbeService = "probe";

constexpr const char* kServices[] = {"a", "b", "c", ""};
constexpr const char* kNames[] = {"x", "y", "z"};

// Whether an answer may be an error after the disk has failed. Never: an invented absence.
bool IsHonestError(const Error& error) {
  return error.code == Code::kIo || error.code == Code::kCorrupt || error.code == Code::kBusy ||
         error.code == Code::kFull;
}

}  // namespace

Simulation::Simulation(const SimulationOptions& options)
    : options_(options), random_(options.seed), ledger_(options.faults == SimulatedFaults::kDisk), busy_(5) {
  merges_before_ = StoreMetrics::Get().compactions.value();
  merged_before_ = StoreMetrics::Get().compaction_blocks.value();
  store_options_ = TestStoreOptions(*files_, budget_, clock_);
  store_options_.has_threads = false;
  store_options_.live.rows = static_cast<uint32_t>(4 + Below(80));
  store_options_.live.age = std::chrono::seconds(60 + Below(3600));
  store_options_.page_cache_bytes = OneIn(4) ? 4096 : 4 << 20;
  store_options_.rollup_cache_bytes = OneIn(3) ? 0 : 1 << 20;
  store_options_.free_bytes_floor = OneIn(2) ? 0 : 3000;
  if (OneIn(2)) store_options_.retention = std::chrono::hours(2 + Below(3));
  CompactionLimits& compaction = store_options_.compaction;
  compaction.enabled = !OneIn(8);
  compaction.spans_max = static_cast<uint32_t>(50 + Below(2000));
  compaction.inputs_max = 2 + Below(8);
  compaction.page_bytes = OneIn(4) ? 4096 : 4 << 20;
  compaction.partition = OneIn(2) ? std::chrono::hours(24) : std::chrono::minutes(1 + Below(60));
  for (int i = 0; i < 3; ++i) filters_.push_back(RandomFilter(random_, 2));
  filters_.push_back({AllOf{}});
  filters_.push_back({CompareIntrinsic{Intrinsic::kServiceName, CompareOp::kEqual, std::string("a")}});
  filters_.push_back({AttributeText{"error", "500"}});
}

Simulation::~Simulation() {
  store_.reset();
  files_->Observe(nullptr);
}

SimulationTally Simulation::tally() const {
  SimulationTally tally = tally_;
  tally.acknowledged = ledger_.acknowledged();
  tally.expired = ledger_.expired();
  tally.merges = StoreMetrics::Get().compactions.value() - merges_before_;
  tally.merged = StoreMetrics::Get().compaction_blocks.value() - merged_before_;
  return tally;
}

bool Simulation::MayFail() const { return is_tainted_ || files_->power_is_off(); }

bool Simulation::IsOver() const { return ::testing::Test::HasFailure(); }

void Simulation::Note(std::string step) {
  if (options_.tells_steps) std::fprintf(stderr, "%*s%s\n", 2 * depth_, "", step.c_str());
  last_steps_.push_back(std::string(static_cast<size_t>(2 * depth_), ' ') + std::move(step));
  if (last_steps_.size() > kStepsTold) last_steps_.erase(last_steps_.begin());
}

void Simulation::Run() {
  Open();
  const int crash_every = std::max(1, options_.steps / (options_.crashes + 1));
  for (int step = 0; step < options_.steps && !IsOver(); ++step) {
    ++tally_.steps;
    events_left_ = kEventsPerStep;
    if (step % crash_every == crash_every - 1) {
      Restart(true);
    } else if (OneIn(120)) {
      Restart(OneIn(2));
    } else if (OneIn(40)) {
      LetHoursGoBy();
    } else if (OneIn(50)) {
      InjectFault();
    } else if (is_tainted_ && OneIn(30)) {
      Note("the disk works again");
      ClearFaults();
    } else if (OneIn(300)) {
      Compare();
    } else {
      Happen(0);
    }
    if (files_->power_is_off()) Restart(true);
  }
  if (!IsOver()) Restart(false);
  if (!IsOver()) ExpireEverything();
  if (!IsOver()) return;
  std::string told;
  for (const std::string& step : last_steps_) told += "\n  " + step;
  if (options_.tells_steps) std::fprintf(stderr, "what the store logged:\n%s", log_.text().c_str());
  ADD_FAILURE() << "seed " << options_.seed << ", after step " << tally_.steps << "\nthe last steps:" << told;
}

void Simulation::Happen(int depth) {
  if (is_asking_) return HappenBehindAQuestion(depth);
  ++tally_.events;
  const int before = std::exchange(depth_, depth);
  const uint64_t dice = Below(24);
  if (dice < 6) {
    Send();
  } else if (dice < 11) {
    StepStore(Work::kCommit, depth);
  } else if (dice < 13) {
    StepStore(Work::kSeal, depth);
  } else if (dice < 15) {
    StepStore(Work::kSealUrgently, depth);
  } else if (dice < 17) {
    StepStore(Work::kCompact, depth);
  } else if (dice < 18) {
    if (OneIn(3)) StepStore(Work::kCompactAll, depth);
  } else if (dice < 19) {
    Note("ask to seal");
    store_->AskToSeal();
  } else if (dice < 20) {
    PassTime();
  } else {
    Ask(depth);
  }
  depth_ = before;
}

void Simulation::HappenBehindAQuestion(int depth) {
  ++tally_.events;
  constexpr Work kWorks[] = {Work::kSeal, Work::kSealUrgently, Work::kCompact, Work::kCompactAll};
  const int before = std::exchange(depth_, depth);
  StepStore(kWorks[Below(4)], depth);
  depth_ = before;
}

void Simulation::PassTime() {
  const int64_t by_ns = static_cast<int64_t>(1 + Below(OneIn(4) ? 100 : 5)) * kSecondNs;
  Note(fmt::format("{} s go by", by_ns / kSecondNs));
  clock_.Advance(by_ns);
}

void Simulation::StepStore(Work work, int depth) {
  constexpr const char* kWorks[] = {"commit", "seal", "seal urgently", "merge", "merge all"};
  // Merges wait for each other.
  const auto index = static_cast<size_t>(work == Work::kCompactAll ? Work::kCompact : work);
  if (busy_[index]) return;
  Note(kWorks[static_cast<size_t>(work)]);
  busy_[index] = true;
  const bool was_nesting = std::exchange(is_nesting_, depth < kDepthMax);
  (void)store_->Step(work);
  is_nesting_ = was_nesting;
  busy_[index] = false;
}

void Simulation::OnDiskCall(DiskCall call, const std::string& path) {
  for (const char c : path) fingerprint_ = fingerprint_ * 1099511628211u + static_cast<unsigned char>(c);
  fingerprint_ = fingerprint_ * 31 + static_cast<uint64_t>(call);
  // Not where others wait for whoever makes the call: removing what the log no longer needs.
  const bool is_alone = path.find("/wal") != std::string::npos &&
                        (call == DiskCall::kRemove || call == DiskCall::kSyncFolder || call == DiskCall::kList);
  if (!is_nesting_ || is_alone || events_left_ == 0 || files_->power_is_off()) return;
  if (!OneIn(call == DiskCall::kRead || call == DiskCall::kSize ? 40 : 6)) return;
  --events_left_;
  const bool was_nesting = std::exchange(is_nesting_, false);
  Happen(depth_ + 1);
  is_nesting_ = was_nesting;
}

std::shared_ptr<const SpanBatch> Simulation::MakeBatch(Ledger::Sent& sent) {
  // Traces of one time are not those of another, so that no part of a trace comes after retention has taken the rest.
  const int64_t retention_ns = store_options_.retention.count();
  const uint64_t epoch = retention_ns == 0 ? 0 : static_cast<uint64_t>(clock_.WallNanos() / (retention_ns / 4));
  const uint64_t probe = 1'000'000'000 + random_() % 1'000'000'000'000;
  std::vector<TestSpan> spans(1 + Below(8));
  for (TestSpan& span : spans) {
    span.trace = 1 + epoch * 64 + Below(24);
    span.id = 1 + Below(8);
    span.parent = Below(9);
    span.start_ns = kRandomStartNs + Below(kWindowNs + 1);
    span.duration_ns = Below(100);
    if (OneIn(3)) span.start_ns += Below(6) * 60 * static_cast<uint64_t>(kSecondNs);
    span.service = kServices[Below(4)];
    span.name = kNames[Below(3)];
    span.kind = static_cast<uint8_t>(Below(6));
    span.status = static_cast<uint8_t>(Below(3));
    if (OneIn(2)) span.attributes = {{"error", OneIn(2) ? "true" : "500"}};
    if (OneIn(5)) span.attributes.emplace_back("user.id", fmt::format("{:016x}", random_()));
    sent.traces.push_back(TestTraceId(span.trace));
  }
  spans.push_back({.trace = probe, .id = 1, .start_ns = kRandomStartNs + Below(kWindowNs), .service = kProbeService});
  sent.sent_at_ns = clock_.WallNanos();
  sent.probe = TestTraceId(probe);
  sent.traces.push_back(sent.probe);
  return MakeTestBatch(spans);
}

void Simulation::Send() {
  const Ledger::Sent* again = OneIn(6) ? ledger_.Recent(random_(), kResentAmong) : nullptr;
  // Later, retention may have taken the first one, and the second one would be a new span.
  if (again != nullptr && again->fate != Ledger::Fate::kExpired &&
      clock_.WallNanos() - again->sent_at_ns < 30 * kSecondNs) {
    const size_t number = ledger_.NumberOf(*again);
    Note(fmt::format("send batch {} again", number));
    return SendNumber(number, again->batch);
  }
  Ledger::Sent sent;
  sent.batch = MakeBatch(sent);
  const std::shared_ptr<const SpanBatch> batch = sent.batch;
  const size_t number = ledger_.Add(std::move(sent));
  Note(fmt::format("send batch {}", number));
  SendNumber(number, batch);
}

void Simulation::SendNumber(size_t number, std::shared_ptr<const SpanBatch> batch) {
  store_->Append(std::move(batch), {}, [this, number](const Status& status) {
    Note(fmt::format("batch {}: {}", number, status ? "taken" : status.error().message));
    ledger_.Answer(number, status.has_value());
  });
}

void Simulation::Ask(int depth) {
  if (files_->power_is_off()) return;
  ++tally_.questions;
  if (depth > 0) ++tally_.questions_meanwhile;
  if (store_options_.retention.count() > 0) {
    const bool was_nesting = std::exchange(is_nesting_, false);
    ledger_.NoteExpired(*store_, clock_.WallNanos(), store_options_.retention.count());
    is_nesting_ = was_nesting;
  }
  const bool was_nesting = std::exchange(is_nesting_, depth < kDepthMax);
  is_asking_ = true;
  const uint64_t dice = Below(8);
  if (dice < 4) {
    AskAboutATrace();
  } else if (dice < 7) {
    AskAsChanceHasIt();
  } else {
    AskForCounts();
  }
  is_asking_ = false;
  is_nesting_ = was_nesting;
}

void Simulation::AskAboutATrace() {
  const Ledger::Sent* sent = ledger_.Recent(random_(), 60);
  if (sent == nullptr) return;
  const TraceId id = sent->traces[Below(sent->traces.size())];
  Note("ask for trace " + TraceIdHex(id));
  const auto expected = ledger_.present().GetTrace(id, {});
  const auto found = store_->GetTrace(id, {});
  if (!found && MayFail() && IsHonestError(found.error())) return;
  ASSERT_EQ(found.has_value(), expected.has_value()) << TraceIdHex(id);
  if (!found) return;
  ASSERT_EQ(DescribeTrace(*found), DescribeTrace(*expected)) << TraceIdHex(id);
}

void Simulation::AskAsChanceHasIt() {
  SearchPlan plan;
  const size_t which = Below(filters_.size());
  plan.filter = filters_[which];
  plan.order = static_cast<TraceOrder>(Below(5));
  plan.limit = static_cast<uint32_t>(1 + Below(30));
  plan.count = OneIn(3);
  if (OneIn(3)) plan.start_max_ns = kRandomStartNs + Below(kWindowNs);
  Note(fmt::format("search in order {}", static_cast<int>(plan.order)));
  const auto expected = ledger_.present().Search(plan, {});
  const auto found = store_->Search(plan, {});
  if (MayFail() && (!found || !found->complete)) return;
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(found->complete);
  ASSERT_EQ(DescribeSummaries(found->traces), DescribeSummaries(expected->traces));
  ASSERT_EQ(found->trace_count, expected->trace_count) << fmt::format("filter {}, up to {}", which, plan.start_max_ns);
}

void Simulation::AskForCounts() {
  const bool is_about_probes = !counts_are_exact_ || OneIn(2);
  RedPlan plan;
  if (is_about_probes) plan.service = kProbeService;
  plan.by_operation = OneIn(2);
  if (OneIn(2)) plan.step_minutes = static_cast<uint32_t>(1 + Below(3));
  if (OneIn(2)) plan.start_max_ns = kRandomStartNs + Below(6) * 60 * static_cast<uint64_t>(kSecondNs);
  Note(is_about_probes ? "count what stands alone" : "count");
  const auto found = store_->Red(plan, {});
  const auto calls = store_->Calls(0, UINT64_MAX, {});
  if (MayFail() && (!found || !found->complete || !calls || !calls->complete)) return;
  const auto expected = ledger_.ever().Red(plan, {});
  if (counts_are_exact_) {
    ASSERT_EQ(DescribeRed(found), DescribeRed(expected));
    ASSERT_EQ(DescribeCalls(calls), DescribeCalls(ledger_.ever().Calls(0, UINT64_MAX, {})));
    return;
  }
  const auto total = [](const Result<RedAnswer>& answer) {
    int64_t count = 0;
    for (const RedSeries& one : answer->series) count += one.total.count();
    return count;
  };
  ASSERT_GE(total(found), total(expected)) << "counts are lost";
}

void Simulation::Compare() {
  if (is_tainted_) return;
  Note("compare every answer");
  files_->ClearFaults();
  const bool was_nesting = std::exchange(is_nesting_, false);
  is_asking_ = true;
  if (store_options_.retention.count() > 0) {
    ledger_.NoteExpired(*store_, clock_.WallNanos(), store_options_.retention.count());
  }
  if (ledger_.expired() == 0) {
    // What retention takes in between would be missed in the answers behind it.
    is_nesting_ = store_options_.retention.count() == 0;
    ExpectSameAnswers(*store_, ledger_.present(), filters_, kRandomStartNs, kRandomStartNs + kWindowNs);
  } else if (counts_are_exact_) {
    ExpectSameCounts(*store_, ledger_.ever(), kRandomStartNs);
  } else {
    AskForCounts();
  }
  is_asking_ = false;
  is_nesting_ = was_nesting;
}

void Simulation::InjectFault() {
  const bool is_crash = options_.faults == SimulatedFaults::kCrashes || OneIn(3);
  if (!is_crash && ledger_.expired() > 0) counts_are_exact_ = false;
  if (!is_crash && OneIn(5)) return FillDisk();
  DiskFault fault;
  fault.at = 1 + Below(30);
  if (is_crash) {
    fault.kind = DiskFaultKind::kCrash;
  } else {
    fault.kind = OneIn(2) ? DiskFaultKind::kEio : DiskFaultKind::kEnospc;
    fault.and_after = OneIn(4);
    constexpr const char* kParts[] = {"", "", "wal/", "blocks/", "rollups/", ".block", ".straddlers"};
    fault.path_part = kParts[Below(std::size(kParts))];
    is_tainted_ = true;
  }
  if (OneIn(2)) {
    const std::vector<DiskCall> changing = ChangingDiskCalls();
    fault.calls = {changing[Below(changing.size())]};
    if (OneIn(2)) fault.at = 1 + Below(4);
  }
  ++tally_.faults;
  Note(fmt::format("fault {} at call {} from now{}{}{}", static_cast<int>(fault.kind), fault.at,
                   fault.and_after ? " and after" : "",
                   fault.calls.empty() ? "" : fmt::format(", of {}", DiskCallName(fault.calls.front())),
                   fault.path_part.empty() ? "" : ", in " + fault.path_part));
  files_->Inject(fault);
  if (OneIn(3)) StepStore(Work::kCompactAll, 0);
}

void Simulation::FillDisk() {
  const uint64_t free_bytes = Below(8000);
  Note(fmt::format("{} bytes are free on the disk", free_bytes));
  ++tally_.faults;
  is_tainted_ = true;
  files_->SetCapacity(files_->used_bytes() + free_bytes);
}

void Simulation::ClearFaults() {
  files_->ClearFaults();
  files_->SetCapacity(FaultFileSystem::kUnlimitedBytes);
}

void Simulation::Open() {
  store_options_.files = files_.get();
  if (!options_.ignored_syncs.empty()) files_->IgnoreSyncs(DiskCall::kSync, options_.ignored_syncs);
  files_->Observe([this](DiskCall call, const std::string& path) { OnDiskCall(call, path); });
  auto store = Store::Open(store_options_);
  ASSERT_TRUE(store) << store.error().message;
  store_ = *std::move(store);
  is_tainted_ = hours_went_by_on_bad_disk_ = false;
}

void Simulation::Restart(bool by_power_cut) {
  constexpr CrashPolicy kPolicies[] = {CrashPolicy::kDropUnsynced, CrashPolicy::kTearWrites, CrashPolicy::kKeepSome,
                                       CrashPolicy::kKeepAll};
  const CrashPolicy policy = kPolicies[Below(4)];
  Note(by_power_cut ? fmt::format("power cut, policy {}", static_cast<int>(policy)) : "clean restart");
  ++(by_power_cut ? tally_.power_cuts : tally_.restarts);
  std::unique_ptr<FaultFileSystem> after;
  if (by_power_cut) after = files_->Crash(policy, random_());
  ClearFaults();
  if (by_power_cut) files_->Inject({.kind = DiskFaultKind::kCrash, .at = 1});  // what it still says reaches no disk
  // Who waits gets no answer that counts: the sender is gone, too.
  const std::vector<std::string> steps = last_steps_;
  store_.reset();
  if (by_power_cut) {
    last_steps_ = steps;
    files_->Observe(nullptr);
    files_ = std::move(after);
    ClearFaults();
  }
  if (options_.faults == SimulatedFaults::kDisk) LookAtDamage();
  if (IsOver()) return;
  ASSERT_NO_FATAL_FAILURE(Open());
  ledger_.Settle(*store_, clock_.WallNanos(), store_options_.retention.count());
  if (!IsOver() && OneIn(8)) Compare();
}

// The same disk with one flipped bit, opened beside: what it answers is right or an error, before and after whatever
// can be merged is.
void Simulation::LookAtDamage() {
  const auto damaged = files_->Crash(CrashPolicy::kKeepAll);
  std::vector<std::string> paths = damaged->Paths();
  std::erase_if(paths, [&](const std::string& path) { return damaged->Contents(path).empty(); });
  if (paths.empty()) return;
  const std::string path = paths[Below(paths.size())];
  const uint64_t offset = Below(damaged->Contents(path).size());
  Note(fmt::format("a flipped bit in {} at {}", path, offset));
  damaged->FlipBits(path, offset, static_cast<uint8_t>(1u << Below(8)));
  ++tally_.flips;
  StoreOptions options = store_options_;
  options.files = damaged.get();
  auto store = Store::Open(options);
  ASSERT_TRUE(store) << store.error().message;
  ASSERT_NO_FATAL_FAILURE(CheckSpans(**store));
  while ((*store)->Step(Work::kCommit) || (*store)->Step(Work::kSealUrgently) || (*store)->Step(Work::kSeal)) {
  }
  (void)(*store)->Step(Work::kCompactAll);
  ASSERT_NO_FATAL_FAILURE(CheckSpans(**store));
}

// Of every trace, that each span was sent.
void Simulation::CheckSpans(Store& store) {
  for (const TraceId id : ledger_.Traces()) {
    const auto found = store.GetTrace(id, {});
    const auto sent = ledger_.all().GetTrace(id, {});
    if (!found) continue;
    ASSERT_TRUE(sent) << TraceIdHex(id) << " was never sent";
    for (const TraceSpan& span : found->spans) {
      const bool was_sent = std::any_of(sent->spans.begin(), sent->spans.end(), [&](const TraceSpan& one) {
        return SameSpan(*one.batch, one.row, *span.batch, span.row);
      });
      ASSERT_TRUE(was_sent) << TraceIdHex(id) << " has a span that nobody sent";
    }
  }
}

void Simulation::FinishWork() {
  while (store_->Step(Work::kCommit) || store_->Step(Work::kSealUrgently) || store_->Step(Work::kSeal) ||
         store_->Step(Work::kCompact)) {
  }
}

// Nothing is live meanwhile, so that no part of a trace is counted after retention has taken what it belongs to.
void Simulation::LetHoursGoBy() {
  Note("hours go by");
  store_->AskToSeal();
  FinishWork();
  const StoreStats stats = store_->Stats();
  if (files_->power_is_off() || stats.spans_live > 0 || stats.sealing > 0) return;
  if (is_tainted_) {
    // What cannot be written waits for the disk, but not for ever.
    if (std::exchange(hours_went_by_on_bad_disk_, true)) return;
    counts_are_exact_ = false;
  }
  clock_.Advance(store_options_.retention.count() / 3 + static_cast<int64_t>(Below(3600)) * kSecondNs);
  // Retention comes while blocks that are too old by now are merged.
  if (OneIn(2)) StepStore(Work::kCompactAll, 0);
  FinishWork();
}

void Simulation::ExpireEverything() {
  if (store_options_.retention.count() == 0) return Compare();
  Note("let everything grow old");
  store_->AskToSeal();
  for (int round = 0; round < 4; ++round) {
    clock_.Advance(store_options_.retention.count() + 60 * kSecondNs);
    FinishWork();
  }
  ledger_.NoteExpired(*store_, clock_.WallNanos(), store_options_.retention.count());
  const auto left = ledger_.present().Services({});
  EXPECT_EQ(*left, std::vector<std::string>()) << "spans that are older than retention are still there";
}

}  // namespace spoor
