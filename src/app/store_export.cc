#include "app/store_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "api/jaeger_v3/otlp_json.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "decode/decode_memory.h"
#include "decode/otlp.h"

namespace spoor {
namespace {

// So many spans are a line, unless they are so long that a server would not take it.
constexpr size_t kSpansPerLine = 512;
constexpr size_t kLineBytesMax = limits::kBodyBytesMax / 2;

class LineWriter {
 public:
  LineWriter(const std::function<Status(std::string_view)>& write, Exported& exported)
      : write_(write), exported_(exported) {}

  Status Write(const SpanBatch& batch, std::span<const uint32_t> rows) {
    for (size_t begin = 0; begin < rows.size(); begin += kSpansPerLine) {
      RETURN_IF_ERROR(WriteOne(batch, rows.subspan(begin, std::min(kSpansPerLine, rows.size() - begin))));
    }
    return {};
  }

 private:
  Status WriteOne(const SpanBatch& batch, std::span<const uint32_t> rows) {
    line_.clear();
    JsonWriter json(line_);
    json.BeginObject();
    json.Key("resourceSpans");
    json.BeginArray();
    api::WriteResourceSpans(json, batch, rows);
    json.EndArray();
    json.EndObject();
    if (line_.size() > kLineBytesMax && rows.size() > 1) {
      const size_t half = rows.size() / 2;
      RETURN_IF_ERROR(WriteOne(batch, rows.first(half)));
      return WriteOne(batch, rows.subspan(half));
    }
    line_ += '\n';
    ++exported_.lines;
    exported_.spans += rows.size();
    return write_(line_);
  }

  const std::function<Status(std::string_view)>& write_;
  Exported& exported_;
  std::string line_;
};

Status AppendNow(SpanSink& sink, std::shared_ptr<const SpanBatch> batch) {
  std::promise<Status> answered;
  sink.Append(std::move(batch), {}, [&](Status status) { answered.set_value(std::move(status)); });
  return answered.get_future().get();
}

// Waits where the store has too much to do at the moment.
Status AppendPatiently(SpanSink& sink, const std::shared_ptr<const SpanBatch>& batch) {
  constexpr std::chrono::milliseconds kPause{20};
  while (true) {
    Status appended = AppendNow(sink, batch);
    if (appended || appended.error().code != Code::kBusy) return appended;
    std::this_thread::sleep_for(kPause);  // check-ok(bans): what is waited for has no condition that could be told
  }
}

}  // namespace

Result<Exported> ExportLines(Store& store, const ExportQuestion& question,
                             const std::function<Status(std::string_view line)>& write,
                             const std::function<void(uint64_t spans_done)>& on_progress) {
  Exported exported;
  LineWriter lines(write, exported);
  const auto visit = [&](const SpanBatch& batch, std::span<const uint32_t> rows, uint64_t spans_done) -> Status {
    RETURN_IF_ERROR(lines.Write(batch, rows));
    on_progress(spans_done);
    return {};
  };
  ASSIGN_OR_RETURN(exported.unreadable, store.Export(question, visit));
  return exported;
}

Result<Imported> SendLines(std::istream& in, const std::function<Result<uint64_t>(const std::string& line)>& send,
                           const std::function<void(uint64_t bytes_done)>& on_progress) {
  Imported imported;
  uint64_t number = 0, bytes = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    bytes += line.size() + 1;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto rejected = send(line);
    if (!rejected) return std::move(rejected).error().Within(fmt::format("line {}", number));
    ++imported.lines;
    imported.rejected_spans += *rejected;
    on_progress(bytes);
  }
  if (in.bad()) return Error(Code::kIo, fmt::format("reading failed behind line {}", number));
  return imported;
}

Result<Imported> ImportLines(std::istream& in, SpanSink& sink, MemoryBudget& budget,
                             const std::function<void(uint64_t bytes_done)>& on_progress) {
  OtlpJsonDecoder decoder;
  SpanBatchBuilder builder;
  uint64_t spans = 0;
  const auto take = [&](std::string line) -> Result<uint64_t> {
    MemoryReservation reservation = budget.Reserve();
    DecodeMemory memory(reservation, 0);
    ASSIGN_OR_RETURN(const DecodeReport report, decoder.Decode(line, builder, memory));
    ASSIGN_OR_RETURN(const std::shared_ptr<const SpanBatch> batch, builder.Finish());
    spans += report.accepted_spans;
    if (batch != nullptr) RETURN_IF_ERROR(AppendPatiently(sink, batch));
    return report.rejected_spans;
  };
  ASSIGN_OR_RETURN(Imported imported, SendLines(in, take, on_progress));
  imported.spans = spans;
  return imported;
}

}  // namespace spoor
