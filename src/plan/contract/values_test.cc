// The contract of what is kept: whatever was sent comes back, letter for letter and bit for bit, also where an encoding
// could be tempted to take it for something else.
#include <algorithm>
#include <bit>
#include <limits>
#include <random>

#include <fmt/format.h>

#include "plan/contract/trace_store_contract.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What fits no rule of writing.
const std::string kUnicode = "grüße \u4f60\u597d \U0001F680 e\u0301 \u202e\t\r\n\"\\";

std::string RandomBytes(size_t size, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string RandomText(size_t size, uint64_t seed) {
  std::string text = RandomBytes(size, seed);
  for (char& byte : text) byte = static_cast<char>(' ' + (static_cast<uint8_t>(byte) % 95));
  return text;
}

SentAttributes ValuesOfEveryType() {
  using Int = std::numeric_limits<int64_t>;
  using Double = std::numeric_limits<double>;
  SentValue deep = 1;
  for (int i = 0; i < 20; ++i) deep = i % 2 == 0 ? Array({deep}) : Map({{"k", deep}});
  SentValue quiet = Double::quiet_NaN();
  quiet.cell |= 0x1234;
  return {
      {"empty", {}},
      {"text", "text"},
      {"no text", ""},
      {"unicode", kUnicode},
      {"nul", std::string("a\0b", 3)},
      {kUnicode, "under a key of its own"},
      {"", "under no key"},
      {"true", true},
      {"false", false},
      {"zero", 0},
      {"one", 1},
      {"minus one", -1},
      {"lowest", Int::min()},
      {"highest", Int::max()},
      {"half", 0.5},
      {"plus zero", 0.0},
      {"minus zero", -0.0},
      {"tenth", 0.1},
      {"highest double", Double::max()},
      {"smallest double", Double::denorm_min()},
      {"infinity", Double::infinity()},
      {"minus infinity", -Double::infinity()},
      {"not a number", quiet},
      {"no bytes", Bytes("")},
      {"bytes", Bytes(std::string("\0\xff\x80 a", 5))},
      {"no array", Array({})},
      {"array", Array({1, "a", true, -2.5, SentValue(), Bytes("\xff"), Array({}), Map({})})},
      {"no map", Map({})},
      {"map", Map({{"b", 1}, {"a", Array({"x"})}, {"b", 2}, {"", SentValue()}, {kUnicode, kUnicode}})},
      {"deep", deep},
      {"twice", "first"},
      {"twice", 2},
      {"twice", "first"},
  };
}

TEST_P(TraceStoreContract, KeepsValuesOfEveryTypeWhereverTheyStand) {
  const SentAttributes all = ValuesOfEveryType();
  const auto batch = MakeBatch({
      {.trace = NumberedTrace(1), .attributes = all},
      {.trace = NumberedTrace(2), .events = {{.name = "a", .attributes = all}, {.name = "b", .attributes = all}}},
      {.trace = NumberedTrace(3), .links = {{.attributes = all}, {.attributes = all}}},
      {.trace = NumberedTrace(4), .resource = {.attributes = all}},
      {.trace = NumberedTrace(5), .scope = {.name = "s", .attributes = all}},
      {.trace = NumberedTrace(6)},
  });
  SendBatch(batch);
  ExpectKept(*batch);
}

TEST_P(TraceStoreContract, KeepsEachValueWhereItsColumnHoldsItAlone) {
  std::vector<SentSpan> spans;
  for (const auto& attribute : ValuesOfEveryType()) {
    spans.push_back({.trace = NumberedTrace(spans.size() + 1), .attributes = {attribute}});
  }
  const auto batch = MakeBatch(spans);
  SendBatch(batch);
  ExpectKept(*batch);
}

TEST_P(TraceStoreContract, KeepsEveryFieldOfASpan) {
  const auto batch = MakeBatch(
      {{
           .trace = NumberedTrace(1),
           .id = 2,
           .parent = 3,
           .duration_ns = 1'234'567,
           .name = kUnicode,
           .kind = 255,
           .status = 254,
           .status_message = kUnicode,
           .trace_state = "vendor=" + kUnicode,
           .flags = 0xFFFFFFFF,
           .dropped_attributes = 0xFFFFFFFF,
           .dropped_events = 0xFFFFFFFE,
           .dropped_links = 0xFFFFFFFD,
           .events = {{.time_ns = 0, .name = "", .dropped_attributes = 7},
                      {.time_ns = UINT64_MAX, .name = kUnicode, .dropped_attributes = 0xFFFFFFFF}},
           .links = {{.trace = {}, .id = 0},
                     {.trace = {0, 5},
                      .id = UINT64_MAX,
                      .trace_state = kUnicode,
                      .flags = 0xFFFFFFFF,
                      .dropped_attributes = 0xFFFFFFFF}},
           .resource = {.service = kUnicode, .dropped_attributes = 0xFFFFFFFF, .schema_url = kUnicode},
           .scope = {.name = kUnicode, .version = kUnicode, .dropped_attributes = 0xFFFFFFFF, .schema_url = kUnicode},
       },
       {.trace = NumberedTrace(1), .id = 4, .parent = 2}});
  SendBatch(batch);
  ExpectKept(*batch);
}

TEST_P(TraceStoreContract, KeepsASpanOfWhichNothingWasSentButItsIds) {
  const auto batch = MakeBatch({{.start_ns = 0,
                                 .duration_ns = 0,
                                 .name = "",
                                 .kind = 0,
                                 .resource = {.service = std::nullopt},
                                 .scope = {.name = ""}}});
  SendBatch(batch);
  ExpectKept(*batch);
  const SearchAnswer answer = Search();
  ASSERT_EQ(answer.traces.size(), 1u);
  EXPECT_EQ(answer.traces[0].root_service, "");
  EXPECT_EQ(answer.traces[0].root_name, "");
}

TEST_P(TraceStoreContract, KeepsValuesOfAnySize) {
  std::vector<SentSpan> spans;
  for (const size_t size : {size_t{65'535}, size_t{65'536}, size_t{65'537}, size_t{3} << 20}) {
    const std::string random = RandomText(size, size), same(size, 'x');
    const auto add = [&](SentSpan span) {
      span.trace = NumberedTrace(spans.size() + 1);
      spans.push_back(std::move(span));
    };
    add({.attributes = {{"large", random}, {"small", 1}, {"large", same}}});
    add({.attributes = {{"large", Bytes(RandomBytes(size, size))}}});
    add({.attributes = {{"large", Array({random, 1})}, {"map", Map({{"k", same}})}}});
    add({.events = {{.name = random, .attributes = {{"large", random}}}}});
    add({.links = {{.trace_state = random, .attributes = {{"large", same}}}}});
    add({.name = random, .status_message = random + "!", .trace_state = same});
    add({.attributes = {{random, "under a large key"}}});
    add({.resource = {.service = same, .attributes = {{"large", random}}, .schema_url = random}});
    add({.scope = {.name = random, .version = same, .attributes = {{"large", random}}}});
  }
  const auto batch = MakeBatch(spans);
  SendBatch(batch);
  ExpectKept(*batch);
  EXPECT_THAT(Matching(Tag("large", RandomText(65'537, 65'537))), ElementsAre(19, 22, 26, 27));
  EXPECT_THAT(Matching(Is(Intrinsic::kName, RandomText(65'536, 65'536))), ElementsAre(15));
  EXPECT_THAT(Matching(Is(Intrinsic::kName, RandomText(65'536, 1))), IsEmpty());
}

// Text that is really something else, in every way of writing it, and what only looks like it.
std::vector<std::string> TextsLike(const std::string& what, uint64_t number) {
  if (what == "uuid") {
    const std::string uuid = fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", number * 7919, number, number % 4096,
                                         number % 4095, number * 104'729);
    std::string upper = uuid;
    for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    return {uuid, upper, uuid.substr(1), uuid + "0", "{" + uuid + "}", uuid.substr(0, 35) + "g"};
  }
  if (what == "hex") {
    return {fmt::format("{:016x}", number * 0x9E3779B97F4A7C15ull),
            fmt::format("{:016X}", number * 31),
            fmt::format("{:x}", number),
            fmt::format("0x{:x}", number),
            fmt::format("{:015x}", number),
            fmt::format("{:016x}{:016x}", number, ~number)};
  }
  if (what == "address") {
    const uint64_t a = number % 256, b = number / 256 % 256;
    return {fmt::format("10.{}.{}.1", a, b),
            fmt::format("10.{:03}.{}.1", a, b),
            fmt::format("10.{}.{}.256", a, b),
            fmt::format("10.{}.{}", a, b),
            fmt::format("::ffff:10.0.{}.{}", a, b),
            fmt::format("2001:db8::{:x}", number + 1),
            fmt::format("2001:DB8::{:X}", number + 160),
            fmt::format("10.0.{}.{}:8080", a, b)};
  }
  return {fmt::format("{}", number),
          fmt::format("0{}", number),
          fmt::format("+{}", number),
          fmt::format("-{}", number),
          fmt::format("{}.0", number),
          fmt::format(" {}", number),
          fmt::format("{}e2", number),
          fmt::format("{}", UINT64_MAX - number),
          fmt::format("1{}", UINT64_MAX),
          "-0",
          ""};
}

// A span for each text, all texts under one key; column after column of mostly one way of writing.
TEST_P(TraceStoreContract, KeepsTextLetterForLetterThatLooksLikeIdsAddressesOrNumbers) {
  std::vector<SentSpan> spans;
  for (const std::string what : {"uuid", "hex", "address", "number"}) {
    const size_t ways = TextsLike(what, 0).size();
    for (uint64_t i = 0; i < 300; ++i) {
      SentSpan span{.trace = NumberedTrace(spans.size() + 1), .name = what};
      for (size_t way = 0; way < ways; ++way) {
        span.attributes.emplace_back(fmt::format("{} {}", what, way), TextsLike(what, i * i)[way]);
      }
      span.attributes.emplace_back(what + " mixed", TextsLike(what, i)[i % 50 == 0 ? i / 50 % ways : 0]);
      spans.push_back(std::move(span));
    }
  }
  const auto batch = MakeBatch(spans);
  SendBatch(batch);
  ExpectKept(*batch);
  EXPECT_THAT(Matching(Tag("uuid 1", TextsLike("uuid", 49)[1])), ElementsAre(8));
  EXPECT_THAT(Matching(Tag("uuid 1", TextsLike("uuid", 49)[0])), IsEmpty()) << "capitals differ";
  EXPECT_THAT(Matching(Tag("address 1", "10.009.0.1")), ElementsAre(604));
  EXPECT_THAT(Matching(Tag("number 1", "049")), ElementsAre(908));
  EXPECT_THAT(Matching(Tag("number 1", "49")), IsEmpty());
}

TEST_P(TraceStoreContract, KeepsNumbersHoweverTheyFollowOneAnother) {
  std::mt19937_64 random(1);
  std::vector<SentSpan> spans;
  for (uint64_t i = 0; i < 3'000; ++i) {
    const auto number = static_cast<int64_t>(i);
    SentSpan span{.trace = NumberedTrace(1 + i / 3), .id = 1 + i % 3, .parent = i % 3};
    span.start_ns = kStartNs + random() % 1'000'000'000;
    span.duration_ns = random() >> (random() % 64);
    span.status = static_cast<uint8_t>(i % 7 == 0 ? 2 : 0);
    span.flags = static_cast<uint32_t>(random());
    span.attributes = {{"same", 200},
                       {"rising", number},
                       {"falling", -number * 1'000},
                       {"runs", number / 100},
                       {"any", static_cast<int64_t>(random())},
                       {"small", static_cast<int64_t>(random() % 4)},
                       {"far out", i == 1'500 ? std::numeric_limits<int64_t>::min() : 5},
                       {"ends", i % 2 == 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max()},
                       {"double", std::bit_cast<double>(random())},
                       {"tenths", static_cast<double>(number) / 10},
                       {"truth", random() % 2 == 0}};
    if (random() % 5 == 0) span.attributes.emplace_back("now and then", static_cast<int64_t>(random() % 1'000));
    spans.push_back(std::move(span));
  }
  for (size_t begin = 0; begin < spans.size(); begin += 1'000) {
    const auto batch =
        MakeBatch({spans.begin() + static_cast<int64_t>(begin), spans.begin() + static_cast<int64_t>(begin + 1'000)});
    SendBatch(batch);
  }
  ExpectKept(*MakeBatch(spans));
  EXPECT_THAT(Matching(Tag("rising", "1500")), ElementsAre(501));
  EXPECT_THAT(Matching(Tag("far out", "-9223372036854775808")), ElementsAre(501));
  EXPECT_THAT(Matching(Tag("tenths", "299.9")), ElementsAre(1'000));
}

TEST_P(TraceStoreContract, KeepsSpansThatAllHaveOtherKeys) {
  std::vector<SentSpan> spans;
  for (uint64_t i = 0; i < 500; ++i) {
    SentSpan span{.trace = NumberedTrace(1 + i), .attributes = {{fmt::format("key {}", i), static_cast<int64_t>(i)}}};
    for (uint64_t key = 0; key < i % 9; ++key) span.attributes.emplace_back(fmt::format("k{}", i % 31 + key), "v");
    span.resource.service = fmt::format("service {}", i % 50);
    span.resource.attributes = {{"host", fmt::format("host {}", i)}};
    span.scope = {.name = fmt::format("scope {}", i)};
    spans.push_back(std::move(span));
  }
  const auto batch = MakeBatch(spans);
  SendBatch(batch);
  ExpectKept(*batch);
  EXPECT_THAT(Matching(Tag("key 499", "499")), ElementsAre(500));
  EXPECT_THAT(Matching(Tag("host", "host 7")), ElementsAre(8));
}

TEST_P(TraceStoreContract, KeepsManyEventsAndLinksInTheirOrder) {
  SentSpan many;
  for (uint64_t i = 0; i < 2'000; ++i) {
    // Neither times nor ids ascend.
    many.events.push_back({.time_ns = kStartNs + i * 7'919 % 1'000, .name = fmt::format("event {}", i % 17)});
    many.links.push_back({.trace = NumberedTrace(i * 31 % 97), .id = 1 + i * 17 % 89});
    if (i % 3 == 0) many.events.back().attributes = {{"n", static_cast<int64_t>(i)}};
    if (i % 5 == 0) many.links.back().attributes = {{"n", "text"}};
  }
  const auto batch = MakeBatch({many, {.trace = NumberedTrace(2), .events = {{.name = "one"}}}});
  SendBatch(batch);
  ExpectKept(*batch);
  EXPECT_THAT(Matching(Tag("n", "1998")), ElementsAre(1));
}

}  // namespace
}  // namespace spoor::contract
