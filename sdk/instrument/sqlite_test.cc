#include "api/sqlite.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::WireAttributes;
using testing::WireSpan;

// A database in memory whose statements are traced.
class Database {
 public:
  Database() {
    sqlite3_open(":memory:", &connection_);
    Run("create table users(id integer primary key, name text unique)");
    Run("insert into users values (1, 'anna'), (2, 'ben'), (3, 'cora')");
    TraceSqlite(connection_, recording.tracer, "shop");
  }
  ~Database() {
    StopTracingSqlite(connection_);
    sqlite3_close(connection_);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  int Run(const char* sql) { return sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr); }
  sqlite3* connection() { return connection_; }
  std::vector<WireSpan> Take() {
    auto request = recording.TakeWire();
    EXPECT_EQ(request.violations, std::vector<std::string>());
    return request.spans;
  }
  WireSpan TheOne() {
    const auto spans = Take();
    EXPECT_EQ(spans.size(), 1u);
    return spans.empty() ? WireSpan() : spans[0];
  }

  testing::Recording recording;

 private:
  sqlite3* connection_ = nullptr;
};

TEST(Sqlite, TellsAStatementAfterTheConventions) {
  Database database;
  database.Run("select name from users where id < 3");
  const WireSpan span = database.TheOne();
  EXPECT_EQ(span.name, "SELECT users");
  EXPECT_EQ(span.kind, 3u);
  EXPECT_EQ(span.status, 0u);
  EXPECT_EQ(span.attributes, (WireAttributes{{"db.system.name", "s:sqlite"},
                                             {"db.namespace", "s:shop"},
                                             {"db.query.text", "s:select name from users where id < ?"},
                                             {"db.operation.name", "s:SELECT"},
                                             {"db.collection.name", "s:users"},
                                             {"db.response.returned_rows", "i:2"}}));
}

TEST(Sqlite, IsAChildOfTheSpanThatIsCurrent) {
  Database database;
  const ActiveSpan around(database.recording.tracer, "handler");
  database.Run("select 1");
  EXPECT_EQ(database.TheOne().parent_id, around->context().span_id().ToHex());
}

TEST(Sqlite, TellsTextAsItWasPreparedAndNoValuesThatAreBound) {
  Database database;
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database.connection(), "select name from users where id = ? and id < 100", -1, &statement,
                     nullptr);
  for (int id = 1; id <= 2; ++id) {
    sqlite3_bind_int(statement, 1, id);
    while (sqlite3_step(statement) == SQLITE_ROW) {
    }
    sqlite3_reset(statement);
  }
  sqlite3_finalize(statement);
  const auto spans = database.Take();
  ASSERT_EQ(spans.size(), 2u) << "one for each time that it runs";
  for (const WireSpan& span : spans) {
    EXPECT_EQ(span.attributes.at("db.query.text"), "s:select name from users where id = ? and id < 100");
    EXPECT_EQ(span.attributes.at("db.response.returned_rows"), "i:1");
  }
}

TEST(Sqlite, TellsWhyAStatementIsAborted) {
  Database database;
  database.Run("select 1");
  EXPECT_NE(database.Run("insert into users values (4, 'anna')"), SQLITE_OK);
  database.Run("select 2");
  const auto spans = database.Take();
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].status, 0u);
  EXPECT_EQ(spans[1].status, 2u);
  EXPECT_EQ(spans[1].status_message, "UNIQUE constraint failed: users.name");
  EXPECT_EQ(spans[1].attributes.at("error.type"), "s:" + std::to_string(SQLITE_CONSTRAINT_UNIQUE));
  EXPECT_EQ(spans[1].attributes.at("db.response.status_code"), "s:" + std::to_string(SQLITE_CONSTRAINT_UNIQUE));
  EXPECT_EQ(spans[2].status, 0u) << "the error is no later statement's";
}

TEST(Sqlite, TakesNoErrorOfAConnectionThatIsNotTraced) {
  Database database;
  sqlite3* other = nullptr;
  sqlite3_open(":memory:", &other);
  const auto fail = [&] {
    EXPECT_NE(sqlite3_exec(other, "insert into t values (1)", nullptr, nullptr, nullptr), SQLITE_OK);
  };
  sqlite3_exec(other, "create table t(x unique); insert into t values (1)", nullptr, nullptr, nullptr);
  fail();
  database.Run("select 1");
  // And while one runs.
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database.connection(), "select name from users", -1, &statement, nullptr);
  sqlite3_step(statement);
  fail();
  while (sqlite3_step(statement) == SQLITE_ROW) {
  }
  sqlite3_finalize(statement);
  sqlite3_close(other);
  for (const WireSpan& span : database.Take()) EXPECT_EQ(span.status, 0u) << span.status_message;
}

