// g++ 12 miscompiles co_await in conditions and beside braced temporaries: each stands in a statement of its own here.
#include "net/http_connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <utility>

#include "net/http_target.h"

namespace spoor {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// A head is read in small pieces, so that the body behind it is read where it belongs and not copied there.
constexpr size_t kHeadReadBytes = size_t{16} << 10;
// Room made for a body before its first byte; then for three times what is there. So a length that lies costs little,
// and a usual body is read into one allocation.
constexpr size_t kBodyRoomBytes = size_t{256} << 10;
// What a connection keeps of its buffer while it waits.
constexpr size_t kAheadBytesKept = 4096;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Beast's parser hands a chunked body to this.
struct SinkBody {
  struct value_type {
    Decompressor* unpack = nullptr;
    uint64_t wire_bytes = 0;
    size_t wire_bytes_max = 0;
    Status status;
  };

  class reader {
   public:
    template <bool kRequest, class Fields>
    reader(http::header<kRequest, Fields>&, value_type& sink) : sink_(sink) {}
    void init(const boost::optional<uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    size_t put(const Buffers& buffers, error_code& error) {
      error = {};
      size_t bytes = 0;
      for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
        const asio::const_buffer piece(*it);
        bytes += piece.size();
        sink_.wire_bytes += piece.size();
        if (sink_.wire_bytes > sink_.wire_bytes_max) {
          sink_.status = TooLarge("the body has more than " + std::to_string(sink_.wire_bytes_max) + " bytes");
        } else {
          sink_.status = sink_.unpack->Feed({static_cast<const char*>(piece.data()), piece.size()});
        }
        if (!sink_.status.has_value()) {
          error = http::error::body_limit;
          return 0;
        }
      }
      return bytes;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& sink_;
  };
};

bool IsTokenChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Whether the start of a head can become a request line: a short method, a space, and no control characters. The
// parser waits for the end of the head before it looks, and garbage has none.
bool CanBeRequestLine(std::string_view input) {
  constexpr size_t kMethodBytesMax = 32;
  const std::string_view line = input.substr(0, input.find("\r\n"));
  const std::string_view method = line.substr(0, line.find(' '));
  if (method.empty() || method.size() > kMethodBytesMax || !std::all_of(method.begin(), method.end(), IsTokenChar)) {
    return false;
  }
  const size_t checked = line.ends_with('\r') ? line.size() - 1 : line.size();
  return std::all_of(line.begin(), line.begin() + checked, [](char c) { return static_cast<uint8_t>(c) >= 0x20; });
}

int StatusOf(const Error& error) {
  switch (error.code) {
    case Code::kTooLarge: return 413;
    case Code::kBusy: return 429;
    default: return 400;
  }
}

}  // namespace

struct HttpConnection::Parser : http::request_parser<SinkBody> {};

// The link between a connection and whoever answers its request, on whatever thread and however late.
struct HttpConnection::Exchange : std::enable_shared_from_this<Exchange> {
  Exchange(std::shared_ptr<HttpConnection> asker, IoLane& its_lane, HttpAnswerTo answer_to, bool keeps_alive)
      : connection(std::move(asker)), lane(its_lane), to(answer_to), keep_alive(keeps_alive) {}

  void Answer(HttpResponse response) {
    HttpAnswer made = MakeHttpAnswer(std::move(response), to);
    // Under the lock, so that the lane is there: a connection that ends takes itself out first.
    std::lock_guard lock(mutex);
    if (connection == nullptr) return;
    asio::post(lane.context,
               [self = shared_from_this(), connection = std::move(connection), made = std::move(made)]() mutable {
                 self->answer = std::move(made);
                 connection->Deliver(*self);
               });
  }

  void Abandon() {
    std::lock_guard lock(mutex);
    connection = nullptr;
  }

