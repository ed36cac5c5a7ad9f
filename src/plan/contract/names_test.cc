// The contract of names: services, their operations and colours.
#include <set>

#include "plan/contract/trace_store_contract.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SentSpan Named(uint64_t trace, std::optional<std::string> service, std::string name, uint8_t kind = 1) {
  return {.trace = NumberedTrace(trace),
          .start_ns = kStartNs + trace,
          .name = std::move(name),
          .kind = kind,
          .resource = {.service = std::move(service)}};
}

TEST_P(TraceStoreContract, KnowsNoNamesInAnEmptyStore) {
  EXPECT_THAT(*Store().Services({}), IsEmpty());
  EXPECT_THAT(*Store().Operations("a", {}), IsEmpty());
  EXPECT_EQ(Store().ServiceColour("a"), 0u);
}

TEST_P(TraceStoreContract, NamesEveryServiceOnceSortedByBytesWithoutTheEmptyOne) {
  Send({Named(1, "b", "x"), Named(2, "", "x"), Named(3, "é", "x"), Named(4, std::nullopt, "x")});
  Send({Named(5, "B", "x"), Named(6, "b", "y"), Named(7, "a b\n\"c\"", "x")});
  EXPECT_THAT(*Store().Services({}), ElementsAre("B", "a b\n\"c\"", "b", "é"));
}

TEST_P(TraceStoreContract, NamesTheOperationsOfAServiceWithTheirKindsOnceSorted) {
  Send({Named(1, "a", "y", 2), Named(2, "a", "x", 3), Named(3, "b", "z", 2), Named(4, "a", "", 0)});
  Send({Named(5, "a", "y", 2), Named(6, "a", "x", 2), Named(7, "a", "GET /\u00e9", 5), Named(8, std::nullopt, "n")});
  EXPECT_THAT(*Store().Operations("a", {}), ElementsAre(Operation{"", 0}, Operation{"GET /\u00e9", 5},
                                                        Operation{"x", 2}, Operation{"x", 3}, Operation{"y", 2}));
  EXPECT_THAT(*Store().Operations("b", {}), ElementsAre(Operation{"z", 2}));
  EXPECT_THAT(*Store().Operations("A", {}), IsEmpty());
  EXPECT_THAT(*Store().Operations("nowhere", {}), IsEmpty());
  EXPECT_THAT(*Store().Operations("z", {}), IsEmpty()) << "an operation's name";
}

TEST_P(TraceStoreContract, NamesOperationsOfKindsThatOtlpDoesNotHave) {
  Send({Named(1, "a", "x", 9), Named(2, "a", "x", 255), Named(3, "a", "x", 5)});
  EXPECT_THAT(*Store().Operations("a", {}), ElementsAre(Operation{"x", 5}, Operation{"x", 9}, Operation{"x", 255}));
}

TEST_P(TraceStoreContract, NamesThousandsOfServicesAndOperations) {
  constexpr uint64_t kCount = 3'000;
  std::set<std::string> services;
  std::vector<SentSpan> one_each, one_service;
  for (uint64_t i = 0; i < kCount; ++i) {
    one_each.push_back(Named(i + 1, "service " + std::to_string(i), "x"));
    one_service.push_back(Named(i + 1, "many", "operation " + std::to_string(i)));
    services.insert("service " + std::to_string(i));
  }
  services.insert("many");
  Send(one_each);
  Send(one_service);
  EXPECT_EQ(*Store().Services({}), std::vector<std::string>(services.begin(), services.end()));
  EXPECT_EQ(Store().Operations("many", {})->size(), kCount);
  EXPECT_THAT(*Store().Operations("service 2999", {}), ElementsAre(Operation{"x", 1}));
}

TEST_P(TraceStoreContract, GivesEachServiceAColourOfItsOwnThatStays) {
  Send({Named(1, "b", "x")});
  const uint32_t b = Store().ServiceColour("b");
  EXPECT_EQ(b, 1u) << "the first service of a store";
  Send({Named(2, "a", "x"), Named(3, "c", "x"), Named(4, "b", "y")});
  EXPECT_EQ(Store().ServiceColour("b"), b);
  const uint32_t a = Store().ServiceColour("a"), c = Store().ServiceColour("c");
  EXPECT_EQ((std::set<uint32_t>{a, b, c}), (std::set<uint32_t>{1, 2, 3}));
  EXPECT_EQ(Store().ServiceColour("nowhere"), 0u);
  EXPECT_EQ(Store().ServiceColour(""), 0u);
  Send({Named(5, "d", "x")});
  EXPECT_EQ(Store().ServiceColour("a"), a);
  EXPECT_EQ(Store().ServiceColour("c"), c);
  EXPECT_EQ(Store().ServiceColour("d"), 4u);
}

}  // namespace
}  // namespace spoor::contract
