#include <openssl/ssl.h>
#include <zlib.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "api/exporters.h"
#include "export/http_poster.h"
#include "export/otlp_request.h"
#include "export/retry_after.h"
#include "trace/clock.h"
#include "trace/diagnostics.h"
#include "trace/environment.h"
#include "trace/fork.h"
#include "trace/thread_block.h"

namespace spoor::trace {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kPauseMax{5000};
constexpr std::chrono::minutes kQuietMax{5};  // that a receiver may ask for
constexpr milliseconds kExitMax{1000};        // for an export to end once it was told to
constexpr int kTooLarge = 413;

// False where zlib has no memory: the body then goes as it is.
bool Gzip(const std::string& in, std::string& out) {
  z_stream stream{};
  constexpr int kGzip = 16;
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS | kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  out.resize(deflateBound(&stream, in.size()));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return done;
}

bool IsWorthTryingAgain(const HttpAnswer& answer) {
  const int status = answer.status;
  return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

class OtlpHttp;

// OpenSSL cleans up while the process exits, and is not to be used behind that: the exporters that use it, each on a
// thread of its own, are stopped first. Never destroyed.
class TlsExporters {
 public:
  static TlsExporters& The() {
    static TlsExporters* exporters = new TlsExporters;
    return *exporters;
  }
  void Add(OtlpHttp* exporter) {
    const std::lock_guard<ForkSafeMutex> lock(mutex_);
    all_.push_back(exporter);
  }
  void Remove(OtlpHttp* exporter) {
    const std::lock_guard<ForkSafeMutex> lock(mutex_);
    all_.erase(std::remove(all_.begin(), all_.end(), exporter), all_.end());
  }

 private:
  TlsExporters() {
    OPENSSL_init_ssl(0, nullptr);  // which registers its clean-up, so that ours comes before that
    std::atexit([] { The().ShutDownAll(); });
  }
  void ShutDownAll();

  ForkSafeMutex mutex_;  // of what follows
  std::vector<OtlpHttp*> all_;
};

class OtlpHttp final : public SpanExporter {
 public:
  OtlpHttp(OtlpHttpOptions options, Url url)
      : options_(std::move(options)), url_(std::move(url)), work_(std::make_unique<Work>(*this)) {
    if (url_.is_tls) TlsExporters::The().Add(this);
  }
  ~OtlpHttp() override {
    if (url_.is_tls) TlsExporters::The().Remove(this);
  }

  ExportResult Export(ListView<FinishedSpan> spans, milliseconds timeout) noexcept override {
    const std::lock_guard lock(work_->exporting);
    try {
      return Send(spans, After(options_.timeout.count() > 0 ? std::min(timeout, options_.timeout) : timeout));
    } catch (const std::exception& exception) {  // for want of memory or descriptors
      HttpAnswer none;
      none.problem = exception.what();
      return GiveUp(spans.size(), none);
    }
  }

  void BeginShutdown() noexcept override {
    {
      const std::lock_guard lock(work_->mutex);
      work_->is_last_call = true;
    }
    work_->woken.notify_all();
  }

  void Shutdown() noexcept override {
    {
      const std::lock_guard lock(work_->mutex);
      work_->is_shut_down = true;
    }
    work_->woken.notify_all();
    work_->poster.Cancel();
    // Where an export is under way, it ends by that, and with it the connection.
    if (std::unique_lock lock(work_->exporting, std::try_to_lock); lock) work_->poster.Close();
  }

  // Shutdown, and waits for the end of an export that is under way.
  void ShutDownAtExit() noexcept {
    Shutdown();
    const std::unique_lock lock(work_->exporting, kExitMax);
    if (lock) work_->poster.Close();
  }

  void AfterFork() noexcept override {
    // What the parent's thread had in hand, and the connection that goes on being the parent's, is left as it is.
    (void)work_.release();
    work_ = std::make_unique<Work>(*this);
  }

 private:
  // What an export works with. One of its own for each process.
  struct Work {
    explicit Work(const OtlpHttp& exporter)
        : poster(exporter.url_,
                 {exporter.options_.certificate_file, exporter.options_.client_certificate_file,
                  exporter.options_.client_key_file},
                 exporter.options_.headers) {}
    std::timed_mutex exporting;
    HttpPoster poster;
    std::string body, packed;       // of one export at a time; their room is used again
    Clock::time_point quiet_until;  // as the receiver has asked
    std::mutex mutex;               // of what follows
    std::condition_variable woken;
    bool is_last_call = false;
    bool is_shut_down = false;
  };

  ExportResult Send(ListView<FinishedSpan> spans, Clock::time_point deadline) {
    Work& work = *work_;
    if (work.quiet_until > Clock::now() && !MayWait(work.quiet_until, deadline, true)) {
      HttpAnswer asked;
      asked.problem = "it has asked to be left alone for longer than an export may take";
      return GiveUp(spans.size(), asked);
    }
    EncodeOtlpRequest(spans, work.body);
    const bool is_gzip = options_.gzip && Gzip(work.body, work.packed);
    milliseconds pause = kFirstPause;
    while (true) {
      const HttpAnswer answer =
          work.poster.Post(is_gzip ? work.packed : work.body, is_gzip, std::max(Left(deadline), milliseconds(1)));
      if (answer.status / 100 == 2) return Taken(answer);
      if (answer.status == kTooLarge && spans.size() > 1) return SendHalves(spans, deadline);
      if (!IsWorthTryingAgain(answer)) return GiveUp(spans.size(), answer);
      if (!MayWait(NextAttempt(answer, pause), deadline, answer.status != 0)) return GiveUp(spans.size(), answer);
      pause = std::min(pause * 3 / 2, kPauseMax);
    }
  }

  // One large span is not to take the others with it.
  ExportResult SendHalves(ListView<FinishedSpan> spans, Clock::time_point deadline) {
    const size_t half = spans.size() / 2;
    const ExportResult first = Send({spans.begin(), half}, deadline);
    const ExportResult second = Send({spans.begin() + half, spans.size() - half}, deadline);
    return first == ExportResult::kSuccess ? second : first;
  }

  ExportResult Taken(const HttpAnswer& answer) {
    const PartialSuccess partial = ReadOtlpResponse(answer.body);
    if (partial.rejected_spans > 0 || !partial.message.empty()) {
      partial_said_(DiagnosticLevel::kWarn, [&] {
        const std::string what = partial.rejected_spans > 0
                                     ? "rejected " + std::to_string(partial.rejected_spans) + " spans of a request"
                                     : std::string("took a request with a warning");
        return url_.ToText() + " " + what + ": " + partial.message + ". This is said once";
      });
    }
    return ExportResult::kSuccess;
  }

  ExportResult GiveUp(size_t count, const HttpAnswer& answer) {
    failure_said_(DiagnosticLevel::kError, [&] {
      std::string text = std::to_string(count) + " spans could not be sent to " + url_.ToText() + ": ";
      if (answer.status == 0) {
        text += answer.problem +
                ". Does a collector listen there for OTLP over HTTP? OTEL_EXPORTER_OTLP_ENDPOINT says where";
      } else {
        text += "it answers " + std::to_string(answer.status);
        if (const std::string why = ReadOtlpError(answer.body); !why.empty()) text += ", \"" + why + "\"";
      }
      return text + ". This is said once";
    });
    return ExportResult::kFailure;
  }

  // When the receiver asks for it, which later exports keep to as well; else after the next pause, scattered by a fifth
  // so that senders do not come back together.
  Clock::time_point NextAttempt(const HttpAnswer& answer, milliseconds pause) {
    const auto asked = ReadRetryAfter(answer.retry_after, std::chrono::system_clock::now());
    if (asked && asked->count() > 0) {
      return work_->quiet_until = Clock::now() + std::min<std::chrono::seconds>(*asked, kQuietMax);
    }
    const auto fifth = static_cast<uint64_t>(pause.count()) / 5;
    return Clock::now() + pause - milliseconds(fifth) + milliseconds(ThreadRandom().Next() % (2 * fifth + 1));
  }

  // Sleeps until `next`. False where that is too late, where it was shut down, and where the program ends: it does not
  // wait for a receiver that is not there, but makes one last attempt where that finds it waiting. For one that is
  // there and asks for patience it has as much as its own shutdown.
  bool MayWait(Clock::time_point next, Clock::time_point deadline, bool receiver_is_there) {
    if (next >= deadline) return false;
    Work& work = *work_;
    std::unique_lock lock(work.mutex);
    const auto is_hurried = [&] { return work.is_shut_down || (work.is_last_call && !receiver_is_there); };
    if (is_hurried()) return false;
    work.woken.wait_until(lock, next, is_hurried);
    return !work.is_shut_down;
  }

  const OtlpHttpOptions options_;
  const Url url_;
  std::unique_ptr<Work> work_;
  DiagnoseOnce failure_said_, partial_said_;
};

void TlsExporters::ShutDownAll() {
  const std::lock_guard<ForkSafeMutex> lock(mutex_);
  for (OtlpHttp* exporter : all_) exporter->ShutDownAtExit();
}

// For an address that is none.
class Nowhere final : public SpanExporter {
 public:
  ExportResult Export(ListView<FinishedSpan>, milliseconds) noexcept override { return ExportResult::kFailure; }
};

// The setting for traces, else the one for all signals.
std::string Setting(const char* name) {
  const std::string traces = environment::Text((std::string("OTEL_EXPORTER_OTLP_TRACES_") + name).c_str());
  return traces.empty() ? environment::Text((std::string("OTEL_EXPORTER_OTLP_") + name).c_str()) : traces;
}

std::string Word(const char* name) {
  const std::string traces = environment::Word((std::string("OTEL_EXPORTER_OTLP_TRACES_") + name).c_str());
  return traces.empty() ? environment::Word((std::string("OTEL_EXPORTER_OTLP_") + name).c_str()) : traces;
}

std::vector<std::pair<std::string, std::string>> ReadHeaders(std::string_view list) {
  std::vector<std::pair<std::string, std::string>> headers;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view member = environment::Trim(list.substr(0, comma));
    list.remove_prefix(std::min(list.size(), comma + 1));
    const size_t equals = member.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    auto value = environment::PercentDecode(environment::Trim(member.substr(equals + 1)));
    if (value) headers.emplace_back(environment::Trim(member.substr(0, equals)), *std::move(value));
  }
  return headers;
}

// Whether it can stand in a request without breaking it.
bool IsHeader(std::string_view name, std::string_view value) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return !name.empty() && name.find_first_of(" \t:()<>@,;\\\"/[]?={}") == std::string_view::npos &&
         std::none_of(name.begin(), name.end(), is_control) &&
         std::all_of(value.begin(), value.end(), [&](char c) { return c == '\t' || !is_control(c); });
}

}  // namespace

