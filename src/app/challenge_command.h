// The command `spoor challenge`: a learner's copy of the course, from its making to its end.
#pragma once

#include <string>
#include <vector>

namespace spoor {

// The exit code: 0, 1 where something failed, 2 for a line that is not understood; of its check, as `spoor check` has
// it.
int RunChallenge(std::vector<std::string> words);

}  // namespace spoor