  std::mutex mutex;
  std::shared_ptr<HttpConnection> connection;  // null once answered or gone
  IoLane& lane;
  const HttpAnswerTo to;
  const bool keep_alive;
  std::optional<HttpAnswer> answer;  // the lane's
};

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, std::shared_ptr<HttpServerState> server,
                               HttpConnections& neighbours)
    : socket_(std::move(socket)),
      server_(std::move(server)),
      neighbours_(neighbours),
      writer_wake_(socket_.get_executor(), Deadline::max()),
      reader_wake_(socket_.get_executor(), Deadline::max()) {}

void HttpConnection::Start(bool refused) {
  neighbours_.Add(*this, server_);
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  const auto peer = socket_.remote_endpoint(ignored);
  const std::string address = peer.address().to_string();
  peer_ = (peer.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(peer.port());
  asio::co_spawn(
      socket_.get_executor(),
      [self = shared_from_this(), refused]() -> Awaitable<void> {
        if (refused) {
          const Trouble too_many{503, "there are too many connections to this port"};
          const HttpRequest nothing;
          co_await self->Refuse(too_many, nothing);
        } else {
          co_await self->Run();
        }
        error_code error;
        self->socket_.close(error);
        self->lane_hook.unlink();
        if (self->wait_hook.is_linked()) self->wait_hook.unlink();
        HttpServerState& state = *self->server_;
        std::lock_guard lock(state.mutex);
        state.connections_count.fetch_sub(1);
        state.changed.notify_all();
      },
      asio::detached);
}

void HttpConnection::Close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
  writer_wake_.cancel();
  reader_wake_.cancel();
}

