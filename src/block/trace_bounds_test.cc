#include "block/trace_bounds.h"

#include <gtest/gtest.h>

#include <random>

namespace spoor {
namespace {

// A table of random traces; each has some of the services s0, s1, ...
TraceTable RandomTable(std::mt19937_64& random, uint32_t traces, uint32_t services) {
  TraceTable table;
  for (uint32_t s = 0; s < services; ++s) {
    const std::string name = "s" + std::to_string(s);
    table.texts.bytes.insert(table.texts.bytes.end(), name.begin(), name.end());
    table.texts.end.push_back(table.texts.bytes.size());
  }
  table.row_begin.push_back(0);
  table.service_begin.push_back(0);
  for (uint32_t trace = 0; trace < traces; ++trace) {
    table.id_high.push_back(0);
    table.id_low.push_back(trace);
    table.start_ns.push_back(1000 + trace * 10);
    table.end_ns.push_back(table.start_ns.back() + random() % 1000);
    table.span_count.push_back(1 + static_cast<uint32_t>(random() % 9));
    table.error_count.push_back(static_cast<uint32_t>(random() % 3));
    table.row_begin.push_back(table.row_begin.back() + table.span_count.back());
    for (uint32_t s = 0; s < services; ++s) {
      if (random() % services == 0 || s == trace % services) table.service.push_back(s);
    }
    table.service_begin.push_back(static_cast<uint32_t>(table.service.size()));
  }
  return table;
}

bool HasService(const TraceTable& table, uint32_t trace, uint32_t service) {
  for (uint32_t i = table.service_begin[trace]; i < table.service_begin[trace + 1]; ++i) {
    if (table.service[i] == service) return true;
  }
  return false;
}

TEST(TraceBounds, AreExactForEveryPageAndService) {
  std::mt19937_64 random(1);
  constexpr uint32_t kServices = 5;
  const TraceTable table = RandomTable(random, 300, kServices);
  std::vector<uint32_t> pages{0};
  while (pages.back() < table.row_begin.back()) {
    pages.push_back(std::min<uint32_t>(pages.back() + 1 + random() % 60, table.row_begin.back()));
  }
  ByteWriter bytes;
  EncodeTraceBounds(MakeTraceBounds(table, pages), bytes);
  const auto page_count = static_cast<uint32_t>(pages.size() - 1);
  const auto bounds = DecodeTraceBounds(bytes.bytes(), page_count);
  ASSERT_TRUE(bounds) << bounds.error().message;
  for (uint32_t page = 0; page < page_count; ++page) {
    for (uint32_t service = 0; service <= kServices; ++service) {
      TraceBoundsEntry expected;
      bool any = false;
      for (uint32_t trace = 0; trace < table.size(); ++trace) {
        if (table.row_begin[trace] >= pages[page + 1] || table.row_begin[trace + 1] <= pages[page]) continue;
        if (service < kServices && !HasService(table, trace, service)) continue;
        any = true;
        const uint64_t duration_ns = table.end_ns[trace] - table.start_ns[trace];
        expected.start_max_ns = std::max(expected.start_max_ns, table.start_ns[trace]);
        expected.duration_min_ns = std::min(expected.duration_min_ns, duration_ns);
        expected.duration_max_ns = std::max(expected.duration_max_ns, duration_ns);
        expected.span_count_max = std::max(expected.span_count_max, table.span_count[trace]);
        expected.error_count_max = std::max(expected.error_count_max, table.error_count[trace]);
      }
      const uint32_t number =
          service == kServices ? TraceBounds::kAll : *bounds->FindService("s" + std::to_string(service));
      const TraceBoundsEntry* entry = bounds->Of(page, number);
      ASSERT_EQ(entry != nullptr, any);
      if (!any) continue;
      EXPECT_EQ(entry->start_max_ns, expected.start_max_ns);
      EXPECT_EQ(entry->duration_min_ns, expected.duration_min_ns);
      EXPECT_EQ(entry->duration_max_ns, expected.duration_max_ns);
      EXPECT_EQ(entry->span_count_max, expected.span_count_max);
      EXPECT_EQ(entry->error_count_max, expected.error_count_max);
    }
  }
  EXPECT_FALSE(bounds->FindService("s5"));
}

TEST(TraceBounds, RefusesBytesThatDoNotFitTogether) {
  std::mt19937_64 random(2);
  const TraceTable table = RandomTable(random, 40, 3);
  const std::vector<uint32_t> pages{0, 20, table.row_begin.back()};
  ByteWriter out;
  EncodeTraceBounds(MakeTraceBounds(table, pages), out);
  const auto bytes = out.bytes();
  EXPECT_FALSE(DecodeTraceBounds(bytes, 3));
  EXPECT_FALSE(DecodeTraceBounds(bytes.first(bytes.size() - 1), 2));
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::byte> damaged(bytes.begin(), bytes.end());
    damaged[random() % damaged.size()] ^= std::byte{static_cast<uint8_t>(1 + random() % 255)};
    const auto bounds = DecodeTraceBounds(damaged, 2);
    if (!bounds) continue;
    for (uint32_t page = 0; page < 2; ++page) ASSERT_NE(bounds->Of(page, TraceBounds::kAll), nullptr);
  }
}

}  // namespace
}  // namespace spoor
