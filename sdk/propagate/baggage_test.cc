#include <gtest/gtest.h>

#include "testing/recording.h"

namespace spoor::trace {
namespace {

using testing::Headers;

TEST(Baggage, ReadsKeysValuesAndProperties) {
  const Baggage baggage = Baggage::FromHeader("user=anna, tier = gold ;p1;p2=v , x=a=b");
  ASSERT_EQ(baggage.members().size(), 3u);
  EXPECT_EQ(*baggage.Get("user"), "anna");
  EXPECT_EQ(*baggage.Get("tier"), "gold");
  EXPECT_EQ(baggage.members()[1].properties, "p1;p2=v");
  EXPECT_EQ(*baggage.Get("x"), "a=b");
  EXPECT_EQ(baggage.ToHeader(), "user=anna,tier=gold;p1;p2=v,x=a=b");
}

TEST(Baggage, LeavesOutMembersThatBreakTheRules) {
  const Baggage baggage =
      Baggage::FromHeader("good=1,,no value,=2,k k=3,k=\"4\",k=a b,k=back\\slash,also=5,\xc3\xa4=6");
  EXPECT_EQ(baggage.ToHeader(), "good=1,also=5");
}

TEST(Baggage, EncodesAndDecodesPercent) {
  const Baggage baggage = Baggage().Set("k", "a b,c;d=\"e\"\\%\xc3\xa4");
  EXPECT_EQ(baggage.ToHeader(), "k=a%20b%2Cc%3Bd=%22e%22%5C%25%C3%A4");
  EXPECT_EQ(*Baggage::FromHeader(baggage.ToHeader()).Get("k"), "a b,c;d=\"e\"\\%\xc3\xa4");
}

TEST(Baggage, PutsTheReplacementCharacterWhereItIsNotUtf8) {
  EXPECT_EQ(*Baggage::FromHeader("k=a%FFb").Get("k"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(*Baggage::FromHeader("k=100%,j=%4").Get("k"), "100%");
  EXPECT_EQ(*Baggage::FromHeader("k=%zz%20").Get("k"), "%zz ");
}

TEST(Baggage, CountsTheLastOfMembersWithTheSameKey) {
  EXPECT_EQ(Baggage::FromHeader("a=1,b=2,a=3").ToHeader(), "a=3,b=2");
}

TEST(Baggage, TakesAndSendsSixtyFourMembers) {
  std::string header;
  for (int i = 0; i < 70; ++i) header += (i == 0 ? "k" : ",k") + std::to_string(i) + "=1";
  EXPECT_EQ(Baggage::FromHeader(header).members().size(), 64u);
  Baggage baggage;
  for (int i = 0; i < 70; ++i) baggage = baggage.Set("k" + std::to_string(i), "1");
  EXPECT_EQ(Baggage::FromHeader(baggage.ToHeader()).members().size(), 64u);
}

TEST(Baggage, TakesAndSendsEightKilobytesAndWholeMembersOnly) {
  const std::string exact = "k=" + std::string(8190, 'v');
  EXPECT_EQ(Baggage::FromHeader(exact).ToHeader(), exact);
  EXPECT_EQ(Baggage::FromHeader(exact + ",j=1").ToHeader(), exact);
  EXPECT_EQ(Baggage::FromHeader(exact + "v").ToHeader(), "");
  const Baggage too_much = Baggage().Set("big", std::string(8192, 'v')).Set("small", "1");
  EXPECT_EQ(too_much.ToHeader(), "small=1");
}

TEST(Baggage, IsImmutable) {
  const Baggage before = Baggage().Set("a", "1");
  const Baggage after = before.Set("a", "2").Set("b", "3");
  EXPECT_EQ(before.ToHeader(), "a=1");
  EXPECT_EQ(after.ToHeader(), "a=2,b=3");
  EXPECT_EQ(after.Delete("a").ToHeader(), "b=3");
  EXPECT_TRUE(before.Delete("a").IsEmpty());
}

TEST(Baggage, LetsNothingIntoAHeaderThatCouldBreakIt) {
  EXPECT_TRUE(Baggage().Set("bad key", "1").IsEmpty());
  EXPECT_TRUE(Baggage().Set("", "1").IsEmpty());
  EXPECT_EQ(Baggage().Set("k", "v\r\nX-Evil: 1").ToHeader(), "k=v%0D%0AX-Evil:%201");
  EXPECT_EQ(Baggage().Set("k", "v", "p\r\nX-Evil: 1").ToHeader(), "k=v");
  EXPECT_EQ(Baggage().Set("k", "v", "p,q=1").ToHeader(), "k=v");
}

TEST(BaggagePropagator, JoinsRepeatedHeadersAndKeepsTheSpan) {
  const auto propagator = CompositePropagator({TraceContextPropagator(), BaggagePropagator()});
  const Context context =
      propagator->Extract(Headers{{"traceparent", "00-12345678901234567890123456789012-1234567890123456-01"},
                                  {"baggage", "a=1"},
                                  {"baggage", "b=2"}});
  EXPECT_TRUE(context.span().context().IsValid());
  Headers out;
  propagator->Inject(context, out);
  EXPECT_EQ(out["baggage"], "a=1,b=2");
  EXPECT_EQ(out["traceparent"], "00-12345678901234567890123456789012-1234567890123456-01");
}

TEST(BaggagePropagator, SendsNoEmptyHeader) {
  Headers out;
  BaggagePropagator()->Inject(Context(), out);
  EXPECT_EQ(out.size(), 0u);
}

}  // namespace
}  // namespace spoor::trace