OtlpHttpOptions OtlpHttpOptions::FromEnvironment() {
  OtlpHttpOptions options;
  if (std::string url = environment::Text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"); !url.empty()) {
    options.url = std::move(url);
  } else if (std::string base = environment::Text("OTEL_EXPORTER_OTLP_ENDPOINT"); !base.empty()) {
    options.url = std::move(base);
    if (options.url.back() != '/') options.url += '/';
    options.url += "v1/traces";
  }
  options.headers = ReadHeaders(Setting("HEADERS"));
  for (const char* name : {"OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"}) {
    if (const auto time = environment::Number(name))
      options.timeout = milliseconds(std::min<uint64_t>(*time, INT32_MAX));
  }
  const std::string compression = Word("COMPRESSION");
  options.gzip = compression == "gzip";
  if (!compression.empty() && compression != "gzip" && compression != "none") {
    Diagnose(DiagnosticLevel::kWarn, "OTEL_EXPORTER_OTLP_COMPRESSION knows gzip and none, not " + compression);
  }
  const std::string protocol = Word("PROTOCOL");
  if (!protocol.empty() && protocol != "http/protobuf") {
    Diagnose(DiagnosticLevel::kWarn,
             "OTEL_EXPORTER_OTLP_PROTOCOL=" + protocol + ": this library speaks http/protobuf, and does so now");
  }
  options.certificate_file = Setting("CERTIFICATE");
  options.client_certificate_file = Setting("CLIENT_CERTIFICATE");
  options.client_key_file = Setting("CLIENT_KEY");
  return options;
}

SpanExporterPtr OtlpHttpExporter(OtlpHttpOptions options) {
  const auto cannot_stand = std::remove_if(options.headers.begin(), options.headers.end(),
                                           [](const auto& header) { return !IsHeader(header.first, header.second); });
  if (cannot_stand != options.headers.end()) {
    options.headers.erase(cannot_stand, options.headers.end());
    Diagnose(DiagnosticLevel::kWarn, "a header for the exporter is none (OTEL_EXPORTER_OTLP_HEADERS); it is left out");
  }
  auto url = ParseUrl(options.url);
  if (!url) {
    Diagnose(DiagnosticLevel::kError, "\"" + options.url +
                                          "\" is no address to send spans to (http://host:port/v1/traces is one); "
                                          "no span is exported");
    return std::make_unique<Nowhere>();
  }
  return std::make_unique<OtlpHttp>(std::move(options), *std::move(url));
}

}  // namespace spoor::trace