void HttpConnection::CloseIfLate(Deadline now) {
  if (now >= write_deadline_) return Close();
  if (now < deadline_ || late_) return;
  late_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

void HttpConnection::Deliver(const Exchange& exchange) {
  if (!pending_.empty() && pending_.front().get() == &exchange) writer_wake_.cancel();
}

boost::asio::awaitable<void> HttpConnection::Run() {
  asio::co_spawn(socket_.get_executor(), [self = shared_from_this()] { return self->WriteAnswers(); }, asio::detached);
  bool more = true;
  while (more) more = co_await ReadOne();
  reading_done_ = true;
  writer_wake_.cancel();
  while (!writing_done_) co_await reader_wake_.async_wait(kAwait);
}

// Whether there may be another request after this one.
boost::asio::awaitable<bool> HttpConnection::ReadOne() {
  Parser parser;
  parser.header_limit(static_cast<uint32_t>(server_->options.header_bytes_max));
  parser.body_limit(boost::none);

  HttpRequest request;
  request.peer = peer_;
  std::string_view input;  // what is there of the client's bytes; gone as soon as something else is read on this lane
  Outcome trouble = co_await ReadHead(parser, input);
  Encoding encoding = Encoding::kIdentity;
  if (!trouble) trouble = CheckHead(parser, request, encoding);
  if (!trouble) {
    const bool continue_expected = parser.get().version() >= 11 && !request.Header("Expect").empty();
    trouble = co_await ReadBody(parser, encoding, continue_expected, input, request);
  }
  if (trouble) {
    reading_head_ = false;
    deadline_ = Deadline::max();
    co_await Drain();
    if (trouble->status != 0 && !closed_ && !writing_done_) co_await Refuse(*trouble, request);
    co_return false;
  }
  KeepAhead(input);
  deadline_ = Deadline::max();
  if (server_->cut || closed_ || writing_done_) co_return false;

  server_->body_bytes.Add(request.body.size());
  const bool keep_alive = parser.get().keep_alive();
  const HttpAnswerTo to{.head_only = request.method == "HEAD",
                        .encoding = ChooseEncoding(request.Header("Accept-Encoding"))};
  if (to.head_only) request.method = "GET";
  auto exchange = std::make_shared<Exchange>(shared_from_this(), neighbours_.lane(), to, keep_alive);
  pending_.push_back(exchange);
  const auto gone = server_->options.watch_clients ? std::make_shared<std::atomic<bool>>(false) : nullptr;
  request.client_gone = gone;
  server_->handler(std::move(request),
                   HttpResponder([exchange](HttpResponse response) { exchange->Answer(std::move(response)); }));
  if (gone != nullptr) WatchClient(exchange, gone);
  while (pending_.size() >= server_->options.pipelined_max && !writing_done_) co_await reader_wake_.async_wait(kAwait);
  const bool more_wanted = pending_.empty() || !server_->stopping;
  co_return keep_alive&& more_wanted && !closed_ && !writing_done_;
}

boost::asio::awaitable<void> HttpConnection::Drain() {
  while (!pending_.empty() && !writing_done_) co_await reader_wake_.async_wait(kAwait);
}

// Whether there is something to do for WriteAnswers, be it to end.
bool HttpConnection::CanWrite() const {
  if (closed_) return true;
  return pending_.empty() ? reading_done_ : pending_.front()->answer.has_value();
}

boost::asio::awaitable<void> HttpConnection::WriteAnswers() {
  bool more = true;
  while (more) {
    while (!CanWrite()) co_await writer_wake_.async_wait(kAwait);
    if (closed_ || pending_.empty()) break;
    const std::shared_ptr<Exchange> exchange = pending_.front();
    const bool close = !exchange->keep_alive || (server_->stopping && pending_.size() == 1);
    server_->CountAnswer(exchange->answer->status);
    const bool written = co_await Write(*exchange->answer, close);
    pending_.pop_front();
    more = written && !close;
    if (written && close && !closed_) {
      error_code ignored;
      socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }
    if (more && pending_.empty() && reading_head_) WaitForHead();
    reader_wake_.cancel();
  }
  for (const auto& exchange : pending_) exchange->Abandon();
  pending_.clear();
  writing_done_ = true;
  // Whoever reads on would read for nobody.
  error_code ignored;
  if (!reading_done_) socket_.cancel(ignored);
  reader_wake_.cancel();
}

// From now on the connection is idle until a request begins.
void HttpConnection::WaitForHead() {
  neighbours_.Wait(*this);
  late_ = false;
  deadline_ = Clock::now() + server_->options.header_timeout;
}

boost::asio::awaitable<HttpConnection::Outcome> HttpConnection::ReadHead(Parser& parser, std::string_view& input) {
  reading_head_ = true;
  if (pending_.empty()) WaitForHead();
  input = ahead_;
  bool line_read = false;  // the parser has taken the request line
  while (true) {
    // Line breaks in front of a request are forgiven (RFC 9112, 2.2).
    while (!line_read && !input.empty() && (input[0] == '\r' || input[0] == '\n')) input.remove_prefix(1);
    if (!input.empty()) {
      if (input.starts_with("PRI * HTTP/2.0")) co_return Trouble{400, "this port speaks HTTP/1.1, not HTTP/2"};
      if (!line_read && !CanBeRequestLine(input)) co_return Trouble{400, "this is no HTTP/1.1 request"};
      error_code error;
      const size_t used = parser.put(asio::buffer(input.data(), input.size()), error);
      input.remove_prefix(used);
      line_read = line_read || used > 0;
      if (parser.is_header_done()) break;
      if (error == http::error::header_limit || input.size() > server_->options.header_bytes_max) {
        co_return Trouble{
            431, "the request's head has more than " + std::to_string(server_->options.header_bytes_max) + " bytes"};
      }
      if (error && error != http::error::need_more) {
        co_return Trouble{400, "this is no HTTP/1.1 request: " + error.message()};
      }
    }
    KeepAhead(input);

    const auto [error] = co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, kAwait);
    if (closed_ || writing_done_) co_return Trouble{};
    if (late_) {
      if (ahead_.empty() && !line_read) co_return Trouble{};  // it was merely idle
      co_return Trouble{408, "the request's head did not arrive in time"};
    }
    if (error) co_return Trouble{};
    error_code read_error;
    IoLane& lane = neighbours_.lane();
    const size_t count = socket_.read_some(asio::buffer(lane.scratch.get(), kHeadReadBytes), read_error);
    if (read_error == asio::error::would_block) {
      input = ahead_;
      continue;
    }
    if (read_error) co_return Trouble{};
    input = std::string_view(lane.scratch.get(), count);
    if (!ahead_.empty()) input = ahead_.append(input);
  }
  reading_head_ = false;
  if (wait_hook.is_linked()) wait_hook.unlink();
  late_ = false;
  co_return std::nullopt;
}

