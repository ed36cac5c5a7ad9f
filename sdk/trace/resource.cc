#include "api/resource.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "api/finished_span.h"
#include "trace/attribute_list.h"
#include "trace/diagnostics.h"
#include "trace/environment.h"
#include "trace/fork.h"
#include "trace/hex.h"
#include "trace/thread_block.h"
#include "trace/wire_reader.h"

#ifndef SPOOR_SDK_VERSION
#define SPOOR_SDK_VERSION "0.1.0"
#endif

namespace spoor::trace {
namespace {

constexpr uint32_t kResourceAttributes = 1;  // of OTLP's Resource message

std::string ProgramPath() {
  std::string path(4096, '\0');
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(length > 0 ? static_cast<size_t>(length) : 0);
  return path;
}

std::string ProgramName() {
  const std::string path = ProgramPath();
  return path.substr(path.rfind('/') + 1);
}

bool TellsContainer(std::string_view line) {
  constexpr std::string_view kNames[] = {"container", "docker", "kubepods"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view name) { return line.find(name) != std::string_view::npos; });
}

// The id of the container that this process runs in, where the kernel's files tell it: 64 hex digits.
std::string ContainerId() {
  for (const char* file : {"/proc/self/cgroup", "/proc/self/mountinfo"}) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
      size_t run = 0;
      for (size_t i = 0; i <= line.size(); ++i) {
        const char c = i < line.size() ? line[i] : ' ';
        const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (is_hex) {
          ++run;
          continue;
        }
        if (run == 64 && TellsContainer(line)) return line.substr(i - 64, 64);
        run = 0;
      }
    }
  }
  return {};
}

// What sets a process apart from all others.
struct ProcessIdentity {
  uint32_t generation = 0;  // of forks
  std::string pid;
  std::string instance_id;  // a UUID, version 4 (RFC 9562)
};

std::string RandomUuid() {
  uint64_t words[2];
  ThreadRandom().Fill(words);
  words[0] = (words[0] & ~uint64_t{0xF000}) | 0x4000;
  words[1] = (words[1] & ~(uint64_t{3} << 62)) | uint64_t{1} << 63;
  std::string text(32, '0');
  WriteHex64(text.data(), words[0]);
  WriteHex64(text.data() + 16, words[1]);
  for (const size_t dash : {8, 13, 18, 23}) text.insert(dash, 1, '-');
  return text;
}

ProcessIdentity ThisProcess() {
  struct Known {
    ForkSafeMutex mutex;
    ProcessIdentity identity;
  };
  static Known* known = new Known;  // never destroyed: used while the process exits
  const std::lock_guard<ForkSafeMutex> lock(known->mutex);
  const uint32_t generation = fork_generation.load(std::memory_order_relaxed);
  if (known->identity.generation != generation) known->identity = {generation, std::to_string(getpid()), RandomUuid()};
  return known->identity;
}

}  // namespace

struct Resource::Content {
  std::string wire;
  std::string schema_url;
  std::optional<ProcessIdentity> detected;  // who was this process when Detect said so

  std::vector<std::pair<std::string_view, std::string_view>> Fields() const {
    std::vector<std::pair<std::string_view, std::string_view>> fields;  // key, KeyValue message
    for (wire::Reader reader(wire); reader.Next();) {
      for (wire::Reader field(reader.bytes()); field.Next();) {
        if (field.field() == wire::key_value::kKey) fields.emplace_back(field.bytes(), reader.bytes());
      }
    }
    return fields;
  }
};

Resource::Resource() : Resource(Attributes{}) {}

Resource::Resource(Attributes attributes, std::string_view schema_url) {
  auto content = std::make_shared<Content>();
  ByteBuffer out;
  AppendAttributes(out, kResourceAttributes, attributes, {});
  content->wire.assign(reinterpret_cast<const char*>(out.data()), out.size());
  content->schema_url = schema_url;
  content_ = std::move(content);
}

Resource Resource::Merge(const Resource& other) const {
  auto content = std::make_shared<Content>();
  content->detected = other.content_->detected ? other.content_->detected : content_->detected;
  const auto theirs = other.content_->Fields();
  const auto append = [&](std::string_view message) {
    std::string length(10, '\0');
    auto* begin = reinterpret_cast<uint8_t*>(length.data());
    length.resize(static_cast<size_t>(wire::PutVarint(begin, message.size()) - begin));
    content->wire += static_cast<char>(wire::Tag(kResourceAttributes, wire::kLength));
    content->wire += length;
    content->wire += message;
  };
  for (const auto& [key, message] : content_->Fields()) {
    const std::string_view name = key;
    const bool is_replaced =
        std::any_of(theirs.begin(), theirs.end(), [&](const auto& one) { return one.first == name; });
    if (!is_replaced) append(message);
  }
  for (const auto& field : theirs) append(field.second);
  const std::string& mine = content_->schema_url;
  const std::string& others = other.content_->schema_url;
  if (mine.empty() || mine == others) {
    content->schema_url = others;
  } else if (others.empty()) {
    content->schema_url = mine;
  }
  return Resource(std::move(content));
}

