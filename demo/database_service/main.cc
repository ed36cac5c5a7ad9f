// database-service: the only one that reaches the data.
//
//   GET /db/users, /db/user/{id}, /db/orders, /db/products
//
// So that there is something to find, it can be asked for faults: ?slow=true for a slow query, ?fail=true for one that
// fails, ?n_plus_one=true (orders) for a query a row. The variables SLOW_RATE and FAULT_RATE, from 0 to 1, make a share
// of all queries slow, or fail.
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "database_service/database.h"
#include "web/json.h"
#include "web/log.h"
#include "web/server.h"
#include "web/settings.h"
#include "web/work.h"
// [4.1] Include the tracing library and "web/tracing.h", as in the frontend, and <spoor/sqlite.h>, which traces SQL.
#include <spoor/log.h>
#include <spoor/sqlite.h>
#include <spoor/tracing.h>

#include "web/tracing.h"

namespace trace = spoor::trace;
// [/]

namespace {

using std::chrono::milliseconds;
using web::json::object;

// [4.2] Name the tracer that begins this service's spans: "database-service".
const trace::Tracer kTracer = trace::GetTracer("database-service");
// [/]

// What is asked of the database.
struct Question {
  std::string table;
  std::string columns;
  std::string text_column;                   // one of them
  std::string condition = {};                // "WHERE id = ?", or empty
  std::vector<std::string> parameters = {};  // for its question marks
};

const Question kUsers{"users", "id, name, email, role", "name"};
const Question kOrders{"orders", "id, user_id, total, status, items", "status"};
const Question kProducts{"products", "id, name, price, stock, category", "name"};

// The query, and on request one that has to read every row, or one that fails at the first.
std::string SqlOf(const Question& question, bool is_slow, bool is_failing) {
  std::string sql = "SELECT " + question.columns;
  if (is_failing) sql += ", json(" + question.text_column + ") AS details";  // which is no JSON
  sql += " FROM " + question.table;
  if (is_slow) sql += " NOT INDEXED";
  if (!question.condition.empty()) sql += " " + question.condition;
  return sql;
}

class DatabaseService {
 public:
  DatabaseService(const web::Settings& settings, shop::Database& database, web::Log& log)
      : name_(settings.service_name),
        fault_rate_(web::NumberVariable("FAULT_RATE", 0, 1)),
        slow_rate_(web::NumberVariable("SLOW_RATE", 0, 1)),
        database_(database),
        log_(log) {}

  void AddRoutes(web::Server& server) {
    server.Get("/health", [this](const web::Request&) { return Health(); });
    server.Get("/db/users", [this](const web::Request& request) { return List(request, kUsers); });
    server.Get("/db/user/{id}", [this](const web::Request& request) { return User(request); });
    server.Get("/db/orders", [this](const web::Request& request) { return List(request, kOrders); });
    server.Get("/db/products", [this](const web::Request& request) { return List(request, kProducts); });
  }

 private:
  web::Response Health() {
    auto connection = database_.Take();
    const bool is_connected = connection && connection.Query("SELECT count(*) FROM users").error.empty();
    if (is_connected) return object{{"status", "healthy"}, {"service", name_}, {"database", "connected"}};
    const object broken{{"status", "unhealthy"}, {"service", name_}, {"database", "disconnected"}};
    return {503, web::JsonText(broken)};
  }

  web::Response List(const web::Request& request, const Question& question) {
    auto connection = Connect();
    if (!connection) return Fail("every connection to the database is taken");
    shop::Rows found = Query(request, connection, question);
    if (!found.error.empty()) return Fail(found.error);
    if (question.table == "orders" && request.IsOn("n_plus_one")) AddProducts(connection, found.rows);
    return object{{"source", name_}, {"table", question.table}, {question.table, found.rows}};
  }

  web::Response User(const web::Request& request) {
    auto connection = Connect();
    if (!connection) return Fail("every connection to the database is taken");
    Question question = kUsers;
    question.condition = "WHERE id = ?";
    question.parameters = {request.path_parameters.at("id")};
    const shop::Rows found = Query(request, connection, question);
    if (!found.error.empty()) return Fail(found.error);
    if (found.rows.empty()) return {404, web::ErrorJson("User not found")};
    return object{{"source", name_}, {"table", "users"}, {"user", found.rows[0]}};
  }

  shop::Database::Connection Connect() {
    // [5.7] Give the way to a connection a span of its own, with the name of the pool.
    // > The attribute of OpenTelemetry's semantic conventions is "db.client.connection.pool.name".
    trace::ActiveSpan span(kTracer, "get_connection");
    span->SetAttribute("db.client.connection.pool.name", "shop");
    // [/]
    web::Work(milliseconds(10), milliseconds(50));
    return database_.Take();
  }

