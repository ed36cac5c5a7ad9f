#include "net/grpc_server.h"

#include <grpc/impl/codegen/compression_types.h>
#include <grpc/support/log.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "base/bounded_bytes.h"
#include "base/clock.h"
#include "base/compress.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/percent.h"
#include "net/status.h"

namespace grpc::internal {
// gRPC names this class as a friend and leaves it to others: the only way to learn of a message whether it is
// compressed, once gRPC does not undo that itself.
class GrpcByteBufferPeer {
 public:
  static grpc_byte_buffer* Raw(ByteBuffer& buffer) { return buffer.c_buffer(); }
};
}  // namespace grpc::internal

namespace spoor {
namespace {

constexpr int kThreads = 2;
constexpr int kCallsAwaited = 32;  // how many calls can begin while the threads are busy
constexpr std::string_view kHealthCheck = "/grpc.health.v1.Health/Check";

std::optional<Encoding> EncodingOf(grpc::ByteBuffer& message) {
  const grpc_byte_buffer* raw = grpc::internal::GrpcByteBufferPeer::Raw(message);
  if (raw == nullptr || raw->type != GRPC_BB_RAW) return Encoding::kIdentity;
  switch (raw->data.raw.compression) {
    case GRPC_COMPRESS_NONE: return Encoding::kIdentity;
    case GRPC_COMPRESS_DEFLATE: return Encoding::kDeflate;
    case GRPC_COMPRESS_GZIP: return Encoding::kGzip;
    default: return std::nullopt;
  }
}

// gRPC says "ipv4:127.0.0.1:50312" and "ipv6:%5B::1%5D:50312".
std::string PeerAddress(std::string_view peer) {
  return PercentDecode(peer.substr(peer.find(':') + 1), PlusIs::kPlus).text;
}

// The bytes as they came, whatever gRPC would make of them.
Status Unpack(grpc::ByteBuffer& message, BoundedBytes& body, MemoryBudget& budget) {
  const std::optional<Encoding> encoding = EncodingOf(message);
  if (!encoding) return Error(Code::kUnsupported, "the message's compression is neither gzip nor deflate");
  grpc_byte_buffer* raw = grpc::internal::GrpcByteBufferPeer::Raw(message);
  if (raw == nullptr) return {};
  const auto unpack = Decompressor::Make(*encoding, body, budget.Reserve());
  const grpc_slice_buffer& slices = raw->data.raw.slice_buffer;
  if (*encoding == Encoding::kIdentity && slices.length > 0) RETURN_IF_ERROR(body.MakeRoom(slices.length));
  for (size_t i = 0; i < slices.count; ++i) {
    RETURN_IF_ERROR(unpack->Feed(
        {reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slices.slices[i])), GRPC_SLICE_LENGTH(slices.slices[i])}));
  }
  return unpack->Finish();
}

class Call;
struct Shared;

// The duty to answer a call, shared by all copies of its responder. INTERNAL if all are gone without an answer.
class Duty : public std::enable_shared_from_this<Duty> {
 public:
  Duty(Call* call, std::shared_ptr<Shared> shared);
  ~Duty();
  void Answer(GrpcResponse response);  // the first one counts

 private:
  Call* const call_;  // there until answered
  const std::shared_ptr<Shared> shared_;
  std::atomic_flag answered_;
};

// What all calls share; lives until the last of them is answered.
struct Shared {
  Shared(MemoryBudget& memory_budget, GrpcServerOptions server_options, GrpcHandler call_handler)
      : budget(memory_budget), options(std::move(server_options)), handler(std::move(call_handler)) {}

  bool IsCut() {
    std::lock_guard lock(mutex);
    return cut;
  }

  void Count(GrpcCode code) {
    std::atomic<Counter*>& slot = answers[static_cast<size_t>(code) % answers.size()];
    Counter* counter = slot.load(std::memory_order_acquire);
    if (counter == nullptr) {
      counter =
          &ProcessMetrics().AddCounter("spoor_grpc_requests_total", "Calls answered, by gRPC status code.",
                                       {{"server", options.name}, {"code", std::to_string(static_cast<int>(code))}});
      slot.store(counter, std::memory_order_release);
    }
    counter->Add();
  }

  MemoryBudget& budget;
  const GrpcServerOptions options;
  const GrpcHandler handler;
  grpc::AsyncGenericService service;
  std::array<std::atomic<Counter*>, 17> answers{};

  std::mutex mutex;
  std::condition_variable all_answered;
  bool cut = false;      // no handler is called any more
  std::set<Duty*> open;  // not answered yet, or about to be forgotten
};

