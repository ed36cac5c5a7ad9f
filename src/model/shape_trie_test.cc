#include "model/shape_trie.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace spoor {
namespace {

using Fields = std::vector<std::pair<uint32_t, ValueType>>;

uint32_t ShapeOf(ShapeTrie& trie, const StringTable& strings, const Fields& fields) {
  uint32_t node = ShapeTrie::kRoot;
  for (const auto& [key, type] : fields) node = trie.Step(node, key, type, strings);
  return trie.Shape(node);
}

Fields FieldsOf(const ShapeTrie& trie, uint32_t shape) {
  Fields fields;
  for (uint32_t i = trie.begins()[shape]; i < trie.begins()[shape + 1]; ++i) {
    fields.emplace_back(trie.keys()[i], trie.types()[i]);
  }
  return fields;
}

class ShapeTrieTest : public testing::Test {
 protected:
  ShapeTrieTest() {
    for (int i = 1; i <= 100; ++i) strings_.Intern("key " + std::to_string(i));
  }
  StringTable strings_;
  ShapeTrie trie_;
};

TEST_F(ShapeTrieTest, TheEmptyListHasShapeZero) {
  EXPECT_EQ(ShapeOf(trie_, strings_, {}), 0u);
  EXPECT_TRUE(FieldsOf(trie_, 0).empty());
}

TEST_F(ShapeTrieTest, KeyTypeAndOrderMakeAShape) {
  const Fields lists[] = {{{1, ValueType::kInt}},
                          {{1, ValueType::kString}},
                          {{1, ValueType::kInt}, {2, ValueType::kInt}},
                          {{2, ValueType::kInt}, {1, ValueType::kInt}},
                          {{1, ValueType::kInt}, {1, ValueType::kInt}}};
  std::vector<uint32_t> shapes;
  for (const Fields& fields : lists) shapes.push_back(ShapeOf(trie_, strings_, fields));
  for (size_t i = 0; i < shapes.size(); ++i) {
    EXPECT_EQ(ShapeOf(trie_, strings_, lists[i]), shapes[i]);
    EXPECT_EQ(FieldsOf(trie_, shapes[i]), lists[i]);
    for (size_t other = 0; other < i; ++other) EXPECT_NE(shapes[i], shapes[other]);
  }
}

TEST_F(ShapeTrieTest, FindsManyBranchesAgain) {
  std::vector<uint32_t> shapes;
  for (uint32_t a = 1; a <= 100; ++a) {
    for (uint32_t b = 1; b <= 100; ++b) {
      shapes.push_back(ShapeOf(trie_, strings_, {{a, ValueType::kInt}, {b, ValueType::kBool}}));
    }
  }
  EXPECT_EQ(trie_.shape_count(), 10'001u);
  for (uint32_t a = 1, i = 0; a <= 100; ++a) {
    for (uint32_t b = 1; b <= 100; ++b, ++i) {
      ASSERT_EQ(ShapeOf(trie_, strings_, {{a, ValueType::kInt}, {b, ValueType::kBool}}), shapes[i]);
    }
  }
}

TEST_F(ShapeTrieTest, PredictsWhatFollowedLast) {
  ShapeOf(trie_, strings_, {{1, ValueType::kInt}});
  ShapeOf(trie_, strings_, {{2, ValueType::kString}});
  EXPECT_EQ(trie_.Predicted(ShapeTrie::kRoot).key, 2u);
  ShapeOf(trie_, strings_, {{1, ValueType::kInt}});
  EXPECT_EQ(trie_.Predicted(ShapeTrie::kRoot).key, 1u);
  trie_.Clear();
  EXPECT_EQ(trie_.Predicted(ShapeTrie::kRoot).key, 0u);
  EXPECT_EQ(trie_.shape_count(), 1u);
}

}  // namespace
}  // namespace spoor
