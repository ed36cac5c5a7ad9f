#include "api/log.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

// A line without its time, which is looked at for itself.
std::string WithoutTime(const std::string& line) {
  const size_t begin = line.find("2");
  EXPECT_EQ(line.substr(begin + 4, 1) + line.substr(begin + 10, 1) + line.substr(begin + 19, 1) + line[begin + 23],
            "-T.Z");
  return line.substr(0, begin) + line.substr(begin + 24);
}

TEST(LogSink, WritesALineThatLeadsToItsTrace) {
  testing::Recording recording;
  std::ostringstream out;
  LogSink log(out, "shop");
  const ActiveSpan span(recording.tracer, "span");
  log.Warn("slow query", {{"duration_ms", 17}, {"sql", "select 1"}});
  EXPECT_EQ(WithoutTime(out.str()),
            "time= level=warn service=shop msg=\"slow query\" trace_id=" + span->context().trace_id().ToHex() +
                " span_id=" + span->context().span_id().ToHex() + " duration_ms=17 sql=\"select 1\"\n");
  EXPECT_EQ(TraceFields(),
            "trace_id=" + span->context().trace_id().ToHex() + " span_id=" + span->context().span_id().ToHex());
}

TEST(LogSink, WritesNoIdsWithoutASpan) {
  std::ostringstream out;
  LogSink(out, "shop").Info("hello");
  EXPECT_EQ(WithoutTime(out.str()), "time= level=info service=shop msg=hello\n");
  EXPECT_EQ(TraceFields(), "");
}

TEST(LogSink, WritesJsonWithTypedFields) {
  std::ostringstream out;
  LogSink log(out, "shop", LogFormat::kJson);
  log.Error("a \"b\"\n",
            {{"n", 1}, {"ok", false}, {"x", 0.5}, {"inf", std::numeric_limits<double>::infinity()}, {"t", "\xff"}});
  EXPECT_EQ(
      WithoutTime(out.str()),
      "{\"time\":\"\",\"level\":\"error\",\"service\":\"shop\",\"msg\":\"a \\\"b\\\"\\u000a\",\"n\":1,\"ok\":false,"
      "\"x\":0.5,\"inf\":\"Infinity\",\"t\":\"\xEF\xBF\xBD\"}\n");
}

TEST(LogSink, LetsNothingBreakItsLine) {
  std::ostringstream out;
  LogSink(out, "shop").Info("two\nlines", {{"k", "a=b"}, {"e", ""}, {"s", "back\\slash"}});
  const std::string line = WithoutTime(out.str());
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_NE(line.find("msg=\"two\\u000alines\" k=\"a=b\" e=\"\" s=\"back\\\\slash\""), std::string::npos) << line;
}

}  // namespace
}  // namespace spoor::trace