// One call, from before it exists until its answer is out. Its steps come from the completion queue; only Answer may
// come from elsewhere, and only between reading and finishing. Owns itself, since gRPC keeps no more than its address.
class Call {
 public:
  static void Await(std::shared_ptr<Shared> shared, grpc::ServerCompletionQueue* queue) {
    auto call = std::make_shared<Call>(std::move(shared), queue);
    call->self_ = call;
    call->shared_->service.RequestCall(&call->context_, &call->stream_, queue, queue, call.get());
  }

  Call(std::shared_ptr<Shared> shared, grpc::ServerCompletionQueue* queue)
      : shared_(std::move(shared)), queue_(queue), stream_(&context_) {}

  void Step(bool ok) {
    switch (CurrentState()) {
      case State::kAwaited:
        if (!ok) return self_.reset();  // the server stops
        Await(shared_, queue_);
        if (!IsKnown()) {
          return Answer({.code = GrpcCode::kUnimplemented, .message = "there is no method " + context_.method()});
        }
        return Read();
      case State::kReading:
        // Without a message it is none of a unary call's requests: over gRPC's limit, cut off, or never sent.
        if (!ok) return Refuse(Invalid("the call has no message"));
        Handle();
        return;
      case State::kFinishing: return self_.reset();
    }
  }

  void Answer(GrpcResponse response) {
    std::lock_guard lock(mutex_);
    state_ = State::kFinishing;
    shared_->Count(response.code);
    if (response.code == GrpcCode::kOk) {
      const grpc::Slice slice(response.body);
      stream_.WriteAndFinish(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), grpc::Status::OK, this);
    } else {
      stream_.Finish(
          grpc::Status(static_cast<grpc::StatusCode>(response.code), response.message, response.status_details), this);
    }
  }

 private:
  enum class State { kAwaited, kReading, kFinishing };

  State CurrentState() {
    std::lock_guard lock(mutex_);
    return state_;
  }

  void Read() {
    std::lock_guard lock(mutex_);
    state_ = State::kReading;
    stream_.Read(&message_, this);
  }

  bool IsKnown() const {
    const std::vector<std::string>& methods = shared_->options.methods;
    return context_.method() == kHealthCheck ||
           std::find(methods.begin(), methods.end(), context_.method()) != methods.end();
  }

  void Refuse(const Error& error) {
    if (shared_->options.on_refusal) shared_->options.on_refusal(error.code);
    Answer(GrpcFailure(error));
  }

  void Handle() {
    BoundedBytes body(shared_->options.message_bytes_max, shared_->budget.Reserve());
    const Status unpacked = Unpack(message_, body, shared_->budget);
    message_.Clear();
    if (!unpacked.has_value()) return Refuse(unpacked.error());
    if (context_.method() == kHealthCheck) {
      // HealthCheckResponse{status: SERVING}: whoever can be asked serves.
      return Answer({.body = "\x08\x01"});
    }
    if (shared_->IsCut()) return Answer({.code = GrpcCode::kUnavailable, .message = "the server is stopping"});
    GrpcRequest request;
    request.method = context_.method();
    std::tie(request.message, request.memory) = body.Take();
    request.peer = PeerAddress(context_.peer());
    auto duty = std::make_shared<Duty>(this, shared_);
    // From here on the call can be answered, and so gone, at any moment.
    shared_->handler(std::move(request),
                     [duty = std::move(duty)](GrpcResponse response) { duty->Answer(std::move(response)); });
  }

  const std::shared_ptr<Shared> shared_;
  grpc::ServerCompletionQueue* const queue_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  grpc::ByteBuffer message_;
  // Held while something is asked of gRPC: the queue can tell the end of it on another thread before the asking has
  // returned here.
  std::mutex mutex_;
  std::shared_ptr<Call> self_;  // until the end
  State state_ = State::kAwaited;
};

Duty::Duty(Call* call, std::shared_ptr<Shared> shared) : call_(call), shared_(std::move(shared)) {
  std::lock_guard lock(shared_->mutex);
  shared_->open.insert(this);
}

Duty::~Duty() {
  Answer({.code = GrpcCode::kInternal, .message = "the request was dropped"});
  std::lock_guard lock(shared_->mutex);
  shared_->open.erase(this);
  if (shared_->open.empty()) shared_->all_answered.notify_all();
}

void Duty::Answer(GrpcResponse response) {
  if (!answered_.test_and_set()) call_->Answer(std::move(response));
}

class Server final : public GrpcServer {
 public:
  Server(std::unique_ptr<grpc::Server> server, std::unique_ptr<grpc::ServerCompletionQueue> queue,
         std::shared_ptr<Shared> shared, std::string address, uint16_t port)
      : shared_(std::move(shared)),
        server_(std::move(server)),
        queue_(std::move(queue)),
        address_(std::move(address)),
        port_(port) {
    for (int i = 0; i < kCallsAwaited; ++i) Call::Await(shared_, queue_.get());
    for (int i = 0; i < kThreads; ++i) {
      threads_.emplace_back([this, i] {
        pthread_setname_np(pthread_self(), ("grpc-" + std::to_string(i)).c_str());
        void* tag;
        bool ok;
        while (queue_->Next(&tag, &ok)) static_cast<Call*>(tag)->Step(ok);
      });
    }
  }

