#include "api/http.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "trace/environment.h"

namespace spoor::trace {
namespace {

// RFC 9110's, PATCH (RFC 5789) and QUERY, or those of the variable, whose case counts.
std::vector<std::string> KnownMethods() {
  std::vector<std::string> methods;
  const std::string list = environment::Text("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS");
  for (std::string_view rest = list; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (const auto method = environment::Trim(rest.substr(0, comma)); !method.empty()) methods.emplace_back(method);
    rest.remove_prefix(std::min(rest.size(), comma + 1));
  }
  if (!methods.empty()) return methods;
  return {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"};
}

// As it stays known while the process lives; "_OTHER" of any other.
std::string_view KnownMethod(std::string_view method) {
  static const auto* methods = new std::vector<std::string>(KnownMethods());  // never destroyed: used while exiting
  const auto known = std::find(methods->begin(), methods->end(), method);
  return known == methods->end() ? std::string_view("_OTHER") : std::string_view(*known);
}

std::string_view NamePart(std::string_view known_method) { return known_method == "_OTHER" ? "HTTP" : known_method; }

void AddMethod(std::vector<Attribute>& attributes, std::string_view method) {
  const std::string_view known = KnownMethod(method);
  attributes.push_back({"http.request.method", known});
  if (known == "_OTHER") attributes.push_back({"http.request.method_original", method});
}

void AddText(std::vector<Attribute>& attributes, std::string_view key, std::string_view value) {
  if (!value.empty()) attributes.push_back({key, value});
}

void AddPort(std::vector<Attribute>& attributes, std::string_view key, uint16_t port) {
  if (port != 0) attributes.push_back({key, port});
}

// Query parameters that carry signatures and keys, whose values are told as REDACTED (semantic conventions, url.full).
constexpr std::array<std::string_view, 4> kSecretParameters = {"AWSAccessKeyId", "Signature", "sig",
                                                               "X-Goog-Signature"};

// A query string without what must not be told.
std::string Redacted(std::string_view query) {
  std::string told;
  while (true) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    const size_t equals = std::min(parameter.find('='), parameter.size());
    const bool is_secret = std::find(kSecretParameters.begin(), kSecretParameters.end(), parameter.substr(0, equals)) !=
                           kSecretParameters.end();
    told += is_secret && equals < parameter.size() ? std::string(parameter.substr(0, equals)) + "=REDACTED"
                                                   : std::string(parameter);
    if (end == query.size()) return told;
    told += '&';
    query.remove_prefix(end + 1);
  }
}

// The parts of a request's target: "/path?query", or a whole URL as proxies get it, or "*".
struct Target {
  explicit Target(std::string_view target) {
    if (const size_t scheme = target.find("://");
        scheme != std::string_view::npos && scheme < target.find_first_of("/?")) {
      target.remove_prefix(std::min(target.find_first_of("/?", scheme + 3), target.size()));
    }
    target = target.substr(0, target.find('#'));
    const size_t question = std::min(target.find('?'), target.size());
    path = target.substr(0, question);
    if (question < target.size()) query = Redacted(target.substr(question + 1));
  }
  std::string_view path;
  std::string query;
};

Span StartServer(const Tracer& tracer, const HttpRequestFacts& request, const Context& caller) {
  const Target target(request.target);
  std::vector<Attribute> attributes;
  AddMethod(attributes, request.method);
  attributes.push_back({"url.path", target.path});
  attributes.push_back({"url.scheme", request.scheme});
  AddText(attributes, "url.query", target.query);
  AddText(attributes, "server.address", request.host);
  AddPort(attributes, "server.port", request.port);
  AddText(attributes, "network.protocol.version", request.protocol_version);
  AddText(attributes, "user_agent.original", request.user_agent);
  AddText(attributes, "client.address", request.client_address.empty() ? request.peer_address : request.client_address);
  AddText(attributes, "network.peer.address", request.peer_address);
  AddPort(attributes, "network.peer.port", request.peer_port);
  SpanOptions options;
  options.kind = SpanKind::kServer;
  options.parent = &caller;
  options.attributes = attributes;
  return tracer.StartSpan(NamePart(KnownMethod(request.method)), options);
}

// The whole URL, without what must not be told.
std::string UrlOf(const HttpRequestFacts& request) {
  std::string url = std::string(request.scheme) + "://";
  const bool is_v6 = request.host.find(':') != std::string_view::npos;
  url += is_v6 ? "[" + std::string(request.host) + "]" : std::string(request.host);
  const uint16_t usual = request.scheme == "https" ? 443 : 80;
  if (request.port != 0 && request.port != usual) url += ":" + std::to_string(request.port);
  const Target target(request.target);
  // "*" and what CONNECT asks for are no paths.
  const bool is_path = target.path != "*" && request.method != "CONNECT";
  if (is_path && (target.path.empty() || target.path[0] != '/')) url += '/';
  if (is_path) url += target.path;
  if (!target.query.empty()) url += "?" + target.query;
  return url;
}

Span StartClient(const Tracer& tracer, const HttpRequestFacts& request, int resend_count) {
  const std::string url = UrlOf(request);
  std::vector<Attribute> attributes;
  AddMethod(attributes, request.method);
  attributes.push_back({"url.full", url});
  AddText(attributes, "server.address", request.host);
  AddPort(attributes, "server.port", request.port != 0 ? request.port : request.scheme == "https" ? 443 : 80);
  AddText(attributes, "network.protocol.version", request.protocol_version);
  AddText(attributes, "network.peer.address", request.peer_address);
  AddPort(attributes, "network.peer.port", request.peer_port);
  if (resend_count > 0) attributes.push_back({"http.request.resend_count", resend_count});
  SpanOptions options;
  options.kind = SpanKind::kClient;
  options.attributes = attributes;
  return tracer.StartSpan(NamePart(KnownMethod(request.method)), options);
}

void TellStatus(Span& span, int status, int first_error) {
  span.SetAttribute("http.response.status_code", status);
  if (status < first_error) return;
  span.SetAttribute("error.type", std::to_string(status));
  span.SetStatus(StatusCode::kError);
}

}  // namespace

HttpServerSpan::HttpServerSpan(const Tracer& tracer, const HttpRequestFacts& request, const HeaderReader& headers)
    : method_(NamePart(KnownMethod(request.method))),
      context_(GlobalPropagator()->Extract(headers)),
      span_(StartServer(tracer, request, context_)),
      scope_(context_ = std::move(context_).With(span_)) {}

HttpServerSpan::~HttpServerSpan() {
  scope_.End();
  if (!has_status_) {
    span_.SetAttribute("error.type", "no_response");
    span_.SetStatus(StatusCode::kError, "the request was left without a response");
  }
  span_.End();
}

Context HttpServerSpan::Detach() noexcept {
  scope_.End();
  return context_;
}

void HttpServerSpan::SetRoute(std::string_view route) {
  if (!span_.IsRecording()) return;
  span_.SetAttribute("http.route", route);
  span_.UpdateName(std::string(method_) + " " + std::string(route));
}

void HttpServerSpan::SetStatus(int status) {
  has_status_ = true;
  TellStatus(span_, status, 500);
}

HttpClientSpan::HttpClientSpan(const Tracer& tracer, const HttpRequestFacts& request, HeaderWriter& headers,
                               int resend_count)
    : span_(StartClient(tracer, request, resend_count)), context_(Context::Current().With(span_)), scope_(context_) {
  GlobalPropagator()->Inject(context_, headers);
}

HttpClientSpan::~HttpClientSpan() {
  scope_.End();
  span_.End();
}

Context HttpClientSpan::Detach() noexcept {
  scope_.End();
  return context_;
}

void HttpClientSpan::SetStatus(int status) { TellStatus(span_, status, 400); }

void HttpClientSpan::SetFailure(std::string_view error_type, std::string_view description) {
  span_.SetAttribute("error.type", error_type);
  span_.SetStatus(StatusCode::kError, description.empty() ? error_type : description);
}

}  // namespace spoor::trace
