#include <fmt/format.h>

#include <array>
#include <cmath>

#include "bench/traffic.h"

namespace spoor::bench {
namespace {

constexpr int kServices = 12;
constexpr int kPods = 4;
constexpr size_t kBodySpans = 512;

struct Service {
  std::string_view name, language, version, table, route, rpc;
};

constexpr std::array<Service, kServices> kFleet{{
    {"frontend", "nodejs", "4.12.1", "", "/", ""},
    {"cart", "dotnet", "2.3.0", "carts", "/api/cart/{userId}", "shop.CartService"},
    {"checkout", "go", "1.9.4", "orders", "/api/checkout", "shop.CheckoutService"},
    {"payment", "java", "2026.11.3", "ledger_entries", "/api/payments", "shop.PaymentService"},
    {"shipping", "rust", "0.8.2", "shipments", "/api/shipping/quote", "shop.ShippingService"},
    {"inventory", "java", "3.1.0", "stock", "/api/inventory/{sku}", "shop.InventoryService"},
    {"pricing", "python", "5.0.7", "price_lists", "/api/prices/{sku}", "shop.PricingService"},
    {"recommendation", "python", "1.4.4", "features", "/api/recommendations", "shop.RecommendationService"},
    {"catalog", "go", "6.2.0", "products", "/api/products/{id}", "shop.CatalogService"},
    {"users", "ruby", "9.0.1", "users", "/api/users/{id}", "shop.UserService"},
    {"search", "java", "8.8.2", "documents", "/api/search", "shop.SearchService"},
    {"notification", "php", "1.0.9", "outbox", "/api/notify", "shop.NotificationService"},
}};

constexpr std::array<std::string_view, 8> kVerbs{"Get",     "List",  "Create", "Update",
                                                 "Reserve", "Quote", "Score",  "Charge"};
constexpr std::array<std::string_view, 5> kSql{"SELECT", "SELECT", "SELECT", "INSERT", "UPDATE"};
constexpr std::array<std::string_view, 4> kExceptions{"TimeoutException", "ConnectionResetError", "ValidationError",
                                                      "NullPointerException"};

// Grows request trees and hands each span to its pod's next body.
class FleetMaker {
 public:
  explicit FleetMaker(const TrafficOptions& options) : options_(options), random_(options.seed) {
    base_ns_ = options.start_ns != 0 ? options.start_ns : NowNs() - 120'000'000'000ull;
    for (int s = 0; s < kServices; ++s) {
      for (int p = 0; p < kPods; ++p) pods_[s][p] = MakePod(s, p);
    }
  }

