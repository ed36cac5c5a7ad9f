// The command line of `spoor challenge`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "learn/course/copy_ports.h"

namespace spoor {

// Understood, but not yet carried out.
struct ChallengeLine {
  std::string verb;                                         // "up"; empty: help is wanted
  std::string folder = ".";                                 // where the copy is, or is to be
  std::string task;                                         // of solve: "2", "all"
  std::vector<std::pair<learn::CopyPort, uint16_t>> ports;  // of up: those that were told
  std::vector<std::string> check_words;                     // of check: what `spoor check` gets
};

// From the words behind `challenge`. What is not understood is kInvalid, in one sentence.
Result<ChallengeLine> ReadChallengeLine(std::vector<std::string> words);

std::string ChallengeHelpText();

}  // namespace spoor
