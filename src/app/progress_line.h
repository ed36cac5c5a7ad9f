// ProgressLine: how far a command is, on one line of a terminal that is written over.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace spoor {

// Says nothing where stderr is no terminal. One thread's at a time.
class ProgressLine {
 public:
  // "spans", "bytes": what is counted.
  explicit ProgressLine(std::string unit);
  ~ProgressLine();  // wipes the line

  // `all`: 0 where nobody knows. Writes at most a few times a second.
  void Tell(uint64_t done, uint64_t all);

 private:
  const std::string unit_;
  const bool is_terminal_;
  const std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point told_;
  bool is_written_ = false;
};

// "12 % · 1,234,567 of 9,999,999 spans · 40 s left", after so many seconds.
std::string ProgressText(uint64_t done, uint64_t all, const std::string& unit, double seconds);

}  // namespace spoor
