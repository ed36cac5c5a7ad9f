// The command `spoor check`: asks services and backend how far a learner has come, and prints it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "learn/check/settings.h"

namespace spoor {

// The command line of `check`, understood but not yet carried out.
struct CheckLine {
  bool wants_help = false;
  bool wants_json = false;
  learn::CheckSettings settings;
};

// From the words behind `check`. An unknown flag and a value that makes no sense are kInvalid, in one sentence.
Result<CheckLine> ReadCheckLine(std::vector<std::string> words);

std::string CheckHelpText();

// The exit code: 0 where all that was asked for passed, 1 where it did not, 2 for a line that is not understood.
int RunCheckCommand(std::vector<std::string> words);

}  // namespace spoor