TEST(Sqlite, TellsWhyALongStatementIsAborted) {
  Database database;
  const std::string padding(1000, 'p');
  EXPECT_NE(database.Run(("insert into users select 1, name from users where '" + padding + "' > ''").c_str()),
            SQLITE_OK);
  const WireSpan span = database.TheOne();
  EXPECT_EQ(span.status, 2u);
  EXPECT_EQ(span.status_message, "constraint failed") << "and nothing of the text";
}

TEST(Sqlite, EndsWithTheConnection) {
  testing::Recording recording;
  for (int i = 0; i < 3; ++i) {
    sqlite3* connection = nullptr;
    sqlite3_open(":memory:", &connection);
    TraceSqlite(connection, recording.tracer);
    sqlite3_exec(connection, "select 1", nullptr, nullptr, nullptr);
    EXPECT_EQ(sqlite3_close(connection), SQLITE_OK);
  }
  EXPECT_EQ(recording.Take().size(), 3u);
}

TEST(Sqlite, TellsStatementsThatRunWithinOneAnother) {
  Database database;
  const auto each = [](void* argument, int, char**, char**) {
    return static_cast<Database*>(argument)->Run("select count(*) from users") == SQLITE_OK ? 0 : 1;
  };
  sqlite3_exec(database.connection(), "select * from users", each, &database, nullptr);
  const auto spans = database.Take();
  ASSERT_EQ(spans.size(), 4u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(spans[i].attributes.at("db.response.returned_rows"), "i:1");
  EXPECT_EQ(spans[3].attributes.at("db.response.returned_rows"), "i:3");
}

TEST(Sqlite, TellsStatementsThatAreLeftBeforeTheirEnd) {
  Database database;
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database.connection(), "select * from users", -1, &statement, nullptr);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_TRUE(database.Take().empty());
  sqlite3_finalize(statement);
  EXPECT_EQ(database.TheOne().attributes.at("db.response.returned_rows"), "i:1");
}

TEST(Sqlite, TellsNothingWhereItWasStoppedOrIsSwitchedOff) {
  Database database;
  database.recording.provider.SetSampler(AlwaysOffSampler());
  database.Run("select 1");
  database.recording.provider.SetSampler(nullptr);
  StopTracingSqlite(database.connection());
  database.Run("select 1");
  EXPECT_TRUE(database.Take().empty());
}

std::string Summary(std::string_view sql) {
  const SqlSummary summary = SummariseSql(sql);
  return std::string(summary.operation) + "|" + std::string(summary.collection);
}

TEST(SqlSummary, FindsOperationAndFirstTable) {
  EXPECT_EQ(Summary("SELECT * FROM users WHERE id = 1"), "SELECT|users");
  EXPECT_EQ(Summary("  select 1"), "select|");
  EXPECT_EQ(Summary("INSERT INTO \"order items\" VALUES (1)"), "INSERT|order items");
  EXPECT_EQ(Summary("insert or replace into t values(1)"), "insert|t");
  EXPECT_EQ(Summary("UPDATE users SET name = 'from x'"), "UPDATE|users");
  EXPECT_EQ(Summary("update or ignore users set a=1"), "update|users");
  EXPECT_EQ(Summary("delete from main.users"), "delete|users");
  EXPECT_EQ(Summary("create table if not exists t(a)"), "create|t");
  EXPECT_EQ(Summary("-- from nowhere\n/* from x */ select a from [t 1]"), "select|t 1");
  EXPECT_EQ(Summary("with x as (select * from inner_table) select * from x"), "with|inner_table");
  EXPECT_EQ(Summary("BEGIN"), "BEGIN|");
  EXPECT_EQ(Summary(""), "|");
  EXPECT_EQ(Summary("; select"), "|");
  EXPECT_EQ(Summary("select 'it''s from a' from `real`"), "select|real");
  EXPECT_EQ(Summary("select * from"), "select|");
  EXPECT_EQ(Summary("select \"unclosed from t"), "select|");
}

TEST(SqlWithoutValues, PutsAQuestionMarkForEachValue) {
  EXPECT_EQ(SqlWithoutValues("select * from t1 where a = 1 and b='x''y' and c = 1.5e-3 and d=x'ff' and e=0x1F"),
            "select * from t1 where a = ? and b=? and c = ? and d=? and e=?");
  EXPECT_EQ(SqlWithoutValues("select \"col 1\", [col 2] from t"), "select \"col 1\", [col 2] from t");
  EXPECT_EQ(SqlWithoutValues("insert into t values (-1,'a')"), "insert into t values (-?,?)");
  EXPECT_EQ(SqlWithoutValues("select 'open"), "select ?");
  EXPECT_EQ(SqlWithoutValues(""), "");
}

}  // namespace
}  // namespace spoor::trace