std::string Resource::Text(std::string_view key) const {
  for (const auto& [name, message] : content_->Fields()) {
    if (name != key) continue;
    for (wire::Reader field(message); field.Next();) {
      if (field.field() == wire::key_value::kValue) return EncodedAttribute{name, field.bytes()}.Text();
    }
  }
  return {};
}

std::string_view Resource::wire() const noexcept { return content_->wire; }
std::string_view Resource::schema_url() const noexcept { return content_->schema_url; }

Resource Resource::OfThisProcess() const {
  if (!content_->detected || content_->detected->generation == fork_generation.load(std::memory_order_relaxed)) {
    return *this;
  }
  const ProcessIdentity& before = *content_->detected;
  const ProcessIdentity now = ThisProcess();
  // What somebody else has said stays.
  std::vector<Attribute> changed;
  if (Text("process.pid") == before.pid) changed.push_back({"process.pid", getpid()});
  if (Text("service.instance.id") == before.instance_id) changed.push_back({"service.instance.id", now.instance_id});
  const Resource merged = Merge(Resource(changed));
  auto content = std::make_shared<Content>(*merged.content_);
  content->detected = now;
  return Resource(std::move(content));
}

Resource Resource::Default() {
  const std::string fallback = "unknown_service:" + ProgramName();
  Resource resource({{"service.name", fallback},
                     {"telemetry.sdk.name", "opentelemetry"},
                     {"telemetry.sdk.language", "cpp"},
                     {"telemetry.sdk.version", SPOOR_SDK_VERSION}});
  // Keys and values are percent-encoded; one that is wrong makes the whole variable void, as the specification has it.
  const std::string text = environment::Text("OTEL_RESOURCE_ATTRIBUTES");
  std::vector<std::pair<std::string, std::string>> given;
  bool is_good = true;
  for (std::string_view rest = text; is_good && !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view member = environment::Trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(rest.size(), comma + 1));
    if (member.empty()) continue;
    const size_t equals = member.find('=');
    is_good = equals != std::string_view::npos && equals > 0;
    if (!is_good) break;
    auto key = environment::PercentDecode(environment::Trim(member.substr(0, equals)));
    auto value = environment::PercentDecode(environment::Trim(member.substr(equals + 1)));
    is_good = key && value;
    if (is_good) given.emplace_back(*std::move(key), *std::move(value));
  }
  if (!is_good) {
    Diagnose(DiagnosticLevel::kWarn,
             "OTEL_RESOURCE_ATTRIBUTES is not a list of key=value, percent-encoded; it is ignored");
    given.clear();
  }
  if (const std::string name = environment::Text("OTEL_SERVICE_NAME"); !name.empty()) {
    given.emplace_back("service.name", name);
  }
  std::vector<Attribute> attributes;
  for (const auto& [key, value] : given) attributes.push_back({key, value});
  return resource.Merge(Resource(attributes));
}

Resource Resource::Detect() {
  std::vector<Attribute> attributes;
  utsname system{};
  if (uname(&system) == 0) {
    attributes.push_back({"host.name", system.nodename});
    attributes.push_back({"host.arch", std::string_view(system.machine) == "x86_64"    ? "amd64"
                                       : std::string_view(system.machine) == "aarch64" ? "arm64"
                                                                                       : system.machine});
    attributes.push_back({"os.type", "linux"});
    attributes.push_back({"os.version", system.release});
  }
  const std::string path = ProgramPath();
  const std::string name = ProgramName();
  ProcessIdentity process = ThisProcess();
  attributes.push_back({"process.pid", getpid()});
  attributes.push_back({"service.instance.id", process.instance_id});
  if (!path.empty()) {
    attributes.push_back({"process.executable.path", path});
    attributes.push_back({"process.executable.name", name});
  }
  const std::string container = ContainerId();
  if (!container.empty()) attributes.push_back({"container.id", container});
  auto content = std::make_shared<Content>(*Resource(attributes).content_);
  content->detected = std::move(process);
  return Resource(std::move(content));
}

}  // namespace spoor::trace
