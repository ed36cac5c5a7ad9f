#include "api/spoor/status_json.h"

#include <gtest/gtest.h>

#include "api/sample_trace.h"
#include "base/fault_file_system.h"
#include "base/version.h"
#include "plan/reference_store.h"

namespace spoor::api {
namespace {

// The answer up to the memory that the process takes, which nobody can foresee.
std::string Start(const std::string& json) { return json.substr(0, json.find(",\"memory\"")); }

const std::string kBegin = "{\"version\":\"" + std::string(Version()) + "\",\"commit\":\"" + std::string(Commit()) +
                           "\",\"startedUnixNano\":\"17\",";

TEST(StatusJson, TellsOfEveryPartOfTheServer) {
  FaultFileSystem files;
  ASSERT_TRUE(files.CreateFolder("/data/blocks"));
  const std::string content(100, 'x');
  ASSERT_TRUE((*files.Open("/data/blocks/1", OpenMode::kCreateNew))->Append(std::as_bytes(std::span(content))));
  const uint64_t free_bytes = files.Space("/data")->free_bytes;
  ReferenceStore store;
  store.Add(SampleBatch());
  MemoryBudget budget(1000);
  MemoryReservation held = budget.Reserve();
  ASSERT_TRUE(held.Resize(300));
  const ServerFacts facts = {
      .endpoints = {{"otlp-http", "http://h:1"}, {"query", "http://h:2"}},
      .received = [] { return std::vector<ReceivedStatus>{{"otlp-http", 7, 60, 5, 4, 3, 2000}}; },
      .files = &files,
      .data_folder = "/data",
      .disk_bytes_max = 5000,
      .retention = std::chrono::hours(1),
      .rollup_retention = std::chrono::hours(2)};
  const std::string json =
      StatusJson({.started_ns = 17, .ready = true, .facts = &facts, .store = &store, .budget = budget});
  EXPECT_EQ(
      Start(json),
      kBegin +
          "\"ready\":true,\"spansReceived\":\"2\",\"spansStored\":\"2\","
          "\"endpoints\":[{\"name\":\"otlp-http\",\"url\":\"http://h:1\"},{\"name\":\"query\",\"url\":\"http://h:2\"}],"
          "\"received\":[{\"name\":\"otlp-http\",\"requests\":\"7\",\"spans\":\"60\",\"rejectedSpans\":\"5\","
          "\"refusedRequests\":\"4\",\"badRequests\":\"3\",\"bytes\":\"2000\"}],"
          "\"stored\":{\"spansLive\":\"2\",\"blocks\":\"0\",\"liveBytes\":\"0\",\"oldestUnixNano\":null,"
          "\"newestUnixNano\":null,\"sealing\":\"0\",\"damage\":\"0\",\"walBytes\":\"0\",\"blockBytes\":\"0\","
          "\"rollupBytes\":\"0\"},"
          "\"compaction\":{\"running\":false,\"merges\":\"0\",\"blocksMerged\":\"0\",\"failures\":\"0\","
          "\"readBytes\":\"0\",\"writtenBytes\":\"0\",\"sealedBytes\":\"0\"},"
          "\"disk\":{\"folder\":\"/data\",\"usedBytes\":\"100\",\"freeBytes\":\"" +
          std::to_string(free_bytes) +
          "\",\"maxBytes\":\"5000\"},"
          "\"retention\":{\"spansNano\":\"3600000000000\",\"rollupsNano\":\"7200000000000\"}");
  EXPECT_NE(json.find("\"budgetBytes\":\"1000\",\"usedBytes\":\"300\"}}"), std::string::npos) << json;
  EXPECT_EQ(json.find("\"residentBytes\":\"0\""), std::string::npos);
}

TEST(StatusJson, HasTheSamePartsWhileTheServerStarts) {
  MemoryBudget budget(1000);
  const std::string json = StatusJson({.started_ns = 17, .budget = budget});
  EXPECT_EQ(Start(json),
            kBegin +
                "\"ready\":false,\"spansReceived\":\"0\",\"spansStored\":\"0\",\"endpoints\":[],\"received\":[],"
                "\"stored\":{\"spansLive\":\"0\",\"blocks\":\"0\",\"liveBytes\":\"0\",\"oldestUnixNano\":null,"
                "\"newestUnixNano\":null,\"sealing\":\"0\",\"damage\":\"0\",\"walBytes\":\"0\",\"blockBytes\":\"0\","
                "\"rollupBytes\":\"0\"},"
                "\"compaction\":{\"running\":false,\"merges\":\"0\",\"blocksMerged\":\"0\",\"failures\":\"0\","
                "\"readBytes\":\"0\",\"writtenBytes\":\"0\",\"sealedBytes\":\"0\"},"
                "\"disk\":{\"folder\":\"\",\"usedBytes\":\"0\",\"freeBytes\":\"0\",\"maxBytes\":\"0\"},"
                "\"retention\":{\"spansNano\":\"0\",\"rollupsNano\":\"0\"}");
}

TEST(StatusJson, AFolderThatIsGoneHoldsNothing) {
  FaultFileSystem files;
  MemoryBudget budget(1000);
  const ServerFacts facts = {.files = &files, .data_folder = "/missing"};
  const std::string json = StatusJson({.facts = &facts, .budget = budget});
  EXPECT_NE(json.find("\"folder\":\"/missing\",\"usedBytes\":\"0\""), std::string::npos) << json;
}

}  // namespace
}  // namespace spoor::api
