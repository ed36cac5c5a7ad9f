// The kernel's descriptors of processes (Linux 5.3). By system call: <sys/pidfd.h> of glibc 2.36 cannot be linked from
// C++.
#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace spoor::learn {

// A descriptor that becomes readable when the process ends; -1 with errno where it cannot. Close it.
inline int OpenPidFd(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

// As kill, but to this process alone, even if its id has become another's.
inline int SendSignal(int pid_fd, int signal) {
  return static_cast<int>(syscall(SYS_pidfd_send_signal, pid_fd, signal, nullptr, 0));
}

}  // namespace spoor::learn
