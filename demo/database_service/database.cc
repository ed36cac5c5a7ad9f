#include "database_service/database.h"

#include <sqlite3.h>

#include <memory>
#include <utility>

#include "web/stopping.h"

namespace shop {
namespace {

constexpr auto kPoolPatience = std::chrono::seconds(10);
constexpr int kLockPatienceMs = 5000;

constexpr const char* kSchema = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, role TEXT);
CREATE TABLE IF NOT EXISTS products (id INTEGER PRIMARY KEY, name TEXT, price REAL, stock INTEGER, category TEXT);
CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user_id INTEGER, total REAL, status TEXT, items INTEGER);
CREATE TABLE IF NOT EXISTS order_items
  (order_id INTEGER, product_id INTEGER, quantity INTEGER, PRIMARY KEY (order_id, product_id));
INSERT OR IGNORE INTO users VALUES
  (1, 'Amara Okafor', 'amara@example.com', 'admin'),
  (2, 'Bjorn Lindqvist', 'bjorn@example.com', 'customer'),
  (3, 'Chen Wei', 'chen@example.com', 'customer'),
  (4, 'Dalia Haddad', 'dalia@example.com', 'support'),
  (5, 'Emil Novak', 'emil@example.com', 'customer');
INSERT OR IGNORE INTO products VALUES
  (1, 'Trail boots', 129.9, 34, 'shoes'),
  (2, 'Head lamp', 39.5, 120, 'equipment'),
  (3, 'Rain jacket', 89.0, 18, 'clothing'),
  (4, 'Compass', 24.9, 75, 'equipment'),
  (5, 'Wool socks', 14.9, 310, 'clothing');
INSERT OR IGNORE INTO orders VALUES
  (1, 2, 169.4, 'shipped', 2),
  (2, 3, 118.8, 'paid', 3),
  (3, 5, 129.9, 'delivered', 1),
  (4, 2, 64.4, 'paid', 2),
  (5, 3, 258.7, 'cancelled', 4);
INSERT OR IGNORE INTO order_items VALUES
  (1, 1, 1), (1, 2, 1), (2, 3, 1), (2, 5, 2), (3, 1, 1), (4, 2, 1), (4, 4, 1),
  (5, 1, 1), (5, 3, 1), (5, 4, 1), (5, 5, 1);
COMMIT;
)sql";

web::json::value ValueOf(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    case SQLITE_NULL: return nullptr;
    default: return web::json::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
  }
}

web::json::object RowOf(sqlite3_stmt* statement) {
  web::json::object row;
  for (int column = 0; column < sqlite3_column_count(statement); ++column) {
    row[sqlite3_column_name(statement, column)] = ValueOf(statement, column);
  }
  return row;
}

}  // namespace

Database::~Database() {
  for (sqlite3* handle : all_) {
    if (on_close_) on_close_(handle);
    sqlite3_close(handle);
  }
}

std::string Database::Open(const std::string& path, int connections) {
  for (int i = 0; i < connections; ++i) {
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open(path.c_str(), &handle);
    if (handle == nullptr) return "there is no memory for it";
    all_.push_back(handle);
    if (opened != SQLITE_OK) return sqlite3_errmsg(handle);
    sqlite3_busy_timeout(handle, kLockPatienceMs);
    if (i == 0 && sqlite3_exec(handle, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) return sqlite3_errmsg(handle);
    if (on_open_) on_open_(handle);
  }
  free_ = all_;
  return "";
}

Database::Connection Database::Take() {
  std::unique_lock lock(mutex_);
  if (!given_back_.wait_for(lock, kPoolPatience, [this] { return !free_.empty(); })) return {*this, nullptr};
  sqlite3* handle = free_.back();
  free_.pop_back();
  return {*this, handle};
}

void Database::GiveBack(sqlite3* handle) {
  const std::lock_guard lock(mutex_);
  free_.push_back(handle);
  given_back_.notify_one();
}

Database::Connection::Connection(Connection&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}

Database::Connection::~Connection() {
  if (handle_ != nullptr) database_->GiveBack(handle_);
}

Rows Database::Connection::Query(const std::string& sql, const std::vector<std::string>& parameters,
                                 std::chrono::microseconds time) {
  sqlite3_stmt* prepared = nullptr;
  const int made = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  if (made != SQLITE_OK) return {{}, sqlite3_errmsg(handle_)};
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int length = static_cast<int>(parameters[i].size());
    sqlite3_bind_text(prepared, static_cast<int>(i) + 1, parameters[i].data(), length, SQLITE_TRANSIENT);
  }
  Rows found;
  int step = sqlite3_step(prepared);
  if (step == SQLITE_ROW) web::WaitFor(time);
  for (; step == SQLITE_ROW; step = sqlite3_step(prepared)) found.rows.push_back(RowOf(prepared));
  if (step != SQLITE_DONE) return {{}, sqlite3_errmsg(handle_)};
  return found;
}

}  // namespace shop
