#include "query/spoor/page_token.h"

#include <gtest/gtest.h>

namespace spoor::query {
namespace {

constexpr TraceRank kRank{.key = UINT64_MAX - 5, .start_ns = 1'700'000'000'000'000'001, .id = {0x0123456789abcdef, 7}};

std::string Refused(std::string_view token, TraceOrder order) {
  const auto rank = ParsePageToken(token, order);
  if (rank) return "accepted";
  EXPECT_EQ(rank.error().code, Code::kInvalid);
  return rank.error().message;
}

TEST(PageToken, ReadsBackAsWhatItWasMadeOf) {
  for (int order = 0; order < 5; ++order) {
    const auto as_order = static_cast<TraceOrder>(order);
    const auto rank = ParsePageToken(PageToken(as_order, kRank), as_order);
    ASSERT_TRUE(rank) << rank.error().message;
    EXPECT_EQ(*rank, kRank);
  }
}

TEST(PageToken, NeedsNoEscapingInAUrl) {
  for (uint64_t key = 0; key < 256; ++key) {
    const std::string token = PageToken(TraceOrder::kNewest, {.key = key * 0x0101010101010101, .id = {key, ~key}});
    EXPECT_EQ(token.size(), 51u);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), token.npos);
  }
}

TEST(PageToken, IsRefusedForAnotherOrder) {
  EXPECT_EQ(Refused(PageToken(TraceOrder::kLongest, kRank), TraceOrder::kShortest),
            "parameter 'after' belongs to a list of another 'order': ask for the first page of this one");
}

TEST(PageToken, IsRefusedWhereAnyCharacterWasChanged) {
  const std::string token = PageToken(TraceOrder::kNewest, kRank);
  const std::string reason = "parameter 'after' is no 'next' of an earlier answer, or was changed on its way";
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'Q' : 'A';
    EXPECT_EQ(Refused(changed, TraceOrder::kNewest), reason) << i;
    EXPECT_EQ(Refused(token.substr(0, i), TraceOrder::kNewest), reason) << i;
  }
  EXPECT_EQ(Refused(token + "A", TraceOrder::kNewest), reason);
  EXPECT_EQ(Refused("not a token", TraceOrder::kNewest), reason);
}

}  // namespace
}  // namespace spoor::query
