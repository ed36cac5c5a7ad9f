// Database: users, orders and products in a SQLite file, behind a small pool of connections.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "web/json.h"

struct sqlite3;

namespace shop {

// What a query found, or why it failed.
struct Rows {
  web::json::array rows;  // objects by column
  std::string error;      // empty where it did not
};

// Thread-safe once it is open.
class Database {
 public:
  using Hook = std::function<void(sqlite3*)>;

  Database() = default;
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Called with each connection once it is open, and before it is closed.
  void OnOpen(Hook hook) { on_open_ = std::move(hook); }
  void OnClose(Hook hook) { on_close_ = std::move(hook); }

  // Opens or creates the file, and fills it where it is new. Empty, or why it could not.
  std::string Open(const std::string& path, int connections);

  // One of the connections; it goes back when this goes. It may be none, where all are taken for too long.
  class Connection {
   public:
    Connection(Database& database, sqlite3* handle) : database_(&database), handle_(handle) {}
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;
    ~Connection();

    explicit operator bool() const { return handle_ != nullptr; }

    // Runs a query whose question marks stand for `parameters`. SQLite is too fast to be worth watching: rows come over
    // `time`, as they do from a database that is far away.
    Rows Query(const std::string& sql, const std::vector<std::string>& parameters = {},
               std::chrono::microseconds time = {});

   private:
    Database* database_;
    sqlite3* handle_;
  };

  // Waits for a connection, for at most ten seconds.
  Connection Take();

 private:
  void GiveBack(sqlite3* handle);

  Hook on_open_, on_close_;
  std::vector<sqlite3*> all_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::vector<sqlite3*> free_;  // guarded by mutex_
};

}  // namespace shop