HttpConnection::Outcome HttpConnection::CheckHead(Parser& parser, HttpRequest& request, Encoding& encoding) {
  const auto& head = parser.get();
  const auto text = [](auto view) { return std::string(view.data(), view.size()); };
  request.method = text(head.method_string());
  request.target = text(head.target());
  for (const auto& field : head) request.headers.emplace_back(text(field.name_string()), text(field.value()));

  Result<HttpTarget> target = ParseHttpTarget(request.target);
  if (!target.has_value()) return Trouble{400, target.error().message};
  request.path = std::move(target->path);
  request.query = std::move(target->query);

  const std::string_view transfer = request.Header("Transfer-Encoding");
  if (!transfer.empty() && !EqualsIgnoringCase(transfer, "chunked")) {
    return Trouble{501, "the Transfer-Encoding is none that is known here: send chunked, or none"};
  }
  const std::string_view expectation = request.Header("Expect");
  if (!expectation.empty() && !EqualsIgnoringCase(expectation, "100-continue")) {
    return Trouble{417, "only 100-continue can be expected"};
  }
  const std::optional<Encoding> known = ParseEncoding(request.Header("Content-Encoding"));
  if (!known) return Trouble{415, "the Content-Encoding is none of gzip, deflate, zstd and identity"};
  encoding = *known;
  const size_t bytes_max = server_->options.body_bytes_max;
  if (parser.content_length().value_or(0) > bytes_max) {
    return Trouble{413, "the body has more than " + std::to_string(bytes_max) + " bytes"};
  }
  return std::nullopt;
}

HttpConnection::Trouble HttpConnection::BodyIsLate() { return {408, "the request's body did not arrive in time"}; }

void HttpConnection::ExpectBody() {
  deadline_ = std::min(body_deadline_, Clock::now() + server_->options.body_stall_timeout);
}

boost::asio::awaitable<HttpConnection::Outcome> HttpConnection::ReadBody(Parser& parser, Encoding encoding,
                                                                         bool continue_expected,
                                                                         std::string_view& input,
                                                                         HttpRequest& request) {
  const uint64_t length = parser.content_length().value_or(0);
  if (!parser.chunked() && length == 0) co_return std::nullopt;

  body_deadline_ = Clock::now() + server_->options.body_timeout;
  ExpectBody();
  if (continue_expected && input.empty()) {
    // The client waits for this, so there is nothing in `input` that waiting could lose.
    deadline_ = Deadline::max();
    co_await Drain();
    const bool written = co_await WriteAll(kContinue, {});
    if (!written) co_return Trouble{};
    ExpectBody();
  }

  BoundedBytes body(server_->options.body_bytes_max, server_->budget.Reserve());
  Outcome trouble;
  if (!parser.chunked() && encoding == Encoding::kIdentity) {
    trouble = co_await ReadPlain(length, input, body);
  } else {
    const auto unpack = Decompressor::Make(encoding, body, server_->budget.Reserve());
    if (parser.chunked()) {
      trouble = co_await ReadChunked(parser, input, *unpack);
    } else {
      trouble = co_await ReadPacked(length, input, *unpack);
    }
    if (!trouble) {
      if (const Status end = unpack->Finish(); !end.has_value()) trouble = {StatusOf(end.error()), end.error().message};
    }
  }
  if (trouble) co_return trouble;
  std::tie(request.body, request.memory) = body.Take();
  co_return std::nullopt;
}

