#include "api/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spoor::trace {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The words and signs of SQL, without comments.
class SqlReader {
 public:
  explicit SqlReader(std::string_view sql) : rest_(sql) {}

  // Empty at the end.
  std::string_view Next() {
    SkipBlanks();
    if (rest_.empty()) return {};
    const char first = rest_[0];
    size_t length = 1;
    if (first == '"' || first == '`' || first == '\'' || first == '[') {
      length = QuotedLength(first == '[' ? ']' : first);
    } else if (first >= '0' && first <= '9') {
      length = NumberLength();
    } else if (IsWord(first)) {
      while (length < rest_.size() && IsWord(rest_[length])) ++length;
      if (length == 1 && (first == 'x' || first == 'X') && length < rest_.size() && rest_[1] == '\'') {
        length = std::min(rest_.find('\'', 2), rest_.size() - 1) + 1;
      }
    }
    const std::string_view token = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return token;
  }

 private:
  // Up to the closing quote; two of them are one that stands in the text.
  size_t QuotedLength(char quote) const {
    for (size_t at = rest_.find(quote, 1); at != std::string_view::npos; at = rest_.find(quote, at + 2)) {
      if (quote == ']' || at + 1 >= rest_.size() || rest_[at + 1] != quote) return at + 1;
    }
    return rest_.size();
  }
  // Of "12", "1.5e-3", "0x1F".
  size_t NumberLength() const {
    size_t length = 1;
    for (; length < rest_.size(); ++length) {
      const char c = rest_[length];
      const bool is_exponent_sign = (c == '+' || c == '-') && (rest_[length - 1] | 0x20) == 'e' && rest_[1] != 'x';
      if (!IsWord(c) && c != '.' && !is_exponent_sign) break;
    }
    return length;
  }
  void SkipBlanks() {
    while (!rest_.empty()) {
      if (IsSpace(rest_[0])) {
        rest_.remove_prefix(1);
      } else if (rest_.substr(0, 2) == "--") {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (rest_.substr(0, 2) == "/*") {
        const size_t end = rest_.find("*/", 2);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 2);
      } else {
        return;
      }
    }
  }

  std::string_view rest_;
};

bool Is(std::string_view token, std::string_view word) {
  if (token.size() != word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if ((token[i] | 0x20) != (word[i] | 0x20)) return false;
  }
  return true;
}

std::string_view WithoutQuotes(std::string_view name) {
  const bool is_quoted = name.size() > 1 && (name[0] == '"' || name[0] == '`' || name[0] == '[' || name[0] == '\'');
  return is_quoted ? name.substr(1, name.size() - 2) : name;
}

// SQLite tells the program of an error only once its hooks have been called. Its log, though, tells at once why a
// statement is aborted, on the thread that runs it. Where a program sets a log of its own, spans tell no errors.
//
// The log tells the statement's text but not the connection, which may be one that is not traced.
struct Abort {
  int code = SQLITE_OK;
  std::string message;
};
thread_local Abort last_abort;  // of this thread; taken by the end of the statement, which follows at once

void OnLog(void*, int code, const char* message) {
  const std::string_view text = message == nullptr ? "" : message;
  if (text.rfind("statement aborts at ", 0) != 0 && text.rfind("abort at ", 0) != 0) return;
  last_abort = {code, std::string(text)};
}

// Whether what was logged, of which no more than some 200 bytes are, begins as the statement does.
bool IsOf(std::string_view logged, std::string_view sql) {
  const size_t length = std::min(logged.size(), sql.size());
  return logged.substr(0, length) == sql.substr(0, length);
}

