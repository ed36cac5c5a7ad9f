#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace spoor {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonWriter, SetsCommasBetweenMembersAndElements) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  json.Key("list");
  json.BeginArray();
  json.Int(1);
  json.BeginArray();
  json.EndArray();
  json.BeginObject();
  json.EndObject();
  json.Null();
  json.EndArray();
  json.Member("name", "x");
  json.Member("yes", true);
  json.Key("raw");
  json.Raw("[1,2]");
  json.EndObject();
  EXPECT_EQ(out, R"({"list":[1,[],{},null],"name":"x","yes":true,"raw":[1,2]})");
}

TEST(JsonWriter, WritesIntegersToTheLastDigit) {
  std::string out;
  JsonWriter json(out);
  json.BeginArray();
  json.Int(std::numeric_limits<int64_t>::min());
  json.Uint(std::numeric_limits<uint64_t>::max());
  json.IntText(std::numeric_limits<int64_t>::max());
  json.UintText(0);
  json.EndArray();
  EXPECT_EQ(out, R"([-9223372036854775808,18446744073709551615,"9223372036854775807","0"])");
}

TEST(JsonWriter, WritesDoublesThatReadBackTheSameAndTextForTheRest) {
  for (const double number : {0.1, 1.0, -0.0, 1e300, 5e-324, 123456789.125}) {
    std::string out;
    JsonWriter(out).Double(number);
    EXPECT_EQ(std::strtod(out.c_str(), nullptr), number) << out;
    EXPECT_EQ(std::signbit(std::strtod(out.c_str(), nullptr)), std::signbit(number)) << out;
  }
  std::string out;
  JsonWriter json(out);
  json.BeginArray();
  json.Double(NAN);
  json.Double(INFINITY);
  json.Double(-INFINITY);
  json.EndArray();
  EXPECT_EQ(out, R"(["NaN","Infinity","-Infinity"])");
}

TEST(JsonWriter, EscapesAtEveryPositionOfAWord) {
  for (size_t at = 0; at < 20; ++at) {
    for (const auto& [c, escaped] :
         {std::pair{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\x01', "\\u0001"}, {'\x1f', "\\u001f"}}) {
      std::string text(20, 'a');
      text[at] = c;
      const std::string want = '"' + std::string(at, 'a') + escaped + std::string(19 - at, 'a') + '"';
      EXPECT_EQ(Quoted(text), want);
    }
  }
}

TEST(JsonWriter, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(Quoted("größe 東京 🦌"), "\"größe 東京 🦌\"");
  EXPECT_EQ(Quoted("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(Quoted("\xE2\x82"), "\"\xEF\xBF\xBD\"");                              // cut short: one replacement
  EXPECT_EQ(Quoted("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
  EXPECT_EQ(Quoted("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // surrogate
  EXPECT_EQ(Quoted(std::string_view("\0x", 2)), "\"\\u0000x\"");
}

}  // namespace
}  // namespace spoor
