#include "app/serve.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "api/query_server.h"
#include "app/challenge_check.h"
#include "app/store_gate.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/resident_guard.h"
#include "base/version.h"
#include "base/worker_pool.h"
#include "net/http_server.h"
#include "receive/receivers.h"
#include "store/store.h"

namespace spoor {
namespace {

constexpr int kExitBySecondSignal = 130;

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int WaitForSignal() {
  const sigset_t signals = StopSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

// All other threads have the signals blocked, so the next one comes to this thread, in the middle of whatever it does.
void EndAtNextSignal() {
  struct sigaction at_once{};
  at_once.sa_handler = [](int) { _exit(kExitBySecondSignal); };
  sigaction(SIGTERM, &at_once, nullptr);
  sigaction(SIGINT, &at_once, nullptr);
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

// Bodies and batches come and go by the hundred kilobytes, the tables of sealing by the megabyte, live blocks by the
// dozen: giving each back to the kernel and faulting it in again would cost more than what is done with it. But what is
// kept counts as memory of the process, so a small budget keeps less, and the guard has it given back where it is
// short.
void TuneMemory(size_t budget_bytes) {
  constexpr size_t kMebi = size_t{1} << 20;
  mallopt(M_MMAP_THRESHOLD, static_cast<int>(std::clamp(budget_bytes / 64, 4 * kMebi, 32 * kMebi)));
  mallopt(M_TRIM_THRESHOLD, static_cast<int>(std::clamp(budget_bytes / 4, 8 * kMebi, 256 * kMebi)));
  mallopt(M_ARENA_MAX, 4);
}

// The other half is for sealing and for caches.
size_t BudgetOfRequests(const Config& config) {
  constexpr size_t kNeededInAnyCase = size_t{48} << 20;
  return (config.memory_budget_bytes - kNeededInAnyCase) / 2;
}

// As many connections as the limits promise need as many descriptors.
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// The parts of the server, in the order in which they start; they stop in the opposite order.
class Server {
 public:
  explicit Server(const Config& config)
      : config_(config),
        guard_(config.memory_budget_bytes / 10 * 9),
        budget_(BudgetOfRequests(config), &guard_),
        threads_(static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2u, 16u))),
        io_(std::min(threads_, 4)),
        decode_pool_("decode", threads_, limits::kDecodeQueueMax) {}

  Status Start() {
    FileSystem& files = PosixFileSystem();
    if (Status made = files.CreateFolder(config_.data_dir); !made) return NoFolder(made.error());
    auto lock = files.LockFolder(config_.data_dir);
    if (!lock) return NoLock(lock.error());
    lock_ = *std::move(lock);
    RETURN_IF_ERROR(OpenPorts());
    StoreOptions options = StoreOptionsOf(config_);
    options.files = &files;
    options.clock = &SystemClock();
    options.budget = &budget_;
    auto store = Store::Open(options);
    if (!store) return NoFolder(store.error());
    store_ = *std::move(store);
    gate_.Open(*store_);
    if (query_ != nullptr) {
      if (config_.challenge) challenge_ = std::make_unique<ServerChallengeCheck>(config_, query_->address());
      query_->SetReady(*store_, Facts(files));
    }
    LogListening();
    return {};
  }

  void Stop() {
    const auto deadline = std::chrono::steady_clock::now() + limits::kStopPatience;
    const auto patience = [&] {
      const auto left = deadline - std::chrono::steady_clock::now();
      return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), std::chrono::milliseconds(0));
    };
    if (query_ != nullptr) query_->SetStopping();
    if (challenge_ != nullptr) challenge_->Stop();
    receivers_->Stop(patience());
    decode_pool_.Stop();
    store_->Stop();
    if (query_ != nullptr) query_->Stop(std::min(patience(), std::chrono::milliseconds(1000)));
    query_.reset();
    receivers_.reset();
    store_.reset();
  }

