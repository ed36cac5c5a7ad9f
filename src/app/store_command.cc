#include "app/store_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "api/jaeger_v3/otlp_json.h"
#include "app/otlp_sender.h"
#include "app/progress_line.h"
#include "app/setting_text.h"
#include "app/store_export.h"
#include "app/store_folder.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/inspect.h"
#include "store/verify.h"

namespace spoor {
namespace {

constexpr std::string_view kActions[] = {"inspect", "verify", "compact", "export", "import"};

// As they stand on the line.
struct StoreLine {
  bool wants_help = false;
  std::string action;
  std::string path;
  uint64_t rows = 0;
  std::string output, from, to, into, url;
  std::vector<std::string> services;
};

void PrintOut(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

Result<StoreLine> ReadLine(std::vector<std::string> words) {
  StoreLine line;
  std::vector<std::string> places;
  CLI::App store;
  store.set_help_flag();
  store.allow_extras();
  store.add_flag("-h,--help", line.wants_help);
  store.add_option("--rows", line.rows);
  store.add_option("--output", line.output);
  store.add_option("--from", line.from);
  store.add_option("--to", line.to);
  store.add_option("--service", line.services)->allow_extra_args(false);
  store.add_option("--data-dir", line.into);
  store.add_option("--otlp-url", line.url);
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    store.parse(std::move(words));
  } catch (const CLI::Error& error) {
    std::string problem = error.what();
    std::replace(problem.begin(), problem.end(), '\n', ' ');
    return Invalid(problem + ": see spoor store --help");
  }
  places = store.remaining();
  if (line.wants_help || places.empty()) {
    line.wants_help = true;
    return line;
  }
  line.action = places[0];
  if (std::find(std::begin(kActions), std::end(kActions), line.action) == std::end(kActions)) {
    const std::string suggestion = Suggestion(line.action, kActions);
    return Invalid(fmt::format("'{}' is nothing that can be done with a store{}", line.action,
                               suggestion.empty() ? ": see spoor store --help" : suggestion));
  }
  for (const std::string& place : places) {
    if (place.size() > 1 && place.starts_with("-")) {
      return Invalid(fmt::format("unknown flag {}: see spoor store --help", place));
    }
  }
  if (places.size() != 2) {
    return Invalid(fmt::format("spoor store {} takes one {}: see spoor store --help", line.action,
                               line.action == "import" || line.action == "inspect" ? "file" : "folder"));
  }
  line.path = places[1];
  while (line.path.size() > 1 && line.path.ends_with('/')) line.path.pop_back();
  return line;
}

// A time on the line: a date and time of UTC, seconds since 1970, or how long ago.
Result<uint64_t> ReadTime(const std::string& flag, const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end == nullptr) end = strptime(text.c_str(), "%Y-%m-%d", &parts);
  if (end != nullptr && (*end == '\0' || (*end == 'Z' && end[1] == '\0'))) {
    return static_cast<uint64_t>(timegm(&parts)) * 1'000'000'000;
  }
  uint64_t seconds = 0;
  const auto [last, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem == std::errc() && last == text.data() + text.size() && seconds < UINT64_MAX / 1'000'000'000) {
    return seconds * 1'000'000'000;
  }
  if (const auto ago = ParseDuration(text)) {
    return static_cast<uint64_t>(SystemClock().WallNanos() - ago->count());
  }
  return Invalid(fmt::format(
      "{}: '{}' is no time: write 2026-11-24T15:00:00Z, seconds since 1970, or how long ago (2h)", flag, text));
}

// The first spans of a file, each as a line of OTLP JSON.
Status PrintRows(FileSystem& files, const std::string& path, uint64_t rows) {
  const auto print = [&](const SpanBatch& batch) {
    for (uint32_t row = 0; row < batch.span_count() && rows > 0; ++row, --rows) {
      std::string json_text;
      JsonWriter json(json_text);
      json.BeginArray();
      api::WriteResourceSpans(json, batch, std::span(&row, 1));
      json.EndArray();
      PrintOut(json_text);
    }
  };
  ASSIGN_OR_RETURN(const StoreFileKind kind, KindOfFile(files, path));
  if (kind == StoreFileKind::kBlock) {
    PageCache cache(size_t{64} << 20);
    ASSIGN_OR_RETURN(const std::shared_ptr<Block> block, Block::Open(files, path, cache));
    const auto end = static_cast<uint32_t>(std::min<uint64_t>(rows, block->info().span_count));
    if (end == 0) return {};
    ASSIGN_OR_RETURN(const auto batch, block->ReadRows(0, end));
    print(*batch);
    return {};
  }
  if (kind == StoreFileKind::kLogSegment) {
    return ForEachBatchOfSegment(files, path, [&](const SpanBatch& batch) {
      print(batch);
      return rows > 0;
    });
  }
  return Invalid("--rows: only blocks and segments of the log hold spans");
}

Status Inspect(const StoreLine& line) {
  FileSystem& files = PosixFileSystem();
  if (const auto listed = files.List(line.path)) {
    return Invalid(
        fmt::format("{} is a folder: name one of its files, or spoor store verify {}", line.path, line.path));
  }
  RETURN_IF_ERROR(InspectFile(files, line.path, PrintOut));
  if (line.rows > 0) return PrintRows(files, line.path, line.rows);
  return {};
}

Status Verify(const StoreLine& line) {
  FileSystem& files = PosixFileSystem();
  VerifyQuestion question{.folder = StoreFolderOf(files, line.path),
                          .is_in_use = false,
                          .on_damage = nullptr,
                          .on_note = nullptr,
                          .on_progress = nullptr};
  // The lock is that of a server: whoever has it may write. Where it cannot be taken for another reason (the folder is
  // read-only, or a copy) nobody writes here either.
  const std::string data_dir = question.folder == line.path ? "" : line.path;
  std::unique_ptr<FolderLock> held;
  if (!data_dir.empty() && files.List(question.folder)) {
    auto lock = files.LockFolder(data_dir);
    question.is_in_use = !lock && lock.error().code == Code::kBusy;
    if (lock) held = *std::move(lock);
  }
  if (question.is_in_use) {
    std::fprintf(stderr, "spoor: a server uses %s: what it writes or removes meanwhile is passed over\n",
                 line.path.c_str());
  }
  ProgressLine progress("bytes");
  question.on_damage = [](const std::string& text) { PrintOut("damage: " + text); };
  question.on_note = [](const std::string& text) { PrintOut("note: " + text); };
  question.on_progress = [&](uint64_t done, uint64_t all) { progress.Tell(done, all); };
  ASSIGN_OR_RETURN(const VerifyReport report, VerifyStore(files, question));
  PrintOut(fmt::format("{} files, {} bytes, {} spans in blocks and {} in the log: {}", report.files, report.bytes,
                       report.spans_in_blocks, report.spans_in_log,
                       report.damage == 0 ? "no damage" : fmt::format("{} damaged places", report.damage)));
  if (report.damage > 0) return Corrupt(fmt::format("{} is damaged", line.path));
  return {};
}

Status Compact(const StoreLine& line) {
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenStoreOf(PosixFileSystem(), line.path, false));
  const StoreStats before = opened.store->Stats();
  RETURN_IF_ERROR(opened.store->CompactAlsoFullBlocks());
  const StoreStats after = opened.store->Stats();
  opened.store->Stop();
  PrintOut(fmt::format("{} blocks with {} bytes are {} blocks with {} bytes now, of {} spans", before.blocks,
                       before.block_bytes, after.blocks, after.block_bytes, after.spans_stored));
  return {};
}

