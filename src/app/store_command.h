// `spoor store ...`: looks after a data folder without a server.
#pragma once

#include <string>
#include <vector>

namespace spoor {

// The exit code: 0, 1 where something failed or is damaged, 2 where the line was not understood.
int RunStoreCommand(std::vector<std::string> words);

std::string StoreHelpText();

}  // namespace spoor