boost::asio::awaitable<HttpConnection::Outcome> HttpConnection::ReadPlain(uint64_t length, std::string_view& input,
                                                                          BoundedBytes& body) {
  while (body.size() < length) {
    const uint64_t left = length - body.size();
    const Status room = body.MakeRoom(std::min<uint64_t>(left, std::max(kBodyRoomBytes, 3 * body.size())));
    if (!room.has_value()) co_return Trouble{StatusOf(room.error()), room.error().message};
    const std::span<char> spare = body.Spare().first(std::min<uint64_t>(left, body.Spare().size()));
    size_t count = 0;
    if (!input.empty()) {
      count = input.copy(spare.data(), spare.size());
      input.remove_prefix(count);
    } else {
      const auto [error, read] = co_await socket_.async_read_some(asio::buffer(spare.data(), spare.size()), kAwait);
      if (late_) co_return BodyIsLate();
      if (error || closed_) co_return Trouble{};
      count = read;
      ExpectBody();
    }
    if (const Status grown = body.Commit(count); !grown.has_value()) {
      co_return Trouble{StatusOf(grown.error()), grown.error().message};
    }
  }
  co_return std::nullopt;
}

// Reads what the socket has into the lane's scratch memory.
boost::asio::awaitable<HttpConnection::Outcome> HttpConnection::ReadMore(std::string_view& into) {
  while (true) {
    const auto [error] = co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, kAwait);
    if (late_) co_return BodyIsLate();
    if (error || closed_) co_return Trouble{};
    error_code read_error;
    IoLane& lane = neighbours_.lane();
    const size_t count = socket_.read_some(asio::buffer(lane.scratch.get(), IoLane::kScratchBytes), read_error);
    if (read_error == asio::error::would_block) continue;
    if (read_error) co_return Trouble{};
    ExpectBody();
    into = std::string_view(lane.scratch.get(), count);
    co_return std::nullopt;
  }
}

boost::asio::awaitable<HttpConnection::Outcome> HttpConnection::ReadPacked(uint64_t length, std::string_view& input,
                                                                           Decompressor& unpack) {
  uint64_t left = length;
  while (true) {
    const std::string_view piece = input.substr(0, left);
    input.remove_prefix(piece.size());
    left -= piece.size();
    if (const Status fed = unpack.Feed(piece); !fed.has_value()) {
      co_return Trouble{StatusOf(fed.error()), fed.error().message};
    }
    if (left == 0) co_return std::nullopt;
    Outcome trouble = co_await ReadMore(input);
    if (trouble) co_return trouble;
  }
}

boost::asio::awaitable<HttpConnection::Outcome> HttpConnection::ReadChunked(Parser& parser, std::string_view& input,
                                                                            Decompressor& unpack) {
  parser.eager(true);
  parser.get().body().unpack = &unpack;
  parser.get().body().wire_bytes_max = server_->options.body_bytes_max;
  std::string partial;  // the start of a chunk's head
  while (true) {
    error_code error;
    while (!input.empty() && !parser.is_done() && !error) {
      input.remove_prefix(parser.put(asio::buffer(input.data(), input.size()), error));
    }
    const Status& status = parser.get().body().status;
    if (!status.has_value()) co_return Trouble{StatusOf(status.error()), status.error().message};
    if (error && error != http::error::need_more) {
      co_return Trouble{400, "the body is not properly chunked: " + error.message()};
    }
    if (parser.is_done()) co_return std::nullopt;
    if (input.size() > server_->options.header_bytes_max) co_return Trouble{400, "a chunk's head has no end"};
    partial = std::string(input);
    Outcome trouble = co_await ReadMore(input);
    if (trouble) co_return trouble;
    if (!partial.empty()) input = partial.append(input);
    // What the parser leaves of it must outlive this loop's string.
    ahead_.swap(partial);
    if (!ahead_.empty()) input = std::string_view(ahead_);
  }
}

