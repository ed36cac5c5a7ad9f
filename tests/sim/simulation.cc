#include "simulation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "store/store_compare.h"
#include "store/store_metrics.h"

namespace spoor {
namespace {

constexpr size_t kStepsTold = 40;
constexpr int kDepthMax = 2;
constexpr int64_t kSecondNs = 1'000'000'000;
constexpr size_t kResentAmong = 6;
constexpr uint64_t kWindowNs = 999;  // in which most spans start

constexpr const char* kServices[] = {"a", "b", "c", ""};
constexpr const char* kNames[] = {"x", "y", "z"};

// Whether an answer may be an error after the disk has failed. Never: an invented absence.
bool IsHonestError(const Error& error) {
  return error.code == Code::kIo || error.code == Code::kCorrupt || error.code == Code::kBusy ||
         error.code == Code::kFull;
}

}  // namespace

Simulation::Simulation(const SimulationOptions& options)
    : options_(options), random_(options.seed), ledger_(options.faults == SimulatedFaults::kDisk), busy_(4) {
  store_options_ = TestStoreOptions(*files_, budget_, clock_);
  merged_before_ = StoreMetrics::Get().compaction_blocks.value();
  store_options_.has_threads = false;
  store_options_.live.rows = static_cast<uint32_t>(4 + Below(80));
  store_options_.compaction.enabled = !OneIn(4);
  store_options_.compaction.spans_max = static_cast<uint32_t>(50 + Below(2000));
  store_options_.compaction.page_bytes = OneIn(4) ? 4096 : 4 << 20;
  store_options_.live.age = std::chrono::seconds(60 + Below(3600));
  store_options_.page_cache_bytes = OneIn(4) ? 4096 : 4 << 20;
  store_options_.rollup_cache_bytes = OneIn(3) ? 0 : 1 << 20;
  if (OneIn(2)) store_options_.retention = std::chrono::hours(2 + Below(3));
  for (int i = 0; i < 3; ++i) filters_.push_back(RandomFilter(random_, 2));
  filters_.push_back({AllOf{}});
  filters_.push_back({CompareIntrinsic{Intrinsic::kServiceName, CompareOp::kEqual, std::string("a")}});
  filters_.push_back({AttributeText{"error", "500"}});
}

Simulation::~Simulation() {
  store_.reset();
  files_->Observe(nullptr);
}

std::string Simulation::Counts() const {
  return fmt::format(
      "{} batches acknowledged, {} expired, {} blocks merged; {} questions, {} restarts, {} power cuts, {} faults, {} "
      "flips",
      ledger_.acknowledged(), ledger_.expired(), StoreMetrics::Get().compaction_blocks.value() - merged_before_,
      questions_, restarts_, power_cuts_, faults_, damages_);
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
    if (step % crash_every == crash_every - 1) {
      Restart(true);
    } else if (OneIn(120)) {
      Restart(OneIn(2));
    } else if (OneIn(40)) {
      LetHoursGoBy();
    } else if (OneIn(50)) {
      InjectFault();
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
  ADD_FAILURE() << "seed " << options_.seed << ", " << Counts() << "\nthe last steps:" << told;
}

void Simulation::Happen(int depth) {
  const int before = std::exchange(depth_, depth);
  switch (Below(21)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5: Send(); break;
    case 6:
    case 7:
    case 8:
    case 9:
    case 10: StepStore(Work::kCommit, depth); break;
    case 11:
    case 12: StepStore(Work::kSeal, depth); break;
    case 13:
    case 14: StepStore(Work::kSealUrgently, depth); break;
    case 15: StepStore(Work::kCompact, depth); break;
    case 16:
      Note("ask to seal");
      store_->AskToSeal();
      break;
    case 17: {
      const int64_t by_ns = static_cast<int64_t>(1 + Below(OneIn(4) ? 100 : 5)) * kSecondNs;
      Note(fmt::format("{} s go by", by_ns / kSecondNs));
      clock_.Advance(by_ns);
      break;
    }
    default: Ask(); break;
  }
  depth_ = before;
}

void Simulation::StepStore(Work work, int depth) {
  constexpr const char* kWorks[] = {"commit", "seal", "seal urgently", "compact"};
  const auto index = static_cast<size_t>(work);
  if (busy_[index]) return;
  Note(kWorks[index]);
  busy_[index] = true;
  const bool was_nesting = std::exchange(is_nesting_, depth < kDepthMax);
  (void)store_->Step(work);
  is_nesting_ = was_nesting;
  busy_[index] = false;
}

void Simulation::OnDiskCall(DiskCall call, const std::string& path) {
  for (const char c : path) fingerprint_ = fingerprint_ * 1099511628211u + static_cast<unsigned char>(c);
  fingerprint_ = fingerprint_ * 31 + static_cast<uint64_t>(call);
  // Not where others wait for whoever makes the call: looking for a new block's traces in the older ones, and removing
  // what the log no longer needs.
  const bool is_writing = call == DiskCall::kOpen || call == DiskCall::kAppend || call == DiskCall::kSync ||
                          call == DiskCall::kRename || call == DiskCall::kSpace;
  if (!is_writing || path.find("straddlers") != std::string::npos) return;
  if (!is_nesting_ || files_->power_is_off() || !OneIn(6)) return;
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
  spans.push_back({.trace = probe, .id = 1, .start_ns = kRandomStartNs + Below(kWindowNs), .service = "probe"});
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

void Simulation::Ask() {
  if (files_->power_is_off()) return;
  ++questions_;
  if (store_options_.retention.count() > 0) {
    ledger_.NoteExpired(*store_, clock_.WallNanos(), store_options_.retention.count());
  }
  const bool was_nesting = std::exchange(is_nesting_, false);
  if (OneIn(2)) {
    AskAboutATrace();
  } else {
    AskAsChanceHasIt();
  }
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

void Simulation::Compare() {
  if (is_tainted_) return;
  Note("compare every answer");
  files_->ClearFaults();
  const bool was_nesting = std::exchange(is_nesting_, false);
  if (store_options_.retention.count() > 0) {
    ledger_.NoteExpired(*store_, clock_.WallNanos(), store_options_.retention.count());
  }
  if (ledger_.expired() == 0) {
    ExpectSameAnswers(*store_, ledger_.present(), filters_, kRandomStartNs, kRandomStartNs + kWindowNs);
  } else if (options_.faults == SimulatedFaults::kCrashes) {
    // On a disk that fails for hours, retention makes room before everything is counted in rollups.
    ExpectSameCounts(*store_, ledger_.ever(), kRandomStartNs);
  }
  is_nesting_ = was_nesting;
}

void Simulation::InjectFault() {
  DiskFault fault;
  fault.at = 1 + Below(30);
  fault.calls = {};
  if (options_.faults == SimulatedFaults::kCrashes || OneIn(3)) {
    fault.kind = DiskFaultKind::kCrash;
  } else {
    fault.kind = OneIn(2) ? DiskFaultKind::kEio : DiskFaultKind::kEnospc;
    fault.and_after = OneIn(4);
    constexpr const char* kParts[] = {"", "", "wal/", "blocks/", "rollups/"};
    fault.path_part = kParts[Below(5)];
    is_tainted_ = true;
  }
  if (OneIn(2)) {
    const std::vector<DiskCall> changing = ChangingDiskCalls();
    fault.calls = {changing[Below(changing.size())]};
  }
  ++faults_;
  Note(fmt::format("fault {} at call {} from now{}", static_cast<int>(fault.kind), fault.at,
                   fault.and_after ? " and after" : ""));
  files_->Inject(fault);
}

void Simulation::Open() {
  store_options_.files = files_.get();
  if (options_.ignores_log_syncs) files_->IgnoreSyncs(DiskCall::kSync, "wal/");
  files_->Observe([this](DiskCall call, const std::string& path) { OnDiskCall(call, path); });
  auto store = Store::Open(store_options_);
  ASSERT_TRUE(store) << store.error().message;
  store_ = *std::move(store);
  is_tainted_ = false;
}

void Simulation::Restart(bool by_power_cut) {
  constexpr CrashPolicy kPolicies[] = {CrashPolicy::kDropUnsynced, CrashPolicy::kTearWrites, CrashPolicy::kKeepSome,
                                       CrashPolicy::kKeepAll};
  const CrashPolicy policy = kPolicies[Below(4)];
  Note(by_power_cut ? fmt::format("power cut, policy {}", static_cast<int>(policy)) : "clean restart");
  ++(by_power_cut ? power_cuts_ : restarts_);
  std::unique_ptr<FaultFileSystem> after;
  if (by_power_cut) after = files_->Crash(policy, random_());
  files_->ClearFaults();
  if (by_power_cut) files_->Inject({.kind = DiskFaultKind::kCrash, .at = 1});  // what it still says reaches no disk
  // Who waits gets no answer that counts: the sender is gone, too.
  const std::vector<std::string> steps = last_steps_;
  store_.reset();
  if (by_power_cut) {
    last_steps_ = steps;
    files_->Observe(nullptr);
    files_ = std::move(after);
  }
  if (options_.faults == SimulatedFaults::kDisk) LookAtDamage();
  if (IsOver()) return;
  ASSERT_NO_FATAL_FAILURE(Open());
  ledger_.Settle(*store_, clock_.WallNanos(), store_options_.retention.count());
  if (!IsOver() && OneIn(8)) Compare();
}

// The same disk with one flipped bit, opened beside: what it answers is right or an error, and it says what it found.
void Simulation::LookAtDamage() {
  const auto damaged = files_->Crash(CrashPolicy::kKeepAll);
  std::vector<std::string> paths = damaged->Paths();
  std::erase_if(paths, [&](const std::string& path) { return damaged->Contents(path).empty(); });
  if (paths.empty()) return;
  const std::string path = paths[Below(paths.size())];
  const uint64_t offset = Below(damaged->Contents(path).size());
  Note(fmt::format("a flipped bit in {} at {}", path, offset));
  damaged->FlipBits(path, offset, static_cast<uint8_t>(1u << Below(8)));
  ++damages_;
  StoreOptions options = store_options_;
  options.files = damaged.get();
  auto store = Store::Open(options);
  ASSERT_TRUE(store) << store.error().message;
  for (const TraceId id : ledger_.Traces()) {
    const auto found = (*store)->GetTrace(id, {});
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
  clock_.Advance(store_options_.retention.count() / 3 + static_cast<int64_t>(Below(3600)) * kSecondNs);
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