  std::vector<Body> Make() {
    uint64_t made = 0;
    while (made < options_.span_count) {
      trace_high_ = random_.Next();
      trace_low_ = random_.Next();
      base_ns_ += static_cast<uint64_t>(-std::log(1.0 - random_.Unit()) * 800'000.0);
      spans_left_ = 1 + static_cast<int>(random_.Below(8) * random_.Below(9));
      made += Serve(0, 0, base_ns_, 0).spans;
    }
    for (auto& pods : pods_) {
      for (Request& pod : pods) Flush(pod);
    }
    return std::move(bodies_);
  }

  uint64_t last_start_ns() const { return base_ns_; }

 private:
  struct Outcome {
    uint64_t spans = 0;
    uint64_t end_ns = 0;
    bool failed = false;
  };

  Request MakePod(int s, int p) {
    const Service& service = kFleet[s];
    const std::string pod =
        fmt::format("{}-{:08x}-{:05x}", service.name, random_.Next() & 0xffffffff, random_.Next() & 0xfffff);
    Request request;
    request.resource = {{"service.name", std::string(service.name)},
                        {"service.version", std::string(service.version)},
                        {"service.namespace", std::string("shop")},
                        {"service.instance.id", pod},
                        {"deployment.environment.name", std::string("prod")},
                        {"host.name", fmt::format("node-{}", (s * kPods + p) % 17)},
                        {"k8s.pod.name", pod},
                        {"k8s.namespace.name", std::string("shop")},
                        {"cloud.availability_zone", fmt::format("eu-central-1{}", static_cast<char>('a' + p % 3))},
                        {"telemetry.sdk.name", std::string("opentelemetry")},
                        {"telemetry.sdk.language", std::string(service.language)},
                        {"telemetry.sdk.version", std::string("1.30.1")},
                        {"process.pid", int64_t{1}}};
    request.scope_name = "io.opentelemetry.instrumentation";
    request.scope_version = "2.9.0";
    return request;
  }

  uint64_t Id() { return random_.Next() | 1; }
  uint64_t Work(double scale_us) { return static_cast<uint64_t>(scale_us * 1000.0 * std::exp(random_.Unit() * 2.2)); }

  Span Begin(uint64_t parent, uint64_t start_ns, int kind) {
    Span span;
    span.trace_high = trace_high_;
    span.trace_low = trace_low_;
    span.id = Id();
    span.parent = parent;
    span.kind = kind;
    span.start_ns = start_ns;
    --spans_left_;
    return span;
  }

  void Add(int service, Span span) {
    // Most teams tag their spans with something that is nearly unique: it is what dictionaries fear.
    if (random_.Chance(0.85)) span.attributes.emplace_back("app.user.id", fmt::format("{:016x}", random_.Next()));
    Request& pod = pods_[service][trace_low_ % kPods];
    pod.spans.push_back(std::move(span));
    if (pod.spans.size() == kBodySpans) Flush(pod);
  }

  void Flush(Request& pod) {
    if (pod.spans.empty()) return;
    bodies_.push_back(Encode(pod, options_.encoding));
    pod.spans.clear();
  }

  // A server span of `service` with the calls that it makes.
  Outcome Serve(int service, uint64_t parent, uint64_t start_ns, int depth) {
    const Service& s = kFleet[service];
    const bool http = service == 0 || random_.Chance(0.4);
    Span span = Begin(parent, start_ns, 2);
    Outcome outcome{1, start_ns + Work(150), random_.Chance(0.006)};
    while (spans_left_ > 0 && depth < 7 && random_.Chance(depth == 0 ? 0.9 : 0.55)) {
      Outcome child =
          random_.Chance(0.5) ? Query(service, span.id, outcome.end_ns) : Call(service, span.id, outcome.end_ns, depth);
      outcome.spans += child.spans;
      outcome.end_ns = child.end_ns + Work(40);
      outcome.failed |= child.failed && random_.Chance(0.5);
    }
    span.end_ns = outcome.end_ns;
    if (http) {
      const std::string_view method = random_.Chance(0.7) ? "GET" : "POST";
      span.name = fmt::format("{} {}", method, s.route);
      span.attributes = {{"http.request.method", std::string(method)},
                         {"http.route", std::string(s.route)},
                         {"url.path", fmt::format("/api/products/{}", random_.Below(20000))},
                         {"url.scheme", std::string("https")},
                         {"server.address", fmt::format("{}.shop.svc", s.name)},
                         {"server.port", int64_t{8080}},
                         {"client.address", fmt::format("10.42.{}.{}", random_.Below(16), random_.Below(250))},
                         {"user_agent.original", std::string("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36")},
                         {"http.response.status_code", int64_t{outcome.failed ? 500 : 200}}};
    } else {
      span.name = fmt::format("{}/{}", s.rpc, kVerbs[random_.Below(kVerbs.size())]);
      span.attributes = {{"rpc.system", std::string("grpc")},
                         {"rpc.service", std::string(s.rpc)},
                         {"rpc.method", span.name.substr(s.rpc.size() + 1)},
                         {"rpc.grpc.status_code", int64_t{outcome.failed ? 4 : 0}},
                         {"network.peer.address", fmt::format("10.42.{}.{}", random_.Below(16), random_.Below(250))},
                         {"network.peer.port", static_cast<int64_t>(30000 + random_.Below(30000))},
                         {"thread.name", fmt::format("worker-{}", random_.Below(16))}};
    }
    if (outcome.failed) Fail(span);
    Add(service, std::move(span));
    return outcome;
  }

  Outcome Call(int service, uint64_t parent, uint64_t start_ns, int depth) {
    const int target = 1 + static_cast<int>(random_.Below(kServices - 1));
    Span span = Begin(parent, start_ns, 3);
    Outcome outcome = Serve(target, span.id, start_ns + Work(60), depth + 1);
    outcome.end_ns += Work(60);
    ++outcome.spans;
    span.end_ns = outcome.end_ns;
    span.name = fmt::format("{}/{}", kFleet[target].rpc, kVerbs[random_.Below(kVerbs.size())]);
    span.attributes = {{"rpc.system", std::string("grpc")},
                       {"rpc.service", std::string(kFleet[target].rpc)},
                       {"server.address", fmt::format("{}.shop.svc", kFleet[target].name)},
                       {"server.port", int64_t{9090}},
                       {"rpc.grpc.status_code", int64_t{outcome.failed ? 4 : 0}}};
    if (outcome.failed) Fail(span);
    Add(service, std::move(span));
    return outcome;
  }

  Outcome Query(int service, uint64_t parent, uint64_t start_ns) {
    const std::string table(kFleet[service].table.empty() ? "sessions" : kFleet[service].table);
    const std::string_view verb = kSql[random_.Below(kSql.size())];
    Span span = Begin(parent, start_ns, 3);
    span.end_ns = start_ns + Work(300);
    span.name = fmt::format("{} {}", verb, table);
    span.attributes = {{"db.system.name", std::string("postgresql")},
                       {"db.namespace", std::string(kFleet[service].name)},
                       {"db.collection.name", table},
                       {"db.operation.name", std::string(verb)},
                       {"db.query.text", fmt::format("{} * FROM {} WHERE id = $1 AND tenant = $2", verb, table)},
                       {"server.address", fmt::format("{}-db.shop.svc", kFleet[service].name)},
                       {"server.port", int64_t{5432}},
                       {"db.response.returned_rows", static_cast<int64_t>(random_.Below(50))}};
    Outcome outcome{1, span.end_ns, false};
    Add(service, std::move(span));
    return outcome;
  }

  void Fail(Span& span) {
    const std::string_view type = kExceptions[random_.Below(kExceptions.size())];
    span.status = 2;
    span.status_message = fmt::format("{}: deadline exceeded after {} ms", type, 50 + random_.Below(2000));
    span.events.push_back(
        {span.end_ns - 1000,
         "exception",
         {{"exception.type", std::string(type)},
          {"exception.message", span.status_message},
          {"exception.stacktrace",
           fmt::format("{}\n  at shop.Handler.call(Handler.java:{})\n  at shop.Server.run(Server.java:142)", type,
                       random_.Below(400))}}});
  }

  const TrafficOptions& options_;
  Random random_;
  uint64_t base_ns_ = 0;
  uint64_t trace_high_ = 0, trace_low_ = 0;
  int spans_left_ = 0;
  Request pods_[kServices][kPods];
  std::vector<Body> bodies_;
};

}  // namespace

std::vector<Body> Fleet(const TrafficOptions& options, uint64_t& last_start_ns) {
  FleetMaker maker(options);
  std::vector<Body> bodies = maker.Make();
  last_start_ns = maker.last_start_ns();
  return bodies;
}

std::vector<Body> Fleet(const TrafficOptions& options) {
  uint64_t last_start_ns = 0;
  return Fleet(options, last_start_ns);
}

}  // namespace spoor::bench