// Why the statement was aborted, as "statement aborts at 12: [select …] database is locked" and "abort at 9 in [insert
// into …]: UNIQUE constraint failed: users.id" say, and SQLite 3.47 and later with "statement aborts at 12: database is
// locked; [select …]". Nothing where it is another statement that was.
std::optional<std::string> ReasonFor(const Abort& abort, std::string_view sql) {
  if (abort.code == SQLITE_OK) return {};
  const std::string_view message = abort.message;
  constexpr std::string_view kSqlLast = "; [";
  const size_t colon = message.find(": ");
  for (size_t at = message.find(kSqlLast); at != std::string_view::npos; at = message.find(kSqlLast, at + 1)) {
    const std::string_view logged = message.substr(at + kSqlLast.size());
    if (colon < at && IsOf(logged, sql)) return std::string(message.substr(colon + 2, at - colon - 2));
  }
  const size_t bracket = message.find('[');
  if (bracket == std::string_view::npos) return sqlite3_errstr(abort.code);  // it was cut before
  const std::string_view logged = message.substr(bracket + 1);
  if (!IsOf(logged, sql)) return {};
  const size_t reason = logged.find(' ', std::min(logged.size(), sql.size()));  // behind "] " or "]: "
  return reason == std::string_view::npos ? sqlite3_errstr(abort.code) : std::string(logged.substr(reason + 1));
}

// Before SQLite begins to work, as it takes no log afterwards.
[[maybe_unused]] const int log_set = sqlite3_config(SQLITE_CONFIG_LOG, OnLog, nullptr);

struct Running {
  sqlite3_stmt* statement;
  Span span;
  int64_t rows = 0;
};

// What the hook needs for one connection. SQLite calls it from the thread that uses the connection.
struct Traced {
  Tracer tracer;
  std::string database;
  std::vector<Running> running;  // few

  Running* Find(sqlite3_stmt* statement) {
    for (Running& one : running) {
      if (one.statement == statement) return &one;
    }
    return nullptr;
  }
};

std::mutex connections_mutex;
std::map<sqlite3*, std::unique_ptr<Traced>>& Connections() {
  static auto* connections = new std::map<sqlite3*, std::unique_ptr<Traced>>;  // never destroyed: used while exiting
  return *connections;
}

void Begin(Traced& traced, sqlite3_stmt* statement) {
  last_abort = {};
  if (!traced.tracer.Enabled()) return;
  const char* text = sqlite3_sql(statement);
  const std::string_view sql = text == nullptr ? "" : text;
  const SqlSummary summary = SummariseSql(sql);
  std::string operation(summary.operation);
  for (char& c : operation) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  std::string name = operation.empty() ? "sqlite" : operation;
  if (!summary.collection.empty()) name += " " + std::string(summary.collection);
  // Values that are bound are not in the text; values that are written there are nobody's business.
  const std::string told = sqlite3_bind_parameter_count(statement) > 0 ? std::string(sql) : SqlWithoutValues(sql);
  Attribute attributes[5] = {{"db.system.name", "sqlite"}, {"db.namespace", traced.database}, {"db.query.text", told}};
  size_t count = 3;
  if (!operation.empty()) attributes[count++] = {"db.operation.name", operation};
  if (!summary.collection.empty()) attributes[count++] = {"db.collection.name", summary.collection};
  SpanOptions options;
  options.kind = SpanKind::kClient;
  options.attributes = Attributes(attributes, count);
  Span span = traced.tracer.StartSpan(name, options);
  if (Running* before = traced.Find(statement)) {
    *before = {statement, std::move(span)};
  } else {
    traced.running.push_back({statement, std::move(span)});
  }
}

void End(Traced& traced, sqlite3_stmt* statement) {
  const Abort abort = std::exchange(last_abort, {});
  Running* running = traced.Find(statement);
  if (running == nullptr) return;
  Span& span = running->span;
  span.SetAttribute("db.response.returned_rows", running->rows);
  const char* sql = sqlite3_sql(statement);
  if (const auto reason = ReasonFor(abort, sql == nullptr ? "" : sql)) {
    const std::string code = std::to_string(abort.code);
    span.SetAttribute("db.response.status_code", code);
    span.SetAttribute("error.type", code);
    span.SetStatus(StatusCode::kError, *reason);
  }
  span.End();
  std::swap(*running, traced.running.back());
  traced.running.pop_back();
}