// Where exported lines go.
class Output {
 public:
  static Result<std::unique_ptr<Output>> Open(const std::string& path) {
    auto output = std::make_unique<Output>();
    if (path.empty() || path == "-") return output;
    output->file_ = std::fopen(path.c_str(), "wb");
    if (output->file_ == nullptr) return FileError("open", path, errno);
    return output;
  }
  ~Output() {
    if (file_ != stdout) std::fclose(file_);
  }
  Status Write(std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), file_) == line.size()) return {};
    return Error(Code::kIo, "the lines cannot be written: is the disk full?");
  }
  Status Finish() {
    if (std::fflush(file_) == 0) return {};
    return Error(Code::kIo, "the lines cannot be written: is the disk full?");
  }

 private:
  std::FILE* file_ = stdout;
};

Status Export(const StoreLine& line) {
  ExportQuestion question{.start_min_ns = 0, .start_max_ns = UINT64_MAX, .services = line.services};
  if (!line.from.empty()) {
    ASSIGN_OR_RETURN(question.start_min_ns, ReadTime("--from", line.from));
  }
  if (!line.to.empty()) {
    ASSIGN_OR_RETURN(question.start_max_ns, ReadTime("--to", line.to));
  }
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenStoreOf(PosixFileSystem(), line.path, false));
  ASSIGN_OR_RETURN(const std::unique_ptr<Output> output, Output::Open(line.output));
  const uint64_t all = opened.store->Stats().spans_stored;
  Result<Exported> exported = Exported();
  {
    ProgressLine progress("spans");
    exported = ExportLines(
        *opened.store, question, [&](std::string_view text) { return output->Write(text); },
        [&](uint64_t done) { progress.Tell(done, all); });
  }
  if (!exported) return exported.error();
  RETURN_IF_ERROR(output->Finish());
  std::fprintf(stderr, "spoor: %lu spans in %lu lines\n", exported->spans, exported->lines);
  if (exported->unreadable > 0) {
    return Corrupt(
        fmt::format("{} damaged parts were left out: see spoor store verify {}", exported->unreadable, line.path));
  }
  return {};
}

