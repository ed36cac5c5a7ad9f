#include "api/spoor/status_json.h"

#include <optional>
#include <string_view>

#include "base/folder_size.h"
#include "base/json_writer.h"
#include "base/process_memory.h"
#include "base/version.h"

namespace spoor::api {
namespace {

// Writes the parts of the answer, each a member of the open object.
class StatusWriter {
 public:
  explicit StatusWriter(std::string& out) : json_(out) {}

  void Write(const StatusQuestion& question) {
    static const ServerFacts kNothingYet;
    const ServerFacts& facts = question.facts ? *question.facts : kNothingYet;
    const StoreStats stats = question.store ? question.store->Stats() : StoreStats{};
    json_.BeginObject();
    json_.Member("version", Version());
    json_.Member("commit", Commit());
    Number("startedUnixNano", question.started_ns);
    json_.Member("ready", question.ready);
    Number("spansReceived", stats.spans_received);
    Number("spansStored", stats.spans_stored);
    Endpoints(facts.endpoints);
    Received(facts);
    Stored(stats);
    Disk(facts);
    Retention(facts);
    Memory(question.budget);
    json_.EndObject();
  }

 private:
  void Endpoints(const std::vector<Endpoint>& endpoints) {
    json_.Key("endpoints");
    json_.BeginArray();
    for (const Endpoint& endpoint : endpoints) {
      json_.BeginObject();
      json_.Member("name", endpoint.name);
      json_.Member("url", endpoint.url);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Received(const ServerFacts& facts) {
    json_.Key("received");
    json_.BeginArray();
    for (const ReceivedStatus& port : facts.received ? facts.received() : std::vector<ReceivedStatus>()) {
      json_.BeginObject();
      json_.Member("name", port.name);
      Number("requests", port.requests);
      Number("spans", port.spans);
      Number("rejectedSpans", port.rejected_spans);
      Number("refusedRequests", port.refused_requests);
      Number("badRequests", port.bad_requests);
      Number("bytes", port.bytes);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void Stored(const StoreStats& stats) {
    Open("stored");
    Number("spansLive", stats.spans_live);
    Number("blocks", stats.blocks);
    Number("liveBytes", stats.live_bytes);
    NumberOrNull("oldestUnixNano", stats.arrival_min_ns);
    NumberOrNull("newestUnixNano", stats.arrival_max_ns);
    Number("sealing", stats.sealing);
    Number("damage", stats.damage);
    Number("walBytes", stats.wal_bytes);
    Number("blockBytes", stats.block_bytes);
    Number("rollupBytes", stats.rollup_bytes);
    json_.EndObject();
    Open("compaction");
    json_.Member("running", stats.compacting);
    Number("merges", stats.compactions);
    Number("blocksMerged", stats.compacted_blocks);
    Number("failures", stats.compaction_failures);
    Number("readBytes", stats.compaction_read_bytes);
    Number("writtenBytes", stats.compaction_written_bytes);
    Number("sealedBytes", stats.sealed_bytes);
    json_.EndObject();
  }

  // A folder that cannot be looked at holds nothing as far as we can tell; the log says what is wrong with it.
  void Disk(const ServerFacts& facts) {
    uint64_t used_bytes = 0, free_bytes = 0;
    if (facts.files != nullptr) {
      if (const auto used = FolderBytes(*facts.files, facts.data_folder)) used_bytes = *used;
      if (const auto space = facts.files->Space(facts.data_folder)) free_bytes = space->free_bytes;
    }
    Open("disk");
    json_.Member("folder", facts.data_folder);
    Number("usedBytes", used_bytes);
    Number("freeBytes", free_bytes);
    Number("maxBytes", facts.disk_bytes_max);
    json_.EndObject();
  }

  void Retention(const ServerFacts& facts) {
    Open("retention");
    Number("spansNano", static_cast<uint64_t>(facts.retention.count()));
    Number("rollupsNano", static_cast<uint64_t>(facts.rollup_retention.count()));
    json_.EndObject();
  }

  void Memory(const MemoryBudget& budget) {
    Open("memory");
    Number("residentBytes", ResidentBytes());
    Number("budgetBytes", budget.limit_bytes());
    Number("usedBytes", budget.used_bytes());
    json_.EndObject();
  }

  void Open(std::string_view name) {
    json_.Key(name);
    json_.BeginObject();
  }
  void Number(std::string_view name, uint64_t number) {
    json_.Key(name);
    json_.UintText(number);
  }
  void NumberOrNull(std::string_view name, std::optional<uint64_t> number) {
    json_.Key(name);
    number ? json_.UintText(*number) : json_.Null();
  }

  JsonWriter json_;
};

}  // namespace

std::string StatusJson(const StatusQuestion& question) {
  std::string body;
  StatusWriter(body).Write(question);
  return body;
}

}  // namespace spoor::api
