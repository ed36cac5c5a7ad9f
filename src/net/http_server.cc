#include "net/http_server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <utility>

#include "base/log.h"
#include "net/http_connection.h"
#include "net/io_lanes.h"

namespace spoor {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string ToText(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

// Accepts on the first lane and deals connections out to all of them.
class Listener final : public HttpServer, public std::enable_shared_from_this<Listener> {
 public:
  Listener(tcp::acceptor acceptor, std::string address, uint16_t port, std::shared_ptr<HttpServerState> state)
      : address_(std::move(address)),
        port_(port),
        state_(std::move(state)),
        core_(std::make_shared<Core>(std::move(acceptor), state_)) {
    asio::post(state_->io.lanes[0]->context, [core = core_] { core->Accept(); });
  }

  ~Listener() override { Stop(std::chrono::milliseconds(0)); }

  std::string address() const override { return address_; }
  uint16_t port() const override { return port_; }

  void Stop(std::chrono::milliseconds patience) override {
    state_->stopping = true;
    OnLane(0, [this] { core_->Close(); });
    for (size_t lane = 0; lane < state_->lanes.size(); ++lane) {
      OnLane(lane, [this, lane] { state_->lanes[lane]->CloseIdle(); });
    }
    const auto all_gone = [this] { return state_->connections_count.load() == 0; };
    std::unique_lock lock(state_->mutex);
    if (!state_->changed.wait_for(lock, patience, all_gone)) {
      lock.unlock();
      state_->cut = true;
      for (size_t lane = 0; lane < state_->lanes.size(); ++lane) {
        OnLane(lane, [this, lane] { state_->lanes[lane]->CloseAll(); });
      }
      lock.lock();
      state_->changed.wait(lock, all_gone);
    }
    lock.unlock();
    for (size_t lane = 0; lane < state_->lanes.size(); ++lane) {
      OnLane(lane, [this, lane] { state_->lanes[lane]->StopSweeping(); });
    }
  }

 private:
  // What the accepting needs; outlives the listener for as long as a completion is under way.
  struct Core : std::enable_shared_from_this<Core> {
    Core(tcp::acceptor a, std::shared_ptr<HttpServerState> s)
        : acceptor(std::move(a)), pause(acceptor.get_executor()), state(std::move(s)) {}

    void Accept() {
      if (!acceptor.is_open()) return;
      const size_t lane = state->io.NextLane();
      acceptor.async_accept(state->io.lanes[lane]->context,
                            [core = shared_from_this(), lane](error_code error, tcp::socket socket) {
                              core->Accepted(error, std::move(socket), lane);
                            });
    }

    void Accepted(error_code error, tcp::socket socket, size_t lane) {
      if (error == asio::error::operation_aborted || !acceptor.is_open()) return;
      if (error) {
        // Above all: no file descriptors left. Waiting lets some come back; asking again at once would only spin.
        if (log_limit.Pass()) {
          LogWarn("accept failed", {{"server", state->options.name}, {"error", error.message()}});
        }
        pause.expires_after(std::chrono::milliseconds(100));
        pause.async_wait([core = shared_from_this()](error_code) { core->Accept(); });
        return;
      }
      const size_t count = state->connections_count.fetch_add(1) + 1;
      asio::post(socket.get_executor(),
                 [this, core = shared_from_this(), count, lane, socket = std::move(socket)]() mutable {
                   HttpConnections& neighbours = *state->lanes[lane];
                   const bool over = count > state->options.connections_max;
                   if (over) state->connections_refused.Add();
                   const bool refused = over && !neighbours.CloseLongestWaiting();
                   std::make_shared<HttpConnection>(std::move(socket), state, neighbours)->Start(refused);
                 });
      Accept();
    }

    void Close() {
      error_code ignored;
      acceptor.close(ignored);
      pause.cancel();
    }

    tcp::acceptor acceptor;
    asio::steady_timer pause;
    const std::shared_ptr<HttpServerState> state;
    LogLimit log_limit{std::chrono::seconds(10)};
  };

  // Runs `work` on a lane and waits for it.
  template <class Work>
  void OnLane(size_t lane, Work work) {
    std::promise<void> done;
    asio::post(state_->io.lanes[lane]->context, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  const std::string address_;
  const uint16_t port_;
  const std::shared_ptr<HttpServerState> state_;
  const std::shared_ptr<Core> core_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Start(IoThreads& io, MemoryBudget& budget, HttpServerOptions options,
                                                      HttpHandler handler) {
  const std::string wanted = options.host + ":" + std::to_string(options.port);
  asio::io_context& context = io.impl().lanes[0]->context;
  const auto failed = [&](const error_code& error, std::string_view advice) {
    return IoError("cannot listen on " + wanted + " (" + options.name + "): " + error.message() + "; " +
                   std::string(advice));
  };

  error_code error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
  if (error || found.empty()) return failed(error, "give an address of this machine, such as 127.0.0.1 or 0.0.0.0");
  const tcp::endpoint endpoint = found.begin()->endpoint();

  tcp::acceptor acceptor(context);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use) {
    return failed(error, "stop what listens there, or choose another port (0 takes a free one)");
  }
  if (error == asio::error::access_denied) return failed(error, "choose a port of 1024 or more");
  if (error) return failed(error, "give an address of this machine, such as 127.0.0.1 or 0.0.0.0");
  const tcp::endpoint bound = acceptor.local_endpoint(error);
  if (error) return failed(error, "choose another port");

  auto state = std::make_shared<HttpServerState>(io.impl(), budget, std::move(options), std::move(handler));
  return std::unique_ptr<HttpServer>(
      std::make_unique<Listener>(std::move(acceptor), ToText(bound), bound.port(), std::move(state)));
}

}  // namespace spoor
