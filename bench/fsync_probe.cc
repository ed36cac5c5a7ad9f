#include "bench/fsync_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "bench/server.h"

namespace spoor::bench {
namespace {

constexpr auto kPause = std::chrono::milliseconds(10);
constexpr size_t kFileBytesMax = size_t{64} << 20;  // then it begins anew, as a log does

}  // namespace

FsyncProbe::FsyncProbe(const std::string& folder, size_t bytes) : path_(folder + "/fsync-probe") {
  fd_ = open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (fd_ < 0) Die("cannot write " + path_);
  thread_ = std::thread([this, bytes] { Run(bytes); });
}

FsyncProbe::~FsyncProbe() {
  Stop();
  close(fd_);
  unlink(path_.c_str());
}

const std::vector<FsyncProbe::Sync>& FsyncProbe::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return syncs_;
}

double FsyncProbe::LongestBetween(Clock::time_point begin, Clock::time_point end) const {
  double longest = 0;
  for (const Sync& sync : syncs_) {
    if (sync.begin < end && sync.end > begin) longest = std::max(longest, sync.ms());
  }
  return longest;
}

void FsyncProbe::Run(size_t bytes) {
  const std::vector<char> content(bytes, 'x');
  size_t written = 0;
  while (!stopping_) {
    if (written > kFileBytesMax && ftruncate(fd_, 0) == 0 && lseek(fd_, 0, SEEK_SET) == 0) written = 0;
    const Clock::time_point begin = Clock::now();
    if (write(fd_, content.data(), bytes) != static_cast<ssize_t>(bytes) || fdatasync(fd_) != 0) {
      Die("cannot write " + path_);
    }
    syncs_.push_back({begin, Clock::now()});
    written += bytes;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace spoor::bench
