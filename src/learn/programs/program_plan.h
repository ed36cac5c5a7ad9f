// What is started, and how it ended: the words that all of this folder share.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace spoor::learn {

struct ProgramPlan {
  std::string name;                                            // for people: "frontend"
  std::vector<std::string> words;                              // the program's path, and its arguments
  std::vector<std::pair<std::string, std::string>> variables;  // beside, or instead of, those of this process
  std::string folder;                                          // that it works in; empty: this process's
};

struct ProgramEnd {
  int exit_status = 0;  // where no signal ended it
  int signal = 0;       // 0: none did

  // "ended with status 1", "was ended by signal 9 (Killed)".
  std::string Text() const;
};

}  // namespace spoor::learn