// Sets `gone` when the client closes while `exchange` is not answered. Bytes that it sends meanwhile are the next
// request: they stay where they are, and end the watch, since a close cannot be seen behind them.
void HttpConnection::WatchClient(std::shared_ptr<const Exchange> exchange, std::shared_ptr<std::atomic<bool>> gone) {
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this(), exchange, gone](error_code error) {
    const auto& pending = self->pending_;
    if (error == asio::error::operation_aborted || self->closed_) return;
    if (std::find(pending.begin(), pending.end(), exchange) == pending.end() || exchange->answer) return;
    char byte;
    size_t count = 0;
    if (!error) {
      count = self->socket_.receive(asio::buffer(&byte, 1), asio::ip::tcp::socket::message_peek, error);
    }
    if (error == asio::error::would_block) return self->WatchClient(exchange, gone);
    if (error || count == 0) *gone = true;
  });
}

// Keeps the bytes that nothing has taken, which can be in ahead_ itself, for later.
void HttpConnection::KeepAhead(std::string_view rest) {
  if (rest.data() == ahead_.data() && rest.size() == ahead_.size()) return;
  std::string kept(rest);
  if (kept.empty() && ahead_.capacity() <= kAheadBytesKept) {
    ahead_.clear();
  } else {
    ahead_ = std::move(kept);
  }
}

boost::asio::awaitable<bool> HttpConnection::Write(const HttpAnswer& answer, bool close) {
  std::string_view body = answer.static_body.empty() ? std::string_view(answer.body) : answer.static_body;
  std::string head = answer.head + (close ? "Connection: close\r\n\r\n" : "\r\n");
  constexpr size_t kJoinedBytesMax = 4096;
  if (body.size() <= kJoinedBytesMax) {
    head.append(body);
    body = {};
  }
  const bool written = co_await WriteAll(head, body);
  co_return written;
}

boost::asio::awaitable<bool> HttpConnection::WriteAll(std::string_view first, std::string_view second) {
  bool written = true;
  while (written && !(first.empty() && second.empty())) {
    write_deadline_ = Clock::now() + server_->options.write_timeout;
    const std::array<asio::const_buffer, 2> pieces{asio::buffer(first.data(), first.size()),
                                                   asio::buffer(second.data(), second.size())};
    const auto [error, count] = co_await socket_.async_write_some(pieces, kAwait);
    // Reading that came late is cancelled, and writing with it: it goes on.
    written = !closed_ && (!error || error == asio::error::operation_aborted);
    const size_t of_first = std::min(count, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(count - of_first);
  }
  write_deadline_ = Deadline::max();
  co_return written;
}

boost::asio::awaitable<void> HttpConnection::Refuse(const Trouble& trouble, const HttpRequest& head) {
  if (wait_hook.is_linked()) wait_hook.unlink();
  reading_head_ = false;
  late_ = false;
  HttpResponse refusal = server_->Refusal(trouble.status, trouble.message, head);
  server_->CountAnswer(refusal.status);
  const HttpAnswer answer = MakeHttpAnswer(std::move(refusal), {.head_only = head.method == "HEAD"});
  const bool written = co_await Write(answer, true);
  if (written) co_await Linger();
}

// Closing while the client still sends would have its system throw the answer away unread: so first the sending side is
// closed, and what comes in is read and forgotten until the client closes too, or has had its time.
boost::asio::awaitable<void> HttpConnection::Linger() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  body_deadline_ = Clock::now() + server_->options.linger_timeout;
  size_t bytes = 0;
  std::string_view input;
  while (bytes < limits::kLingerBytesMax && !server_->stopping) {
    deadline_ = body_deadline_;
    const Outcome trouble = co_await ReadMore(input);
    if (trouble) co_return;
    bytes += input.size();
  }
}

}  // namespace spoor