int OnTrace(unsigned event, void* argument, void* subject, void* detail) {
  if (event == SQLITE_TRACE_CLOSE) {
    StopTracingSqlite(static_cast<sqlite3*>(subject));
    return 0;
  }
  auto& traced = *static_cast<Traced*>(argument);
  auto* statement = static_cast<sqlite3_stmt*>(subject);
  if (event == SQLITE_TRACE_STMT) {
    // Triggers are told as comments within the statement that fired them.
    const auto* text = static_cast<const char*>(detail);
    if (text == nullptr || text[0] != '-' || text[1] != '-') Begin(traced, statement);
  } else if (event == SQLITE_TRACE_ROW) {
    if (Running* running = traced.Find(statement)) ++running->rows;
  } else if (event == SQLITE_TRACE_PROFILE) {
    End(traced, statement);
  }
  return 0;
}

}  // namespace

std::string SqlWithoutValues(std::string_view sql) {
  std::string told;
  const char* copied = sql.data();
  SqlReader reader(sql);
  for (std::string_view token = reader.Next(); !token.empty(); token = reader.Next()) {
    const bool is_number = token[0] >= '0' && token[0] <= '9';
    const bool is_text = token[0] == '\'';
    const bool is_bytes = (token[0] | 0x20) == 'x' && token.size() > 1 && token[1] == '\'';
    if (!is_number && !is_text && !is_bytes) continue;
    told.append(copied, static_cast<size_t>(token.data() - copied));
    told += '?';
    copied = token.data() + token.size();
  }
  told.append(copied, static_cast<size_t>(sql.data() + sql.size() - copied));
  return told;
}

SqlSummary SummariseSql(std::string_view sql) noexcept {
  SqlReader reader(sql);
  SqlSummary summary;
  summary.operation = reader.Next();
  if (summary.operation.empty() || !IsWord(summary.operation[0])) return {};
  // The table stands behind FROM, INTO, UPDATE, TABLE or JOIN, whichever comes first; "WITH x AS (…)" is passed over by
  // that rule, too. A name may have its schema before it.
  std::string_view before = summary.operation;
  for (std::string_view token = reader.Next(); !token.empty(); before = token, token = reader.Next()) {
    const bool follows =
        Is(before, "from") || Is(before, "into") || Is(before, "update") || Is(before, "table") || Is(before, "join");
    if (!follows || token == "(") continue;
    if (Is(token, "or") || Is(token, "if") || Is(token, "not") || Is(token, "exists")) {
      if (Is(token, "or")) reader.Next();  // UPDATE OR IGNORE
      token = before;
      continue;
    }
    summary.collection = WithoutQuotes(token);
    SqlReader after = reader;
    if (after.Next() == ".") summary.collection = WithoutQuotes(after.Next());
    return summary;
  }
  return summary;
}

void TraceSqlite(sqlite3* connection, const Tracer& tracer, std::string_view database) {
  auto traced = std::make_unique<Traced>();
  traced->tracer = tracer;
  traced->database = database.empty() ? "main" : std::string(database);
  traced->running.reserve(8);
  constexpr unsigned kEvents = SQLITE_TRACE_STMT | SQLITE_TRACE_ROW | SQLITE_TRACE_PROFILE | SQLITE_TRACE_CLOSE;
  sqlite3_trace_v2(connection, kEvents, OnTrace, traced.get());
  const std::lock_guard lock(connections_mutex);
  Connections()[connection] = std::move(traced);
}

void StopTracingSqlite(sqlite3* connection) {
  sqlite3_trace_v2(connection, 0, nullptr, nullptr);
  const std::lock_guard lock(connections_mutex);
  Connections().erase(connection);
}

}  // namespace spoor::trace