  shop::Rows Query(const web::Request& request, shop::Database::Connection& connection, const Question& question) {
    // [5.8] Give the query a span of its own, and tell it what is asked of which database.
    // > Name it "query_" and the name of the table. In the semantic conventions the attributes are "db.system.name"
    // > (sqlite), "db.operation.name" (SELECT) and "db.collection.name" (the table).
    trace::ActiveSpan span(kTracer, "query_" + question.table);
    span->SetAttributes(
        {{"db.system.name", "sqlite"}, {"db.operation.name", "SELECT"}, {"db.collection.name", question.table}});
    // [/]
    const bool is_slow = request.IsOn("slow") || web::Chance(slow_rate_);
    const bool is_failing = request.IsOn("fail") || web::Chance(fault_rate_);
    const int times = is_slow ? 8 : 1;
    const shop::Rows found = connection.Query(SqlOf(question, is_slow, is_failing), question.parameters,
                                              web::WorkTime(milliseconds(100 * times), milliseconds(300 * times)));
    // [5.9] Tell the span how many rows came back, or else what went wrong.
    // > "db.response.returned_rows"; RecordException as in the frontend, and SetStatus(trace::StatusCode::kError, …).
    if (found.error.empty()) {
      span->SetAttribute("db.response.returned_rows", found.rows.size());
    } else {
      span->RecordException(std::runtime_error(found.error));
      span->SetStatus(trace::StatusCode::kError, found.error);
    }
    // [/]
    return found;
  }

  // What an object mapper does when nobody looks: one query for the items of each order, and one for each item.
  void AddProducts(shop::Database::Connection& connection, web::json::array& orders) {
    // [5.10] Give the whole of it a span of its own, with the number of orders.
    trace::ActiveSpan span(kTracer, "load_order_items");
    span->SetAttribute("orders.count", orders.size());
    // [/]
    for (web::json::value& order : orders) {
      web::json::array products;
      const shop::Rows items =
          QueryById(connection, "SELECT product_id FROM order_items WHERE order_id = ?", order.at("id").as_int64());
      for (const web::json::value& item : items.rows) {
        const shop::Rows product =
            QueryById(connection, "SELECT name FROM products WHERE id = ?", item.at("product_id").as_int64());
        if (!product.rows.empty()) products.push_back(product.rows[0].at("name"));
      }
      order.as_object()["products"] = std::move(products);
    }
  }

  static shop::Rows QueryById(shop::Database::Connection& connection, const std::string& sql, int64_t id) {
    return connection.Query(sql, {std::to_string(id)}, web::WorkTime(milliseconds(4), milliseconds(12)));
  }

  web::Response Fail(const std::string& why) {
    log_.Error("request failed", {{"why", why}});
    return {500, web::ErrorJson(why, name_)};
  }

  const std::string name_;
  const double fault_rate_;
  const double slow_rate_;
  shop::Database& database_;
  web::Log& log_;
};

}  // namespace

int main() {
  const web::Settings settings = web::Settings::FromEnvironment("database-service", 8082);
  // [4.3] Start tracing, as the service "database-service".
  const trace::Tracing tracing = trace::StartTracing("database-service", {{"service.version", "1.0.0"}});
  // [/]
  shop::Database database;
  // [4.4] Make every SQL statement a span.
  // > trace::TraceSqlite(connection, kTracer, "shop") for each connection that is opened, and trace::StopTracingSqlite
  // > before it is closed.
  database.OnOpen([](sqlite3* connection) { trace::TraceSqlite(connection, kTracer, "shop"); });
  database.OnClose(trace::StopTracingSqlite);
  // [/]
  const std::string path = web::Variable("DATABASE_PATH", "shop.db");
  if (const std::string problem = database.Open(path, 4); !problem.empty()) {
    std::cerr << "cannot open the database " << path << " (DATABASE_PATH): " << problem << "\n";
    return 1;
  }
  web::Log log(settings.service_name);
  web::Server server(settings.service_name, "1.0.0");
  DatabaseService service(settings, database, log);
  service.AddRoutes(server);
  server.Wrap(web::LogRequests(log));
  // [4.5] Make every request that comes in a span: a child of the backend's, whose headers name it.
  server.Wrap(web::TraceRequests(kTracer));
  // [/]
  // [4.6] Put the ids of the trace and the span on each line of the log.
  log.EndLinesWith(trace::TraceFields);
  // [/]
  return server.Run(settings);
}