Status Import(const StoreLine& line) {
  if (line.into.empty() == line.url.empty()) {
    return Invalid("say where to: --data-dir DIR, or --otlp-url http://127.0.0.1:4318 of a running server");
  }
  std::ifstream file;
  uint64_t all = 0;
  if (line.path != "-") {
    file.open(line.path, std::ios::binary);
    if (!file) return NotFound("cannot read " + line.path);
    file.seekg(0, std::ios::end);
    all = static_cast<uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
    file.clear();
    file.seekg(0);
  }
  std::istream& in = line.path == "-" ? std::cin : file;
  Result<Imported> imported = Imported();
  {
    ProgressLine progress("bytes");
    const auto tell = [&](uint64_t done) { progress.Tell(done, all); };
    if (!line.url.empty()) {
      ASSIGN_OR_RETURN(const auto sender, OtlpSender::Make(line.url));
      imported = SendLines(in, [&](const std::string& text) { return sender->Send(text); }, tell);
    } else {
      ASSIGN_OR_RETURN(const OpenedStore opened, OpenStoreOf(PosixFileSystem(), line.into, true));
      imported = ImportLines(in, *opened.store, *opened.budget, tell);
      if (imported) RETURN_IF_ERROR(opened.store->SealAll());
      opened.store->Stop();
    }
  }
  if (!imported) {
    return std::move(imported).error().Within("the lines before were taken in; the same file may be imported again");
  }
  std::fprintf(stderr, "spoor: %lu lines taken in\n", imported->lines);
  if (imported->rejected_spans > 0) {
    return Invalid(fmt::format("{} spans have ids that none may have, and were left out", imported->rejected_spans));
  }
  return {};
}

Status Run(const StoreLine& line) {
  if (line.action == "inspect") return Inspect(line);
  if (line.action == "verify") return Verify(line);
  if (line.action == "compact") return Compact(line);
  if (line.action == "export") return Export(line);
  return Import(line);
}

}  // namespace

int RunStoreCommand(std::vector<std::string> words) {
  const auto line = ReadLine(std::move(words));
  if (!line) {
    std::fprintf(stderr, "spoor: %s\n", line.error().message.c_str());
    return 2;
  }
  if (line->wants_help) {
    std::fputs(StoreHelpText().c_str(), stdout);
    return 0;
  }
  ConfigureLog(LogLevel::kWarn, LogFormat::kLogfmt);
  const Status done = Run(*line);
  if (done) return 0;
  std::fflush(stdout);
  std::fprintf(stderr, "spoor: %s\n", done.error().message.c_str());
  return 1;
}

std::string StoreHelpText() {
  return "spoor store inspect FILE [--rows N]   what stands where in a file of a data folder, byte by byte; and its\n"
         "                                      first N spans. Changes nothing, also beside a server\n"
         "spoor store verify DIR                every checksum, and whether files fit together; exit code 1 and a "
         "line\n"
         "                                      with file and offset for each damaged place. Changes nothing, also\n"
         "                                      beside a server\n"
         "spoor store compact DIR               makes as few blocks of all as it may\n"
         "spoor store export DIR [FLAG...]      writes spans as OTLP JSON, an ExportTraceServiceRequest a line\n"
         "    --output FILE                     instead of standard output\n"
         "    --from TIME, --to TIME            only traces with a span that starts then: 2026-11-24T15:00:00Z, "
         "seconds\n"
         "                                      since 1970, or how long ago (2h)\n"
         "    --service NAME                    and that is of this service; may be given several times\n"
         "spoor store import FILE               takes such lines in; - is standard input. What is there already "
         "counts\n"
         "                                      once, so an import that was cut short may be done again\n"
         "    --data-dir DIR                    into a folder, which is made where it is not there\n"
         "    --otlp-url URL                    into a running server: http://127.0.0.1:4318\n"
         "\n"
         "DIR is what --data-dir of spoor serve names. compact, export and import --data-dir need it for themselves: "
         "no\n"
         "server may use it meanwhile.\n";
}

}  // namespace spoor