 private:
  Error NoFolder(const Error& error) const {
    return error.Within(fmt::format("cannot keep spans in {}: choose another folder with --data-dir, or mend this one",
                                    config_.data_dir));
  }

  Error NoLock(const Error& error) const {
    if (error.code != Code::kBusy) return NoFolder(error);
    return Error(Code::kBusy, fmt::format("another server uses {}: stop it, or choose another folder with --data-dir",
                                          config_.data_dir));
  }

  Status OpenPorts() {
    if (config_.query_port) {
      auto query = api::QueryServer::Start(
          io_, budget_, {.host = config_.listen_host, .port = *config_.query_port, .threads = threads_});
      if (!query) return std::move(query).error();
      query_ = *std::move(query);
    }
    auto receivers = Receivers::Start(io_, budget_, decode_pool_, gate_,
                                      {.host = config_.listen_host,
                                       .otlp_http_port = config_.otlp_http_port,
                                       .otlp_grpc_port = config_.otlp_grpc_port,
                                       .jaeger_http_port = config_.jaeger_http_port,
                                       .cors_origins = config_.cors_origins});
    if (!receivers) return std::move(receivers).error();
    receivers_ = *std::move(receivers);
    return {};
  }

  std::vector<api::Endpoint> Endpoints() const {
    std::vector<api::Endpoint> endpoints;
    for (const ReceiverPort& port : receivers_->Ports()) endpoints.push_back({port.name, "http://" + port.address});
    if (query_ != nullptr) endpoints.push_back({"query", "http://" + query_->address()});
    return endpoints;
  }

  api::ServerFacts Facts(FileSystem& files) const {
    return {.endpoints = Endpoints(),
            .received = [this] { return Received(); },
            .files = &files,
            .data_folder = std::filesystem::absolute(config_.data_dir).lexically_normal().string(),
            .disk_bytes_max = config_.disk_bytes_max,
            .retention = config_.retention,
            .rollup_retention = config_.rollup_retention,
            .challenge = {.check = challenge_.get(),
                          .frontend_url = config_.challenge_frontend_url,
                          .backend_url = config_.challenge_backend_url,
                          .database_url = config_.challenge_database_url}};
  }

  std::vector<api::ReceivedStatus> Received() const {
    std::vector<api::ReceivedStatus> received;
    for (const ReceiverPort& port : receivers_->Ports()) {
      const IngestCounts& counts = port.counts;
      received.push_back({.name = port.name,
                          .requests = counts.requests,
                          .spans = counts.accepted_spans,
                          .rejected_spans = counts.rejected_spans,
                          .refused_requests = counts.refused_requests,
                          .bad_requests = counts.bad_requests,
                          .bytes = counts.body_bytes});
    }
    return received;
  }

  void LogListening() const {
    for (const api::Endpoint& endpoint : Endpoints()) {
      LogInfo("listening", {{"name", endpoint.name}, {"url", endpoint.url}});
    }
    LogInfo("ready", {{"version", Version()}, {"commit", Commit()}, {"data_dir", config_.data_dir}});
  }

  const Config& config_;
  // A tenth is left for what was granted and is not in use yet.
  ResidentGuard guard_;
  MemoryBudget budget_;
  const int threads_;
  std::unique_ptr<FolderLock> lock_;
  IoThreads io_;
  WorkerPool decode_pool_;
  StoreGate gate_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<ServerChallengeCheck> challenge_;  // of which query_ knows
  std::unique_ptr<api::QueryServer> query_;
  std::unique_ptr<Receivers> receivers_;
};

}  // namespace

void BlockSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A connection that is gone and a file that may not grow are errors of the call, not of the process.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

Status Serve(const Config& config) {
  TuneMemory(config.memory_budget_bytes);
  RaiseFileLimit();
  Server server(config);
  RETURN_IF_ERROR(server.Start());
  const int signal = WaitForSignal();
  LogInfo("stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
  EndAtNextSignal();
  server.Stop();
  LogInfo("stopped");
  return {};
}

}  // namespace spoor
