// Spans for Boost.Beast: the messages of a server and of a client, as they are.
//
//   HttpServerSpan span = ServerSpanOf(tracer, request, socket);   http::request that was read
//   span.SetRoute("/api/users/{id}");
//   …
//   span.SetStatus(response.result_int());
//
//   BeastHeaderWriter headers(request);                             http::request about to be written
//   HttpClientSpan span(tracer, FactsOf(request, "backend", 8081), headers);
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "http.h"

namespace spoor::trace {

// The headers of a Beast message; it must live as long.
template <class Fields>
class BeastHeaderReader final : public HeaderReader {
 public:
  explicit BeastHeaderReader(const Fields& fields) : fields_(fields) {}
  std::vector<std::string_view> Values(std::string_view name) const override {
    std::vector<std::string_view> values;
    const auto range = fields_.equal_range(boost::beast::string_view(name.data(), name.size()));
    for (auto it = range.first; it != range.second; ++it) values.emplace_back(it->value().data(), it->value().size());
    return values;
  }

 private:
  const Fields& fields_;
};

template <class Fields>
class BeastHeaderWriter final : public HeaderWriter {
 public:
  explicit BeastHeaderWriter(Fields& fields) : fields_(fields) {}
  void Set(std::string_view name, std::string_view value) override {
    fields_.set(boost::beast::string_view(name.data(), name.size()),
                boost::beast::string_view(value.data(), value.size()));
  }

 private:
  Fields& fields_;
};

namespace beast_detail {

inline std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

// "host:port" of a Host header, and "[::1]:port".
inline void ReadHost(std::string_view header, HttpRequestFacts& facts) {
  const size_t colon = header.rfind(':');
  const bool has_port = colon != std::string_view::npos && header.find(']', colon) == std::string_view::npos;
  facts.host = has_port ? header.substr(0, colon) : header;
  if (facts.host.size() > 1 && facts.host.front() == '[') facts.host = facts.host.substr(1, facts.host.size() - 2);
  uint32_t port = 0;
  for (const char c : has_port ? header.substr(colon + 1) : std::string_view()) {
    if (c < '0' || c > '9' || port > 65535) return;
    port = port * 10 + static_cast<uint32_t>(c - '0');
  }
  facts.port = port > 65535 ? 0 : static_cast<uint16_t>(port);
}

}  // namespace beast_detail

// What a request says of itself. The views are of the request, and of `host`, which is its Host header where empty.
template <class Body, class Fields>
HttpRequestFacts FactsOf(const boost::beast::http::request<Body, Fields>& request, std::string_view host = {},
                         uint16_t port = 0, std::string_view scheme = "http") {
  namespace http = boost::beast::http;
  using beast_detail::View;
  HttpRequestFacts facts;
  facts.method = View(request.method_string());
  facts.target = View(request.target());
  facts.scheme = scheme;
  facts.host = host;
  facts.port = port;
  if (host.empty()) beast_detail::ReadHost(View(request[http::field::host]), facts);
  facts.protocol_version = request.version() == 10 ? "1.0" : "1.1";
  facts.user_agent = View(request[http::field::user_agent]);
  return facts;
}

// The span of a request that a server has read, with the address of its peer (which may be told as text, to spare
// asking the socket with each request).
template <class Body, class Fields>
HttpServerSpan ServerSpanOf(const Tracer& tracer, const boost::beast::http::request<Body, Fields>& request,
                            std::string_view peer_address = {}, uint16_t peer_port = 0) {
  HttpRequestFacts facts = FactsOf(request);
  facts.peer_address = peer_address;
  facts.peer_port = peer_port;
  return HttpServerSpan(tracer, facts, BeastHeaderReader<boost::beast::http::request<Body, Fields>>(request));
}

}  // namespace spoor::trace
