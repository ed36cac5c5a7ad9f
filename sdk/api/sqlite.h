// Spans for SQLite, after OpenTelemetry's stable semantic conventions for databases: one client span for each statement
// that runs, without a change to the code that runs it.
#pragma once

#include <string>
#include <string_view>

#include "tracer.h"

struct sqlite3;

namespace spoor::trace {

// From now on every statement of this connection is a span, a child of the one that is current when it begins to run:
// "SELECT users", with its text, the rows that it returned, and why it was aborted if it was. The text is told as it
// was prepared where values are bound to it; where none are, values that are written in it are told as '?'. A statement
// that cannot even be prepared never runs and has no span; one that gives way to another connection (SQLITE_BUSY) is
// told without an error.
//
// Uses the connection's sqlite3_trace_v2 hook, and with it replaces another one. Reasons come from SQLite's log, which
// this library sets (SQLITE_CONFIG_LOG) before main(): a program that sets its own has spans without reasons.
// `database` is told as db.namespace ("main" where empty). Call it once, before the connection is used. Ends with
// sqlite3_close, or with StopTracingSqlite.
void TraceSqlite(sqlite3* connection, const Tracer& tracer, std::string_view database = {});

// From now on its statements are no spans; that of one which is running ends here.
void StopTracingSqlite(sqlite3* connection);

// What a statement does, for those who name spans themselves: "SELECT" and "users" of "select * from users where id =
// ?".
struct SqlSummary {
  std::string_view operation;   // as it stands in the text
  std::string_view collection;  // of the first table; empty where there is none
};
SqlSummary SummariseSql(std::string_view sql) noexcept;

// The text with '?' for each number, text and blob that is written in it.
std::string SqlWithoutValues(std::string_view sql);

}  // namespace spoor::trace
