// One HTTP connection: reads requests, has them answered, writes the answers. http_server.cc makes them.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bounded_bytes.h"
#include "base/compress.h"
#include "base/memory_budget.h"
#include "base/metrics.h"
#include "net/http_answer.h"
#include "net/http_server.h"
#include "net/io_lanes.h"

namespace spoor {

class HttpConnection;
class HttpConnections;

// What all connections of a server share; lives until the last of them is gone.
struct HttpServerState {
  HttpServerState(IoThreads::Impl& io_threads, MemoryBudget& memory_budget, HttpServerOptions server_options,
                  HttpHandler request_handler);
  ~HttpServerState();

  // An answer in the words of the port's protocol.
  HttpResponse Refusal(int status, std::string_view message, const HttpRequest& head) const;
  void CountAnswer(int status);

  IoThreads::Impl& io;
  MemoryBudget& budget;
  const HttpServerOptions options;
  const HttpHandler handler;
  std::vector<std::unique_ptr<HttpConnections>> lanes;  // as in io.lanes
  std::atomic<bool> stopping{false};                    // answers say Connection: close
  std::atomic<bool> cut{false};                         // no handler is called any more

  // How many connections there are; `changed` tells when one ends.
  std::atomic<size_t> connections_count{0};
  std::mutex mutex;
  std::condition_variable changed;

  Counter& body_bytes;
  Counter& connections_refused;
  std::unique_ptr<Metrics::Gauge> connections_gauge;
  std::array<std::atomic<Counter*>, 600> answers{};  // by status
};

// Everything happens on the lane that `socket` was made for, but for the answering of a request.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpServerState> server,
                 HttpConnections& neighbours);

  // Serves until either side has had enough. `refused`: only says that there are too many connections.
  void Start(bool refused);

  // Ends whatever it is doing, without another word.
  void Close();
  // The same because of its deadline: a request under way is told.
  void CloseIfLate(std::chrono::steady_clock::time_point now);
  bool idle() const { return wait_hook.is_linked() && ahead_.empty(); }

  using Hook = boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
  Hook lane_hook;  // all of the lane
  Hook wait_hook;  // those that wait for a request

 private:
  struct Parser;
  struct Exchange;
  using Deadline = std::chrono::steady_clock::time_point;
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  // Why a request is not handed on.
  struct Trouble {
    int status = 0;  // to be told to the client; 0: there is nobody to tell
    std::string message;
  };
  using Outcome = std::optional<Trouble>;  // nothing: all is well

  // Reads requests and hands them on, and ends when their answers are written.
  Awaitable<void> Run();
  Awaitable<bool> ReadOne();
  // Writes the answers in the order of the requests, each as soon as it may be, and ends when no more will come.
  Awaitable<void> WriteAnswers();
  bool CanWrite() const;
  // Returns when all requests that were handed on are answered, or never will be.
  Awaitable<void> Drain();
  void WaitForHead();
  Awaitable<Outcome> ReadHead(Parser& parser, std::string_view& input);
  Outcome CheckHead(Parser& parser, HttpRequest& request, Encoding& encoding);
  Awaitable<Outcome> ReadBody(Parser& parser, Encoding encoding, bool continue_expected, std::string_view& input,
                              HttpRequest& request);
  Awaitable<Outcome> ReadPlain(uint64_t length, std::string_view& input, BoundedBytes& body);
  Awaitable<Outcome> ReadPacked(uint64_t length, std::string_view& input, Decompressor& unpack);
  Awaitable<Outcome> ReadChunked(Parser& parser, std::string_view& input, Decompressor& unpack);
  Awaitable<Outcome> ReadMore(std::string_view& into);
  static Trouble BodyIsLate();
  Awaitable<bool> Write(const HttpAnswer& answer, bool close);
  Awaitable<bool> WriteAll(std::string_view first, std::string_view second);
  Awaitable<void> Refuse(const Trouble& trouble, const HttpRequest& head);
  Awaitable<void> Linger();
  void Deliver(const Exchange& exchange);
  void KeepAhead(std::string_view rest);
  void ExpectBody();
  void WatchClient(std::shared_ptr<const Exchange> exchange, std::shared_ptr<std::atomic<bool>> gone);

  boost::asio::ip::tcp::socket socket_;
  const std::shared_ptr<HttpServerState> server_;
  HttpConnections& neighbours_;  // lives in server_
  std::string peer_;
  std::string ahead_;  // bytes of the client that no request has taken yet
  bool closed_ = false;
  bool late_ = false;
  Deadline deadline_ = Deadline::max();  // of whatever reading waits for now
  Deadline body_deadline_ = Deadline::max();
  Deadline write_deadline_ = Deadline::max();  // of the client's taking the next byte

  // Requests that were handed on and are not answered yet, in order.
  std::deque<std::shared_ptr<Exchange>> pending_;
  bool reading_head_ = false;
  bool reading_done_ = false;
  bool writing_done_ = false;
  // They never expire, and are cancelled when something has changed for the one who writes, or for the one who reads.
  boost::asio::steady_timer writer_wake_;
  boost::asio::steady_timer reader_wake_;
};

// The connections of one server on one lane. Touched only by the lane's thread.
class HttpConnections {
 public:
  HttpConnections(IoLane& lane, std::chrono::nanoseconds sweep_period)
      : lane_(lane), sweep_period_(sweep_period), sweep_timer_(lane.context) {}

  IoLane& lane() { return lane_; }

  void Add(HttpConnection& connection, std::shared_ptr<HttpServerState> server);
  // From now on `connection` waits for a request, and longer than any that comes later.
  void Wait(HttpConnection& connection) { waiting_.push_back(connection); }
  // Closes the one that has been waiting longest; false where none waits.
  bool CloseLongestWaiting();
  void CloseIdle();
  void CloseAll();
  // Lets go of the server; to be called when no connection is left and none will come.
  void StopSweeping() { sweep_timer_.cancel(); }

 private:
  // Closes late connections every sweep_period_, for as long as there are any.
  void Sweep(std::shared_ptr<HttpServerState> server);

  template <HttpConnection::Hook HttpConnection::* kHook>
  using List = boost::intrusive::list<HttpConnection, boost::intrusive::constant_time_size<false>,
                                      boost::intrusive::member_hook<HttpConnection, HttpConnection::Hook, kHook>>;

  IoLane& lane_;
  const std::chrono::nanoseconds sweep_period_;
  boost::asio::steady_timer sweep_timer_;
  bool sweeping_ = false;
  List<&HttpConnection::lane_hook> all_;
  List<&HttpConnection::wait_hook> waiting_;  // longest first
};

}  // namespace spoor
