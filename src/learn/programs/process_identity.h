// Which process it is: its id, and when it was started, so that a later process with the same id is not taken for it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spoor::learn {

struct ProcessIdentity {
  pid_t pid = 0;
  uint64_t start_ticks = 0;  // since the machine was started (proc(5), /proc/PID/stat, field 22)
  std::string boot_id;       // of the machine: /proc/sys/kernel/random/boot_id

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;

  // "1234 5678 40006c-2560-…\n", and back; nothing where the text is something else.
  std::string Text() const;
  static std::optional<ProcessIdentity> Parse(std::string_view text);

  // Of a process that runs; nothing of one that has ended, be it reaped or not.
  static std::optional<ProcessIdentity> Of(pid_t pid);
};

}  // namespace spoor::learn