  ~Server() override { Stop(std::chrono::milliseconds(0)); }

  std::string address() const override { return address_; }
  uint16_t port() const override { return port_; }

  void Stop(std::chrono::milliseconds patience) override {
    if (std::exchange(stopped_, true)) return;
    const std::chrono::system_clock::time_point deadline(std::chrono::nanoseconds(SystemClock().WallNanos()) +
                                                         patience);
    // Shutdown returns only when every call has ended, so what is not answered in time is answered by us meanwhile.
    std::thread shutdown([&] { server_->Shutdown(deadline); });
    std::vector<std::shared_ptr<Duty>> late;
    {
      std::unique_lock lock(shared_->mutex);
      shared_->all_answered.wait_for(lock, patience, [this] { return shared_->open.empty(); });
      shared_->cut = true;
      for (Duty* duty : shared_->open) late.push_back(duty->weak_from_this().lock());
    }
    for (const auto& duty : late) {
      if (duty != nullptr) duty->Answer({.code = GrpcCode::kUnavailable, .message = "the server is stopping"});
    }
    shutdown.join();
    queue_->Shutdown();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  const std::shared_ptr<Shared> shared_;
  const std::unique_ptr<grpc::Server> server_;
  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  const std::string address_;
  const uint16_t port_;
  std::vector<std::thread> threads_;
  bool stopped_ = false;
};

// What the system says to `host` and `port`: gRPC keeps it to itself.
std::string WhyNotBound(const std::string& host, uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (code != 0) return gai_strerror(code);
  std::string reason = "the address is not to be had";
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(fd, found->ai_addr, found->ai_addrlen) != 0) reason = std::strerror(errno);
  close(fd);
  freeaddrinfo(found);
  return reason;
}

// gRPC writes to stderr as it likes; what it says of a failure we say too, in one line.
void QuietGrpc() {
  static std::once_flag once;
  std::call_once(once, [] {
    gpr_set_log_function([](gpr_log_func_args* line) {
      if (LogEnabled(LogLevel::kDebug)) {
        LogDebug("grpc", {{"file", line->file}, {"line", line->line}, {"text", line->message}});
      }
    });
  });
}

void Configure(grpc::ServerBuilder& builder, const MemoryBudget& budget, const GrpcServerOptions& options) {
  const auto milliseconds = [](auto time) {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  };
  const int message_bytes_max = static_cast<int>(std::min<size_t>(options.message_bytes_max, INT32_MAX));
  // What gRPC itself holds, beside the budget: messages until they are complete. Two of the largest must fit.
  grpc::ResourceQuota quota(options.name);
  quota.Resize(std::max(budget.limit_bytes() / 4, 2 * options.message_bytes_max));
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(message_bytes_max);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a taken port is an error
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(limits::kHeaderBytesMax));
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, milliseconds(limits::kHeaderTimeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits::kGrpcStreamsMax);
  // Exporters ping to keep their connection through proxies; gRPC's default calls that abuse.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // And we ping to find out about peers that are gone without a word.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(limits::kGrpcPingPeriod));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, milliseconds(limits::kHeaderTimeout));
}

}  // namespace

Result<std::unique_ptr<GrpcServer>> GrpcServer::Start(MemoryBudget& budget, GrpcServerOptions options,
                                                      GrpcHandler handler) {
  QuietGrpc();
  const std::string host = options.host.find(':') == std::string::npos ? options.host : "[" + options.host + "]";
  const std::string wanted = host + ":" + std::to_string(options.port);
  auto shared = std::make_shared<Shared>(budget, options, std::move(handler));

  grpc::ServerBuilder builder;
  Configure(builder, budget, options);
  int port = 0;
  builder.AddListeningPort(wanted, grpc::InsecureServerCredentials(), &port);
  builder.RegisterAsyncGenericService(&shared->service);
  std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port <= 0) {
    queue->Shutdown();
    return IoError("cannot listen on " + wanted + " (" + options.name +
                   "): " + WhyNotBound(options.host, options.port) +
                   "; stop what listens there, or choose another address or port (0 takes a free one)");
  }
  return std::unique_ptr<GrpcServer>(std::make_unique<Server>(std::move(server), std::move(queue), std::move(shared),
                                                              host + ":" + std::to_string(port),
                                                              static_cast<uint16_t>(port)));
}

}  // namespace spoor
