#include "bench/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "bench/http_client.h"

namespace spoor::bench {
namespace {

using namespace std::chrono_literals;

uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0) Die("no free port");
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  close(fd);
  return ntohs(address.sin_port);
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

void Die(const std::string& message) {
  std::fprintf(stderr, "spoor_bench: %s\n", message.c_str());
  std::exit(1);
}

Server::Server(const std::string& binary, const std::string& data_parent, const std::vector<std::string>& more_flags,
               const std::function<void(const std::string&)>& prepare)
    : binary_(binary), more_flags_(more_flags) {
  std::string pattern = data_parent + "/spoor-bench-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) Die("cannot make a folder in " + data_parent);
  data_folder_ = pattern;
  if (prepare) prepare(data_folder_);
  Start();
}

Server::Server(const std::string& binary, const Kept& kept, const std::vector<std::string>& more_flags)
    : binary_(binary), more_flags_(more_flags), data_folder_(kept.folder), kept_(true) {
  Start();
}

Server::~Server() {
  Kill();
  if (!kept_) std::filesystem::remove_all(data_folder_);
  std::filesystem::remove(data_folder_ + ".log");
}

void Server::Kill() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Server::Reopen() {
  Kill();
  Start();
}

void Server::Start() {
  query_port_ = FreePort();
  otlp_http_port_ = FreePort();
  otlp_grpc_port_ = FreePort();
  jaeger_http_port_ = FreePort();
  std::vector<std::string> words{binary_,
                                 "serve",
                                 "--data-dir",
                                 data_folder_,
                                 "--query-port",
                                 std::to_string(query_port_),
                                 "--otlp-http-port",
                                 std::to_string(otlp_http_port_),
                                 "--otlp-grpc-port",
                                 std::to_string(otlp_grpc_port_),
                                 "--jaeger-http-port",
                                 std::to_string(jaeger_http_port_)};
  words.insert(words.end(), more_flags_.begin(), more_flags_.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // also where the benchmark ends without a word
    const int log = open((data_folder_ + ".log").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(log, 1);
    dup2(log, 2);
    execv(binary_.c_str(), arguments.data());
    _exit(127);
  }
  for (int i = 0; i < 6000; ++i) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_)
      Die("the server ended at its start: " + ReadFile(data_folder_ + ".log"));
    if (HttpGet(query_port_, "/api/services") == 200) {
      start_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      return;
    }
    std::this_thread::sleep_for(5ms);
  }
  Die("the server was not ready within 30 s");
}

double Server::CpuSeconds() const {
  const std::string stat = ReadFile(fmt::format("/proc/{}/stat", pid_));
  // Fields 14 and 15, counted behind the command's closing parenthesis, which is field 2.
  std::istringstream in(stat.substr(stat.rfind(')') + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) in >> skipped;
  double user = 0, system = 0;
  in >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

uint64_t Server::PeakRssBytes() const { return StatusBytes("VmHWM:"); }
uint64_t Server::RssBytes() const { return StatusBytes("VmRSS:"); }

uint64_t Server::StatusBytes(std::string_view field) const {
  std::istringstream in(ReadFile(fmt::format("/proc/{}/status", pid_)));
  for (std::string word; in >> word;) {
    uint64_t kib = 0;
    if (word == field && in >> kib) return kib * 1024;
  }
  return 0;
}

uint64_t Server::DataBytes() const {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_folder_)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

void Server::WaitUntilIdle() const {
  double before = CpuSeconds();
  for (int i = 0; i < 120; ++i) {
    std::this_thread::sleep_for(1s);
    const double now = CpuSeconds();
    if (now - before < 0.015) return;
    before = now;
  }
  Die("the server was still busy after two minutes");
}

void Server::Compact() const {
  const int status = HttpPost(query_port_, "/api/spoor/v1/admin/compact");
  if (status != 200) Die(fmt::format("admin/compact answered {}", status));
}

void Server::DropPageCache() const {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data_folder_)) {
    if (!entry.is_regular_file()) continue;
    const int file = open(entry.path().c_str(), O_RDONLY);
    if (file < 0) continue;
    fdatasync(file);  // dirty pages would stay
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    close(file);
  }
}

}  // namespace spoor::bench
