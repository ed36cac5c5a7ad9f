#include "web/client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "web/stopping.h"
#include "web/url.h"

namespace web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr uint64_t kBodyBytesMax = 16 << 20;

// One request and its answer, on the thread that asks.
class Exchange {
 public:
  explicit Exchange(Call& call) : call_(call) { parser_.body_limit(kBodyBytesMax); }

  Answer Run() {
    const Wakeable wakeable([this] { asio::post(io_, [this] { Cancel(); }); });
    stream_.expires_after(Client::kTimeout);
    resolver_.async_resolve(call_.host, std::to_string(call_.port), [this](error_code error, const auto& addresses) {
      if (Failed(error)) return;
      stream_.async_connect(addresses, [this](error_code connected, const tcp::endpoint&) { Send(connected); });
    });
    io_.run();
    if (error_ == beast::error::timeout) return {0, "", "timeout"};
    if (error_) return {0, "", error_.message()};
    return {static_cast<int>(parser_.get().result_int()), std::move(parser_.get().body()), ""};
  }

 private:
  void Send(error_code connected) {
    if (Failed(connected)) return;
    http::async_write(stream_, call_.message, [this](error_code written, size_t) {
      if (Failed(written)) return;
      http::async_read(stream_, buffer_, parser_, [this](error_code read, size_t) { error_ = read; });
    });
  }

  bool Failed(error_code error) { return static_cast<bool>(error_ = error); }

  void Cancel() {
    resolver_.cancel();
    stream_.cancel();
  }

  Call& call_;
  asio::io_context io_{1};
  tcp::resolver resolver_{io_};
  beast::tcp_stream stream_{io_};
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
  error_code error_;
};

}  // namespace

Answer Client::Get(const std::string& url) const {
  const std::optional<Url> parsed = ParseUrl(url);
  if (!parsed) return {0, "", "\"" + url + "\" is no http:// address"};
  Call call;
  call.host = parsed->host;
  call.port = parsed->port;
  call.message.method(http::verb::get);
  call.message.target(parsed->target);
  call.message.set(http::field::host, parsed->Authority());
  call.message.set(http::field::accept, "application/json");
  call.message.set(http::field::connection, "close");
  Caller caller = [](Call& sent) { return Exchange(sent).Run(); };
  for (const CallWrapper& wrapper : wrappers_) {
    caller = [&wrapper, next = std::move(caller)](Call& sent) { return wrapper(sent, next); };
  }
  return caller(call);
}

}  // namespace web
